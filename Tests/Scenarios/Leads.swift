import JSON
import Testing

@Suite(.ownThread) struct Leads {
    let server = BureauProcess.shared

    @Test func `a lead comes back as it was sent, with its address, tag and defaults`() throws {
        let agency = try server.quietAgency()
        let more: JSONObject = [
            "phone": "+1 415 555 2671", "annual_revenue": dollars(2_500_000), "budget": dollars(5000),
            "timeline_days": 60, "authority": true, "pain_points": ["too few leads"], "tags": ["b", "a"],
            "notes": "Grüße 😀", "custom": ["tier": "gold", "seats": 4, "vip": true], "location": "Austin, TX",
            "linkedin_url": "https://www.linkedin.com/company/example",
        ]
        let answer = try agency.owner.post("/v1/leads", lead(1, more))
        let made = try answer.ok(201)
        #expect(made.id.wholeMatch(of: /lead_[0-9a-hjkmnp-tv-z]{26}/) != nil)
        #expect(answer.header("Location") == "/v1/leads/\(made.id)" && answer.header("ETag") == "\"1\"")
        let got = try agency.owner.get("/v1/leads/\(made.id)").ok()
        #expect(got == made)
        for (key, value) in lead(1, more).object?.members ?? [] where key != "phone" {
            #expect(got[key] == value, "\(key)")
        }
        #expect(got.text("phone") == "+14155552671" && got.text("status") == "new" && got["version"] == 1)
        #expect(got.text("created_at").wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        for key in [
            "score", "priority", "conversion_probability", "next_action", "best_contact_at", "client_id",
        ] {
            #expect(got[key] == .null, "\(key)")
        }
        #expect(got.text("technical_level") == "business_user" && got.text("lifecycle_stage") == "fresh")
        #expect(got["known_since"] == got["created_at"] && !got.text("contact_id").isEmpty)
        #expect(got["tenant_id"] == nil && got["identity_key"] == nil && got["row"] == nil)
    }

    @Test func `what people write is brought into its normal form`() throws {
        let agency = try server.quietAgency()
        let made = try agency.makeLead(
            1,
            [
                "email": " Jane.EXAMPLE@Example1.COM ", "country": "Germany", "phone": "030 901820",
                "website": "example1.com", "company": "  Example  ", "tags": [" a ", "a", ""],
            ])
        #expect(made.text("country") == "DE" && made.text("phone") == "+4930901820")
        #expect(made.text("email").lowercased() == "jane.example@example1.com")
        #expect(made.text("website").hasPrefix("http") && made.text("company") == "Example")
        #expect(made["tags"] == ["a"])
    }

    @Test func `identifiers of later leads sort later`() throws {
        let agency = try server.quietAgency()
        let ids = try (0..<20).map { try agency.makeLead($0).id }
        #expect(ids == ids.sorted() && Set(ids).count == 20)
    }

    // MARK: Changing

    @Test func `a patch changes what it names, null empties, the version rises`() throws {
        let agency = try server.quietAgency()
        let one = try agency.makeLead(
            0, ["tags": ["x"], "custom": ["a": 1, "b": 2], "notes": "old", "budget": dollars(5)])
        let change: JSON = [
            "notes": nil, "custom": ["a": nil, "c": 3], "tags": ["y"], "budget": ["amount": 700],
        ]
        let answer = try agency.owner.patch("/v1/leads/\(one.id)", change)
        let two = try answer.ok()
        #expect(two["notes"] == .null && two["custom"] == ["b": 2, "c": 3] && two["tags"] == ["y"])
        #expect(two["budget"] == ["amount": 700, "currency": "USD"])
        #expect(two["company"] == one["company"] && two["version"] == 2 && answer.header("ETag") == "\"2\"")
        #expect(two.text("updated_at") >= one.text("updated_at") && two["created_at"] == one["created_at"])
        let three = try agency.owner.patch(
            "/v1/leads/\(one.id)", ["budget": nil, "tags": nil, "custom": nil]
        ).ok()
        #expect(three["budget"] == .null && three["tags"] == [] && three["custom"] == [:])
        try agency.owner.patch("/v1/leads/\(one.id)", ["company": nil]).problem(422, "required")
    }

    @Test func `a patch that changes nothing leaves version, audit and events alone`() throws {
        let agency = try server.quietAgency()
        let one = try agency.makeLead(0, ["notes": "same"])
        for body: JSON in [[:], ["notes": "same"], one] {
            #expect(try agency.owner.patch("/v1/leads/\(one.id)", body).ok()["version"] == 1)
        }
        #expect(try agency.owner.every("/v1/audit?subject_id=\(one.id)").count == 1)
        #expect(try agency.owner.every("/v1/events").filter { $0.text("type") == "lead.updated" }.isEmpty)
    }

    @Test func `a stale version is refused, a known one need not be sent again`() throws {
        let agency = try server.quietAgency()
        let path = "/v1/leads/\(try agency.makeLead().id)"
        let tag = try #require(try agency.owner.get(path).header("ETag"))
        let unchanged = try agency.owner.get(path, ["If-None-Match": tag])
        #expect(unchanged.status == 304 && unchanged.body.isEmpty && unchanged.header("ETag") == tag)
        try agency.owner.patch(path, ["notes": "1"], ["If-Match": tag]).ok()
        try agency.owner.patch(path, ["notes": "2"], ["If-Match": tag]).problem(412, "version_mismatch")
        try agency.owner.delete(path, ["If-Match": tag]).problem(412, "version_mismatch")
        let changed = try agency.owner.get(path, ["If-None-Match": tag])
        #expect(try changed.ok().text("notes") == "1")
    }

    @Test func `of changes at once with one tag exactly one wins`() throws {
        let agency = try server.quietAgency()
        let path = "/v1/leads/\(try agency.makeLead().id)"
        let statuses = try together(10) { index in
            try server.caller(agency.token).patch(path, ["notes": .string("\(index)")], ["If-Match": "\"1\""])
                .status
        }
        #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 9))
        #expect(try agency.owner.get(path).ok()["version"] == 2)
    }

    @Test func `what Bureau sets itself cannot be written, but a record may be sent back as it was read`()
        throws
    {
        let (agency, other) = (try server.quietAgency(), try server.signUp())
        var made = try agency.makeLead()
        try agency.waitForJudgement(of: made)
        made = try agency.owner.get("/v1/leads/\(made.id)").ok()
        let fields: [(String, JSON)] = [
            ("id", .string(absentLead)), ("score", 99), ("priority", "high"), ("version", 77),
            ("created_at", "2020-01-01T00:00:00.000Z"), ("qualified_at", "2020-01-01T00:00:00.000Z"),
            ("contact_id", "con_00000000000000000000000000"), ("merged_into", .string(absentLead)),
        ]
        for (field, value) in fields {
            try agency.owner.patch("/v1/leads/\(made.id)", [field: value]).problem(422, "read_only")
            try agency.owner.post("/v1/leads", lead(9, [field: value])).problem(422, "read_only")
        }
        let foreign: JSON = ["tenant_id": .string(other.tenant.id)]
        try agency.owner.patch("/v1/leads/\(made.id)", foreign).problem(422, "unknown_field")
        let got = try agency.owner.get("/v1/leads/\(made.id)").ok()
        #expect(got == made)
        #expect(try agency.owner.patch("/v1/leads/\(made.id)", got).ok() == made)
    }

    @Test func `a deleted lead is gone from lists, and stays gone`() throws {
        let agency = try server.quietAgency()
        let (gone, other) = (try agency.makeLead(0), try agency.makeLead(1))
        try agency.owner.delete("/v1/leads/\(gone.id)").ok(204)
        #expect(try agency.owner.every("/v1/leads").map(\.id) == [other.id])
        #expect(try agency.owner.total("&q=example") == 1)
        let answer = try agency.owner.get("/v1/leads/\(gone.id)")
        #expect(answer.status == 404 || answer.json.text("status") == "archived")
    }

    // MARK: Status

    @Test func `a lead goes the allowed way from new to won, and no other`() throws {
        let agency = try server.quietAgency()
        let path = "/v1/leads/\(try agency.makeLead().id)"
        let refusal = try agency.owner.patch(path, ["status": "won"]).problem(409, "invalid_transition")
        let allowed = refusal["allowed"]?.array?.compactMap(\.text) ?? []
        #expect(allowed.contains("researched") && !allowed.contains("won"))
        #expect(refusal.text("detail").hasSuffix(" Allowed: \(allowed.joined(separator: ", "))."))
        for status in [
            "researched", "scored", "qualified", "contacted", "engaged", "proposal", "negotiation", "won",
        ] {
            #expect(try agency.owner.patch(path, ["status": .string(status)]).ok().text("status") == status)
        }
        try agency.owner.patch(path, ["status": "new"]).problem(409, "invalid_transition")
        #expect(try agency.owner.patch(path, ["status": "archived"]).ok().text("status") == "archived")
    }

    @Test(arguments: ["new", "scored", "disqualified", "engaged", "lost", "won"])
    func `history from elsewhere comes in with any status, and can be archived from it`(
        _ status: String
    ) throws {
        let agency = try server.quietAgency()
        let made = try agency.makeLead(0, ["status": .string(status)])
        #expect(made.text("status") == status)
        try agency.owner.patch("/v1/leads/\(made.id)", ["status": "archived"]).ok()
    }

    // MARK: Many at once

    @Test func `bulk answers each operation apart, and one fault spoils no other`() throws {
        let agency = try server.quietAgency()
        let (one, two) = (try agency.makeLead(1), try agency.makeLead(2))
        let operations: JSON = [
            ["op": "create", "body": lead(3)], ["op": "create", "body": ["email": "x"]],
            ["op": "update", "id": .string(one.id), "body": ["notes": "hi"]],
            ["op": "delete", "id": .string(two.id)],
            ["op": "update", "id": .string(absentLead), "body": ["notes": "x"]],
            ["op": "update", "id": .string(one.id), "body": ["status": "won"]], ["op": "explode"], 5,
        ]
        let results =
            try agency.owner.post("/v1/leads/bulk", ["operations": operations]).ok()["results"]?.array ?? []
        #expect(results.map { $0["status"]?.int } == [201, 422, 200, 204, 404, 409, 422, 422])
        #expect(results[0]["body"]?.text("company") == "Example Company 3")
        #expect(results[1]["problem"]?["errors"]?.array?.count == 2)
        #expect(try agency.owner.total() == 2)
        #expect(try agency.owner.get("/v1/leads/\(one.id)").ok().text("notes") == "hi")
    }

    @Test func `a thousand operations are taken, one more is refused whole`() throws {
        let agency = try server.quietAgency()
        let many = (0..<1001).map { number -> JSON in
            ["op": "create", "body": ["company": .string("C \(number)")]]
        }
        try agency.owner.post("/v1/leads/bulk", ["operations": .array(many)]).problem(
            422, "too_many_operations")
        #expect(try agency.owner.total() == 0)
        let results = try agency.owner.post("/v1/leads/bulk", ["operations": .array(Array(many.dropLast()))])
            .ok()
        #expect(Set((results["results"]?.array ?? []).map { $0["status"] }) == [201])
        #expect(try agency.owner.total() == 1000)
    }

    @Test func `an upsert makes once and changes after that`() throws {
        let agency = try server.quietAgency()
        let first = try agency.owner.post("/v1/leads/upsert", lead(1, ["match_on": "email"])).ok(201)
        let second = try agency.owner.post(
            "/v1/leads/upsert", lead(1, ["match_on": "email", "notes": "again"])
        ).ok(200)
        #expect(first.id == second.id && second.text("notes") == "again")
        let external: JSONObject = ["match_on": "external_ids.crm", "external_ids": ["crm": "A-1"]]
        let third = try agency.owner.post("/v1/leads/upsert", lead(2, external)).ok(201)
        let fourth = try agency.owner.post("/v1/leads/upsert", lead(3, external)).ok(200)
        #expect(third.id == fourth.id && fourth.text("company") == "Example Company 3")
        #expect(try agency.owner.total() == 2)
        let wrong = try agency.owner.post("/v1/leads/upsert", lead(1, ["match_on": "colour"]))
        #expect([400, 422].contains(wrong.status))
    }

    // MARK: People and companies

    @Test func `people of one company share it, and each is a contact`() throws {
        let agency = try server.quietAgency()
        let one = try agency.makeLead(1)
        let two = try agency.makeLead(1, ["email": "joe@example1.com", "contact_name": "Joe Example"])
        #expect(one["company_id"] == two["company_id"] && one["contact_id"] != two["contact_id"])
        #expect(try agency.owner.get("/v1/contacts/\(one.text("contact_id"))").ok()["email"] == one["email"])
        #expect(
            try agency.owner.get("/v1/companies/\(one.text("company_id"))").ok().id == one.text("company_id"))
        let again = try agency.makeLead(1)
        #expect(again["contact_id"] == one["contact_id"])
        let bare = try agency.owner.post("/v1/leads", ["company": "Nobody Known"]).ok(201)
        #expect(bare["contact_id"] == .null)
    }

    @Test func `a custom field is declared by its first use, and keeps its type's description`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeLead(1, ["custom": ["tier": "gold", "seats": 4]])
        let declared = try agency.owner.every("/v1/custom-fields")
        #expect(
            Set(declared.map { $0.text("key").isEmpty ? $0.text("name") : $0.text("key") }).isSuperset(of: [
                "tier", "seats",
            ]))
    }

    @Test func `the timeline tells what happened, in order`() throws {
        let agency = try server.signUp()
        let made = try agency.makeLead(1, ["custom": ["tier": "gold", "seats": 4, "till": "Kasse"]])
        let changes: JSON = ["notes": "called", "custom": ["seats": 5, "till": nil, "a.b": true]]
        try agency.owner.patch("/v1/leads/\(made.id)", changes).ok()
        let entries = try eventually("three entries") {
            let entries = try agency.owner.get("/v1/leads/\(made.id)/timeline").ok().items
            return entries.count >= 3 ? entries : .none
        }
        let changed = entries.first { $0["fields"]?.array?.contains("notes") == true }
        // Of one's own fields those that are not as they were, each by itself.
        #expect(
            Set(changed?["fields"]?.array?.compactMap(\.text) ?? []).isSuperset(of: [
                "custom.seats", "custom.till", "custom.a.b",
            ]) && changed?["fields"]?.array?.contains("custom.tier") == false, "\(entries)")
        let times = entries.map { $0.text("at") }
        #expect(times == times.sorted() || times == times.sorted(by: >))
        #expect(
            entries.allSatisfy {
                !$0.text("summary").isEmpty && $0["actor"] != nil && !$0.text("type").isEmpty
            })
    }

    @Test func `like leads are found, merged, and taken apart again`() throws {
        let agency = try server.quietAgency()
        let keep = try agency.makeLead(1, ["notes": "keep me"])
        let gone = try agency.makeLead(
            1, ["contact_name": "Jane  EXAMPLE", "phone": "+14155552671", "tags": ["extra"]])
        let pair = try eventually("the pair") {
            try agency.owner.get("/v1/leads/duplicates").ok().items.first { pair in
                Set(pair["leads"]?.array?.compactMap(\.text) ?? []).isSuperset(of: [keep.id, gone.id])
            }
        }
        let confidence = pair["confidence"]?.double ?? 0
        #expect(confidence > 0 && confidence <= 1 && pair["reasons"]?.array?.isEmpty == false)
        let merged = try agency.owner.post(
            "/v1/leads/merge", ["keep": .string(keep.id), "merge": [.string(gone.id)]]
        ).ok()
        #expect(
            merged.id == keep.id && merged.text("phone") == "+14155552671"
                && merged.text("notes") == "keep me")
        #expect(try agency.owner.total() == 1)
        try agency.owner.post("/v1/leads/merges/\(merged.text("merge_id"))/undo").ok()
        #expect(try agency.owner.total() == 2)
        #expect(try agency.owner.get("/v1/leads/\(gone.id)").ok()["email"] == gone["email"])
        let again = try agency.owner.post("/v1/leads/merges/\(merged.text("merge_id"))/undo")
        #expect((400..<500).contains(again.status), "\(again)")
    }

    @Test func `a merge takes no strangers, no absent ones and not the kept one`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let (mine, theirs) = (try agency.makeLead(1), try other.makeLead(1))
        let places = [
            theirs.id: "/merge/0", absentLead: "/merge/0", "nobody": "/merge/0", mine.id: "/merge",
        ]
        for (id, place) in places {
            let answer = try agency.owner.post(
                "/v1/leads/merge", ["keep": .string(mine.id), "merge": [.string(id)]])
            #expect(try answer.faults() == [place: "unknown_reference"])
        }
        #expect(try agency.owner.total() == 1 && other.owner.total() == 1)
    }
}
