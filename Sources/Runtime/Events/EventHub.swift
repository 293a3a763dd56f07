package import Database
internal import Synchronization
internal import Telemetry

/// Hands committed events to those who listen. A tenant without listeners costs a look into a dictionary.
/// Events come in the order of their rows: a tenant's transactions are committed one after the other, and the next row
/// is taken from what was committed before. One that does not follow on the last, because another process made
/// those between, sends its reader to the table.
package final class EventHub: Sendable {
    private let database: Database
    private let subscriptions = Mutex<[TenantID: [ObjectIdentifier: EventSubscription]]>([:])

    private static let channel = "events"

    init(_ database: Database) {
        self.database = database
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
    private static let pageSize = 200

    private struct State {
        var last: Int64 = .max
        /// Whether the buffer has everything after `last`; otherwise the table does.
        var isLive = false
        /// Something was committed since the table was last read.
        var isStale = false
        var buffer: [Event] = []
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
                let events = state.buffer
                state.buffer.removeAll(keepingCapacity: true)
                if let last = events.last { state.last = last.row }
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
                    if !state.buffer.isEmpty || !state.isLive || state.isCancelled { return true }
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
