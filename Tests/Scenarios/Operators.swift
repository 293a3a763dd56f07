import Foundation
import JSON
import TestDatabases
import Testing

/// Operators of an installation create agencies, make backups, and see how it is.
@Suite(.ownThread) struct Operators {
    /// An installation with an operator who is signed in.
    private func installation(
        _ settings: [String: String] = [:]
    ) throws -> (server: BureauProcess, root: Caller) {
        let server = BureauProcess(settings)
        let password = "correct horse battery"
        let made = try server.command(
            "admin", "create", "--email", "root@example.com", "--password", password)
        try #require(made.status == 0, "\(made.output)")
        try server.start()
        let login: JSON = ["email": "root@example.com", "password": .string(password)]
        return (
            server,
            server.caller(try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        )
    }

    private static let harbour: JSON = [
        "name": "Harbour Media", "owner_email": "hanna@harbour.example", "time_zone": "Europe/Berlin",
        "currency": "EUR", "country": "DE", "locale": "de",
    ]

    // MARK: Agencies

    @Test func `an agency is created, and its owner chooses a password by a link that works once`() throws {
        let (server, root) = try installation(["signup.mode": "closed"])
        let answer = try root.post("/v1/admin/tenants", Self.harbour)
        let made = try answer.ok(201)
        #expect(answer.header("Location") == "/v1/admin/tenants/\(made.id)")
        for (field, value) in ["name": "Harbour Media", "currency": "EUR", "country": "DE", "locale": "de"] {
            #expect(made.text(field) == value)
        }
        let link = made.text("owner_link")
        let token = try #require(link.split(separator: "/").last.map(String.init))
        #expect(link.contains("/invitation/"))
        let acceptance: JSON = [
            "token": .string(token), "name": "Hanna Harbour", "password": "correct horse staple",
        ]
        let joined = try server.anonymous.post("/v1/invitations/accept", acceptance).ok(201)
        #expect(joined["user"]?.text("role") == "owner" && joined["tenant"]?.id == made.id)
        let owner = server.caller(joined.text("access_token"))
        #expect(try owner.every("/v1/agents").isEmpty == false, "it is seeded like one that signs up")
        try server.anonymous.post("/v1/invitations/accept", acceptance).problem(410)
        let login: JSON = ["email": "hanna@harbour.example", "password": "correct horse staple"]
        try server.anonymous.post("/v1/auth/login", login).ok()
        // The agency's own audit names who made it; the link is nowhere shown again.
        let created = try owner.every("/v1/audit?action=tenant.created")
        #expect(created.count == 1 && created[0]["actor"]?.id != joined["user"]?.id)
        #expect(try !root.get("/v1/admin/tenants/\(made.id)").ok().serialized.contains(token))
        #expect(try root.get("/v1/admin/tenants").ok().items.contains { $0.id == made.id })
    }

    @Test func `a repeated request makes one agency, and every fault is named at once`() throws {
        let (_, root) = try installation()
        let key = ["Idempotency-Key": "harbour-1"]
        let first = try root.post("/v1/admin/tenants", Self.harbour, key).ok(201)
        let again = try root.post("/v1/admin/tenants", Self.harbour, key).ok(201)
        #expect(first == again)
        try root.post("/v1/admin/tenants", ["name": "Other", "owner_email": "o@example.com"], key)
            .problem(422, "idempotency_key_reused")
        #expect(try root.get("/v1/admin/tenants").ok().items.count == 1)
        let faults = try root.post(
            "/v1/admin/tenants", ["owner_email": "nobody", "currency": "money", "time_zone": "Mars"]
        ).faults()
        #expect(Set(faults.keys) == ["/name", "/owner_email", "/currency", "/time_zone"])
        #expect(try root.get("/v1/admin/tenants").ok().items.count == 1)
    }

    @Test func `nobody of an agency does what operators do`() throws {
        let (server, _) = try installation()
        let agency = try server.signUp()
        let key = try agency.key(["users:read"])
        for caller in [agency.owner, key] {
            try caller.post("/v1/admin/tenants", Self.harbour).problem(403, "forbidden")
            try caller.get("/v1/admin/backups").problem(403, "forbidden")
            try caller.get("/v1/admin/backups/bureau-20260801-033000").problem(403, "forbidden")
            try caller.post("/v1/admin/backups").problem(403, "forbidden")
            try caller.get("/v1/admin/health").problem(403, "forbidden")
        }
        try server.anonymous.get("/v1/admin/health").problem(401)
    }

    // MARK: Backups

    @Test(.ofFiles) func `a backup is started, made and verified, and tells where it is`() throws {
        let (server, root) = try installation()
        let agency = try server.quietAgency()
        _ = try agency.makeLead()
        #expect(try root.get("/v1/admin/backups").ok().items.isEmpty)
        let started = try root.post("/v1/admin/backups")
        try started.ok(202)
        let place = try #require(started.header("Location"))
        let made = try eventually("the backup", every: .milliseconds(50)) {
            let backup = try root.get(place).ok()
            return backup.text("status") == "made" ? backup : .none
        }
        #expect(made.id == started.json.id && made["progress"] == 1 && (made["bytes"]?.int ?? 0) > 0)
        let path = made.text("path")
        let verified = try server.command("verify", path)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(try root.get("/v1/admin/backups").ok().items == [made])
        let health = try root.get("/v1/admin/health").ok()
        #expect(health["backups"]?["count"] == 1 && health["backups"]?["newest_at"] == made["made_at"])
        try root.get("/v1/admin/backups/bureau-20000101-000000").problem(404, "not_found")
        // A backup without its file is none.
        try FileManager.default.removeItem(atPath: path)
        #expect(try root.get("/v1/admin/backups").ok().items.isEmpty)
        try root.get(place).problem(404, "not_found")
    }

    @Test(.ofFiles) func `a backup that was asked for is made, though the process is killed at once`() throws {
        let (server, root) = try installation()
        let started = try root.post("/v1/admin/backups")
        try started.ok(202)
        let place = try #require(started.header("Location"))
        try server.killAndRestart()
        let again = server.caller(
            try server.anonymous.post(
                "/v1/auth/login", ["email": "root@example.com", "password": "correct horse battery"]
            ).ok().text("access_token"))
        let made = try eventually("the backup", every: .milliseconds(100)) {
            let backup = try again.get(place).ok()
            return backup.text("status") == "made" ? backup : .none
        }
        let verified = try server.command("verify", made.text("path"))
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test(.ofFiles) func `those that are made by the command are listed, too`() throws {
        let (server, root) = try installation()
        try #require(try server.command("backup").status == 0)
        let list = try root.get("/v1/admin/backups").ok().items
        #expect(list.count == 1 && list[0].text("status") == "made" && list[0]["progress"] == .null)
        #expect(try root.get("/v1/admin/backups/\(list[0].id)").ok() == list[0])
    }

    @Test(.ofFiles) func `one that cannot be made says why, and so does the health`() throws {
        let blocked = NSTemporaryDirectory() + "bureau-blocked-" + UUID().uuidString
        try "no folder".write(toFile: blocked, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: blocked) }
        let (_, root) = try installation(["backup.folder": blocked + "/backups"])
        let place = try #require(try root.post("/v1/admin/backups").header("Location"))
        let failed = try eventually("the failure", every: .milliseconds(50)) {
            let backup = try root.get(place).ok()
            return backup.text("status") == "failed" ? backup : .none
        }
        #expect(failed.text("error").contains(blocked) && failed["path"] == .null)
        let health = try root.get("/v1/admin/health").ok()
        let check = try #require(health["checks"]?.array?.first { $0.text("name") == "backups" })
        #expect(health.text("status") == "failing" && check.text("status") == "failing")
        #expect(check.text("remedy").contains(blocked))
    }

    @Test(.ofServers) func `a server's database is backed up by its own tools, and the API says so`() throws {
        let (_, root) = try installation()
        #expect(try root.get("/v1/admin/backups").ok().items.isEmpty)
        let refused = try root.post("/v1/admin/backups").problem(409, "conflict")
        #expect(refused.text("detail").contains("pg_dump"))
        let health = try root.get("/v1/admin/health").ok()
        #expect(health["backups"]?.text("made_by") == "database_server")
        let check = health["checks"]?.array?.first { $0.text("name") == "backups" }
        #expect(check?.text("detail").contains("pg_dump") == true)
    }

    // MARK: Health

    @Test func `the health tells of the process, its database, its disk and what to do`() throws {
        let (server, root) = try installation()
        let health = try root.get("/v1/admin/health").ok()
        let node = try #require(health["nodes"]?.array?.first)
        #expect(health["nodes"]?.array?.count == 1)
        #expect(node.text("version") == health.text("version") && node.text("role") == "all")
        #expect(node.text("address").hasSuffix(":\(server.port)") && node.text("uptime").hasPrefix("PT"))
        let engine = node["database"]?.text("engine") ?? ""
        #expect(engine.hasPrefix(TestDatabases.isOnServer ? "PostgreSQL" : "SQLite"))
        #expect((node["disk"]?["free_bytes"]?.int ?? 0) > 0 && node["database"]?["waiting_writes"] != nil)
        let names = Set((node["checks"]?.array ?? []).map { $0.text("name") })
        #expect(names.isSuperset(of: ["database", "workers", "disk", "clock", "encryption", "open files"]))
        let shared = Set((health["checks"]?.array ?? []).map { $0.text("name") })
        #expect(shared == ["migrations", "backups", "jobs", "maintenance"])
        for check in (node["checks"]?.array ?? []) + (health["checks"]?.array ?? []) {
            #expect(check.text("status") == "ok" || !check.text("remedy").isEmpty, "\(check.serialized)")
        }
        let document = try server.anonymous.get("/openapi.json").ok()
        let schema: JSON = ["$ref": "#/components/schemas/PlatformHealth"]
        #expect(SchemaCheck(document: document).faults(of: health, against: schema).isEmpty)
    }

    @Test(.ofServers) func `processes that share a server are all told of, until they stop`() throws {
        let key = ["master_key": Data((0..<32).map { UInt8($0) }).base64EncodedString()]
        let (server, root) = try installation(key)
        func nodes() throws -> [JSON] { try root.get("/v1/admin/health").ok()["nodes"]?.array ?? [] }
        let worker = BureauProcess(key.merging(["role": "worker"]) { $1 }, beside: server)
        try worker.start()
        let both = try eventually("the other", every: .milliseconds(50)) {
            let found = try nodes()
            return found.count == 2 ? found : .none
        }
        #expect(both.map { $0.text("role") } == ["all", "worker"])
        #expect(Set(both.map(\.id)).count == 2)
        #expect(worker.stop() == 0)
        try eventuallyTrue("its leaving", every: .milliseconds(50)) { try nodes().count == 1 }
    }
}
