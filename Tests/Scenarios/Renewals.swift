import JSON
import StandIns
import Testing

/// Contracts that come to their end, and what else clients may buy.
@Suite(.ownThread) struct Renewals {
    let server = BureauProcess.shared

    /// A client whose contract of twelve months was signed on the first day.
    private func signed(_ box: SandboxCaller) throws -> (contract: JSON, client: String) {
        let owner = box.owner
        let lead = try owner.post("/v1/leads", lead(1)).ok(201)
        let package = try #require(try owner.every("/v1/packages").first)
        let proposal = try owner.post(
            "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
        ).ok(201)
        let contract = try owner.post(
            "/v1/contracts",
            ["proposal_id": .string(proposal.id), "term_months": 12, "starts_on": "2028-02-29"]
        ).ok(201)
        #expect(contract["ends_on"] == "2029-02-28", "a year is whole, though that February has a day less")
        #expect(
            try owner.patch("/v1/contracts/\(contract.id)", ["starts_on": "2027-01-05"]).ok()["ends_on"]
                == "2028-01-04")
        let sent = try owner.post("/v1/contracts/\(contract.id)/send").ok()
        let page = "/" + sent.text("public_url").split(separator: "/").dropFirst(2).joined(separator: "/")
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        return (contract, try owner.get("/v1/contracts/\(contract.id)").ok().text("client_id"))
    }

    private func opportunities(
        _ box: SandboxCaller, _ client: String, _ kind: String? = nil
    ) throws -> [JSON] {
        try box.owner.every(
            "/v1/opportunities?client_id=\(client)" + (kind.map { "&kind=\($0)" } ?? ""))
    }

    /// A client reaches another goal.
    private func reach(_ target: Int, _ client: String, by owner: Caller) throws {
        try owner.post(
            "/v1/goals",
            ["client_id": .string(client), "metric": "crm.leads", "target": JSON(target), "by": "2035-12-31"]
        ).ok(201)
        try owner.post(
            "/v1/metrics",
            [
                "client_id": .string(client), "source": "crm", "metric": "leads",
                "date": .string("2026-01-\(target / 100)"), "value": JSON(target),
            ]
        ).ok(201)
    }

    /// Offers something, and lets its client decline it.
    private func decline(_ opportunity: JSON, by owner: Caller) throws {
        let offered = try owner.post("/v1/opportunities/\(opportunity.id)/offer").ok()
        let sent = try owner.post("/v1/proposals/\(offered.text("proposal_id"))/send").ok()
        let page = "/" + sent.text("public_url").split(separator: "/").dropFirst(2).joined(separator: "/")
        try server.anonymous.post("\(page)/decline", ["reason": "Not now."]).ok()
    }

    @Test func `ninety days before its contract ends a client's renewal is opened, once`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.keepSchedules()
        let (contract, client) = try signed(box)
        // The ninetieth day before its end is 6 October.
        try box.advance(to: "2027-10-05T12:00:00.000Z")
        #expect(try opportunities(box, client).isEmpty)
        try box.advance(to: "2027-10-06T12:00:00.000Z")
        let opened = try opportunities(box, client)
        #expect(opened.map { $0.text("kind") } == ["renewal"])
        #expect(opened[0]["due_on"] == "2028-01-04" && (opened[0].cents("value") ?? 0) > 0)
        #expect(opened[0]["evidence"] == [.string(contract.id)])
        #expect(try box.owner.get("/v1/clients/\(client)").ok()["lifecycle"] == "renewal")
        try box.advance("P20D")
        #expect(try opportunities(box, client).count == 1)
        let path = "/v1/opportunities/\(opened[0].id)"
        let offered = try box.owner.post("\(path)/offer").ok()
        #expect(offered["status"] == "offered")
        let proposal = try box.owner.get("/v1/proposals/\(offered.text("proposal_id"))").ok()
        #expect(proposal["status"] == "draft" && proposal.text("client_id") == client)
        try box.owner.post("\(path)/offer").problem(409, "invalid_transition")
        try concede(half: proposal, by: box.owner)
        let sent = try box.owner.post("/v1/proposals/\(proposal.id)/send").ok()
        let page = "/" + sent.text("public_url").split(separator: "/").dropFirst(2).joined(separator: "/")
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        #expect(try box.owner.get(path).ok()["status"] == "won")
        #expect(try box.owner.get("/v1/clients/\(client)").ok()["lifecycle"] == "active")
        try expectHeldContract(of: sent, by: box.owner)
    }

    /// The contract of a renewal is held to the rules, too, where it has a price of its own: what its proposal has
    /// offered is conceded, and what is below that is not.
    private func expectHeldContract(of proposal: JSON, by owner: Caller) throws {
        let price = try #require(proposal.cents("total"))
        func items(_ amount: Int64) -> JSON { [["description": "All", "unit_price": cents(amount)]] }
        let made = try owner.post(
            "/v1/contracts", ["proposal_id": .string(proposal.id), "items": items(price - 100)]
        ).ok(201)
        let path = "/v1/contracts/\(made.id)"
        func expectRefusal() throws {
            let problem = try owner.post("\(path)/send").problem(409, "conflict")
            #expect(problem["beyond"] == ["max_discount_percent"])
            #expect(problem["deal_id"] == proposal["deal_id"])
            #expect(try owner.get(path).ok()["status"] == "draft")
        }
        try expectRefusal()
        try owner.patch(path, ["items": items(price)]).ok()
        try owner.patch(path, ["items": items(price / 2)]).ok()
        try expectRefusal()
        try owner.patch(path, ["items": items(price)]).ok()
        #expect(try owner.post("\(path)/send").ok()["status"] == "sent")
    }

    /// A renewal at half the price is beyond the selling rules: it goes out once somebody has approved that.
    private func concede(half proposal: JSON, by owner: Caller) throws {
        let (path, half) = ("/v1/proposals/\(proposal.id)", cents((proposal.cents("total") ?? 0) / 2))
        func expectRefusal() throws {
            let problem = try owner.post("\(path)/send").problem(409, "conflict")
            #expect(problem["beyond"] == ["max_discount_percent"])
        }
        try owner.patch(path, ["price": half]).ok()
        try expectRefusal()
        try owner.patch(path, ["price": .null, "items": [["description": "All", "unit_price": half]]]).ok()
        try expectRefusal()
        try owner.patch(path, ["items": []]).ok()
        let deal = "/v1/deals/\(proposal.text("deal_id"))/negotiation"
        let offer = try owner.post(deal, ["price": half]).ok(201)
        #expect(offer["status"] == "pending")
        #expect(try owner.get(path).ok()["total"] == proposal["total"], "nothing is offered before the yes")
        try owner.post("/v1/approvals/\(offer.text("approval_id"))/approve").ok()
        #expect(try owner.get(path).ok()["total"] == half)
        try owner.patch(path, ["price": cents((half["amount"]?.int ?? 0) - 100)]).ok()
        try expectRefusal()
        try owner.patch(path, ["price": half]).ok()
    }

    @Test func `who is at risk is kept, and not asked for more`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.keepSchedules(of: "client_management")
        let (_, client) = try signed(box)
        try box.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        try box.owner.post("/v1/packages", ["name": "Huge", "price": cents(90_000_000)]).ok(201)
        try reach(1000, client, by: box.owner)
        #expect(try opportunities(box, client).map { $0.text("kind") } == ["upgrade"])
        func made(_ kind: String) throws -> String {
            let body: JSON = ["client_id": .string(client), "kind": .string(kind)]
            return "/v1/opportunities/" + (try box.owner.post("/v1/opportunities", body).ok(201).id)
        }
        let drafted = try box.owner.post("\(try made("cross_sell"))/offer").ok()
        for number in 0..<5 {
            _ = try box.owner.invoice(
                ["id": .string(client)], [item(10_000)], ["due_on": .string("2027-02-0\(number + 1)")])
        }
        for _ in 0..<4 {
            try box.owner.post(
                "/v1/tickets",
                [
                    "subject": "Broken", "body": "It is broken.", "priority": "urgent",
                    "client_id": .string(client),
                ]
            ).ok(201)
        }
        try box.advance("P40D")
        #expect(try box.owner.get("/v1/clients/\(client)").ok()["health"] == "at_risk")
        let early = try opportunities(box, client, "retention")
        #expect(early.count == 1 && early[0]["due_on"] != "2028-01-04")
        func records(_ kind: String) throws -> [[String]] {
            let steps = try opportunities(box, client, "retention")[0]["steps"]?.array ?? []
            #expect(steps.allSatisfy { !$0.text("text").isEmpty })
            return steps.map { ($0["evidence"]?.array ?? []).compactMap(\.text).sorted() }
                .filter { $0.contains { $0.hasPrefix(kind) } }
        }
        let invoices = try box.owner.every("/v1/invoices?client_id=\(client)&status=overdue").map(\.id)
        let unpaid = try records("inv_")
        #expect(unpaid.count == 1 && unpaid[0].count > 1 && Set(unpaid[0]).isSubset(of: invoices))
        let tickets = try box.owner.every("/v1/tickets?client_id=\(client)").map(\.id).sorted()
        #expect(try records("ticket_") == [tickets])
        let left = try opportunities(box, client, "upgrade")
        #expect(left.map { $0.text("status") } == ["dismissed"] && !left[0].text("dismiss_reason").isEmpty)
        #expect(left[0]["dismissed_at"] == .null, "nobody has said no")
        try box.owner.post("/v1/proposals/\(drafted.text("proposal_id"))/send").problem(409, "conflict")
        try reach(2000, client, by: box.owner)
        #expect(try opportunities(box, client, "upgrade").count == 1)
        try box.owner.post("\(try made("upgrade"))/offer").problem(409, "conflict")
        try box.advance("P240D")
        #expect(try opportunities(box, client, "renewal").isEmpty)
        let late = try opportunities(box, client, "retention")
        #expect(late.map(\.id) == early.map(\.id) && late[0]["due_on"] == "2028-01-04")
        #expect(try records("ticket_").count == 1)
        #expect(try box.owner.get("/v1/portfolio").ok()["at_risk"] == [.string(client)])
    }

    @Test func `who is likely to leave is kept and not asked for more, however healthy, and why is told`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        for agent in ["client_management", "client_outlook"] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        let package = try owner.post("/v1/packages", ["name": "Small", "price": cents(100)]).ok(201)
        let large: JSON = ["name": "Large", "price": cents(900), "contents": ["Podcasts"]]
        try owner.post("/v1/packages", large).ok(201)
        let lead = try owner.post("/v1/leads", lead(1, ["pain_points": ["We want podcasts"]])).ok(201)
        let client = try owner.makeClient([
            "package_id": .string(package.id), "lead_id": .string(lead.id),
        ])
        try reach(1000, client.id, by: owner)
        let tickets = try (0..<3).map { _ in
            try owner.post(
                "/v1/tickets",
                [
                    "subject": "Broken", "body": "It is broken.", "priority": "urgent",
                    "client_id": .string(client.id),
                ]
            ).ok(201).id
        }
        try box.advance("P2D")
        func now() throws -> JSON { try owner.get("/v1/clients/\(client.id)").ok() }
        func atRisk() throws -> JSON? { try owner.get("/v1/portfolio").ok()["at_risk"] }
        #expect(try now()["health"] != "at_risk" && now()["likely_to_leave"] == true)
        #expect(try atRisk() == [.string(client.id)])
        let outlook = try owner.get("/v1/clients/\(client.id)/outlook").ok()
        let percent = Int(((outlook["churn"]?["probability"]?.double ?? 0) * 100).rounded())
        let kept = try opportunities(box, client.id, "retention")
        #expect(kept.count == 1 && percent >= 50 && kept[0].text("reason").contains("\(percent) %"))
        let evidence = Set((kept[0]["evidence"]?.array ?? []).compactMap(\.text))
        #expect(evidence.isSuperset(of: tickets + [outlook.text("decision_id")]))
        // The end of a contract is added to it, and takes nothing away.
        let offered = try owner.post("/v1/opportunities/\(kept[0].id)/offer").ok()
        let contract = try owner.post(
            "/v1/contracts",
            ["proposal_id": offered["proposal_id"] ?? .null, "term_months": 3, "starts_on": "2027-01-05"]
        ).ok(201)
        let sent = try owner.post("/v1/contracts/\(contract.id)/send").ok()
        let page = "/" + sent.text("public_url").split(separator: "/").dropFirst(2).joined(separator: "/")
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        try box.advance("PT0S")
        let ending = try opportunities(box, client.id, "retention")
        let calls = Set((ending[0]["evidence"]?.array ?? []).compactMap(\.text))
        #expect(ending.count == 1 && ending[0]["due_on"] == "2027-04-04")
        #expect(calls.isSuperset(of: tickets + [outlook.text("decision_id"), contract.id]))
        for kind in ["upgrade", "cross_sell"] {
            #expect(try opportunities(box, client.id, kind).map { $0.text("status") } == ["dismissed"])
        }
        try reach(2000, client.id, by: owner)
        #expect(try opportunities(box, client.id, "upgrade").count == 1)
        for ticket in tickets {
            try owner.post("/v1/tickets/\(ticket)/resolve", ["resolution": "Mended."]).ok()
        }
        try box.advance("P2D")
        #expect(try now()["likely_to_leave"] == false && atRisk() == [])
        let needs = try opportunities(box, client.id, "cross_sell").map { $0.text("status") }
        #expect(needs.sorted() == ["dismissed", "open"], "it was no no")
        try reach(3000, client.id, by: owner)
        #expect(try opportunities(box, client.id, "upgrade").count == 2)
    }

    @Test func `an opportunity is left with a reason, and a client who goes is asked again after a quarter`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, client = try owner.makeClient()
        let made = try owner.post(
            "/v1/opportunities",
            ["client_id": .string(client.id), "kind": "cross_sell", "reason": "They asked."]
        ).ok(201)
        let path = "/v1/opportunities/\(made.id)"
        #expect(try owner.post("\(path)/dismiss", [:]).faults() == ["/reason": "required"])
        try owner.post("\(path)/offer").problem(409, "conflict")
        #expect(try owner.post("\(path)/dismiss", ["reason": "Too early."]).ok()["status"] == "dismissed")
        try owner.post("\(path)/dismiss", ["reason": "Again."]).problem(409, "invalid_transition")
        try owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        let all = try owner.every("/v1/opportunities?client_id=\(client.id)&kind=win_back")
        #expect(all.count == 1 && !all[0].text("due_on").isEmpty)
        try server.quietAgency().owner.get(path).problem(404)
    }

    @Test func `who uses more and has told of a need is offered more, but never who is at risk`() throws {
        let agency = try server.quietAgency(), box = try agency.sandbox(), owner = box.owner
        try box.readyToSend()
        try box.keepSchedules(of: "client_management")
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        func package(_ name: String, _ contents: [String], _ price: Int64) throws -> JSON {
            try owner.post(
                "/v1/packages",
                [
                    "name": .string(name), "contents": JSON(contents), "price": cents(price),
                    "position": JSON(Int(price)),
                ]
            ).ok(201)
        }
        for old in try owner.every("/v1/packages") {
            try owner.patch("/v1/packages/\(old.id)", ["archived": true]).ok()
        }
        let small = try package("Small", ["Newsletters"], 100)
        let large = try package("Large", ["Newsletters", "Podcasts"], 900)
        let lead = try owner.post("/v1/leads", lead(1, ["pain_points": ["We want podcasts"]])).ok(201)
        let client = try owner.makeClient([
            "package_id": .string(small.id), "lead_id": .string(lead.id), "name": "Growing",
        ])
        try box.advance("P125D")
        #expect(try opportunities(box, client.id).map { $0.text("kind") } == ["cross_sell"])
        let project = try owner.project(client)
        for number in 0..<12 {
            let task = try owner.task(project, "Task \(number)")
            try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        }
        try box.advance("P2D")
        let raised = try opportunities(box, client.id)
        #expect(Set(raised.map { $0.text("kind") }) == ["upgrade", "cross_sell"])
        #expect(raised.allSatisfy { $0.text("package_id") == large.id })
        let need = raised.first { $0["kind"] == "cross_sell" }
        #expect(need?["evidence"] == [.string(lead.id)])
        let used = raised.first { $0["kind"] == "upgrade" }?["evidence"]?.array ?? []
        #expect(used.count == 12 && used.allSatisfy { $0.text?.hasPrefix("task_") ?? false })
        #expect(need?.text("reason").contains("We want podcasts") == true)
        for one in raised {
            if one["kind"] == "cross_sell" {
                try decline(one, by: owner)
            } else {
                try owner.post("/v1/opportunities/\(one.id)/dismiss", ["reason": "Not now."]).ok()
            }
        }
        #expect(
            Set(try opportunities(box, client.id).map { $0.text("status") }) == ["lost", "dismissed"])
        try box.advance("P89D")
        try reach(1000, client.id, by: owner)
        #expect(try opportunities(box, client.id).count == 2, "not again within 90 days of a no")
        try box.advance("P2D")
        try reach(2000, client.id, by: owner)
        let again = try opportunities(box, client.id).filter { $0["status"] == "open" }
        #expect(Set(again.map { $0.text("kind") }) == ["upgrade", "cross_sell"])
    }
}
