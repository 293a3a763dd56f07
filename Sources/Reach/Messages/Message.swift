internal import Agents
internal import Database
internal import Integrations
package import JSON
package import Jobs
package import Nouns
package import People
package import Records
package import Telemetry
package import Templates
package import Tenancy

/// Something that was said, one way or the other, over any channel: one row of `messages`.
package struct Message: ToldRecord {
    package enum Direction: String, Choice { case inbound, outbound }
    package enum Status: String, Choice {
        case queued
        /// It may not leave now, or not before somebody acts: `reasons` says why.
        case held
        case sending, sent, delivered, bounced, failed
        /// It may have left: a person has to look.
        case unknown
        case cancelled
        /// The status of an inbound message.
        case received
    }
    /// The meaning of a reply.
    package enum Class: String, Choice {
        case interested, question, objection, referral, unsubscribe, bounce, other
        case notNow = "not_now"
        case notInterested = "not_interested"
        case outOfOffice = "out_of_office"
    }

    package var head = Head<Nouns.Message>()
    package var direction = Direction.outbound
    package var channel = Channel.email
    package var conversationID: ID<Conversation>?
    package var contactID: ContactID?
    package var clientID: ClientID?
    package var purpose = Purpose.transactional
    package var status = Status.queued
    package var reasons = Parts<Reason>()
    package var subject: String?
    package var text = ""
    package var html: String?
    package var templateID: ID<MessageTemplate>?
    package var templateVersion: Int?
    package var author = JSON.null
    package var cause = JSON.null
    package var why: String?
    package var sender: String?
    package var recipient: String?
    package var integrationID: IntegrationID?
    package var providerID: String?
    package var internetID: String?
    package var inReplyTo: String?
    package var captured = false
    package var replyClass: Class?
    package var confidence: Double?
    package var evidence = JSON.null
    package var attachments: [ID<StoredFile>] = []
    package var approvalID: ApprovalID?
    package var runID: RunID?
    package var decisionID: DecisionID?
    package var campaignID: String?
    package var topic: String?
    package var notBefore: Instant?
    package var sentAt: Instant?
    package var deliveredAt: Instant?
    package var openedAt: Instant?
    package var clickedAt: Instant?
    package var repliedAt: Instant?
    package var errorCode: String?
    package var errorDetail: String?
    package var attempts = 0
    package var body: String?
    package var sendKey: String?
    package var heldCode: String?
    package var brakeID: ID<Brake>?
    package var isAutomatic = false
    package var fence: Int?
    package var references: [String] = []
    /// The link in a mail about an account, which nobody but its reader may see.
    package var sealedLink: String?
    /// A note among those who work here, which nobody else gets to see.
    package var isInternal = false
    /// The sources that an answer rests on, articles and the like: the type and id of each.
    package var sources = JSON.null
    /// The values for the placeholders of an approved text, as its service takes them.
    package var components = JSON.null
    package var said = JSON.null
    /// The number of messages as which the service counts and charges it.
    package var segments: Int?
    /// Whether a model has written its words, or chosen them.
    package var isMadeWithAI = false

    package init() {}

    package static let resource = Resource<Message>(
        "messages", named: "Message",
        personal: .emptied(own: ["id", "channel", "direction", "subject", "text", "created_at"]),
        [
            .choice("direction", \.direction, .readOnly, .filterable),
            .choice("channel", \.channel, .filterable),
            .id("conversation_id", \.conversationID, .readOnly, .filterable),
            .id("contact_id", \.contactID, .filterable),
            .id("client_id", \.clientID, .readOnly, .filterable),
            .choice(
                "purpose", \.purpose, .filterable,
                .about("Whether the message is marketing, transactional or about an account.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "How far the message is: queued, held, sending, sent, delivered or received; or why it did not arrive."
                )),
            .parts(
                "reasons", \.reasons, max: 50, .readOnly, .about("Why the message is held, and until when.")),
            .text("subject", \.subject, max: 998, .personal, .searchable),
            .text("text", \.text, max: 2_000_000, .readOnly, .personal, .searchable),
            .text("html", \.html, max: 4_000_000, .readOnly, .personal),
            .id("template_id", \.templateID, .filterable),
            .integer("template_version", \.templateVersion, in: 1...1_000_000, .readOnly),
            .document("author", \.author, .readOnly, .about("The author of the message: type, id and name.")),
            .document("cause", \.cause, .readOnly, .about("The cause of the message: type and id.")),
            .text(
                "why", \.why, max: 1000, .readOnly,
                .about("Why the message was written, in the reader's language.")),
            .text("sender", \.sender, max: 320, .readOnly, .personal),
            .text("recipient", \.recipient, max: 320, .readOnly, .personal, .filterable),
            .id("integration_id", \.integrationID, .readOnly, .filterable),
            .text("provider_id", \.providerID, max: 500, .readOnly),
            .text("internet_id", \.internetID, max: 500, .readOnly, .filterable, .about("The Message-ID.")),
            .text("in_reply_to", \.inReplyTo, max: 500, .readOnly),
            .boolean(
                "captured", \.captured, .readOnly,
                .about("Whether a sandbox captured the message instead of sending it.")),
            .choice("class", \.replyClass, .readOnly, .filterable, .about("The class of a reply.")),
            .number("confidence", \.confidence, in: 0...1, .readOnly),
            .document(
                "evidence", \.evidence, schema: [:], .readOnly, .erased,
                .about("The words that show the class.")),
            .ids("attachments", \.attachments, max: 50, .erased, .about("Files, by their ids.")),
            .text("approval_id", \.approvalID, max: 64, .readOnly),
            .text(
                "run_id", \.runID, max: 64, .readOnly,
                .about("The run of the agent or workflow that wrote it.")),
            .text(
                "decision_id", \.decisionID, max: 64, .readOnly, .about("The decision that led to it.")),
            .text("campaign_id", \.campaignID, max: 64, .filterable),
            .text("topic", \.topic, max: 100, .filterable),
            .instant("not_before", \.notBefore, .about("The time before which the message is not sent.")),
            .instant("sent_at", \.sentAt, .readOnly, .filterable, .sortable),
            .instant("delivered_at", \.deliveredAt, .readOnly),
            .instant("opened_at", \.openedAt, .readOnly, .filterable),
            .instant("clicked_at", \.clickedAt, .readOnly, .filterable),
            .instant("replied_at", \.repliedAt, .readOnly, .filterable),
            .text("error_code", \.errorCode, max: 100, .readOnly, .filterable),
            .text("error_detail", \.errorDetail, max: 1000, .readOnly),
            .integer(
                "attempts", \.attempts, in: 0...1_000_000, .readOnly, .about("How often sending was tried.")),
            .text("body", \.body, max: 500_000, .secret, .erased),
            .text("send_key", \.sendKey, max: 200, .secret),
            .text("held_code", \.heldCode, max: 64, .secret),
            .text("brake_id", \.brakeID, max: 64, .secret),
            .boolean(
                "is_automatic", \.isAutomatic, .readOnly, .about("Whether a machine wrote the message.")),
            .integer("fence", \.fence, in: 0...Int64.max, .secret),
            .texts("reference_ids", \.references, max: 40, length: 500, .secret),
            .text("sealed_link", \.sealedLink, max: 4000, .secret),
            .boolean(
                "internal", \.isInternal, .readOnly,
                .about("Whether it is an internal note, which is never sent.")),
            .document(
                "sources", \.sources, schema: [:], .readOnly,
                .about("The records on which the message rests, such as articles or metrics.")),
            .document(
                "components", \.components, schema: [:], .readOnly, .erased,
                .about("The values of the placeholders of an approved template.")),
            .document("said", \.said, .secret, .erased, .added(in: 926)),
            .integer(
                "segments", \.segments, in: 1...1000, .readOnly, .added(in: 890),
                .about(
                    "The number of messages as which a text message is counted and charged; null: it is one.")
            ),
            .boolean(
                "made_with_ai", \.isMadeWithAI, .readOnly, .standard(false), .added(in: 1560),
                .about("Whether a model has written its words, or chosen them from the agency's own.")),
        ])

    package var subjectOfEvents: Subject { Subject(id) }
    package static let told = ["why", "reasons"]
}

/// A reason why something may not be sent now, and the time from which it may.
package struct Reason: Part {
    /// The codes of what says that nobody wants a message any more.
    package static let cancelled = "cancelled", sequenceEnded = "sequence_ended"
    package static let campaignCompleted = "campaign_completed", heldOut = "held_out"
    package static let samePerson = "same_person"
    /// The code of what somebody has cancelled and said why: those words are told as they are, in every language.
    package static let takenBack = "taken_back"
    /// The codes of what the gate and connectors have against a message. They say in English which tool, budget or
    /// service it is; other languages have words for each of their own, since refusals are told by the same codes.
    private static let ofGate: Set<String> = [
        "agent_stopped", "budget_exhausted", "circuit_open", "forbidden", "quota_exhausted", "quota_near",
        "tool_disabled", "tool_unavailable",
    ]
    private static let notApproved = ["approval_rejected", "approval_expired", "approval_withdrawn"]

    package var code = ""
    package var detail = ""
    package var until: Instant?

    package init() {}
    package init(_ code: String, _ detail: String, until: Instant? = nil) {
        (self.code, self.detail, self.until) = (code, detail, until)
    }

    /// Why a message is taken back that people have not let out. Their own words are told as they are.
    static func of(_ approval: Approval) -> Reason {
        let said = approval.decisionReason.map { String($0.prefix(400)) }
        switch approval.status {
        case .expired: return Reason("approval_expired", "The message was not approved in time.")
        case .rejected:
            return said.map { Reason(takenBack, $0) }
                ?? Reason("approval_rejected", "The message was not approved.")
        default:
            let why = said.map { ": \($0)" } ?? "."
            return Reason("approval_withdrawn", "The request for approval was withdrawn\(why)")
        }
    }

    /// Whether people have taken the message back, or have not let it out.
    package var isOfPeople: Bool {
        Self.notApproved.contains(code) || code == Self.cancelled || code == Self.takenBack
    }

    /// Whether the message is taken back, as no waiting brings it on its way any more.
    var takesBack: Bool {
        [Self.cancelled, Self.sequenceEnded, Self.campaignCompleted, Self.heldOut, Self.samePerson]
            .contains(code)
    }

    /// The reason as it is told later, by what it is.
    package var saying: Saying {
        Self.ofGate.contains(code)
            ? Saying("message.refused", ["code": .text(code), "detail": .text(detail)])
            : Saying("message.held", ["code": .text(code), "detail": .text(detail)])
    }

    package static let schema = Schema<Reason>(
        "Reason",
        [
            .text("code", \.code, max: 64, .required), .text("detail", \.detail, max: 500, .required),
            .instant("until", \.until, .about("When the reason ends by itself; null: when somebody acts.")),
        ])
}
