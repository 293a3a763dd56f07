internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
package import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

/// Routes for people's actions in conversations: answering, claiming and releasing, snoozing and closing.
func conversationVerbs(_ routes: inout Routes, _ outbox: Outbox, _ runtime: Runtime) {
    routes.declare(ConversationText.self)
    routes.declare(SnoozeBody.self)
    routes.post(
        "/v1/conversations/{id}/messages", .permission("conversations:write"),
        "Send a message in a conversation, which claims it; or add a note for colleagues",
        named: "send_conversation_message",
        body: .json(.reference("ConversationText")), .record(Message.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: Conversation.self), call.body(ConversationText.self))
        return .write { tx in
            let conversation = try Conversation.resource.get(id, in: tx)
            try body.check(conversation, outbox, in: tx)
            let name = try call.actor.userID.flatMap { try User.resource.find($0, in: tx) }?.name
            let message: Message
            if body.isInternal {
                message = try outbox.conversations.note(
                    body.text ?? "", in: conversation, by: call.actor, name: name, tx)
                if !body.mentions.isEmpty {
                    try tx.notifications.notify(
                        .users(body.mentions), kind: .conversationMentioned,
                        title: Saying(
                            "notification.mentioned",
                            ["has_name": .flag(name != nil), "name": .text(name ?? "")]),
                        body: body.text.map { .quoted($0) },
                        subject: conversation.subjectOfEvents)
                }
            } else {
                try call.checkIsCurrent(conversation.version)
                var turn = OutgoingReply(
                    body.text ?? "", by: call.actor, cause: .init("conversation", id),
                    key: tx.makeID("turn_"))
                (turn.authorName, turn.attachments) = (name, body.attachments)
                if let template = try body.templateID.flatMap({
                    try MessageTemplate.resource.find($0, in: tx)
                }) {
                    (turn.text, turn.template) = (template.body, (template.id, template.version))
                    if template.channel == .whatsapp {
                        let filled = try ApprovedText(template).filled(
                            with: body.parameters, files: tx.conversations.files(body.attachments))
                        (turn.text, turn.components) = (filled.text, filled.components)
                    }
                }
                turn.why = Saying("message.why_said", ["by": .text(name ?? call.actor.kind.rawValue)])
                message = try outbox.conversations.speak(turn, in: conversation, tx)
            }
            let isOutside =
                message.channel == .whatsapp && message.reasons.list.contains { $0.code == "outside_window" }
            return try message.response(
                to: call, in: tx, status: 201, location: "/v1/messages/\(message.id)",
                extra: isOutside
                    ? ["templates": .array(try tx.conversations.offered(over: message.channel))] : [:])
        }
    }
    stateVerbs(&routes, outbox)
    attentionVerbs(&routes, outbox, runtime)
}

/// Routes that give a conversation to somebody, or change how it stands.
private func stateVerbs(_ routes: inout Routes, _ outbox: Outbox) {
    verb(&routes, "claim", "Claim a conversation: agents stop writing, and others' drafts are discarded") {
        try outbox.conversations.claim($0, by: $1.actor, $2)
    }
    verb(&routes, "release", "Release a conversation to the agents") { conversation, call, tx in
        try outbox.conversations.release(conversation, by: call.actor, tx)
    }
    verb(&routes, "close", "Close a conversation, and release it") {
        conversation, call, tx in
        try conversation.require([.open, .pending, .snoozed])
        try outbox.conversations.close(conversation, by: call.actor, tx)
    }
    verb(&routes, "reopen", "Reopen a conversation") { conversation, call, tx in
        try conversation.require([.closed, .snoozed])
        try tx.conversations.set(conversation, .open, "reopened", by: call.actor)
        try outbox.conversations.tell(.reopened, in: conversation.id, tx)
    }
    verb(&routes, "read", "Mark a conversation as read") { conversation, _, tx in
        try tx.conversations.mark(conversation, unread: 0)
    }
    verb(&routes, "unread", "Mark a conversation as unread") { conversation, _, tx in
        try tx.conversations.mark(conversation, unread: max(1, conversation.unread))
    }
}

/// Routes for typing, and for snoozing until a time.
private func attentionVerbs(_ routes: inout Routes, _ outbox: Outbox, _ runtime: Runtime) {
    routes.post(
        "/v1/conversations/{id}/typing", .permission("conversations:write"),
        "Show colleagues and the contact for some seconds that you are typing; nothing is stored",
        named: "show_typing",
        .empty("The indicator is shown.")
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .read { reader in
            let conversation = try Conversation.resource.get(id, in: reader)
            try outbox.typists.take("\(call.actor.lockOwner)/\(id)", now: outbox.services.now())
            let name = try call.actor.userID.flatMap { try User.resource.find($0, in: reader) }?.name
            outbox.conversations.showTyping(
                in: conversation, by: call.actor.json.merging(["name": JSON(name)]),
                reachesThem: try reader.conversations.mayBeHeard(call.actor, in: conversation),
                of: reader.tenant, runtime)
            return .noContent
        }
    }
    routes.post(
        "/v1/conversations/{id}/snooze", .permission("conversations:write"),
        "Snooze a conversation until a time, or until the contact writes again",
        body: .json(.reference("Snooze")), .record(Conversation.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Conversation.self), call.body(SnoozeBody.self))
        return .write { tx in
            let conversation = try Conversation.resource.get(id, in: tx)
            try call.checkVersion(conversation.version)
            try conversation.require([.open, .pending, .snoozed])
            guard let until = body.until, until > tx.now else {
                throw Problem(faults: [Fault("/until", "out_of_range", "until must be in the future.")])
            }
            var snoozed = conversation
            (snoozed.status, snoozed.snoozedUntil) = (.snoozed, until)
            try tx.conversations.change(conversation, to: &snoozed)
            try tx.auditLog.add(call.actor, "conversation.snoozed", conversation.subjectOfEvents)
            try tx.publish("conversation.snoozed", conversation.subjectOfEvents)
            try tx.jobs.enqueue(
                SnoozeEndJob.self, .init(conversation: id),
                JobOptions(runAt: until, subject: conversation.subjectOfEvents))
            return try tx.conversations.answer(with: snoozed)
        }
    }
}

private func verb(
    _ routes: inout Routes, _ name: String, _ summary: String,
    _ act: @escaping @Sendable (Conversation, Call, Transaction) throws -> Void
) {
    routes.post(
        "/v1/conversations/{id}/\(name)", .permission("conversations:write"), summary,
        .record(Conversation.resource)
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .write { tx in
            let conversation = try Conversation.resource.get(id, in: tx)
            try call.checkVersion(conversation.version)
            try act(conversation, call, tx)
            return try tx.conversations.answer(with: Conversation.resource.get(id, in: tx))
        }
    }
}

extension Call {
    /// Throws `lock_lost` where `If-Match` names another version of the conversation than this one: the text answers an
    /// older state.
    func checkIsCurrent(_ version: Int) throws(Problem) {
        guard let given = request.head.header("If-Match"), given != "*" else { return }
        if !ETag.matches(given, version: version) {
            throw Problem(
                .lockLost,
                "The conversation has changed since this was written: read it again, then write anew.")
        }
    }
}

extension Conversation {
    fileprivate func require(_ allowed: [Status]) throws(Problem) {
        guard allowed.contains(status) else {
            throw Problem(
                .invalidTransition, "The conversation is \(status.rawValue), which does not allow this.",
                extra: ["allowed": JSON(allowed.map(\.rawValue))])
        }
    }
}

extension ConversationDesk {
    /// Puts a conversation away. Whoever holds it, holds it no more.
    package func close(_ conversation: Conversation, by actor: Actor, _ tx: Transaction) throws {
        if let contact = conversation.contactID, let lock = try tx.messageLocks.find(on: contact),
            lock.isClaimed, lock.expiresAt > tx.now
        {
            try tx.messageLocks.release(on: contact, owner: lock.owner, claimed: true)
            try tx.messageLocks.noteMove(of: conversation)
            try tx.heldMessages.lookAgain(at: contact, heldFor: "locked")
        }
        try tx.conversations.set(conversation, .closed, "closed", by: actor)
        // Messages that waited for the conversation to end may leave sooner now.
        if let contact = conversation.contactID {
            for code in ["active_conversation", "human_support_requested"] {
                try tx.heldMessages.lookAgain(at: contact, heldFor: code)
            }
        }
        try tell(.closed, in: conversation.id, tx)
    }
}

extension ConversationStore where Base == Transaction {
    fileprivate func set(
        _ conversation: Conversation, _ status: Conversation.Status, _ done: String, by actor: Actor
    ) throws {
        var changed = conversation
        (changed.status, changed.snoozedUntil) = (status, nil)
        try change(conversation, to: &changed)
        try tx.auditLog.add(actor, "conversation.\(done)", conversation.subjectOfEvents)
        try tx.publish("conversation.\(done)", conversation.subjectOfEvents)
    }

    /// Nobody's draft is late for it: the version stays.
    fileprivate func mark(_ conversation: Conversation, unread: Int) throws {
        try tx.run(
            """
            UPDATE conversations SET unread = \(unread), updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(conversation.id)
            """)
        try tx.publish("conversation.read", conversation.subjectOfEvents, ["unread": JSON(unread)])
    }

    /// Returns the latest 20 templates that may be sent where free text may not.
    fileprivate func offered(over channel: Channel) throws -> [JSON] {
        try MessageTemplate.resource.all(
            where: "channel = \(channel.rawValue)" + tx.limit(on: "templates"),
            suffix: "ORDER BY id DESC LIMIT 20", in: tx
        ).compactMap { template in
            // A template that was written before places were checked may be one that cannot be sent.
            let approved = channel == .whatsapp ? try? ApprovedText(template) : nil
            if channel == .whatsapp, approved == nil { return nil }
            return [
                "id": JSON(template.id), "name": .string(template.name),
                "body": .string(template.body), "locale": JSON(template.locale),
                "needs": approved?.needs ?? [:],
            ]
        }
    }
}

struct ConversationText: Declared {
    var text: String?
    var templateID: ID<MessageTemplate>?
    var parameters = JSON.null
    var isInternal = false
    var attachments: [ID<StoredFile>] = []
    var mentions: [UserID] = []

    private static let textMax = 20_000

    static let schema = Schema<ConversationText>(
        "ConversationText",
        [
            .text(
                "text", \.text, max: textMax,
                .about(
                    "The text of the message to the contact, or of the note for colleagues.")),
            .id(
                "template_id", \.templateID,
                .about("The template to send instead of a text; the channel must have approved it.")),
            .document(
                "parameters", \.parameters, schema: [:],
                .about(
                    "The values of a WhatsApp template's placeholders: header, body and buttons, each a list of values."
                )),
            .boolean(
                "internal", \.isInternal,
                .about("Whether the text is a note for colleagues, which is never sent.")),
            .ids("attachments", \.attachments, max: 20, .about("Files, by their ids.")),
            .ids(
                "mentions", \.mentions, of: .colleague, max: 20,
                .about("For a note: the ids of the users who are notified.")),
        ])

    func check(_ conversation: Conversation, _ outbox: Outbox, in tx: Transaction) throws {
        var faults = Faults()
        let files = try tx.conversations.files(attachments)
        let isFile = !files.isEmpty && !isInternal && outbox.service(of: conversation.channel) != nil
        if templateID == nil, !isFile, text?.trimmed.isEmpty ?? true {
            faults.add("/text", "required", "text is required: write the message.")
        }
        if templateID != nil, text != nil {
            faults.add("/template_id", "conflict", "The body may have template_id or text, not both.")
        }
        let template = try templateID.flatMap { try MessageTemplate.resource.find($0, in: tx) }
        if template?.channel != .whatsapp, !parameters.isNull {
            faults.add(
                "/parameters", "conflict", "parameters are for WhatsApp templates only: leave them out.")
        }
        if !isInternal { outbox.checkChat(text ?? "", files, over: conversation.channel, "/text", &faults) }
        if !mentions.isEmpty, !isInternal {
            faults.add(
                "/mentions", "conflict",
                "mentions are for internal notes only: set internal, or leave them out.")
        }
        try faults.throwIfAny()
    }
}

extension ConversationStore {
    /// Files by their ids, as far as they are there.
    func files(_ ids: [ID<StoredFile>]) throws -> [StoredFile] {
        try ids.compactMap { try StoredFile.resource.find($0, in: tx) }
    }
}

struct SnoozeBody: Declared {
    var until: Instant?

    static let schema = Schema<SnoozeBody>(
        "Snooze", [.instant("until", \.until, .required, .about("When the conversation comes back."))])
}

/// Brings back a conversation that was put aside.
struct SnoozeEndJob: JobKind {
    struct Payload: Codable, Sendable { let conversation: ID<Conversation> }

    static let kind = "conversation.wake"
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let outbox = outbox
        try await job.complete { tx in
            // It may have been taken up, or put aside for longer, meanwhile.
            guard let conversation = try Conversation.resource.find(payload.conversation, in: tx),
                conversation.status == .snoozed, conversation.snoozedUntil.map({ $0 <= tx.now }) ?? true
            else { return }
            try tx.conversations.set(conversation, .open, "reopened", by: .system)
            try outbox.conversations.tell(.reopened, in: payload.conversation, tx)
        }
    }
}
