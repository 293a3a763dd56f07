import JSON
import Testing

@Suite(.ownThread) struct Tools {
    let server = BureauProcess.shared

    @Test func `a new agency has its tools, each with what it takes and how it stands`() throws {
        let agency = try server.quietAgency()
        let tools = try agency.owner.every("/v1/tools")
        let byName = Dictionary(uniqueKeysWithValues: tools.map { ($0.text("name"), $0) })
        let update = try #require(byName["update_record"]), web = try #require(byName["http_request"])
        #expect(update["class"] == "writes" && web["class"] == "sends")
        #expect(web["health"] == "healthy" && web["use_today"]?["calls"] == 0)
        #expect(web["input_schema"]?["required"]?.array?.contains("url") == true)
    }

    @Test func `limits of a tool are the agency's own, and not everyone's to set`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let viewer = try agency.colleague("viewer")
        let limits: JSON = ["limits": ["day": 100]]
        try viewer.patch("/v1/tools/http_request", limits).problem(403, "forbidden")
        let set = try agency.owner.patch("/v1/tools/http_request", limits).ok()
        #expect(set["quota"]?.array?.first?["left"] == 100)
        #expect(try viewer.get("/v1/tools/http_request").ok() == set)
        #expect(try other.owner.get("/v1/tools/http_request").ok()["quota"] == [])
    }

    @Test func `budgets begin whole, in the agency's currency, and are its own`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let made = try agency.owner.post(
            "/v1/budgets",
            ["agent": "outreach_automation", "kind": "money", "limit": dollars(50), "per": "day"]
        ).ok(201)
        #expect(made["spent"] == dollars(0) && made["held"] == dollars(0) && made["limit"] == dollars(50))
        try agency.colleague("member").patch("/v1/budgets/\(made.id)", ["limit": dollars(60)]).problem(
            403, "forbidden")
        #expect(
            try agency.owner.patch("/v1/budgets/\(made.id)", ["limit": dollars(60)]).ok()["limit"]
                == dollars(60))
        #expect(try other.owner.get("/v1/budgets").ok().items.isEmpty)
        let wrong = try agency.owner.post("/v1/budgets", ["kind": "calls", "limit": 2, "agent": "astrology"])
            .faults()
        #expect(wrong == ["/agent": "invalid_choice"])
    }

    @Test func `who may read approvals may not decide them, and policy is the owner's`() throws {
        let agency = try server.quietAgency()
        #expect(try agency.owner.get("/v1/approvals").ok().items.isEmpty)
        let key = try agency.key(["approvals:read"])
        try key.get("/v1/approvals").ok()
        let refusal = try key.post("/v1/approvals/apr_00000000000000000000000001/approve").problem(
            403, "forbidden")
        #expect(refusal.text("detail").contains("approvals:decide"))
        try agency.colleague("manager").patch("/v1/approvals/policy", ["four_eyes": true]).problem(
            403, "forbidden")
        #expect(try agency.owner.patch("/v1/approvals/policy", ["four_eyes": true]).ok()["four_eyes"] == true)
    }
}
