internal import Database
internal import JSON
package import Platform
package import Records
package import Runtime
package import Telemetry

/// What is said between the agency and one person over one channel: one row of `conversations`.
package struct Conversation: Record {
    package enum Status: String, Choice { case open, pending, snoozed, closed }
    package enum Handler: String, Choice {
        case agent, human
        case waitingForHuman = "waiting_for_human"
    }

    package var id = ID<Conversation>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var channel = Channel.email
    package var contactID: ID<Contact>?
    package var clientID: String?
    package var subject: String?
    package var status = Status.open
    package var handler = Handler.agent
    package var assigneeID: ID<User>?
    package var unread = 0
    package var messages = 0
    package var lastMessageAt: Instant?
    package var lastInboundAt: Instant?
    package var token = ""

    package init() {}

    package static let idPrefix = "conv", noun = "conversation"
    package static let resource = Resource<Conversation>(
        "conversations", named: "Conversation",
        [
            .choice("channel", \.channel, .readOnly, .filterable),
            .id("contact_id", \.contactID, .readOnly, .filterable),
            .text("client_id", \.clientID, max: 64, .readOnly, .filterable),
            .text("subject", \.subject, max: 998, .readOnly, .personal, .searchable),
            .choice("status", \.status, .readOnly, .filterable),
            .choice("handler", \.handler, .readOnly, .filterable),
            .id("assignee_id", \.assigneeID, .filterable),
            .integer("unread", \.unread, in: 0...Int64.max, .readOnly, .filterable),
            .integer("messages", \.messages, in: 0...Int64.max, .readOnly),
            .instant("last_message_at", \.lastMessageAt, .readOnly, .filterable, .sortable),
            .instant("last_inbound_at", \.lastInboundAt, .readOnly),
            .text("token", \.token, max: 40, .secret),
        ])

    package var subjectOfEvents: Subject { Subject(type: Self.noun, id: id.text) }
}
