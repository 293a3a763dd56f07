import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Outreach {
    let server = BureauProcess.shared
    private let agent = "/v1/agents/outreach_automation"

    /// A Monday morning, at which only outreach is at work.
    private func box(_ autonomy: String) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T08:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch(agent, ["state": "active", "autonomy": .string(autonomy)]).ok()
        return box
    }

    private func leads(_ box: SandboxCaller, _ bodies: [JSON]) throws -> [JSON] {
        try bodies.map { try box.owner.post("/v1/leads", $0).ok(201) }
    }

    private func sent(_ box: SandboxCaller) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&status=sent")
    }

    @Test func `a new agency has six touches in seven languages, and can change them`() throws {
        let agency = try server.quietAgency()
        let sequence = try #require(try agency.owner.every("/v1/sequences?kind=outreach").first)
        let steps = sequence["steps"]?.array ?? []
        #expect(steps.map { $0.text("delay") } == ["P0D", "P3D", "P4D", "P5D", "P6D", "P7D"])
        #expect(steps.map { $0.text("channel") } == ["email", "email", "task", "email", "email", "email"])
        for language in ["en", "de", "fr", "es", "it", "pt", "nl"] {
            #expect(try agency.owner.every("/v1/templates?kind=outreach&locale=\(language)").count == 5)
        }
        let bare = try agency.owner.post("/v1/leads", ["company": "Bare GmbH"]).ok(201)
        let full = try agency.makeLead(1, ["pain_points": ["too few leads"], "industry": "retail"])
        for template in try agency.owner.every("/v1/templates?kind=outreach") {
            for lead in [bare, full] {
                let shown = try agency.owner.post(
                    "/v1/templates/\(template.id)/preview", ["lead_id": .string(lead.id)]
                ).ok()
                let warnings = (shown["warnings"]?.array ?? []).filter { $0["severity"] != "info" }
                #expect(warnings == [], "\(template.text("name")): \(shown.serialized)")
                let words = shown.text("subject") + shown.text("text")
                #expect(!words.contains("{") && !words.contains("  ,") && shown.text("text").count < 900)
            }
        }
    }

    @Test func `every day some are written to, never more than the limit, and only those who are qualified`()
        throws
    {
        let box = try box("autopilot")
        try box.owner.put(
            "/api/control/config", ["outreach_automation": ["enabled": true, "max_outreach_per_day": 4]]
        ).ok()
        let bodies = (0..<30).map { lead($0, ["status": $0 < 22 ? "qualified" : "new"]) }
        let made = try leads(box, bodies)
        let new = Set(made[22...].map { $0.text("contact_id") })
        try box.advance("P9D")
        let mails = try sent(box)
        let days = Dictionary(grouping: mails) { String($0.text("sent_at").prefix(10)) }.mapValues(\.count)
        #expect(days.values.max() ?? 0 <= 4, "\(days)")
        // Monday to Friday, and the Monday and Tuesday after.
        #expect(days.count == 7 && !days.keys.contains("2027-01-09"), "\(days)")
        #expect(!mails.contains { new.contains($0.text("contact_id")) })
        #expect(mails.allSatisfy { $0["author"]?["id"] == "outreach_automation" })
        #expect(Set(mails.map { "\($0.text("contact_id")) \($0.text("subject"))" }).count == mails.count)
        let contacted = try box.owner.every("/v1/leads?status=contacted").map { $0.text("contact_id") }
        #expect(Set(contacted) == Set(mails.map { $0.text("contact_id") }))
        #expect(try box.owner.every("/v1/deals").isEmpty, "nobody has shown interest")
    }

    @Test func `unless the agency says otherwise a hundred are begun with a day, and the others wait`()
        throws
    {
        let box = try box("autopilot")
        let operations = (0..<102).map { number -> JSON in
            ["op": "create", "body": lead(number, ["status": "qualified"])]
        }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance(to: "2027-01-05T09:59:00.000Z")
        let run = try #require(try box.owner.every("/v1/agent-runs?agent=outreach_automation").first)
        #expect(run["result"]?["chosen"] == 100, "\(run)")
        #expect(run["result"]?["refused"]?["daily_cap"] == 1, "whoever came next was not looked past")
        #expect(try box.owner.every("/v1/enrollments").count == 100)
        let mails = try sent(box)
        #expect(!mails.isEmpty && mails.count <= 100, "\(mails.count)")
        #expect(Set(mails.map { $0.text("contact_id") }).count == mails.count, "one to each")
    }

    @Test func `who does not answer is written to again after three days, and who has answered is not`()
        throws
    {
        let box = try box("autopilot")
        let made = try leads(box, [lead(1, ["status": "qualified"]), lead(2, ["status": "qualified"])])
        func days(_ lead: JSON) throws -> [Int] {
            try box.days(of: sent(box).filter { $0["contact_id"] == lead["contact_id"] }).sorted()
        }
        try box.advance("P1D")
        let first = try made.map(days)
        #expect(first.allSatisfy { $0.count == 1 }, "\(first)")
        let door = try MailDoor(box)
        try door.write(made[0], "Thank you, I have read it with interest.")
        try box.advance("P5D")
        #expect(try days(made[0]) == first[0], "they have answered")
        let again = try days(made[1])
        #expect(again.count == 2 && (3...4).contains(again[1] - again[0]), "\(again)")
        let left = try box.owner.every("/v1/enrollments?lead_id=\(made[0].id)")
        #expect(left.map { $0.text("exit_reason") } == ["reply"])
        let waiting = try box.owner.every("/v1/enrollments?lead_id=\(made[1].id)")
        #expect(waiting.map { $0.text("status") } == ["active"], "and there is more to come")
    }

    @Test func `the agent's sequence goes over two channels: mails, and between them a touch on LinkedIn`()
        throws
    {
        let box = try box("autopilot")
        let one = try leads(box, [lead(1, ["status": "qualified"])])[0]
        try box.advance("P8D")
        #expect(try sent(box).count == 2)
        let tasks = try box.owner.every("/v1/outreach-tasks?status=open&lead_id=\(one.id)")
        #expect(tasks.map { $0.text("title") } == ["Connect with Jane Example on LinkedIn"])
        let task = try #require(tasks.first)
        #expect(task.text("text").hasPrefix("Hi Jane, I wrote to you about Example Company 1"))
        try box.owner.post("/v1/outreach-tasks/\(task.id)/done", [:]).ok()
        try box.advance("P7D")
        #expect(try sent(box).map { $0.text("channel") } == ["email", "email", "email"], "and mail again")
        let enrolled = try box.owner.every("/v1/enrollments?lead_id=\(one.id)")
        #expect(enrolled.map { $0["author"]?.id } == ["outreach_automation"], "one sequence has them all")
    }

    @Test func `who fits is written to, and sold to once they have answered that they are interested`()
        throws
    {
        let box = try box("autopilot")
        try box.owner.patch("/v1/agents/sales_automation", ["state": "active", "autonomy": "approve"]).ok()
        let made = try leads(
            box,
            [
                lead(1, ["status": "new"]), lead(2, ["status": "qualified"]),
                lead(3, ["status": "qualified"]),
            ])
        try box.advance("P1D")
        // The first gate is fit, and opens outreach alone.
        let written = Set(try sent(box).map { $0.text("contact_id") })
        #expect(written == Set(made.dropFirst().map { $0.text("contact_id") }))
        #expect(try box.owner.every("/v1/deals").isEmpty, "nobody has shown interest")
        // The second is what somebody says, and opens sales for them.
        let door = try MailDoor(box)
        try door.write(made[1], "Yes, gladly. Let's talk on Thursday.")
        let deal = try eventually("the deal") { try box.owner.every("/v1/deals").first }
        #expect(deal["lead_id"] == .string(made[1].id))
        try box.advance("PT1H")
        #expect(try box.owner.every("/v1/deals").count == 1)
        let status = try made.map { try box.owner.get("/v1/leads/\($0.id)").ok().text("status") }
        #expect(status[0] == "new" && status[2] == "contacted", "\(status)")
    }

    @Test func `leads qualified by ten are written to that day, later ones the next day`() throws {
        let box = try box("autopilot")
        let early = try leads(box, [lead(1, ["status": "qualified"])])[0]
        let late = try leads(box, [lead(2, ["status": "new"])])[0]
        func written(_ lead: JSON) throws -> Int {
            try sent(box).count { $0.text("contact_id") == lead.text("contact_id") }
        }
        func enrolled(_ lead: JSON) throws -> Int {
            try box.owner.every("/v1/enrollments?lead_id=\(lead.id)").count
        }
        // The run begins at ten; results of research and scoring after that are for the next run.
        try box.advance(to: "2027-01-04T10:30:00.000Z")
        #expect(try enrolled(early) == 1 && enrolled(late) == 0)
        for status in ["researched", "scored", "qualified"] {
            try box.owner.patch("/v1/leads/\(late.id)", ["status": .string(status)]).ok()
        }
        // By then it has been a working hour in every recipient's time zone.
        try box.advance(to: "2027-01-05T09:59:00.000Z")
        #expect(try enrolled(late) == 0 && written(early) == 1 && written(late) == 0)
        try box.advance(to: "2027-01-05T10:30:00.000Z")
        #expect(try enrolled(late) == 1)
        try box.advance(to: "2027-01-05T22:00:00.000Z")
        #expect(try written(early) == 1 && written(late) == 1)
    }

    @Test func `at ten each qualified person gets a mail of their own, then another, and a LinkedIn request`()
        throws
    {
        let box = try box("autopilot")
        let made = try leads(
            box,
            [
                lead(1, ["status": "qualified", "pain_points": ["our rankings dropped"]]),
                lead(2, ["status": "qualified", "pain_points": ["too few enquiries"]]),
                lead(3, ["status": "scored", "pain_points": ["no time"]]),
            ])
        func enrolled() throws -> [String] {
            try box.owner.every("/v1/enrollments").map { String($0.text("created_at").prefix(16)) }
        }
        try box.advance(to: "2027-01-04T09:59:00.000Z")
        #expect(try enrolled().isEmpty)
        try box.advance(to: "2027-01-04T10:01:00.000Z")
        #expect(try enrolled() == ["2027-01-04T10:00", "2027-01-04T10:00"], "the third is not qualified")
        try box.advance(to: "2027-01-05T08:00:00.000Z")
        let first = try sent(box).map { try box.owner.get("/v1/messages/\($0.id)").ok() }
        for (person, known) in zip(made, ["rankings", "enquiries"]) {
            let own = first.filter { $0["contact_id"] == person["contact_id"] }
            #expect(own.count == 1 && own.allSatisfy { $0.text("text").contains(known) }, "\(own)")
        }
        // They leave one after the other: services trust nobody who sends all at once.
        let times = try first.map { try Date(iso: $0.text("sent_at")) }.sorted()
        #expect(times.count == 2 && times[1].timeIntervalSince(times[0]) >= 45, "\(times)")
        // Those who have not answered are written to after three days, and asked on LinkedIn four days later.
        try box.advance(to: "2027-01-09T00:00:00.000Z")
        let again = try sent(box)
        #expect(again.count == 4 && again.count { $0.text("why").contains("Step 2 of 6") } == 2)
        #expect(try box.owner.every("/v1/outreach-tasks").isEmpty)
        try box.advance(to: "2027-01-14T00:00:00.000Z")
        let tasks = try box.owner.every("/v1/outreach-tasks?status=open")
        #expect(tasks.allSatisfy { $0.text("title").hasSuffix("on LinkedIn") }, "\(tasks)")
        #expect(Set(tasks.map { $0.text("lead_id") }) == Set(made.prefix(2).map(\.id)))
    }

    @Test func `the best come first, with reasons, and who cannot be written to is left, with reasons`() throws {
        let box = try box("autopilot")
        let made = try leads(
            box,
            [
                lead(0, ["status": "qualified", "email": "info@example0.com"]),
                lead(1, ["status": "qualified", "email": "jane@mailinator.com"]),
                lead(2, ["status": "qualified"]), lead(3, ["status": "qualified"]),
                lead(4, ["status": "qualified", "email": nil, "contact_name": "Nobody"]),
            ])
        let suppressed: JSON = [
            "channel": "email", "address": made[3]["email"] ?? .null, "reason": "unsubscribe",
        ]
        try box.owner.post("/v1/suppressions", suppressed).ok(201)
        try box.advance("P1D")
        #expect(try sent(box).map { $0.text("contact_id") } == [made[2].text("contact_id")])
        let run = try #require(try box.owner.every("/v1/agent-runs?agent=outreach_automation").first)
        let refused = run["result"]?["refused"]
        #expect(
            refused?["risky_address"] == 2 && refused?["unsubscribed"] == 1 && refused?["no_address"] == 1)
        let kept = try box.owner.every("/v1/refusals?agent=outreach_automation")
        #expect(
            Set(kept.map { $0.text("code") }).isSuperset(of: ["risky_address", "unsubscribed", "no_address"]))
        let decisions = try box.owner.every("/v1/decisions?agent=outreach_automation")
        #expect(decisions.count == 1 && decisions[0]["subject"]?.id == made[2].id)
        #expect(
            decisions[0]["outcome"]?["action"] == "enroll"
                && (decisions[0]["factors"]?.array?.count ?? 0) >= 3)
        let own = try box.owner.every("/v1/messages?direction=outbound")
        #expect(own.allSatisfy { $0.text("why").contains("Step 1 of 6") })
    }

    @Test func `asked first, each mail waits, leaves as it was edited, and a no ends it`() throws {
        let box = try box("approve")
        let made = try leads(box, [lead(1, ["status": "qualified"]), lead(2, ["status": "qualified"])])
        try box.advance("P1D")
        let asked = try box.owner.every("/v1/approvals?status=pending")
        #expect(asked.count == 2 && asked.allSatisfy { $0["preview"]?.text("subject").isEmpty == false })
        #expect(asked.allSatisfy { !$0.text("reason").isEmpty })
        #expect(try sent(box).isEmpty)
        let first = try #require(
            try box.owner.every("/v1/messages?contact_id=\(made[0].text("contact_id"))").first)
        for approval in asked {
            let path = "/v1/approvals/\(approval.id)"
            if approval.id == first.text("approval_id") {
                try box.owner.post("\(path)/approve", ["changes": ["subject": "My own words"]]).ok()
            } else {
                try box.owner.post("\(path)/reject", ["reason": "Not them."]).ok()
            }
        }
        #expect(try sent(box).isEmpty, "it is night where they are, whoever says yes")
        try box.advance("PT9H")
        #expect(try sent(box).map { $0.text("subject") } == ["My own words"])
        let left = try box.owner.every("/v1/enrollments?lead_id=\(made[1].id)")
        #expect(left.map { $0.text("status") } == ["exited"] && left[0].text("reason").contains("Not them."))
        try box.advance("P4D")
        #expect(try box.owner.every("/v1/approvals?status=pending").count == 1, "the next mail asks again")
    }

    @Test func `observing, it decides and begins nothing`() throws {
        let box = try box("observe")
        _ = try leads(box, [lead(1, ["status": "qualified"])])
        try box.advance("P2D")
        #expect(try !box.owner.every("/v1/decisions?agent=outreach_automation").isEmpty)
        #expect(try box.owner.every("/v1/enrollments").isEmpty && box.owner.every("/v1/messages").isEmpty)
    }

    @Test
    func `people at one company get different words, and each mail mentions something known of its reader`()
        throws
    {
        let box = try box("autopilot")
        let people: [JSONObject] = [
            ["contact_name": "Jane Example", "pain_points": ["our rankings dropped"]],
            ["contact_name": "Jane Sample", "pain_points": ["too few enquiries"]],
            ["contact_name": "Jane Sample", "pain_points": ["too few enquiries"]],
        ]
        let made = try leads(
            box,
            people.enumerated().map { number, person in
                var body = person
                for name in ["company", "website", "industry", "status"] {
                    body[name] =
                        [
                            "company": "Same Bakery", "website": "https://samebakery.example",
                            "industry": "food retail",
                            "status": "qualified",
                        ][name]
                }
                return lead(number, body)
            })
        // The third touch is a task, which is done when its week is over; the fifth has left in the fifth week.
        for _ in 0..<5 {
            try box.advance("P7D")
            for task in try box.owner.every("/v1/outreach-tasks") where task["done_at"] == .null {
                try box.owner.post("/v1/outreach-tasks/\(task.id)/done", [:]).ok()
            }
        }
        let mails = try sent(box).map { try box.owner.get("/v1/messages/\($0.id)").ok() }
        let own = made.map { lead in mails.filter { $0["contact_id"] == lead["contact_id"] } }
        #expect(own.allSatisfy { $0.count >= 4 }, "\(own.map(\.count))")
        for (texts, known) in zip(own, ["rankings", "enquiries", "enquiries"]) {
            #expect(texts.allSatisfy { $0.text("text").contains(known) })
        }
        // The mails are compared by sentences: two of them share no more than the greeting, the closing and the
        // footer.
        func sentences(_ mail: JSON) -> Set<String> {
            let text = mail.text("text").components(separatedBy: "1 Example Street")[0]
            return Set(
                text.split { ".?!\n:;".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                    $0.count > 25
                })
        }
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            for (mine, theirs) in zip(own[one], own[other]) {
                let shared = sentences(mine).intersection(sentences(theirs))
                #expect(
                    shared.allSatisfy { $0.contains("qualified") || $0.contains("unsubscribe") }, "\(shared)")
            }
        }
    }
}
