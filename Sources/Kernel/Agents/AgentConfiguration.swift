package import Database
package import JSON
internal import Jobs
package import Records
package import Telemetry

/// One version of an agent's settings in a tenant. Version 1 is the definition's defaults; it gets a row when
/// a second version is made. At most one is a draft, exactly one published.
package struct AgentConfiguration: Sendable {
    package enum State: String, Sendable { case draft, published, retired }

    package let version: Int
    package let state: State
    package let values: JSON
    /// The time at which it was made; `nil` for defaults without a row.
    package let createdAt: Instant?
    package let createdBy: Actor

    package var json: JSON {
        [
            "version": .integer(Int64(version)),
            // A version that is no longer published was so once.
            "state": .string(state == .draft ? "draft" : "published"),
            "current": .bool(state == .published), "values": values,
            "created_at": JSON(createdAt?.description), "created_by": createdBy.json,
        ]
    }

    init(version: Int, state: State, values: JSON, createdAt: Instant?, createdBy: Actor) {
        (self.version, self.state, self.values) = (version, state, values)
        (self.createdAt, self.createdBy) = (createdAt, createdBy)
    }

    /// The settings with the agent's defaults for those that it has got since.
    fileprivate func completed(for agent: any AgentDefinition) -> AgentConfiguration {
        AgentConfiguration(
            version: version, state: state, values: agent.completed(values), createdAt: createdAt,
            createdBy: createdBy)
    }
}

extension AgentConfiguration: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        version = row.int("version")
        state = State(rawValue: row.text("state")) ?? .retired
        values = try row.json("settings")
        createdAt = row.optionalInstant("created_at")
        let creator = Actor.Kind(rawValue: row.text("created_by_type")) ?? .system
        createdBy = Actor(creator, id: row.text("created_by"))
    }
}

/// The settings of agents, by their versions: `tx.agentConfigurations`.
package struct AgentConfigurationStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var agentConfigurations: AgentConfigurationStore<Self> { AgentConfigurationStore(tx: self) }
}

extension AgentConfigurationStore {
    package func published(_ agent: any AgentDefinition) throws -> AgentConfiguration {
        try find(agent, .published)
            ?? AgentConfiguration(
                version: 1, state: .published, values: agent.defaults, createdAt: nil, createdBy: .system)
    }

    package func draft(_ agent: any AgentDefinition) throws -> AgentConfiguration? {
        try find(agent, .draft)
    }

    /// Returns the values that an agency has published for an agent which the caller does not see; `nil` where it has
    /// changed none.
    package func publishedValues(of name: String) throws -> JSON? {
        let state = AgentConfiguration.State.published.rawValue
        return try tx.first(currentConfiguration, [tx.tenant.sqlValue, name.sqlValue, state.sqlValue]) {
            try AgentConfiguration($0).values
        }
    }

    /// Returns the configuration published under a number; `nil` when there is none.
    package func find(_ agent: any AgentDefinition, version: Int) throws -> AgentConfiguration? {
        try all(agent).first { $0.version == version && $0.state != .draft }
    }

    /// Newest first.
    package func all(_ agent: any AgentDefinition) throws -> [AgentConfiguration] {
        let rows = try tx.all(
            """
            SELECT \(AgentConfiguration.columns) FROM agent_configurations
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent.name) ORDER BY version DESC
            """
        ) { try AgentConfiguration($0).completed(for: agent) }
        return rows.isEmpty ? [try published(agent)] : rows
    }

    private func find(
        _ agent: any AgentDefinition, _ state: AgentConfiguration.State
    ) throws -> AgentConfiguration? {
        try tx.first(
            currentConfiguration, [tx.tenant.sqlValue, agent.name.sqlValue, state.rawValue.sqlValue]
        ) {
            try AgentConfiguration($0).completed(for: agent)
        }
    }
}

extension AgentConfigurationStore where Base == Transaction {
    /// Applies a merge patch to the draft, or to a copy of what is published. Throws every fault of the
    /// result; the draft is then as it was.
    package func draft(
        _ name: String, _ patch: JSON, by actor: Actor
    ) throws -> AgentConfiguration {
        let agent = try tx.runtime.agents.definition(name)
        let draft: AgentConfiguration? = try draft(agent)
        let base = try draft?.values ?? published(agent).values
        let values = base.merging(patch)
        let faults = agent.faults(configuration: values)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
        // Members that a patch has removed have their defaults again.
        let whole = agent.completed(values)
        if draft != nil { try retire(name, .draft, delete: true) }
        let stored = try store(whole, .draft, agent, by: actor)
        try tell("drafted", stored, of: name, patch, by: actor)
        return stored
    }

    /// Publishes the draft; without one what is published stays and comes back.
    package func publish(_ name: String, by actor: Actor) throws -> AgentConfiguration {
        let agent = try tx.runtime.agents.definition(name)
        guard let draft = try draft(agent) else { return try published(agent) }
        try retire(name, .draft, delete: true)
        return try publish(draft.values, agent, by: actor)
    }

    /// Publishes a merge patch of what is published. A draft stays as it is. Throws every fault of the result.
    @discardableResult
    package func change(
        _ name: String, _ patch: JSON, by actor: Actor
    ) throws -> AgentConfiguration {
        let agent = try tx.runtime.agents.definition(name)
        let published = try published(agent)
        let values = published.values.merging(patch)
        let faults = agent.faults(configuration: values)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
        let whole = agent.completed(values)
        return whole == published.values ? published : try publish(whole, agent, by: actor)
    }

    /// Publishes a copy of an earlier version. A draft stays as it is.
    package func rollBack(
        _ name: String, to version: Int, by actor: Actor
    ) throws -> AgentConfiguration {
        let agent = try tx.runtime.agents.definition(name)
        guard let old = try find(agent, version: version) else { throw RuntimeError.notFound }
        return try publish(old.values, agent, by: actor)
    }

    private func publish(
        _ values: JSON, _ agent: any AgentDefinition, by actor: Actor
    ) throws -> AgentConfiguration {
        try keepDefaults(agent)
        try retire(agent.name, .published, delete: false)
        let stored = try store(values, .published, agent, by: actor)
        try tell("published", stored, of: agent.name, values, by: actor)
        return stored
    }

    private func tell(
        _ verb: String, _ configuration: AgentConfiguration, of agent: String, _ values: JSON, by actor: Actor
    ) throws {
        let subject = Subject(type: "agent", id: agent)
        try tx.auditLog.add(
            actor, "agent_config.\(verb)", subject,
            ["version": JSON(configuration.version), "values": values])
        try tx.publish("agent_config.\(verb)", subject, ["version": JSON(configuration.version)])
    }

    /// Gives version 1 its row, so that a later release's defaults do not change the past.
    private func keepDefaults(_ agent: any AgentDefinition) throws {
        try tx.run(
            """
            INSERT INTO agent_configurations
                (tenant_id, agent, version, state, settings, created_by_type, created_by, created_at, updated_at)
            SELECT \(tx.tenant), \(agent.name), 1, 'published', \(agent.defaults.serialized),
                \(Actor.system.kind.rawValue), \(Actor.system.id), \(tx.now), \(tx.now)
            WHERE NOT EXISTS (
                SELECT 1 FROM agent_configurations
                WHERE tenant_id = \(tx.tenant) AND agent = \(agent.name) AND state <> 'draft')
            """)
    }

    private func store(
        _ values: JSON, _ state: AgentConfiguration.State, _ agent: any AgentDefinition, by actor: Actor
    ) throws -> AgentConfiguration {
        try keepDefaults(agent)
        let newest = try tx.int(
            "SELECT max(version) FROM agent_configurations WHERE tenant_id = \(tx.tenant) AND agent = \(agent.name)"
        )
        let version = Int(newest ?? 0) + 1
        try tx.run(
            """
            INSERT INTO agent_configurations
                (tenant_id, agent, version, state, settings, created_by_type, created_by, created_at, updated_at)
            VALUES (\(tx.tenant), \(agent.name), \(version), \(state.rawValue), \(values.serialized),
                \(actor.kind.rawValue), \(actor.id), \(tx.now), \(tx.now))
            """)
        return AgentConfiguration(
            version: version, state: state, values: values, createdAt: tx.now, createdBy: actor)
    }

    private func retire(_ agent: String, _ state: AgentConfiguration.State, delete: Bool) throws {
        if delete {
            try tx.run(
                """
                DELETE FROM agent_configurations
                WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND state = \(state.rawValue)
                """)
        } else {
            try tx.run(
                """
                UPDATE agent_configurations SET state = 'retired', updated_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND state = \(state.rawValue)
                """)
        }
    }
}

private let currentConfiguration = Statement(
    """
    SELECT \(AgentConfiguration.columns) FROM agent_configurations
    WHERE tenant_id = $1 AND agent = $2 AND state = $3 AND state <> 'retired'
    """)
