import JSON
import StandIns
import Testing

/// An agency's settings of its models, and who learns of them.
@Suite(.ownThread) struct ModelSettings {
    let server = BureauProcess.shared

    private func body(_ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "name": "mini", "base_url": "http://127.0.0.1:9/v1/", "model": "gpt-4o-mini",
            "api_key": .string(Models.key),
        ]
        for (key, value) in more.members { body[key] = value }
        return .object(body)
    }

    @Test func `a key is taken and never shown, whoever asks, wherever`() throws {
        let own = try BureauProcess.start(["log.level": "debug"])
        let (agency, other) = (try own.quietAgency(), try own.quietAgency())
        let answer = try agency.owner.post("/v1/models", body())
        let made = try answer.ok(201)
        #expect(made["has_key"] == true && made["base_url"] == "http://127.0.0.1:9/v1")
        try agency.owner.patch("/v1/models/\(made.id)", ["api_key": .string(Models.key + "x")]).ok()
        try agency.owner.post("/v1/models/\(made.id)/test").ok()
        var texts = [answer.text, own.log]
        for path in ["models", "models/\(made.id)", "audit", "events", "refusals", "settings"] {
            texts.append(try agency.owner.get("/v1/\(path)").text)
        }
        for text in texts { #expect(!text.contains(Models.key)) }
        #expect(try agency.owner.get("/v1/audit?subject_id=\(made.id)").ok().items.count == 2)
        #expect(try other.owner.get("/v1/models").ok().items.isEmpty)
        try other.owner.get("/v1/models/\(made.id)").problem(404)
        try other.owner.post("/v1/models/\(made.id)/test").problem(404)
        try other.owner.patch("/v1/models/\(made.id)", ["enabled": false]).problem(404)
    }

    @Test func `a key is meant for its address alone, and can be taken away`() throws {
        let agency = try server.quietAgency()
        let made = try agency.owner.post("/v1/models", body()).ok(201)
        func patch(_ change: JSON) throws -> JSON {
            try agency.owner.patch("/v1/models/\(made.id)", change).ok()["has_key"] ?? .null
        }
        #expect(try patch(["base_url": "http://127.0.0.1:9/v1"]) == true, "it is the same")
        #expect(try patch(["base_url": "http://127.0.0.1:8/v1"]) == false)
        #expect(try patch(["base_url": "http://127.0.0.1:9/v1", "api_key": "k"]) == true)
        #expect(try patch(["api_key": nil]) == false)
        try agency.owner.delete("/v1/models/\(made.id)").ok(204)
    }

    @Test func `every fault is named, and a model is not everyone's to set`() throws {
        let agency = try server.quietAgency()
        let faults = try agency.owner.post(
            "/v1/models",
            body([
                "timeout": "PT1H", "agents": ["astrology"],
                "input_price": ["amount": 1, "currency": "JPY"],
            ])
        ).faults()
        #expect(
            faults == [
                "/timeout": "invalid_duration", "/agents/0": "invalid_choice",
                "/input_price/currency": "invalid_currency",
            ])
        #expect(
            try agency.owner.post("/v1/models", body(["api_key": "a b"])).faults() == [
                "/api_key": "invalid_key"
            ])
        #expect(
            try agency.owner.post("/v1/models", body(["has_key": true])).faults() == ["/has_key": "read_only"]
        )
        try agency.owner.post("/v1/models", body()).ok(201)
        try agency.owner.post("/v1/models", body()).problem(409, "already_exists")
        let viewer = try agency.colleague("viewer")
        #expect(try viewer.get("/v1/models").ok().items.count == 1)
        try viewer.post("/v1/models", body(["name": "b"])).problem(403, "forbidden")
        try agency.colleague("member").post("/v1/models", body(["name": "b"])).problem(403, "forbidden")
    }

    @Test func `addresses that are none, or lead inside, are refused`() throws {
        let strict = try BureauProcess.start(["outbound.allow_private": "false"])
        let agency = try strict.quietAgency()
        for (url, code) in [
            ("https://127.0.0.1/v1", "refused_address"), ("https://10.0.0.1/v1", "refused_address"),
            ("http://api.example.com/v1", "invalid_url"), ("nonsense", "invalid_url"),
        ] {
            let faults = try agency.owner.post("/v1/models", body(["base_url": .string(url)])).faults()
            #expect(faults == ["/base_url": code], "\(url)")
        }
        let made = try agency.owner.post("/v1/models", body(["base_url": "https://api.example.com/v1"])).ok(
            201)
        let moved = try agency.owner.patch("/v1/models/\(made.id)", ["base_url": "https://127.0.0.1/v1"])
        #expect(try moved.faults() == ["/base_url": "refused_address"])
    }

    @Test func `a model can be tried, which says what is wrong`() throws {
        let agency = try server.quietAgency()
        let stand = try Models.saying(
            Models.completion(#"{"ready":true}"#), StandInAnswer(401, "{}"),
            StandInAnswer(404, #"{"error":{"code":"model_not_found"}}"#))
        let made = try agency.owner.post("/v1/models", body(["base_url": .string("\(stand.url)/v1")])).ok(201)
        func trial() throws -> JSON { try agency.owner.post("/v1/models/\(made.id)/test").ok() }
        let good = try trial()
        #expect(good["ok"] == true && good["model"] == "m-2026" && good["input_tokens"] == 1000)
        let wrongKey = try trial()
        #expect(wrongKey["ok"] == false && wrongKey["code"] == "model_key_invalid")
        #expect(wrongKey.text("detail") == "The model does not answer: the model's key is not accepted.")
        #expect(try trial()["code"] == "model_not_found")
        #expect(stand.requests.count == 3, "each time once")
    }

    @Test func `an agent asks the models that name it, and no other`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_qualification", ["state": "active"]).ok()
        let (common, own) = (
            try Models.saying(Models.summary("Common.")), try Models.saying(Models.summary("Own."))
        )
        func make(_ name: String, _ stand: StandIn, _ agents: JSON) throws -> JSON {
            try agency.owner.post(
                "/v1/models",
                body(["name": .string(name), "base_url": .string("\(stand.url)/v1"), "agents": agents])
            ).ok(201)
        }
        func summary(_ number: Int) throws -> String? {
            let lead = try agency.makeLead(number)
            let run = try agency.owner.ended("/v1/leads/\(lead.id)/qualify")
            let decision = run["decisions"]?.array?.first?.text ?? ""
            return try agency.owner.get("/v1/decisions/\(decision)").ok()["outcome"]?["summary"]?.text
        }
        _ = try make("common", common, [])
        #expect(try summary(1) == "Common.")
        let named = try make("own", own, ["lead_qualification"])
        #expect(try summary(2) == "Own.")
        try agency.owner.patch("/v1/models/\(named.id)", ["agents": ["lead_scoring"]]).ok()
        #expect(try summary(3) == "Common.")
    }
}
