internal import Synchronization

/// Tells the parts of this process what has been committed: PostgreSQL's LISTEN and NOTIFY, for one process.
final class Notifications: Sendable {
    private let listeners = Mutex<[String: [@Sendable (String) -> Void]]>([:])

    func listen(_ channel: String, _ receive: @escaping @Sendable (String) -> Void) {
        listeners.withLock { $0[channel, default: []].append(receive) }
    }

    func post(_ channel: String, _ payload: String) {
        for receive in listeners.withLock({ $0[channel] ?? [] }) { receive(payload) }
    }
}

extension Database {
    /// Calls `receive` with the payload of each notification of the channel, on the writer's thread, when what it
    /// tells is durable and before its caller is answered. Must be quick.
    package func listen(_ channel: String, _ receive: @escaping @Sendable (_ payload: String) -> Void) {
        notifications.listen(channel, receive)
    }
}

extension WriteScope {
    /// Notifies the listeners of a channel once this transaction has committed.
    package func notify(_ channel: String, _ payload: String) {
        let notifications = pending.notifications
        pending.onCommit.append { notifications?.post(channel, payload) }
    }
}
