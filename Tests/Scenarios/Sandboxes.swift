import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Sandboxes {
    let server = BureauProcess.shared

    @Test func `a sandbox is a tenant of its own, whose clock stands still`() throws {
        let agency = try server.quietAgency()
        let live = try agency.makeLead()
        try agency.waitForJudgement(of: live)
        let (empty, copy) = (try agency.sandbox(), try agency.sandbox("live"))
        #expect(try copy.owner.every("/v1/leads").map(\.id) == [live.id])
        #expect(try empty.owner.every("/v1/leads").isEmpty)
        // The agents of each judge by themselves how good its data are.
        func shown(_ agency: Caller) throws -> JSON {
            try agency.get("/v1/leads/\(live.id)").ok().merging(["quality_score": nil])
        }
        #expect(try shown(copy.owner) == shown(agency.owner))
        try copy.owner.patch("/v1/leads/\(live.id)", ["notes": "in the copy"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(live.id)").ok()["notes"] == .null)
        let made = try empty.owner.post("/v1/leads", lead(1)).ok(201)
        #expect(made.text("created_at") == "2027-01-05T10:00:00.000Z")
        #expect(try empty.now() == "2027-01-05T10:00:00.000Z")
        #expect(try empty.owner.get("/v1/settings").ok().text("sandbox_of") == agency.tenant.id)
        let me = try empty.owner.get("/v1/me").ok()
        #expect(me.text("role") == "owner" && me["tenant"]?.id == empty.tenantID)
        let listed = try agency.owner.every("/v1/sandboxes")
        #expect(Set(listed.map(\.id)) == [empty.id, copy.id] && listed.allSatisfy { $0["token"] == nil })
        #expect(try empty.owner.every("/v1/sandboxes").isEmpty)
        try empty.owner.post("/v1/sandboxes", ["from": "empty", "name": "x"]).problem(409, "conflict")
        // Nobody else's.
        let stranger = try server.signUp()
        for path in ["", "/clock"] {
            try stranger.owner.get("/v1/sandboxes/\(empty.id)\(path)").problem(404, "not_found")
            try copy.owner.get("/v1/sandboxes/\(empty.id)\(path)").problem(404, "not_found")
        }
        try stranger.owner.post("/v1/sandboxes/\(empty.id)/clock/advance", ["by": "PT1H"]).problem(
            404, "not_found")
    }

    @Test func `a copy has no integration of the agency, and each keeps its own`() throws {
        let agency = try server.quietAgency()
        let live = try agency.connect(
            "http", "http://127.0.0.1:9", credentials: ["token": "live-token"], capability: "http")
        let box = try agency.sandbox("live")
        #expect(try box.owner.every("/v1/integrations").isEmpty)
        try box.owner.get("/v1/integrations/\(live.id)").problem(404, "not_found")
        let own = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "http", "capability": "http", "settings": ["base_url": "http://127.0.0.1:9"],
                "credentials": ["token": "sandbox-token"],
            ]
        ).ok(201)
        #expect(try agency.owner.every("/v1/integrations").map(\.id) == [live.id])
        try agency.owner.get("/v1/integrations/\(own.id)").problem(404, "not_found")
    }

    @Test func `two of one seed have events of the same ids, and each follows its own`() throws {
        let boxes = try (0..<2).map { _ in try server.quietAgency().sandbox() }
        for box in boxes { try box.quieten() }
        let streams = try boxes.map { try EventStream($0.owner) }
        let leads = try boxes.map {
            try $0.owner.post("/v1/leads", ["company": "Acme", "email": "ann@acme.example"]).ok(201)
        }
        for (stream, number) in zip(streams, 0...) {
            try stream.wait(for: "lead.created")
            let field = number == 0 ? "notes" : "website"
            try boxes[number].owner.patch(
                "/v1/leads/\(leads[number].id)",
                .object(JSONObject([(field, .string("https://acme.example"))]))
            ).ok()
            try stream.wait(for: "lead.updated")
        }
        let seen = try streams.map { try $0.wait(for: "lead.updated")[0] }
        #expect(seen[0].id == seen[1].id, "else nothing is shown by this")
        let told = seen.map { $0.data["data"]?["changed"] }
        #expect(told[0] == ["notes"] && told[1] == ["website"], "\(told)")
        let records = seen.map { $0.data["data"]?["record"] }
        #expect(records[0]?["website"] == .null && records[1]?["notes"] == .null, "\(records)")
    }

    @Test func `what it is made of is checked`() throws {
        let agency = try server.quietAgency()
        func post(_ body: JSON) throws -> Answer { try agency.owner.post("/v1/sandboxes", body) }
        #expect(try post([:]).faults() == ["/from": "required", "/name": "required"])
        #expect(try post(["from": "mars", "name": "x", "seed": -1, "start_at": "soon"]).faults().count == 3)
        let viewer = try agency.colleague("viewer")
        try viewer.post("/v1/sandboxes", ["from": "empty", "name": "x"]).problem(403, "forbidden")
        let key = try agency.key(["sandboxes:write", "sandboxes:read"])
        let refusal = try key.post("/v1/sandboxes", ["from": "live", "name": "x"]).problem(403, "forbidden")
        #expect(refusal.text("detail").contains("read"), "a copy shows everything to whoever has its token")
        #expect(
            try key.post("/v1/sandboxes", ["from": "empty", "name": "x"]).ok(201).text("token").hasPrefix(
                "sb_"))
    }

    @Test func `a request with its idempotency key makes one`() throws {
        let agency = try server.quietAgency()
        let body: JSON = ["from": "empty", "name": "x"], key = ["Idempotency-Key": "once"]
        let first = try agency.owner.post("/v1/sandboxes", body, key).ok(201)
        #expect(try agency.owner.post("/v1/sandboxes", body, key).ok(201) == first)
        #expect(try agency.owner.every("/v1/sandboxes").count == 1)
    }

    @Test func `its clock goes on by and to, never back`() throws {
        let agency = try server.signUp()
        let box = try agency.sandbox()
        let path = "/v1/sandboxes/\(box.id)/clock/advance"
        let answer = try agency.owner.post(path, ["by": "PT45M"]).ok()
        #expect(answer.text("now") == "2027-01-05T10:45:00.000Z")
        let counted = answer["ran"]?.object?.keys ?? []
        #expect(Set(counted).isSuperset(of: ["jobs", "agents", "messages"]))
        let ran = try box.advance(to: "2027-01-06T10:00:00.000Z")
        #expect((ran["agents"]?.int ?? 0) > 0 && (ran["jobs"]?.int ?? 0) >= (ran["agents"]?.int ?? 0))
        #expect(
            try agency.owner.post(path, ["to": "2027-01-01T00:00:00.000Z"]).faults() == [
                "/to": "clock_backwards"
            ])
        let faulty: [JSON] = [
            [:], ["by": "soon"], ["by": "-PT1H"], ["by": "PT1H", "to": "2028-01-01T00:00:00.000Z"],
            ["by": "P9999D"],
            ["far": 1],
        ]
        for body in faulty { try agency.owner.post(path, body).problem(422) }
        #expect(try box.now() == "2027-01-06T10:00:00.000Z")
    }

    @Test func `an advance counts the messages that would have left meanwhile`() throws {
        let agency = try server.quietAgency()
        let box = try agency.sandbox()
        try box.readyToSend()
        for hour in 11...13 {
            let contact = try box.owner.post(
                "/v1/contacts",
                ["name": "Person", "email": .string("p\(hour)@example.com"), "country": "US"]
            ).ok(201)
            try box.owner.post(
                "/v1/messages",
                [
                    "channel": "email", "contact_id": .string(contact.id), "subject": "Hi", "body": "Hi.",
                    "purpose": "transactional", "not_before": .string("2027-01-05T\(hour):30:00.000Z"),
                ]
            ).ok(202)
        }
        #expect(try box.advance("PT1H")["messages"] == 0)
        #expect(try box.advance("PT2H")["messages"] == 2)
        #expect(try box.advance("PT2H")["messages"] == 1)
        #expect(try box.owner.every("/v1/messages").filter { $0["captured"] == true }.count == 3)
    }

    @Test func `each slot of a schedule has its run at its time, over a daylight-saving night`() throws {
        let agency = try server.signUp()
        let box = try agency.sandbox(startAt: "2027-03-13T12:00:00.000Z")
        for schedule in try box.owner.every("/v1/schedules") {
            try box.owner.patch("/v1/schedules/\(schedule.id)", ["enabled": false]).ok()
        }
        try box.owner.post(
            "/v1/schedules",
            ["agent": "lead_scoring", "cron": "30 2 * * *", "time_zone": "America/New_York"]
        ).ok(201)
        try box.advance("P3D")
        let runs = try box.owner.every("/v1/agent-runs?agent=lead_scoring&trigger=schedule")
        #expect(
            runs.map { $0.text("created_at") }.sorted() == [
                "2027-03-14T07:00:00.000Z", "2027-03-15T06:30:00.000Z", "2027-03-16T06:30:00.000Z",
            ])
        #expect(runs.allSatisfy { $0.text("status") == "succeeded" && $0["started_at"] == $0["created_at"] })
    }

    @Test func `what is due runs at once, and no time waits for it`() throws {
        let agency = try server.signUp()
        let box = try agency.sandbox()
        let lead = try box.owner.post("/v1/leads", lead(1, ["budget": dollars(8000)])).ok(201)
        try box.advance("PT0S")
        let scored = try box.owner.get("/v1/leads/\(lead.id)").ok()
        #expect(scored["score"] != .null && scored.text("updated_at") == "2027-01-05T10:00:00.000Z")
        let run = try box.owner.ended("/v1/leads/\(lead.id)/score")
        #expect(run.text("status") == "succeeded" && run.text("finished_at") == "2027-01-05T10:00:00.000Z")
    }

    @Test func `the same records, seed and advance give the same, to the byte`() throws {
        let agency = try server.quietAgency()
        try agency.makeLeads(
            (0..<30).map {
                lead(
                    $0,
                    [
                        "employee_count": JSON($0 * 7 + 1), "budget": dollars(Int64($0) * 300),
                        "timeline_days": JSON($0 * 10), "authority": .bool($0 % 3 == 0),
                    ])
            })
        for lead in try agency.owner.every("/v1/leads") { try agency.waitForJudgement(of: lead) }
        func story(_ seed: Int) throws -> [String] {
            let box = try agency.sandbox("live", seed: seed)
            for name in ["lead_scoring", "lead_qualification", "lead_generation"] {
                try box.owner.patch("/v1/agents/\(name)", ["state": "active"]).ok()
            }
            try box.owner.post("/v1/leads", lead(100)).ok(201)
            let ran = try box.advance("P3D")
            return try [ran.serialized]
                + [
                    "leads", "contacts", "decisions", "agent-runs", "jobs", "events", "schedules", "audit",
                    "agents",
                ].map { JSON.array(try box.owner.every("/v1/\($0)")).serialized }
        }
        let (one, two, other) = (try story(11), try story(11), try story(12))
        for (first, second) in zip(one, two) { #expect(first == second) }
        #expect(!one[1].contains(#""score":null"#) && one[2...] != other[2...])
    }

    @Test func `an issue that is found takes none of the ids of what follows`() throws {
        let agency = try server.quietAgency()
        func story(_ weight: Int, _ isEnabled: Bool) throws -> (issues: Int, next: String) {
            let box = try agency.sandbox("empty", seed: 11)
            let rules = try box.owner.every("/v1/quality-rules?name=company_size")
            try box.owner.patch(
                "/v1/quality-rules/\(rules[0].id)", ["weight": JSON(weight), "enabled": .bool(isEnabled)]
            ).ok()
            try box.owner.post("/v1/leads", lead(1, ["employee_count": 0])).ok(201)
            try box.advance("PT1M")
            let issues = try box.owner.every("/v1/quality-issues?rule=company_size")
            return (issues.count, try box.owner.post("/v1/leads", lead(2)).ok(201).id)
        }
        let (found, none) = (try story(2, true), try story(1, false))
        #expect(found.issues == 1 && none.issues == 0)
        #expect(found.next == none.next)
    }

    @Test func `its token opens it alone, until it is renewed or the sandbox is removed`() throws {
        let agency = try server.quietAgency()
        let box = try agency.sandbox()
        #expect(try box.owner.get("/v1/leads").status == 200)
        try box.owner.get("/v1/sandboxes/\(try agency.sandbox().id)").problem(404, "not_found")
        let renewed = try agency.owner.post("/v1/sandboxes/\(box.id)/token").ok()
        try box.owner.get("/v1/leads").problem(401, "unauthenticated")
        let again = server.caller(renewed.text("token"))
        #expect(try again.get("/v1/leads").status == 200)
        #expect(try agency.owner.delete("/v1/sandboxes/\(box.id)").status == 204)
        try again.get("/v1/leads").problem(401, "unauthenticated")
        for path in ["", "/clock"] {
            try agency.owner.get("/v1/sandboxes/\(box.id)\(path)").problem(404, "not_found")
        }
        try agency.owner.delete("/v1/sandboxes/\(box.id)").problem(404, "not_found")
    }

    @Test func `people sign in to their agency, whatever copies of them there are`() throws {
        let agency = try server.quietAgency()
        for _ in 0..<3 { _ = try agency.sandbox("live") }
        let answer = try agency.signIn()
        #expect(answer["tenant"]?.id == agency.tenant.id)
        let key = try agency.key(["leads:read"])
        let copy = try agency.sandbox("live")
        #expect(try copy.owner.every("/v1/api-keys").isEmpty && key.get("/v1/leads").status == 200)
        #expect(try copy.owner.every("/v1/users").map(\.id) == agency.owner.every("/v1/users").map(\.id))
    }

    @Test func `a copy finds, explains and goes on as its agency does`() throws {
        let agency = try server.signUp(timeZone: "Europe/Berlin")
        let lead = try agency.makeLead(3, ["company": "Quokka Bakery", "tags": ["bread"]])
        _ = try agency.score(lead.id)
        try agency.quieten()
        // The new lead's own scoring may have come after.
        try eventuallyTrue("rest") { try agency.owner.every("/v1/agent-runs?status=running").isEmpty }
        let decision = try agency.owner.get("/v1/leads/\(lead.id)/score").ok()
        let box = try agency.sandbox("live")
        #expect(try box.owner.every("/v1/leads?q=quokka").map(\.id) == [lead.id])
        #expect(try box.owner.get("/v1/leads/\(lead.id)/score").ok() == decision)
        #expect(try box.owner.get("/v1/settings").ok().text("time_zone") == "Europe/Berlin")
        #expect(try box.owner.every("/v1/events").isEmpty && box.owner.every("/v1/jobs").isEmpty)
        #expect(try box.owner.every("/v1/agent-runs").isEmpty)
        let (live, copied) = (try agency.owner.every("/v1/schedules"), try box.owner.every("/v1/schedules"))
        #expect(
            copied.map(\.id) == live.map(\.id) && copied.map { $0["version"] } == live.map { $0["version"] })
        #expect(
            copied.allSatisfy { ($0["next_fires"]?.array?.first?.text ?? "") > "2027-01-05T10:00:00.000Z" })
        let totals = try [agency.owner, box.owner].map { try $0.get("/api/dashboard/leads").ok()["total"] }
        #expect(totals[0] == totals[1] && totals[0] == 1)
        try box.owner.patch("/v1/leads/\(lead.id)", ["company": "Wombat Bakery"]).ok()
        #expect(try box.owner.every("/v1/leads?q=quokka").isEmpty)
        #expect(try box.owner.every("/v1/leads?q=wombat").count == 1)
        #expect(try agency.owner.every("/v1/leads?q=quokka").count == 1)
        #expect(try box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }
}

/// On servers of their own, which are stopped, killed and counted.
@Suite(.ownThread) struct SandboxesOnDisk {
    /// Returns the number of users and leads in the database, of all tenants; `status` leaves sandboxes out.
    private func rows(_ server: BureauProcess) throws -> [Int] {
        try ["users", "leads"].map { try server.rowCount(of: $0) }
    }

    @Test func `removing one leaves none of its rows`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        try agency.makeLeads((0..<250).map { lead($0) })
        let before = try rows(server)
        let box = try agency.sandbox("live")
        #expect(try rows(server) != before)
        #expect(try agency.owner.delete("/v1/sandboxes/\(box.id)").status == 204)
        try eventuallyTrue("its rows are gone") { try rows(server) == before }
        #expect(try agency.owner.every("/v1/leads?q=example").count == 250)
    }

    @Test func `a kill leaves its clock where it was, and its work to be gone on with`() throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        let box = try agency.sandbox()
        try box.advance("PT23H")
        try server.killAndRestart()
        #expect(try box.now() == "2027-01-06T09:00:00.000Z")
        #expect((try box.advance("PT1H")["agents"]?.int ?? 0) > 0)
        #expect(try box.now() == "2027-01-06T10:00:00.000Z")
    }

    @Test func `a kill while one is made leaves nothing of it`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        try agency.makeLeads((0..<2000).map { lead($0) })
        let before = try rows(server)
        for _ in 1...5 {
            let making = Thread {
                _ = try? agency.owner.post("/v1/sandboxes", ["from": "live", "name": "x"])
            }
            making.start()
            try eventuallyTrue("the copy has begun", every: .milliseconds(1)) { try rows(server) != before }
            try server.killAndRestart()
            let boxes = try agency.owner.every("/v1/sandboxes")
            for box in boxes { try agency.owner.delete("/v1/sandboxes/\(box.id)").ok(204) }
            try eventuallyTrue("its rows are gone") { try rows(server) == before }
            // One that was whole already came before the kill.
            if boxes.isEmpty { return }
        }
        Issue.record("each was made before the kill")
    }

    @Test func `an agency that is suspended has its sandboxes suspended`() throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        let box = try agency.sandbox()
        _ = try server.command(
            "admin", "create", "--email", "a@example.com", "--password", "correct horse platform")
        let login = try server.anonymous.post(
            "/v1/auth/login", ["email": "a@example.com", "password": "correct horse platform"]
        ).ok()
        let admin = server.caller(login.text("access_token"))
        #expect(
            try admin.every("/v1/admin/tenants").map(\.id) == [agency.tenant.id], "sandboxes are no agencies")
        try admin.post("/v1/admin/tenants/\(agency.tenant.id)/suspend").ok()
        try box.owner.get("/v1/leads").problem(403, "tenant_suspended")
        try admin.post("/v1/admin/tenants/\(agency.tenant.id)/resume").ok()
        #expect(try box.owner.get("/v1/leads").status == 200)
        #expect((try box.advance("P1D")["agents"]?.int ?? 0) > 0)
    }
}
