package import Database
package import JSON
internal import Synchronization
package import Telemetry

/// Hands committed events to those who listen. A tenant without listeners costs a look into a dictionary.
/// Events come in the order of their rows: a tenant's transactions are committed one after the other, and the next row
/// is taken from what was committed before. One that does not follow on the last, because another process made
/// those between, sends its reader to the table.
package final class EventHub: Sendable {
    private let database: Database
    private let subscriptions = Mutex<[TenantID: [ObjectIdentifier: EventSubscription]]>([:])

    private static let channel = "events"
    private static let signs = "event_signs"

    init(_ database: Database) {
        self.database = database
        database.listen(Self.signs) { [weak self] text in self?.hear(sign: text) }
        database.listen(Self.channel, missed: { [weak self] in self?.passedOverAll() }) {
            [weak self] tenant in
            self?.sendToTable(TenantID(rawValue: tenant))
        }
    }

    private func passedOverAll() {
        for tenant in subscriptions.withLock({ Array($0.keys) }) { sendToTable(tenant) }
    }

    func hasSubscribers(_ tenant: TenantID) -> Bool { subscriptions.withLock { $0[tenant] != nil } }

    func deliver(_ event: Event, to tenant: TenantID) {
        let listeners = subscriptions.withLock { $0[tenant].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.deliver(event) }
        database.tellOthers(Self.channel, tenant.rawValue)
    }

    /// An event was committed that is not handed over.
    func passedOver(_ tenant: TenantID) {
        sendToTable(tenant)
        database.tellOthers(Self.channel, tenant.rawValue)
    }

    private func sendToTable(_ tenant: TenantID) {
        let listeners = subscriptions.withLock { $0[tenant].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.deliver(nil) }
    }

    // MARK: What passes

    /// Shows something that is true for a moment, such as that somebody types, to whoever follows the tenant's events
    /// now, in every process. It is stored nowhere, and who is too slow for it misses it.
    package func show(
        _ type: String, _ subject: Subject, _ data: JSON, to tenant: TenantID, at now: Instant
    ) {
        let sign = Event(
            row: 0, id: "", type: type, subject: subject, data: data.serialized, createdAt: now)
        pass(sign, to: tenant)
        let told: JSON = [
            "tenant": .string(tenant.rawValue), "type": .string(type), "subject": subject.json,
            "data": data, "at": .integer(now.microseconds),
        ]
        // Longer than a notification may be: only this process shows it.
        guard told.bytes.count < Self.signMax else { return }
        database.tellOthers(Self.signs, told.serialized)
    }

    private static let signMax = 4000

    /// One that another process shows.
    private func hear(sign text: String) {
        guard let told = try? JSONParser.parse(text), let tenant = told["tenant"]?.text,
            let type = told["type"]?.text, let subject = told["subject"],
            let data = told["data"], let at = told["at"]?.int
        else { return }
        let sign = Event(
            row: 0, id: "", type: type,
            subject: Subject(type: subject["type"]?.text ?? "", id: subject["id"]?.text ?? ""),
            data: data.serialized, createdAt: Instant(microseconds: at))
        pass(sign, to: TenantID(rawValue: tenant))
    }

    private func pass(_ sign: Event, to tenant: TenantID) {
        let listeners = subscriptions.withLock { $0[tenant].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.pass(sign) }
    }

    // MARK: Who follows

    /// Events from now on, or those after the event with the id `lastEventID` and on. An id that is not known
    /// starts from now. End it with `cancel`.
    package func subscribe(_ tenant: TenantID, lastEventID: String? = nil) throws -> EventSubscription {
        // Known to the hub before the newest row is read: no commit falls between.
        let subscription = EventSubscription(tenant, database, self)
        subscriptions.withLock { $0[tenant, default: [:]][ObjectIdentifier(subscription)] = subscription }
        do {
            let start = try database.read(tenant) { reader in
                try lastEventID.flatMap { try reader.events.row(of: $0) } ?? reader.events.lastRow()
            }
            subscription.begin(after: start)
            return subscription
        } catch {
            subscription.cancel()
            throw error
        }
    }

    fileprivate func remove(_ subscription: EventSubscription, of tenant: TenantID) {
        subscriptions.withLock { all in
            all[tenant]?[ObjectIdentifier(subscription)] = nil
            if all[tenant]?.isEmpty == true { all[tenant] = nil }
        }
    }
}

/// One reader of a tenant's events. A reader that is quick enough gets them from memory; one that is not
/// goes back to the table, and misses nothing either.
package final class EventSubscription: Sendable {
    /// Events kept for a reader before it is sent back to the table.
    private static let bufferMax = 256
    /// Signs that wait for a reader; further ones pass unseen.
    private static let signsMax = 32
    private static let pageSize = 200

    private struct State {
        var last: Int64 = .max
        /// Whether the buffer has everything after `last`; otherwise the table does.
        var isLive = false
        /// Something was committed since the table was last read.
        var isStale = false
        var buffer: [Event] = []
        var signs: [Event] = []
        var reader: CheckedContinuation<Void, Never>?
        var isCancelled = false
    }

    private let tenant: TenantID
    private let database: Database
    private let hub: EventHub
    private let state = Mutex(State())

    fileprivate init(_ tenant: TenantID, _ database: Database, _ hub: EventHub) {
        (self.tenant, self.database, self.hub) = (tenant, database, hub)
    }

    fileprivate func begin(after row: Int64) { state.withLock { $0.last = row } }

    /// The next events, in order, as soon as there is one; `nil` when the subscription has been cancelled. For
    /// one reader at a time.
    package func next() async throws -> [Event]? {
        while true {
            let (step, last) = state.withLock { state in
                if state.isCancelled { return (Step.end, Int64(0)) }
                if !state.isLive {
                    state.isStale = false
                    return (.readTable, state.last)
                }
                var events = state.buffer
                state.buffer.removeAll(keepingCapacity: true)
                if let last = events.last { state.last = last.row }
                events += state.signs
                state.signs.removeAll(keepingCapacity: true)
                return (events.isEmpty ? .wait : .deliver(events), state.last)
            }
            switch step {
            case .end: return nil
            case .deliver(let events): return events
            case .wait: await waitForDelivery()
            case .readTable:
                let events = try database.read(tenant) { try $0.events.after(last, limit: Self.pageSize) }
                state.withLock { state in
                    if let last = events.last { state.last = last.row }
                    if events.isEmpty, !state.isStale { state.isLive = true }
                }
                if !events.isEmpty { return events }
            }
        }
    }

    private enum Step {
        case end, wait, readTable
        case deliver([Event])
    }

    private func waitForDelivery() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.buffer.isEmpty || !state.signs.isEmpty || !state.isLive || state.isCancelled {
                        return true
                    }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Without an event, or without room for it, the reader is sent to the table.
    fileprivate func deliver(_ event: Event?) {
        let reader = state.withLock { state in
            if state.isLive {
                let newest = state.buffer.last?.row ?? state.last
                if let event, event.row <= newest {
                    // It was in the table already.
                } else if let event, event.row == newest + 1, state.buffer.count < Self.bufferMax {
                    state.buffer.append(event)
                } else {
                    state.buffer = []
                    state.isLive = false
                }
            }
            state.isStale = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Comes behind the events that were there before it.
    fileprivate func pass(_ sign: Event) {
        let reader = state.withLock { state in
            guard state.signs.count < Self.signsMax else { return CheckedContinuation<Void, Never>?.none }
            state.signs.append(sign)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Ends it: `next` returns `nil`.
    package func cancel() {
        hub.remove(self, of: tenant)
        let reader = state.withLock { state in
            state.isCancelled = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
