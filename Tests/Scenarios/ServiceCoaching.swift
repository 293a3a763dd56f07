import JSON
import Testing

/// Support's lessons and aims.
@Suite(.ownThread) struct ServiceCoaching {
    let server = BureauProcess.shared

    private func coaching(_ owner: Caller) throws -> JSON {
        try owner.get("/v1/ticket-figures/coaching").ok()
    }

    private func person(_ name: String, _ owner: Caller) throws -> JSON {
        try owner.post(
            "/v1/users",
            [
                "name": .string(name), "email": .string("\(name)@coaching.example"), "role": "member",
                "password": "correct horse battery",
            ]
        ).ok(201)
    }

    private func tickets(_ owner: Caller, _ assignee: JSON) throws -> [JSON] {
        try (0..<5).map { _ in
            try owner.ticket(
                "Invoice", "It is wrong.",
                ["category": "billing", "priority": "low", "assignee_id": .string(assignee.id)])
        }
    }

    private func solve(_ tickets: [JSON], _ survey: JSON, score: Int, again: Bool, _ owner: Caller) throws {
        for ticket in tickets {
            let path = "/v1/tickets/\(ticket.id)"
            try owner.post("\(path)/messages", ["text": "We look at it."]).ok(201)
            try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
            if again {
                try owner.post("\(path)/reopen").ok()
                try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
            }
            try owner.post(
                "/v1/survey-responses",
                ["survey_id": .string(survey.id), "ticket_id": .string(ticket.id), "score": JSON(score)]
            ).ok(201)
        }
    }

    @Test func `who does worse in a category learns from whoever does best, and targets are compared`() throws
    {
        let box = try server.quietAgency().sandbox("live"), owner = box.owner
        try box.quieten()
        let (ann, bob) = (try person("ann", owner), try person("bob", owner))
        let survey = try owner.post("/v1/surveys", ["name": "Help", "question": "Were you helped?"]).ok(201)
        let slow = try tickets(owner, ann)
        try box.advance("PT4H")
        try solve(slow, survey, score: 2, again: true, owner)
        try solve(try tickets(owner, bob), survey, score: 5, again: false, owner)
        let seen = try coaching(owner)
        func told(_ person: JSON) throws -> JSON {
            try #require(seen["people"]?.array?.first { $0.text("assignee_id") == person.id })
        }
        let (first, second) = (try told(ann), try told(bob))
        #expect(first["reopened_rate"]?["value"]?.double == 0.5 && first["reopened_rate"]?["sample"] == 10)
        #expect(first["reopened_rate"]?["team"]?.double == 0.33 && first["reason"] == .null)
        #expect(first["first_response_seconds"]?["value"]?.double == 14_400)
        #expect(second["satisfaction"]?["value"]?.double == 5 && second["gaps"] == [])
        let gaps = try #require(first["gaps"]?.array)
        #expect(
            gaps.map { $0.text("measure") } == [
                "first_response_seconds", "resolution_seconds", "reopened_rate", "satisfaction",
            ])
        #expect(gaps.allSatisfy { $0.text("category") == "billing" && $0.text("learn_from") == bob.id })
        #expect(gaps.allSatisfy { !$0.text("recommended_action").isEmpty && $0["others_sample"] == 5 })
        func benchmark(_ measure: String, _ seen: JSON) -> JSON? {
            seen["benchmarks"]?.array?.first { $0.text("measure") == measure }
        }
        #expect(benchmark("first_response_seconds", seen)?["met"] == true)
        #expect(benchmark("satisfaction", seen)?["value"]?.double == 3.5)
        #expect(benchmark("satisfaction", seen)?["met"] == false)
        let advice = (seen["recommendations"]?.array ?? []).filter { $0.text("kind") == "below_target" }
        #expect(advice.compactMap { $0["evidence"]?.text("measure") } == ["reopened_rate", "satisfaction"])
        #expect(advice.allSatisfy { $0["evidence"]?.text("category") == "billing" })
        // Those criteria stand beside those of automatic answers.
        let responses = seen["responses"]
        let human = responses?["human"]?.array ?? []
        #expect(
            human.map { $0.text("name") } == [
                "first_response_seconds", "resolution_seconds", "reopened_rate", "satisfaction", "findings",
            ])
        let content = human.first { $0.text("name") == "satisfaction" }
        #expect(content?["value"]?.double == 3.5 && content?["sample"] == 10 && content?["met"] == false)
        let automated = responses?["automated"]?.array ?? []
        #expect(automated.map { $0.text("name") } == ["helped", "findings"])
        #expect(
            automated.allSatisfy { $0["met"] == .null && !$0.text("reason").isEmpty }, "none was given yet")
        let config = "/v1/agents/customer_service/config"
        try owner.patch(config, ["target_first_response": 60, "target_satisfaction": 3]).ok()
        try owner.post("\(config)/publish").ok()
        let stricter = try coaching(owner)
        #expect(benchmark("first_response_seconds", stricter)?["target"]?.double == 3600)
        #expect(benchmark("first_response_seconds", stricter)?["met"] == false)
        #expect(benchmark("satisfaction", stricter)?["met"] == true)
    }

    @Test func `what is asked in vain, what piles up and what has solved most are told with their figures`()
        throws
    {
        let box = try server.quietAgency().sandbox("live"), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let user = try #require(try owner.every("/v1/users").first)
        try owner.post(
            "/v1/teams", ["name": "Desk", "members": [["user_id": .string(user.id), "capacity": 1]]]
        ).ok(201)
        let contact = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        for _ in 0..<2 {
            try owner.ticket(
                "Tracking", "Please tell me who looks after the tracking of our shop.",
                [
                    "source": "email", "contact_id": .string(contact.id),
                    "assignee_id": .string(user.id),
                ])
            try box.advance("PT0S")
        }
        let macro = try owner.post("/v1/macros", ["name": "Done", "reply": "Done.", "status": "resolved"])
            .ok(201)
        let solved = try owner.ticket("Logo", "It is old.")
        try owner.post("/v1/macros/\(macro.id)/apply", ["ticket_id": .string(solved.id)]).ok()
        let seen = try coaching(owner), practices = seen["best_practices"]
        #expect(practices?["macros"]?[0].text("macro_id") == macro.id)
        #expect(practices?["macros"]?[0]["solved"] == 1 && practices?["reason"] == .null)
        let advice = seen["recommendations"]?.array ?? []
        let missing = try #require(advice.first { $0.text("kind") == "missing_article" })
        #expect(missing["evidence"]?["asked"] == 2)
        let gap = try #require(missing["evidence"]?.text("knowledge_gap_id"))
        #expect(try owner.get("/v1/knowledge-gaps/\(gap)").ok().text("question") == "Tracking")
        let issues = advice.filter { $0.text("kind") == "predicted_issue" }
        #expect(issues.contains { $0["evidence"]?.text("reason") == "over_capacity" })
        #expect(advice.allSatisfy { !$0.text("recommended_action").isEmpty })
    }

    @Test func `a category whose promises are broken is named, once it is known well enough`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try owner.post(
            "/v1/sla-policies",
            ["name": "p", "priority": "urgent", "first_response": "PT1H", "resolution": "PT8H"]
        ).ok(201)
        func broken() throws -> [JSON] {
            try (coaching(owner)["recommendations"]?.array ?? []).filter {
                $0.text("kind") == "broken_promises"
            }
        }
        for number in 1...5 {
            try owner.ticket("Invoice", "It is wrong.", ["category": "billing", "priority": "urgent"])
            try box.advance("PT2H")
            #expect(try broken().isEmpty == (number < 5))
        }
        let evidence = try #require(try broken().first?["evidence"])
        #expect(evidence.text("category") == "billing" && evidence.text("clock") == "first_response")
        #expect(evidence["breached"] == 5 && evidence["sample"] == 5 && evidence["rate"]?.double == 1)
    }

    @Test func `of who has said little nothing is said, and what looks wrong counts for who said it`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, joe = try agency.colleague("member")
        let empty = try coaching(owner)
        #expect(empty["people"] == [] && empty["recommendations"] == [])
        #expect(empty["best_practices"]?.text("reason").isEmpty == false)
        for benchmark in empty["benchmarks"]?.array ?? [] {
            #expect(benchmark["value"] == .null && benchmark["met"] == .null)
            #expect(benchmark.text("reason").contains("5 are needed"))
        }
        let ticket = try owner.ticket("Logo", "It is old.")
        for _ in 0..<5 {
            let said = try joe.post(
                "/v1/tickets/\(ticket.id)/messages", ["text": "We guarantee you a full refund."]
            ).ok(201)
            #expect(said["findings"]?.array?.isEmpty == false)
        }
        let person = try #require(try coaching(owner)["people"]?[0])
        #expect(person["findings"]?["sample"] == 5 && person["findings"]?["value"]?.double ?? 0 >= 1)
        #expect(person["gaps"] == .null && person.text("reason").contains("there are 0 so far"))
        #expect(person["satisfaction"]?["value"] == .null && person["satisfaction"]?["sample"] == 0)
        #expect(try coaching(try server.quietAgency().owner)["people"] == [], "nobody else's")
    }
}
