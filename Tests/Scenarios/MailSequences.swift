import Foundation
import JSON
import StandIns
import Synchronization
import Testing

extension SandboxCaller {
    fileprivate func template(_ subject: String) throws -> String {
        try owner.post(
            "/v1/templates", ["name": .string(subject), "subject": .string(subject), "body": "A word."]
        )
        .ok(201).id
    }

    fileprivate func sequence(_ delays: String..., more: JSON = [:]) throws -> JSON {
        let steps = try delays.enumerated().map { number, delay -> JSON in
            [
                "channel": "email", "delay": .string(delay),
                "template_id": .string(try template("Step \(number + 1)")),
            ]
        }
        let body: JSON = ["name": "Test", "steps": .array(steps)]
        return try owner.post("/v1/sequences", body.merging(more)).ok(201)
    }

    fileprivate func enroll(_ number: Int, in sequence: JSON) throws -> (lead: JSON, enrollment: JSON) {
        let made = try owner.post("/v1/leads", lead(number, ["status": "qualified"])).ok(201)
        return (
            made,
            try owner.post("/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(made.id)]).ok(201)
        )
    }

    fileprivate func subjects(of lead: JSON, _ status: String = "sent") throws -> [String] {
        try owner.every(
            "/v1/messages?direction=outbound&status=\(status)&contact_id=\(lead.text("contact_id"))"
        ).sorted { $0.id < $1.id }.map { $0.text("subject") }
    }
}

@Suite(.ownThread) struct MailSequences {
    let server = BureauProcess.shared

    @Test func `a sequence is checked with the place of every fault`() throws {
        let box = try server.quietAgency().sandbox()
        func faults(_ body: JSON) throws -> [String: String] {
            try box.owner.post("/v1/sequences", body).faults()
        }
        #expect(try faults([:]) == ["/name": "required", "/steps": "required"])
        let steps: JSON = [
            ["channel": "email", "delay": "soon"], ["channel": "task"],
            ["channel": "email", "template_id": "tmpl_00000000000000000000000000"],
        ]
        let found = try faults(["name": "x", "steps": steps, "exit_on": ["rain"]])
        #expect(found["/steps/0/delay"] == "wrong_type" && found["/steps/0/template_id"] == "required")
        #expect(found["/steps/1/title"] == "required")
        let unknown: JSON = [steps.array?[2] ?? .null]
        #expect(
            try faults(["name": "x", "steps": unknown, "exit_on": ["rain"]]) == [
                "/steps/0/template_id": "unknown_reference", "/exit_on/0": "invalid_choice",
            ])
        for (key, kind) in [("seats", "number"), ("is.paying", "boolean")] {
            try box.owner.post("/v1/custom-fields", ["key": .string(key), "type": .string(kind)]).ok(201)
        }
        let conditions: [JSON] = [
            ["field": "custom.none", "op": "known"],
            ["field": "custom.seats", "op": "contains", "value": "4"],
            ["field": "custom.seats", "op": "in", "value": [4, "five"]], ["field": "custom.seats"],
            ["field": "custom.is.paying", "value": "yes"], ["field": "custom.is.paying", "op": "exists"],
            ["field": "custom.seats", "op": "unknown"], ["field": "custom.seats", "op": "like", "value": 4],
        ]
        let asking = conditions.map { ["channel": "task", "title": "Call", "condition": $0] as JSON }
        #expect(
            try faults(["name": "x", "steps": .array(Array(asking.dropLast()))]) == [
                "/steps/0/condition/field": "unknown_field", "/steps/1/condition/op": "invalid_choice",
                "/steps/2/condition/value/1": "wrong_type", "/steps/3/condition/value": "required",
                "/steps/4/condition/value": "wrong_type",
            ])
        #expect(
            try faults(["name": "x", "steps": [asking[7]]]) == ["/steps/0/condition/op": "invalid_choice"])
        let letter: JSON = [["channel": "task", "title": "Call {{ lead.nobody }}"]]
        #expect(try faults(["name": "x", "steps": letter]).keys.first == "/steps/0/title")
    }

    @Test func `somebody is enrolled once, and taken out by hand`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let sequence = try box.sequence("PT0S", "P3D")
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let (lead, enrollment) = try box.enroll(1, in: sequence)
        #expect(enrollment.text("status") == "active" && enrollment["position"] == 0)
        #expect(enrollment.text("contact_id") == lead.text("contact_id"))
        try box.owner.post(path, ["lead_id": .string(lead.id)]).problem(409, "already_exists")
        try box.owner.post(path, ["lead_id": .string(absentLead)]).problem(422, "unknown_reference")
        try box.owner.post(path, [:]).problem(422, "required")
        try box.advance("PT1H")
        #expect(try box.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "contacted")
        let own = "\(path)/\(enrollment.id)"
        #expect(try box.owner.post("\(own)/pause").ok().text("status") == "paused")
        try box.advance("P1D")
        #expect(try box.owner.post("\(own)/resume").ok().text("status") == "active")
        #expect(try box.owner.post("\(own)/pause").ok().text("status") == "paused")
        try box.advance("P5D")
        #expect(try box.subjects(of: lead) == ["Step 1"])
        #expect(try box.owner.post("\(own)/exit").ok().text("exit_reason") == "manual")
        try box.owner.post("\(own)/resume").problem(409, "invalid_transition")
        try box.advance("P5D")
        #expect(try box.subjects(of: lead) == ["Step 1"])
        #expect(try box.owner.get(path).ok().items.map(\.id) == [enrollment.id])
        try box.owner.delete("/v1/sequences/\(sequence.id)").ok(204)
    }

    @Test func `an edit is for new ones; those under way come along when they are told to`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let sequence = try box.sequence("PT0S", "P3D")
        let (lead, enrollment) = try box.enroll(1, in: sequence)
        try box.advance("PT1H")
        var steps = sequence["steps"]?.array ?? []
        let added = try box.template("Added")
        steps.insert(["channel": "email", "delay": "P1D", "template_id": .string(added)], at: 1)
        let changed = try box.owner.patch("/v1/sequences/\(sequence.id)", ["steps": .array(steps)]).ok()
        #expect(changed["revision"] == 2)
        let path = "/v1/sequences/\(sequence.id)"
        let preview = try box.owner.post("\(path)/migrate", ["preview": true]).ok()
        let shown = try #require(preview["enrollments"]?.array?.first)
        #expect(shown.id == enrollment.id && shown["from_version"] == 1 && shown["position"] == 1)
        let own = "\(path)/enrollments/\(enrollment.id)"
        #expect(try box.owner.get(own).ok()["sequence_version"] == 1)
        try box.owner.post("\(path)/migrate", ["preview": false]).ok()
        let moved = try box.owner.get(own).ok()
        #expect(moved["sequence_version"] == 2 && moved["next_at"] == shown["next_at"])
        let (other, _) = try box.enroll(2, in: sequence)
        try box.advance("P10D")
        for lead in [lead, other] { #expect(try box.subjects(of: lead) == ["Step 1", "Added", "Step 2"]) }
        #expect(try box.owner.post("\(path)/migrate", [:]).ok()["enrollments"] == [])
    }

    @Test func `those who fit a filter are enrolled by a job, and a task waits for a person`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.post("/v1/custom-fields", ["key": "a.tier", "type": "text"]).ok(201)
        func only(_ op: String, _ value: JSON, _ title: String) -> JSON {
            let condition: JSON = ["field": "custom.a.tier", "op": .string(op), "value": value]
            return ["channel": "task", "title": .string(title), "condition": condition]
        }
        let steps: JSON = [
            only("unknown", nil, "Ask for the tier"), only("in", ["tin", "lead"], "Wait"),
            [
                "channel": "task", "title": "Call {{ lead.contact_name }}", "text": "Hello.",
                "condition": ["field": "custom.a.tier", "op": "eq", "value": "gold"],
            ],
        ]
        let sequence = try box.owner.post("/v1/sequences", ["name": "Calls", "steps": steps]).ok(201)
        for number in 0..<6 {
            let status: JSON = number < 4 ? "qualified" : "new"
            try box.owner.post(
                "/v1/leads", lead(number, ["status": status, "custom": ["a.tier": "gold"]])
            ).ok(201)
        }
        let path = "/v1/sequences/\(sequence.id)"
        try box.owner.post("\(path)/enroll-matching", ["filter": ["colour": "red"]]).problem(
            400, "unknown_filter")
        let body: JSON = ["filter": ["status": "qualified"], "limit": 3]
        try box.owner.post("\(path)/enroll-matching", body).ok(202)
        try box.advance("PT1H")
        let tasks = try box.owner.every("/v1/outreach-tasks?status=open")
        #expect(tasks.count == 3 && tasks.allSatisfy { $0.text("title") == "Call Jane Example" })
        #expect(try box.owner.post("/v1/outreach-tasks/\(tasks[0].id)/done").ok().text("status") == "done")
        try box.owner.post("/v1/outreach-tasks/\(tasks[1].id)/skip", ["note": "On holiday"]).ok()
        try box.owner.post("/v1/outreach-tasks/\(tasks[1].id)/done").problem(409, "invalid_transition")
        try box.advance("PT1H")
        let statuses = try box.owner.every("\(path)/enrollments").map { $0.text("status") }
        #expect(statuses.sorted() == ["active", "finished", "finished"])
        // Once more: only those who were not in it, or have been through.
        try box.owner.post("\(path)/archive").ok()
        try box.advance("PT1H")
        #expect(try box.owner.every("\(path)/enrollments?status=active").isEmpty)
        try box.owner.post("\(path)/enroll-matching", body).problem(409, "conflict")
    }

    @Test func `an experiment is checked, told and stopped`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let sequence = try box.sequence("PT0S")
        let (plain, bold) = (try box.template("Plain"), try box.template("Bold"))
        let body: JSON = [
            "name": "Words", "sequence_id": .string(sequence.id), "step_id": "s1",
            "variants": [
                ["name": "a", "template_id": .string(plain)], ["name": "b", "template_id": .string(bold)],
            ],
        ]
        let wrong = try box.owner.post("/v1/experiments", body.merging(["step_id": "s9"])).faults()
        #expect(wrong == ["/step_id": "unknown_reference"])
        let made = try box.owner.post("/v1/experiments", body).ok(201)
        try box.owner.post("/v1/experiments", body).problem(409, "conflict")
        var leads: [JSON] = []
        for number in 0..<12 { leads.append(try box.enroll(number, in: sequence).lead) }
        try box.advance("PT2H")
        let all = try leads.flatMap { try box.subjects(of: $0) }
        #expect(all.count == 12 && Set(all) == ["Plain", "Bold"])
        let results = try box.owner.get("/v1/experiments/\(made.id)/results").ok()
        let variants = results["variants"]?.array ?? []
        #expect(
            variants.map { $0["sent"]?.int ?? 0 }
                == ["Plain", "Bold"].map { name in Int64(all.count { $0 == name }) })
        #expect(variants[1]["p_value"]?.double ?? 0 > 0.05 && results["winner"] == .null)
        #expect(try box.owner.post("/v1/experiments/\(made.id)/stop").ok().text("status") == "stopped")
        try box.owner.post("/v1/experiments/\(made.id)/apply").problem(409, "conflict")
    }

    @Test func `when a step is due may be tried, too, and who answers before it counts`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let sequence = try box.sequence("PT0S", "P4D")
        let body: JSON = [
            "name": "When", "sequence_id": .string(sequence.id), "step_id": "s2",
            "variants": [["name": "soon", "delay": "P2D"], ["name": "late", "delay": "P6D"]],
        ]
        func faults(_ variant: JSON) throws -> [String: String] {
            try box.owner.post(
                "/v1/experiments", body.merging(["variants": [["name": "soon", "delay": "P2D"], variant]])
            ).faults()
        }
        #expect(try faults(["name": "b", "delay": "soon"]) == ["/variants/1/delay": "wrong_type"])
        #expect(
            try faults(["name": "b", "weekdays": ["day"]]) == ["/variants/1/weekdays/0": "invalid_choice"])
        #expect(try faults(["name": "b"]) == ["/variants/1/template_id": "required"])
        let made = try box.owner.post("/v1/experiments", body).ok(201)
        let enrolled = try (0..<12).map { try box.enroll($0, in: sequence).enrollment }
        try box.advance("PT1H")
        func time(_ text: String) throws -> Date {
            try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        let dues = try enrolled.map { enrollment -> Int in
            let now = try box.owner.get("/v1/sequences/\(sequence.id)/enrollments/\(enrollment.id)").ok()
            let (last, next) = (try time(now.text("last_at")), try time(now.text("next_at")))
            return Int((next.timeIntervalSince(last) / 86_400).rounded())
        }
        #expect(Set(dues) == [2, 6])
        func variants() throws -> [JSON] {
            try box.owner.get("/v1/experiments/\(made.id)/results").ok()["variants"]?.array ?? []
        }
        let (soon, late) = (Int64(dues.count { $0 == 2 }), Int64(dues.count { $0 == 6 }))
        #expect(try variants().map { $0["assigned"]?.int } == [soon, late])
        try box.advance("P3D")
        #expect(try variants().map { $0["sent"]?.int } == [soon, 0])
        // One of those who wait for the later one answers the first mail.
        let waiting = try #require(zip(enrolled, dues).first { $1 == 6 }?.0)
        let postmark = try PostmarkStandIn()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        let writer = try box.owner.get("/v1/contacts/\(waiting.text("contact_id"))").ok().text("email")
        try server.deliver(postmark.mail("r1", from: writer, text: "Yes, please call me."), to: door).ok()
        try eventuallyTrue("the answer") { try variants().last?["replied"] == 1 }
        let told = try #require(try variants().last)
        #expect(try box.owner.get("/v1/experiments/\(made.id)").ok().text("status") == "running")
        #expect(told["rate"]?.double == 1, "of those whom it has reached, or who answered before")
        try box.advance("P4D")
        #expect(try variants().map { $0["sent"]?.int } == [soon, late - 1])
    }

    @Test func `killed in a loop, each step goes out once`() throws {
        let server = try BureauProcess.start()
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let sequence = try box.sequence("PT0S", "P1D", "P1D")
        var leads: [JSON] = []
        for number in 0..<10 { leads.append(try box.enroll(number, in: sequence).lead) }
        var target = 0
        for round in 1...5 {
            target += 3
            let isOver = Mutex(false)
            let group = DispatchGroup()
            group.enter()
            Thread {
                // It is cut off somewhere: what was done stays, and what was not is done later.
                _ = try? box.owner.post("/v1/sandboxes/\(box.id)/clock/advance", ["by": "P1D"])
                isOver.withLock { $0 = true }
                group.leave()
            }.start()
            try eventuallyTrue("mails of round \(round)", every: .milliseconds(1)) {
                try isOver.withLock(\.self) || box.owner.every("/v1/messages?status=sent").count >= target
            }
            try server.killAndRestart()
            group.wait()
        }
        try box.advance("P10D")
        for lead in leads {
            #expect(try box.subjects(of: lead) == ["Step 1", "Step 2", "Step 3"])
            #expect(
                try box.owner.every("/v1/messages?contact_id=\(lead.text("contact_id"))").count == 3,
                "nothing was written twice")
        }
        let enrollments = try box.owner.every("/v1/enrollments?sequence_id=\(sequence.id)")
        #expect(enrollments.allSatisfy { $0.text("status") == "finished" })
    }
}
