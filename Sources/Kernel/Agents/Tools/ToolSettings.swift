package import Database
internal import JSON
package import Jobs
package import Records
package import Telemetry

/// A tenant's settings of a tool: a row of `tool_settings`, or those of the tool itself.
package struct ToolSettings: Sendable {
    package var isEnabled = true
    /// The tool's own, with what the tenant has set.
    package var limits: ToolLimits
    /// The limits that the tenant has set: of these windows, with or without a limit.
    package var ownLimits: [TimeSpan: Int?] = [:]
    /// The price of one call, in millionths of a minor unit; `nil`: as its providers say.
    package var price: Int64?
    /// Names of providers in the tenant's order of preference; those that it does not name follow.
    package var providers: [String] = []
    package var version = 1
    package var updatedAt: Instant?

    init(_ tool: ToolDefinition) { limits = tool.limits }

    package mutating func set(_ limit: Int?, per span: TimeSpan) {
        ownLimits[span] = .some(limit)
        limits[span] = limit
    }

    func ordered(_ providers: [ToolProvider]) -> [ToolProvider] {
        guard !self.providers.isEmpty else { return providers }
        let named = self.providers.compactMap { name in providers.first { $0.name == name } }
        return named + providers.filter { !named.contains($0) }
    }

    func price(of provider: ToolProvider) -> Int64 { price ?? provider.price }

    fileprivate var storedLimits: String {
        var object = JSONObject()
        for span in TimeSpan.allCases {
            if let limit = ownLimits[span] { object.append(span.rawValue, JSON(limit)) }
        }
        return JSON.object(object).serialized
    }
}

extension ToolStore {
    package func settings(_ tool: ToolDefinition) throws -> ToolSettings {
        try tx.first(readToolSettings, [tx.tenant.sqlValue, tool.name.sqlValue], StoredSettings.init)?
            .applied(to: tool) ?? ToolSettings(tool)
    }

    /// Returns the settings of each of these tools, by its name.
    func settings(of tools: [ToolDefinition]) throws -> [String: ToolSettings] {
        let stored = try Dictionary(
            tx.all(
                "SELECT \(StoredSettings.columns), tool FROM tool_settings WHERE tenant_id = \(tx.tenant)"
            ) { row in (row.text(StoredSettings.columns.names.count), try StoredSettings(row)) }
        ) { first, _ in first }
        return Dictionary(tools.map { ($0.name, stored[$0.name]?.applied(to: $0) ?? ToolSettings($0)) }) {
            first, _ in first
        }
    }
}

/// A row of `tool_settings`.
private struct StoredSettings: StoredRow {
    let isEnabled: Bool, limits: JSON, price: Int64?, providers: [String]
    let version: Int, updatedAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (isEnabled, limits) = (row.bool("enabled"), JSON(stored: row.text("limits")))
        price = row.optionalInt64("price")
        providers = JSON(stored: row.text("providers")).array?.compactMap(\.text) ?? []
        (version, updatedAt) = (row.int("version"), row.instant("updated_at"))
    }

    func applied(to tool: ToolDefinition) -> ToolSettings {
        var settings = ToolSettings(tool)
        settings.isEnabled = isEnabled
        for span in TimeSpan.allCases {
            if let limit = limits[span.rawValue] { settings.set(limit.int.map(Int.init), per: span) }
        }
        (settings.price, settings.providers) = (price, providers)
        (settings.version, settings.updatedAt) = (version, updatedAt)
        return settings
    }
}

package extension ToolStore where Base == Transaction {
    /// Sets a tool for the tenant; from now on.
    func set(
        _ tool: ToolDefinition, _ settings: ToolSettings, by actor: Actor
    ) throws -> ToolSettings {
        var settings = settings
        let old = try self.settings(tool)
        settings.version = old.version + 1
        settings.updatedAt = tx.now
        try tx.run(
            """
            INSERT INTO tool_settings (tenant_id, tool, enabled, limits, price, providers, version, created_at,
                updated_at)
            VALUES (\(tx.tenant), \(tool.name), \(settings.isEnabled), \(settings.storedLimits), \(settings.price),
                \(JSON(settings.providers).serialized), \(settings.version), \(tx.now), \(tx.now))
            ON CONFLICT (tenant_id, tool) DO UPDATE SET enabled = excluded.enabled, limits = excluded.limits,
                price = excluded.price, providers = excluded.providers, version = excluded.version,
                updated_at = excluded.updated_at
            """)
        let subject = Subject(type: "tool", id: tool.name)
        try tx.auditLog.add(
            actor, "tool.updated", subject,
            [
                "enabled": .bool(settings.isEnabled), "limits": JSON(stored: settings.storedLimits),
                "price": settings.price.map(JSON.integer) ?? .null, "providers": JSON(settings.providers),
            ])
        try tx.publish("tool.updated", subject, ["enabled": .bool(settings.isEnabled)])
        return settings
    }
}

private let readToolSettings = Statement(
    """
    SELECT \(StoredSettings.columns) FROM tool_settings WHERE tenant_id = $1 AND tool = $2
    """)
