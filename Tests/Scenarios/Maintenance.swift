import Foundation
import JSON
import TestDatabases
import Testing

/// Maintenance keeps the installation's database quick and sound, for those who may see it.
@Suite(.ownThread) struct Maintenance {
    private func installation() throws -> (server: BureauProcess, root: Caller) {
        let server = BureauProcess()
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

    private func state(_ root: Caller) throws -> (json: JSON, tasks: [String: JSON]) {
        let json = try root.get("/v1/admin/maintenance").ok()
        let tasks = json["tasks"]?.array ?? []
        return (json, Dictionary(tasks.map { ($0.text("name"), $0) }, uniquingKeysWith: { $1 }))
    }

    @Test func `each task is done when it is asked for, and tells what came of it`() throws {
        let (server, root) = try installation()
        let agency = try server.signUp()
        try agency.makeLeads((1...50).map { lead($0) })
        let before = try state(root)
        #expect(
            Set(before.tasks.keys) == ["analyze", "vacuum", "reindex", "integrity", "archive", "restore"])
        #expect(before.tasks.values.allSatisfy { $0["last_result"] == .null })
        for (name, task) in before.tasks where !["vacuum", "reindex"].contains(name) {
            #expect(task["next_at"]?.text != nil, "\(name)")
        }
        for name in ["analyze", "vacuum", "reindex", "integrity", "archive"] {
            let started = try root.post("/v1/admin/maintenance", ["task": .string(name)])
            #expect(try started.ok(202).text("name") == name)
            let result = try eventually("the end of \(name)") { () -> String? in
                try state(root).tasks[name]?["last_result"]?.text
            }
            #expect(!result.hasPrefix("It failed"), "\(name): \(result)")
        }
        let after = try state(root)
        #expect(after.tasks["integrity"]?.text("last_result").contains("sound") == true)
        let done = after.tasks.filter { $0.key != "restore" }.values
        #expect(done.allSatisfy { $0["last_at"]?.text != nil && $0["took"]?.text != nil })
        #expect(done.allSatisfy { $0["failed"] == false })
        #expect(try agency.owner.every("/v1/leads").count == 50, "and all is there as before")
        let runs = try agency.owner.every("/v1/agent-runs?agent=data_management")
        #expect(runs.contains { $0["parameters"]?["task"] == "archive" }, "agencies look for unused records")
    }

    @Test func `the room that is taken, and statements that were slow, are seen by operators alone`() throws {
        let (server, root) = try installation()
        let (json, _) = try state(root)
        #expect((json["capacity"]?["bytes"]?.int ?? 0) > 0)
        #expect((json["capacity"]?["free_bytes"]?.int ?? 0 > 0) != TestDatabases.isOnServer)
        #expect(json["capacity"]?["full_on"] == .null, "nobody knows yet how it grows")
        #expect((0...23).contains(json["quiet_hour"]?.int ?? -1))
        try root.post("/v1/admin/maintenance", ["task": "sweep"]).problem(422, "invalid_choice")
        let agency = try server.signUp()
        // Each tag of each lead is compared with each of these: a tenth of a second and more.
        try agency.makeLeads((0..<500).map { lead($0, ["tags": ["red", "green", "blue"]]) })
        let others = (0..<200).map { "t\($0)" }.joined(separator: ",")
        let unlike = try agency.owner.get("/v1/leads?limit=1&total=true&tags[ne]=\(others)").ok()
        #expect(unlike["total"] == 500)
        let slow = try state(root).json["slow_statements"]?.array ?? []
        let statement = try #require(slow.first { $0.text("statement").contains("(tags") }, "\(slow.count)")
        #expect((statement["calls"]?.int ?? 0) >= 1 && !statement.text("statement").contains("t199"))
        for statement in slow {
            #expect((statement["p95_ms"]?.double ?? 0) >= 20 && !statement.text("suggestion").isEmpty)
        }
        try agency.owner.get("/v1/admin/maintenance").problem(403, "forbidden")
        try agency.owner.post("/v1/admin/maintenance", ["task": "vacuum"]).problem(403, "forbidden")
    }

    private func ended(_ root: Caller, _ task: String, _ body: JSON, after: JSON? = nil) throws -> JSON {
        let before = try state(root).json["tasks"]?.array?.first { $0.text("name") == task }?["last_at"]
        try root.post("/v1/admin/maintenance", body).ok(202)
        return try eventually("the end of \(task)") { () -> JSON? in
            let now = try state(root).tasks[task]
            return now?["last_at"] == .null || now?["last_at"] == before ? nil : now
        }
    }

    @Test(.enabled(if: !TestDatabases.isOnServer, "a server has its own tools"))
    func `the newest backup is restored for a trial, and one that does not come back is told`() throws {
        let (server, root) = try installation()
        let agency = try server.signUp()
        try agency.makeLeads((1...20).map { lead($0) })
        let none = try ended(root, "restore", ["task": "restore"])
        #expect(none["failed"] == true && none.text("last_result").contains("no backup"))
        func backup() throws -> JSON {
            let begun = try root.post("/v1/admin/backups").ok(202)
            return try eventually("the backup") {
                let now = try root.get("/v1/admin/backups/\(begun.id)").ok()
                guard now.text("status") == "made" else { return nil }
                return now
            }
        }
        func check() throws -> JSON? {
            try root.get("/v1/admin/health").ok()["checks"]?.array?.first { $0.text("name") == "maintenance" }
        }
        #expect(try check()?.text("status") == "failing")
        let path = try backup().text("path")
        let restored = try ended(root, "restore", ["task": "restore"])
        #expect(restored["failed"] == false, "\(restored)")
        #expect(restored.text("last_result").contains("sound and holds"), "\(restored)")
        #expect(try check()?.text("status") == "ok")
        #expect(restored["next_at"]?.text != nil, "each week")
        // The disk has lost a part of it since it was made.
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size / 2)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 16_384))
        try file.close()
        let damaged = try ended(root, "restore", ["task": "restore"])
        #expect(damaged["failed"] == true, "\(damaged)")
        let told = try check()
        #expect(told?.text("status") == "failing" && told?.text("detail").contains("restore") == true)
        #expect(told?["remedy"]?.text?.isEmpty == false)
        #expect(try root.get("/v1/admin/health").ok().text("status") == "failing")
        #expect(try agency.owner.every("/v1/leads").count == 20, "the database itself is as it was")
    }

    @Test func `an index that is advised is made when it is asked for, and taken away again`() throws {
        let (server, root) = try installation()
        let agency = try server.signUp()
        try agency.makeLeads((1...30).map { lead($0) })
        let wanted: JSON = ["task": "make_index", "table": "leads", "columns": ["tenant_id", "industry"]]
        try root.post("/v1/admin/maintenance", wanted).ok(202)
        let index = try eventually("the index") { try state(root).json["indexes"]?.array?.first }
        #expect(index.text("table") == "leads" && index["columns"] == ["tenant_id", "industry"])
        #expect(try agency.owner.every("/v1/leads").count == 30)
        _ = try agency.makeLead(31)
        // Once more is the same index.
        try root.post("/v1/admin/maintenance", wanted).ok(202)
        _ = try ended(root, "analyze", ["task": "analyze"])
        #expect(try state(root).json["indexes"]?.array?.count == 1)
        try root.post(
            "/v1/admin/maintenance", ["task": "drop_index", "index": index["name"] ?? .null]
        ).ok(202)
        try eventuallyTrue("the end of the index") { try state(root).json["indexes"] == [] }
        func faults(_ body: JSON) throws -> [String: String] {
            try root.post("/v1/admin/maintenance", body).faults()
        }
        #expect(try faults(["task": "make_index"]) == ["/table": "required"])
        #expect(try faults(["task": "make_index", "table": "leads"]) == ["/columns": "required"])
        #expect(
            try faults(["task": "make_index", "table": "leads; DROP TABLE leads", "columns": ["id"]])
                == ["/table": "unknown_name"])
        #expect(
            try faults(["task": "make_index", "table": "leads", "columns": ["id", "nothing"]])
                == ["/columns/1": "unknown_name"])
        #expect(try faults(["task": "drop_index", "index": "leads_row"]) == ["/index": "unknown_name"])
        try agency.owner.post("/v1/admin/maintenance", wanted).problem(403, "forbidden")
    }

    @Test func `decisions of long ago take little room, and are shown, replayed and exported as they were`()
        throws
    {
        let clock = try MovedClock(at: Date(iso: "2027-03-01T08:00:00.000Z"))
        let server = BureauProcess(variables: clock.variables)
        let password = "correct horse battery"
        #expect(
            try server.command("admin", "create", "--email", "root@example.com", "--password", password)
                .status == 0)
        try server.start()
        func root() throws -> Caller {
            let login: JSON = ["email": "root@example.com", "password": .string(password)]
            return server.caller(
                try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        }
        let agency = try server.signUp()
        let lead = try agency.makeLead(1)
        try agency.owner.post("/v1/leads/\(lead.id)/score").ok(202)
        let decision = try eventually("a decision") {
            try agency.owner.every("/v1/decisions?agent=lead_scoring&subject_id=\(lead.id)").first
        }
        let path = "/v1/decisions/\(decision.id)"
        let shown = try agency.owner.get(path).ok()
        #expect(shown["factors"]?.array?.isEmpty == false)
        try clock.move(to: Date(iso: "2027-07-01T08:00:00.000Z"))
        _ = try ended(try root(), "archive", ["task": "archive"])
        let owner = server.caller(try agency.signIn().text("access_token"))
        #expect(try owner.get(path).ok() == shown, "as it was, in every letter")
        #expect(try owner.post("\(path)/replay").ok()["same"] == true)
        let listed = try owner.every("/v1/decisions?subject_id=\(lead.id)")
        #expect(listed.contains { $0 == shown })
        let export = try owner.post("/v1/privacy/export", ["email": lead["email"] ?? .null]).ok()
        #expect(export.serialized.contains(decision.id))
    }
}
