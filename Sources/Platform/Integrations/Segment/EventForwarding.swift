internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// Sends the agency's events to Segment: has a job look at what has happened, in the transaction in which it does. Most
/// agencies have no such integration: for them it is a look into a dictionary.
final class EventForwarding: EventConsumer {
    static let provider = "segment"
    private static let keptMax = 100_000
    /// The time within which events are gathered.
    private static let pause: Duration = .seconds(5)

    private struct State {
        var isListening: [String: Bool] = [:]
        var changes = 0
    }

    private let state = Mutex(State())

    func begin(_ runtime: Runtime) {
        runtime.database.listen(Integration.changed) { [weak self] tenant in
            self?.state.withLock { state in
                state.isListening[tenant] = nil
                state.changes += 1
            }
        }
    }

    func published(_ event: () -> Event, in tx: Transaction) throws {
        guard !tx.sandboxClock.isSandbox, try isListening(tx.tenant, tx.runtime.database) else { return }
        let event = event()
        guard EventForward.isForwarded(event.type) else { return }
        for integration in try tx.forwarding.targets() {
            try tx.forwarding.begin(integration.id, before: event.row)
            try tx.jobs.enqueue(
                ForwardEventsJob.self, .init(integration: integration.id),
                JobOptions(
                    runAt: tx.now + Self.pause, uniqueKey: integration.id, uniqueness: .untilStarted,
                    subject: integration.subject, limitKey: integration.id))
        }
    }

    private func isListening(_ tenant: TenantID, _ database: Database) throws -> Bool {
        let (known, changes) = state.withLock { ($0.isListening[tenant.rawValue], $0.changes) }
        if let known { return known }
        let found = try database.read(tenant) { try !$0.forwarding.targets().isEmpty }
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.isListening.count >= Self.keptMax { state.isListening = [:] }
            state.isListening[tenant.rawValue] = found
        }
        return found
    }
}

/// An event in the form of Segment's Tracking API.
enum EventForward {
    /// The events of people and sales; those that the product publishes for itself do not leave.
    private static let kinds = [
        "lead.", "contact.", "deal.", "client.", "proposal.", "contract.", "invoice.", "meeting.",
    ]

    static func isForwarded(_ type: String) -> Bool { kinds.contains { type.hasPrefix($0) } }

    /// `lead.created` is "Lead Created" there. The identifier is the event's own: sent twice, it counts once.
    static func json(of event: Event) -> JSON {
        let data = JSON(stored: event.data)
        let words = event.type.split { $0 == "." || $0 == "_" }.map {
            $0.prefix(1).uppercased() + $0.dropFirst()
        }
        let user = data["contact_id"]?.text ?? data["lead_id"]?.text ?? event.subject.id
        return [
            "type": "track", "userId": .string(user), "event": .string(words.joined(separator: " ")),
            "messageId": .string(event.id), "timestamp": .string(event.createdAt.description),
            "properties": data.adding([
                "subject_type": .string(event.subject.type), "subject_id": .string(event.subject.id),
            ]),
        ]
    }

    /// Returns whether it is about a client of that integration, where that has one.
    static func concerns(_ client: ClientID?, _ event: Event) -> Bool {
        guard let client else { return true }
        return event.subject.id == client.keyText
            || JSON(stored: event.data)["client_id"]?.id(of: Nouns.Client.self) == client
    }
}

/// Sends what has happened since the last time, in batches that are safe to send again.
struct ForwardEventsJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "segment.forward"
    /// Of one integration, one goes on from where another has ended.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    private static let batchMax = 500, bytesMax = 450 * 1024
    /// The age from which an event that could not be sent is dropped.
    private static let ageMax: Duration = .seconds(86_400)

    let integrations: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.integration
        while let (integration, row) = try job.read({ reader in
            try Integration.resource.find(id, in: reader).flatMap { found in
                try reader.forwarding.row(of: id).map { (found, $0) }
            }
        }), integration.status == .active, integration.environment == .live {
            let (events, now) = try job.read { (try $0.events.after(row, limit: Self.batchMax), $0.now) }
            guard !events.isEmpty else { return }
            var items: [JSON] = [], size = 0, last = row
            for event in events {
                let isMeant =
                    EventForward.isForwarded(event.type) && !event.isTest
                    && EventForward.concerns(integration.clientID, event)
                    && now - event.createdAt <= Self.ageMax
                let item: JSON? = isMeant ? .some(EventForward.json(of: event)) : .none
                let bytes = item?.bytes.count ?? 0
                if size + bytes > Self.bytesMax, !items.isEmpty { break }
                // Of one that is too large nothing would be kept there.
                if let item, bytes <= 32 * 1024 {
                    items.append(item)
                    size += bytes
                }
                last = event.row
            }
            if !items.isEmpty { try await send(items, integration, job) }
            let reached = last
            try await job.write { try $0.forwarding.move(id, to: reached) }
            if events.count < Self.batchMax, events.last?.row == last { return }
        }
    }

    private func send(_ items: [JSON], _ integration: Integration, _ job: JobContext) async throws {
        let caller = ToolCaller(
            actor: .system, subject: integration.subject, clientID: integration.clientID)
        guard let client = try integrations.client(of: integration, job.tenant, for: caller) else { return }
        let question = ConnectorQuestion(method: "POST", path: ConnectorText("/v1/batch"))
        let key = items[0]["messageId"]?.text ?? ""
        let body: JSON = [
            "batch": .array(items), "context": ["library": ["name": "bureau"]], "integrations": [:],
            "sentAt": .string(Instant.wallClock().description),
        ]
        do {
            _ = try await client.pass(WriteConnectorTool.name, key: "segment:\(integration.id):\(key)") {
                wire, reach async throws(ToolFailure) in
                try await wire.ask(
                    question, ConnectorNames(now: .wallClock()), ConnectorWire.Extra(body: body), reach)
            }
        } catch let failure as ToolFailure {
            throw failure.jobFailure
        }
    }
}

// MARK: Store

/// The position to which an agency's events were sent, by integration.
struct ForwardingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var forwarding: ForwardingStore<Self> { ForwardingStore(tx: self) }
}

extension ForwardingStore {
    func targets() throws -> [Integration] {
        try Integration.resource.all(
            where: "provider = \(EventForwarding.provider) AND status = 'active' AND environment = 'live'",
            suffix: "ORDER BY id LIMIT 20", in: tx)
    }

    func row(of integration: IntegrationID) throws -> Int64? {
        try tx.int(
            "SELECT sent FROM forwarded_events WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)"
        )
    }
}

extension ForwardingStore where Base == Transaction {
    /// Begins with an event, where nothing was sent yet.
    func begin(_ integration: IntegrationID, before row: Int64) throws {
        try tx.run(
            """
            INSERT INTO forwarded_events (tenant_id, integration_id, sent)
            VALUES (\(tx.tenant), \(integration), \(row - 1))
            ON CONFLICT (tenant_id, integration_id) DO NOTHING
            """)
    }

    func move(_ integration: IntegrationID, to row: Int64) throws {
        try tx.run(
            """
            UPDATE forwarded_events SET sent = \(row)
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND sent < \(row)
            """)
    }

    func forget(_ integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM forwarded_events WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)")
    }
}

let forwardingMigration = Migration(number: 871, name: "events that were sent to Segment") { dialect in
    [
        """
        CREATE TABLE forwarded_events (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, sent INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, integration_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}
