import JSON
import Testing

/// Findings of reviews of deliverables month by month; what is missed again and again becomes a rule of them.
@Suite(.ownThread) struct DeliverableQuality {
    let server = BureauProcess.shared
    private static let wanted = "A call to action"
    private static let good = "# Offer\n\nOrder your coffee today, and call us for a sample of every kind."
    private static let poor = "# Offer\n\nThis coffee is grown in the hills of the south and tastes of plums."

    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-20T09:00:00.000Z")
        try box.quieten()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        return box
    }

    private func client(_ owner: Caller, _ name: String) throws -> JSON {
        try owner.makeClient(["name": .string(name)])
    }

    /// Submits a deliverable; answers its quality.
    @discardableResult
    private func submit(
        _ owner: Caller, _ project: JSON, _ text: String, type: String = "article"
    ) throws -> JSON {
        let made = try owner.deliverable(project, ["text": .string(text), "type": .string(type)])
        return try owner.step(made, "submit")["quality"] ?? .null
    }

    private func rules(_ owner: Caller, _ query: String = "") throws -> [JSON] {
        try owner.every("/v1/review-rules\(query)")
    }

    @Test
    func `what a client's deliverables lack again and again is proposed, adopted, and checked from then on`()
        throws
    {
        let box = try box(), owner = box.owner
        let contoso = try client(owner, "Contoso Kaffee")
        let project = try owner.project(contoso, ["requirements": [.string(Self.wanted)]])
        for _ in 0..<2 { #expect(try submit(owner, project, Self.poor)["passed"] == false) }
        #expect(try submit(owner, project, Self.good)["passed"] == true)
        #expect(try rules(owner).isEmpty, "two of three may be an accident")
        try submit(owner, project, Self.poor)
        let proposed = try #require(try rules(owner).first)
        #expect(try rules(owner).count == 1)
        #expect(proposed.text("requirement") == Self.wanted && proposed.text("status") == "proposed")
        #expect(proposed["client_id"] == .string(contoso.id) && proposed["type"] == .null)
        #expect(proposed["missed"] == 3 && proposed["looked_at"] == 4)

        // As long as nobody has said yes, other projects of the client are not checked for it.
        let other = try owner.project(contoso, ["name": "Shop"])
        #expect(try submit(owner, other, Self.poor)["passed"] == true)
        let path = "/v1/review-rules/\(proposed.id)"
        let adopted = try owner.post("\(path)/adopt").ok()
        #expect(adopted.text("status") == "adopted" && adopted["decided_at"] != .null)
        try owner.post("\(path)/adopt").problem(409, "invalid_transition")
        let checked = try submit(owner, other, Self.poor)
        #expect(checked["passed"] == false)
        let factor = checked["factors"]?.array?.first { $0["name"] == "requirements" }
        #expect(factor?["value"] == false && factor?["rules"] == [.string(proposed.id)])
        #expect(factor?["requirements"]?[0].text("text") == Self.wanted)
        #expect(try submit(owner, other, Self.good)["passed"] == true)
        // Others' deliverables are as they were.
        let stranger = try owner.project(try client(owner, "Fabrikam Tee"))
        #expect(try submit(owner, stranger, Self.poor, type: "letter")["passed"] == true)

        // Dismissed, it is neither checked nor proposed again.
        try owner.post("\(path)/dismiss").ok()
        #expect(try submit(owner, other, Self.poor)["passed"] == true)
        for _ in 0..<3 { try submit(owner, project, Self.poor) }
        #expect(try rules(owner).map { $0.text("status") } == ["dismissed"])
        try server.signUp().owner.post("\(path)/adopt").problem(404, "not_found")
    }

    @Test func `the agent adopts what is proposed where the agency lets it, for a type of all clients`()
        throws
    {
        let box = try box(), owner = box.owner, agent = "/v1/agents/client_management"
        try owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        for name in ["Contoso Kaffee", "Fabrikam Tee", "Northwind Brot"] {
            let project = try owner.project(
                try client(owner, name), ["requirements": [.string(Self.wanted)]])
            try submit(owner, project, Self.poor)
        }
        let proposed = try #require(try rules(owner).first)
        #expect(proposed.text("type") == "article" && proposed["client_id"] == .null)
        #expect(proposed["missed"] == 3 && proposed["looked_at"] == 3)
        try box.advance("P2D")
        #expect(try rules(owner, "?status=adopted").isEmpty, "the agency has not let it")
        try owner.patch("\(agent)/config", ["adopt_review_rules": true]).ok()
        try owner.post("\(agent)/config/publish").ok()
        try box.advance("P2D")
        #expect(try rules(owner, "?status=adopted").map(\.id) == [proposed.id])
        let decisions = try owner.every("/v1/decisions?agent=client_management&subject_id=\(proposed.id)")
        #expect(decisions.count == 1 && decisions.first?["outcome"]?["adopt"] == true)
        let replay = try owner.post("/v1/decisions/\(decisions.first?.id ?? "")/replay").ok()
        #expect(replay["same"] == true)
        let fresh = try owner.project(try client(owner, "Adventure Works"))
        #expect(try submit(owner, fresh, Self.poor)["passed"] == false)
        #expect(try submit(owner, fresh, Self.poor, type: "letter")["passed"] == true)
    }

    @Test func `quality is told month by month and type by type, with what was found`() throws {
        let box = try box(), owner = box.owner
        let project = try owner.project(
            try client(owner, "Contoso Kaffee"), ["requirements": [.string(Self.wanted)]])
        try submit(owner, project, Self.poor)
        try submit(owner, project, Self.good)
        try submit(owner, project, Self.good, type: "letter")
        try box.advance("P20D")
        for _ in 0..<2 { try submit(owner, project, Self.good) }
        func trend(_ query: String = "") throws -> [JSON] {
            try owner.get("/v1/deliverable-quality\(query)").ok()["trend"]?.array ?? []
        }
        let told = try trend()
        #expect(told.map { $0.text("month") } == ["2027-01", "2027-01", "2027-02"])
        #expect(told.map { $0.text("type") } == ["article", "letter", "article"])
        #expect(told.map { $0["reviews"] } == [2, 1, 2] && told.map { $0["passed"] } == [1, 1, 2])
        #expect(told.map { $0["score"]?.double } == [0.925, 1, 1])
        #expect(told[0]["findings"] == [["name": "requirements", "count": 1]])
        #expect(told[0]["missed"] == [["name": .string(Self.wanted), "count": 1]])
        #expect(try trend("?months=1").map { $0.text("month") } == ["2027-02"])
        for query in ["?months=0", "?months=x", "?month=1"] {
            try owner.get("/v1/deliverable-quality\(query)").problem(400, "invalid_parameter")
        }
        let own = try owner.post(
            "/v1/review-rules", ["requirement": "A price", "type": "letter"]
        ).ok(201)
        #expect(own.text("status") == "adopted" && own["decided_at"] != .null)
        let checked = try submit(owner, project, Self.good, type: "letter")
        #expect(checked["passed"] == false, "a rule that a person has written counts at once")
        let unknown: JSON = ["requirement": "x", "client_id": "client_00000000000000000000000000"]
        let faults = try owner.post("/v1/review-rules", unknown).faults()
        #expect(faults == ["/client_id": "unknown_reference"])
    }
}
