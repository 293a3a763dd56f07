import Foundation
import JSON
import StandIns
import Synchronization
import TestDatabases
import Testing

/// The weekly work of data management: addresses, duplicates, what nobody uses; and what bad data stops.
@Suite(.ownThread) struct DataUpkeep {
    let server = BureauProcess.shared

    private func agency(_ settings: JSON = [:]) throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        if settings != [:] { try configure(agency.owner, settings) }
        return agency
    }

    private func configure(_ owner: Caller, _ settings: JSON) throws {
        let path = "/v1/agents/data_management/config"
        try owner.patch(path, settings).ok()
        try owner.post(path + "/publish").ok()
    }

    @discardableResult private func run(_ owner: Caller, _ task: String) throws -> JSON {
        let run = try owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": .string(task)]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    @Test func `a task that there is not is refused`() throws {
        let agency = try agency(), path = "/v1/agents/data_management/runs"
        try agency.owner.post(path, ["parameters": ["task": "nap"]]).problem(422, "invalid_choice")
        try agency.owner.post(path, ["parameters": ["table": "x"]]).problem(422, "unknown_field")
    }

    /// Makes two leads that are surely the same.
    private func makeTwins(_ owner: Caller) throws {
        for name in ["Acme Robotics GmbH", "ACME Robotics"] {
            let body: JSON = [
                "company": .string(name), "website": "https://acme-robotics.example",
                "email": "erika@acme-robotics.example", "contact_name": "Erika Beispiel",
                "phone": "+4930901820",
            ]
            try owner.post("/v1/leads", body).ok(201)
        }
    }

    /// Counts those of them that are left.
    private func twins(_ owner: Caller) throws -> Int {
        try owner.every("/v1/leads").count {
            $0.text("email") == "erika@acme-robotics.example" && $0.text("status") != "archived"
        }
    }

    @Test func `leads that are surely the same are proposed, and merged where the settings say so`() throws {
        let agency = try agency()
        try makeTwins(agency.owner)
        let proposed = try run(agency.owner, "duplicates")["duplicates"]
        #expect(proposed?["merged"] == 0 && proposed?["proposed"]?["leads"] == 1)
        let decisions = try agency.owner.every("/v1/decisions?agent=data_management")
        #expect(decisions.contains { $0["outcome"]?.text("action") == "propose" })
        #expect(try twins(agency.owner) == 2)
        try configure(agency.owner, ["merge_leads": true, "merge_from": 80])
        let merged = try run(agency.owner, "duplicates")["duplicates"]
        #expect(merged?["merged"] == 1 && merged?["proposed"]?["leads"] == 0)
        #expect(try twins(agency.owner) == 1)
        let merge = try #require(merged?["merges"]?.array?.first?.text)
        try agency.owner.post("/v1/leads/merges/\(merge)/undo").ok()
        #expect(try twins(agency.owner) == 2)
    }

    @Test func `on Sundays at three addresses, records, duplicates and what is unused are looked at`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "data_management")
        try owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        try configure(owner, ["merge_leads": true, "merge_from": 80])
        try makeTwins(owner)
        func weekly() throws -> [JSON] {
            try owner.every("/v1/agent-runs?agent=data_management&trigger=schedule")
                .filter { $0["parameters"]?["task"] == "weekly" }
                .sorted { $0.text("created_at") < $1.text("created_at") }
        }
        try box.advance(to: "2027-01-10T02:59:00.000Z")
        #expect(try weekly().isEmpty && twins(owner) == 2, "the nights only look at records")
        try box.advance(to: "2027-01-10T04:00:00.000Z")
        let first = try #require(try weekly().first), result = first["result"] ?? .null
        #expect(first["status"] == "succeeded" && first.text("created_at").hasPrefix("2027-01-10T03"))
        for part in ["verified", "records", "duplicates", "archived"] {
            #expect(result[part] != nil, "\(part): \(result)")
        }
        #expect(try result["duplicates"]?["merged"] == 1 && twins(owner) == 1, "\(result)")
        try box.advance("P7D")
        #expect(
            try weekly().map { String($0.text("created_at").prefix(10)) } == ["2027-01-10", "2027-01-17"])
    }

    @Test func `a scan comes by its schedule and when it is asked for, and the orchestrator counts both`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "data_management")
        let scan: JSON = ["agent_name": "data_management", "parameters": ["task": "scan"]]
        try owner.post("/api/control/run-agent", scan).problem(409, "agent_not_active")
        for agent in ["data_management", "orchestrator"] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
        }
        try owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        let asked = try owner.post("/api/control/run-agent", scan).ok(202)
        try box.advance("PT1M")
        let manual = try owner.get("/v1/agent-runs/\(asked.text("run_id"))").ok()
        #expect(manual["status"] == "succeeded" && manual["trigger"] == "manual", "\(manual)")
        #expect((manual["result"]?["records"]?.int ?? 0) >= 1, "\(manual)")
        try box.advance(to: "2027-01-06T02:01:00.000Z")
        let nightly = try owner.every("/v1/agent-runs?agent=data_management&trigger=schedule")
        #expect(nightly.map { $0["parameters"]?["task"] } == ["scan"])
        #expect(nightly.first?.text("created_at").hasPrefix("2027-01-06T02:00") == true)
        #expect(nightly.first?["result"]?["records"] == manual["result"]?["records"])
        let run = try owner.post("/v1/agents/orchestrator/runs", ["parameters": [:]]).ok(202)
        try box.advance("PT1M")
        let watched = try owner.get("/v1/agent-runs/\(run.id)").ok()["result"]?["agents"]?.array ?? []
        let counted = try #require(watched.first { $0["agent"] == "data_management" }, "\(watched)")
        #expect((counted["runs"]?.int ?? 0) >= 2 && counted["failed"] == 0, "\(counted)")
    }

    @Test func `leads that nobody uses are archived as one change set, and stay searchable`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(1, ["company": "Sleeping Beauty"])
        let kept = try agency.makeLead(2, ["company": "Partner Ltd", "tags": ["partner", "keep"]])
        let spoken = try agency.makeLead(3, ["company": "Talkative Ltd"])
        let box = try agency.sandbox("live")
        try box.readyToSend()
        try box.keepSchedules(of: "data_management")
        try box.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        try agency.owner.patch(
            "/v1/agents/data_management/config", ["archive_statuses": ["won"]]
        ).problem(422, "invalid_choice")
        let rules: JSON = ["archive_after_days": 60, "archive_keep_tags": ["vip", "keep"]]
        try configure(box.owner, rules.merging(["archive_statuses": ["disqualified", "lost"]]))
        _ = try box.advance("P40D")
        let young = try box.owner.post(
            "/v1/leads", ["company": "Young Ltd", "email": "ann@young.example"]
        ).ok(201)
        // An answer to somebody leaves the lead as it is; that they speak is use all the same.
        let before = try box.owner.get("/v1/leads/\(spoken.id)").ok()
        try box.owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": .string(before.text("contact_id")), "subject": "Hello",
                "body": "An answer.", "purpose": "transactional",
            ]
        ).ok(202)
        _ = try box.advance("P30D")
        let weekly = try box.owner.every("/v1/agent-runs?agent=data_management&status=succeeded")
            .filter { $0["parameters"]?["task"] == "weekly" }
        #expect(weekly.count == 10, "once in each of ten weeks")
        #expect(try latest(box.owner, "archive")?["archived"]?["matched"] == 0, "none of these statuses")
        try configure(box.owner, rules.merging(["archive_statuses": ["new", "researched", "scored"]]))
        try box.owner.post("/v1/agents/data_management/runs", ["parameters": ["task": "archive"]]).ok(202)
        _ = try box.advance("PT1M")
        let proposed = try latest(box.owner, "archive")
        #expect(proposed?["archived"]?["matched"] == 1 && proposed?["archived"]?["change_set_id"] == .null)
        #expect(try box.owner.get("/v1/leads/\(lead.id)").ok().text("status") != "archived")
        try configure(box.owner, ["archive": true])
        try box.owner.post("/v1/agents/data_management/runs", ["parameters": ["task": "archive"]]).ok(202)
        _ = try box.advance("PT1M")
        let archived = try latest(box.owner, "archive")
        #expect(archived?["archived"]?["change_set_id"]?.text?.hasPrefix("chg_") == true)
        #expect(try box.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "archived")
        let found = try box.owner.every("/v1/leads?q=Sleeping&status=archived")
        #expect(found.map(\.id) == [lead.id], "an archived lead is found still")
        let figures = try box.owner.get("/v1/lead-figures?status=archived").ok()["by_status"]?.array ?? []
        #expect(figures.first { $0.text("status") == "archived" }?["leads"] == 1, "and counted")
        // One is kept, one spoken with, and one has been there for thirty days only.
        for other in [kept, spoken, young] {
            #expect(try box.owner.get("/v1/leads/\(other.id)").ok().text("status") == "new")
        }
        let after = try box.owner.get("/v1/leads/\(spoken.id)").ok()
        #expect(after["updated_at"] == before["updated_at"], "only the conversation keeps it")
    }

    /// The result of the last run that had a part of the work.
    private func latest(_ owner: Caller, _ part: String) throws -> JSON? {
        try owner.every("/v1/agent-runs?agent=data_management&status=succeeded")
            .compactMap { $0["result"] }
            .first { $0.text("task") == part || $0.text("task") == "weekly" }
    }

    @Test func `references that lead nowhere, or back to where they began, are found`() throws {
        let own = BureauProcess()
        try own.start()
        let agency = try own.signUp()
        let tickets = try ["One", "Two", "Three"].map { subject in
            try agency.owner.post("/v1/tickets", ["subject": .string(subject), "body": "Help."]).ok(201)
        }
        let contact = try agency.makeContact(1)
        try #require(own.stop() == 0)
        // Nothing that goes through the API leaves such records behind.
        try own.change("UPDATE tickets SET merged_into = '\(tickets[1].id)' WHERE id = '\(tickets[0].id)'")
        try own.change("UPDATE tickets SET merged_into = '\(tickets[0].id)' WHERE id = '\(tickets[1].id)'")
        let absent = "company_00000000000000000000000000"
        try own.change("UPDATE contacts SET company_id = '\(absent)' WHERE id = '\(contact.id)'")
        try own.start()
        let owner = own.caller(try agency.signIn().text("access_token"))
        try run(owner, "scan")
        let circles = try owner.every("/v1/quality-issues?status=open&rule=ticket_merges")
        #expect(Set(circles.map { $0.text("subject_id") }) == [tickets[0].id, tickets[1].id])
        let lost = try owner.every("/v1/quality-issues?status=open&rule=contact_company")
        #expect(lost.map { $0.text("subject_id") } == [contact.id])
        #expect(lost[0]["remedy"]?.text("action") == "clear")
        try owner.post("/v1/quality-issues/fix", ["rule": "contact_company"]).ok()
        #expect(try owner.get("/v1/contacts/\(contact.id)").ok()["company_id"] == .null)
    }

    @Test func `an address that is probably mistyped stops what would write to it, at once, with the reason`()
        throws
    {
        let agency = try agency()
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane Slip", "email": "jane@gmial.com"]
        ).ok(201)
        func reasons() throws -> [JSON] {
            try agency.owner.get("/v1/contacts/\(contact.id)/sendability?purpose=marketing").ok()["reasons"]?
                .array ?? []
        }
        try eventuallyTrue("the hold") { try reasons().contains { $0["code"] == "data_quality" } }
        let reason = try #require(try reasons().first { $0["code"] == "data_quality" })
        #expect(reason.text("detail").contains("jane@gmail.com"))
        let transactional = try agency.reasons(contact, "transactional")
        #expect(!transactional.contains("data_quality"), "an answer is no sequence")
        let refusals = try agency.owner.every("/v1/refusals").filter { $0.text("code") == "data_quality" }
        #expect(refusals.contains { $0["subject"]?.id == contact.id && $0.text("kind") == "send" })
        #expect(try !agency.owner.told("record.held").isEmpty)
        try agency.owner.patch("/v1/contacts/\(contact.id)", ["email": "jane@gmail.com"]).ok()
        try eventuallyTrue("its end") { try !reasons().contains { $0["code"] == "data_quality" } }
        #expect(try !agency.owner.told("record.released").isEmpty)
    }

    @Test func `each week it is looked up again which addresses take mail, and what takes none is held`()
        throws
    {
        let isGone = Mutex(true), start = Date.now
        let names = try DNSStandIn { question in
            let name = question.name.lowercased()
            guard !name.hasSuffix("gone.example") || !isGone.withLock({ $0 }) else { return .code(3) }
            return .records(question.type == 15 ? [.mx(10, "mx.\(name)")] : [])
        }
        let clock = try MovedClock(at: start)
        let server = try BureauProcess.start(
            ["dns.servers": "127.0.0.1:\(names.port)"], variables: clock.variables)
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let contact = try agency.makeContact(1, ["email": "ann@gone.example"])
        let lead = try agency.makeLead(2, ["email": "joe@gone.example"])
        _ = try agency.makeContact(3)
        let first = try run(agency.owner, "verify")["verified"]
        #expect(first == ["domains": 2, "refusing": 1, "unclear": 0], "\(first ?? .null)")
        #expect(try agency.reasons(contact).contains("data_quality"))
        func open(_ rule: String, _ owner: Caller) throws -> [String] {
            try owner.every("/v1/quality-issues?status=open&rule=\(rule)").map { $0.text("subject_id") }
        }
        #expect(try open("lead_email_host", agency.owner) == [lead.id])
        #expect(try open("contact_email_host", agency.owner).contains(contact.id))
        let held = try agency.owner.every("/v1/events?type=record.held").compactMap { $0["data"] }
        for record in [lead, contact] {
            let uses = held.filter { $0["subject"]?.id == record.id }.map { $0.text("use") }
            #expect(uses.contains("sync"), "\(uses)")
        }
        // Within the week nobody is asked again.
        #expect(try run(agency.owner, "verify")["verified"]?["domains"] == 0)
        try makeTwins(agency.owner)
        try configure(agency.owner, ["merge_leads": true, "merge_from": 80])
        isGone.withLock { $0 = false }
        try clock.move(to: start.addingTimeInterval(7 * 86_400))
        let owner = server.caller(try agency.signIn().text("access_token"))
        try run(owner, "weekly")
        // The agency's own schedule may have been quicker.
        try eventuallyTrue("the addresses are good") {
            try open("lead_email_host", owner) == [] && open("contact_email_host", owner) == []
        }
        try eventuallyTrue("one of the twins is gone") { try twins(owner) == 1 }
        let now = try owner.get("/v1/contacts/\(contact.id)/sendability?purpose=marketing").ok()
        #expect(!now.serialized.contains("data_quality"))
    }

    @Test func `a rule says what it stops, and what it stops is its people's choice`() throws {
        let agency = try agency()
        let rule: JSON = [
            "name": "known_title", "resource": "contacts", "field": "title", "kind": "required",
            "pauses": ["sequences", "naps"],
        ]
        try agency.owner.post("/v1/quality-rules", rule).problem(422, "invalid_choice")
        let made = try agency.owner.post(
            "/v1/quality-rules", rule.merging(["pauses": ["sequences"]])
        ).ok(201)
        let contact = try agency.makeContact(1)
        try eventuallyTrue("the hold") { try agency.reasons(contact).contains("data_quality") }
        try agency.owner.patch("/v1/quality-rules/\(made.id)", ["pauses": []]).ok()
        #expect(try !agency.reasons(contact).contains("data_quality"))
        try agency.owner.patch("/v1/quality-rules/\(made.id)", ["pauses": ["sequences"]]).ok()
        #expect(try agency.reasons(contact).contains("data_quality"))
        try agency.owner.patch("/v1/quality-rules/\(made.id)", ["enabled": false]).ok()
        #expect(try !agency.reasons(contact).contains("data_quality"))
    }

    @Test func `a sequence waits while bad data is in its person, says why, and keeps its pace afterwards`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        try owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let rule: JSON = [
            "name": "known_title", "resource": "contacts", "field": "title", "kind": "required",
            "pauses": ["sequences"],
        ]
        try owner.post("/v1/quality-rules", rule).ok(201)
        let steps = try ["PT0S", "P3D"].map { delay -> JSON in
            let text: JSON = ["name": .string(delay), "subject": .string(delay), "body": "A word."]
            let template = try owner.post("/v1/templates", text).ok(201).id
            return ["channel": "email", "delay": .string(delay), "template_id": .string(template)]
        }
        let sequence = try owner.post("/v1/sequences", ["name": "Test", "steps": .array(steps)]).ok(201)
        let made = try owner.post("/v1/leads", lead(1, ["status": "qualified", "contact_title": nil])).ok(201)
        try box.advance("PT5M")
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let enrolled = try owner.post(path, ["lead_id": .string(made.id)]).ok(201)
        func mails() throws -> [String] {
            try owner.every("/v1/messages?direction=outbound").sorted { $0.id < $1.id }
                .map { "\($0.text("subject")) \($0.text("status"))" }
        }
        try box.advance("P1D")
        #expect(try mails() == ["PT0S held"])
        let held = try #require(try owner.every("/v1/messages?direction=outbound").first)
        #expect(held["reasons"]?[0].text("code") == "data_quality", "\(held)")
        #expect(held["reasons"]?[0].text("detail").isEmpty == false)
        #expect(try owner.get("\(path)/\(enrolled.id)").ok().text("status") == "active", "it has not failed")
        try owner.patch("/v1/contacts/\(made.text("contact_id"))", ["title": "Owner"]).ok()
        try box.advance("PT12H")
        #expect(try mails() == ["PT0S sent"])
        // The next one comes three days after it, and not after it was due.
        try box.advance("P2D")
        #expect(try mails() == ["PT0S sent"])
        try box.advance("P4D")
        #expect(try mails() == ["PT0S sent", "P3D sent"])
    }

    @Test func `a field that is wrong counts in no score until it is mended`() throws {
        let agency = try agency()
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let lead = try agency.makeLead(1, ["email": "jane@gmial.com"])
        func confidence() throws -> Double { try agency.score(lead.id)["confidence"]?.double ?? -1 }
        try eventuallyTrue("the issue") {
            try !agency.owner.every("/v1/quality-issues?status=open&rule=lead_email_slip").isEmpty
        }
        // Eight of sixteen things are told of it, and one of them is wrong; what is missing counts the same.
        let before = try confidence()
        #expect(before == 0.4375)
        try agency.owner.post("/v1/quality-issues/fix", ["rule": "lead_email_slip"]).ok()
        try eventuallyTrue("the score of the mended lead") { try confidence() == 0.5 }
        try agency.owner.patch("/v1/leads/\(lead.id)", ["industry": nil]).ok()
        #expect(try confidence() == before)
        // A size that cannot be earns nothing, though a true one of a hundredth of it does.
        let rule: JSON = [
            "name": "size_most", "resource": "leads", "field": "employee_count", "kind": "range",
            "parameters": ["max": 100_000],
        ]
        try agency.owner.post("/v1/quality-rules", rule).ok(201)
        let large = try agency.makeLead(2, ["employee_count": 400_000])
        try eventuallyTrue("the issue of the size") {
            try !agency.owner.every("/v1/quality-issues?status=open&rule=size_most").isEmpty
        }
        func points() throws -> Double { try agency.score(large.id)["outcome"]?["score"]?.double ?? -1 }
        let wrong = try points()
        try agency.owner.patch("/v1/leads/\(large.id)", ["employee_count": 4000]).ok()
        try eventuallyTrue("the points of its size") { try points() >= wrong + 5 }
    }
}

extension BureauProcess {
    /// Changes a row where the database keeps it, while no server runs.
    func change(_ statement: String) throws {
        guard !TestDatabases.isOnServer else { return try TestDatabases.administer(statement, in: database) }
        let script = """
            import glob, sqlite3, sys
            path = next(f for f in glob.glob('\(folder)/**', recursive=True)
                        if not f.endswith('/') and __import__('os').path.isfile(f)
                        and open(f, 'rb').read(15) == b'SQLite format 3')
            db = sqlite3.connect(path)
            assert db.execute(sys.argv[1]).rowcount == 1
            db.commit()
            """
        let edit = try BureauProcess.run(["/usr/bin/env", "python3", "-c", script, statement])
        try #require(edit.status == 0, "\(edit.output)")
    }
}
