import Foundation
import JSON
import TestDatabases
import Testing

/// An operator sets up a new installation: commands, the first agency, the log, and failures.
@Suite(.ownThread) struct Installation {
    @Test(
        .ofFiles,
        arguments: [
            ["health"], ["health", "--json"], ["status"], ["verify", "/absent.db"], ["migrate"],
            ["tenant", "list"],
            ["agents", "list", "--tenant", "northwind"], ["backup"],
            ["duplicates", "leads", "--tenant", "northwind"],
            ["user", "reset-password", "olive@example.com"],
            ["sandbox", "list", "--tenant", "northwind"],
            ["key", "create", "--tenant", "northwind", "--name", "website", "--scopes", "leads:read"],
        ])
    func `a command for an installation makes no folder, no database and no key, and says what to do`(
        arguments: [String]
    ) throws {
        let server = BureauProcess()
        let whole = [BureauProcess.binary] + arguments + ["--data", server.folder]
        let nothing = try BureauProcess.run(whole)
        #expect(nothing.status == 1, "\(nothing.output)")
        #expect(!FileManager.default.fileExists(atPath: server.folder), "\(arguments) made it")
        if arguments[0] != "verify" {
            #expect(nothing.output.contains("bureau serve --data"), "\(nothing.output)")
        }
        // An empty folder is refused, too.
        try FileManager.default.createDirectory(atPath: server.folder, withIntermediateDirectories: true)
        #expect(try BureauProcess.run(whole).status == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder) == [])
    }

    @Test func `health fails once the server is down, and names the command that starts it`() throws {
        let server = try BureauProcess.start()
        #expect(try server.command("health").status == 0)
        try #require(server.stop() == 0)
        let text = try server.command("health")
        #expect(text.status == 1 && text.output.contains("bureau serve"), "\(text.output)")
        let document = try server.command("health", "--json")
        let json = try JSONParser.parse(document.output.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(document.status == 1 && json.text("status") == "failing", "\(document.output)")
        let failing = (json["checks"]?.array ?? []).filter { $0["status"] == "failing" }
        #expect(failing.map { $0.text("name") } == ["server"], "\(document.output)")
    }

    @Test func `status counts agencies, and none of their sandboxes`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        _ = try agency.makeLead()
        func figures() throws -> [Int64?] {
            let ended = try server.command("status", "--json")
            let status = try JSONParser.parse(ended.output.trimmingCharacters(in: .whitespacesAndNewlines))
            return ["tenants", "users", "leads"].map { status[$0]?.int }
        }
        let before = try figures()
        try agency.owner.post("/v1/sandboxes", ["name": "Copy", "from": "live"]).ok(201)
        #expect(try figures() == before)
    }

    @Test func `the first start prints a link that makes the first agency, once, and nothing else holds it`()
        throws
    {
        let server = BureauProcess(["signup.mode": "closed"])
        try server.start()
        let anonymous = server.anonymous
        #expect(try anonymous.get("/v1/auth/signup").ok() == ["mode": "closed"])
        try eventuallyTrue("the link is printed") { server.log.contains("/#/welcome/") }
        let link = try #require(
            server.log.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+\/#\/welcome\/(wl_\w+)/), "\(server.log)")
        let token = String(link.output.1)
        func begin(_ token: String, _ email: String = "olive@example.com") throws -> Answer {
            try anonymous.post(
                "/v1/auth/welcome",
                [
                    "token": .string(token), "agency": "Northwind", "name": "Olive", "email": .string(email),
                    "password": "correct horse battery",
                ])
        }
        func isGood(_ token: String) throws -> JSON {
            try anonymous.get("/v1/auth/welcome", ["Welcome-Token": token]).ok()
        }
        let wrong = "wl_" + String(repeating: "a", count: 40)
        try begin(wrong).problem(410, "reset_invalid")
        #expect(try isGood(wrong) == ["valid": false] && isGood(token) == ["valid": true])
        let made = try begin(token).ok(201)
        #expect(made["user"]?.text("role") == "owner")
        try server.caller(made.text("access_token")).get("/v1/leads").ok()
        try begin(token, "other@example.com").problem(410, "reset_invalid")
        // A page learns so before anybody has filled in its form.
        #expect(try isGood(token) == ["valid": false])
        for file in try FileManager.default.subpathsOfDirectory(atPath: server.folder) {
            let bytes = FileManager.default.contents(atPath: "\(server.folder)/\(file)") ?? Data()
            #expect(bytes.range(of: Data(token.utf8)) == nil, "\(file) holds it")
        }
        try server.killAndRestart()
        try begin(token, "third@example.com").problem(410, "reset_invalid")
        #expect(
            server.log.components(separatedBy: "/#/welcome/").count == 2, "there is an agency: no other link")
    }

    @Test func `an older link is dead once the server has printed another`() throws {
        let server = BureauProcess()
        try server.start()
        func printed() -> [String] {
            server.log.matches(of: /#\/welcome\/(wl_\w+)/).map { String($0.output.1) }
        }
        try eventuallyTrue("a link is printed") { printed().count == 1 }
        try server.killAndRestart()
        try eventuallyTrue("another is printed") { printed().count == 2 }
        let tokens = printed()
        for (token, status) in zip(tokens, [410, 201]) {
            let answer = try server.anonymous.post(
                "/v1/auth/welcome",
                [
                    "token": .string(token), "agency": "Northwind", "name": "Olive",
                    "email": "olive@example.com",
                    "password": "correct horse battery",
                ])
            #expect(answer.status == status, "\(answer)")
        }
    }

    @Test func `a link that sets a password stands in no log, and a command makes one`() throws {
        let server = BureauProcess()
        for (email, name) in [("root@example.com", "admin")] {
            _ = try server.command(name, "create", "--email", email, "--password", "correct horse battery")
        }
        try server.start()
        let agency = try server.signUp()
        for email in [agency.email, "root@example.com", "nobody@example.com"] {
            #expect(
                try server.anonymous.post("/v1/auth/password/forgot", ["email": .string(email)]).status == 202
            )
        }
        try eventuallyTrue("the log tells of it") {
            server.log.components(separatedBy: "bureau user reset-password").count == 3
        }
        for word in ["pr_", "/reset/", agency.email, "root@example.com"] {
            #expect(!server.log.contains(word), "the log holds \(word): \(server.log)")
        }
        for arguments in [[agency.email], ["--email", "root@example.com"]] {
            let made = try BureauProcess.run(
                [BureauProcess.binary, "user", "reset-password"] + arguments + ["--data", server.folder])
            let token = try #require(made.output.firstMatch(of: /\/reset\/(pr_\w+)/), "\(made.output)").output
                .1
            let reset: JSON = ["token": .string(String(token)), "password": "another horse battery"]
            #expect(try server.anonymous.post("/v1/auth/password/reset", reset).status == 204)
        }
    }

    @Test
    func `a word without its option is understood where only one can be meant, else the option is named`()
        throws
    {
        let server = BureauProcess()
        let tenant = try server.command("tenant", "create", "Northwind", "--json")
        #expect(tenant.status == 0 && tenant.output.contains("Northwind"), "\(tenant.output)")
        let user = try server.command("user", "create", "olive@example.com")
        #expect(user.status == 2 && user.output.contains("--email EMAIL"), "\(user.output)")
    }

    @Test(.ofFiles) func `a damaged file is refused at the start, with what puts the data back`() throws {
        let server = try BureauProcess.start()
        _ = try server.signUp()
        try #require(server.stop() == 0)
        let path = server.folder + "/bureau.db"
        for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + name) }
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: 100)
        handle.write(Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
        try handle.close()
        let refusal = #expect(throws: Unexpected.self) { try server.start() }
        for word in ["damaged", "bureau verify", "bureau restore"] {
            #expect(refusal?.description.contains(word) == true, "\(refusal?.description ?? "")")
        }
    }

    private static var canMount: Bool {
        getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/bin/mount")
    }

    @Test(.ofFiles, .enabled(if: canMount, "needs root, to mount a small file system"))
    func `on a full disk nothing is ready, uploads are refused with the reason, and it goes on by itself`()
        throws
    {
        let place = NSTemporaryDirectory() + "bureau-full-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        func run(_ words: String...) throws -> Int32? {
            try BureauProcess.run(["/usr/bin/env"] + words).status
        }
        try #require(try run("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", place) == 0)
        defer {
            _ = try? run("umount", "-l", place)
            try? FileManager.default.removeItem(atPath: place)
        }
        let server = try BureauProcess.start(folder: place + "/data")
        defer { server.kill() }
        let agency = try server.quietAgency()
        try server.anonymous.get("/readyz").ok()
        // The test fills nearly all of its disk; the rest belongs to others.
        _ = try run("dd", "if=/dev/zero", "of=\(place)/filler", "bs=100K", "status=none")
        try #require(try run("truncate", "--size=-300000", place + "/filler") == 0)
        let file = Array(csv(csvHeader, (0..<20_000).map { csvRow($0) }).utf8)
        let refused = try agency.owner.post("/v1/leads/import", raw: file, type: "text/csv")
        let problem = try refused.problem(503, "unavailable")
        #expect(problem.text("detail").contains("disk is full"), "\(refused)")
        #expect(refused.header("Retry-After") != nil)
        try eventuallyTrue("it is not ready") {
            let answer = try server.anonymous.get("/readyz")
            return answer.status == 503 && answer.text.contains("The disk of the data folder is full")
        }
        try agency.owner.get("/v1/leads").ok()
        try FileManager.default.removeItem(atPath: place + "/filler")
        try eventuallyTrue("it is ready again") { try server.anonymous.get("/readyz").status == 200 }
        _ = try agency.makeLead()
    }
}
