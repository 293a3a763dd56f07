import JSON
import TestDatabases
import Testing

@Suite(.ownThread) struct Events {
    let server = BureauProcess.shared

    @Test func `changes come over the stream at once, in the order of the list, to their own agency alone`()
        throws
    {
        let (agency, other) = (try server.signUp(), try server.signUp())
        let stream = try EventStream(agency.owner)
        #expect(stream.head.status == 200)
        #expect(stream.head.header("Content-Type")?.hasPrefix("text/event-stream") == true)
        let id = try agency.makeLead().id
        _ = try other.makeLead(7)
        let created = try stream.wait(for: "lead.created")[0]
        #expect(
            created.data["subject"] == ["type": "lead", "id": .string(id)] && created.id == created.data.id)
        for key in ["id", "type", "subject", "data", "created_at"] {
            #expect(created.data[key] != nil, "\(key)")
        }
        try stream.wait(for: "lead.scored")
        #expect(stream.of("lead.created").count == 1)
        let streamed = stream.events.map(\.id)
        let listed = try agency.owner.every("/v1/events").map(\.id)
        #expect(listed == listed.sorted(), "oldest first")
        #expect(streamed == listed.filter(streamed.contains), "the stream's order is the list's")
    }

    @Test func `a reader that comes back gets exactly what it missed, after a restart too`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        let first = try EventStream(agency.owner)
        _ = try agency.makeLead(0)
        let last = try first.wait(for: "lead.created")[0].id
        first.close()
        let ids = try (1...5).map { try agency.makeLead($0).id }
        for isRestarted in [false, true] {
            if isRestarted { try own.killAndRestart() }
            let again = try EventStream(agency.owner, after: last)
            let created = try again.wait(for: "lead.created", count: 5)
            #expect(created.prefix(5).map { $0.data["subject"]?.id } == ids)
            let next = try agency.makeLead(isRestarted ? 7 : 6).id
            let all = try again.wait(for: "lead.created", count: isRestarted ? 7 : 6)
            #expect(all.last?.data["subject"]?.id == next, "and then what is new")
        }
    }

    @Test func `the stream needs a credential that may read events, and ends with it`() throws {
        let agency = try server.signUp()
        try server.anonymous.get("/v1/events/stream").problem(401, "unauthenticated")
        try agency.key(["leads:read"]).get("/v1/events/stream").problem(403, "forbidden")
        let stream = try EventStream(agency.owner)
        let other = server.caller(try agency.signIn().text("access_token"))
        try agency.owner.post("/v1/auth/logout").ok(204)
        try eventuallyTrue("the end of the stream", every: .milliseconds(100)) {
            try other.post("/v1/leads", ["company": "X"]).ok(201)
            return stream.isEnded
        }
        #expect(stream.of("lead.created").count <= 1)
    }

    @Test(arguments: ["rubbish", "evt_00000000000000000000000000", ""])
    func `an event id that is none is no trouble`(_ id: String) throws {
        let agency = try server.quietAgency()
        let stream = try EventStream(agency.owner, after: id)
        if stream.head.status == 200 {
            _ = try agency.makeLead()
            try stream.wait(for: "lead.created")
        } else {
            #expect([400, 404].contains(stream.head.status))
        }
    }

    @Test func `the list filters by type and pages to the end`() throws {
        let agency = try server.quietAgency()
        for number in 0..<5 { _ = try agency.makeLead(number) }
        let created = try agency.owner.every("/v1/events?type=lead.created", limit: 2)
        #expect(created.count == 5 && created.allSatisfy { $0.text("type") == "lead.created" })
    }
}

@Suite(.ownThread) struct AuditTrail {
    let server = BureauProcess.shared

    @Test func `creates, changes and deletes are there with who, what and when; reads are not`() throws {
        let agency = try server.quietAgency()
        let id = try agency.makeLead().id
        try agency.owner.patch("/v1/leads/\(id)", ["employee_count": 99, "phone": "+14155552671"]).ok()
        try agency.owner.delete("/v1/leads/\(id)").ok(204)
        _ = try agency.owner.get("/v1/leads/\(id)")
        let entries = try agency.owner.every("/v1/audit?subject_id=\(id)").filter {
            $0["actor"]?.text("type") == "user"
        }
        #expect(entries.count == 3)
        #expect(Set(entries.map { $0["actor"]?.id }) == [agency.user.id])
        #expect(entries.contains { $0["changes"]?["employee_count"] == ["from": 50, "to": 99] })
        #expect(entries.allSatisfy { !$0.text("hash").isEmpty && !$0.text("created_at").isEmpty })
        let text = entries.map(\.serialized).joined()
        for personal in ["+14155552671", "jane0@example0.com", "Jane Example"] {
            #expect(!text.contains(personal), "what is personal is masked")
        }
        let page = try agency.owner.get("/v1/audit?limit=200").text
        #expect(!page.contains(agency.password) && !page.contains("argon2"))
    }

    @Test func `a key, an agent and a colleague each stand under their own name`() throws {
        let agency = try server.signUp()
        let robot = try agency.key(["leads:read", "leads:write"]), joe = try agency.colleague("member")
        let id = try robot.post("/v1/leads", lead()).ok(201).id
        try joe.patch("/v1/leads/\(id)", ["notes": "Called."]).ok()
        _ = try agency.score(id)
        let key = try #require(try agency.owner.every("/v1/api-keys").first)
        let person = try joe.get("/v1/me").ok()["user"]?.id ?? ""
        let actors = Set(
            try agency.owner.every("/v1/audit?subject_id=\(id)").map { entry in
                "\(entry["actor"]?.text("type") ?? "") \(entry["actor"]?.id ?? "")"
            })
        let own = ["api_key \(key.id)", "user \(person)", "agent lead_scoring"]
        #expect(actors.isSuperset(of: own), "\(actors)")
        #expect(!actors.contains("user \(agency.user.id)"), "who has done nothing to it")
    }

    @Test func `the chain verifies, each entry names its predecessor, and none can be changed`() throws {
        let agency = try server.signUp()
        for number in 0..<5 { _ = try agency.makeLead(number) }
        let verification = try agency.owner.get("/v1/audit/verify").ok()
        #expect(verification["valid"] == true && (verification["entries"]?.int ?? 0) >= 5)
        #expect(verification["first_invalid"] == .null)
        let entries = try agency.owner.every("/v1/audit").sorted { $0.id < $1.id }
        let hashes = Set(entries.map { $0.text("hash") })
        #expect(hashes.count == entries.count)
        #expect(entries.filter { hashes.contains($0.text("previous_hash")) }.count >= entries.count - 1)
        let path = "/v1/audit/\(entries[0].id)"
        try agency.owner.patch(path, ["action": "x"]).problem(405, "method_not_allowed")
        try agency.owner.delete(path).problem(405, "method_not_allowed")
    }

    @Test func `an entry that was changed behind the server's back is found`() throws {
        let own = try BureauProcess.start()
        let agency = try own.signUp()
        _ = try agency.makeLead()
        try #require(own.stop() == 0)
        try own.tamper()
        try own.start()
        let caller = own.caller(try agency.signIn().text("access_token"))
        let verification = try caller.get("/v1/audit/verify").ok()
        #expect(
            verification["valid"] == false && verification["first_invalid"]?.text?.hasPrefix("aud_") == true)
    }
}

extension BureauProcess {
    /// Changes an entry of the audit where the database keeps it.
    fileprivate func tamper() throws {
        let change = "UPDATE audit SET action = 'nothing.happened' WHERE row = 2"
        guard !TestDatabases.isOnServer else { return try TestDatabases.administer(change, in: database) }
        let script = """
            import glob, sqlite3
            path = next(f for f in glob.glob('\(folder)/**', recursive=True)
                        if not f.endswith('/') and __import__('os').path.isfile(f)
                        and open(f, 'rb').read(15) == b'SQLite format 3')
            db = sqlite3.connect(path)
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
            for (name,) in db.execute(triggers).fetchall():
                db.execute(f'DROP TRIGGER {name}')
            changed = db.execute("\(change)").rowcount
            db.commit()
            print(changed)
            """
        let edit = try BureauProcess.run(["/usr/bin/env", "python3", "-c", script])
        try #require(edit.status == 0, "\(edit.output)")
    }
}
