internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Lexicons
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Synchronization
internal import Telemetry
internal import Tenancy
internal import Wording

/// The chat on the agency's pages: visitors write by the key that a page names, and follow the answers. A visitor's id
/// is made by their browser and known to nobody else; it opens only their own conversation. A short id could be
/// guessed: it allows writing, but not reading the answers.
func webChatRoutes(_ routes: inout Routes, _ outbox: Outbox, _ runtime: Runtime) {
    let services = outbox.services
    routes.identifyByKey(below: "/v1/chat/", openToPages: true)
    let keys = PublicKeys(services, of: Channel.webChat.rawValue)
    let callers = ChatCallers(services.settings)
    routes.declare(VisitorMessage.self)
    routes.schema(
        "VisitorMessageTaken",
        .schema(
            ["conversation_id": ["type": "string"], "message_id": ["type": "string"]],
            required: ["conversation_id", "message_id"]))
    routes.post(
        "/v1/chat/{public_key}/messages", .anyone, "Send a message as a visitor of a page",
        named: "send_chat_message",
        body: .json(.reference("VisitorMessage")),
        .json(.reference("VisitorMessageTaken"), status: 201, "The message is stored.")
    ) { call in
        let target = try keys.target(call.parameters["public_key"] ?? "")
        try callers.take(call, target, now: services.now())
        var body = try call.body(VisitorMessage.self)
        body.key = body.key ?? call.request.head.header("Idempotency-Key")
        try body.check()
        let chat = body.chat(through: target.integration)
        return .task {
            let (message, isNew) = try await services.database.write(target.tenant) { tx in
                try Inbox(outbox).receive(once: chat, in: tx)
            }
            var answer = Response.json(
                [
                    "conversation_id": JSON(message.conversationID),
                    "message_id": JSON(message.id),
                ], status: 201)
            if !isNew { answer.setHeader("Idempotency-Replayed", "true") }
            return answer
        }
    }
    routes.schema("ChatWords", ["type": "object", "additionalProperties": ["type": "string"]])
    routes.get(
        "/v1/chat/{public_key}/words", .anyone,
        "Get the texts of the chat on a page, in a visitor's language",
        named: "get_chat_words",
        query: [
            .query(
                "languages",
                "The visitor's language tags, the preferred one first, with commas in between. Without one that there are words in, the agency's language is used.",
                ["type": "string", "maxLength": 200])
        ],
        .json(.reference("ChatWords"), "The texts by their names, and their language.")
    ) { call in
        let target = try keys.target(call.parameters["public_key"] ?? "")
        try callers.take(call, target, now: services.now())
        let wanted = call.query("languages") ?? ""
        return .task {
            let words = try services.database.read(target.tenant) { try $0.conversations.widgetWords(wanted) }
            // Every page of the website asks; what an agency says otherwise may show some minutes later.
            return .json(words, headers: [("Cache-Control", "public, max-age=300")])
        }
    }
    typingRoute(&routes, outbox, runtime, keys, callers)
    streamRoute(&routes, services, EventFollowers(runtime), keys, callers)
}

private func typingRoute(
    _ routes: inout Routes, _ outbox: Outbox, _ runtime: Runtime, _ keys: PublicKeys, _ callers: ChatCallers
) {
    let services = outbox.services
    routes.declare(VisitorTyping.self)
    routes.post(
        "/v1/chat/{public_key}/typing", .anyone,
        "Show for some seconds that a visitor is typing; nothing is stored",
        named: "show_chat_typing",
        body: .json(
            .reference(
                "VisitorTyping")), .empty("The indicator is shown to whoever looks at the conversation.")
    ) { call in
        let target = try keys.target(ofSign: call.parameters["public_key"] ?? "")
        try callers.take(call, target, now: services.now())
        let visitor = try call.body(VisitorTyping.self).visitorID
        guard VisitorMessage.isVisitor(visitor) else { throw VisitorMessage.noVisitor }
        let address = target.integration.address(of: visitor)
        try outbox.typists.take(address, now: services.now())
        return .task {
            let found = try services.database.read(target.tenant) { reader in
                let identity = try reader.identities.find(.webChat, address)
                let contact = try identity?.contactID.flatMap { try Contact.resource.find($0, in: reader) }
                return (try identity.flatMap { try reader.conversations.open(as: $0) }, contact)
            }
            // A visitor who has said nothing yet has nobody who looks, and is told no more than that.
            if case (let conversation?, let contact?) = found {
                outbox.conversations.showTyping(
                    in: conversation, by: contact.author, reachesThem: false, of: target.tenant, runtime)
            }
            return .noContent
        }
    }
}

private func streamRoute(
    _ routes: inout Routes, _ services: PlatformServices, _ followers: EventFollowers, _ keys: PublicKeys,
    _ callers: ChatCallers
) {
    routes.get(
        "/v1/chat/{public_key}/stream", .anyone,
        "Stream a visitor's own conversation, as server-sent events",
        query: [
            .query(
                "visitor_id",
                "The visitor's id, of at least \(VisitorMessage.readingMin) characters.",
                ["type": "string", "minLength": JSON(VisitorMessage.readingMin), "maxLength": 64]),
            .query(
                "last_event_id",
                "The last event that you have received, for clients that cannot send the header."),
            .header("Last-Event-ID", "The last event that you have received; the stream continues after it."),
        ],
        .media(
            "text/event-stream",
            "Frames of id, event (message) and data, and of event (typing) and data alone; comments in between."
        )
    ) { call in
        let target = try keys.target(call.parameters["public_key"] ?? "")
        try callers.take(call, target, now: services.now())
        guard let visitor = call.query("visitor_id"), VisitorMessage.isVisitor(visitor) else {
            throw VisitorMessage.noVisitor
        }
        guard visitor.utf8.count >= VisitorMessage.readingMin else {
            throw Problem(
                .invalidParameter,
                "visitor_id is too short for reading messages: use one of at least \(VisitorMessage.readingMin) random characters."
            )
        }
        let address = target.integration.address(of: visitor)
        let known = KnownIdentity(address)
        return .response(
            try followers.open(call, of: target.tenant) { event in
                if event.isPassing {
                    return event.type == Typing.event
                        ? try known.sign(event, of: target.tenant, services.database) : nil
                }
                guard VisitorMessage.shown.contains(event.type) else { return nil }
                return try services.database.read(target.tenant) { reader in
                    try reader.conversations.frame(of: event, for: address)
                }
            })
    }
}

/// The most of a visitor's languages that are read.
private let languagesMax = 8

extension ConversationStore {
    /// Returns the texts of the chat in the first of the wanted languages that has texts, or else in the agency's.
    fileprivate func widgetWords(_ wanted: String) throws -> JSON {
        for tag in wanted.split(separator: ",").prefix(languagesMax) {
            let words = try tx.wordings.find(String(tag))
            if words.language == Wording.language(of: String(tag)) { return widgetTexts(words) }
        }
        return widgetTexts(try tx.wordings.find(tx.agency.tenant().locale))
    }

    private func widgetTexts(_ words: Wording) -> JSON {
        [
            "language": .string(words.language),
            "direction": WritingDirection.isRightToLeft(words.tag) ? "rtl" : "ltr",
            "title": .string(words("widget.title")),
            "open": .string(words("widget.open")), "close": .string(words("widget.close")),
            "message": .string(words("widget.message")), "send": .string(words("widget.send")),
            "name": .string(words("widget.name")), "remember": .string(words("widget.remember")),
            "you": .string(words("widget.you")), "reply": .string(words("widget.reply")),
            "team": .string(words("widget.team")), "failed": .string(words("widget.failed")),
            "typing": .string(words("widget.typing", ["name": .text("{name}")])),
        ]
    }
}

extension Integration {
    /// Visitors of two pages are two, whatever their browsers call themselves.
    fileprivate func address(of visitor: String) -> String { "\(id)/\(visitor)" }
}

/// Limits how often one address may call the chat of one integration.
private struct ChatCallers: Sendable {
    private struct Caller: Hashable {
        let integration: IntegrationID
        let address: AddressRange
    }

    private let limiters: Limiters<Caller>

    init(_ settings: PlatformSettings) {
        limiters = Limiters(perMinute: settings.chatRequestsPerMinute, burst: settings.chatBurst)
    }

    func take(_ call: Call, _ target: PublicKeys.Target, now: Instant) throws(Problem) {
        let address = call.request.head.remoteAddress.subscriber
        try limiters.take(Caller(integration: target.integration.id, address: address), now: now)
    }
}

/// As whom a visitor's stream knows them: looked up once, since every sign of the agency passes every stream.
private final class KnownIdentity: Sendable {
    private let address: String
    private let id = Mutex<ID<ContactIdentity>?>(nil)

    init(_ address: String) { self.address = address }

    /// Returns a typing sign as the visitor gets to see it: somebody is answering them. `nil` where it is not for them.
    func sign(_ event: Event, of tenant: TenantID, _ database: Database) throws -> JSON? {
        let known =
            try id.withLock { $0 }
            ?? database.read(tenant) { try $0.identities.find(.webChat, address) }?.id
        guard let known else { return nil }
        id.withLock { $0 = known }
        guard event.data.containsBytes("\(known)") else { return nil }
        let data = JSON(stored: event.data)
        guard data["identity_id"]?.id() == known else { return nil }
        return Typing.shown(data)
    }
}

extension ConversationStore {
    /// Returns the frame of an event for a visitor, who gets to see their own messages and the answers to them; `nil`
    /// for other events.
    fileprivate func frame(of event: Event, for address: String) throws -> JSON? {
        guard let identity = try tx.identities.find(.webChat, address), let contact = identity.contactID,
            event.data.containsBytes(contact.keyText),
            let message = try event.subject.id(of: Nouns.Message.self).flatMap({
                try Message.resource.find($0, in: tx)
            }),
            message.channel == .webChat, !message.isInternal,
            try message.conversationID.flatMap({ try Conversation.resource.find($0, in: tx) })?.identityID
                == identity.id
        else { return nil }
        return [
            "id": JSON(message.id), "conversation_id": JSON(message.conversationID),
            "direction": .string(message.direction.rawValue), "text": .string(message.text),
            "author": ["type": message.author["type"] ?? .null, "name": message.author["name"] ?? .null],
            "sources": message.sources, "created_at": .string(message.createdAt.description),
        ]
    }
}

struct VisitorMessage: Declared {
    var visitorID = ""
    var text = ""
    var name: String?
    var email: String?
    var key: String?

    /// Shorter ids can be guessed, and therefore open no conversation for reading.
    static let readingMin = 16

    /// The types of events that a visitor's stream tells.
    static let shown: Set<String> = ["message.received", "message.sent"]

    static let schema = Schema<VisitorMessage>(
        "VisitorMessage",
        [
            .text(
                "visitor_id", \.visitorID, max: 64, .required,
                .about(
                    "The visitor's browser makes it and alone stores it: it opens their conversation. With fewer than \(readingMin) characters it allows writing, but not reading the answers."
                )),
            .text("text", \.text, max: 4000, .required, .about("The text of the visitor's message.")),
            .text("name", \.name, max: 200, .about("The visitor's name, if they gave one.")),
            .email("email", \.email, .about("The email address that the visitor gave; it is not verified.")),
            .text(
                "key", \.key, max: 64,
                .about(
                    "Made by the visitor's browser for this message: sent again under it, it is kept once. An Idempotency-Key does the same."
                )),
        ])

    static var noVisitor: Problem {
        Problem(.invalidParameter, "visitor_id must have from 1 to 64 letters, digits, '-' and '_'.")
    }

    static func isVisitor(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                    || $0 == "-" || $0 == "_"
            }
    }

    func check() throws(Problem) {
        var faults = Faults()
        if !Self.isVisitor(visitorID) {
            faults.add(
                "/visitor_id", "invalid_key",
                "visitor_id must have from 1 to 64 letters, digits, '-' and '_'.")
        }
        if text.trimmed.isEmpty { faults.add("/text", "required", "text is required: write the message.") }
        if let key, !(1...64).contains(key.utf8.count) || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            faults.add("/key", "invalid_key", "key must have from 1 to 64 visible characters.")
        }
        try faults.throwIfAny()
    }

    func chat(through integration: Integration) -> ReceivedChat {
        var chat = ReceivedChat(.webChat, from: integration.address(of: visitorID), text.trimmed)
        chat.name = name.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        (chat.claimedEmail, chat.integration) = (email, integration.id)
        // Within what one visitor says: another's key tells nothing about it.
        chat.providerID = key.map { "web_chat:\(chat.address):\($0)" }
        return chat
    }
}

struct VisitorTyping: Declared {
    var visitorID = ""

    static let schema = Schema<VisitorTyping>(
        "VisitorTyping", [.text("visitor_id", \.visitorID, max: 64, .required)])
}
