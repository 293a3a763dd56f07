import Foundation
import JSON
import Testing

@Suite(.ownThread) struct APIKeys {
    let server = BureauProcess.shared

    @Test func `a key's secret is shown once and opens by either header`() throws {
        let agency = try server.signUp()
        let made = try agency.owner.post("/v1/api-keys", ["name": "robot", "scopes": ["leads:read"]])
        let key = try made.ok(201), secret = key.text("secret")
        #expect(secret.hasPrefix("bk_") && secret.count >= 32 && secret.hasPrefix(key.text("prefix")))
        #expect(made.header("Location") == "/v1/api-keys/\(key.id)")
        for path in ["/v1/api-keys", "/v1/api-keys/\(key.id)", "/v1/audit?limit=200", "/v1/events?limit=200"]
        {
            let text = try agency.owner.get(path).text
            #expect(!text.contains(secret) && !text.contains("\"secret\""), "\(path)")
        }
        try server.caller(secret).get("/v1/leads").ok()
        try server.anonymous.get("/v1/leads", ["X-API-Key": secret]).ok()
        let me = try server.caller(secret).get("/v1/me").ok()
        #expect(me.serialized.contains("leads:read") && me["tenant"]?.id == agency.tenant.id)
    }

    @Test func `a key does what its scopes say, and cannot make a stronger one`() throws {
        let agency = try server.signUp()
        let robot = try agency.key(["leads:read", "api_keys:write"])
        try robot.get("/v1/leads").ok()
        let refusal = try robot.post("/v1/leads", lead()).problem(403, "forbidden")
        #expect(refusal.text("detail").contains("leads:write"))
        try robot.get("/v1/audit").problem(403, "forbidden")
        try robot.post("/v1/api-keys", ["name": "x", "scopes": ["leads:write"]]).problem(403, "forbidden")
        try robot.post("/v1/api-keys", ["name": "x", "scopes": ["leads:read"]]).ok(201)
        #expect(try agency.owner.total() == 0)
    }

    @Test func `a key cannot be widened by a change either`() throws {
        let agency = try server.signUp()
        let robot = try agency.key(["leads:read", "api_keys:write", "api_keys:read"])
        let own = try #require(try agency.owner.every("/v1/api-keys").first)
        let answer = try robot.patch(
            "/v1/api-keys/\(own.id)", ["scopes": ["leads:read", "leads:write", "api_keys:write"]])
        try answer.problem(403, "forbidden")
        try robot.post("/v1/leads", lead()).problem(403, "forbidden")
    }

    @Test func `every fault of a key is named at once`() throws {
        let agency = try server.signUp()
        let body: JSON = [
            "scopes": ["leads:read", "moon:walk", 5], "expires_at": "2020-01-01T00:00:00Z",
            "allowed_addresses": ["nowhere"], "secret": "bk_mine",
        ]
        let faults = try agency.owner.post("/v1/api-keys", body).faults()
        #expect(faults["/name"] == "required" && faults["/scopes/2"] == "wrong_type")
        #expect(faults["/secret"] == "unknown_field")
        let second: JSON = [
            "name": "x", "scopes": ["leads:read", "moon:walk"], "expires_at": "2020-01-01T00:00:00Z",
            "allowed_addresses": ["nowhere"],
        ]
        #expect(
            try agency.owner.post("/v1/api-keys", second).faults() == [
                "/scopes/1": "invalid_choice", "/expires_at": "out_of_range",
                "/allowed_addresses/0": "invalid_address",
            ])
    }

    @Test(arguments: [[""], ["  "], ["203.0.113.7", ""]])
    func `a blank address is refused: it must not leave a key without a limit`(_ addresses: [String]) throws {
        let agency = try server.signUp()
        let body: JSON = ["name": "k", "scopes": ["leads:read"], "allowed_addresses": JSON(addresses)]
        let place = "/allowed_addresses/\(addresses.count - 1)"
        #expect(try agency.owner.post("/v1/api-keys", body).faults() == [place: "invalid_address"])
        let limited: JSON = ["name": "k", "scopes": ["leads:read"], "allowed_addresses": ["203.0.113.7"]]
        let key = try agency.owner.post("/v1/api-keys", limited).ok(201)
        let change: JSON = ["allowed_addresses": JSON(addresses)]
        #expect(
            try agency.owner.patch("/v1/api-keys/\(key.id)", change).faults() == [place: "invalid_address"])
        #expect(try agency.owner.patch("/v1/settings", change).faults() == [place: "invalid_address"])
        try server.caller(key.text("secret")).get("/v1/leads").problem(401, "unauthenticated")
    }

    @Test func `an expired key stops by itself`() throws {
        let agency = try server.signUp()
        let soon = Date(timeIntervalSinceNow: 1.5).formatted(.iso8601)
        let key = try agency.owner.post(
            "/v1/api-keys", ["name": "brief", "scopes": ["leads:read"], "expires_at": .string(soon)]
        ).ok(201)
        let robot = server.caller(key.text("secret"))
        try eventuallyTrue("the key's end", every: .milliseconds(100)) {
            try robot.get("/v1/leads").status == 401
        }
    }

    @Test func `a deleted key stops at once`() throws {
        let agency = try server.signUp()
        let key = try agency.owner.post("/v1/api-keys", ["name": "gone", "scopes": ["leads:read"]]).ok(201)
        let robot = server.caller(key.text("secret"))
        try robot.get("/v1/leads").ok()
        try agency.owner.delete("/v1/api-keys/\(key.id)").ok(204)
        try robot.get("/v1/leads").problem(401, "unauthenticated")
    }

    @Test func `after a rotation both secrets open, and the record is the same`() throws {
        let agency = try server.signUp()
        let key = try agency.owner.post("/v1/api-keys", ["name": "r", "scopes": ["leads:read"]]).ok(201)
        let rotated = try agency.owner.post("/v1/api-keys/\(key.id)/rotate").ok()
        #expect(rotated.text("secret") != key.text("secret") && rotated.id == key.id)
        for secret in [key.text("secret"), rotated.text("secret")] {
            try server.caller(secret).get("/v1/leads").ok()
        }
        let again = try agency.owner.post("/v1/api-keys/\(key.id)/rotate").ok()
        try server.caller(again.text("secret")).get("/v1/leads").ok()
        try server.caller(key.text("secret")).get("/v1/leads").problem(401, "unauthenticated")
    }

    @Test(arguments: [("127.0.0.0/8", true), ("127.0.0.1", true), ("203.0.113.7/32", false), ("::1", false)])
    func `a key with addresses opens from these only, whatever a header claims`(
        _ address: String, _ opens: Bool
    ) throws {
        let agency = try server.signUp()
        let key = try agency.owner.post(
            "/v1/api-keys",
            ["name": "here", "scopes": ["leads:read"], "allowed_addresses": [.string(address)]]
        ).ok(201)
        let answer = try server.caller(key.text("secret")).get(
            "/v1/leads", ["X-Forwarded-For": "203.0.113.7"])
        #expect(opens ? answer.status == 200 : [401, 403].contains(answer.status), "\(answer)")
    }
}
