import JSON
import TestDatabases
import Testing

/// What keeps the installation's database quick and sound, and who sees it.
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
        #expect(Set(before.tasks.keys) == ["analyze", "vacuum", "reindex", "integrity", "archive"])
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
        #expect(after.tasks.values.allSatisfy { $0["last_at"]?.text != nil && $0["took"]?.text != nil })
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
        for statement in json["slow_statements"]?.array ?? [] {
            #expect((statement["p95_ms"]?.double ?? 0) > 0 && !statement.text("suggestion").isEmpty)
        }
        #expect((0...23).contains(json["quiet_hour"]?.int ?? -1))
        try root.post("/v1/admin/maintenance", ["task": "sweep"]).problem(422, "invalid_choice")
        let agency = try server.signUp()
        try agency.owner.get("/v1/admin/maintenance").problem(403, "forbidden")
        try agency.owner.post("/v1/admin/maintenance", ["task": "vacuum"]).problem(403, "forbidden")
    }
}
