import JSON
import Testing

/// Groups that an agency's records fall into are proposed as segments, each told by what sets it apart.
@Suite(.ownThread) struct AudienceClusters {
    let server = BureauProcess.shared
    private static let path = "/v1/segments/clusters"

    private func clusters(_ owner: Caller, _ body: JSON = [:]) throws -> JSON {
        try owner.post(Self.path, body).ok()
    }

    /// Shops in Germany and firms of technology in the United States, some of which are unlike their kind.
    private func firm(_ number: Int, oddEvery odd: Int = 0) -> JSON {
        let isShop = number % 2 == 0, isOdd = odd > 0 && number % odd == 0
        let more: JSONObject = [
            "industry": isShop ? "retail" : "technology",
            "country": .string(isShop != isOdd ? "DE" : "US"),
            "employee_count": .integer(Int64(isShop ? 5 + number % 4 : 500 + number)),
            "custom": ["tier": isShop ? "gold" : "silver", "code": .string("c\(number)")],
        ]
        return lead(number, more)
    }

    @Test func `groups are told by what sets them apart, saved as they are, and the same each time`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.makeLeads((0..<90).map { firm($0, oddEvery: 15) })
        let told = try clusters(owner, ["count": 2])
        let found = told["clusters"]?.array ?? []
        #expect(told["enough"] == true && told["sample"] == 90 && told["estimated"] == false)
        #expect(found.map { $0["count"] } == [45, 45])
        for cluster in found {
            let features = cluster["features"]?.array ?? []
            #expect(features.contains { $0["field"] == "industry" && $0["share"] == 1 })
            #expect(features.contains { $0["field"] == "custom.tier" })
            #expect(
                features.allSatisfy {
                    ($0["share"]?.double ?? 0) > ($0["share_of_all"]?.double ?? 1)
                })
            #expect(!features.contains { $0["field"] == "custom.code" }, "what names a record groups nobody")
            let segment = try owner.post(
                "/v1/segments",
                [
                    "name": cluster["name"] ?? .null, "of": "leads", "filter": cluster["filter"] ?? .null,
                ]
            ).ok(201)
            #expect(try owner.get("/v1/segments/\(segment.id)").ok()["count"] == cluster["count"])
        }
        #expect(try clusters(owner, ["count": 2]) == told)
        #expect(try clusters(owner)["clusters"]?.array?.count == 2, "two fit best")
        let german = try clusters(owner, ["filter": ["field": "country", "op": "eq", "value": "DE"]])
        #expect(german["enough"] == false && german["sample"] == 45)
    }

    @Test func `contacts and clients are grouped by what these are told by`() throws {
        for (kind, fields) in [("contacts", ["country", "locale"]), ("clients", ["tier"])] {
            let owner = try server.quietAgency().owner
            for number in 0..<52 {
                let isFirst = number % 2 == 0, email = JSON.string("p\(number)@example.com")
                let body: JSON =
                    kind == "contacts"
                    ? [
                        "name": "Person", "email": email, "country": isFirst ? "DE" : "US",
                        "locale": isFirst ? "de" : "en",
                    ]
                    : ["name": "Firm", "contact_email": email, "tier": isFirst ? "growth" : "starter"]
                try owner.post("/v1/\(kind)", body).ok(201)
            }
            let found = try clusters(owner, ["of": .string(kind), "count": 2])["clusters"]?.array ?? []
            #expect(found.map { $0["count"] } == [26, 26])
            for cluster in found {
                let features = cluster["features"]?.array ?? []
                #expect(features.map { $0.text("field") }.sorted() == fields)
                #expect(features.allSatisfy { $0["share"] == 1 && $0["share_of_all"] == 0.5 })
                let segment = try owner.post(
                    "/v1/segments",
                    ["name": "Some", "of": .string(kind), "filter": cluster["filter"] ?? .null]
                ).ok(201)
                #expect(try owner.get("/v1/segments/\(segment.id)").ok()["count"] == 26)
            }
        }
    }

    @Test func `too few records show no groups, and those of others are not looked at`() throws {
        let agency = try server.quietAgency(), other = try server.quietAgency()
        try agency.makeLeads((0..<60).map { firm($0) })
        try other.makeLeads((0..<49).map { firm($0) })
        let few = try clusters(other.owner)
        #expect(few["enough"] == false && few["clusters"] == [] && few["sample"] == 49)
        #expect(!few.text("reason").isEmpty)
        #expect(try clusters(agency.owner)["sample"] == 60)
        let alike = try server.quietAgency()
        try alike.makeLeads((0..<60).map { lead($0, ["employee_count": 20]) })
        let none = try clusters(alike.owner)
        #expect(none["enough"] == true && none["clusters"] == [] && !none.text("reason").isEmpty)
    }

    @Test func `what cannot be looked for is refused at its place`() throws {
        let owner = try server.quietAgency().owner
        for (body, faults) in [
            (["count": 1] as JSON, ["/count": "out_of_range"]), (["count": 9], ["/count": "out_of_range"]),
            (["of": "pigeons"], ["/of": "invalid_choice"]),
            (
                ["filter": ["field": "colour", "op": "eq", "value": "red"]],
                ["/filter/field": "unknown_field"]
            ),
        ] { #expect(try owner.post(Self.path, body).faults() == faults) }
    }
}
