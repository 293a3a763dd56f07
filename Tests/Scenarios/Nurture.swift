import JSON
import Testing

/// Which sequence fits a lead, when its touches come, what ends it, and what holds it.
@Suite(.ownThread) struct Nurture {
    let server = BureauProcess.shared

    @Test func `a new agency has four sequences in its languages, which state no figure`() throws {
        let agency = try server.quietAgency()
        let all = try agency.owner.every("/v1/sequences?kind=nurture")
        let byKey = Dictionary(all.map { ($0.text("key"), $0) }) { $1 }
        #expect(Set(byKey.keys) == ["new_lead", "warm_lead", "cold_lead", "dormant_lead"])
        #expect(
            byKey["new_lead"]?["steps"]?.array?.map { $0.text("delay") }
                == ["P1D", "P2D", "P4D", "P7D", "P7D", "P9D"])
        let texts = try agency.owner.every("/v1/templates?kind=nurture")
        let byLanguage = Dictionary(grouping: texts) { $0.text("locale") }
        #expect(Set(byLanguage.keys) == ["en", "de", "fr", "es", "it", "pt", "nl"])
        // Each mail of a sequence is there in each of them, in words of its own.
        let used = Set(all.flatMap { $0["steps"]?.array ?? [] }.map { $0.text("template_id") })
        let english = byLanguage["en"] ?? []
        #expect(used.count == 22 && used == Set(english.map(\.id)))
        for (language, words) in byLanguage where language != "en" {
            #expect(words.count == 22 && Set(words.map { $0.text("variant_of") }) == used, "\(language)")
            let bodies = Set(words.map { $0.text("body") })
            #expect(bodies.isDisjoint(with: english.map { $0.text("body") }), "\(language)")
        }
        for text in texts {
            let words = (text.text("subject") + text.text("body")).replacing(/\{%.*?%\}/, with: "")
            #expect(!words.contains("%"), "\(text.text("name"))")
            #expect(words.firstMatch(of: /[0-9]+ ?%|[0-9]{2,}/) == nil, "\(text.text("name"))")
        }
    }

    @Test(arguments: [
        (0, [], "new_lead"), (30, ["demo_request"], "new_lead"), (31, [], "cold_lead"),
        (60, ["referral_made", "demo_request"], "warm_lead"), (60, ["calendly_book"], "warm_lead"),
        (60, ["message_reply", "calendly_book"], "cold_lead"), (90, ["demo_request"], "warm_lead"),
        (91, ["demo_request"], "cold_lead"), (365, [], "cold_lead"), (366, ["referral_made"], "dormant_lead"),
        (800, [], "dormant_lead"),
    ])
    func `age and engagement choose the sequence, by a decision that replays`(
        age: Int, acts: [String], expected: String
    ) throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: age)
        for kind in acts {
            try box.owner.post("/v1/contacts/\(lead.text("contact_id"))/activities", ["type": .string(kind)])
                .ok(201)
        }
        try box.choose(for: lead)
        let choice = try box.choice(of: lead)
        #expect(choice["outcome"]?.text("sequence") == expected)
        #expect(choice["outcome"]?["reason"] == .null)
        let factors = Set(choice["factors"]?.array?.map { $0.text("name") } ?? [])
        #expect(factors.isSuperset(of: ["age_days", "engagement"]))
        #expect(try box.owner.post("/v1/decisions/\(choice.id)/replay").ok()["same"] == true)
    }

    @Test func `a run takes one lead, and nothing else`() throws {
        let box = try server.nurturing()
        let runs = "/v1/agents/lead_nurturing/runs"
        #expect(
            try box.owner.post(runs, ["parameters": ["lead_id": "x"]]).faults()
                == ["/parameters/lead_id": "unknown_reference"])
        #expect(
            try box.owner.post(runs, ["parameters": ["leads": 3]]).faults()
                == ["/parameters/leads": "unknown_field"])
        #expect(
            try box.owner.patch("/v1/agents/lead_nurturing/config", ["holdout_percent": 50]).faults()
                == ["/holdout_percent": "out_of_range"])
    }

    @Test func `without evidence a step is passed over and says so, and leaves its day to the next one`()
        throws
    {
        let box = try server.nurturing()
        let lead = try box.makeLead(1)
        try box.advance("P33D")
        let touches = try box.touches(of: lead)
        #expect(box.days(of: touches) == [1, 3, 14, 21])
        let words = touches.map { $0.text("subject") + $0.text("text") }.joined()
        #expect(!words.contains("{{") && !words.contains("similar"))
        let history = try #require(try box.enrollment(of: lead))["history"]?.array ?? []
        #expect(
            history.filter { $0["code"] == "no_evidence" }.map { $0.text("step") }
                == ["success_story", "social_proof"])
        #expect(history.filter { $0["result"] == "sent" }.count == 4)
    }

    @Test func `a reply, an unsubscribe and a sale end it in the same moment, and nothing more leaves`()
        throws
    {
        let box = try server.nurturing()
        let (left, sold, taken) = (try box.makeLead(1), try box.makeLead(2), try box.makeLead(3))
        let answered = try box.makeLead(4, knownFor: 40), young = try box.makeLead(5, knownFor: 10)
        let door = try MailDoor(box)
        try box.advance("P8D")
        let counts = try [left, sold].map { try box.touches(of: $0).count }
        #expect(counts.allSatisfy { $0 >= 2 })
        let one = try #require(try box.enrollment(of: taken))
        try box.owner.post("/v1/sequences/\(one.text("sequence_id"))/enrollments/\(one.id)/exit").ok()
        try box.owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": left["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        try box.owner.post(
            "/v1/deals",
            ["lead_id": .string(sold.id), "name": "Ads", "value": dollars(1), "stage": "negotiation"]
        ).ok(201)
        #expect(try box.enrollment(of: answered)?["status"] == "active")
        try door.write(answered, "Thank you, I have read it with interest.")
        try door.write(young, "Thank you, that was of use.")
        let had = try box.touches(of: young).count
        for lead in [answered, young] {
            #expect(try box.enrollment(of: lead)?.text("exit_reason") == "reply")
        }
        #expect(try box.enrollment(of: left)?.text("exit_reason") == "unsubscribe")
        #expect(try box.enrollment(of: sold)?.text("exit_reason") == "deal_stage")
        try box.choose(for: answered)
        let pause = try box.choice(of: answered)["outcome"]?.text("next_at") ?? ""
        #expect(pause.hasPrefix("2027-02-11"), "thirty days after the answer: \(pause)")
        try box.advance("P40D")
        let touched = try box.days(of: box.touches(of: answered))
        // A new stage does not cut the pause short.
        let later = try box.days(of: box.touches(of: young)).dropFirst(had)
        #expect(!later.isEmpty && later.allSatisfy { $0 >= 38 }, "\(later)")
        #expect(touched.count == 2 && touched[0] == 1 && (38...40).contains(touched[1]), "\(touched)")
        #expect(try [left, sold].map { try box.touches(of: $0).count } == counts)
        #expect(try box.choice(of: left)["outcome"]?.text("reason") == "unsubscribed")
        #expect(try box.choice(of: sold)["outcome"]?.text("reason") == "in_sequence")
        let subjects = try box.touches(of: taken).map { $0.text("subject") }
        #expect(Set(subjects).count == subjects.count, "no touch twice")
    }

    @Test func `whoever is sold to is left alone, and a lost sale lets it go on after thirty days`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 40)
        try box.advance("P2D")
        let deal = try box.owner.post(
            "/v1/deals",
            ["lead_id": .string(lead.id), "name": "Ads", "value": dollars(1), "stage": "negotiation"]
        ).ok(201)
        try box.advance("P20D")
        #expect(try box.days(of: box.touches(of: lead)) == [1])
        #expect(try box.choice(of: lead)["outcome"]?.text("reason") == "in_sequence")
        try box.owner.patch("/v1/deals/\(deal.id)", ["stage": "lost"]).ok()
        try box.advance("P18D")
        let days = try box.days(of: box.touches(of: lead))
        #expect(days.count == 2 && (32...35).contains(days[1]), "\(days)")
        let mails = try box.mails(of: box.touches(of: lead))
        #expect(Set(mails).count == 2, "it goes on where it was: \(mails)")
    }

    @Test func `each choice tells when the next touch comes, or why there is none`() throws {
        let box = try server.nurturing(), owner = box.owner
        for (number, age) in [0, 40].enumerated() {
            let lead = try box.makeLead(number, knownFor: age)
            try box.choose(for: lead)
            let told = try box.choice(of: lead)["outcome"]?.text("next_at") ?? ""
            #expect(told.hasPrefix("2027-01-05"), "\(age): \(told)")
            #expect(try box.enrollment(of: lead)?.text("next_at") == told)
        }
        let bought = try box.makeLead(2), away = try box.makeLead(3)
        let nobody = try box.makeLead(4, ["email": nil])
        let client = try owner.makeClient(["lead_id": .string(bought.id)])
        try owner.patch("/v1/contacts/\(bought.text("contact_id"))", ["client_id": .string(client.id)]).ok()
        try owner.patch("/v1/leads/\(away.id)", ["status": "archived"]).ok()
        for (lead, reason) in [(bought, "customer"), (away, "archived"), (nobody, "no_address")] {
            try box.choose(for: lead)
            let outcome = try box.choice(of: lead)["outcome"]
            #expect(outcome?["reason"] == .string(reason) && outcome?["next_at"] == .null, "\(reason)")
            #expect(outcome?["sequence"] == .null)
        }
    }

    @Test func `who is a client by now is left to those who look after clients, whatever the lead's status`()
        throws
    {
        let box = try server.nurturing(), owner = box.owner
        let leads = try (1...4).map { try box.makeLead($0) }
        try box.advance("P2D")
        #expect(try leads.map { try box.touches(of: $0).count } == [1, 1, 1, 1])
        let client = try owner.makeClient(["name": "One", "lead_id": .string(leads[0].id)])
        try owner.makeClient(["name": "Two", "contact_id": .string(leads[1].text("contact_id"))])
        try owner.patch(
            "/v1/contacts/\(leads[2].text("contact_id"))", ["client_id": .string(client.id)]
        ).ok()
        for lead in leads.prefix(3) {
            let left = try #require(try box.enrollment(of: lead))
            #expect(left["status"] == "exited" && left["exit_reason"] == "stage", "\(left)")
            #expect(try owner.get("/v1/leads/\(lead.id)").ok()["status"] == "new")
        }
        try box.advance("P12D")
        let touches = try leads.map { try box.touches(of: $0).count }
        #expect(Array(touches.prefix(3)) == [1, 1, 1] && touches[3] > 1, "\(touches)")
        for lead in leads.prefix(3) {
            #expect(try box.choice(of: lead)["outcome"]?["reason"] == "customer")
        }
        let lift = try owner.get("/v1/nurture-figures?goal=converted").ok()["lift"]
        #expect(lift?["treated"] == 4 && lift?["rate_treated"]?.double == 0.5, "\(lift ?? .null)")
    }

    @Test func `whoever is in outreach is left alone, and it goes on by itself afterwards`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1)
        try box.advance("PT1M")
        let steps: JSON = [["channel": "task", "delay": "P5D", "title": "Call them"]]
        let sequence = try box.owner.post(
            "/v1/sequences", ["name": "Outreach", "kind": "outreach", "steps": steps]
        )
        .ok(201)
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let other = try box.owner.post(path, ["lead_id": .string(lead.id)]).ok(201)
        try box.advance("P4D")
        #expect(try box.touches(of: lead).isEmpty)
        try box.owner.post("\(path)/\(other.id)/exit").ok()
        try box.advance("P2D")
        #expect(try box.touches(of: lead).count == 1, "late, once")
        try box.advance("P20D")
        let subjects = try box.touches(of: lead).map { $0.text("subject") }
        #expect(subjects.count >= 3 && Set(subjects).count == subjects.count)
    }

    @Test func `whoever likes an hour of the afternoon begins by the daily choice, too`() throws {
        let box = try server.nurturing()
        let agent = "/v1/agents/lead_nurturing"
        try box.owner.patch(agent, ["state": "disabled"]).ok()
        let lead = try box.makeLead(1, knownFor: 40, ["country": "GB"])
        let contact = lead.text("contact_id")
        try box.owner.patch("/v1/contacts/\(contact)/preferences", ["hour": 16]).ok()
        try box.owner.patch(agent, ["state": "active"]).ok()
        try box.advance("P4D")
        let touches = try box.touches(of: lead)
        #expect(touches.map { $0.text("sent_at").dropFirst(11).prefix(2) } == ["16"])
    }

    @Test func `a stage that changes ends it, and the next one begins in its own rhythm`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 85)
        try box.advance("P10D")
        #expect(try box.enrollment(of: lead)?.text("exit_reason") == "stage")
        #expect(try box.days(of: box.touches(of: lead)) == [1])
        try box.advance("P24D")
        #expect(try box.days(of: box.touches(of: lead)) == [1, 31], "a month apart now")
        let now = try #require(try box.enrollment(of: lead))
        #expect(
            now.text("touch_every") == "P30D" && now["position"]?.int ?? 0 >= 2,
            "it goes on after what they had")
    }

    @Test func `an agency's own rhythm holds for whoever is under way, and the welcome is moved apart by it`()
        throws
    {
        let box = try server.nurturing()
        try box.publishSuccess()
        let (old, new) = (try box.makeLead(1, knownFor: 40), try box.makeLead(2))
        try box.advance("P2D")
        #expect(try box.days(of: box.touches(of: old)) == [1] && box.days(of: box.touches(of: new)) == [1])
        let path = "/v1/lifecycle-stages"
        try box.owner.patch("\(path)/warm", ["touch_every": "P9D"]).ok()
        try box.owner.patch("\(path)/fresh", ["touch_every": "P10D"]).ok()
        try box.advance("PT1M")
        #expect(try box.enrollment(of: old)?.text("touch_every") == "P9D")
        try box.advance("P9D")
        #expect(try box.days(of: box.touches(of: old)) == [1, 10])
        try box.owner.patch("\(path)/warm", ["touch_every": "P21D"]).ok()
        try box.advance("P19D")
        #expect(try box.days(of: box.touches(of: old)) == [1, 10])
        try box.advance("P2D")
        #expect(try box.days(of: box.touches(of: old)) == [1, 10, 31])
        #expect(try box.days(of: box.touches(of: new)) == [1, 11, 21])
    }

    @Test func `what there was no record of is told once there is, and nothing comes twice`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 400)
        try box.advance("P100D")
        #expect(try box.mails(of: box.touches(of: lead)) == ["dormant question"])
        #expect(try box.enrollment(of: lead)?.text("status") == "finished")
        try box.publish("A new office", "company_news")
        try box.advance("P90D")
        let touches = try box.touches(of: lead)
        #expect(try box.mails(of: touches) == ["dormant question", "whats new"])
        #expect(box.days(of: touches) == [1, 183], "at its turn: each quarter")
    }

    @Test func `in the archived stage one asks for a last time, once, and then once a year`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 728)
        try box.advance("P2D")
        #expect(try box.mails(of: box.touches(of: lead)) == ["dormant question"])
        try box.advance("P98D")
        #expect(try box.owner.get("/v1/leads/\(lead.id)").ok().text("lifecycle_stage") == "archived")
        #expect(try box.mails(of: box.touches(of: lead)) == ["dormant question", "last word"])
        // News is told in the year of which it is, and asked after in the others.
        try box.advance("P320D")
        try box.publish("Ten years of our own", "company_news")
        try box.publish("Reports by the hour", "product_launch")
        try box.advance("P420D")
        let touches = try box.touches(of: lead), days = box.days(of: touches)
        #expect(try box.mails(of: touches) == ["dormant question", "last word", "whats new", "check in"])
        let news = touches[2].text("text")
        #expect(news.contains("Ten years of our own") && news.contains("Reports by the hour"), "\(news)")
        #expect((91...94).contains(days[1] - days[0]), "a quarter after the touch before: \(days)")
        #expect(days[2] - days[1] == 365 && days[3] - days[2] == 365, "\(days)")
    }

    @Test func `an old list at once is no burst, and waits its turn`() throws {
        let box = try server.nurturing()
        try box.owner.patch("/v1/settings", ["sending": ["per_day": 20]]).ok()
        let operations = (0..<200).map { number -> JSON in
            ["op": "create", "body": lead(number, ["known_since": .string(SandboxCaller.before(400))])]
        }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("P4D")
        var byDay: [String: Int] = [:]
        for message in try box.owner.every("/v1/messages?direction=outbound&status=sent") {
            byDay[String(message.text("sent_at").prefix(10)), default: 0] += 1
        }
        #expect(!byDay.isEmpty && byDay.values.allSatisfy { $0 <= 20 }, "\(byDay)")
        #expect(try box.owner.every("/v1/enrollments").count <= 100)
    }

    @Test func `those who wait for room are looked at in turn, and whoever changes meanwhile at once`()
        throws
    {
        let box = try server.nurturing(), owner = box.owner
        try owner.patch("/v1/settings", ["sending": ["per_day": 20]]).ok()
        let operations = (0..<200).map { number -> JSON in
            ["op": "create", "body": lead(number, ["known_since": .string(SandboxCaller.before(400))])]
        }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("P3D")
        let runs = try owner.every("/v1/agent-runs?agent=lead_nurturing&trigger=schedule")
        let looked = runs.sorted { $0.id < $1.id }.map { $0["result"]?["processed"]?.int ?? -1 }
        // The judgement of their addresses may have changed all of them on the first day. Afterwards they are those of
        // the day, those for whom there was no room the day before, and those who were written to.
        #expect(looked.count >= 3 && looked.dropFirst().allSatisfy { (0...80).contains($0) }, "\(looked)")
        let begun = try owner.every("/v1/enrollments").map { $0.text("contact_id") }
        #expect((21...80).contains(begun.count))
        let waiting = try #require(
            try owner.every("/v1/leads").last { !begun.contains($0.text("contact_id")) })
        #expect(try owner.every("/v1/decisions?agent=lead_nurturing&subject_id=\(waiting.id)").isEmpty)
        try owner.patch(
            "/v1/leads/\(waiting.id)", ["known_since": .string(SandboxCaller.before(10))]
        ).ok()
        try box.advance("P1D")
        #expect(try box.choice(of: waiting)["outcome"]?.text("sequence") == "new_lead")
    }
}
