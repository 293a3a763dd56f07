import JSON
import StandIns
import Testing

/// People of the agency are told where they want to be told.
@Suite(.ownThread) struct Notifications {
    let server = BureauProcess.shared

    /// A notification with its deliveries, once none is under way.
    private func settled(_ caller: Caller) throws -> JSON {
        try eventually("the deliveries") {
            // JSON has a null of its own: `nil` would be an answer.
            guard let first = try caller.get("/v1/notifications?unlisted=true").ok().items.first else {
                return .none
            }
            let whole = try caller.get("/v1/notifications/\(first.id)").ok()
            let isOver = (whole["deliveries"]?.array ?? []).allSatisfy { $0.text("status") != "pending" }
            return isOver ? whole : .none
        }
    }

    private func statuses(_ notification: JSON) -> [String: String] {
        (notification["deliveries"]?.array ?? []).reduce(into: [:]) {
            $0[$1.text("channel")] = $1.text("status")
        }
    }

    @Test func `each reads their own, marks them, and sees no colleague's`() throws {
        let agency = try server.quietAgency()
        let member = try agency.colleague("member")
        for _ in 0..<3 { try agency.owner.post("/v1/notifications/test").ok(202) }
        let all = try agency.owner.every("/v1/notifications")
        #expect(all.count == 3 && all.allSatisfy { $0.text("kind") == "test" && $0["read_at"] == .null })
        #expect(try member.get("/v1/notifications").ok().items.isEmpty)
        try member.get("/v1/notifications/\(all[0].id)").problem(404)
        try member.post("/v1/notifications/\(all[0].id)/read").problem(404)
        let read = try agency.owner.post("/v1/notifications/\(all[0].id)/read").ok()
        #expect(read["read_at"] != .null)
        #expect(try agency.owner.post("/v1/notifications/\(all[0].id)/read").ok() == read)
        #expect(try agency.owner.get("/v1/notifications?unread=true").ok().items.count == 2)
        #expect(try agency.owner.post("/v1/notifications/read-all").ok()["count"] == 2)
        #expect(try agency.owner.told("notification.created").count == 3)
    }

    @Test func `by mail and into a chat, and each delivery is written down`() throws {
        let (agency, mail) = (try server.signUp(), try PostmarkStandIn())
        let chat = try StandIn { _ in StandInAnswer() }
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        let preferences = try agency.owner.patch(
            "/v1/notifications/preferences", ["webhook_url": .string(chat.url)]
        ).ok()
        #expect(preferences["console"] == true && preferences["mail"] == "urgent")
        try agency.owner.post("/v1/notifications/test").ok(202)
        let told = try settled(agency.owner)
        #expect(statuses(told) == ["console": "delivered", "mail": "delivered", "webhook": "delivered"])
        #expect(chat.requests.count == 1)
        #expect(String(decoding: chat.requests[0].body, as: UTF8.self).contains("Test notification"))
        try eventuallyTrue("the mail") {
            mail.service.requests.contains {
                $0.target == "/email"
                    && String(decoding: $0.body, as: UTF8.self).contains("Test notification")
            }
        }
    }

    @Test func `what reached nobody is not delivered, and says why`() throws {
        let agency = try server.quietAgency()
        let chat = try StandIn { _ in StandInAnswer(404, "") }
        try agency.owner.patch(
            "/v1/notifications/preferences", ["console": false, "webhook_url": .string(chat.url)]
        ).ok()
        try agency.owner.post("/v1/notifications/test").ok(202)
        let told = try settled(agency.owner)
        #expect(statuses(told) == ["mail": "failed", "webhook": "failed"])
        #expect(told["delivered_at"] == .null)
        #expect((told["deliveries"]?.array ?? []).allSatisfy { !$0.text("detail").isEmpty })
    }

    @Test func `into a chat they pass the gate: kept and counted, and held by no brake`() throws {
        let owner = try server.quietAgency().owner
        let chat = try StandIn { _ in StandInAnswer() }
        try owner.patch(
            "/v1/notifications/preferences", ["mail": "never", "webhook_url": .string(chat.url)]
        ).ok()
        try owner.post("/v1/brakes", ["scope": "tenant", "reason": "a test"]).ok(201)
        try owner.post("/v1/notifications/test").ok(202)
        let told = try settled(owner)
        #expect(statuses(told) == ["console": "delivered", "webhook": "delivered"])
        let calls = try owner.every("/v1/tool-calls?tool=post_notification")
        #expect(calls.map { $0.text("state") } == ["succeeded"])
        #expect(calls.first?["subject"] == ["type": "notification", "id": .string(told.id)])
        #expect(calls.first?["actor"]?.text("type") == "system" && (calls.first?["bytes"]?.int ?? 0) > 10)
        let tool = try owner.get("/v1/tools/post_notification").ok()
        #expect(tool.text("class") == "sends" && tool["use_today"]?["calls"] == 1)
        #expect(try owner.every("/v1/approvals").isEmpty, "they have set it themselves")
    }

    @Test func `a chat that says no is a call that failed, and a tool that is off tells nobody`() throws {
        let owner = try server.quietAgency().owner
        let chat = try StandIn { _ in StandInAnswer(404, "") }
        try owner.patch(
            "/v1/notifications/preferences", ["mail": "never", "webhook_url": .string(chat.url)]
        ).ok()
        try owner.post("/v1/notifications/test").ok(202)
        #expect(statuses(try settled(owner))["webhook"] == "failed")
        let calls = try owner.every("/v1/tool-calls?tool=post_notification")
        #expect(calls.map { $0.text("state") } == ["failed"])
        #expect(calls.first?["error"]?.text("code") == "refused" && chat.requests.count == 1)
        try owner.patch("/v1/tools/post_notification", ["enabled": false]).ok()
        try owner.post("/v1/notifications/test").ok(202)
        let silent = try settled(owner)
        #expect(statuses(silent) == ["console": "delivered", "webhook": "failed"])
        #expect(silent.serialized.contains("switched off") && chat.requests.count == 1)
    }

    @Test func `preferences are one's own, and checked`() throws {
        let agency = try server.quietAgency()
        let path = "/v1/notifications/preferences"
        let faults = try agency.owner.patch(
            path, ["mail": "sometimes", "webhook_url": "no", "duty_hours": ["from": "9", "to": "17:00"]]
        ).faults()
        #expect(Set(faults.keys).isSuperset(of: ["/mail", "/webhook_url"]))
        let hours: JSON = ["days": [1, 2, 3], "from": "09:00", "to": "17:00", "holidays": []]
        #expect(try agency.owner.patch(path, ["duty_hours": hours]).ok()["duty_hours"] == hours)
        #expect(try agency.owner.patch(path, ["mail": "never"]).ok()["duty_hours"] == hours, "a merge patch")
        #expect(try agency.owner.patch(path, ["duty_hours": nil]).ok()["duty_hours"] == .null)
        let member = try agency.colleague("member")
        #expect(try member.get(path).ok()["mail"] == "urgent")
        try agency.key(["notifications:read"]).get(path).problem(403)
        #expect(!(try agency.owner.get("/v1/users").text.contains("duty_hours")))
    }
}
