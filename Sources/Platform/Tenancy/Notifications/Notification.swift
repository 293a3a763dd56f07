internal import Agents
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that one person is told: one row of `notifications`.
package struct Notification: ManagedRecord {
    package enum Urgency: String, Choice { case low, normal, high }

    package var head = Head<Notification>()
    package var userID = UserID.unset
    package var kind = ""
    package var title = ""
    package var body: String?
    package var about = JSON.null
    package var urgency = Urgency.normal
    package var readAt: Instant?
    package var deliveredAt: Instant?
    package var noticeID = ""

    package init() {}

    package static let idPrefix = "ntf", noun = "notification"
    package static let resource = Resource<Notification>(
        "notifications", named: "Notification", rule: .person(),
        [
            .id("user_id", \.userID, .readOnly, .about("The user who is notified.")),
            .text("kind", \.kind, max: 100, .readOnly, .example("handover")),
            .text("title", \.title, max: 300, .readOnly),
            .text("body", \.body, max: 4000, .readOnly),
            .document("subject", \.about, .readOnly, .about("The subject: {type, id}.")),
            .choice("urgency", \.urgency, .readOnly),
            .instant("read_at", \.readAt, .readOnly),
            .instant(
                "delivered_at", \.deliveredAt, .readOnly,
                .about("When the first of its channels had taken it.")),
            .text(
                "notice_id", \.noticeID, max: 64, .readOnly,
                .about("The id that is the same for everybody who was notified.")),
        ])
}

/// The people for whom a notice is.
package enum Audience: Sendable {
    case users([UserID])
    /// The users who have the permission; those who are on duty, where somebody is.
    case permission(Permission)
}

/// The outcome of a notice so far.
package struct Notice: Sendable {
    package let id: String
    /// The number of people for whom it is.
    package let people: Int
}

package extension NotificationStore where Base == Transaction {
    /// Tells people of the agency something, each as they want to be told. It is stored with what it is about; mail and
    /// chat follow by themselves. `isDelivered` says whether it has reached somebody.
    @discardableResult
    func notify(
        _ audience: Audience, kind: String, title: String, body: String? = nil, subject: Subject? = nil,
        urgency: Notification.Urgency = .normal
    ) throws -> Notice {
        let notice = tx.makeID("ntc_")
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let people = try people(of: audience, zone).filter { user in
            guard let limit = user.limit(by: tx.runtime.rowRules) else { return true }
            return try subject.map { try limit.sees(subject: $0.type, $0.id, in: tx) } ?? false
        }
        for user in people {
            let preferences = user.notifications ?? NotificationPreferences()
            var notification = Notification.new(id: tx.nextID(), now: tx.now)
            (notification.userID, notification.kind, notification.noticeID) = (user.id, kind, notice)
            (notification.title, notification.body) = (
                String(title.prefix(300)), body.map { String($0.prefix(4000)) }
            )
            (notification.about, notification.urgency) = (subject?.json ?? .null, urgency)
            if preferences.console { notification.deliveredAt = tx.now }
            // Whose work tells them is no matter: a notice is its reader's own.
            try Notification.resource.insert(&notification, in: tx.unlimited)
            if preferences.console { try note(.console, of: notification.id, .delivered, nil) }
            let start =
                urgency == .high ? tx.now : preferences.reachable(from: tx.now, in: zone)
            for channel in preferences.channels(urgency) {
                try note(channel, of: notification.id, .pending, nil)
                try tx.jobs.enqueue(
                    NotificationJob.self,
                    .init(notification: notification.id, channel: channel.rawValue),
                    JobOptions(
                        runAt: start, uniqueKey: "\(notification.id)/\(channel.rawValue)",
                        subject: notification.subject))
            }
            try tx.publish(
                "notification.created", notification.subject,
                [
                    // Not its words, which may be those of somebody who is forgotten later.
                    "user_id": JSON(user.id), "kind": .string(kind),
                    "urgency": .string(urgency.rawValue), "about": notification.about,
                ])
        }
        return Notice(id: notice, people: people.count)
    }

    private func people(of audience: Audience, _ zone: TimeZoneRules) throws -> [User] {
        switch audience {
        case .users(let ids):
            return try User.resource.all(
                where: "id IN \(list: ids) AND status = 'active'", suffix: "ORDER BY row LIMIT 200", in: tx)
        case .permission(let permission):
            let catalog = tx.roles.permissionCatalog
            let roles = try tx.roles.names().filter {
                try catalog.held(byRole: $0, in: tx)?.contains(permission) == true
            }
            let able = try User.resource.all(
                where: "role IN \(list: roles) AND status = 'active'", suffix: "ORDER BY row LIMIT 200",
                in: tx)
            let now = tx.now
            let onDuty = able.filter { ($0.notifications?.reachable(from: now, in: zone) ?? now) <= now }
            return onDuty.isEmpty ? able : onDuty
        }
    }
}

extension NotificationPreferences {
    /// The ways beside the console on which something so urgent goes.
    fileprivate func channels(_ urgency: Notification.Urgency) -> [NotificationChannel] {
        func isWanted(_ when: When) -> Bool { when == .always || when == .urgent && urgency == .high }
        return (isWanted(mail) ? [.mail] : []) + (webhookURL != nil && isWanted(webhook) ? [.webhook] : [])
    }
}

extension NotificationStore {
    /// Whether a notice has reached somebody, by whichever channel.
    package func isDelivered(_ notice: String) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM notifications
            WHERE tenant_id = \(tx.tenant) AND notice_id = \(notice) AND delivered_at IS NOT NULL
            """)
    }
}

// MARK: What notifications quote

/// Where it says what it did once somebody has been erased.
private let forgotten = "Erased"

extension NotificationStore {
    /// Returns the notifications to people of the agency about these subjects.
    package func all(about subjects: [Subject]) throws -> [Notification] {
        try subjects.chunks(of: 200).flatMap { chunk in
            try Notification.resource.all(
                where: "subject IN \(list: chunk.map(\.json.serialized))", suffix: "ORDER BY id LIMIT 10000",
                in: tx)
        }
    }
}

extension NotificationStore where Base == Transaction {
    /// Takes the words out of what people of the agency were told about these: that they were told stays. What has not
    /// left yet leaves without them.
    package func forget(about subjects: [Subject]) throws -> [Notification] {
        let told = try all(about: subjects).filter { $0.title != forgotten || $0.body != nil }
        for notification in told {
            try tx.run(
                """
                UPDATE notifications SET title = \(forgotten), body = NULL, updated_at = \(tx.now), version = version + 1
                WHERE tenant_id = \(tx.tenant) AND id = \(notification.id)
                """)
        }
        return told
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
