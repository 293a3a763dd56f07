import JSON
import Testing

/// Campaigns and their figures are open to whoever may read them, and to each client's colleagues as far as they are
/// that client's.
@Suite(.ownThread) struct CampaignPermissions {
    let server = BureauProcess.shared

    private func campaign(_ owner: Caller, _ more: JSON = [:]) throws -> String {
        let body: JSON = ["name": "Spring", "objective": "sales", "budget": cents(10_000)]
        return "/v1/campaigns/\(try owner.post("/v1/campaigns", body.merging(more)).ok(201).id)"
    }

    @Test func `who may change campaigns may not set budgets at advertising services`() throws {
        let agency = try server.quietAgency()
        let path = "/v1/ad-campaigns/adc_00000000000000000000000000/budget"
        let body: JSON = ["daily_budget": cents(100)]
        let writer = try agency.key(["campaigns:read", "campaigns:write"])
        let made = try campaign(writer), blind = try agency.key(["metrics:read"])
        let reader = try agency.key(["campaigns:read"])
        for end in ["", "/results", "/pacing", "/spend", "/figures"] {
            try blind.get(made + end).problem(403, "forbidden")
            try reader.get(made + end).ok()
        }
        // Readers change nothing, and spend nothing.
        let spend: JSON = ["channel": "email", "date": "2026-01-02", "amount": cents(1)]
        for (end, sent) in [("/activate", [:]), ("/spend", spend)] as [(String, JSON)] {
            try reader.post(made + end, sent).problem(403, "forbidden")
        }
        try reader.patch(made, ["name": "Autumn"]).problem(403, "forbidden")
        let kept = try reader.get(made).ok()
        #expect(kept["status"] == "planning" && kept["name"] == "Spring")
        try writer.post(path, body).problem(403, "forbidden")
        try agency.key(["campaigns:spend"]).post(path, body).problem(404, "not_found")
    }

    @Test func `a colleague of one client sees that client's campaigns, and no figure of another's`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let clients = try ["Acme", "Beta"].map { try owner.makeClient(["name": .string($0)]).id }
        let paths = try clients.map { try campaign(owner, ["client_id": .string($0)]) }
        let own = try campaign(owner), member = try agency.colleague("owner", limitedTo: clients[0])
        #expect(try member.every("/v1/campaigns").map { "/v1/campaigns/\($0.id)" } == [paths[0]])
        #expect(try member.get("\(paths[0])/pacing").ok()["spent"] == cents(0))
        for other in [paths[1], own] {
            for end in ["", "/results", "/pacing", "/spend"] {
                try member.get(other + end).problem(404, "not_found")
            }
            try member.post("\(other)/activate").problem(404, "not_found")
        }
    }
}
