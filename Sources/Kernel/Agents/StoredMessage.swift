package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A message between agents on its way: a row of `agent_messages`.
package struct StoredMessage: StoredRow, Identified {
    package static let idPrefix = "amsg", noun = "agent_message", table = "agent_messages"

    package enum Status: String, CaseIterable, Sendable { case waiting, handled, undeliverable }

    package let id: ID<StoredMessage>, type: String
    package let sender: Actor
    package let recipient: String
    package let priority: SendingPriority
    package let body: JSON
    package let subject: Subject?
    /// The run that sent it.
    package let runID: AgentRunID?
    package let status: Status
    /// The number of attempts in which it could not be handled.
    package let attempts: Int
    package let retryAt: Instant
    package let error: JSON
    /// The run that handled it.
    package let handledBy: AgentRunID?
    package let handledAt: Instant?
    package let createdAt: Instant, updatedAt: Instant

    package static let attemptsMax = 5

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, type, recipient) = (row.id("id"), row.text("type"), row.text("recipient"))
        sender = Actor(Actor.Kind(rawValue: row.text("sender_type")) ?? .system, id: row.text("sender_id"))
        priority = SendingPriority(rawValue: row.int("priority")) ?? .systemMessages
        body = JSON(stored: row.text("body"))
        subject = row.optionalSubject()
        (runID, status) = (row.optionalID("run_id"), Status(rawValue: row.text("status")) ?? .undeliverable)
        (attempts, retryAt) = (row.int("attempts"), row.instant("retry_at"))
        error = row.optionalText("error").map { JSON(stored: $0) } ?? .null
        (handledBy, handledAt) = (row.optionalID("handled_by"), row.optionalInstant("handled_at"))
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    /// The body as its type; throws every fault.
    package func decoded<M: AgentMessage>(_ type: M.Type) throws -> M {
        try type.decoded(from: body.object ?? [:])
    }

    package var json: JSON {
        [
            "id": JSON(id), "type": .string(type), "from": sender.json, "to": .string(recipient),
            "priority": JSON(priority.rawValue), "body": body, "subject": subject?.json ?? .null,
            "status": .string(status.rawValue), "attempts": JSON(attempts), "error": error,
            "run_id": JSON(runID), "handled_by": JSON(handledBy),
            "handled_at": JSON(handledAt?.description),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
        ]
    }
}

extension AgentMessage {
    /// Reads a message's body; throws every fault.
    package static func decoded(from body: JSONObject) throws -> Self {
        var message = Self(), faults = Faults()
        schema.create(&message, from: body, faults: &faults)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults.list.map(ValueFault.init)) }
        return message
    }
}

extension AgentMessageStore {
    package func find(_ id: ID<StoredMessage>) throws -> StoredMessage? {
        try tx.first(
            "SELECT \(StoredMessage.columns) FROM agent_messages WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            StoredMessage.init)
    }

    /// Returns the messages that wait for an agent and are due, in the order in which they are to be taken.
    func waiting(for agent: String, limit: Int) throws -> [StoredMessage] {
        try tx.all(
            """
            SELECT \(StoredMessage.columns) FROM agent_messages
            WHERE tenant_id = \(tx.tenant) AND recipient = \(agent) AND status = 'waiting' AND retry_at <= \(tx.now)
            ORDER BY priority, id LIMIT \(limit)
            """, StoredMessage.init)
    }

    /// When the next message for an agent is to be taken; `nil` when none waits.
    func next(for agent: String) throws -> Instant? {
        try tx.int(
            """
            SELECT min(retry_at) FROM agent_messages
            WHERE tenant_id = \(tx.tenant) AND recipient = \(agent) AND status = 'waiting'
            """
        ).map(Instant.init(microseconds:))
    }

    /// Hand-offs that nobody has taken for so long, oldest first.
    package func untaken(for time: Duration, limit: Int = 100) throws -> [StoredMessage] {
        try tx.all(
            """
            SELECT \(StoredMessage.columns) FROM agent_messages
            WHERE tenant_id = \(tx.tenant) AND status = 'waiting' AND created_at <= \(tx.now - time)
            ORDER BY created_at, id LIMIT \(limit)
            """, StoredMessage.init)
    }
}
