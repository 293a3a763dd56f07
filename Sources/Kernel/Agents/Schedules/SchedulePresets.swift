package import Database
internal import JSON
internal import Jobs

extension ScheduleStore where Base == Transaction {
    /// Gives a tenant the schedules that its agents come with. One that it was given before is left as the tenant
    /// has it, gone if it was deleted.
    package func install(timeZone: String) throws {
        let known = try Set(
            tx.all("SELECT agent, name FROM schedule_presets WHERE tenant_id = \(tx.tenant)") {
                [$0.text(0), $0.text(1)]
            })
        for agent in tx.runtime.agents.all {
            for preset in agent.schedules where !known.contains([agent.name, preset.name]) {
                try tx.run(
                    """
                    INSERT INTO schedule_presets (tenant_id, agent, name)
                    VALUES (\(tx.tenant), \(agent.name), \(preset.name)) ON CONFLICT DO NOTHING
                    """)
                _ = try make(
                    agent: agent.name, name: preset.name, cron: preset.cron, timeZone: timeZone
                ) {
                    $0.parameters = preset.parameters
                    $0.isMaintenance = preset.isMaintenance
                }
            }
        }
    }
}

extension Runtime {
    /// Installs the presets for every live tenant, in transactions of their own, when this release has others than
    /// the last one that did; otherwise it costs one read.
    package func acrossTenantsInstallSchedules(
        _ tenants: @Sendable (SystemReader) throws -> [(tenant: TenantID, timeZone: String)]
    ) async throws {
        let fingerprint = agents.presetFingerprint
        let isDone = try database.acrossTenantsRead { reader in
            try reader.exists(
                "SELECT 1 FROM schedule_presets WHERE tenant_id = '' AND agent = '*' AND name = \(fingerprint)"
            )
        }
        if isDone { return }
        for (tenant, zone) in try database.acrossTenantsRead({ try tenants($0) })
        where clocks.realm(of: tenant) == .live {
            try await database.write(tenant, .batch) { try $0.schedules.install(timeZone: zone) }
        }
        try await database.acrossTenantsWrite { tx in
            try tx.run("DELETE FROM schedule_presets WHERE tenant_id = '' AND agent = '*'")
            try tx.run(
                "INSERT INTO schedule_presets (tenant_id, agent, name) VALUES ('', '*', \(fingerprint))")
        }
    }
}

extension AgentRegistry {
    /// Of the names of all presets: FNV-1a, in hex.
    fileprivate var presetFingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for agent in all {
            for preset in agent.schedules {
                for byte in "\(agent.name)\t\(preset.name)\n".utf8 {
                    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
                }
            }
        }
        return String(hash, radix: 16)
    }
}
