internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Tenancy

/// The seed documents' configuration is no store of its own: `enabled` is the agent's state, `schedule` its
/// schedule, and every other key a value of its published configuration.
extension InsightsStore {
    func controlConfiguration(_ entries: [ControlEntry], _ agents: AgentRegistry) throws -> JSON {
        var whole = JSONObject()
        for entry in entries {
            let agent = try agents.definition(entry.agent)
            let values = try tx.agentConfigurations.published(agent).values
            var object: JSONObject = [
                "enabled": .bool(try tx.agents.status(agent).state != .disabled),
                "schedule": .string(try tx.schedules.all(ofAgent: agent.name).first?.cron ?? entry.schedule),
            ]
            for key in entry.keys { object.append(key.name, values[key.name] ?? key.standard) }
            whole.append(entry.agent, .object(object))
        }
        return .object(whole)
    }
}

/// The changes to one agent: only values that differ from the present ones.
struct ControlChange {
    let agent: String
    var state: AgentState?
    var schedule: String?
    var values = JSONObject()
}

extension InsightsStore where Base == Transaction {
    /// Reads and checks a part of the configuration; nothing is changed yet.
    func controlChanges(
        _ body: JSONObject, _ entries: [ControlEntry], _ faults: inout Faults
    ) throws -> [ControlChange] {
        let present = try controlConfiguration(entries, tx.runtime.agents)
        var changes: [ControlChange] = []
        for (name, part) in body.members {
            let pointer = "/\(name.pointerToken)"
            guard let entry = entries.first(where: { $0.agent == name }) else {
                faults.add(
                    pointer, "unknown_field", "The agent \(name.prefix(64)) cannot be configured here.")
                continue
            }
            guard let members = part.object else {
                faults.add(pointer, "wrong_type", "\(name.prefix(64)) must be an object.")
                continue
            }
            changes.append(try change(of: entry, members, present[name] ?? [:], at: pointer, &faults))
        }
        return changes
    }

    private func change(
        of entry: ControlEntry, _ members: JSONObject, _ present: JSON, at pointer: String,
        _ faults: inout Faults
    ) throws -> ControlChange {
        let agent = try tx.runtime.agents.definition(entry.agent)
        var change = ControlChange(agent: entry.agent)
        for (name, value) in members.members where value != present[name] {
            let place = "\(pointer)/\(name.pointerToken)"
            func checked(_ kind: FieldKind) -> JSON? {
                kind.validated(value, at: place, siblings: members, faults: &faults)
            }
            switch name {
            case "enabled":
                guard let isEnabled = checked(.boolean)?.flag else { continue }
                // An agent that its build holds back stands by when nobody has disabled it.
                change.state = !isEnabled ? .disabled : agent.buildState == .ready ? .active : .standby
            case "schedule": change.schedule = checked(.choice(ControlEntry.scheduleWords))?.text
            default:
                guard let key = entry.keys.first(where: { $0.name == name }) else {
                    faults.add(
                        place, "unknown_field", "The agent \(entry.agent) has no key \(name.prefix(64)).")
                    continue
                }
                if let value = checked(key.kind) { change.values[name] = value }
            }
        }
        if !change.values.isEmpty {
            let values = try tx.agentConfigurations.published(agent).values.merging(.object(change.values))
            faults.add(contentsOf: agent.faults(configuration: values).map { $0.fault(at: pointer) })
        }
        return change
    }

    func apply(_ change: ControlChange, by actor: Actor) throws {
        if let state = change.state { try tx.agents.set(change.agent, state: state, by: actor) }
        if !change.values.isEmpty {
            try tx.agentConfigurations.change(change.agent, .object(change.values), by: actor)
        }
        guard let cron = change.schedule else { return }
        if let schedule = try tx.schedules.all(ofAgent: change.agent).first {
            _ = try tx.schedules.change(schedule.id, by: actor) { $0.cron = cron }
        } else {
            _ = try tx.schedules.make(
                agent: change.agent, name: change.agent, cron: cron,
                timeZone: try tx.agency.tenant().timeZone,
                by: actor)
        }
    }
}
