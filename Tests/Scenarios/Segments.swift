import JSON
import Testing

/// Segments of leads, contacts and clients: what a filter finds, or what somebody has put in, kept as records change.
@Suite(.ownThread) struct Segments {
    let server = BureauProcess.shared

    private func segment(_ owner: Caller, _ filter: JSON, of kind: String = "leads") throws -> JSON {
        try owner.post("/v1/segments", ["name": "Some", "of": .string(kind), "filter": filter]).ok(201)
    }

    private func members(_ owner: Caller, _ id: String) throws -> Set<String> {
        Set(try owner.every("/v1/segments/\(id)/members").map(\.id))
    }

    private func count(_ owner: Caller, _ id: String) throws -> Int64? {
        try owner.get("/v1/segments/\(id)").ok()["count"]?.int
    }

    private func found(_ owner: Caller, _ filter: JSON, of kind: String = "leads") throws -> Int64? {
        try owner.post("/v1/segments/preview", ["of": .string(kind), "filter": filter]).ok()["count"]?.int
    }

    private static let shops: JSON = ["field": "industry", "op": "eq", "value": "retail"]

    @Test func `a segment has whom its filter finds, as leads come, change and go`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        var shops: Set<String> = []
        for number in 0..<6 {
            let made = try agency.makeLead(
                number, ["industry": number % 2 == 0 ? "technology" : "retail"])
            if number % 2 == 1 { shops.insert(made.id) }
        }
        let segment = try segment(owner, Self.shops)
        #expect(segment["count"] == 3)
        #expect(try members(owner, segment.id) == shops)
        let late = try agency.makeLead(7, ["industry": "retail"])
        #expect(try count(owner, segment.id) == 4)
        try owner.patch("/v1/leads/\(late.id)", ["industry": "energy"]).ok()
        #expect(try count(owner, segment.id) == 3)
        #expect(try members(owner, segment.id) == shops)
        try agency.makeLeads((20..<50).map { lead($0, ["industry": "retail"]) })
        #expect(try count(owner, segment.id) == 33, "those that come by the hundred are in it, too")
        let first = try #require(shops.min())
        try owner.delete("/v1/leads/\(first)").ok(204)
        #expect(try count(owner, segment.id) == 32)
        let other: JSON = ["field": "industry", "op": "eq", "value": "technology"]
        try owner.patch("/v1/segments/\(segment.id)", ["filter": other]).ok()
        #expect(try count(owner, segment.id) == 3, "another filter finds others")
        try owner.delete("/v1/segments/\(segment.id)").ok(204)
        try owner.get("/v1/segments/\(segment.id)/members").problem(404, "not_found")
    }

    @Test func `all, any and not join conditions on fields and on fields of one's own`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let more: [JSONObject] = [
            ["country": "DE", "custom": ["tier": "gold", "seats": 5]],
            ["country": "US", "custom": ["tier": "Gold", "seats": 50]],
            ["country": "DE", "custom": ["trade": "MÖBEL"]],
            ["country": "FR", "phone": "+4915112345678", "budget": dollars(100), "tags": ["early"]],
        ]
        for (number, fields) in more.enumerated() { _ = try agency.makeLead(number, fields) }
        func condition(_ field: String, _ op: String, _ value: JSON? = nil) -> JSON {
            var object: JSONObject = ["field": .string(field), "op": .string(op)]
            if let value { object["value"] = value }
            return .object(object)
        }
        let german = condition("country", "eq", "DE"), golden = condition("custom.tier", "eq", "gold")
        let wanted: [(JSON, Int64)] = [
            (["all": []], 4), (["any": []], 0), (german, 2), (["not": german], 2),
            (["any": [condition("country", "eq", "FR"), golden]], 3),
            (["all": [german, ["not": golden]]], 1), (["not": golden], 2),
            (condition("phone", "known"), 1), (condition("phone", "unknown"), 3),
            (condition("country", "in", ["US", "FR"]), 2), (condition("country", "ne", "DE"), 2),
            (condition("custom.seats", "gt", 5), 1), (condition("custom.seats", "gte", 5), 2),
            (condition("company", "contains", "COMPANY 2"), 1), (condition("company", "contains", "%"), 0),
            (condition("company", "eq", "EXAMPLE Company 2"), 1),
            (condition("company", "ne", "example company 2"), 3),
            (condition("custom.trade", "in", ["möbel"]), 1), (condition("custom.tier", "ne", "GOLD"), 2),
            (condition("budget", "lte", dollars(100)), 1), (condition("tags", "contains", "early"), 1),
            (condition("tags", "contains", "EARLY"), 1), (condition("tags", "contains", "earl"), 0),
            (condition("employee_count", "lt", 52), 2), (condition("technical_level", "eq", "developer"), 0),
            (condition("created_at", "gt", "2020-01-01T00:00:00.000Z"), 4),
        ]
        for (filter, number) in wanted { #expect(try found(owner, filter) == number, "\(filter.serialized)") }
        #expect(try found(owner, ["field": "name", "op": "contains", "value": "jane"], of: "contacts") == 4)
        #expect(try found(owner, ["all": []], of: "clients") == 0)
        let preview = try owner.post("/v1/segments/preview", ["filter": german]).ok()
        #expect(preview["sample"]?.array?.allSatisfy { $0["type"] == "lead" } == true)
    }

    @Test func `contacts and clients come into their segments, stay and go as they change, too`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let contact = try agency.makeContact(1, ["name": "Jane Roe"]), other = try agency.makeContact(2)
        let client = try owner.makeClient(["name": "Example GmbH"])
        _ = try owner.makeClient(["name": "Other Ltd", "contact_email": "other@example.com"])
        func named(_ part: String) -> JSON { ["field": "name", "op": "contains", "value": .string(part)] }
        #expect(try found(owner, named("gmbh"), of: "clients") == 1)
        let people = try segment(owner, named("jane"), of: "contacts")
        let firms = try segment(owner, named("gmbh"), of: "clients")
        #expect(try members(owner, people.id) == [contact.id] && members(owner, firms.id) == [client.id])
        try owner.patch("/v1/contacts/\(other.id)", ["name": "Mary Jane"]).ok()
        try owner.patch("/v1/contacts/\(contact.id)", ["name": "Joan Roe"]).ok()
        try owner.patch("/v1/clients/\(client.id)", ["name": "Example AG"]).ok()
        let new = try owner.makeClient(["name": "New GmbH", "contact_email": "new@example.com"])
        #expect(try members(owner, people.id) == [other.id] && members(owner, firms.id) == [new.id])
        #expect(try count(owner, people.id) == 1 && count(owner, firms.id) == 1)
        // A deed of somebody's counts for them as a contact.
        let acted = try segment(owner, ["did": "message.replied", "within": "P30D"], of: "contacts")
        #expect(try count(owner, acted.id) == 0)
        try owner.post("/v1/contacts/\(other.id)/activities", ["type": "message_reply"]).ok(201)
        #expect(try members(owner, acted.id) == [other.id])
    }

    @Test func `a static segment is what was put in, and nothing else`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let ids = try (0..<3).map { try agency.makeLead($0).id }
        let body: JSON = ["name": "By hand", "of": "leads", "static": true, "members": [.string(ids[0])]]
        let segment = try owner.post("/v1/segments", body).ok(201)
        let path = "/v1/segments/\(segment.id)/members"
        let changed = try owner.post(path, ["add": [.string(ids[1]), .string(ids[0])], "remove": []]).ok()
        #expect(changed["count"] == 2, "nobody is in it twice")
        #expect(try members(owner, segment.id) == Set(ids.prefix(2)))
        try owner.post(path, ["add": [], "remove": [.string(ids[0])]]).ok()
        try owner.patch("/v1/leads/\(ids[1])", ["industry": "energy"]).ok()
        #expect(try members(owner, segment.id) == [ids[1]])
        try owner.delete("/v1/leads/\(ids[1])").ok(204)
        #expect(try count(owner, segment.id) == 0)
        let foreign = try server.quietAgency().makeLead(1).id
        for id in [absentLead, foreign, ids[1]] {
            let faults = try owner.post(path, ["add": [.string(id)], "remove": []]).faults()
            #expect(faults == ["/add/0": "unknown_reference"])
        }
        let found = try self.segment(owner, Self.shops)
        try owner.post("/v1/segments/\(found.id)/members", ["add": [], "remove": []]).problem(409, "conflict")
    }

    @Test func `what a person did counts as long as the filter says, and leaves by itself`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let made = try (0..<3).map { try box.owner.post("/v1/leads", lead($0)).ok(201) }
        let people = made.map { $0.text("contact_id") }
        let lately = try segment(
            box.owner, ["did": "message.replied", "within": "P30D", "at_least": 2])
        let ever = try segment(box.owner, ["did": "message.opened"])
        let quiet = try segment(box.owner, ["not": ["did": "message.replied", "within": "P10D"]])
        #expect(try count(box.owner, quiet.id) == 3)
        func act(_ person: Int, _ type: String, _ more: JSONObject = [:]) throws {
            var body: JSONObject = ["type": .string(type)]
            for (name, value) in more.members { body[name] = value }
            try box.owner.post("/v1/contacts/\(people[person])/activities", .object(body)).ok(201)
        }
        try act(0, "message_reply")
        try act(1, "message_read", ["source": "machine"])
        #expect(try count(box.owner, lately.id) == 0, "once is not twice")
        #expect(try count(box.owner, ever.id) == 0, "what a program opens is nobody's doing")
        try box.advance("P5D")
        try act(0, "message_reply")
        try act(2, "message_read")
        #expect(try members(box.owner, lately.id) == [made[0].id])
        #expect(try members(box.owner, ever.id) == [made[2].id])
        #expect(try members(box.owner, quiet.id) == [made[1].id, made[2].id])
        try box.advance("P11D")
        #expect(try count(box.owner, quiet.id) == 3, "ten days later nobody has replied lately")
        #expect(try count(box.owner, lately.id) == 1)
        try box.advance("P15D")
        #expect(try count(box.owner, lately.id) == 0, "the first reply is more than thirty days ago")
        #expect(try count(box.owner, ever.id) == 1)
    }

    @Test func `each fault of a filter is told at its place`() throws {
        let owner = try server.quietAgency().owner
        let filter: JSON = [
            "all": [
                ["field": "nonsense", "op": "eq", "value": 1],
                [
                    "any": [
                        ["field": "employee_count", "op": "gte", "value": "many"],
                        ["field": "country", "op": "like", "value": "x"],
                        ["field": "custom.none", "op": "known"], ["field": "custom", "op": "known"],
                    ]
                ],
                ["did": "dance"], ["did": "message.opened", "within": "soon"],
                ["did": "message.opened", "at_least": 0], ["not": 5], [:],
                ["field": "country", "op": "in", "value": "DE"], ["all": 7, "color": 1],
            ]
        ]
        let faults = try owner.post("/v1/segments", ["name": "x", "filter": filter]).faults()
        #expect(
            faults == [
                "/filter/all/0/field": "unknown_field",
                "/filter/all/1/any/0/value": "wrong_type", "/filter/all/1/any/1/op": "invalid_choice",
                "/filter/all/1/any/2/field": "unknown_field", "/filter/all/1/any/3/field": "unknown_field",
                "/filter/all/2/did": "invalid_choice", "/filter/all/3/within": "invalid_duration",
                "/filter/all/4/at_least": "out_of_range", "/filter/all/5/not": "wrong_type",
                "/filter/all/6": "required", "/filter/all/7/value": "wrong_type",
                "/filter/all/8/all": "wrong_type", "/filter/all/8/color": "unknown_field",
            ])
        func nested(_ depth: Int) -> JSON {
            (1..<depth).reduce(Self.shops) { filter, _ in ["not": filter] }
        }
        #expect(try found(owner, nested(20)) == 0)
        let deep = try owner.post("/v1/segments/preview", ["filter": nested(21)]).faults()
        #expect(Array(deep.values) == ["out_of_range"])
        for path in ["/v1/segments", "/v1/segments/preview"] {
            let body: JSON = path.hasSuffix("preview") ? [:] : ["name": "Deep"]
            let problem = try owner.post(path, body.merging(["filter": nested(200)]))
                .problem(400, "malformed_json")
            #expect(problem.text("detail").contains("nested deeper"))
        }
        #expect(try !owner.every("/v1/segments").contains { $0["name"] == "Deep" }, "nothing is half stored")
        #expect(try owner.post("/v1/segments", ["name": "x"]).faults() == ["/filter": "required"])
        let code: JSON = ["name": "Code", "filter": "score > 50 or exit()"]
        #expect(try owner.post("/v1/segments", code).faults() == ["/filter": "wrong_type"])
        let stars = try owner.post("/v1/segments", ["name": "x", "of": "stars", "filter": ["all": []]])
        #expect(try stars.faults() == ["/of": "invalid_choice"])
    }

    @Test func `nobody sees who is in a segment of records that they may not read`() throws {
        let agency = try server.quietAgency()
        let segment = try segment(agency.owner, ["all": []])
        let stranger = try server.signUp().owner, path = "/v1/segments/\(segment.id)"
        for path in [path, "\(path)/members"] { try stranger.get(path).problem(404, "not_found") }
        let blind = try agency.key(["segments:read"])
        try blind.get(path).ok()
        try blind.get("\(path)/members").problem(403, "forbidden")
        try blind.post("/v1/segments/preview", ["filter": ["all": []]]).problem(403, "forbidden")
        try blind.post("/v1/segments", ["name": "x", "filter": ["all": []]]).problem(403, "forbidden")
    }
}
