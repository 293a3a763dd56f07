internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

func messageRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.declare(Message.resource)
    routes.shows(Message.resource, read: "messages:read")
    routes.declare(MessageBody.self)
    routes.declare(ResolutionBody.self)
    routes.declare(ReasonBody.self)
    routes.declare(ClassBody.self)

    routes.get(
        "/v1/messages", .permission("messages:read"), "List messages of all channels, oldest first",
        query: ParameterDoc.list(Message.resource), .list(Message.resource)
    ) { call in
        .read { reader in
            try ListQuery(
                Message.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true,
                computed: Message.told
            ).page(toldTo: call, in: reader) { try reader.heldMessages.reasons(of: $0, to: call) }
        }
    }
    routes.get(
        "/v1/messages/{id}", .permission("messages:read"), "Get a message with its delivery",
        .record(Message.resource)
    ) { call in
        let id = try call.id("id", of: Message.self)
        return .read { reader in
            let message = try Message.resource.get(id, in: reader)
            return try message.response(
                to: call, in: reader, extra: ["history": .array(reader.conversations.history(of: id))])
        }
    }
    routes.patch(
        "/v1/messages/{id}", .permission("messages:write"),
        "Correct the class of a reply; five corrections train a classifier of your own",
        body: .json(.reference("MessageClass")), .record(Message.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Message.self), call.body(ClassBody.self))
        return .write { tx in
            let message = try Message.resource.get(id, in: tx)
            try call.checkVersion(message.version)
            guard message.direction == .inbound, let replyClass = body.replyClass else {
                throw Problem(
                    faults: [
                        Fault("/class", "conflict", "The message is outbound, and only replies have a class.")
                    ])
            }
            return try tx.inbox.correct(message, to: replyClass, by: call.actor).response(to: call, in: tx)
        }
    }
    routes.post(
        "/v1/messages", .permission("messages:write"),
        "Send a message as soon as every rule allows it", named: "send_message",
        body: .json(.reference("MessageBody")), .record(Message.resource, status: 202)
    ) { call in
        let body = try call.body(MessageBody.self)
        try body.check()
        return .prepare { reader in
            let prepared = try body.draft(call, outbox, in: reader)
            return { tx in
                var draft = prepared
                draft.key = tx.makeID("req_")
                let message = try outbox.send(draft, in: tx)
                return try message.response(
                    to: call, in: tx, status: 202, location: "/v1/messages/\(message.id)")
            }
        }
    }
    messageSteps(&routes, outbox)
    sendabilityRoute(&routes, outbox)
}

/// Routes for messages that have not left, or of which nobody knows whether they have.
private func messageSteps(_ routes: inout Routes, _ outbox: Outbox) {
    routes.post(
        "/v1/messages/{id}/cancel", .permission("messages:write"), "Cancel a message that has not been sent",
        body: .json(.reference("ReasonBody"), isOptional: true), .record(Message.resource)
    ) { call in
        let id = try call.id("id", of: Message.self)
        let reason = try call.request.bytes.isEmpty ? nil : call.body(ReasonBody.self).reason
        return .write { tx in
            let message = try Message.resource.get(id, in: tx)
            try call.checkVersion(message.version)
            guard message.status == .queued || message.status == .held else {
                throw Problem(
                    .invalidTransition,
                    "The message is \(message.status.rawValue): only a queued or held one is cancelled.",
                    extra: ["allowed": []])
            }
            try outbox.cancel(
                message,
                because: reason.map { Reason(Reason.takenBack, $0) }
                    ?? Reason(Reason.cancelled, "A person cancelled the message."), in: tx)
            if let job = try tx.jobs.live(MessageSendJob.self, uniqueKey: id) {
                _ = try tx.jobs.cancel(job)
            }
            try tx.auditLog.add(call.actor, "message.cancelled", message.subjectOfEvents)
            return try Message.resource.get(id, in: tx).response(to: call, in: tx)
        }
    }
    routes.post(
        "/v1/messages/{id}/retry", .permission("messages:write"),
        "Retry a message that failed or is held", .record(Message.resource, status: 202)
    ) { call in
        let id = try call.id("id", of: Message.self)
        return .write { tx in
            let message = try Message.resource.get(id, in: tx)
            try call.checkVersion(message.version)
            guard [.failed, .held, .queued].contains(message.status), message.direction == .outbound else {
                throw Problem(
                    .invalidTransition,
                    "The message is \(message.status.rawValue), which does not allow this.",
                    extra: ["allowed": ["failed", "held"]])
            }
            try tx.messages.again(message, by: call.actor)
            return try Message.resource.get(id, in: tx).response(to: call, in: tx, status: 202)
        }
    }
    routes.post(
        "/v1/messages/{id}/resolve", .permission("messages:write"),
        "Resolve a message whose outcome is unknown: it was sent, or is to be sent again",
        body: .json(.reference("MessageResolution")), .record(Message.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Message.self), call.body(ResolutionBody.self))
        return .write { tx in
            let message = try Message.resource.get(id, in: tx)
            try call.checkVersion(message.version)
            guard message.status == .unknown else {
                throw Problem(
                    .invalidTransition,
                    "The message is \(message.status.rawValue): only an unknown outcome is resolved.",
                    extra: ["allowed": []])
            }
            try tx.alerts.resolve(kind: "message_unknown", subject: message.subjectOfEvents)
            if body.outcome == .notSent {
                try tx.connectorCalls.resolve(key: message.id, .notSent)
                try tx.messages.again(message, by: call.actor)
            } else {
                try outbox.settle(message, .accepted(providerID: nil), in: tx)
                try tx.auditLog.add(call.actor, "message.resolved", message.subjectOfEvents)
            }
            return try Message.resource.get(id, in: tx).response(to: call, in: tx)
        }
    }
}

extension MessageStore where Base == Transaction {
    fileprivate func again(_ message: Message, by actor: Actor) throws {
        if message.status == .failed || message.status == .unknown {
            var queued = message
            queued.status = .queued
            (queued.errorCode, queued.errorDetail) = (nil, nil)
            try tx.outbox.change(message, to: &queued)
        }
        try tx.auditLog.add(actor, "message.retried", message.subjectOfEvents)
        try tx.heldMessages.lookAgain(at: message)
    }
}

struct MessageBody: Declared {
    var channel = Channel.email
    var contactID: ContactID?
    var templateID: ID<MessageTemplate>?
    var parameters = JSON.null
    var subject: String?
    var body: String?
    var purpose: Purpose?
    var attachments: [ID<StoredFile>] = []
    var campaignID: String?
    var topic: String?
    var notBefore: Instant?

    static let schema = Schema<MessageBody>(
        "MessageBody",
        [
            .choice("channel", \.channel, .standard("email")),
            .id("contact_id", \.contactID, .required),
            .id("template_id", \.templateID, .about("The template to send; use this, or subject and body.")),
            .document(
                "parameters", \.parameters, schema: [:],
                .about(
                    "The values of a WhatsApp template's placeholders: header, body and buttons, each a list of values."
                )),
            .text("subject", \.subject, max: MessageText.subjectMax),
            .text("body", \.body, max: MessageText.bodyMax, .about("Markdown.")),
            .choice(
                "purpose", \.purpose, .required,
                .about(
                    "The purpose: marketing needs consent and has a link to unsubscribe; transactional messages do not."
                )),
            .ids("attachments", \.attachments, max: 20, .about("Files, by their ids.")),
            .text("campaign_id", \.campaignID, max: 64), .text("topic", \.topic, max: 100),
            .instant("not_before", \.notBefore, .about("The time before which the message is not sent.")),
        ])

    func check() throws(Problem) {
        var faults = Faults()
        if purpose == .account {
            faults.add(
                "/purpose", "invalid_choice", "purpose must be marketing or transactional.",
                choices: ["marketing", "transactional"])
        }
        if templateID == nil {
            if subject == nil, channel == .email {
                faults.add("/subject", "required", "subject is required for a mail without a template.")
            }
            let isFile = !attachments.isEmpty && channel != .email && !channel.isOwn
            if !isFile, body?.trimmed.isEmpty ?? true {
                faults.add("/body", "required", "body is required for a message without a template.")
            }
        } else if subject != nil || body != nil {
            faults.add(
                "/template_id", "conflict", "The body may have template_id, or subject and body, not both.")
        }
        if let subject, !MessageText.isSubject(subject) {
            faults.add("/subject", "invalid_text", "subject must be one line, without control characters.")
        }
        try faults.throwIfAny()
    }

    /// All but its key.
    func draft(_ call: Call, _ outbox: Outbox, in reader: Reader) throws -> MessageDraft {
        let contact = try Contact.resource.get(contactID ?? .unset, in: reader)
        var faults = Faults()
        let files = try reader.conversations.files(attachments)
        if channel != .email {
            let wayOut = try outbox.wayOut(on: channel, purpose ?? .transactional, to: contact, in: reader)
            let text = MessageText.plain(body ?? "").ending(with: wayOut)
            outbox.checkChat(text, files, over: channel, "/body", &faults)
        }
        try faults.throwIfAny()
        var draft = MessageDraft(
            channel, to: contact, purpose ?? .transactional, subject: subject, body: body ?? "",
            by: call.actor, cause: .init("request", call.requestID), key: "")
        if let templateID {
            let written = try outbox.write(templateID, to: contact, lead: nil, in: reader)
            (draft.subject, draft.body, draft.template) = (written.subject, written.body, written.template)
        }
        draft.text = MessageText.plain(draft.body)
        let template = try draft.template.flatMap { try MessageTemplate.resource.find($0.id, in: reader) }
        if let template, template.channel == .whatsapp {
            guard channel == .whatsapp else {
                throw Problem(
                    faults: [
                        Fault(
                            "/template_id", "conflict",
                            "The template is for WhatsApp: choose one of this channel.")
                    ])
            }
            let filled = try ApprovedText(template).filled(with: parameters, files: files)
            (draft.text, draft.body, draft.components) = (filled.text, filled.text, filled.components)
        } else if !parameters.isNull {
            throw Problem(faults: [
                Fault(
                    "/parameters", "conflict", "parameters are for WhatsApp templates only: leave them out.")
            ])
        }
        draft.authorName = try call.actor.userID.flatMap { try User.resource.find($0, in: reader) }?
            .name
        (draft.attachments, draft.campaign, draft.topic) = (attachments, campaignID, topic)
        draft.notBefore = notBefore
        draft.why = Saying(
            "message.why_asked", ["by": .text(draft.authorName ?? call.actor.kind.rawValue)])
        return draft
    }
}

struct ResolutionBody: Declared {
    enum Outcome: String, Choice {
        case sent
        case notSent = "not_sent"
    }
    var outcome: Outcome?

    static let schema = Schema<ResolutionBody>(
        "MessageResolution",
        [
            .choice(
                "outcome", \.outcome, .required,
                .about(
                    "The outcome: sent, or not_sent, which sends it again."))
        ])
}

struct ClassBody: Declared {
    var replyClass: Message.Class?

    static let schema = Schema<ClassBody>(
        "MessageClass", [.choice("class", \.replyClass, .required, .about("The class of the reply."))])
}

struct ReasonBody: Declared {
    var reason: String?
    static let schema = Schema<ReasonBody>(
        "ReasonBody",
        [
            .text(
                "reason", \.reason, max: 500, .about("The reason, in a sentence; the audit keeps it."))
        ]
    )
}

private func sendabilityRoute(_ routes: inout Routes, _ outbox: Outbox) {
    routes.schema(
        "Sendability",
        .schema(
            [
                "sendable": ["type": "boolean"],
                "reasons": ["type": "array", "items": Reason.schema.jsonSchema(.record)],
                "from": ["type": ["string", "null"], "format": "date-time"],
                "warnings": ["type": "array", "items": Reason.schema.jsonSchema(.record)],
                "basis": SendingBasis.jsonSchema,
            ], required: ["sendable", "reasons", "from", "warnings", "basis"]))
    routes.get(
        "/v1/contacts/{id}/sendability", .permission("messages:read"),
        "Check a contact for messages now: allowed, or every reason against it and its end",
        query: [
            .query(
                "channel", "The channel of the message.", ["type": "string", "enum": JSON(Channel.choices)]),
            .query(
                "purpose", "The purpose of the message: marketing or transactional.",
                ["type": "string", "enum": JSON(Purpose.choices)]),
        ],
        .json(.reference("Sendability"), "The answer.")
    ) { call in
        let id = try call.id("id", of: Contact.self)
        guard let channel = Channel(rawValue: call.query("channel") ?? "email"),
            let purpose = Purpose(rawValue: call.query("purpose") ?? "marketing")
        else {
            throw Problem(
                .invalidParameter,
                "channel must be one of \(Channel.choices.joined(separator: ", ")), and purpose marketing or transactional."
            )
        }
        return .read { reader in
            let contact = try Contact.resource.get(id, in: reader)
            let answer = try Sendability(.init(contact, channel, purpose), outbox.dependencies, in: reader)
            // A sandbox asks nobody outside.
            let isOutside = try channel == .email && reader.agency.tenant().sandboxOf == nil
            let hosts = isOutside ? outbox.mailHosts : nil
            let warnings = AddressWarnings(contact.address(on: channel), hosts)
            let words = try reader.wordings.find(for: call)
            return .json([
                "sendable": .bool(answer.isSendable),
                "reasons": .array(answer.reasons.map { $0.told(in: words) }),
                "from": JSON(answer.from?.description), "warnings": warnings.told(in: words),
                "basis": try SendingBasis(contact, channel, purpose, of: reader.agency.tenant(), in: reader)
                    .json,
            ])
        }
    }
}
