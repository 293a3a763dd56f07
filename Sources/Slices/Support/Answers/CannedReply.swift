internal import Agents
package import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
package import Records
internal import Telemetry
internal import Tenancy

/// An answer that is written once and given often: one row of `canned_replies`.
package struct CannedReply: ManagedRecord {
    package var head = Head<CannedReply>()
    package var name = ""
    package var text = ""
    package var category: String?
    package var locale: String?

    package init() {}

    package static let idPrefix = "canned", noun = "canned_reply"
    package static let resource = Resource<CannedReply>(
        "canned_replies", named: "CannedReply", rule: .everyone,
        console: ConsoleForm(
            columns: ["category", "locale", "updated_at"],
            form: ["name", "text", "category", "locale"]),
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .filterable,
                .about("The name that colleagues choose the reply by.")),
            .text(
                "text", \.text, max: 20_000, .required,
                .about(
                    "The text, with the placeholders {{ name }}, {{ number }}, {{ subject }}, {{ agency }}, {{ client }}, {{ tier }} and {{ incident }}."
                ),
                .example("Dear {{ name }}, we have changed it.")),
            .text(
                "category", \.category, max: 60, .filterable,
                .about("The category of tickets that the reply fits.")),
            .text("locale", \.locale, max: 35, .filterable, .about("The language that it is in; BCP 47.")),
        ])

    /// The names that can stand between braces.
    static let names = ["name", "number", "subject", "agency", "client", "tier", "incident"]

    package func prepare(replacing old: CannedReply?, by actor: Actor, in tx: Transaction) throws {
        if let unknown = FilledText(text).names.first(where: { !Self.names.contains($0) }) {
            throw Problem(faults: [
                Fault(
                    "/text", "invalid_choice",
                    "The placeholder {{ \(unknown.prefix(60)) }} does not exist: choose one that does, or take it out.",
                    choices: Self.names
                )
            ])
        }
    }
}

extension TicketDesk {
    /// Returns a text filled in for whoever a conversation is with. It has no number.
    func written(_ text: String, for conversation: Conversation, in reader: some Queryable) throws -> String {
        let contact = try conversation.contactID.flatMap { try Contact.resource.find($0, in: reader) }
        let client = try conversation.clientID.flatMap { try outbox.dependencies.clientStanding(reader, $0) }
        return FilledText(text).written([
            "name": contact?.name ?? "", "subject": conversation.subject ?? "",
            "agency": try reader.agency.tenant().name, "client": client?.name ?? "",
            "tier": client?.tier ?? "",
        ])
    }

    /// Returns a text filled in for whoever asked in a ticket.
    func written(_ text: String, for ticket: Ticket, in reader: some Queryable) throws -> String {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: reader) }
        let client = try ticket.clientID.flatMap { try outbox.dependencies.clientStanding(reader, $0) }
        return FilledText(text).written([
            "name": contact?.name ?? "", "number": String(ticket.number), "subject": ticket.subject,
            "agency": try reader.agency.tenant().name, "client": client?.name ?? "",
            "tier": client?.tier ?? "",
            "incident": try reader.incidents.open(of: ticket)?.text ?? "",
        ])
    }
}
