internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Ends the alert that sources contradict each other about a lead, as soon as people have said what is right.
struct DecidedFacts: EventConsumer {
    /// The kind of the alert.
    static let alert = "disputed_facts"
    private static let decisions: Set = ["fact.accepted", "fact.rejected"]

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard Self.decisions.contains(event.type), let about = JSON(stored: event.data)["subject"],
            about["type"]?.text == Lead.noun, let id = about["id"]?.text
        else { return }
        let lead = Subject(type: Lead.noun, id: id)
        guard try tx.facts.sheet(of: lead, tx.runtime).disputedFields.isEmpty else { return }
        try tx.alerts.resolve(kind: Self.alert, subject: lead)
    }
}
