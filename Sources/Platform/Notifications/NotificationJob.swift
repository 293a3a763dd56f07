package import Database
internal import HTTPClient
internal import JSON
internal import Records
package import Runtime
internal import Telemetry

enum NotificationChannel: String { case console, mail, webhook }
enum NotificationDelivery: String { case pending, delivered, failed, captured }

/// Brings a notification to somebody by mail or into their chat, and writes down whether it came there.
package struct NotificationJob: JobKind {
    package struct Payload: Codable, Sendable { let notification: String, channel: String }

    package static let kind = "notification.deliver"
    package static let attemptsMax = 6

    private let services: PlatformServices

    package init(_ services: PlatformServices) { self.services = services }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let id = ID<Notification>(payload.notification),
            let channel = NotificationChannel(rawValue: payload.channel)
        else { return }
        let found = try job.read { reader -> (Notification, User)? in
            guard let notification = try Notification.resource.find(id, in: reader),
                let user = try ID<User>(notification.userID).flatMap({
                    try User.resource.find($0, in: reader)
                }), user.status == .active
            else { return nil }
            return (notification, user)
        }
        guard let (notification, user) = found else { return }
        // Who has seen it already is not told again.
        if notification.readAt != nil || job.runtime.isSandbox(job.tenant) {
            let status = notification.readAt != nil ? NotificationDelivery.delivered : .captured
            return try await job.complete { tx in
                try tx.finish(channel, of: notification, status, status == .captured ? "sandbox" : "read")
            }
        }
        switch channel {
        case .console: return
        case .mail:
            let services = services
            try await job.complete { tx in
                let mail = AccountMail(
                    kind: .notice(
                        title: notification.title, body: notification.body, id: notification.id.text),
                    name: user.name,
                    email: user.email, link: "\(services.settings.publicURL)/#/notifications")
                let isSent = try services.accountMails.send(mail, in: tx)
                try tx.finish(
                    channel, of: notification, isSent ? .delivered : .failed,
                    isSent ? nil : "No mail service is connected.")
            }
        case .webhook: try await post(notification, user, job)
        }
    }

    private func post(_ notification: Notification, _ user: User, _ job: JobContext) async throws {
        guard let place = user.notifications?.webhookURL, let url = try? OutboundURL(place) else {
            return try await job.complete { tx in
                try tx.finish(.webhook, of: notification, .failed, "It has no address any more.")
            }
        }
        let text = [notification.title, notification.body].compactMap(\.self).joined(separator: "\n")
        let body: JSON = ["text": .string(text)]
        var request = HTTPClientRequest(
            "POST", url, headers: [("Content-Type", "application/json")], body: body.bytes)
        request.deadline = .seconds(20)
        request.redirectsMax = 0
        request.bodyLimit = .truncate(1024)
        let status: Int
        do {
            status = try await services.outbound.send(request).status
        } catch {
            throw JobFailure.retryable("unreachable", "\(error)")
        }
        if (200...299).contains(status) {
            return try await job.complete { tx in
                try tx.finish(.webhook, of: notification, .delivered, nil)
            }
        }
        guard status == 429 || status >= 500 else {
            throw JobFailure.terminal("refused", "The chat answered \(status).")
        }
        throw JobFailure.retryable("busy", "The chat answered \(status).")
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard case .dead(let failure) = end, let id = ID<Notification>(payload.notification),
            let channel = NotificationChannel(rawValue: payload.channel),
            let notification = try Notification.resource.find(id, in: tx)
        else { return }
        try tx.finish(channel, of: notification, .failed, failure.detail)
    }
}

extension Transaction {
    func note(
        _ channel: NotificationChannel, of id: ID<Notification>, _ status: NotificationDelivery,
        _ detail: String?
    ) throws {
        let end = status == .pending ? nil : now
        try run(
            """
            INSERT INTO notification_deliveries (tenant_id, notification_id, channel, status, detail, created_at,
                finished_at)
            VALUES (\(tenant), \(id), \(channel.rawValue), \(status.rawValue), \(detail), \(now), \(end))
            ON CONFLICT (tenant_id, notification_id, channel) DO UPDATE SET status = excluded.status,
                detail = excluded.detail, finished_at = excluded.finished_at
            """)
    }

    fileprivate func finish(
        _ channel: NotificationChannel, of notification: Notification, _ status: NotificationDelivery,
        _ detail: String?
    ) throws {
        try note(channel, of: notification.id, status, detail.map { String($0.prefix(500)) })
        guard status == .delivered || status == .captured else { return }
        try run(
            """
            UPDATE notifications SET delivered_at = \(now)
            WHERE tenant_id = \(tenant) AND id = \(notification.id) AND delivered_at IS NULL
            """)
    }
}
