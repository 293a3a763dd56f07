internal import Synchronization

/// Tells the parts of this process what has been committed, here or, with a server, by another process.
final class Notifications: Sendable {
    private struct Listener {
        let receive: @Sendable (String) -> Void
        let missed: @Sendable () -> Void
    }

    private let listeners = Mutex<[String: [Listener]]>([:])

    func listen(
        _ channel: String, missed: @escaping @Sendable () -> Void,
        _ receive: @escaping @Sendable (String) -> Void
    ) {
        listeners.withLock { $0[channel, default: []].append(Listener(receive: receive, missed: missed)) }
    }

    func post(_ channel: String, _ payload: String) {
        for listener in listeners.withLock({ $0[channel] ?? [] }) { listener.receive(payload) }
    }

    /// Tells all listeners that for a while notifications of others were not heard.
    func missed() {
        for listener in listeners.withLock({ $0.values.flatMap { $0 } }) { listener.missed() }
    }
}

extension Database {
    /// Calls `receive` with the payload of each notification of the channel, on a writing thread, when what it tells
    /// is durable and before its caller is answered; or, when another process tells it, soon after. `missed` says that
    /// some may have been lost. Both must be quick.
    package func listen(
        _ channel: String, missed: @escaping @Sendable () -> Void = {},
        _ receive: @escaping @Sendable (_ payload: String) -> Void
    ) {
        notifications.listen(channel, missed: missed, receive)
    }

    /// Tells the listeners of a channel in other processes, once in a moment however often it is said. Who must not
    /// miss it uses `notify` of the transaction.
    package func tellOthers(_ channel: String, _ payload: String) {
        if case .postgreSQL(let engine) = engine { engine.listener.tell(channel, payload) }
    }

    /// Lets other processes know that the one of this name lives, for `Dialect.isAbsent`.
    package func announce(_ name: String) {
        if case .postgreSQL(let engine) = engine { engine.listener.announce(name) }
    }
}

extension WriteScope {
    /// Notifies the listeners of a channel, in every process, once this transaction has committed.
    package func notify(_ channel: String, _ payload: String) {
        let notifications = pending.notifications
        pending.notices.append(PostgreSQLListener.text(channel, payload))
        onCommit { notifications?.post(channel, payload) }
    }
}
