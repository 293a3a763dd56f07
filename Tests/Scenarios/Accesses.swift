import JSON
import Testing

/// The audit tells of those who came, looked or were turned away, beside what they changed.
@Suite(.ownThread) struct Accesses {
    let server = BureauProcess.shared

    private func entries(_ agency: Agency, _ action: String) throws -> [JSON] {
        try agency.owner.every("/v1/audit?action=\(action)")
    }

    /// A look, which changes nothing, is told a moment later.
    private func told(_ agency: Agency, _ action: String, _ count: Int = 1) throws -> [JSON] {
        try eventually("\(count) of \(action)") {
            let found = try entries(agency, action)
            return found.count >= count ? found : nil
        }
    }

    @Test func `each way in is told with the address, and so is the way out`() throws {
        let agency = try server.signUp()
        let again = server.caller(try agency.signIn().text("access_token"))
        try again.post("/v1/auth/logout").ok(204)
        let ins = try entries(agency, "session.created")
        #expect(Set(ins.map { $0["changes"]?.text("by") }) == ["sign_up", "password"])
        #expect(ins.allSatisfy { $0["actor"]?.id == agency.user.id })
        #expect(ins.allSatisfy { $0["changes"]?.text("address") == "127.0.0.1" })
        let out = try #require(try entries(agency, "session.ended").first)
        #expect(ins.contains { $0["subject"]?.id == out["subject"]?.id })
        #expect(try agency.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }

    @Test func `a key's use is told once a day, however often it reads`() throws {
        let agency = try server.signUp()
        let robot = try agency.key(["leads:read"])
        for _ in 0..<5 { try robot.get("/v1/leads").ok() }
        let use = try told(agency, "api_key.used")
        #expect(use[0]["actor"]?.text("type") == "api_key" && use[0]["subject"]?.id == use[0]["actor"]?.id)
        #expect(use[0]["changes"]?.text("address") == "127.0.0.1")
        for _ in 0..<5 { try robot.get("/v1/leads").ok() }
        // Midnight may come between.
        #expect(try entries(agency, "api_key.used").count <= 2)
    }

    @Test func `who asks for what they may not do is told, once an hour, without what they asked about`()
        throws
    {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        let viewer = try agency.colleague("viewer")
        for _ in 0..<4 { try viewer.delete("/v1/leads/\(id)").problem(403, "forbidden") }
        try agency.key(["leads:read"]).get("/v1/audit").problem(403, "forbidden")
        let refused = try told(agency, "access.refused", 2)
        let (people, keys) = (
            refused.filter { $0["actor"]?.text("type") == "user" },
            refused.filter { $0["actor"]?.text("type") == "api_key" }
        )
        let what = try #require(people.first?["changes"])
        #expect(what.text("method") == "DELETE" && what.text("path") == "/v1/leads/{id}")
        #expect(what.text("reason") == "forbidden" && what.text("address") == "127.0.0.1")
        #expect(keys.first?["changes"]?.text("path") == "/v1/audit")
        #expect(people.count <= 2, "an hour may end between")
    }

    @Test func `a key that is used from elsewhere opens nothing, and its agency reads from where`() throws {
        let own = BureauProcess(["http.trusted_proxies": "127.0.0.1/32"])
        try own.start()
        let agency = try own.signUp()
        let body: JSON = ["name": "k", "scopes": ["leads:read"], "allowed_addresses": ["203.0.113.7"]]
        let key = try agency.owner.post("/v1/api-keys", body).ok(201)
        try own.caller(key.text("secret")).get("/v1/leads", ["X-Forwarded-For": "198.51.100.9"])
            .problem(401, "unauthenticated")
        let refused = try told(agency, "access.refused")
        #expect(refused[0]["subject"]?.id == key.id)
        #expect(refused[0]["changes"] == ["reason": "address", "address": "198.51.100.9"])
    }

    @Test func `a key that is tried from elsewhere three times raises an alert about the key`() throws {
        let own = BureauProcess(["http.trusted_proxies": "127.0.0.1/32"])
        try own.start()
        let agency = try own.signUp()
        let body: JSON = ["name": "k", "scopes": ["leads:read"], "allowed_addresses": ["203.0.113.7"]]
        let key = try agency.owner.post("/v1/api-keys", body).ok(201), secret = key.text("secret")
        let robot = own.caller(secret), elsewhere = ["X-Forwarded-For": "198.51.100.9"]
        func alerts() throws -> [JSON] { try agency.owner.every("/v1/alerts?kind=unauthorised_use") }
        for _ in 0..<2 { try robot.get("/v1/leads", elsewhere).problem(401, "unauthenticated") }
        try robot.get("/v1/leads", ["X-Forwarded-For": "203.0.113.7"]).ok()
        #expect(try alerts().isEmpty)
        try robot.get("/v1/leads", elsewhere).problem(401, "unauthenticated")
        let alert = try eventually("the alert") { try alerts().first }
        #expect(alert["subject"]?.text("type") == "api_key" && alert["subject"]?.id == key.id)
        #expect(alert.text("title").contains("denied") && alert.text("title").contains("address"))
        #expect(alert.text("recommended_action").contains("revoke the key"))
        #expect(try alerts().count == 1 && !alert.serialized.contains(secret))
    }

    @Test
    func `what leaves in files is told: exports, links and downloads, and no address it was looked for by`()
        throws
    {
        let agency = try server.signUp()
        _ = try agency.makeLead()
        #expect(try agency.owner.get("/v1/leads/export?email=jane0@example0.com").status == 200)
        let export = try #require(try entries(agency, "lead.exported").first)
        #expect(export["changes"] == ["format": "csv", "filters": ["email"]])
        #expect(export["actor"]?.id == agency.user.id)

        let file = try agency.owner.post("/v1/files?name=a.pdf", raw: Array("%PDF-1.7\n".utf8)).ok(201)
        let link = try agency.owner.post("/v1/files/\(file.id)/link").ok().text("url")
        #expect(try entries(agency, "file.shared").map { $0["subject"]?.id } == [file.id])
        let path = try #require(link.firstRange(of: "/f/").map { String(link[$0.lowerBound...]) })
        #expect(try server.anonymous.get(path).status == 200)
        #expect(try agency.owner.get("/v1/files/\(file.id)/content").status == 200)
        let downloads = try told(agency, "file.downloaded", 2)
        #expect(downloads.allSatisfy { $0["subject"]?.id == file.id })
        #expect(downloads.contains { $0["actor"]?.id == agency.user.id })
        #expect(downloads.contains { $0["changes"] == ["by": "link", "address": "127.0.0.1"] })
    }

    @Test func `an agency reads that the operator has looked at it`() throws {
        let own = BureauProcess()
        _ = try own.command(
            "admin", "create", "--email", "root@example.com", "--password", "correct horse battery")
        try own.start()
        let login: JSON = ["email": "root@example.com", "password": "correct horse battery"]
        let admin = own.caller(try own.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        let agency = try own.signUp()
        #expect(try entries(agency, "tenant.viewed").isEmpty)
        try admin.get("/v1/admin/tenants/\(agency.tenant.id)").ok()
        let look = try told(agency, "tenant.viewed")[0]
        #expect(look["subject"]?.id == agency.tenant.id && look["actor"]?.text("type") == "user")
        #expect(look["actor"]?.id != agency.user.id)
    }
}
