internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Lets leads be scored anew when their contacts have done something.
struct EngagedLeads: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "contact_activity.recorded",
            let contact = JSON(stored: event.data)["contact_id"]?.id(of: Nouns.Contact.self)
        else { return }
        try tx.leads.scoreAgain(ofContact: contact)
    }
}

extension LeadStore where Base == Transaction {
    fileprivate func scoreAgain(ofContact contact: ContactID) throws {
        try tx.run(
            "UPDATE leads SET scored_version = 0 WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)")
    }

    /// Has those of some leads scored anew at once that are others than when they were scored: by one run for all.
    func scoreSoon(_ ids: [LeadID]) throws {
        guard !ids.isEmpty, let agent = tx.runtime.agents[LeadScoringAgent.agent],
            try tx.agents.status(agent).state == .active
        else { return }
        let changed = try tx.all(
            """
            SELECT id FROM leads
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids.map(\.text)) AND scored_version <> version
            ORDER BY id
            """
        ) { $0.text(0) }
        for start in stride(from: 0, to: changed.count, by: LeadParameters.listMax) {
            let part = changed[start..<min(start + LeadParameters.listMax, changed.count)]
            _ = try tx.runs.start(
                agent: agent.name, trigger: .event, parameters: ["lead_ids": JSON(Array(part))], by: .system)
        }
    }

    /// Lets leads be scored anew whose contacts did something that is now too long ago to count. The cursor keeps up
    /// to when that was looked at.
    func scoreForgotten(cursor: String) throws {
        let until = tx.now - .seconds(Self.windowSeconds)
        let before = Instant(try position(of: cursor))
        try setPosition(of: cursor, to: until.description)
        guard let before, before < until else { return }
        try tx.run(
            """
            UPDATE leads SET scored_version = 0
            WHERE tenant_id = \(tx.tenant) AND contact_id IN (
                SELECT contact_id FROM contact_activities
                WHERE tenant_id = \(tx.tenant) AND at > \(before) AND at <= \(until))
            """)
    }

    private static var windowSeconds: Int { Engagement.daysUsual * 86_400 }
}
