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
