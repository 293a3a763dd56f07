internal import Cryptography
package import Database
package import JSON
package import Platform
internal import Records
package import Runtime
internal import Telemetry

/// The only way anything leaves to a person. What is sent is stored in the transaction of its cause, and taken on
/// its way by a job, which asks every rule again at the moment of sending.
package struct Outbox: Sendable {
    package let services: PlatformServices
    package let sources: MessagingSources
    package let listeners: MessageListeners
    package let conversationListeners: [any ConversationListener]
    let lanes = SendLanes()
    /// Of everybody who says that they type, and of each conversation whose service is told so.
    let typists = Limiters<String>(perMinute: 40, burst: 5, keptMax: 20_000)
    let typingActions = Limiters<String>(perMinute: 15, burst: 1, keptMax: 20_000)
    let mailHosts: MailHosts

    package init(
        _ services: PlatformServices, _ sources: MessagingSources, _ listeners: [any MessageListener],
        _ conversationListeners: [any ConversationListener] = []
    ) {
        (self.services, self.sources) = (services, sources)
        self.listeners = MessageListeners(listeners)
        self.conversationListeners = conversationListeners
        mailHosts = MailHosts(sources.lookups)
    }

    /// Stores a message to be sent. Asked again under the same key, the answer is the message that is there.
    @discardableResult
    package func send(_ draft: MessageDraft, in tx: Transaction) throws -> Message {
        let key = "\(draft.cause.type)/\(draft.key)"
        if let known = try Message.resource.first(where: "send_key = \(key)", in: tx) { return known }
        var message = Message.new(id: tx.nextID(), now: tx.now)
        message.fill(from: draft, key: key)
        message.text = draft.text ?? MessageText.plain(draft.body)
        try giveWayOut(to: &message, of: tx.tenant)
        message.conversationID =
            try draft.conversation
            ?? tx.conversation(of: draft.contact, draft.channel, subject: draft.subject)
        message.recipient = try tx.address(
            of: draft.contact, on: draft.channel, in: message.conversationID)
        if draft.channel != .email, !draft.asksFirst { return try store(&message, to: draft.contact, in: tx) }
        if draft.asksFirst {
            message.status = .held
            message.heldCode = "approval"
            message.reasons = Parts([Reason("approval", "A person has to say yes first.")])
        }
        try Message.resource.insert(&message, in: tx)
        try tx.touch(message)
        try tx.publish("message.queued", message.subjectOfEvents, message.told)
        if draft.asksFirst {
            message.approvalID = try tx.ask(message, name: draft.contact.name).id
            try tx.run(
                """
                UPDATE messages SET approval_id = \(message.approvalID)
                WHERE tenant_id = \(tx.tenant) AND id = \(message.id)
                """)
        } else {
            try tx.enqueueSend(message)
        }
        return message
    }

    /// Puts the message's own link where its template has the mark of it, so that who approves it reads what leaves.
    private func giveWayOut(to message: inout Message, of tenant: TenantID) throws {
        let mark = TemplateValues.unsubscribeMark
        guard let body = message.body, body.containsBytes(mark) else { return }
        let link = try services.links.url(.unsubscribe, tenant, message.id.text)
        message.body = body.replacingBytes(of: mark, with: link)
        message.text = message.text.replacingBytes(of: mark, with: link)
    }

    /// Takes back what has not left.
    package func cancel(_ message: Message, because reason: Reason, in tx: Transaction) throws {
        guard try tx.withdraw(message, because: reason),
            let cancelled = try Message.resource.find(message.id, in: tx)
        else { return }
        try listeners.tell(.cancelled, of: cancelled, in: tx)
    }
}

extension Message {
    fileprivate mutating func fill(from draft: MessageDraft, key: String) {
        (channel, purpose, contactID) = (draft.channel, draft.purpose, draft.contact.id)
        (subject, body, sendKey) = (draft.subject, draft.body, key)
        clientID = draft.contact.clientID
        author = draft.author.json.merging(["name": JSON(draft.authorName)])
        cause = ["type": .string(draft.cause.type), "id": .string(draft.cause.id)]
        (templateID, templateVersion) = (draft.template?.id, draft.template?.version)
        (why, attachments) = (draft.why, draft.attachments)
        (campaignID, topic, notBefore) = (draft.campaign, draft.topic, draft.notBefore)
        (fence, sources, components) = (draft.fence, draft.sources, draft.components)
    }

    /// What events tell of it: nothing that is personal.
    package var told: JSON {
        [
            "contact_id": JSON(contactID?.text), "conversation_id": JSON(conversationID?.text),
            "channel": .string(channel.rawValue), "direction": .string(direction.rawValue),
            "status": .string(status.rawValue), "purpose": .string(purpose.rawValue),
            "class": JSON(replyClass?.rawValue), "cause": cause,
            "reasons": JSON(reasons.list.map(\.code)),
        ]
    }
}

extension Transaction {
    /// Stores a change of a message under its next version.
    func change(_ old: Message, to new: inout Message) throws {
        new.version = old.version + 1
        new.updatedAt = now
        try Message.resource.update(old, to: new, in: self)
    }

    /// Takes back what has not left, without telling whoever wanted it. Answers whether it had not.
    func withdraw(_ message: Message, because reason: Reason) throws -> Bool {
        guard message.status == .queued || message.status == .held else { return false }
        var cancelled = message
        cancelled.status = .cancelled
        cancelled.reasons = Parts([reason])
        (cancelled.heldCode, cancelled.brakeID) = (nil, nil)
        try change(message, to: &cancelled)
        try leaveTurn(of: message)
        if message.approvalID != nil {
            try withdrawApprovals(of: (MessageApprovals.owner, message.id.text))
        }
        try publish("message.cancelled", message.subjectOfEvents, cancelled.told)
        return true
    }

    func enqueueSend(_ message: Message) throws {
        try enqueue(
            MessageSendJob.self, .init(message: message.id.text),
            JobOptions(
                runAt: message.notBefore, uniqueKey: message.id.text,
                priority: message.purpose == .transactional ? 40 : 50, subject: message.subjectOfEvents))
    }

    fileprivate func ask(_ message: Message, name: String) throws -> Approval {
        try requestApproval(
            ApprovalRequest(
                owner: (MessageApprovals.owner, message.id.text), key: "send",
                title: "Write to \(name): \(message.subject ?? message.channel.rawValue)",
                preview: [
                    "channel": .string(message.channel.rawValue), "to": .string(name),
                    "recipient": JSON(message.recipient), "subject": JSON(message.subject),
                    "text": .string(message.text),
                ], reason: message.why ?? "Its writer asks before it writes to people.",
                arguments: ["subject": JSON(message.subject), "body": JSON(message.body)],
                agent: message.agent, subject: message.subjectOfEvents,
                requestedBy: message.agent.map(Actor.agent) ?? .system))
    }
}

/// What was decided about messages that ask first.
package struct MessageApprovals: ApprovalListener {
    package static let owner = "message"
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        let given = arguments.object?.members ?? []
        guard given.contains(where: { $0.key == "body" }) else {
            return [ValueFault(pointer: "/body", code: "required", detail: "It must have a text.")]
        }
        return given.compactMap { name, value in
            switch name {
            case "subject" where value.isNull: nil
            case "subject":
                MessageText.isSubject(value.text ?? "\n")
                    ? nil
                    : ValueFault(pointer: "/subject", code: "invalid_text", detail: "A subject is one line.")
            case "body":
                value.text?.trimmed.isEmpty == false
                    ? nil : ValueFault(pointer: "/body", code: "required", detail: "It must have a text.")
            default:
                ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "Subject and body can be changed.")
            }
        }
    }

    package func decided(_ approval: Approval, in tx: Transaction) throws {
        guard let id = ID<Message>(approval.owner.id), let message = try Message.resource.find(id, in: tx),
            message.status == .held
        else { return }
        guard approval.status == .approved else {
            let said = approval.decisionReason.map { ": \($0)" } ?? ""
            return try outbox.cancel(
                message, because: Reason("approval", "It was \(approval.status.rawValue)\(said)"), in: tx)
        }
        var approved = message
        approved.status = .queued
        (approved.reasons, approved.heldCode) = (Parts(), nil)
        if let subject = approval.arguments["subject"]?.text { approved.subject = subject }
        if let body = approval.arguments["body"]?.text {
            (approved.body, approved.text) = (body, MessageText.plain(body))
        }
        try tx.change(message, to: &approved)
        try tx.enqueueSend(approved)
    }
}
