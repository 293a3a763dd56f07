internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Addresses
internal import Nouns
internal import Records
internal import Telemetry

/// Looks up whether the domains of people's addresses take mail, each once in a while. What takes none is found by the
/// rules of the form `mail_host`.
struct DomainRound {
    private static let domainsMax = 2000, page = 1000, atOnce = 16
    let run: AgentRun
    let lookups: DomainLookups
    let dependencies: QualityDependencies
    let settings: DataManagementSettings

    func finish() async throws -> JSON {
        // In a sandbox nobody is asked.
        if try run.read({ try $0.sandboxClock.livesByVirtualTime }) {
            return ["domains": 0, "refusing": 0, "unclear": 0]
        }
        let domains = try due()
        var refusing = 0, unclear = 0, checked = 0
        for start in stride(from: 0, to: domains.count, by: Self.atOnce) {
            try Task.checkCancellation()
            let part = domains[start..<min(start + Self.atOnce, domains.count)]
            let verdicts = await withTaskGroup(of: (String, Bool?).self) { group in
                for domain in part { group.addTask { (domain, await takesMail(domain)) } }
                var found: [(String, Bool)] = []
                for await (domain, verdict) in group {
                    if let verdict { found.append((domain, verdict)) }
                }
                return found
            }
            unclear += part.count - verdicts.count
            checked += verdicts.count
            refusing += verdicts.count { !$0.1 }
            try await run.write { tx in
                for (domain, takesMail) in verdicts { try tx.quality.keep(domain, takesMail: takesMail) }
            }
        }
        run.processed(checked)
        return ["domains": JSON(checked), "refusing": JSON(refusing), "unclear": JSON(unclear)]
    }

    /// The domains of addresses that nobody has looked up lately.
    private func due() throws -> [String] {
        let since = run.now - .seconds(settings.verifyAfterDays * 86_400)
        let known = try run.read { try $0.quality.domains(checkedSince: since) }
        var due: Set<String> = []
        for table in ["contacts", "leads"] {
            guard let records = run.job.runtime.records.records(in: table),
                records.fields.contains(where: { $0.name == "email" })
            else { continue }
            var last = ""
            while due.count < Self.domainsMax {
                try Task.checkCancellation()
                let values = try run.read {
                    try records.scan(.after(last, limit: Self.page), ["email"], $0)
                }
                for record in values {
                    guard let domain = record.values[0].text.flatMap({ EmailAddress($0)?.domain }),
                        !known.contains(domain)
                    else { continue }
                    due.insert(domain)
                }
                guard values.count == Self.page, let id = values.last?.id else { break }
                last = id
            }
        }
        return due.sorted().prefix(Self.domainsMax).map(\.self)
    }

    /// Returns whether a domain takes mail; `nil`: that cannot be told now. Without hosts for mail, the
    /// domain itself takes it (RFC 5321), unless it says that it takes none (RFC 7505).
    private func takesMail(_ domain: String) async -> Bool? {
        switch await lookups.mailHosts(domain) {
        case .found(let hosts): return hosts.contains { !$0.isEmpty && $0 != "." }
        case .unclear: return nil
        case .absent: break
        }
        switch await lookups.addresses(domain) {
        case .found(let addresses): return !addresses.isEmpty
        case .absent: return false
        case .unclear: return nil
        }
    }
}

extension QualityStore {
    /// Returns the domains that were looked up since a time.
    fileprivate func domains(checkedSince instant: Instant) throws -> Set<String> {
        Set(
            try tx.all(
                "SELECT domain FROM quality_domains WHERE tenant_id = \(tx.tenant) AND checked_at >= \(instant)"
            ) { $0.text(0) })
    }

    /// Returns those of some domains that take no mail.
    func refusing(of domains: Set<String>) throws -> Set<String> {
        guard !domains.isEmpty else { return [] }
        return Set(
            try tx.all(
                """
                SELECT domain FROM quality_domains
                WHERE tenant_id = \(tx.tenant) AND takes_mail = 0 AND domain IN \(list: domains.sorted())
                """
            ) { $0.text(0) })
    }
}

extension QualityStore where Base == Transaction {
    /// Keeps whether a domain takes mail.
    func keep(_ domain: String, takesMail: Bool) throws {
        try tx.run(
            """
            INSERT INTO quality_domains (tenant_id, domain, takes_mail, checked_at)
            VALUES (\(tx.tenant), \(domain), \(takesMail), \(tx.now))
            ON CONFLICT (tenant_id, domain) DO UPDATE SET takes_mail = excluded.takes_mail,
                checked_at = excluded.checked_at
            """)
    }
}
