import JSON
import TestRandomness
import Testing

@Suite(.ownThread) struct Lists {
    let server = BureauProcess.shared

    /// Leads without agents at work: employee_count 0…n-1.
    func filled(_ count: Int = 60) throws -> Agency {
        let agency = try server.quietAgency()
        try agency.makeLeads(
            (0..<count).map { number in
                lead(
                    number,
                    [
                        "employee_count": .integer(Int64(number)), "country": number % 3 == 0 ? "FR" : "DE",
                        "tags": [number % 2 == 0 ? "even" : "odd"],
                        "custom": ["tier": number < 10 ? "gold" : "tin"],
                        "budget": number < 5 ? dollars(1000) : nil,
                    ])
            })
        return agency
    }

    @Test func `pages of any size meet without loss or repetition`() throws {
        let agency = try filled()
        for size in [1, 7, 60, 200] {
            let ids = try agency.owner.every("/v1/leads", limit: size).map(\.id)
            #expect(ids.count == 60 && Set(ids).count == 60, "limit \(size)")
            #expect(ids == ids.sorted(by: >), "newest first")
        }
        let page = try agency.owner.get("/v1/leads").ok()
        #expect(
            page.items.count == 50 && page["has_more"] == true && page["next_cursor"]?.text?.isEmpty == false)
        let whole = try agency.owner.get("/v1/leads?limit=200").ok()
        #expect(whole.items.count == 60 && whole["has_more"] == false && whole["next_cursor"] == .null)
        #expect(whole["total"] == nil)
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=x", "limit=-1", "limit=", "total=maybe", "sort=", "sort=colour",
        "sort=--score", "fields=", "fields=id,colour", "fields=identity_key",
    ])
    func `a parameter beyond its bounds is refused`(_ query: String) throws {
        let agency = try server.signUp()
        try agency.owner.get("/v1/leads?\(query)").problem(400, "invalid_parameter")
    }

    @Test func `a filter has five hundred values at most`() throws {
        let agency = try filled(3)
        let one = try agency.owner.every("/v1/leads")[0].id
        // Ids of their full length do not fit an address so often.
        func values(_ count: Int) -> String { Array(repeating: "x", count: count - 1).joined(separator: ",") }
        #expect(try agency.owner.get("/v1/leads?id=\(values(500)),\(one)").ok().items.map(\.id) == [one])
        for filter in ["id", "id[ne]", "tags", "custom.tier"] {
            let refused = try agency.owner.get("/v1/leads?\(filter)=\(values(501)),\(one)").problem(
                400, "invalid_parameter")
            #expect(refused.text("detail").contains("501 values: send at most 500"))
        }
        #expect(try agency.owner.get("/v1/leads?tags=\(values(500)),even").ok().items.count == 2)
        try agency.owner.get("/v1/events?subject_id=\(values(501)),\(one)").problem(400, "invalid_parameter")
        // Ten thousand do not fit an address at all.
        let ids = Array(repeating: one, count: 10_000).joined(separator: ",")
        try agency.owner.get("/v1/leads?id=\(ids)").problem(414, "uri_too_long")
    }

    @Test func `a cursor that was not given for this sort is refused`() throws {
        let agency = try filled(3)
        let cursor = try #require(try agency.owner.get("/v1/leads?limit=1").ok()["next_cursor"]?.text)
        try agency.owner.get("/v1/leads?limit=1&cursor=\(cursor)").ok()
        for query in ["cursor=rubbish", "cursor=", "cursor=W10", "sort=score&cursor=\(cursor)"] {
            try agency.owner.get("/v1/leads?\(query)").problem(400, "invalid_cursor")
        }
        try agency.owner.get("/v1/leads?cursor=%00").problem(400)
    }

    @Test func `cursors made up from a fixed seed break nothing`() throws {
        let agency = try filled(20)
        var random = SeededGenerator(99)
        let sorts = ["-id", "employee_count", "-score", "country,-employee_count", "created_at"]
        for number in 0..<200 {
            let sort = sorts[number % sorts.count]
            let cursor: String
            if number % 2 == 0 {
                let values: [JSON] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0: .null
                    case 1: .integer(Int64.random(in: .min ... .max, using: &random))
                    case 2: .number(1e300)
                    case 3: "'; DROP TABLE leads; --"
                    default: [["x"]]
                    }
                }
                cursor = base64URL(JSON.array([.string(sort)] + values).bytes)
            } else {
                cursor = base64URL(
                    (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    })
            }
            let answer = try agency.owner.get("/v1/leads?limit=5&sort=\(sort)&cursor=\(cursor)")
            try #require([200, 400].contains(answer.status), "\(cursor): \(answer)")
            if answer.status == 400 { try answer.problem(400, "invalid_cursor") }
        }
        #expect(try agency.owner.total() == 20)
    }

    @Test(arguments: ["created_at", "-created_at", "-employee_count", "employee_count", "country"])
    func `leads made between two pages neither repeat nor displace others`(_ sort: String) throws {
        let agency = try filled(40)
        let first = try agency.owner.get("/v1/leads?limit=20&sort=\(sort)").ok()
        let before = Set(try agency.owner.every("/v1/leads?sort=\(sort)").map(\.id))
        for number in 100..<105 { _ = try agency.makeLead(number, ["employee_count": 20]) }
        var seen = first.items.map(\.id), cursor = first["next_cursor"]?.text
        while let place = cursor {
            let page = try agency.owner.get("/v1/leads?limit=20&sort=\(sort)&cursor=\(place)").ok()
            seen += page.items.map(\.id)
            cursor = page["next_cursor"]?.text
        }
        #expect(Set(seen).count == seen.count && before.isSubset(of: seen))
    }

    @Test func `one or more keys sort, each its own way, and missing values have their place`() throws {
        let agency = try filled()
        func values(_ sort: String, _ key: String) throws -> [JSON] {
            try agency.owner.every("/v1/leads?sort=\(sort)", limit: 25).map { $0[key] ?? .null }
        }
        let numbers = (0..<60).map { JSON.integer($0) }
        #expect(try values("employee_count", "employee_count") == numbers)
        #expect(try values("-employee_count", "employee_count") == numbers.reversed())
        let two = try agency.owner.every("/v1/leads?sort=country,-employee_count", limit: 7)
            .map { ($0.text("country"), $0["employee_count"]?.int ?? -1) }
        #expect(two.count == 60)
        #expect(zip(two, two.dropFirst()).allSatisfy { $0.0 < $1.0 || ($0.0 == $1.0 && $0.1 > $1.1) })
        for number in 200..<205 { _ = try agency.makeLead(number, ["employee_count": nil]) }
        for sort in ["employee_count", "-employee_count"] {
            let all = try values(sort, "employee_count")
            let missing = all.indices.filter { all[$0].isNull }
            #expect(all.count == 65)
            #expect(
                missing == (sort.hasPrefix("-") ? Array(60..<65) : Array(0..<5)), "missing counts as least")
        }
    }

    @Test func `filters compare, negate, and look into tags and custom fields; total counts what is left`()
        throws
    {
        let agency = try filled()
        let wanted: [(String, Int64)] = [
            ("country=FR", 20), ("country=FR,DE", 60), ("country[ne]=FR", 40), ("country=france", 20),
            ("employee_count=7", 1), ("employee_count=7,8,9", 3), ("employee_count[ne]=7", 59),
            ("employee_count[gte]=50", 10), ("employee_count[gt]=50", 9), ("employee_count[lt]=5", 5),
            ("employee_count[lte]=5", 6), ("employee_count[gte]=10&employee_count[lt]=20", 10),
            ("tags=even", 30),
            ("tags=even,odd", 60), ("tags[ne]=even", 30), ("custom.tier=gold", 10),
            ("custom.tier[ne]=gold", 50),
            ("custom.absent=x", 0), ("status=won", 0), ("status=new,won", 60), ("budget[gte]=100000", 5),
            ("created_at[gte]=2020-01-01T00:00:00.000Z", 60), ("created_at[lt]=2020-01-01T00:00:00.000Z", 0),
            ("created_at[gte]=2020-01-01", 60), ("email=JANE3@example3.com", 1), ("tags=even&country=FR", 10),
        ]
        for (query, count) in wanted {
            let page = try agency.owner.get("/v1/leads?limit=5&total=true&\(query)").ok()
            #expect(
                page["total"]?.int == count && page.items.count == min(5, Int(count)),
                "\(query): \(page["total"]?.int ?? -1)")
        }
    }

    @Test(arguments: [
        "colour=red", "score[near]=5", "company[gte][lt]=1", "tenant_id=x", "password=x", "score[]=1",
        "score[gte=1", "identity_key=x", "custom=x", "custom.a%20b=1", "notes=x", "row=1",
    ])
    func `an unknown filter is refused`(_ query: String) throws {
        let agency = try server.signUp()
        try agency.owner.get("/v1/leads?\(query)").problem(400, "unknown_filter")
    }

    @Test(arguments: [
        "score[gte]=high", "status=shiny", "created_at[lt]=yesterday", "employee_count=1%27%20OR%201=1",
        "authority=perhaps", "score=", "employee_count[lt]=99999999999999999999", "custom.seats[gte]=many",
        "tags[gte]=a",
    ])
    func `a filter's value has to fit its field`(_ query: String) throws {
        let agency = try server.signUp()
        let answer = try agency.owner.get("/v1/leads?\(query)")
        #expect([400, 422].contains(answer.status), "\(answer)")
        try answer.problem(answer.status)
    }

    @Test func `filters made up from a fixed seed break nothing`() throws {
        let agency = try filled(20)
        var random = SeededGenerator(4711)
        let fields = [
            "company", "email", "phone", "country", "status", "score", "priority", "employee_count", "budget",
            "authority",
            "tags", "custom.tier", "external_ids.crm", "created_at", "owner_id", "contact_id", "colour", "",
            "custom.",
        ]
        let operators = ["", "[ne]", "[gt]", "[gte]", "[lt]", "[lte]", "[eq]", "[x]", "[", "]"]
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let words = [
                "", "'", "a,b,,c", "%", "-1", "1e9", "null", "\" OR 1=1 --", "2026-01-01",
                String(decoding: bytes, as: UTF8.self),
            ]
            let name =
                (fields.randomElement(using: &random) ?? "") + (operators.randomElement(using: &random) ?? "")
            let query = escaped(name) + "=" + escaped(words.randomElement(using: &random) ?? "")
            let answer = try agency.owner.get("/v1/leads?limit=3&total=true&\(query)")
            try #require([200, 400, 422].contains(answer.status), "\(query): \(answer)")
            if answer.status != 200 { try answer.problem(answer.status) }
        }
        #expect(try agency.owner.total() == 20)
    }

    @Test func `fields gives these and no others`() throws {
        let agency = try filled(2)
        let page = try agency.owner.get("/v1/leads?fields=id,company&sort=-employee_count&limit=1").ok()
        #expect(page.items.map { $0.object?.keys.sorted() } == [["company", "id"]])
        #expect(page["has_more"] == true)
    }

    @Test func `search finds words in any field, by their beginning and blind to accents`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeLead(1, ["company": "Müller & Söhne GmbH", "notes": "wants a newsletter"])
        let contoso = try agency.makeLead(2, ["company": "Contoso"])
        func found(_ words: String) throws -> [String] {
            try agency.owner.get("/v1/leads?q=" + escaped(words)).ok().items.map { $0.text("company") }
                .sorted()
        }
        for words in ["muller", "Müller", "MÜLLER", "newsletter", "sohne newslet"] {
            #expect(try found(words) == ["Müller & Söhne GmbH"], "\(words)")
        }
        #expect(try found("contos") == ["Contoso"] && found("absent").isEmpty)
        try agency.owner.patch("/v1/leads/\(contoso.id)", ["company": "Fabrikam"]).ok()
        #expect(try found("contoso").isEmpty && found("fabrikam") == ["Fabrikam"])
        #expect(try agency.owner.total("&q=fabrikam") == 1)
    }

    @Test(arguments: [
        "\"", "*", "a AND", "NEAR(", "company:x", "-x", "'; --", String(repeating: "(", count: 50), "%", "\\",
        "😀", "", " ", "{a b}: c", "^x",
    ])
    func `search is safe with any text`(_ words: String) throws {
        let agency = try filled(2)
        try agency.owner.get("/v1/leads?q=" + escaped(words)).ok()
    }

    @Test func `the lists of the other resources page, count and refuse alike`() throws {
        let agency = try server.signUp()
        _ = try agency.makeLead(1)
        for list in [
            "contacts", "companies", "users", "api-keys", "invitations", "roles", "imports", "schedules",
            "jobs", "agent-runs", "decisions", "events", "audit", "custom-fields",
        ] {
            let page = try agency.owner.get("/v1/\(list)?limit=1&total=true").ok()
            #expect(
                page["data"]?.array != nil && page["has_more"]?.flag != nil && page["next_cursor"] != nil,
                "\(list)")
            #expect(page["total"]?.int != nil, "\(list)")
            try agency.owner.get("/v1/\(list)?limit=0").problem(400, "invalid_parameter")
            try agency.owner.get("/v1/\(list)?colour=red").problem(400, "unknown_filter")
            try agency.owner.get("/v1/\(list)?cursor=rubbish").problem(400, "invalid_cursor")
        }
    }
}
