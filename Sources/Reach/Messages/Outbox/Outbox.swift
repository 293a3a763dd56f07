package import Addresses
internal import Agents
internal import Cryptography
package import Database
package import Integrations
package import JSON
internal import Jobs
internal import People
internal import Records
internal import Telemetry
internal import Nouns
internal import Templates
internal import Wording
package import Tenancy

/// The only way anything leaves to a person. What is sent is stored in the transaction of its cause, and taken on
/// its way by a job, which asks every rule again at the moment of sending.
package struct Outbox: Sendable {
    package let integrations: IntegrationServices
    package let dependencies: MessagingDependencies
    package let listeners: MessageListeners
    package let conversationListeners: [any ConversationListener]
    package let replyListeners: [any ReplyListener]
    let lanes = SendLanes()
    /// The limits on typing signs: of each person who sends them, and of each conversation whose service shows them.
    let typists = Limiters<String>(perMinute: 40, burst: 5, keptMax: 20_000)
    let typingActions = Limiters<ID<Conversation>>(perMinute: 15, burst: 1, keptMax: 20_000)
    let mailHosts: MailHosts

    package init(
        _ integrations: IntegrationServices, _ dependencies: MessagingDependencies,
        _ listeners: [any MessageListener],
        _ conversationListeners: [any ConversationListener] = [],
        _ replyListeners: [any ReplyListener] = [], mailHosts: MailHosts? = nil
    ) {
        (self.integrations, self.dependencies) = (integrations, dependencies)
        self.listeners = MessageListeners(listeners)
        (self.conversationListeners, self.replyListeners) = (conversationListeners, replyListeners)
        self.mailHosts = mailHosts ?? MailHosts(dependencies.lookups)
    }

    package var services: PlatformServices { integrations.platform }

    /// Stores a message to be sent. Asked again under the same key, the answer is the message that is there. An agent
    /// whose message may find no way past the gate uses `offer`.
    @discardableResult
    package func send(_ draft: MessageDraft, in tx: Transaction) throws -> Message {
        guard let message = try offer(draft, in: tx) else {
            throw Problem(.forbidden, "The agent \(draft.author.id) may not send messages at the moment.")
        }
        return message
    }

    /// Stores a message to be sent, where the gate lets its writer write: `nil`, where an agent only observes, or may
    /// not write; the gate has kept why. Where the agent asks first, the message is held until a person says yes.
    @discardableResult
    package func offer(_ draft: MessageDraft, in tx: Transaction) throws -> Message? {
        if let known = try tx.outbox.message(keyed: draft.sendKey) { return known }
        guard let draft = try passed(draft, in: tx) else { return nil }
        return try store(draft, in: tx)
    }

    /// The draft as the gate lets it pass, if it does. A yes that was given is not asked for again, and nor is a leave.
    func passed(_ draft: MessageDraft, in tx: Transaction) throws -> MessageDraft? {
        guard draft.author.kind == .agent, !draft.isApproved else { return draft }
        switch try draft.leave ?? tx.gate.leave(for: draft.effect, permission: SendMessage.permission) {
        case .granted: return draft
        case .observed, .refused: return nil
        case .asks:
            var asking = draft
            asking.asksFirst = true
            return asking
        }
    }

    func store(_ draft: MessageDraft, in tx: Transaction) throws -> Message {
        var message = Message.new(id: tx.nextID(), now: tx.now)
        message.fill(from: draft, key: draft.sendKey)
        message.text = draft.text ?? MessageText.plain(draft.body)
        try giveWayOut(to: &message, of: tx.tenant)
        try finishText(of: &message, draft, in: tx)
        message.segments = service(of: message.channel)?.segments(of: message.text)
        message.conversationID =
            try draft.conversation
            ?? tx.conversations.findOrMake(of: draft.contact, draft.channel, subject: draft.subject)
        message.recipient = try tx.identities.address(
            of: draft.contact, on: draft.channel, in: message.conversationID)
        if draft.channel != .email, !draft.asksFirst { return try store(&message, to: draft.contact, in: tx) }
        if draft.asksFirst {
            message.status = .held
            message.heldCode = "approval"
            message.reasons = Parts([Reason("approval", "The message needs approval.")])
        }
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.publish("message.queued", message.subjectOfEvents, message.payload)
        if draft.asksFirst {
            message.approvalID =
                try draft.batch.map { try tx.messageBatches.ask(message, draft, in: $0) }
                ?? tx.outbox.ask(message, draft).id
            try tx.run(
                """
                UPDATE messages SET approval_id = \(message.approvalID)
                WHERE tenant_id = \(tx.tenant) AND id = \(message.id)
                """)
            try tx.outbox.auditSending(of: message)
        } else {
            try tx.outbox.enqueueSend(message)
        }
        return message
    }

    /// Puts the message's own link where its template has the mark of it, so that who approves it reads what leaves.
    private func giveWayOut(to message: inout Message, of tenant: TenantID) throws {
        let mark = TemplateValues.unsubscribeMark
        guard let body = message.body, body.containsBytes(mark) else { return }
        let link = try services.links.url(.unsubscribe, tenant, message.id)
        message.body = body.replacingBytes(of: mark, with: link)
        message.text = message.text.replacingBytes(of: mark, with: link)
    }

    /// Shortens an agent's words, and says in advertising by text message how it ends, which has room there.
    private func finishText(of message: inout Message, _ draft: MessageDraft, in tx: Transaction) throws {
        let wayOut = try wayOut(on: message.channel, message.purpose, to: draft.contact, in: tx)
        if draft.author.kind == .agent { fit(&message, beside: wayOut) }
        guard !wayOut.isEmpty else { return }
        message.text = message.text.ending(with: wayOut)
        message.body = message.text
    }

    /// Takes back what has not left, and tells whoever wanted it.
    package func cancel(_ message: Message, because reason: Reason, in tx: Transaction) throws {
        guard try tx.outbox.withdraw(message, because: reason),
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
        (runID, decisionID) = (draft.run, draft.decision)
        cause = ["type": .string(draft.cause.type), "id": .string(draft.cause.id)]
        (templateID, templateVersion) = (draft.template?.id, draft.template?.version)
        attachments = draft.attachments
        why = say("why", draft.why, max: 1000)
        (campaignID, topic, notBefore) = (draft.campaign, draft.topic, draft.notBefore)
        (fence, sources, components) = (draft.fence, draft.sources, draft.components)
        (approvalID, isMadeWithAI) = (draft.approval, draft.isMadeWithAI)
    }

    /// The payload of its events: nothing that is personal.
    package var payload: JSON {
        [
            "contact_id": JSON(contactID), "conversation_id": JSON(conversationID),
            "channel": .string(channel.rawValue), "direction": .string(direction.rawValue),
            "status": .string(status.rawValue), "purpose": .string(purpose.rawValue),
            "class": JSON(replyClass?.rawValue), "cause": cause,
            "reasons": JSON(reasons.list.map(\.code)),
        ]
    }
}

extension OutboxStore where Base == Transaction {
    /// Stores a change of a message under its next version.
    func change(_ old: Message, to new: inout Message) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Message.resource.update(old, to: new, in: tx)
    }

    /// Takes back what has not left, without telling whoever wanted it: for whoever wanted it itself. Answers whether
    /// it had not left. `isReplaced`: another message may come under its key.
    package func withdraw(
        _ message: Message, because reason: Reason, isReplaced: Bool = false
    ) throws -> Bool {
        guard message.status == .queued || message.status == .held else { return false }
        var cancelled = message
        cancelled.status = .cancelled
        cancelled.reasons = Parts([reason])
        (cancelled.heldCode, cancelled.brakeID) = (nil, nil)
        if isReplaced { cancelled.sendKey = nil }
        try change(message, to: &cancelled)
        try tx.sendPace.leaveTurn(of: message)
        if message.approvalID != nil {
            try tx.approvals.withdraw(of: message.asker, because: reason.detail)
            if isReplaced { try tx.messageBatches.leave(message, because: reason) }
            try tellApproval(of: cancelled)
        }
        try tx.publish("message.cancelled", message.subjectOfEvents, cancelled.payload)
        return true
    }

    func enqueueSend(_ message: Message) throws {
        try tx.jobs.enqueue(
            MessageSendJob.self, .init(message: message.id),
            JobOptions(
                runAt: message.notBefore, uniqueKey: message.id,
                priority: message.purpose == .transactional ? 40 : 50, subject: message.subjectOfEvents))
    }

    fileprivate func ask(_ message: Message, _ draft: MessageDraft) throws -> Approval {
        try tx.approvals.request(
            ApprovalRequest(
                owner: message.asker, key: SendMessage.tool,
                title: Saying(
                    "approval.write_to",
                    [
                        "name": .text(draft.contact.name),
                        "subject": .text(message.subject ?? message.channel.rawValue),
                    ]
                ).english,
                preview: [
                    "channel": .string(message.channel.rawValue), "to": .string(draft.contact.name),
                    "recipient": JSON(message.recipient), "subject": JSON(message.subject),
                    "text": .string(message.text),
                ], reason: message.why ?? Saying("approval.by_default").english,
                arguments: draft.arguments.merging(["body": JSON(message.body)]),
                runID: message.runID, agent: message.agent, tool: SendMessage.tool,
                subject: message.subjectOfEvents, requestedBy: message.agent.map(Actor.agent) ?? .system))
    }

    /// Tells the approval by which a message was let go what has become of it.
    package func tellApproval(of message: Message) throws {
        guard let id = message.approvalID, let approval = try tx.approvals.find(id),
            approval.status != .pending, approval.owner.kind != MessageBatches.owner
        else {
            return
        }
        let reason = message.reasons.list.first
        try tx.approvals.recordEffect(
            of: id,
            [
                "message_id": JSON(message.id), "status": .string(message.status.rawValue),
                "code": JSON(message.errorCode ?? reason?.code),
                "detail": JSON(message.errorDetail ?? reason?.detail),
            ])
    }
}

extension Message {
    /// The owner of the approvals that are requested for it.
    var asker: (kind: String, id: String) { (AgentEffects.owner, id.keyText) }
}

extension MessageDraft {
    /// Names the message among all.
    var sendKey: String { "\(cause.type)/\(key)" }

    /// As the tool takes it.
    var arguments: JSON {
        [
            "channel": .string(channel.rawValue), "contact_id": JSON(contact.id),
            "conversation_id": JSON(conversation?.text), "subject": JSON(subject), "body": .string(body),
        ]
    }

    /// As the gate is asked about it.
    var effect: ToolRequest {
        var caller = ToolCaller(
            actor: author, agent: author.kind == .agent ? author.id : nil, runID: run,
            subject: Subject(contact.id), clientID: contact.clientID)
        (caller.campaignID, caller.decisionID) = (campaign, decision)
        return ToolRequest(
            tool: SendMessage.tool, arguments: arguments, caller: caller, key: sendKey,
            reason: why?.english)
    }
}

extension OutboxStore {
    /// The message that was stored under a key.
    package func message(keyed key: String) throws -> Message? {
        try Message.resource.first(where: "send_key = \(key)", in: tx)
    }
}
