import Telemetry

/// Carries news between the processes that share a server. One connection listens; another tells what is said in
/// passing: the first at once, and what comes within the next moment together, because each transaction that notifies
/// takes a lock that all of them share. News said in a transaction (`tx.notify`) is told by its own commit.
///
/// Unchecked: the variables are touched inside `monitor`, the threads by who opens and closes.
final class PostgreSQLListener: @unchecked Sendable {
    static let channel = "bureau"

    private static let pause_milliseconds: UInt32 = 50
    private static let patience_milliseconds: Int32 = 500

    private let pool: PostgreSQLPool
    private let notifications: Notifications
    private let monitor = Monitor()
    private var news: [String] = []
    private var known: Set<String> = []
    private var isClosing = false
    private let presence: PostgreSQLPresence
    private var listening: OwnThread?, telling: OwnThread?

    init(_ pool: PostgreSQLPool, _ notifications: Notifications) throws(DatabaseError) {
        (self.pool, self.notifications) = (pool, notifications)
        presence = PostgreSQLPresence(pool)
        listening = try OwnThread { self.listen() }
        telling = try OwnThread { self.tell() }
    }

    /// To be told soon; the same news twice is told once.
    func tell(_ channel: String, _ payload: String) {
        monitor.withLock {
            let text = Self.text(channel, payload)
            guard known.insert(text).inserted else { return }
            news.append(text)
            monitor.wake()
        }
    }

    static func text(_ channel: String, _ payload: String) -> String { channel + "\n" + payload }

    /// Lets the other processes know that the one of this name lives.
    func announce(_ name: String) { presence.announce(name) }

    func close() {
        let isFirst = monitor.withLock {
            defer { isClosing = true }
            return !isClosing
        }
        guard isFirst else { return }
        monitor.wakeAll()
        telling?.join()
        listening?.join()
        (telling, listening) = (nil, nil)
        presence.end()
    }

    private var isOver: Bool { monitor.withLock { isClosing } }

    // MARK: The listening thread

    private func listen() {
        var isFirst = true
        while !isOver {
            guard let connection = try? pool.connect(insisting: true) else {
                CallingThread.pause(milliseconds: Self.pause_milliseconds)
                continue
            }
            defer { pool.forget(connection) }
            guard (try? connection.command("LISTEN \(Self.channel)")) != nil else { continue }
            // Notifications were lost while nobody listened, so everyone looks for themselves.
            if !isFirst { notifications.missed() }
            isFirst = false
            hear(connection)
        }
    }

    private func hear(_ connection: PostgreSQLConnection) {
        while !isOver {
            presence.renew()
            guard let found = connection.notifications(atMost: Self.patience_milliseconds) else { return }
            for notification in found where !pool.isOwn(notification.processID) {
                deliver(notification.payload)
            }
        }
    }

    private func deliver(_ text: String) {
        let end = text.firstIndex(of: "\n") ?? text.endIndex
        notifications.post(String(text[..<end]), String(text[end...].dropFirst()))
    }

    // MARK: The telling thread

    private func tell() {
        var connection: PostgreSQLConnection?
        while let batch = next() {
            if connection?.isConnected != true {
                if let old = connection { pool.forget(old) }
                connection = try? pool.connect()
            }
            // News that cannot be told is lost, as it is with the server away; those who miss it look now and then.
            for start in stride(from: 0, to: batch.count, by: 100) {
                let calls = batch[start..<min(start + 100, batch.count)].map {
                    "pg_notify(\(Self.channel.asLiteral), \($0.asLiteral))"
                }
                try? connection?.command("SELECT " + calls.joined(separator: ", "))
            }
            CallingThread.pause(milliseconds: Self.pause_milliseconds)
        }
        if let connection { pool.forget(connection) }
    }

    private func next() -> [String]? {
        monitor.withLock {
            while news.isEmpty, !isClosing { monitor.wait() }
            guard !news.isEmpty else { return nil }
            defer { (news, known) = ([], []) }
            return news
        }
    }
}
