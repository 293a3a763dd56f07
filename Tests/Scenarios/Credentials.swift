import Foundation
import JSON
import StandIns
import Testing

/// Credentials of integrations are replaced, ended, tested and shown, but never told.
@Suite(.ownThread) struct Credentials {
    let server = BureauProcess.shared

    private func connected(
        _ more: JSONObject = [:]
    ) throws -> (agency: Agency, postmark: PostmarkStandIn, made: JSON, path: String) {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let path = "/v1/integrations/\(made.id)"
        if !more.isEmpty { try agency.owner.patch(path, .object(more)).ok() }
        return (agency, postmark, made, path)
    }

    /// An integration of a sandbox, whose clock a test can move.
    private func boxed(_ more: JSONObject = [:]) throws -> (box: SandboxCaller, made: JSON, path: String) {
        let box = try server.signUp().sandbox()
        try box.quieten()
        var body: JSONObject = [
            "provider": "postmark", "capability": "email_sending",
            "settings": ["base_url": "http://127.0.0.1:9"],
            "credentials": [
                "server_token": "old", "webhook_username": "bureau", "webhook_password": "s3cret",
            ],
        ]
        for (name, value) in more.members { body[name] = value }
        let made = try box.owner.post("/v1/integrations", .object(body)).ok(201)
        return (box, made, "/v1/integrations/\(made.id)")
    }

    private func told(_ postmark: PostmarkStandIn, _ password: String) -> StandInHook {
        postmark.hook(
            [
                "RecordType": "Delivery", "MessageID": .string(UUID().uuidString),
                "Recipient": "x@example.com", "DeliveredAt": "2026-01-01T00:00:00Z",
            ], password: password)
    }

    private func alerts(_ caller: Caller, _ kind: String, of made: JSON) throws -> [JSON] {
        try caller.every("/v1/alerts?kind=\(kind)&open=true").filter {
            $0["subject"]?["id"] == .string(made.id)
        }
    }

    private func shown(_ integration: JSON) -> [String: JSON] {
        let items = integration["credentials"]?.array ?? []
        return Dictionary(items.map { ($0.text("name"), $0) }, uniquingKeysWith: { a, _ in a })
    }

    // MARK: Rotation

    @Test func `a rotation changes what it names, leaves the hook where it is, and tells names alone`() throws
    {
        let (agency, postmark, made, path) = try connected()
        let rotated = try agency.owner.post(
            "\(path)/rotate",
            ["credentials": ["server_token": "tok-new", "webhook_password": "n3w-pass"], "overlap": "PT2H"]
        ).ok()
        #expect(rotated.text("hook_url") == made.text("hook_url"))
        #expect(rotated["has_credentials"] == made["has_credentials"])
        let (before, after) = (shown(made), shown(rotated))
        #expect(after.count == 3 && after["webhook_username"] == before["webhook_username"])
        #expect(rotated["former_credentials_until"] != .null)
        for password in [postmark.password, "n3w-pass"] {
            try server.deliver(told(postmark, password), to: made).ok()
        }
        try server.deliver(told(postmark, "wrong"), to: made).problem(401)
        let audit = try agency.owner.every("/v1/audit?subject_id=\(made.id)")
        let entry = try #require(audit.first { $0.text("action") == "integration.rotated" })
        #expect(entry["actor"]?["id"] == agency.user["id"])
        let text = JSON.array(audit + [rotated]).serialized + server.log
        #expect(
            !text.contains("tok-new") && !text.contains("n3w-pass") && !text.contains(postmark.serverToken))
        #expect(entry.serialized.contains("webhook_password"))
    }

    @Test func `after the overlap a hook takes the new secret alone`() throws {
        let (box, made, path) = try boxed()
        let postmark = try PostmarkStandIn()
        try box.advance("PT1M")
        let rotated = try box.owner.post(
            "\(path)/rotate", ["credentials": ["webhook_password": "n3w"], "overlap": "PT2H"]
        ).ok()
        #expect(shown(rotated)["webhook_password"]?["set_at"] == "2027-01-05T10:01:00.000Z")
        #expect(shown(rotated)["server_token"]?["set_at"] == "2027-01-05T10:00:00.000Z")
        try box.advance("PT1H59M")
        try server.deliver(told(postmark, "s3cret"), to: made).ok()
        try server.deliver(told(postmark, "n3w"), to: made).ok()
        try box.advance("PT1M")
        try server.deliver(told(postmark, "s3cret"), to: made).problem(401)
        try server.deliver(told(postmark, "n3w"), to: made).ok()
        #expect(try box.owner.get(path).ok()["former_credentials_until"] == .null)
        let actions = try box.owner.every("/v1/audit?subject_id=\(made.id)").map { $0.text("action") }
        #expect(actions.contains("integration.rotation_ended"))
    }

    @Test func `an overlap of an hour is kept where none is named, and none where it is PT0S`() throws {
        let (box, made, path) = try boxed()
        let postmark = try PostmarkStandIn()
        let given: JSON = ["credentials": ["webhook_password": "second"]]
        let rotated = try box.owner.post("\(path)/rotate", given).ok()
        #expect(rotated.text("former_credentials_until") == "2027-01-05T11:00:00.000Z")
        try box.owner.post(
            "\(path)/rotate", ["credentials": ["webhook_password": "third"], "overlap": "PT0S"]
        ).ok()
        try server.deliver(told(postmark, "second"), to: made).problem(401)
        try server.deliver(told(postmark, "third"), to: made).ok()
    }

    @Test func `credentials that are changed without a rotation end the overlap`() throws {
        let (box, made, path) = try boxed()
        let postmark = try PostmarkStandIn()
        try box.owner.post("\(path)/rotate", ["credentials": ["webhook_password": "n3w"]]).ok()
        let changed = try box.owner.patch(path, ["credentials": ["webhook_password": "leaked-no-more"]]).ok()
        #expect(changed["former_credentials_until"] == .null)
        for password in ["s3cret", "n3w"] {
            try server.deliver(told(postmark, password), to: made).problem(401)
        }
        try server.deliver(told(postmark, "leaked-no-more"), to: made).ok()
    }

    @Test func `a rotation is refused with every fault, and without a body the hook moves as before`() throws
    {
        let (box, made, path) = try boxed()
        let faults = try box.owner.post(
            "\(path)/rotate",
            [
                "credentials": ["pin": "1", "server_token": "a b"], "overlap": "P31D", "colour": "red",
                "expire_at": "soon",
            ]
        ).faults()
        #expect(
            faults == [
                "/credentials/pin": "unknown_field", "/credentials/server_token": "stray_space",
                "/overlap": "invalid_duration", "/colour": "unknown_field", "/expire_at": "invalid_instant",
            ])
        #expect(try box.owner.post("\(path)/rotate", [:]).faults() == ["/credentials": "required"])
        #expect(try box.owner.post("\(path)/rotate").ok().text("hook_url") != made.text("hook_url"))
    }

    // MARK: Expiry

    private let end = "2027-01-25T10:00:00.000Z"

    @Test func `credentials that expire are told of once, 14 days ahead, until they are renewed`() throws {
        let (box, made, path) = try boxed(["credentials_expire_at": .string(end)])
        #expect(shown(made)["server_token"]?["expires_at"] == .string(end))
        try box.advance("P5DT23H59M")
        #expect(try alerts(box.owner, "credential_expiring", of: made).isEmpty)
        try box.advance("PT1M")
        try box.advance("P2D")
        let all = try alerts(box.owner, "credential_expiring", of: made)
        let alert = try #require(all.first)
        #expect(all.count == 1 && alert.text("severity") == "warning")
        #expect(
            alert.text("title").contains("25") && alert.text("title").contains("2027")
                && alert.text("recommended_action").contains("rotate"))
        let renewed = try box.owner.post(
            "\(path)/rotate",
            ["credentials": ["server_token": "u"], "expire_at": "2028-01-25T10:00:00.000Z"]
        ).ok()
        #expect(renewed["credentials_expire_at"] == "2028-01-25T10:00:00.000Z")
        try box.advance("P1D")
        #expect(try alerts(box.owner, "credential_expiring", of: made).isEmpty)
    }

    @Test func `a date that moves out ends its alert, and one that is near is told at once`() throws {
        let (box, made, path) = try boxed(["credentials_expire_at": "2027-01-06T10:00:00.000Z"])
        try box.advance("PT0S")
        #expect(try alerts(box.owner, "credential_expiring", of: made).count == 1)
        try box.owner.patch(path, ["credentials_expire_at": .string(end)]).ok()
        #expect(try alerts(box.owner, "credential_expiring", of: made).isEmpty)
        try box.owner.patch(path, ["credentials_expire_at": nil]).ok()
        try box.advance("P10D")
        #expect(try alerts(box.owner, "credential_expiring", of: made).isEmpty)
    }

    // MARK: Tests

    @Test func `a test that is refused raises an alert, which ends when it is well again`() throws {
        let (agency, postmark, made, path) = try connected(["credentials": ["server_token": "wrong"]])
        let refused = try agency.owner.post("\(path)/test").ok()
        #expect(refused["ok"] == false && !refused.text("code").isEmpty && !refused.text("detail").isEmpty)
        let failing = try agency.owner.get(path).ok()
        #expect(failing.text("status") == "failing" && failing["checked_at"] != .null)
        #expect(try alerts(agency.owner, "integration_failing", of: made).count == 1)
        try agency.owner.post("\(path)/test").ok()
        #expect(try alerts(agency.owner, "integration_failing", of: made).count == 1, "it is told once")
        try agency.owner.patch(path, ["credentials": ["server_token": .string(postmark.serverToken)]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(try agency.owner.get(path).ok().text("status") == "active")
        #expect(try alerts(agency.owner, "integration_failing", of: made).isEmpty)
        let tests = try agency.owner.every("/v1/audit?subject_id=\(made.id)").filter {
            $0.text("action") == "integration.tested"
        }
        #expect(tests.count == 3 && tests.allSatisfy { $0["actor"]?["id"] == agency.user["id"] })
        #expect(postmark.service.requests.allSatisfy { $0.method == "GET" }, "nothing was sent")
    }

    @Test func `a test of which nothing can be told changes neither the status nor the alert`() throws {
        let (agency, postmark, made, path) = try connected()
        postmark.service.next(.answer(503, ""))
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == false)
        let after = try agency.owner.get(path).ok()
        #expect(after.text("status") == "active" && after["checked_at"] != .null)
        #expect(try alerts(agency.owner, "integration_failing", of: made).isEmpty)
    }

    @Test func `within the overlap a refused new key is told, and the one before goes on serving`() throws {
        let (agency, _, made, path) = try connected()
        try agency.owner.post("\(path)/rotate", ["credentials": ["server_token": "mistyped"]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == false)
        #expect(try agency.owner.get(path).ok().text("status") == "active")
        let alert = try #require(try alerts(agency.owner, "integration_failing", of: made).first)
        #expect(alert.text("severity") == "warning" && alert.text("title").contains("work until"))
    }

    @Test func `a rotation lets a failing integration work again`() throws {
        let (agency, postmark, made, path) = try connected(["credentials": ["server_token": "wrong"]])
        try agency.owner.post("\(path)/test").ok()
        let rotated = try agency.owner.post(
            "\(path)/rotate", ["credentials": ["server_token": .string(postmark.serverToken)]]
        ).ok()
        #expect(rotated.text("status") == "active" && rotated["error"] == .null)
        #expect(try alerts(agency.owner, "integration_failing", of: made).isEmpty)
    }

    @Test func `a refused key that has expired is told as expired, and one without permission as that`()
        throws
    {
        let (agency, _, _, path) = try connected([
            "credentials": ["server_token": "wrong"], "credentials_expire_at": "2020-01-01T00:00:00.000Z",
        ])
        let expired = try agency.owner.post("\(path)/test").ok()
        #expect(
            expired.text("code") == "credentials_expired" && expired.text("detail").contains("2020-01-01"))
        let sendgrid = try SendGridStandIn()
        let other = try agency.connect(
            "sendgrid", sendgrid.service.url, credentials: ["api_key": .string(sendgrid.apiKey)])
        sendgrid.service.next(.answer(200, #"{"scopes":["stats.read"]}"#))
        let limited = try agency.owner.post("/v1/integrations/\(other.id)/test").ok()
        #expect(limited.text("code") == "permission_missing" && limited["ok"] == false)
    }

    @Test func `a refused key whose date is yet to come is told as refused by tests and mails`() throws {
        let (agency, _, _, path) = try connected([
            "credentials": ["server_token": "wrong"], "credentials_expire_at": "2099-01-01T00:00:00.000Z",
        ])
        try agency.message(try agency.send(try agency.makeContact(1)), "held")
        let failing = try agency.owner.get(path).ok()
        #expect(failing.text("status") == "failing" && !failing.text("error").contains("expired"))
        let trial = try agency.owner.post("\(path)/test").ok()
        #expect(trial.text("code") == "postmark_401" && !trial.text("detail").contains("expired"))
    }

    @Test func `a mail that an expired key is refused for says so of its integration`() throws {
        let (agency, _, made, path) = try connected([
            "credentials": ["server_token": "wrong"], "credentials_expire_at": "2020-01-01T00:00:00.000Z",
        ])
        try agency.message(try agency.send(try agency.makeContact(1)), "held")
        let failing = try agency.owner.get(path).ok(), error = failing.text("error")
        #expect(failing.text("status") == "failing")
        #expect(error.hasPrefix("The credentials expired at ") && error.contains("2020"))
        let alert = try #require(try alerts(agency.owner, "integration_failing", of: made).first)
        #expect(alert.text("title").contains(error))
        try agency.owner.patch("/v1/me", ["locale": "de"]).ok()
        let german = try agency.owner.get(path).ok().text("error")
        #expect(german.contains(/^Die Zugangsdaten sind am .* nimmt die Zugangsdaten nicht an\.$/), "\(german)")
        #expect(try agency.owner.every("/v1/integrations").contains { $0.text("error") == german })
    }

    @Test func `hooks that nothing proves are told at the third within an hour, once`() throws {
        let (agency, postmark, made, path) = try connected()
        func told() throws -> [JSON] { try alerts(agency.owner, "unauthorised_use", of: made) }
        for _ in 0..<2 {
            try server.deliver(self.told(postmark, "guess"), to: made).problem(401)
            try server.deliver(self.told(postmark, postmark.password), to: made).ok()
        }
        #expect(try told().isEmpty)
        for _ in 0..<3 { try server.deliver(self.told(postmark, "guess"), to: made).problem(401) }
        let alert = try eventually("the alert") { try told().first }
        #expect(alert.text("title").contains("Webhooks of") && alert.text("severity") == "warning")
        #expect(alert.text("recommended_action").contains("rotate it"))
        #expect(try told().count == 1 && !alert.serialized.contains("guess"))
        try agency.owner.delete(path).ok(204)
        #expect(try told().isEmpty)
    }

    @Test func `the daily test of an integration is planned within a day, and none in a sandbox`() throws {
        let (agency, _, made, _) = try connected()
        let jobs = try agency.owner.every("/v1/jobs?kind=integration.check")
        #expect(jobs.count == 1 && jobs.first?["subject"]?["id"] == .string(made.id))
        let (box, _, _) = try boxed()
        #expect(try box.owner.every("/v1/jobs?kind=integration.check").isEmpty)
    }

    // MARK: What is shown and set

    @Test func `who last used the credentials is shown, in lists as well, and never what they are`() throws {
        let (agency, postmark, made, path) = try connected()
        #expect(shown(made).values.allSatisfy { $0["last_used_at"] == .null && $0["last_used_by"] == .null })
        try agency.owner.post("\(path)/test").ok()
        let used = try #require(shown(try agency.owner.get(path).ok())["server_token"])
        #expect(used["last_used_at"] != .null)
        #expect(used["last_used_by"] == ["type": "user", "id": agency.user["id"] ?? .null])
        let listed = try agency.owner.get("/v1/integrations").ok()
        #expect(try listed.items == [agency.owner.get(path).ok()])
        #expect(!listed.serialized.contains(postmark.serverToken))
        let some = try agency.owner.get("/v1/integrations?fields=name,credentials&total=true").ok()
        #expect(some["total"] == 1 && some.items.first?.object?.keys.sorted() == ["credentials", "name"])
        #expect(try agency.owner.get("/v1/integrations?fields=name").ok().items == [["name": nil]])
    }

    @Test func `an integration may be sent back as it was read`() throws {
        let (agency, _, _, path) = try connected()
        try agency.owner.post("\(path)/test").ok()
        let read = try agency.owner.get(path).ok()
        #expect(try agency.owner.patch(path, read).ok() == read)
        #expect(
            try agency.owner.patch(path, ["credentials": [["name": "server_token"]]]).faults()
                == ["/credentials": "read_only"])
    }

    @Test func `limits and a price are set, and each fault has its place`() throws {
        let (agency, _, made, path) = try connected()
        #expect(made["limits"] == ["minute": nil, "hour": nil, "day": nil, "month": nil])
        #expect(made["price"] == .null)
        let price: JSON = ["amount": 2000, "currency": "USD"]
        try agency.owner.patch(path, ["limits": ["minute": 10], "price": price]).ok()
        let both = try agency.owner.patch(path, ["limits": ["day": 500]]).ok()
        #expect(both["limits"] == ["minute": 10, "hour": nil, "day": 500, "month": nil])
        #expect(both["price"] == price)
        let faults = try agency.owner.patch(
            path, ["limits": ["minute": -1, "hour": 0, "year": 5], "credentials_expire_at": "never"]
        ).faults()
        #expect(
            faults == [
                "/limits/minute": "out_of_range", "/limits/hour": "out_of_range",
                "/limits/year": "unknown_field", "/credentials_expire_at": "invalid_instant",
            ])
        #expect(
            try agency.owner.patch(path, ["price": ["amount": 1, "currency": "JPY"]]).faults()
                == ["/price/currency": "invalid_currency"])
        let none = try agency.owner.patch(path, ["limits": nil, "price": nil]).ok()
        #expect(none["limits"] == made["limits"] && none["price"] == .null)
    }

    @Test func `a key that was copied with more than itself is refused`() throws {
        let (agency, _, _, path) = try connected()
        // Spaces, line ends, and what nobody sees: of no width, for the direction of writing, for terminals.
        let spaces = [
            " ", "\t", "\n", "\u{A0}", "\u{2028}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}",
            "\u{AD}", "\u{200E}", "\u{202A}", "\u{1B}",
        ].map { ("tok\($0)en", "stray_space") }
        let quotes = [
            "\"token\"", "'token'", "`token`", "\u{201C}token\u{201D}", "\u{201E}token\u{201C}",
            "\u{2018}token\u{2019}", "\u{AB}token\u{BB}", "\"token", "token\"",
        ].map { ($0, "stray_quote") }
        for (key, code) in spaces + quotes + [("token\u{200E}", "stray_space"), ("", "wrong_type")] {
            #expect(
                try agency.owner.patch(path, ["credentials": ["server_token": .string(key)]]).faults()
                    == ["/credentials/server_token": code], "\(key.debugDescription)")
        }
    }

    @Test func `spaces and line ends around a key are cut off, and a password keeps its own inside`() throws {
        let (agency, postmark, _, path) = try connected()
        try agency.owner.patch(
            path,
            [
                "credentials": [
                    "server_token": .string(" \t\(postmark.serverToken)\r\n"),
                    "webhook_password": "a \"b\" c",
                ]
            ]
        ).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        let made = try agency.owner.get(path).ok()
        try server.deliver(told(postmark, "a \"b\" c"), to: made).ok()
    }

    @Test func `credentials of the test environment are tested, and nothing goes through them`() throws {
        let (agency, postmark, made, path) = try connected(["environment": "test"])
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        let held = try agency.message(try agency.send(try agency.makeContact(1)), "held")
        #expect(held["reasons"]?.array?.map { $0.text("code") } == ["no_provider"])
        try server.deliver(told(postmark, postmark.password), to: made).problem(404)
        let live = try PostmarkStandIn()
        try agency.connect("postmark", live.service.url, credentials: live.credentials)
        try agency.message(held, "sent")
        #expect(postmark.service.requests.allSatisfy { $0.method == "GET" })
        #expect(try agency.owner.get("/v1/integrations?environment=test").ok().items.map(\.id) == [made.id])
    }
}
