import JSON
import Testing

/// The forecast of the queue of tickets, on a sandbox's clock.
@Suite(.ownThread) struct TicketForecasts {
    let server = BureauProcess.shared

    /// A sandbox in which nothing but customer service is awake.
    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox("live", startAt: "2027-01-04T09:00:00.000Z")
        try box.quieten()
        try box.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        return box
    }

    private func forecast(_ box: SandboxCaller) throws -> JSON {
        try box.owner.get("/v1/ticket-figures/forecast").ok()
    }

    private func bottlenecks(_ box: SandboxCaller) throws -> [JSON] {
        try forecast(box)["bottlenecks"]?.array ?? []
    }

    private func told(_ box: SandboxCaller) throws -> [String] {
        try box.owner.every("/v1/notifications").filter { $0.text("kind") == "ticket_bottleneck" }
            .compactMap { $0["subject"]?.text("id") }.sorted()
    }

    private func open(_ box: SandboxCaller) throws -> [JSON] {
        try box.owner.every("/v1/alerts?kind=ticket_bottleneck").filter { $0["resolved_at"] == .null }
    }

    @Test func `more that come than are solved are foreseen, and people are told before it is felt`() throws {
        let box = try box(), owner = box.owner
        let young = try forecast(box)
        #expect(young["days"] == .null && young["weeks_known"] == 0 && young["bottlenecks"] == [])
        #expect(young.text("reason").contains("two full weeks"))
        for _ in 0..<15 {
            try owner.ticket("Invoice", "It is wrong.", ["category": "billing", "priority": "low"])
            let solved = try owner.ticket(
                "Invoice", "It is late.", ["category": "billing", "priority": "low"])
            try owner.post("/v1/tickets/\(solved.id)/resolve", ["resolution": "Done."]).ok()
            try box.advance("P1D")
        }
        // Tuesday the 19th.
        let seen = try forecast(box)
        #expect(seen["weeks_known"] == 2 && seen["reason"] == .null && seen["open"] == 15)
        let days = try #require(seen["days"]?.array)
        #expect(days.map { $0.text("date") }.first == "2027-01-20" && days.count == 7)
        #expect(days.allSatisfy { $0["created"]?["expected"]?.double == 2 })
        #expect(days.allSatisfy { $0["solved"]?["expected"]?.double == 1 })
        #expect(days.map { $0["open"]?.double } == [16, 17, 18, 19, 20, 21, 22])
        let found = try bottlenecks(box)
        #expect(found.map { $0.text("kind") } == ["queue", "category"])
        #expect(found.allSatisfy { $0.text("reason") == "outpaced" && $0.text("tips_on") == "2027-01-22" })
        #expect(found.last?.text("name") == "billing" && found.last?["came_per_day"]?.double == 2)
        #expect(found.allSatisfy { !$0.text("recommended_action").isEmpty })
        #expect(try told(box) == ["category.billing", "queue.all"], "once, though it was seen twice")
        #expect(try open(box).count == 2)
        let decision = try #require(
            try owner.every("/v1/decisions?agent=customer_service&subject_id=category.billing").first)
        #expect(decision["outcome"]?.text("reason") == "outpaced")
        #expect((decision["factors"]?.array ?? []).map { $0.text("name") } == ["open", "came", "went"])
        let stranger = try server.quietAgency().sandbox()
        #expect(try forecast(stranger)["open"] == 0)
    }

    @Test func `who has more than they can have is named once, until it has gone`() throws {
        let box = try box(), owner = box.owner
        let user = try #require(try owner.every("/v1/users").first)
        let team = try owner.post(
            "/v1/teams", ["name": "Desk", "members": [["user_id": .string(user.id), "capacity": 2]]]
        ).ok(201)
        let mine: JSONObject = ["assignee_id": .string(user.id), "team_id": .string(team.id)]
        var tickets = try (0..<3).map { _ in try owner.ticket("Logo", "It is old.", mine) }
        let found = try bottlenecks(box)
        #expect(found.map { $0.text("kind") } == ["queue", "team", "person"])
        #expect(found.allSatisfy { $0.text("reason") == "over_capacity" && $0["capacity"] == 2 })
        #expect(found.map { $0["id"] } == [.null, .string(team.id), .string(user.id)])
        try box.advance("P2D")
        let places = ["assignee.\(user.id)", "queue.all", "team.\(team.id)"]
        #expect(try told(box) == places && open(box).count == 3)
        try owner.post("/v1/tickets/\(tickets.removeLast().id)/resolve", ["resolution": "Done."]).ok()
        #expect(try bottlenecks(box).isEmpty)
        try box.advance("P1D")
        #expect(try told(box) == places && open(box).isEmpty)
        try owner.ticket("Logo", "It is old.", mine)
        try box.advance("P1D")
        #expect(try told(box).count == 6 && open(box).count == 3, "it came back")
        // A ticket that is merged, deleted or given to somebody else waits there no more.
        try owner.post("/v1/tickets/\(tickets[0].id)/merge", ["into": .string(tickets[1].id)]).ok()
        #expect(try bottlenecks(box).isEmpty)
        #expect(try owner.delete("/v1/tickets/\(tickets[1].id)").status == 204)
        #expect(try forecast(box)["open"] == 1)
    }

    @Test func `a person with far more work than a team member is named, with who could take it over`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let ann = try agency.colleague("member").get("/v1/me").ok()["user"]!.id
        let bob = try agency.colleague("member").get("/v1/me").ok()["user"]!.id
        let members = [ann, bob].map { JSON.object(["user_id": .string($0), "capacity": 6]) }
        let team = try owner.post("/v1/teams", ["name": "Desk", "members": .array(members)]).ok(201)
        let mine: JSONObject = ["assignee_id": .string(ann), "team_id": .string(team.id)]
        func uneven() throws -> [JSON] {
            (try owner.get("/v1/ticket-figures/forecast").ok()["bottlenecks"]?.array ?? []).filter {
                $0.text("reason") == "uneven"
            }
        }
        for _ in 0..<2 { try owner.ticket("Logo", "It is old.", mine) }
        #expect(try uneven().isEmpty, "two are a third of what she can have")
        let third = try owner.ticket("Logo", "It is old.", mine)
        let found = try #require(try uneven().first)
        #expect(found.text("id") == ann && found["open"] == 3 && found["capacity"] == 6)
        let name = try owner.get("/v1/users/\(bob)").ok().text("name")
        #expect(found.text("recommended_action").contains(name))
        try owner.post("/v1/tickets/\(third.id)/assign", ["user_id": .string(bob)]).ok()
        #expect(try uneven().isEmpty)
    }
}
