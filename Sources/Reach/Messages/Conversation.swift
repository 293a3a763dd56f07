internal import Database
internal import Integrations
package import JSON
package import Jobs
package import Nouns
package import People
package import Records
package import Telemetry
internal import Tenancy

/// The messages between the agency and one person over one channel: one row of `conversations`.
package struct Conversation: Record {
    package enum Status: String, Choice { case open, pending, snoozed, closed }
    package enum Priority: String, Choice { case low, normal, high, urgent }
    package enum Handler: String, Choice {
        case agent, human
        case waitingForHuman = "waiting_for_human"
    }

    package var head = Head<Conversation>()
    package var channel = Channel.email
    package var contactID: ContactID?
    package var clientID: ClientID?
    package var subject: String?
    package var status = Status.open
    package var priority = Priority.normal
    package var handler = Handler.agent
    package var assigneeID: UserID?
    package var unread = 0
    package var messages = 0
    package var preview: String?
    package var lastMessageAt: Instant?
    package var lastInboundAt: Instant?
    package var token = ""
    package var identityID: ID<ContactIdentity>?
    package var integrationID: IntegrationID?
    package var teamID: TeamID?
    package var snoozedUntil: Instant?
    package var fence = 0
    package var agents = Self.agentsAtFirst
    package var handover = JSON.null
    package var humanRequestedAt: Instant?
    package var bookingUntil: Instant?
    package var category: String?
    package var tags: [String] = []
    package var calls = Parts<ConversationCall>()

    package init() {}

    package static let agentsAtFirst: JSON = [
        "primary_agent": "active", "handover_monitor": "standby", "calendly_bridge": "standby",
    ]

    /// Returns the state of one of its agents, such as `active`.
    package func state(of agent: String) -> String? { agents[agent]?.text }

    package mutating func set(_ agent: String, to state: String) {
        agents = agents.merging([agent: .string(state)])
    }

    package static let idPrefix = "conv", noun = "conversation"
    static let previewMax = 200
    package static let resource = Resource<Conversation>(
        "conversations", named: "Conversation",
        [
            .choice("channel", \.channel, .readOnly, .filterable),
            .id(
                "contact_id", \.contactID, .filterable,
                .about(
                    "The contact whom the conversation is with; another one gets it with all that was said.")),
            .id("client_id", \.clientID, .readOnly, .filterable),
            .text(
                "subject", \.subject, max: 998, .readOnly, .personal, .searchable,
                .about("The subject of the conversation; mails have one, chats may have none.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the conversation is open, pending, snoozed or closed.")),
            .choice(
                "priority", \.priority, .standard("normal"), .filterable, .added(in: 649),
                .about("How urgent the conversation is; people set it.")),
            .choice("handler", \.handler, .readOnly, .filterable),
            .id("assignee_id", \.assigneeID, of: .colleague, .filterable),
            .integer(
                "unread", \.unread, in: 0...Int64.max, .readOnly, .filterable, .sortable,
                .about("How many of the contact's messages nobody has read.")),
            .integer(
                "messages", \.messages, in: 0...Int64.max, .readOnly,
                .about("How many messages the conversation has.")),
            .text(
                "preview", \.preview, max: previewMax, .readOnly, .personal,
                .about("The first words of the last message.")),
            .instant("last_message_at", \.lastMessageAt, .readOnly, .filterable, .sortable),
            .instant("last_inbound_at", \.lastInboundAt, .readOnly),
            .text("token", \.token, max: 40, .secret),
            .id("identity_id", \.identityID, .readOnly, .filterable),
            .id("integration_id", \.integrationID, .readOnly),
            .id("team_id", \.teamID, .filterable),
            .instant("snoozed_until", \.snoozedUntil, .readOnly),
            .integer("fence", \.fence, in: 0...Int64.max, .secret),
            .document(
                "agents", \.agents, .readOnly,
                .about("The agents in the conversation, with what each is doing.")),
            .document(
                "handover", \.handover, schema: [:], .readOnly, .erased,
                .about("The handover to a person, and what is done until one answers; null: none.")),
            .instant("human_requested_at", \.humanRequestedAt, .readOnly),
            .instant(
                "booking_until", \.bookingUntil, .readOnly,
                .about("Until when marketing waits, because the contact was offered a time.")),
            .text(
                "category", \.category, max: 60, .filterable,
                .about("The category of the conversation; read from the messages where nobody sets it.")),
            .texts(
                "tags", \.tags, max: 50, length: 60, .filterable,
                .about("The tags of the conversation; agents add the intent, tone and language.")),
            .parts(
                "calls", \.calls, max: 100, .readOnly,
                .about("The calls and shared screens that were offered in the conversation.")),
        ])

    package var subjectOfEvents: Subject { Subject(id) }
}
