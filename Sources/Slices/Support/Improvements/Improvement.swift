internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// An improvement that an agency makes because of what clients have said: one row of `improvements`.
package struct Improvement: ManagedRecord {
    package enum Status: String, Choice {
        case planned, done, dropped
        case inProgress = "in_progress"
    }

    package var head = Head<Improvement>()
    package var title = ""
    package var description: String?
    package var sources: [String] = []
    package var category: String?
    package var status = Status.planned
    package var ownerID: UserID?
    package var doneAt: Instant?

    package init() {}

    package static let idPrefix = "improve", noun = "improvement"
    package static let resource = Resource<Improvement>(
        "improvements", named: "Improvement",
        [
            .text(
                "title", \.title, max: 200, .required, .example("Invoices name the campaign"),
                .about("The improvement, in a few words.")),
            .text("description", \.description, max: 20_000),
            .texts(
                "sources", \.sources, max: 20, length: 64,
                .about("The answers to surveys (`sresp_…`) and tickets (`ticket_…`) that it comes from.")),
            .text(
                "category", \.category, max: 60, .filterable,
                .about(
                    "The category of tickets that the improvement concerns; null: all."),
                .example(
                    "billing")),
            .choice(
                "status", \.status, .standard("planned"), .filterable,
                .about("Whether it is planned, in progress, done or dropped.")),
            .id("owner_id", \.ownerID, of: .colleague, .filterable),
            .instant("done_at", \.doneAt, .readOnly),
        ])

    package mutating func prepare(replacing old: Improvement?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (index, source) in sources.enumerated() where old?.sources.contains(source) != true {
            if try !tx.improvements.isFeedback(source) {
                faults.add(
                    "/sources/\(index)", "unknown_reference",
                    "The source must be an answer to a survey, or a ticket, that exists.")
            }
        }
        if let ownerID, ownerID != old?.ownerID {
            if try User.resource.find(ownerID, in: tx)?.status != .active {
                faults.add("/owner_id", "unknown_reference", "owner_id must be an active user.")
            }
        }
        try faults.throwIfAny()
        doneAt = status == .done ? doneAt ?? tx.now : nil
    }
}

extension ImprovementStore where Base == Transaction {
    fileprivate func isFeedback(_ id: String) throws -> Bool {
        if let ticket = TicketID(id) { return try Ticket.resource.find(ticket, in: tx) != nil }
        return try ID<SurveyResponse>(id).flatMap { try SurveyResponse.resource.find($0, in: tx) } != nil
    }
}
