import Foundation
import JSON
import Testing

/// Duplicates are found for every kind of record, page by page, with reasons; contradictions count against a pair.
@Suite(.ownThread) struct Duplicates {
    let server = BureauProcess.shared

    private func pairs(_ kind: String, _ caller: Caller) throws -> [Set<String>] {
        try caller.every("/v1/\(kind)/duplicates").map { Set($0[kind]?.array?.compactMap(\.text) ?? []) }
    }

    @Test(arguments: ["contacts", "companies", "clients"])
    func `records of a kind that are alike are a pair, with reasons, by the interface and by command`(
        _ kind: String
    ) throws {
        let agency = try server.quietAgency()
        let bodies: [JSON] =
            switch kind {
            case "contacts":
                [
                    ["name": "Jane Example", "email": "jane.example@acme.example"],
                    ["name": "Dr. Jane Example", "email": "j.example@acme.example"],
                    ["name": "Somebody Else", "email": "else@other.example"],
                ]
            case "companies": [["name": "Acme Coffee GmbH"], ["name": "ACME Coffee"], ["name": "Zeta Tools"]]
            default: [["name": "Blue River Ltd"], ["name": "Blue River Limited"], ["name": "Red Hill"]]
            }
        let made = try bodies.map { try agency.owner.post("/v1/\(kind)", $0).ok(201).id }
        let found = try agency.owner.get("/v1/\(kind)/duplicates?total=true").ok()
        let pair = try #require(found.items.first)
        #expect(found["total"] == 1 && found["has_more"] == false)
        #expect(pair[kind] == [.string(made[0]), .string(made[1])])
        #expect(
            (0.5...1).contains(pair["confidence"]?.double ?? 0) && pair["reasons"]?.array?.isEmpty == false)
        let told = try server.command("duplicates", kind, "--tenant", agency.tenant.id, "--json")
        #expect(told.status == 0 && told.output.contains(made[0]) && told.output.contains(made[1]))
        #expect(try pairs(kind, server.quietAgency().owner) == [])
        try agency.owner.delete("/v1/\(kind)/\(made[1])").ok(204)
        #expect(try pairs(kind, agency.owner) == [])
    }

    @Test func `every pair of thirty equal leads is on exactly one page`() throws {
        let agency = try server.quietAgency()
        try agency.makeLeads((0..<30).map { _ in lead(1) })
        let first = try agency.owner.get("/v1/leads/duplicates?limit=50&total=true").ok()
        #expect(first["total"] == 435 && first["has_more"] == true && first.items.count == 50)
        let all = try agency.owner.every("/v1/leads/duplicates?limit=50").map { $0["leads"] }
        #expect(all.count == 435 && Set(all).count == 435)
        for query in ["limit=0", "limit=x", "sort=name", "colour=red", "cursor=x"] {
            let answer = try agency.owner.get("/v1/leads/duplicates?\(query)")
            #expect(answer.status == 400, "\(query): \(answer)")
        }
    }

    @Test
    func `after an import of many a page comes at once, says that more is being compared, and later has all`()
        throws
    {
        let agency = try server.quietAgency()
        let people = (0..<600).map { "Firm \($0);person\($0)@firm\($0).example" }
        let rows = ["company;email"] + people + people.prefix(40)
        _ = try agency.imported(rows.joined(separator: "\n"), query: "?dedupe=create")
        let first = try agency.owner.get("/v1/leads/duplicates").ok()
        let all = try eventually("every lead is compared") {
            let page = try agency.owner.get("/v1/leads/duplicates?limit=200&total=true").ok()
            return page["is_complete"] == true ? page : .none
        }
        #expect(first["is_complete"] != nil && all["total"] == 40, "\(all.serialized)")
    }

    @Test func `records compared by several callers at the same time are each found once`() throws {
        let agency = try server.quietAgency()
        try agency.makeLeads((0..<120).map { lead($0 % 40) })
        _ = try together(4) { _ in try agency.owner.get("/v1/leads/duplicates").ok() }
        let found = try agency.owner.every("/v1/leads/duplicates").map { $0["leads"] }
        #expect(found.count == 120 && Set(found).count == 120)
    }

    @Test func `colleagues are no pair, typing errors are one, and contradictions are reported`() throws {
        let agency = try server.quietAgency()
        func made(_ name: String?, _ email: String?, _ more: JSONObject = [:]) throws -> String {
            var body: JSONObject = [
                "company": "Example Works GmbH", "website": "https://works.example", "location": "Berlin",
                "phone": "+493012345678",
            ]
            if let name { body["contact_name"] = .string(name) }
            if let email { body["email"] = .string(email) }
            for (key, value) in more.members { body[key] = value }
            return try agency.owner.post("/v1/leads", .object(body)).ok(201).id
        }
        let jane = try made("Jane Sample", "jane.sample@works.example")
        _ = try made("Otto Other", "otto.other@works.example")
        _ = try made("Petra Person", "petra.person@works.example")
        #expect(try pairs("leads", agency.owner) == [])
        let slip = try made("Sample, Jan", "jane.sampel@works.example", ["location": "Hamburg"])
        let found = try agency.owner.every("/v1/leads/duplicates")
        #expect(found.map { Set($0["leads"]?.array?.compactMap(\.text) ?? []) } == [[jane, slip]])
        let reasons = found.first?["reasons"]?.array?.compactMap(\.text) ?? []
        #expect(reasons.contains("email a slip apart") && reasons.last == "but another place", "\(reasons)")
        // A record that changes is compared again.
        try agency.owner.patch(
            "/v1/leads/\(slip)", ["contact_name": "Quentin Quite", "email": "quentin@works.example"]
        ).ok()
        #expect(try pairs("leads", agency.owner) == [])
    }

    @Test func `two firms that share a telephone number and nearly a name are one; own fields count too`()
        throws
    {
        let agency = try server.quietAgency()
        for name in ["Moodys Bakery", "Mooyds Bakery"] {
            let firm = try agency.owner.post("/v1/companies", ["name": .string(name)]).ok(201)
            try agency.owner.post(
                "/v1/contacts",
                [
                    "name": .string("Somebody of \(name)"), "phone": "+14155552671",
                    "company_id": .string(firm.id),
                ]
            ).ok(201)
        }
        #expect(try pairs("companies", agency.owner).count == 1)
        for name in ["Philippa Unlikely", "Pilippa Unlikely"] {
            try agency.owner.post(
                "/v1/contacts",
                ["name": .string(name), "custom": ["born": "1980-02-11", "membership": "M-448120"]]
            ).ok(201)
        }
        let found = try agency.owner.every("/v1/contacts/duplicates")
        #expect(
            found.contains { $0["reasons"]?.array?.contains("same custom.membership") == true },
            "\(found.map(\.serialized))")
    }

    @Test func `the command merges leads that are surely the same, and each merge can be undone`() throws {
        let agency = try server.quietAgency()
        let keep = try agency.makeLead(1, ["notes": "first"])
        let gone = try agency.makeLead(1, ["budget": dollars(5000)])
        _ = try agency.makeLead(2, ["contact_name": "Ulf Quist", "email": "quist@elsewhere.example"])
        let done = try server.command(
            "duplicates", "leads", "--tenant", agency.tenant.id, "--merge", "--json")
        let told = try JSONParser.parse(done.output.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(done.status == 0 && told["merged"] == 1 && told["total"] == 0, "\(done.output)")
        let kept = try agency.owner.get("/v1/leads/\(keep.id)").ok()
        #expect(kept["budget"] == dollars(5000) && kept.text("notes") == "first")
        #expect(try agency.owner.total() == 2 && pairs("leads", agency.owner) == [])
        let merge = try #require(told["merges"]?.array?.first?.text), path = "/v1/leads/\(gone.id)"
        let audited = try agency.owner.every("/v1/audit?subject_id=\(keep.id)")
        #expect(audited.contains { $0["changes"]?["merge_id"]?.text == merge }, "\(audited)")
        #expect(try agency.owner.get(path).ok()["status"] == "archived")
        try agency.owner.post("/v1/leads/merges/\(merge)/undo").ok()
        #expect(try agency.owner.get(path).ok()["status"] == "new" && agency.owner.total() == 3)
        #expect(try agency.owner.get("/v1/leads/\(keep.id)").ok()["budget"] == .null)
        let refused = try server.command("duplicates", "contacts", "--tenant", agency.tenant.id, "--merge")
        #expect(refused.status != 0 && refused.output.contains("leads only"), "\(refused.output)")
    }

    // MARK: Contacts and companies become one

    private func merge(_ kind: String, _ gone: String, into kept: String, _ owner: Caller) throws -> JSON {
        try owner.post("/v1/\(kind)/\(kept)/merge", ["merge": [.string(gone)]]).ok()
    }

    @Test func `contacts that are one are merged with all that names them, and taken apart again`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let keep = try owner.post(
            "/v1/contacts",
            ["name": "Jane Example", "email": "jane.example@acme.example", "tags": ["a"]]
        ).ok(201)
        let gone = try owner.post(
            "/v1/contacts",
            [
                "name": "Dr. Jane Example", "email": "j.example@acme.example", "phone": "+14155552671",
                "title": "Director", "tags": ["b"], "custom": ["born": "1980"], "external_ids": ["crm": "7"],
                "do_not_contact": true,
            ]
        ).ok(201)
        let ticket = try owner.post(
            "/v1/tickets", ["subject": "S", "body": "B", "contact_id": .string(gone.id)]
        ).ok(201)
        let lead = try owner.post(
            "/v1/leads", ["company": "Two", "email": "j.example@acme.example"]
        ).ok(201)
        #expect(lead.text("contact_id") == gone.id)
        let segment = try owner.post(
            "/v1/segments",
            ["name": "Some", "static": true, "of": "contacts", "members": [.string(gone.id)]]
        ).ok(201).id
        func members() throws -> [String] { try owner.every("/v1/segments/\(segment)/members").map(\.id) }
        func count(_ contact: JSON) throws -> Int64? {
            try owner.get("/v1/contacts/\(contact.id)/engagement").ok()["activities"]?.int
        }
        try owner.post("/v1/contacts/\(gone.id)/activities", ["type": "message_reply"]).ok(201)
        // One agrees after the other has objected: of two words the stricter one holds.
        let matter: JSON = ["purpose": "profiling", "source": "form", "lawful_basis": "consent"]
        for (contact, status) in [(gone, "withdrawn"), (keep, "granted")] {
            let body = matter.merging(["contact_id": .string(contact.id), "status": .string(status)])
            try owner.post("/v1/consents", body).ok(201)
        }
        func words() throws -> [String] {
            try owner.every("/v1/consents?contact_id=\(keep.id)").map { $0.text("status") }
        }
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": "j.example@acme.example", "reason": "unsubscribe"]
        ).ok(201)
        func suppressed() throws -> [JSON] {
            try owner.every("/v1/suppressions?address=jane.example@acme.example")
        }

        let merged = try merge("contacts", gone.id, into: keep.id, owner)
        #expect(merged.id == keep.id && merged["name"] == keep["name"] && merged["email"] == keep["email"])
        #expect(merged["phone"] == gone["phone"] && merged["title"] == "Director")
        #expect(merged["tags"] == ["a", "b"] && merged["external_ids"] == ["crm": "7"])
        #expect(merged["do_not_contact"] == true && merged["moved"]?["tickets"] == 1)
        try owner.get("/v1/contacts/\(gone.id)").problem(404)
        for path in ["tickets/\(ticket.id)", "leads/\(lead.id)"] {
            let now = try owner.get("/v1/\(path)").ok()
            #expect(now.text("contact_id") == keep.id && now["version"] != 1)
        }
        #expect(try members() == [keep.id] && count(keep) == 1 && pairs("contacts", owner) == [])
        #expect(try owner.get("/v1/segments/\(segment)").ok()["count"] == 1)
        #expect(try words().filter { $0 == "withdrawn" }.count == 2 && words().count == 3)
        #expect(try suppressed().map { $0.text("reason") } == ["unsubscribe"])
        let audited = try owner.every("/v1/audit?subject_id=\(keep.id)")
        #expect(audited.contains { $0["action"] == "contact.merged" && $0["changes"]?["merge_id"] != nil })
        // One that was merged is nobody to merge.
        #expect(
            try owner.post("/v1/contacts/\(keep.id)/merge", ["merge": [.string(gone.id)]]).faults()
                == ["/merge/0": "unknown_reference"])

        let undo = "/v1/contacts/merges/\(merged.text("merge_id"))/undo"
        try owner.post(undo.replacing("contacts", with: "companies")).problem(404)
        let back = try owner.post(undo).ok()
        #expect(back["title"] == .null && back["tags"] == ["a"] && back["external_ids"] == [:])
        #expect(back["do_not_contact"] == false && back["custom"] == [:])
        let again = try owner.get("/v1/contacts/\(gone.id)").ok()
        for name in ["name", "email", "phone", "title", "tags", "custom", "external_ids", "created_at"] {
            #expect(again[name] == gone[name], "\(name)")
        }
        for path in ["tickets/\(ticket.id)", "leads/\(lead.id)"] {
            #expect(try owner.get("/v1/\(path)").ok().text("contact_id") == gone.id)
        }
        #expect(try members() == [gone.id] && count(keep) == 0 && count(gone) == 1)
        #expect(try words() == ["granted"] && suppressed().isEmpty && pairs("contacts", owner).count == 1)
        try owner.post(undo).problem(409)
    }

    @Test func `a merged contact goes with their person, whom the old address finds`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let three = try (0..<3).map { number in
            try owner.post(
                "/v1/contacts",
                ["name": "Jane Secret", "email": .string("secret\(number)@one.example")]
            ).ok(201).id
        }
        let first = try merge("contacts", three[0], into: three[1], owner).text("merge_id")
        _ = try merge("contacts", three[1], into: three[2], owner)
        // The one who was kept is no more, so that the later merge goes first.
        try owner.post("/v1/contacts/merges/\(first)/undo").problem(409)
        let person: JSON = ["email": "secret0@one.example"]
        let export = try owner.post("/v1/privacy/export", person).ok()
        #expect(export["subjects"]?.array?.map(\.id) == [three[2]])
        #expect(export["data"]?["merges"]?.array?.count == 2)
        let report = try owner.post("/v1/privacy/erase", person).ok()
        #expect(report["erased"]?["merges"] == 2)
        try owner.post("/v1/contacts/merges/\(first)/undo").problem(404)
        try owner.post("/v1/privacy/export", person).problem(404)
    }

    @Test func `companies that are one are merged with their people, and taken apart again`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let keep = try owner.post("/v1/companies", ["name": "Acme Coffee GmbH", "industry": "Coffee"]).ok(201)
        let gone = try owner.post(
            "/v1/companies", ["name": "ACME Coffee", "website": "https://acme.example", "industry": "Tea"]
        ).ok(201)
        let person = try owner.post(
            "/v1/contacts", ["name": "Jane Example", "company_id": .string(gone.id)]
        ).ok(201)
        func company() throws -> String {
            try owner.get("/v1/contacts/\(person.id)").ok().text("company_id")
        }
        let merged = try merge("companies", gone.id, into: keep.id, owner)
        #expect(merged["industry"] == "Coffee" && merged["website"] == gone["website"])
        #expect(try merged["domain"] == gone["domain"] && company() == keep.id)
        try owner.delete("/v1/companies/\(keep.id)").problem(409)
        let back = try owner.post("/v1/companies/merges/\(merged.text("merge_id"))/undo").ok()
        #expect(try back["website"] == .null && company() == gone.id)
        #expect(try owner.get("/v1/companies/\(gone.id)").ok()["industry"] == "Tea")
    }

    @Test(arguments: ["contacts", "companies"])
    func `a merge takes no stranger, not the kept one, and nobody of another client's`(
        _ kind: String
    ) throws {
        let (agency, stranger) = (try server.quietAgency(), try server.quietAgency())
        func made(_ agency: Agency, _ more: JSON = [:]) throws -> String {
            try agency.owner.post("/v1/\(kind)", more.merging(["name": "Same"])).ok(201).id
        }
        let clients = try (0..<2).map {
            try agency.owner.post("/v1/clients", ["name": .string("Client \($0)")]).ok(201).id
        }
        let mine = try made(agency, ["client_id": .string(clients[0])])
        func answer(_ others: String...) throws -> Answer {
            try agency.owner.post("/v1/\(kind)/\(mine)/merge", ["merge": .array(others.map(JSON.string))])
        }
        #expect(try answer(mine).faults() == ["/merge": "unknown_reference"])
        #expect(try answer(made(stranger)).faults() == ["/merge/0": "unknown_reference"])
        let theirs = try made(agency, ["client_id": .string(clients[1])])
        try answer(theirs).problem(409)
        #expect(try agency.owner.get("/v1/\(kind)/\(theirs)").ok()["client_id"] == .string(clients[1]))
        try agency.colleague("viewer").post("/v1/\(kind)/\(mine)/merge", ["merge": [.string(theirs)]])
            .problem(403)
    }

    // MARK: Where records come in

    @Test func `a second lead with a known address names the first one`() throws {
        let agency = try server.quietAgency()
        let first = try agency.owner.post("/v1/leads", lead(1)).ok(201)
        let second = try agency.owner.post("/v1/leads", lead(1, ["company": "Another"])).ok(201)
        #expect(first["duplicate_of"] == nil && second["duplicate_of"] == .string(first.id))
        let bulk = try agency.owner.post(
            "/v1/leads/bulk", ["operations": [["op": "create", "body": lead(1)]]]
        ).ok()
        #expect(bulk["results"]?.array?.first?["body"]?["duplicate_of"] == .string(first.id))
        let contact: JSON = ["name": "Jane", "email": "known@example.org"]
        let known = try agency.owner.post("/v1/contacts", contact).ok(201)
        #expect(try agency.owner.post("/v1/contacts", contact).ok(201)["duplicate_of"] == .string(known.id))
        let stranger = try server.quietAgency()
        #expect(try stranger.owner.post("/v1/leads", lead(1)).ok(201)["duplicate_of"] == nil)
    }

    @Test
    func `a probably mistyped address comes with a suggestion, and is stored as it was written`()
        throws
    {
        let agency = try server.quietAgency()
        let made = try agency.owner.post("/v1/leads", lead(1, ["email": "jane@gmial.com"])).ok(201)
        #expect(made["email_suggestion"] == "jane@gmail.com" && made["email"] == "jane@gmial.com")
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@hotmial.com"]
        ).ok(201)
        #expect(contact["email_suggestion"] == "jane@hotmail.com")
        let reasons = try agency.owner.get("/v1/contacts/\(contact.id)/sendability?channel=email").ok()
        #expect(reasons.serialized.contains("is jane@hotmail.com meant?"), "\(reasons.serialized)")
        let rows = [csvRow(1, ["E-Mail": "p1@yaho.com", "Website": ""]), csvRow(2)]
        let state = try agency.imported(csv(csvHeader, rows))
        #expect(counts(state) == [2, 0, 0, 0] && state["warnings"] == 1)
        let warned = parsedCSV(try agency.owner.get("/v1/imports/\(state.id)/warnings").text)
        #expect(warned.map { $0["code"] } == ["possible_slip"] && warned[0]["row"] == "1")
        #expect(warned[0]["detail"]?.contains("p1@yahoo.com") == true)
        #expect(parsedCSV(try agency.owner.get("/v1/imports/\(state.id)/errors").text).isEmpty)
    }

    @Test func `an import skips no branch of a chain, and warns of the similar leads that it keeps`() throws {
        let agency = try server.quietAgency()
        let header = ["Company", "Website", "City", "Phone", "Contact Name"]
        let rows = [
            ["Chain Coffee", "chain.example", "Austin", "+1 512 555 0118", ""],
            ["Chain Coffee", "chain.example", "Dallas", "", ""],
            ["Chain Coffee Inc.", "https://chain.example/", "AUSTIN", "", ""],
            ["Chain Coffee", "chain.example", "", "", ""],
            ["Chain Coffee", "chain.example", "Dallas", "+1 214 555 0135", "Jane Example"],
            ["Chain Coffee", "chain.example", "Houston", "+1 713 555 0101", "Jane Example"],
        ]
        for policy in ["skip", "update"] {
            let agency = policy == "skip" ? agency : try server.quietAgency()
            let state = try agency.imported(csv(header, rows), query: "?dedupe=\(policy)")
            #expect(
                state["created"] == 4 && state["failed"] == 0 && state["warnings"] == 2, "\(state.serialized)"
            )
            let warned = parsedCSV(try agency.owner.get("/v1/imports/\(state.id)/warnings").text)
            #expect(
                warned.map { $0["row"] } == ["2", "6"]
                    && warned.allSatisfy { $0["code"] == "possible_duplicate" })
            let again = try agency.imported(csv(header, rows), query: "?dedupe=\(policy)")
            #expect(again["created"] == 0, "\(again.serialized)")
        }
    }
}
