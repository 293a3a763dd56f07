import JSON
import Testing

/// Views of lists that people keep under a name, for themselves or for all of the agency.
@Suite(.ownThread) struct SavedViews {
    let server = BureauProcess.shared

    private func view(_ name: String, _ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "resource": "leads", "name": .string(name), "query": ["sort": "-score", "status": "new"],
        ]
        for (key, value) in more.members { body[key] = value }
        return .object(body)
    }

    @Test func `one's own are seen by nobody else, shared ones by everybody of the agency`() throws {
        let agency = try server.quietAgency()
        let viewer = try agency.colleague("viewer")
        let own = try viewer.post("/v1/views", view("Mine")).ok(201)
        #expect(own["is_shared"] == false && own["query"] == ["sort": "-score", "status": "new"])
        #expect(own.text("owner_id").hasPrefix("user_"))
        let shared = try agency.owner.post("/v1/views", view("Ours", ["is_shared": true])).ok(201)
        let other = try agency.owner.post("/v1/views", view("Deals", ["resource": "deals"])).ok(201)
        #expect(Set(try viewer.every("/v1/views?resource=leads").map(\.id)) == [own.id, shared.id])
        #expect(try agency.owner.every("/v1/views").map(\.id) == [other.id, shared.id])
        #expect(try viewer.get("/v1/views/\(shared.id)").ok() == shared)
        for id in [other.id] { try viewer.get("/v1/views/\(id)").problem(404, "not_found") }
        try agency.owner.patch("/v1/views/\(own.id)", ["name": "Theirs"]).problem(404, "not_found")
        #expect(!(try agency.owner.get("/v1/events?type=view.created").text.contains("Mine")))
        let stranger = try server.signUp()
        #expect(try stranger.owner.every("/v1/views").isEmpty)
        try stranger.owner.get("/v1/views/\(shared.id)").problem(404, "not_found")
    }

    @Test func `a shared view is seen by those who may read its list`() throws {
        let agency = try server.quietAgency()
        let client = try agency.owner.makeClient()
        let names = ["leads", "api-keys", "audit", "sequences"]
        let shared = try names.map {
            try agency.owner.post(
                "/v1/views", view("Shared \($0)", ["resource": .string($0), "is_shared": true])
            ).ok(201)
        }
        let viewer = try agency.colleague("viewer"), limited = try agency.colleague("member", limitedTo: client.id)
        func seen(_ caller: Caller) throws -> Set<String> {
            let seen = Set(try caller.every("/v1/views").map { $0.text("resource") })
            for view in shared {
                let status = try caller.get("/v1/views/\(view.id)").status
                #expect((status == 200) == seen.contains(view.text("resource")), "\(view.text("resource"))")
            }
            return seen
        }
        #expect(try seen(agency.owner) == Set(names))
        #expect(try seen(viewer) == Set(try names.filter { try viewer.get("/v1/\($0)").status == 200 }))
        let readable = Set(try names.filter { try limited.get("/v1/\($0)").status == 200 })
        #expect(try seen(limited).isSubset(of: readable) && !readable.contains("api-keys"))
        let refused = view("Keys", ["resource": "api-keys"])
        #expect(try limited.post("/v1/views", refused).faults() == ["/resource": "invalid_choice"])
    }

    @Test func `whoever made it changes it, and whoever manages the agency what is shared`() throws {
        let agency = try server.quietAgency()
        let (member, other) = (try agency.colleague("member"), try agency.colleague("member"))
        let shared = try member.post("/v1/views", view("Hot", ["is_shared": true])).ok(201)
        try other.patch("/v1/views/\(shared.id)", ["name": "Cold"]).problem(403, "forbidden")
        try other.delete("/v1/views/\(shared.id)").problem(403, "forbidden")
        let changed = try member.patch(
            "/v1/views/\(shared.id)", ["query": ["status": nil, "q": "acme"], "name": "Acme"]
        ).ok()
        #expect(changed["query"] == ["sort": "-score", "q": "acme"] && changed.text("name") == "Acme")
        try agency.owner.patch("/v1/views/\(shared.id)", ["name": "Everybody's"]).ok()
        try agency.owner.delete("/v1/views/\(shared.id)").ok(204)
        #expect(try member.every("/v1/views").isEmpty)
    }

    @Test func `what a view is, is checked`() throws {
        let owner = try server.quietAgency().owner
        func faults(_ more: JSONObject) throws -> [String: String] {
            try owner.post("/v1/views", view("X", more)).faults()
        }
        #expect(try faults(["resource": "/v1/leads"]) == ["/resource": "invalid_choice"])
        #expect(try faults(["resource": "unicorns"]) == ["/resource": "invalid_choice"])
        #expect(try faults(["resource": "portal-tickets"]) == ["/resource": "invalid_choice"])
        #expect(try faults(["name": "Hot\u{0}leads"]) == ["/name": "invalid_text"])
        #expect(try faults(["query": ["q\u{0}": "x"]]).values.sorted() == ["invalid_text"])
        #expect(try faults(["query": ["q": "x\u{0}"]]) == ["/query/q": "invalid_text"])
        for name in ["privacy-requests", "audit", "jobs"] {
            try owner.post("/v1/views", view("Known", ["resource": .string(name)])).ok(201)
        }
        #expect(try faults(["query": ["status": ["new"]]]) == ["/query/status": "wrong_type"])
        #expect(try faults(["query": "status=new"]) == ["/query": "wrong_type"])
        #expect(
            try faults(["query": ["q": .string(String(repeating: "x", count: 2001))]])
                == ["/query/q": "too_long"])
        #expect(try faults(["owner_id": "user_00000000000000000000000000"]) == ["/owner_id": "read_only"])
        try owner.post("/v1/views", view("Twice")).ok(201)
        try owner.post("/v1/views", view("Twice")).problem(409, "already_exists")
        try owner.post("/v1/views", view("Twice", ["resource": "deals"])).ok(201)
    }

    @Test func `a person has a hundred at most, and a key none`() throws {
        let agency = try server.quietAgency()
        for number in 0..<100 { try agency.owner.post("/v1/views", view("View \(number)")).ok(201) }
        try agency.owner.post("/v1/views", view("One more")).problem(409, "conflict")
        let key = try agency.key(["views:read", "views:write"])
        try key.post("/v1/views", view("A robot's")).problem(403, "forbidden")
        #expect(try key.every("/v1/views").isEmpty)
    }

    @Test func `those who leave take theirs along, and leave what they shared`() throws {
        let agency = try server.quietAgency()
        let member = try agency.colleague("member")
        let (own, shared) = (
            try member.post("/v1/views", view("Mine")).ok(201),
            try member.post("/v1/views", view("Ours", ["is_shared": true])).ok(201)
        )
        try agency.owner.delete("/v1/users/\(own.text("owner_id"))").ok(204)
        let left = try agency.owner.every("/v1/views")
        #expect(left.map(\.id) == [shared.id] && left[0]["owner_id"] == .null)
        try agency.owner.patch("/v1/views/\(shared.id)", ["name": "Still ours"]).ok()
    }

    @Test func `who is limited to a client has views of their own, and a client's people none`() throws {
        let agency = try server.quietAgency()
        let client = try agency.owner.makeClient()
        try agency.owner.post("/v1/views", view("Ours", ["is_shared": true])).ok(201)
        let limited = try agency.colleague("member", limitedTo: client.id)
        let own = try limited.post("/v1/views", view("Mine")).ok(201)
        #expect(try limited.every("/v1/views").map(\.id) == [own.id])
        try limited.patch("/v1/views/\(own.id)", ["name": "Again mine"]).ok()
        let person = try agency.colleague("client", limitedTo: client.id)
        try person.get("/v1/views").problem(403, "forbidden")
        try person.post("/v1/views", view("Theirs")).problem(403, "forbidden")
    }
}
