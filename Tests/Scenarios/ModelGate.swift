import JSON
import StandIns
import Testing

/// Models behind the gate: each request is a call, with its reason, its tokens and its price.
@Suite(.ownThread) struct ModelGate {
    let server = BureauProcess.shared

    /// An agency of which only the qualification is at work.
    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_qualification", ["state": "active"]).ok()
        return agency
    }

    /// A dollar a token.
    @discardableResult
    private func model(
        _ agency: Agency, _ stand: StandIn, _ name: String = "mini", position: Int64 = 100
    ) throws
        -> JSON
    {
        try agency.owner.post(
            "/v1/models",
            [
                "name": .string(name), "base_url": .string("\(stand.url)/v1"), "model": "m",
                "api_key": .string(Models.key), "position": .integer(position),
                "input_price": dollars(1_000_000), "output_price": dollars(1_000_000),
            ]
        ).ok(201)
    }

    /// A hundred tokens in, twenty out.
    private func answering() throws -> StandIn {
        try Models.saying(Models.completion(#"{"summary":"Wants leads."}"#, input: 100, output: 20))
    }

    @discardableResult
    private func qualify(_ agency: Agency, _ number: Int) throws -> JSON {
        let lead = try agency.makeLead(number)
        let run = try agency.owner.ended("/v1/leads/\(lead.id)/qualify")
        try #require(run.text("status") == "succeeded", "\(run.serialized)")
        return run
    }

    /// The calls of models, the oldest first.
    private func calls(_ agency: Agency) throws -> [JSON] {
        try agency.owner.every("/v1/tool-calls?tool=call_model").sorted { $0.id < $1.id }
    }

    private func budget(_ agency: Agency, _ dollarsLeft: Int64) throws -> JSON {
        try agency.owner.post(
            "/v1/budgets",
            [
                "kind": "money", "limit": dollars(dollarsLeft), "per": "month",
                "agent": "lead_qualification",
            ]
        ).ok(201)
    }

    @Test func `to ask a model is a tool that spends, and the agency's models do it`() throws {
        let agency = try agency()
        let second = try model(agency, try answering(), "second", position: 2)
        let first = try model(agency, try answering(), "first", position: 1)
        let tool = try agency.owner.get("/v1/tools/call_model").ok()
        #expect(tool["class"] == "spends")
        #expect(tool["providers"] == [.string(first.id), .string(second.id)])
    }

    @Test func `a request is held at its dearest and booked at what it took, under its agent and run`() throws
    {
        let (agency, stand) = (try agency(), try answering())
        let made = try model(agency, stand)
        let budget = try budget(agency, 1_000_000)
        let run = try qualify(agency, 1)
        let call = try #require(try calls(agency).first)
        #expect(try stand.requests.count == 1 && calls(agency).count == 1)
        #expect(call["tokens"] == 120 && call["cost_micros"] == 12_000_000_000)
        #expect(call.text("state") == "succeeded" && call["integration_id"] == .string(made.id))
        #expect(call["run_id"] == .string(run.id) && call.text("agent") == "lead_qualification")
        #expect(call["subject"]?.text("type") == "lead" && call["why"]?["code"] == "only_one")
        #expect((call["bytes"]?.int ?? 0) > 100)
        let booked = try agency.owner.get("/v1/budgets/\(budget.id)").ok()
        #expect(booked["spent"] == dollars(120) && booked["held"] == dollars(0))
    }

    @Test func `where a budget has too little left no model is asked, and the refusal says whose run it was`()
        throws
    {
        let (agency, stand) = (try agency(), try answering())
        try model(agency, stand)
        // Its real cost would fit, the most that it may cost does not.
        _ = try budget(agency, 121)
        let run = try qualify(agency, 1)
        #expect(try stand.requests.isEmpty && calls(agency).isEmpty)
        let refusal = try #require(
            try agency.owner.get("/v1/refusals").ok().items.first { $0.text("code") == "budget_exhausted" })
        #expect(refusal.text("agent") == "lead_qualification" && refusal["run_id"] == .string(run.id))
    }

    @Test func `a request that fails costs nothing`() throws {
        let agency = try agency()
        try model(agency, try Models.saying(StandInAnswer(400, "{}")))
        let budget = try budget(agency, 1_000_000)
        try qualify(agency, 1)
        let call = try #require(try calls(agency).first)
        #expect(call.text("state") == "failed" && call["error"]?["code"] == "model_rejected")
        #expect(call["cost_micros"] == 0 && call["tokens"] == 0)
        let booked = try agency.owner.get("/v1/budgets/\(budget.id)").ok()
        #expect(booked["spent"] == dollars(0) && booked["held"] == dollars(0))
    }

    @Test func `an answer that cannot be used costs what its server has counted`() throws {
        let agency = try agency()
        try model(agency, try Models.saying(Models.completion("Gladly!", input: 100, output: 20)))
        let budget = try budget(agency, 1_000_000)
        try qualify(agency, 1)
        let all = try calls(agency)
        #expect(all.map { $0["error"]?["code"] } == ["model_malformed", "model_malformed"])
        #expect(all.map { $0["tokens"] } == [120, 120])
        #expect(try agency.owner.get("/v1/budgets/\(budget.id)").ok()["spent"] == dollars(240))
    }

    @Test func `five failures open a model's circuit, with one alert on it, and the next model is asked`()
        throws
    {
        let agency = try agency()
        let (broken, good) = (try Models.saying(StandInAnswer(503, "{}")), try answering())
        let first = try model(agency, broken, "first", position: 1)
        let second = try model(agency, good, "second", position: 2)
        for number in 1...3 { try qualify(agency, number) }
        #expect(broken.requests.count == 5 && good.requests.count == 3)
        let reasons = try calls(agency).filter { $0["integration_id"] == .string(second.id) }
            .map { $0["why"]?.text("code") }
        #expect(reasons == ["after_failure", "circuit_open", "circuit_open"])
        let alerts = try agency.owner.every("/v1/alerts").filter { $0["subject"]?.id == first.id }
        #expect(alerts.count == 1 && alerts[0]["subject"]?.text("type") == "model")
        #expect(alerts[0]["recommended_action"]?.text?.isEmpty == false)
        let circuits = try agency.owner.get("/v1/tools/call_model").ok()["circuits"]?.array ?? []
        #expect(circuits.map { $0.text("state") } == ["open"])
        try agency.owner.delete("/v1/models/\(first.id)").ok(204)
        #expect(
            try agency.owner.every("/v1/alerts").filter {
                $0["subject"]?.id == first.id && $0["resolved_at"] == .null
            }.isEmpty)
    }

    @Test func `a model that wants to be left alone is, and its circuit stays closed`() throws {
        let agency = try agency()
        let stand = try Models.saying(StandInAnswer(429, "{}", headers: [("Retry-After", "3600")]))
        try model(agency, stand)
        for number in 1...2 { try qualify(agency, number) }
        #expect(stand.requests.count == 1)
        let codes = try agency.owner.get("/v1/refusals?kind=tool").ok().items.map { $0.text("code") }
        #expect(codes == ["quota_exhausted"])
        #expect(try agency.owner.get("/v1/tools/call_model").ok()["circuits"] == [])
    }

    @Test func `a server that says that nothing is left is not asked before its limit begins anew`() throws {
        let agency = try agency()
        let headers = [
            ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "6m0s"),
        ]
        let full = try Models.saying(
            StandInAnswer(200, try summaryText(), headers: headers))
        let (first, spare) = (try model(agency, full, "first", position: 1), try answering())
        let second = try model(agency, spare, "second", position: 2)
        for number in 1...2 { try qualify(agency, number) }
        #expect(full.requests.count == 1 && spare.requests.count == 1)
        let asked = try calls(agency)
        #expect(asked.map { $0["integration_id"] } == [.string(first.id), .string(second.id)])
        #expect(asked.last?["why"]?["code"] == "quota_full")
    }

    @Test func `a model's limit that is nearly used up is told on the model, and no more once it is gone`()
        throws
    {
        let agency = try agency()
        func answer(left: Int) throws -> StandInAnswer {
            StandInAnswer(
                200, try summaryText(),
                headers: [
                    ("x-ratelimit-limit-requests", "10"), ("x-ratelimit-remaining-requests", "\(left)"),
                    ("x-ratelimit-reset-requests", "6m0s"),
                ])
        }
        let made = try model(agency, try Models.saying(try answer(left: 3), try answer(left: 2)))
        func alerts() throws -> [JSON] {
            try agency.owner.every("/v1/alerts?open=true").filter { $0["subject"]?.id == made.id }
        }
        try qualify(agency, 1)
        #expect(try alerts().isEmpty)
        try qualify(agency, 2)
        let told = try alerts(), alert = try #require(told.first)
        #expect(told.count == 1 && alert.text("kind") == "quota_near")
        #expect(alert["subject"]?.text("type") == "model")
        #expect(
            alert.text("title").hasPrefix(
                "mini is close to its limit: 2 of 10 calls left according to the service"))
        #expect(alert.text("recommended_action").contains("add a second model"))
        try agency.owner.delete("/v1/models/\(made.id)").ok(204)
        #expect(try alerts().isEmpty)
    }

    private func summaryText() throws -> String {
        let body: JSON = [
            "model": "m",
            "choices": [["message": ["content": #"{"summary":"It has."}"#], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 100, "completion_tokens": 20],
        ]
        return body.serialized
    }

    @Test func `switched off, the tool asks no model`() throws {
        let (agency, stand) = (try agency(), try answering())
        try model(agency, stand)
        try agency.owner.patch("/v1/tools/call_model", ["enabled": false]).ok()
        try qualify(agency, 1)
        #expect(stand.requests.isEmpty)
        let codes = try agency.owner.get("/v1/refusals?kind=tool").ok().items.map { $0.text("code") }
        #expect(codes == ["tool_disabled"])
    }

    @Test func `a limit of the tool holds for models`() throws {
        let (agency, stand) = (try agency(), try answering())
        try model(agency, stand)
        try agency.owner.patch("/v1/tools/call_model", ["limits": ["day": 1]]).ok()
        for number in 1...2 { try qualify(agency, number) }
        #expect(stand.requests.count == 1)
        let codes = try agency.owner.get("/v1/refusals?kind=tool").ok().items.map { $0.text("code") }
        #expect(codes == ["quota_exhausted"])
    }

    @Test func `a person's test of a model is a call of theirs, also while it is spared`() throws {
        let agency = try agency()
        let stand = try Models.saying(
            StandInAnswer(429, "{}", headers: [("Retry-After", "3600")]),
            Models.completion(#"{"ready":true}"#, input: 100, output: 20))
        let made = try model(agency, stand)
        try qualify(agency, 1)
        #expect(try agency.owner.post("/v1/models/\(made.id)/test").ok()["ok"] == true)
        let call = try #require(try calls(agency).last)
        #expect(call["actor"]?.text("type") == "user" && call["agent"] == .null)
        #expect(call["subject"] == ["type": "model", "id": .string(made.id)] && call["tokens"] == 120)
    }

    @Test func `what models have cost is told by model and by agent`() throws {
        let agency = try agency()
        let made = try model(agency, try answering())
        try qualify(agency, 1)
        let costs = try agency.owner.get("/v1/costs/summary").ok()
        #expect(costs["month"]?["spent"] == dollars(120))
        let (models, agents) = (costs["by"]?["models"]?.array ?? [], costs["by"]?["agents"]?.array ?? [])
        #expect(models.map(\.id) == [made.id] && models.map { $0["cost"] } == [dollars(120)])
        #expect(agents.map(\.id) == ["lead_qualification"] && agents.map { $0["cost"] } == [dollars(120)])
    }
}
