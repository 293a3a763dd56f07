internal import Agents
internal import Database
internal import Intelligence
package import JSON
package import Nouns
package import Records
package import Tenancy
internal import Telemetry

/// A message about a ticket: by the agency, by whoever asked, or inside the agency.
package struct TicketMessage: ManagedRecord {
    package enum Direction: String, Choice { case inbound, outbound }

    package var head = Head<TicketMessage>()
    package var ticketID: TicketID?
    package var text = ""
    package var isInternal = false
    package var direction = Direction.outbound
    /// `{type, id, name}`
    package var author = JSON.null
    package var messageID: MessageID?
    package var attachments: [ID<StoredFile>] = []
    package var sources = JSON.null
    package var findings = Parts<QualityFinding>()
    package var mentions: [UserID] = []

    package init() {}

    package static let idPrefix = "tmsg", noun = "ticket_message"
    package static let writing: Permission = "tickets:write"
    package static let resource = Resource<TicketMessage>(
        "ticket_messages", named: "TicketMessage", rule: .parent("ticket_id", of: "tickets"),
        personal: .within("tickets"),
        [
            .id("ticket_id", \.ticketID, .readOnly, .filterable),
            .text("text", \.text, max: 50_000, .required, .personal, .about("The text of the message.")),
            .boolean(
                "internal", \.isInternal, .standard(false), .writeOnce, .filterable,
                .about("Whether it is an internal note, which only the agency sees.")),
            .choice("direction", \.direction, .readOnly, .filterable),
            .document("author", \.author, .readOnly, .about("The author of the message.")),
            .id(
                "message_id", \.messageID, .readOnly, .filterable,
                .about("The mail that carries it, or that it came by.")),
            .ids(
                "attachments", \.attachments, max: 20,
                .about(
                    "The ids of the files in /v1/files.")),
            .document(
                "sources", \.sources, schema: [:], .readOnly,
                .about("Articles and records that an answer rests on.")),
            .ids(
                "mentions", \.mentions, of: .colleague, max: 20, .writeOnce, .added(in: 796),
                .about("For an internal note: the ids of the users who are notified.")),
            .parts(
                "findings", \.findings, max: 50, .readOnly,
                .about("The findings of the check of the answer before it was sent.")),
        ])
}

/// One thing that looks wrong in what is said.
package struct QualityFinding: Part {
    package var kind = ""
    package var quote: String?
    package var detail = ""

    package init() {}
    init(_ finding: OutgoingCheck.Finding) {
        (kind, detail) = (finding.kind.rawValue, finding.detail)
        quote = finding.quote.isEmpty ? nil : finding.quote
    }

    package static let schema = Schema<QualityFinding>(
        "QualityFinding",
        [
            .text("kind", \.kind, max: 40, .required, .example("placeholder")),
            .text("quote", \.quote, max: 500), .text("detail", \.detail, max: 500, .required),
        ])
}
