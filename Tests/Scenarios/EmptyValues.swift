import JSON
import Testing

/// Lists find records that have no value in a field, and those that have one.
@Suite(.ownThread) struct EmptyValues {
    let server = BureauProcess.shared

    @Test func `every filter by a field that may be empty takes both questions, and the others refuse them`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.makeLeads((0..<3).map { lead($0) })
        let operations = Operation.all(in: try server.anonymous.get("/openapi.json").ok())
        let lists = Set(operations.filter { $0.method == "GET" }.map(\.path))
        var asked = 0
        for kind in try owner.every("/v1/meta/resources") {
            let path = kind.text("path")
            guard lists.contains(path), try owner.get("\(path)?limit=1").status == 200 else { continue }
            let all = try owner.get("\(path)?limit=1&total=true").ok()["total"]?.int ?? 0
            for field in kind["fields"]?.array ?? [] where field["filterable"] == true {
                let name = field.text("name"), types = Self.types(of: field)
                guard !types.contains("object") || name.hasSuffix("price") || name == "total" else {
                    continue
                }
                func count(_ value: String) throws -> Answer {
                    try owner.get("\(path)?\(name)[is]=\(value)&limit=1&total=true")
                }
                if types.contains("null") || types.contains("array") {
                    let counts = try ["null", "not_null"].map { try count($0).ok()["total"]?.int ?? 0 }
                    // Leads that are archived are in no list.
                    #expect(counts.reduce(0, +) == all, "\(path) \(name): \(counts) of \(all)")
                    try count("nothing").problem(400, "invalid_parameter")
                    asked += 1
                } else {
                    try count("null").problem(400, "invalid_parameter")
                }
            }
        }
        #expect(asked > 100, "only \(asked) filters were asked")
    }

    private static func types(of field: JSON) -> Set<String> {
        let schema = field["schema"] ?? .null
        if let type = schema["type"]?.text { return [type] }
        return Set(schema["type"]?.array?.compactMap(\.text) ?? [])
    }

    @Test func `what is missing is found in columns, lists, amounts and own fields`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let full = try agency.makeLead(
            1,
            [
                "source": "fair", "tags": ["new"], "budget": dollars(1000), "custom": ["tier": "gold"],
                "owner_id": .string(agency.user.id),
            ])
        let bare = try agency.makeLead(
            2, ["source": nil, "tags": [], "budget": nil, "custom": [:], "owner_id": nil])
        for name in ["source", "tags", "budget", "custom.tier", "owner_id"] {
            func found(_ value: String) throws -> [String] {
                try owner.get("/v1/leads?\(name)[is]=\(value)").ok().items.map(\.id)
            }
            #expect(try found("null") == [bare.id], "\(name)")
            #expect(try found("not_null") == [full.id], "\(name)")
        }
        #expect(
            try owner.get("/v1/leads?source[is]=null&tags[is]=null").ok().items.map(\.id) == [bare.id])
        try owner.get("/v1/leads?company[is]=null").problem(400, "invalid_parameter")
        try owner.get("/v1/leads?source[is]=").problem(400, "invalid_parameter")
        try owner.get("/v1/leads?nothing[is]=null").problem(400, "unknown_filter")
    }

    @Test func `the counts of leads by status and source are those of the list`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        for number in 0..<3 { _ = try agency.makeLead(number, ["source": "fair"]) }
        let called = try agency.makeLead(3, ["source": nil])
        try owner.patch("/v1/leads/\(called.id)", ["status": "researched"]).ok()
        let gone = try agency.makeLead(4, ["source": "fair"])
        try owner.delete("/v1/leads/\(gone.id)").ok(204)
        let figures = try owner.get("/v1/lead-figures").ok()
        #expect(figures["total"] == 4 && figures["qualified"] == 0 && figures["more_sources"] == 0)
        let statuses = figures["by_status"]?.array ?? []
        func leads(_ status: String) -> JSON? { statuses.first { $0.text("status") == status }?["leads"] }
        #expect(leads("researched") == 1 && leads("archived") == 0)
        let sources = figures["by_source"]?.array ?? []
        #expect(sources.map { $0["source"] } == ["fair", .null])
        #expect(sources.map { $0["leads"] } == [3, 1])
        let narrow = try owner.get("/v1/lead-figures?source[is]=null&status=researched").ok()
        #expect(narrow["total"] == 1)
        try owner.get("/v1/lead-figures?colour=red").problem(400, "unknown_filter")
        #expect(try server.signUp().owner.get("/v1/lead-figures").ok()["total"] == 0)
    }
}
