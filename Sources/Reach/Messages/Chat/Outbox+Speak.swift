package import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import People
package import Records
internal import Telemetry
package import Templates
package import Tenancy

/// Something that is to be said in a conversation, as whoever says it knew the conversation.
package struct OutgoingReply: Sendable {
    package var text: String
    package var author: Actor
    package var authorName: String?
    /// The agent's run whose turn it is, and its decision there; `nil` for other authors.
    package var run: RunID?, decision: DecisionID?
    package var cause: MessageDraft.Cause
    /// Names the turn among all of its cause's kind: the same however often it is asked for.
    package var key: String
    /// The version of the conversation that it answers; another one: it is late.
    package var version: Int?
    /// The fence of the lock when it was drafted; a higher one: the conversation has changed hands.
    package var fence: Int?
    package var template: (id: ID<MessageTemplate>, version: Int)?
    package var attachments: [ID<StoredFile>] = []
    /// The values for the placeholders of the template, if it is one of WhatsApp's.
    var components = JSON.null
    package var sources = JSON.null
    /// Whether a model has written its words, or chosen them.
    package var isMadeWithAI = false
    package var why: Saying?
    /// Whether a person says yes first, whatever its author may do by itself; and whether one has.
    package var asksFirst = false, isApproved = false
    /// The gate's answer to it in this transaction, if the gate was asked already.
    package var leave: GateDecision?
    /// The approval by which one has, where there is one: it is told what becomes of the message.
    package var approval: ApprovalID?

    package init(_ text: String, by author: Actor, cause: MessageDraft.Cause, key: some Key) {
        (self.text, self.author, self.cause, self.key) = (text, author, cause, key.keyText)
    }
}

/// Turns in conversations: what is said, taken on, given back, noted and closed: `outbox.conversations`.
package struct ConversationDesk: Sendable {
    let outbox: Outbox
}

extension Outbox {
    package var conversations: ConversationDesk { ConversationDesk(outbox: self) }
}

extension ConversationDesk {
    /// Says something in a conversation, where it is its author's turn at this moment: the lock is asked in the
    /// transaction that stores the message. A person's words take the conversation on. Throws `lock_lost`, and stores
    /// nothing, where somebody else speaks or the conversation went on since it was drafted. `known`: whom it is with,
    /// as they were a moment ago.
    @discardableResult
    package func speak(
        _ turn: OutgoingReply, in conversation: Conversation, to known: Contact? = nil, _ tx: Transaction
    ) throws -> Message {
        guard let message = try offer(turn, in: conversation, to: known, tx) else {
            throw Problem(.forbidden, "The agent \(turn.author.id) may not send messages at the moment.")
        }
        return message
    }

    /// Asks the gate about an agent's words before anything follows from them. Given to the turn as its `leave`, the
    /// answer is not asked for again in the transaction.
    package func leave(
        for turn: OutgoingReply, in conversation: Conversation, to contact: Contact, _ tx: Transaction
    ) throws -> GateDecision {
        try tx.gate.leave(
            for: turn.draft(in: conversation, to: contact).effect, permission: SendMessage.permission)
    }

    /// Says something in a conversation as `speak` does, but returns `nil` where an agent only observes, or may not
    /// write; the gate has stored the reason. The message of an agent that needs approval first waits for that, and
    /// then for its turn.
    @discardableResult
    package func offer(
        _ turn: OutgoingReply, in conversation: Conversation, to known: Contact? = nil, _ tx: Transaction
    ) throws -> Message? {
        if let known = try tx.outbox.message(keyed: "\(turn.cause.type)/\(turn.key)") { return known }
        if let version = turn.version, version != conversation.version {
            throw Problem(
                .lockLost,
                "The conversation has changed since this was written: read it again, then write anew.")
        }
        guard let contact = try tx.outbox.contact(conversation.contactID, known: known) else {
            throw Problem(.conflict, "The conversation's contact no longer exists: write to another.")
        }
        var draft = turn.draft(in: conversation, to: contact)
        // Everybody can read a public answer: a person approves it before it leaves.
        if turn.author.speaker != .human, !turn.isApproved, try tx.identities.isPublic(conversation) {
            draft.asksFirst = true
        }
        guard let passed = try outbox.passed(draft, in: tx) else { return nil }
        guard !passed.asksFirst else { return try outbox.store(passed, in: tx) }
        let speaker = turn.author.speaker
        // The lock lasts until the message has left, even where the service delays it.
        let lease: Duration =
            speaker == .human
            ? MessageLock.claimLease
            : conversation.channel.isOwn || speaker == .system ? .zero : .seconds(120)
        switch try tx.messageLocks.take(
            on: contact.id, speaker, owner: turn.author.lockOwner, for: lease, knowing: turn.fence,
            claiming: speaker == .human)
        {
        case .held(let fence): draft.fence = fence
        case .refused(let lock):
            throw Problem(
                .lockLost,
                "The conversation is held by \(lock.holder.rawValue): wait until \(lock.expiresAt), or take it over."
            )
        case .stale:
            throw Problem(
                .lockLost,
                "The conversation was taken over since this was written: read it again, then write anew.")
        }
        if speaker == .human { try takeOn(conversation, fence: draft.fence ?? 0, by: turn.author, tx) }
        let message = try outbox.store(draft, in: tx)
        try tell(.said(message), in: conversation.id, tx)
        return message
    }

    /// A person takes a conversation on, from whoever has it: agents are silent until it is given back.
    package func claim(_ conversation: Conversation, by actor: Actor, _ tx: Transaction) throws {
        guard let contact = conversation.contactID else { return }
        let outcome = try tx.messageLocks.take(
            on: contact, .human, owner: actor.lockOwner, for: MessageLock.claimLease, claiming: true,
            overPeers: true)
        guard case .held(let fence) = outcome else {
            throw Problem(.lockLost, "Somebody else is writing to the contact: try again in a moment.")
        }
        try takeOn(conversation, fence: fence, by: actor, tx)
    }

    private func takeOn(
        _ conversation: Conversation, fence: Int, by actor: Actor, _ tx: Transaction
    ) throws {
        let user = actor.userID
        guard conversation.handler != .human || conversation.fence != fence else { return }
        var claimed = conversation
        (claimed.handler, claimed.assigneeID, claimed.fence) = (.human, user, fence)
        try tx.conversations.change(conversation, to: &claimed)
        try tx.messageLocks.noteMove(of: claimed)
        try tx.auditLog.add(actor, "conversation.claimed", conversation.subjectOfEvents)
        try tx.publish(
            "conversation.claimed", conversation.subjectOfEvents,
            ["assignee_id": JSON(user), "contact_id": JSON(conversation.contactID)])
        try tell(.claimed(by: actor), in: conversation.id, tx)
    }

    /// Gives a conversation back to the agents. Nobody gives back what another person holds.
    package func release(_ conversation: Conversation, by actor: Actor, _ tx: Transaction) throws {
        guard let contact = conversation.contactID else { return }
        if let lock = try tx.messageLocks.find(on: contact), lock.expiresAt > tx.now, lock.holder == .human,
            lock.owner != actor.lockOwner
        {
            throw Problem(.lockLost, "Somebody else holds the conversation: claim it first.")
        }
        try tx.messageLocks.release(on: contact, owner: actor.lockOwner, claimed: true)
        var released = conversation
        (released.handler, released.assigneeID) = (.agent, nil)
        try tx.conversations.change(conversation, to: &released)
        try tx.messageLocks.noteMove(of: released)
        try tx.heldMessages.lookAgain(at: contact, heldFor: "locked")
        try tx.auditLog.add(actor, "conversation.released", conversation.subjectOfEvents)
        try tx.publish(
            "conversation.released", conversation.subjectOfEvents, ["contact_id": JSON(contact)])
        try tell(.released(by: actor), in: conversation.id, tx)
    }

    /// Keeps a note for those who work here: it claims nothing, and leaves for nobody.
    package func note(
        _ text: String, in conversation: Conversation, by actor: Actor, name: String?, _ tx: Transaction
    ) throws -> Message {
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.channel, message.status, message.isInternal) = (conversation.channel, .sent, true)
        (message.conversationID, message.contactID) = (conversation.id, conversation.contactID)
        (message.clientID, message.text, message.body) = (conversation.clientID, text, text)
        message.author = actor.json.merging(["name": JSON(name)])
        message.cause = ["type": "note", "id": JSON(message.id)]
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.publish("message.noted", message.subjectOfEvents, message.payload)
        return message
    }
}

extension Outbox {
    /// Stores a message of a channel other than e-mail. What is said on a page of ours has arrived by that; what may
    /// not leave is held at once, with its reasons, so that its writer sees them. What nobody wants any more its job
    /// takes back, when whoever asked for it knows it.
    func store(_ message: inout Message, to known: Contact, in tx: Transaction) throws -> Message {
        let contact = try tx.outbox.contact(message.contactID, known: known)
        let answer = try sendability(of: message, to: contact, of: tx.agency.tenant(), in: tx)
        let isPlanned = message.notBefore.map { $0 > tx.now } ?? false
        if answer.reasons.contains(where: \.takesBack) {
            message.status = .queued
        } else if !answer.isSendable {
            try message.hold(because: answer.reasons, in: tx)
        } else if message.channel.isOwn, !isPlanned {
            try arrive(&message, in: tx)
        }
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.outbox.auditSending(of: message)
        switch message.status {
        case .sent:
            if message.agent != nil { try tx.clientPortal.tellClient(of: message) }
            try tx.outreachCounts.noteSent(message)
            try tx.publish("message.sent", message.subjectOfEvents, message.payload)
            try listeners.tell(.sent, of: message, in: tx)
        case .held:
            try tx.publish("message.held", message.subjectOfEvents, message.payload)
            if message.reasons.list.contains(where: { $0.until != nil }) {
                try tx.outbox.enqueueSend(message)
            }
        default:
            try tx.publish("message.queued", message.subjectOfEvents, message.payload)
            try tx.outbox.enqueueSend(message)
        }
        return message
    }

    /// A message on a page of ours has arrived once it is there; it is held where a budget is spent.
    private func arrive(_ message: inout Message, in tx: Transaction) throws {
        message.attempts = 1
        do {
            let permit = try tx.outbox.permit(message.effect, by: .own, nil, deadline: .zero)
            try tx.gate.settle(permit, tx.sandboxClock.isSandbox ? .captured : .succeeded)
            (message.status, message.sentAt, message.captured) = (.sent, tx.now, tx.sandboxClock.isSandbox)
        } catch let refusal as ToolRefusal {
            let spent = try Sendability(refusal, at: tx.now, tx.agency.zone())
            (message.status, message.attempts) = (.held, 0)
            (message.reasons, message.heldCode) = (Parts(spent.reasons), refusal.code)
            tx.refusals.refuse(
                .send, agent: message.agent, message.subjectOfEvents, code: refusal.code, refusal.detail,
                run: message.runID)
        }
    }
}

extension OutgoingReply {
    fileprivate func draft(in conversation: Conversation, to contact: Contact) -> MessageDraft {
        var draft = MessageDraft(
            conversation.channel, to: contact, .transactional, subject: conversation.answerSubject,
            body: text, by: author, cause: cause, key: key)
        (draft.text, draft.authorName, draft.conversation) = (text, authorName, conversation.id)
        (draft.run, draft.decision, draft.leave) = (run, decision, leave)
        (draft.template, draft.attachments, draft.sources) = (template, attachments, sources)
        (draft.why, draft.components) = (why, components)
        (draft.isApproved, draft.asksFirst) = (isApproved, asksFirst)
        (draft.approval, draft.isMadeWithAI) = (approval, isMadeWithAI)
        return draft
    }
}

extension Conversation {
    fileprivate var answerSubject: String? {
        channel == .email ? SubjectLine.answering(subject ?? "") : nil
    }
}

extension Actor {
    /// The holder of the message lock as which the actor speaks.
    package var speaker: MessageLock.Holder {
        switch kind {
        case .user, .apiKey: .human
        case .agent where id == "primary_agent": .primaryAgent
        case .agent where id == "calendly_bridge": .bookingAgent
        case .agent, .system: .system
        }
    }

    /// The owner of the lock when it speaks, as its messages have it.
    package var lockOwner: String {
        switch kind {
        case .user, .apiKey, .agent: "\(kind.rawValue):\(id)"
        case .system: "system"
        }
    }
}
