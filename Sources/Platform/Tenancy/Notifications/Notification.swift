internal import Agents
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry
package import Templates
internal import Wording

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
    package var isListed = true
    package var said = JSON.null

    package init() {}

    package static let idPrefix = "ntf", noun = "notification"
    package static let resource = Resource<Notification>(
        "notifications", named: "Notification", rule: .person(),
        [
            .id("user_id", \.userID, .readOnly, .about("The user who is notified.")),
            .text("kind", \.kind, max: 100, .readOnly, .example("handover")),
            .text(
                "title", \.title, max: 300, .readOnly, .about("The event, in the reader's language.")),
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
            .boolean(
                "listed", \.isListed, .readOnly, .added(in: 822),
                .about("Whether the reader wants notifications of this kind in the console.")),
            .document("said", \.said, .secret, .added(in: 822)),
        ])

    /// The sayings it is made of, to be said in any language; older ones have words alone.
    private var sayings: (title: Saying, body: Saying?)? {
        Saying(json: said["title"]).map { (title: $0, body: Saying(json: said["body"])) }
    }

    /// Makes it of these, in a reader's words.
    mutating func say(_ title: Saying, _ body: Saying?, in words: Wording, _ zone: TimeZoneRules) {
        said = ["title": title.json, "body": body?.json ?? .null]
        speak(words, zone)
    }

    /// Puts it into a reader's words, where it is made of more than words.
    mutating func speak(_ words: Wording, _ zone: TimeZoneRules) {
        guard let sayings else { return }
        title = String(sayings.title.said(in: words, zone).prefix(300))
        body = sayings.body.map { String($0.said(in: words, zone).prefix(4000)) }
    }
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
        _ audience: Audience, kind: NotificationKind, title: Saying, body: Saying? = nil,
        subject: Subject? = nil, urgency: Notification.Urgency = .normal
    ) throws -> Notice {
        let notice = tx.makeID("ntc_")
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let people = try people(of: audience, zone).filter { user in
            guard (user.notifications ?? NotificationPreferences()).wants(kind.name, urgency) else {
                return false
            }
            guard let limit = user.limit(by: tx.runtime.rowRules) else { return true }
            return try subject.map { try limit.sees(subject: $0.type, $0.id, in: tx) } ?? false
        }
        for user in people {
            let preferences = user.notifications ?? NotificationPreferences()
            let isListed = preferences.lists(kind.name)
            var notification = Notification.new(id: tx.nextID(), now: tx.now)
            (notification.userID, notification.kind, notification.noticeID) = (user.id, kind.name, notice)
            notification.isListed = isListed
            notification.say(title, body, in: try tx.wordings.find(for: user), zone)
            (notification.about, notification.urgency) = (subject?.json ?? .null, urgency)
            if isListed { notification.deliveredAt = tx.now }
            // A notice is its reader's own, so it does not count against the limits of the work that tells
            // it.
            try Notification.resource.insert(&notification, in: tx.unlimited)
            if isListed { try note(.console, of: notification.id, .delivered, nil) }
            let start =
                urgency == .high ? tx.now : preferences.reachable(from: tx.now, in: zone)
            for channel in preferences.channels(kind.name, urgency) {
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
                    "user_id": JSON(user.id), "kind": .string(kind.name),
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
            let able = try User.resource.all(
                where: "role IN \(list: try tx.roles.holding(permission)) AND status = 'active'",
                suffix: "ORDER BY row LIMIT 200",
                in: tx)
            let now = tx.now
            let onDuty = able.filter { ($0.notifications?.reachable(from: now, in: zone) ?? now) <= now }
            return onDuty.isEmpty ? able : onDuty
        }
    }
}

extension NotificationStore {
    /// Returns whether a notice has reached somebody, by whichever channel.
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
private let erased = Saying("notification.erased")
private let forgotten: JSON = ["title": erased.json, "body": .null]

extension NotificationStore {
    /// Returns the notifications to people of the agency about these subjects.
    package func all(about subjects: [Subject]) throws -> [Notification] {
        try subjects.chunks(of: 200).flatMap { chunk in
            // In the order of the subjects, or SQLite would walk all notifications to find these in order.
            try Notification.resource.all(
                where: "subject IN \(list: chunk.map(\.json.serialized))",
                suffix: "ORDER BY subject, row LIMIT 10000", in: tx)
        }
    }
}

extension NotificationStore where Base == Transaction {
    /// Takes the words out of what people of the agency were told about these: that they were told stays. What has not
    /// left yet leaves without them.
    package func forget(about subjects: [Subject]) throws -> [Notification] {
        let told = try all(about: subjects).filter { $0.said != forgotten }
        for notification in told {
            try tx.run(
                """
                UPDATE notifications SET title = \(erased.english), body = NULL, said = \(forgotten.serialized),
                    updated_at = \(tx.now), version = version + 1
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
