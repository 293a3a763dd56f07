internal import Database
package import JSON
internal import Messaging
package import Records
internal import Runtime
package import Telemetry

/// What was said about a ticket: by the agency, by whoever asked, or inside the agency.
package struct TicketMessage: ManagedRecord {
    package enum Direction: String, Choice { case inbound, outbound }

    package var id = ID<TicketMessage>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var ticketID: ID<Ticket>?
    package var text = ""
    package var isInternal = false
    package var direction = Direction.outbound
    /// `{type, id, name}`
    package var author = JSON.null
    package var messageID: String?
    package var attachments: [String] = []

    package init() {}

    package static let idPrefix = "tmsg", noun = "ticket_message"
    package static let writing: Permission = "tickets:write"
    package static let resource = Resource<TicketMessage>(
        "ticket_messages", named: "TicketMessage",
        [
            .id("ticket_id", \.ticketID, .readOnly, .filterable),
            .text("text", \.text, max: 50_000, .required, .personal),
            .boolean(
                "internal", \.isInternal, .standard(false), .writeOnce, .filterable,
                .about("A note of the agency's own, which reaches nobody else.")),
            .choice("direction", \.direction, .readOnly, .filterable),
            .document("author", \.author, .readOnly),
            .text(
                "message_id", \.messageID, max: 64, .readOnly, .filterable,
                .about("The mail that carries it, or that it came by.")),
            .texts("attachments", \.attachments, max: 20, length: 64, .about("Of /v1/files.")),
        ])
}
