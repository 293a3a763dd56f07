import Foundation
import JSON
import Testing

/// Budgets follow results: within the agency's limits by themselves, beyond them once people say yes, and never above
/// what a campaign has.
@Suite(.ownThread) struct BudgetShifts {
    let server = BureauProcess.shared

    /// A campaign that runs, with what two channels have spent and brought.
    private func running(
        _ owner: Caller, spent: [Int64] = [10_000, 10_000], brought: [Int] = [30, 10],
        budgets: [Int64] = [50_001, 49_999], for objective: String = "sales",
        in metric: String = "conversions"
    ) throws -> (id: String, path: String) {
        let names = ["google_ads", "meta_ads"]
        let made = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": .string(objective), "budget": cents(100_000),
                "channels": .array(
                    zip(names, budgets).map { ["channel": .string($0), "budget": cents($1)] }),
            ]
        ).ok(201)
        let path = "/v1/campaigns/\(made.id)"
        try owner.post("\(path)/activate").ok()
        for (place, name) in names.enumerated() {
            if spent[place] > 0 {
                try owner.post(
                    "\(path)/spend",
                    ["channel": .string(name), "date": "2026-01-02", "amount": cents(spent[place])]
                ).ok()
            }
            try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(made.id), "source": .string(name), "metric": .string(metric),
                    "date": "2026-01-02", "value": JSON(brought[place]),
                ]
            ).ok(201)
        }
        return (made.id, path)
    }

    private func set(_ owner: Caller, _ settings: JSON, autonomy: String = "autopilot") throws {
        let path = "/v1/agents/budget_allocation"
        try owner.patch(path, ["state": "active", "autonomy": .string(autonomy)]).ok()
        try owner.patch("\(path)/config", settings).ok()
        try owner.post("\(path)/config/publish").ok()
    }

    private func run(_ owner: Caller, _ parameters: JSON = [:]) throws -> JSON {
        let run = try owner.ended("/v1/agents/budget_allocation/runs", ["parameters": parameters])
        #expect(run["status"] == "succeeded")
        return run["result"]?["campaigns"]?[0] ?? .null
    }

    private func budgets(_ owner: Caller, _ path: String) throws -> [Int64] {
        try owner.get(path).ok()["channels"]?.array?.compactMap { $0.cents("budget") } ?? []
    }

    @Test func `within the limits money follows results to the cent, and no channel loses what it has spent`()
        throws
    {
        let owner = try server.quietAgency().owner, (_, path) = try running(owner)
        try set(owner, ["shift_per_day": 0.3])
        let result = try run(owner)
        #expect(result["state"] == "moved" && result["action"] == "move")
        let now = try budgets(owner, path)
        // 80,000 are left: each channel gets a twentieth, and 72,000 are split three to one.
        #expect(now == [68_000, 32_000] && now.reduce(0, +) == 100_000)
        #expect(result["moved"] == cents(17_999))
        let decision = try owner.get("/v1/decisions/\(result.text("decision_id"))").ok()
        #expect(decision["factors"]?.array?.map { $0["contribution"]?.int } == [17_999, -17_999])
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        #expect(try run(owner)["reason"] == "too_little", "it stands as it should")
        let audit = try owner.every("/v1/audit?action=campaign.budget_moved")
        #expect(audit.count == 1 && audit[0]["actor"]?["id"] == "budget_allocation")
    }

    @Test func `budgets follow what the objective judges by, and conversions where no channel tells it`()
        throws
    {
        let owner = try server.quietAgency().owner
        try set(owner, ["shift_per_day": 0.9])
        /// The budgets that follow, or why there are none; `beside`: conversions of the second channel.
        func moved(
            _ brought: [Int], _ objective: String, _ metric: String, beside: Int? = nil
        ) throws -> JSON {
            let (id, path) = try running(owner, brought: brought, for: objective, in: metric)
            if let beside {
                let conversions: JSON = [
                    "campaign_id": .string(id), "source": "meta_ads", "metric": "conversions",
                    "date": "2026-01-02", "value": JSON(beside),
                ]
                try owner.post("/v1/metrics", conversions).ok(201)
            }
            let result = try run(owner, ["campaign_id": .string(id)])
            guard result["state"] == "moved" else { return result["reason"] ?? .null }
            return .array(try budgets(owner, path).map(JSON.integer))
        }
        // As where three times the conversions came: 80,000 are left, a twentieth is each channel's.
        #expect(try moved([30_000, 10_000], "awareness", "impressions", beside: 500) == [68_000, 32_000])
        #expect(try moved([30, 10], "retention", "clicks", beside: 500) == [68_000, 32_000], "as its KPIs")
        #expect(try moved([30, 10], "retention", "conversions") == [68_000, 32_000])
        #expect(try moved([3000, 1000], "awareness", "impressions") == "few_results", "four thousand")
        #expect(try moved([30, 10], "traffic", "clicks", beside: 500) == [68_000, 32_000])
        #expect(try moved([30, 10], "awareness", "conversions") == [68_000, 32_000], "nothing else is told")
    }

    @Test
    func `beyond the limits people are asked, once, and a yes on budgets that have changed does nothing`()
        throws
    {
        let owner = try server.quietAgency().owner, (_, path) = try running(owner)
        try set(owner, ["shift_per_day": 0.1])
        let first = try run(owner)
        #expect(first["state"] == "asked" && first["asks_because"] == ["shift_per_day"])
        #expect(try budgets(owner, path) == [50_001, 49_999], "nothing moves before the yes")
        #expect(try run(owner)["state"] == "asked_already")
        let waiting = try owner.every("/v1/approvals?status=pending")
        #expect(waiting.count == 1 && waiting[0]["tool"] == "move_campaign_budget")
        #expect(waiting[0]["preview"]?.text("text").contains("500.01 USD → 680.00 USD") == true)
        // A person moves something themselves, and then says yes to what was proposed before.
        try owner.patch(
            path,
            [
                "channels": [
                    ["channel": "google_ads", "budget": cents(60_000)],
                    ["channel": "meta_ads", "budget": cents(40_000)],
                ]
            ]
        ).ok()
        try owner.post("/v1/approvals/\(waiting[0].id)/approve", [:]).ok()
        let failed = try eventually("the failure") {
            let now = try owner.get("/v1/approvals/\(waiting[0].id)").ok()
            return now["effect"]?["status"] == "failed" ? now : nil
        }
        #expect(failed["effect"]?["error"]?["code"] == "conflict")
        #expect(try budgets(owner, path) == [60_000, 40_000])
        let second = try run(owner)
        #expect(second["state"] == "moved", "from 60,000 it is less than a tenth")
        #expect(try budgets(owner, path) == [68_000, 32_000])
        // Today's shifts add up: the next one asks, however small it is.
        try owner.post(
            "\(path)/spend", ["channel": "meta_ads", "date": "2026-01-03", "amount": cents(30_000)]
        ).ok()
        let third = try run(owner)
        #expect(third["state"] == "asked" && third["asks_because"] == ["shift_per_day"])
        let approval = try #require(try owner.every("/v1/approvals?status=pending").first)
        try owner.post("/v1/approvals/\(approval.id)/approve", [:]).ok()
        try eventuallyTrue("the shift") { try budgets(owner, path) != [68_000, 32_000] }
        let now = try budgets(owner, path)
        #expect(now.reduce(0, +) == 100_000 && now[1] >= 40_000)
    }

    @Test func `killed between a yes and its booking, the money moves once`() throws {
        let server = try BureauProcess.start(), owner = try server.quietAgency().owner
        try set(owner, ["shift_per_day": 0.9], autonomy: "approve")
        for milliseconds: UInt32 in [0, 2, 8, 30] {
            let (id, path) = try running(owner)
            #expect(try run(owner, ["campaign_id": .string(id)])["state"] == "asked")
            let asked = try #require(try owner.every("/v1/approvals?status=pending").first)
            let yes = "/v1/approvals/\(asked.id)/approve"
            // The person who says yes may be cut off with the server, and says it again then.
            let saying = Thread { _ = try? owner.post(yes, [:]) }
            saying.start()
            usleep(milliseconds * 1000)
            try server.killAndRestart()
            let again = try owner.post(yes, [:]).status
            #expect(again == 200 || again == 409)
            try eventuallyTrue("the move") {
                try owner.get("/v1/approvals/\(asked.id)").ok()["effect"]?["status"] == "succeeded"
            }
            #expect(try budgets(owner, path) == [68_000, 32_000])
            let moves = try owner.every("/v1/audit?action=campaign.budget_moved").count {
                $0["subject"]?["id"] == .string(id)
            }
            #expect(moves == 1, "killed after \(milliseconds) ms")
            try owner.post("\(path)/complete").ok()
        }
    }

    @Test func `in approve it always asks, and where it only observes nothing is asked or moved`() throws {
        let owner = try server.quietAgency().owner, (_, path) = try running(owner)
        try owner.patch("/v1/agents/budget_allocation", ["state": "active"]).ok()
        #expect(try owner.get("/v1/agents/budget_allocation").ok()["autonomy"] == "approve")
        try set(owner, ["shift_per_day": 1], autonomy: "observe")
        #expect(try run(owner)["state"] == "observed")
        #expect(try owner.every("/v1/approvals").isEmpty)
        try set(owner, ["shift_per_day": 0.9], autonomy: "approve")
        #expect(try run(owner)["state"] == "asked")
        #expect(try budgets(owner, path) == [50_001, 49_999])
    }

    @Test func `few results, one channel's cap, and a spent budget leave budgets where they are`() throws {
        let owner = try server.quietAgency().owner
        let (few, _) = try running(owner, brought: [3, 1])
        try set(owner, ["shift_per_day": 1, "channel_max": 0.6])
        #expect(try run(owner, ["campaign_id": .string(few)])["reason"] == "few_results")
        let (capped, _) = try running(owner)
        let asked = try run(owner, ["campaign_id": .string(capped)])
        #expect(asked["state"] == "asked" && asked["asks_because"] == ["channel_max"])
        let (spent, path) = try running(owner, spent: [60_000, 40_000], budgets: [60_000, 40_000])
        #expect(try owner.get(path).ok()["paused_because"] == "budget_exhausted")
        let none = try owner.ended(
            "/v1/agents/budget_allocation/runs", ["parameters": ["campaign_id": .string(spent)]])
        #expect(none["result"]?["processed"] == 0, "the stop stands")
        #expect(try budgets(owner, path) == [60_000, 40_000])
        let problem = try owner.post(
            "/v1/agents/budget_allocation/runs", ["parameters": ["campaign_id": 5, "colour": "red"]]
        ).problem(422)
        #expect(problem["errors"]?.array?.count == 2)
    }

    @Test func `drawn shares are the same for the same records, tell how sure they are, and add up`() throws {
        let owner = try server.quietAgency().owner
        let (_, path) = try running(owner, spent: [10_000, 200], brought: [30, 0])
        func shared(_ total: Int64) throws -> JSON {
            try owner.post(
                "\(path)/allocate",
                [
                    "total": cents(total), "method": "thompson",
                    "channels": [["channel": "google_ads"], ["channel": "meta_ads"]],
                ]
            ).ok()
        }
        let once = try shared(77_777), again = try shared(77_777)
        #expect(once["channels"] == again["channels"], "the same day draws the same")
        let parts = once["channels"]?.array ?? []
        #expect(parts.compactMap { $0.cents("amount") }.reduce(0, +) == 77_777)
        let chances = parts.compactMap { $0["chance_best"]?.double }
        #expect(abs(chances.reduce(0, +) - 1) < 1e-9)
        // Two units without a result say little: it still may be the better one.
        #expect(chances[1] > 0.1 && chances[1] < 0.5)
        let ranges = parts.map { ($0["return_range"]?.array ?? []).compactMap(\.double) }
        #expect(ranges[0][0] < 0.3 && ranges[0][1] > 0.3, "thirty for a hundred")
        #expect(ranges[1][1] - ranges[1][0] > ranges[0][1] - ranges[0][0], "less is known of it")
        let decision = try owner.get("/v1/decisions/\(once.text("decision_id"))").ok()
        #expect(decision["model"]?["name"] == "minimum_then_thompson")
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        try owner.post(
            "\(path)/allocate", ["total": cents(1), "channels": [["channel": "google_ads"]]]
        ).problem(422, "required")
        for total: Int64 in [0, 1, 3, 99_999] {
            let amounts = (try shared(total)["channels"]?.array ?? []).compactMap { $0.cents("amount") }
            #expect(amounts.reduce(0, +) == total)
        }
    }

    @Test func `the method that is set decides a shift, and a draft of it is tried on past decisions`() throws
    {
        let owner = try server.quietAgency().owner, (_, path) = try running(owner)
        try set(owner, ["shift_per_day": 1, "method": "thompson", "channel_max": 1])
        let result = try run(owner)
        #expect(result["state"] == "moved")
        let parts = result["channels"]?.array ?? []
        #expect(parts.count == 2 && parts.allSatisfy { $0["chance_best"]?.double != nil })
        #expect(try budgets(owner, path).reduce(0, +) == 100_000)
        #expect(try budgets(owner, path)[0] > 68_000, "three times the return is nearly sure to be best")
        let id = result.text("decision_id")
        #expect(try owner.post("/v1/decisions/\(id)/replay").ok()["same"] == true)
    }

    @Test func `a budget that is nearly spent is looked at without anybody's call`() throws {
        let owner = try server.quietAgency().owner
        let (id, path) = try running(owner)
        try owner.patch("/v1/agents/budget_allocation", ["state": "active"]).ok()
        try owner.post(
            "\(path)/spend", ["channel": "google_ads", "date": "2026-01-03", "amount": cents(62_000)]
        ).ok()
        let run = try eventually("the run") {
            try owner.every("/v1/agent-runs?agent=budget_allocation").first { $0["status"] == "succeeded" }
        }
        #expect(run["trigger"] == "event" && run["result"]?["processed"] == 1)
        #expect(try owner.every("/v1/decisions?agent=budget_allocation&subject_id=\(id)").count == 1)
    }
}
