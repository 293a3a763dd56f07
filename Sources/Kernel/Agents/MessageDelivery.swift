internal import Cryptography
package import Database
internal import JSON
package import Jobs
internal import Nouns
package import Records
internal import Telemetry

// Messages between agents are rows, written in the sender's transaction and handled in the receiver's, each
// exactly once. One run takes what waits, the most urgent first; what fails is tried again, and at last is
// undeliverable, which people see.

/// A message before it is stored.
private struct PendingMessage {
    let type: String
    let body: JSONObject
    let recipient: String
    let subject: Subject?
    let priority: SendingPriority
    var run: AgentRunID?
    /// Under which a run sends it once, however often the run is attempted.
    var key: String?
}

extension AgentMessageStore where Base == Transaction {
    /// A person, or a part of the runtime, tells an agent something. Throws the faults of the body.
    @discardableResult
    package func send<M: AgentMessage>(
        _ message: M, to recipient: String, about subject: Subject? = nil, priority: SendingPriority,
        by sender: Actor
    ) throws -> StoredMessage {
        let body = M.schema.json(message).object ?? [:]
        return try post(
            PendingMessage(
                type: M.type, body: body, recipient: recipient, subject: subject, priority: priority),
            from: sender)
    }

    fileprivate func post(_ letter: PendingMessage, from sender: Actor) throws -> StoredMessage {
        let id = tx.makeID(StoredMessage.self)
        let stored = try tx.run(
            insertMessage,
            [
                tx.tenant.sqlValue, id.sqlValue, tx.runtime.clocks.realm(of: tx.tenant).sqlValue,
                letter.type.sqlValue, sender.kind.rawValue.sqlValue, sender.id.sqlValue,
                letter.recipient.sqlValue, letter.priority.rawValue.sqlValue,
                JSON.object(letter.body).serialized.sqlValue, (letter.subject?.type).sqlValue,
                (letter.subject?.id).sqlValue, letter.run.sqlValue, letter.key.sqlValue, tx.now.sqlValue,
            ])
        guard stored == 1, let message = try find(id) else {
            let earlier = try tx.first(
                messageOnce, [tx.tenant.sqlValue, letter.run.sqlValue, letter.key.sqlValue],
                StoredMessage.init)
            guard let earlier else { throw RuntimeError.conflict("the message was not stored") }
            return earlier
        }
        try tx.auditLog.add(
            sender, "agent_message.sent", message.reference,
            ["type": .string(letter.type), "to": .string(letter.recipient)])
        try tx.publish(
            "agent_message.sent", message.reference,
            ["type": .string(letter.type), "from": sender.json, "to": .string(letter.recipient)])
        try deliver(message)
        return try find(id) ?? message
    }

    /// Sees to it that a run takes the message, now or when the agent is active again.
    private func deliver(_ message: StoredMessage) throws {
        guard let agent = tx.runtime.agents[message.recipient] else {
            return try giveUp(message, "unknown_agent", "The agent \(message.recipient) does not exist.")
        }
        guard agent.messages.contains(where: { $0.type == message.type }) else {
            return try giveUp(
                message, "unknown_type",
                "The agent \(agent.name) does not take messages of the type \(message.type).")
        }
        try startTaking(agent)
    }

    /// One run that waits takes everything that comes before it starts.
    func startTaking(_ agent: any AgentDefinition) throws {
        let key = "message:\(agent.name)"
        guard try tx.agents.status(agent).state == .active, let due = try next(for: agent.name) else {
            return
        }
        let isLater = due > tx.now
        let options = JobOptions(
            runAt: isLater ? due : nil, uniqueKey: isLater ? "\(key):later" : key, uniqueness: .untilStarted)
        guard try tx.jobs.live(AgentRunJob.self, uniqueKey: options.uniqueKey ?? key) == nil else { return }
        _ = try tx.runs.insert(agent, .message, cause: nil, [:], by: .system, options)
    }

    /// Nothing more is tried with a message: a person has to see to it.
    private func giveUp(_ message: StoredMessage, _ code: String, _ detail: String) throws {
        let error = JobFailure.terminal(code, detail).json
        try tx.run(
            """
            UPDATE agent_messages SET status = 'undeliverable', error = \(error.serialized), updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(message.id) AND status = 'waiting'
            """)
        tx.refusals.refuse(
            .message, agent: message.recipient, message.reference, code: code, detail,
            run: message.runID.map(RunID.agent))
        try tx.publish(
            "agent_message.undeliverable", message.reference,
            ["type": .string(message.type), "to": .string(message.recipient), "error": error])
    }

    /// The message is this run's to handle: its effects belong into the same transaction. False when it has been
    /// handled.
    fileprivate func take(_ message: StoredMessage, run id: AgentRunID) throws -> Bool {
        try tx.run(takeMessage, [tx.tenant.sqlValue, message.id.sqlValue, id.sqlValue, tx.now.sqlValue]) == 1
    }

    fileprivate func fail(_ message: StoredMessage, _ failure: JobFailure) throws {
        let attempts = message.attempts + 1
        let pause: Duration = .seconds(5 << attempts)
        try tx.run(
            """
            UPDATE agent_messages SET attempts = \(attempts), retry_at = \(tx.now + pause),
                error = \(failure.json.serialized), updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(message.id) AND status = 'waiting'
            """)
        if attempts >= StoredMessage.attemptsMax || failure.course == .terminal {
            try giveUp(message, failure.code, failure.detail)
        }
    }
}

extension StoredMessage {
    var reference: Subject { Subject(id) }
}

extension AgentRun {
    /// Tells another agent something, in the run's transaction: once, however often the run is attempted.
    @discardableResult
    package func send<M: AgentMessage>(
        _ message: M, to recipient: String, about subject: Subject? = nil,
        priority: SendingPriority? = nil, in tx: Transaction
    ) throws -> StoredMessage {
        let body = M.schema.json(message)
        let text = [M.type, recipient, subject?.id ?? "", body.canonical.serialized].joined(separator: "\n")
        return try tx.agentMessages.post(
            PendingMessage(
                type: M.type, body: body.object ?? [:], recipient: recipient, subject: subject,
                priority: priority ?? definition.sendingPriority, run: id,
                key: Hex.encode(SHA256.hash(text))),
            from: actor)
    }

    /// Takes what waits for this agent, the most urgent first, each message in a transaction of its own with what
    /// the handler does. One that fails is put back and tried again later; the others go on. Answers how many
    /// were handled.
    @discardableResult
    package func receive(
        _ handle: @escaping @Sendable (_ message: StoredMessage, _ tx: Transaction) throws -> Void
    ) async throws -> Int {
        var handled = 0
        while true {
            let waiting = try read { try $0.agentMessages.waiting(for: agent, limit: 50) }
            if waiting.isEmpty { break }
            for message in waiting {
                try Task.checkCancellation()
                if try await take(message, handle) { handled += 1 }
            }
        }
        processed(handled)
        // Those that failed come back by themselves.
        let definition = definition
        try await write { tx in try tx.agentMessages.startTaking(definition) }
        return handled
    }

    private func take(
        _ message: StoredMessage, _ handle: @escaping @Sendable (StoredMessage, Transaction) throws -> Void
    ) async throws -> Bool {
        let id = id
        do {
            return try await step(
                "message", note: ["id": JSON(message.id), "type": .string(message.type)]
            ) {
                try await write { tx in
                    guard try tx.agentMessages.take(message, run: id) else { return false }
                    try handle(message, tx)
                    return true
                }
            }
        } catch let error where !(error is LeaseLost || error is CancellationError || error is DatabaseError)
        {
            let failure = JobFailure(of: error)
            try await write { tx in try tx.agentMessages.fail(message, failure) }
            return false
        }
    }
}

extension SystemTransaction {
    /// Forgets messages that were handled long ago, in live tenants; a part of them at a time.
    func acrossTenantsPruneMessages(handledBefore instant: Instant, limit: Int = 200) throws {
        try run(pruneHandled, [instant.sqlValue, limit.sqlValue])
    }
}

private let insertMessage = Statement(
    """
    INSERT INTO agent_messages (tenant_id, id, realm, type, sender_type, sender_id, recipient, priority, body,
        subject_type, subject_id, run_id, unique_key, status, attempts, retry_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'waiting', 0, $14, $14, $14)
    ON CONFLICT DO NOTHING
    """)

private let messageOnce = Statement(
    """
    SELECT \(StoredMessage.columns) FROM agent_messages
    WHERE tenant_id = $1 AND run_id = $2 AND unique_key = $3 AND run_id IS NOT NULL
    """)

private let takeMessage = Statement(
    """
    UPDATE agent_messages SET status = 'handled', handled_by = $3, handled_at = $4, error = NULL, updated_at = $4
    WHERE tenant_id = $1 AND id = $2 AND status = 'waiting'
    """)

private let pruneHandled = Statement(
    """
    DELETE FROM agent_messages WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM agent_messages
        WHERE realm = \(literal: Realm.live) AND handled_at IS NOT NULL AND handled_at <= $1
        ORDER BY handled_at LIMIT $2)
    """)
