internal import Agents
package import Database
internal import HTTPClient
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

enum NotificationChannel: String { case console, mail, webhook }
enum NotificationDelivery: String { case pending, delivered, failed, captured }

/// Brings a notification to somebody by mail or into their chat, and writes down whether it came there.
package struct NotificationJob: JobKind {
    package struct Payload: Codable, Sendable { let notification: ID<Notification>, channel: String }

    package static let kind = "notification.deliver"
    package static let attemptsMax = 6

    static let deadline: Duration = .seconds(20)

    private let services: PlatformServices

    package init(_ services: PlatformServices) { self.services = services }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let channel = NotificationChannel(rawValue: payload.channel)
        else { return }
        let found = try job.read { reader -> (Notification, User)? in
            guard var notification = try Notification.resource.find(payload.notification, in: reader),
                let user = try User.resource.find(notification.userID, in: reader), user.status == .active
            else { return nil }
            let zone = TimeZoneRules(named: try reader.agency.tenant().timeZone) ?? .utc
            notification.speak(try reader.wordings.find(for: user), zone)
            return (notification, user)
        }
        guard let (notification, user) = found else { return }
        // A reader who has seen it already is not told again.
        if notification.readAt != nil {
            return try await job.complete { tx in
                try tx.notifications.finish(channel, of: notification, .delivered, "read")
            }
        }
        switch channel {
        case .console: return
        case .mail: try await mail(notification, user, job)
        case .webhook:
            do {
                try await post(notification, user, job)
            } catch let refusal as ToolRefusal {
                // The agency itself has limited it, or switched it off.
                if let pause = refusal.retryAfter { throw JobSnooze(for: pause, waitingFor: refusal.code) }
                try await job.complete { tx in
                    try tx.notifications.finish(.webhook, of: notification, .failed, refusal.detail)
                }
            }
        }
    }

    private func mail(_ notification: Notification, _ user: User, _ job: JobContext) async throws {
        let services = services, isSandbox = job.isSandbox
        try await job.complete { tx in
            if isSandbox { return try tx.notifications.finish(.mail, of: notification, .captured, "sandbox") }
            var mail = AccountMail(
                kind: .notice(
                    title: notification.title, body: notification.body, id: notification.id.keyText),
                name: user.name,
                email: user.email, link: "\(services.settings.publicURL)/#/notifications")
            mail.locale = try user.locale ?? tx.agency.tenant().locale
            let isSent = try services.accountMails.send(mail, in: tx)
            try tx.notifications.finish(
                .mail, of: notification, isSent ? .delivered : .failed,
                isSent ? nil : "No mail service is connected.")
        }
    }

    private func post(_ notification: Notification, _ user: User, _ job: JobContext) async throws {
        guard let place = user.notifications?.webhookURL, let url = try? OutboundURL(place) else {
            return try await job.complete { tx in
                try tx.notifications.finish(
                    .webhook, of: notification, .failed, "The chat has no address any more.")
            }
        }
        let chat = Connector(user.id, name: url.host, priority: 1, hasOwnCircuit: true)
        if job.isSandbox {
            return try await job.complete { tx in
                try tx.gate.settleUnasked(try tx.notifications.permit(notification, to: chat), .captured)
                try tx.notifications.finish(.webhook, of: notification, .captured, "sandbox")
            }
        }
        let permit = try await job.write { tx in try tx.notifications.permit(notification, to: chat) }
        let failure = await send(notification, to: url, permit)
        guard let failure else {
            return try await job.complete { tx in
                try tx.gate.settleUnasked(permit, .succeeded)
                try tx.notifications.finish(.webhook, of: notification, .delivered, nil)
            }
        }
        let isRetryable = failure.course != .terminal
        try await job.write { tx in
            try tx.gate.settleUnasked(
                permit, .failed(ToolFailure(failure.code, failure.detail, isRetryable: isRetryable)))
        }
        throw failure
    }

    /// Answers why it did not arrive; `nil`: it did.
    private func send(
        _ notification: Notification, to url: OutboundURL, _ permit: Permit
    ) async -> JobFailure? {
        let text = [notification.title, notification.body].compactMap(\.self).joined(separator: "\n")
        let body: JSON = ["text": .string(text)], bytes = body.bytes
        var request = HTTPClientRequest(
            "POST", url, headers: [("Content-Type", "application/json")], body: bytes)
        request.deadline = Self.deadline
        request.redirectsMax = 0
        request.bodyLimit = .truncate(1024)
        permit.reach.note(bytes: bytes.count)
        do {
            let answer = try await services.outbound.send(request)
            permit.reach.note(status: answer.status)
            permit.reach.note(bytes: answer.body.count)
            if (200...299).contains(answer.status) { return nil }
            return answer.status == 429 || answer.status >= 500
                ? .retryable("busy", "The chat answered \(answer.status).")
                : .terminal("refused", "The chat answered \(answer.status).")
        } catch {
            return .retryable("unreachable", "\(error)")
        }
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard case .dead(let failure) = end, let channel = NotificationChannel(rawValue: payload.channel),
            let notification = try Notification.resource.find(payload.notification, in: tx)
        else { return }
        try tx.notifications.finish(channel, of: notification, .failed, failure.detail)
    }
}

extension NotificationStore where Base == Transaction {
    /// Lets an attempt out to somebody's own chat. They have set themselves that they are told there: nobody is asked.
    fileprivate func permit(_ notification: Notification, to chat: Connector) throws -> Permit {
        let key = "\(notification.id)/\(NotificationChannel.webhook.rawValue)"
        return try tx.gate.permitUnasked(
            PostNotificationTool.name, key: key,
            attempt: try tx.connectorCalls.nextAttempt(key: key, limit: NotificationJob.deadline),
            for: ToolCaller(actor: .system, subject: notification.subject), by: chat, nil,
            deadline: NotificationJob.deadline)
    }

    func note(
        _ channel: NotificationChannel, of id: ID<Notification>, _ status: NotificationDelivery,
        _ detail: String?
    ) throws {
        let end = status == .pending ? nil : tx.now
        try tx.run(
            """
            INSERT INTO notification_deliveries (tenant_id, notification_id, channel, status, detail, created_at,
                finished_at)
            VALUES (\(tx.tenant), \(id), \(channel.rawValue), \(status.rawValue), \(detail), \(tx.now), \(end))
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
        try tx.run(
            """
            UPDATE notifications SET delivered_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(notification.id) AND delivered_at IS NULL
            """)
    }
}
