internal import Agents
package import Database
internal import HTTPServer
package import JSON
internal import Nouns
package import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Wire
internal import Wording

private let access = Access.permission("notifications:read")

/// Registers the routes for each person's notifications, and for how they want to be notified.
func notificationRoutes(_ routes: inout Routes, _ kinds: [NotificationKind]) {
    routes.declare(Notification.resource)
    routes.declare(NotificationPreferences.self)
    preferenceRoutes(&routes, kinds)
    kindRoute(&routes, kinds)
    routes.get(
        "/v1/notifications", access, "List your notifications, newest first",
        query: ParameterDoc.list(Notification.resource) + [
            .query("unread", "Whether to list unread notifications only.", ["type": "boolean"]),
            .query(
                "unlisted", "Whether to list also those that you do not want in the console.",
                ["type": "boolean"]),
        ], .list(Notification.resource)
    ) { call in
        .read { reader in
            var list = try ListQuery(
                Notification.resource, call.request.head.query, dialect: reader.dialect,
                extra: ["unread", "unlisted"])
            list.add("user_id = \(call.actor.id)")
            if try call.isTrue("unread") { list.add("read_at IS NULL") }
            if try !call.isTrue("unlisted") { list.add("listed = 1") }
            return .json(
                try reader.notifications.spoken(
                    list.written(in: reader), reader.wordings.find(for: call), reader.notifications.zone()))
        }
    }
    routes.get(
        "/v1/notifications/{id}", access, "Get a notification, with the channels that it was sent on",
        .record(Notification.resource)
    ) { call in
        let id = try call.id("id", of: Notification.self)
        return .read { reader in
            var notification = try reader.notifications.own(id, call)
            notification.speak(try reader.wordings.find(for: call), try reader.notifications.zone())
            let deliveries = try reader.all(
                """
                SELECT \(ToldDelivery.columns) FROM notification_deliveries
                WHERE tenant_id = \(reader.tenant) AND notification_id = \(notification.id) ORDER BY channel
                """
            ) { try ToldDelivery($0).json }
            return .record(notification, extra: ["deliveries": .array(deliveries)])
        }
    }
    markingRoutes(&routes)
}

/// The delivery of a notification over one channel, as its reader sees it.
private struct ToldDelivery: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        json = [
            "channel": .string(row.text("channel")), "status": .string(row.text("status")),
            "detail": JSON(row.optionalText("detail")),
            "created_at": .string(row.instant("created_at").description),
            "finished_at": JSON(row.optionalInstant("finished_at")?.description),
        ]
    }
}

/// Routes for marking notifications as read, and for a test of them.
private func markingRoutes(_ routes: inout Routes) {
    routes.post(
        "/v1/notifications/{id}/read", access, "Mark a notification as read", .record(Notification.resource)
    ) { call in
        let id = try call.id("id", of: Notification.self)
        return .write { tx in
            let old = try tx.notifications.own(id, call)
            var read = old
            read.speak(try tx.wordings.find(for: call), try tx.notifications.zone())
            guard old.readAt == nil else { return .record(read) }
            (read.readAt, read.deliveredAt) = (tx.now, old.deliveredAt ?? tx.now)
            (read.version, read.updatedAt) = (old.version + 1, tx.now)
            try Notification.resource.update(old, to: read, in: tx)
            return .record(read)
        }
    }
    routes.schema("NotificationCount", .record(["count": .anyInteger]))
    routes.post(
        "/v1/notifications/read-all", access, "Mark all notifications as read",
        named: "mark_all_notifications_read",
        .json(.reference("NotificationCount"), "How many notifications were marked as read.")
    ) { call in
        .write { tx in
            let count = try tx.run(
                """
                UPDATE notifications SET read_at = \(tx.now), updated_at = \(tx.now), version = version + 1,
                    delivered_at = coalesce(delivered_at, \(tx.now))
                WHERE tenant_id = \(tx.tenant) AND user_id = \(call.actor.id) AND read_at IS NULL
                """)
            return .json(["count": JSON(count)])
        }
    }
    routes.post(
        "/v1/notifications/test", access, "Send yourself a test notification",
        named: "send_test_notification",
        .json(.reference("NotificationCount"), status: 202, "How many people were notified.")
    ) { call in
        .write { tx in
            let notice = try tx.notifications.notify(
                .users(call.actor.userID.map { [$0] } ?? []), kind: .test,
                title: Saying("notification.test_title"), body: Saying("notification.test_body"),
                urgency: .high)
            return .json(["count": JSON(notice.people)], status: 202)
        }
    }
}

/// Registers the list of what people can be told of.
private func kindRoute(_ routes: inout Routes, _ kinds: [NotificationKind]) {
    let schema: JSON = .record([
        "kind": ["type": "string", "description": "The kind, as notifications and preferences name it."],
        "title": ["type": "string", "description": "The name of the kind, in the reader's language."],
    ])
    routes.schema("NotificationKind", schema)
    routes.get(
        "/v1/notifications/kinds", access,
        "List the kinds of notifications, for each of which you choose channels",
        query: ParameterDoc.page, .list(of: .reference("NotificationKind"))
    ) { call in
        let window = try call.window()
        return .read { reader in
            let words = try reader.wordings.find(for: call)
            return window.page(
                of: kinds.map { ["kind": .string($0.name), "title": .string($0.title.said(in: words))] })
        }
    }
}

private func preferenceRoutes(_ routes: inout Routes, _ kinds: [NotificationKind]) {
    let answer = Answer.json(.reference("NotificationPreferences"), "Your preferences.")
    routes.get(
        "/v1/notifications/preferences", access, "Get your preferences for notifications", answer
    ) { call in
        .read { reader in
            let user = try reader.notifications.person(call)
            return .json(NotificationPreferences.schema.json(user.notifications ?? NotificationPreferences()))
        }
    }
    routes.patch(
        "/v1/notifications/preferences", access, "Update your preferences for notifications",
        body: .json(.reference("NotificationPreferences")), answer
    ) { call in
        let patch = try call.object()
        return .write { tx in
            let user = try tx.notifications.person(call)
            let changed = try (user.notifications ?? NotificationPreferences()).patched(with: patch)
            let unknown = changed.unknownKinds(kinds)
            if !unknown.isEmpty { throw Problem(faults: unknown) }
            try tx.notifications.set(changed, of: user, by: call.actor)
            return .json(NotificationPreferences.schema.json(changed))
        }
    }
}

extension NotificationPreferences {
    /// Returns the preferences with a merge patch applied: what it does not name stays.
    package func patched(with patch: JSONObject) throws(Problem) -> NotificationPreferences {
        let merged = Self.schema.json(self).merging(.object(patch)).object ?? [:]
        var changed = NotificationPreferences(), faults = Faults()
        Self.schema.create(&changed, from: merged, faults: &faults)
        for fault in changed.faults { faults.add(fault.pointer, fault.code, fault.detail) }
        try faults.throwIfAny()
        return changed
    }
}

package extension NotificationStore where Base == Transaction {
    func set(
        _ preferences: NotificationPreferences, of user: User, by actor: Actor
    ) throws {
        var changed = user
        changed.notifications = preferences
        try tx.update(user, to: &changed, by: actor)
    }
}

extension Call {
    fileprivate func isTrue(_ name: String) throws(Problem) -> Bool {
        switch query(name) {
        case "true": true
        case nil, "false": false
        default: throw Problem(.invalidParameter, "\(name) must be true or false.")
        }
    }
}

extension NotificationStore {
    /// Returns a page with its titles and texts in the reader's words. What has never been anything but words stays.
    fileprivate func spoken(
        _ page: OutputBuffer, _ words: Wording, _ zone: TimeZoneRules
    ) throws -> JSON {
        var answer = try JSONParser.parse(page.bytes).object ?? [:]
        let items = answer["data"]?.array ?? []
        let ids = items.compactMap { $0["id"]?.text }
        let known = ids.isEmpty ? [:] : try Notification.resource.values(of: ids, in: tx) { $0 }
        answer["data"] = .array(
            items.map { item in
                guard var object = item.object, var one = known[item["id"]?.text ?? ""] else { return item }
                one.speak(words, zone)
                if object["title"] != nil { object["title"] = .string(one.title) }
                if object["body"] != nil { object["body"] = JSON(one.body) }
                return .object(object)
            })
        return .object(answer)
    }

    /// The agency's zone, by which times are said.
    fileprivate func zone() throws -> TimeZoneRules {
        TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
    }

    /// The person who calls; keys want nothing.
    fileprivate func person(_ call: Call) throws -> User {
        guard call.actor.kind == .user, let id = call.actor.userID,
            let user = try User.resource.find(id, in: tx)
        else { throw Problem(.forbidden, "Only a person has preferences: sign in as a user.") }
        return user
    }

    fileprivate func own(_ id: ID<Notification>, _ call: Call) throws -> Notification {
        let found = try Notification.resource.first(
            where: "id = \(id) AND user_id = \(call.actor.id)", in: tx)
        guard let found else { throw Problem(.notFound) }
        return found
    }
}
