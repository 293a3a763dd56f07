import Foundation
import JSON
import StandIns
import Testing

/// Records that come in from files and go out into them, as leads do.
@Suite(.ownThread) struct Transfers {
    let server = BureauProcess.shared

    // MARK: There and back

    /// People with companies, consents, clients and deals, some of whose texts a spreadsheet would run.
    private func seeded() throws -> Agency {
        let agency = try server.quietAgency()
        let owner = agency.owner
        let company = try owner.post("/v1/companies", ["name": "=Müller; \"Söhne\""]).ok(201)
        let ann = try agency.makeContact(
            1,
            [
                "name": "=1+1", "company_id": .string(company.id), "tags": ["a; b", "c"], "notes": "-5\nnext",
                "phone": "+14155552671", "custom": ["tier": "gold", "size": 3, "code": "007"],
                "external_ids": ["crm": "A-1", "hubspot": "512"], "time_zone": "America/Chicago",
                "locale": "de", "contact_after": "2027-01-02T03:04:05Z",
            ])
        let bob = try agency.makeContact(2, ["name": "Bob", "do_not_contact": true, "country": "DE"])
        _ = try owner.post("/v1/contacts", ["name": "Nobody", "company_id": .string(company.id)]).ok(201)
        let said: [(JSON, JSONObject)] = [
            (ann, ["given_at": "2026-01-02T03:04:05.678Z", "source": "@form", "evidence": "I agree, yes"]),
            (ann, ["source": "desk", "status": "withdrawn", "given_at": "2026-02-02T00:00:00Z"]),
            (bob, ["source": "fair", "lawful_basis": "legitimate_interest", "purpose": "transactional"]),
        ]
        for (contact, more) in said {
            var body = more
            body["contact_id"] = .string(contact.id)
            try owner.post("/v1/consents", .object(body)).ok(201)
        }
        for body: JSON in [
            ["address": "@Blocked.example"], ["address": "a@example.com", "reason": "unsubscribe"],
            ["address": "a@example.com", "reason": "complaint", "note": "=note"],
            ["channel": "sms", "address": "+14155552671", "scope": "marketing"],
        ] {
            try owner.post("/v1/suppressions", body).ok(201)
        }
        try owner.post(
            "/v1/clients",
            ["name": "+Acme", "contact_email": "p1@example.com", "tier": "growth", "notes": "x"]
        ).ok(201)
        try owner.post("/v1/clients", ["name": "Beta", "status": "former"]).ok(201)
        let lead = try agency.makeLead(1), bare = try agency.makeLead(2, ["email": nil])
        let package = try #require(try owner.every("/v1/packages").first)
        try owner.post(
            "/v1/deals",
            [
                "lead_id": .string(lead.id), "contact_id": .string(ann.id), "name": "-Big",
                "value": dollars(1200), "stage": "negotiation", "expected_close": "2027-03-31",
                "package_id": .string(package.id), "probability": 0.35, "notes": "n",
                "needs": [["text": "More; \"calls\"", "kind": "implicit", "confidence": 0.5]],
                "preferences": ["channel": "email", "note": "mornings"],
            ]
        ).ok(201)
        try owner.post("/v1/deals", ["lead_id": .string(bare.id), "name": "Small"]).ok(201)
        return agency
    }

    @Test(arguments: ["csv", "jsonl"])
    func `what one agency takes out another brings in as it was, and again without a change`(
        _ format: String
    ) throws {
        let (one, two) = (try seeded(), try server.quietAgency())
        let type = format == "csv" ? "text/csv" : "application/x-ndjson"
        #expect(counts(try two.imported(try one.taken("leads", format).body, type: type)) == [2, 0, 0, 0])
        for resource in ["contacts", "consents", "suppressions", "clients", "deals"] {
            let file = try one.taken(resource, format).body
            let count = try #require(try one.owner.total(of: resource))
            #expect(count > 1)
            // Leads have made their contacts already, which now get what they lack.
            let update = resource == "contacts" ? "?dedupe=update" : ""
            let state = try two.bringIn(resource, file, type: type, query: update)
            let faults = try two.faults(of: state)
            #expect(state["failed"] == 0, "\(resource): \(faults)")
            // Only moments of the system's own differ.
            let left: Set<String> = ["stage_entered_at", "closed_at", "ended_at", "message_id"]
            #expect(
                try two.contents(resource, without: left) == one.contents(resource, without: left),
                "\(resource)")
            for policy in ["skip", "update"] {
                let again = try two.bringIn(resource, file, type: type, query: "?dedupe=\(policy)")
                #expect(counts(again) == [0, 0, count, 0], "\(resource) \(policy): \(again.serialized)")
            }
            let home = try one.bringIn(resource, file, type: type)
            #expect(counts(home) == [0, 0, count, 0], "\(resource) at home: \(home.serialized)")
        }
    }

    @Test func `an export follows the list's filters, and is safe for spreadsheets`() throws {
        let agency = try seeded()
        let rows = parsedCSV(try agency.taken("contacts", "csv").text)
        #expect(rows.count == 4 && rows[0]["version"] != nil && rows[0]["tenant_id"] == nil)
        for cell in rows.flatMap(\.values) { #expect(!"=+-@\t\r".contains(cell.first ?? "x"), "\(cell)") }
        #expect(parsedCSV(try agency.taken("contacts", "csv", "&country=DE").text).count == 1)
        #expect(parsedCSV(try agency.taken("suppressions", "csv", "&channel=sms").text).count == 1)
        let refused = try agency.owner.get("/v1/deals/export?format=xml")
        try refused.problem(400, "invalid_parameter")
        try agency.owner.get("/v1/deals/export?colour=red").problem(400)
    }

    // MARK: Files from elsewhere

    @Test func `a mail service's list of people comes in under its own names`() throws {
        let agency = try server.quietAgency()
        let file = csv(
            ["First Name", "Last Name", "E-Mail Address", "Telephone", "Organization", "Tags", "Shoe size"],
            [
                ["JANE", "DOE", " Jane (at) Acme.example ", "(415) 555-2671", "Acme, Inc.", "vip;big", "42"],
                ["", "", "kurt@acme.example", "call me", "Acme, Inc.", "unsubscribed", ""],
                ["Max", "Muster", "n/a", "", "Solo", "", ""],
                ["No", "Mail", "nobody at all", "", "", "", ""],
            ], separator: ";")
        let state = try agency.bringIn("contacts", file, query: "?country=US")
        #expect(counts(state) == [3, 0, 0, 1], "\(state.serialized)")
        #expect(state["mapping"]?["E-Mail Address"] == "email" && state["mapping"]?["Shoe size"] == .null)
        #expect(try agency.faults(of: state) == ["4 email invalid_email"])
        let warnings = parsedCSV(try agency.owner.get("/v1/imports/\(state.id)/warnings").text)
        #expect(warnings.map { $0["row"] } == ["2"] && warnings.map { $0["code"] } == ["invalid_phone"])
        let people = try agency.owner.every("/v1/contacts")
        let jane = try #require(people.first { $0.text("email") == "jane@acme.example" })
        #expect(jane.text("name") == "Jane Doe" && jane.text("phone") == "+14155552671")
        #expect(jane["tags"] == ["vip", "big"] && jane["do_not_contact"] == false)
        let kurt = try #require(people.first { $0.text("email") == "kurt@acme.example" })
        #expect(kurt.text("name") == "kurt@acme.example" && kurt.text("notes") == "Telephone: call me")
        #expect(kurt["do_not_contact"] == true && kurt["company_id"] == jane["company_id"])
        #expect(try agency.owner.total(of: "companies") == 2)
        let again = try agency.bringIn("contacts", file, query: "?country=US")
        #expect(counts(again) == [0, 0, 3, 1] && again["processed"] == 4)
        #expect(try agency.owner.total(of: "companies") == 2)
    }

    @Test func `deals of another program find their leads, people and stages`() throws {
        let agency = try server.quietAgency()
        let ann = try agency.makeContact(1)
        let lead = try agency.makeLead(1, ["email": "p1@example.com", "company": "Acme"])
        let other = try agency.makeLead(2, ["email": nil, "company": "Zeta"])
        let file = csv(
            [
                "Deal Name", "Amount", "Deal Stage", "Close Date", "Account Name", "Contact Email",
                "Deal Owner",
                "Probability",
            ],
            [
                [
                    "Big", "$12,500.50", "Closed Won", "12/31/2026", "", "p1@example.com", "Olive Owner",
                    "40%",
                ],
                ["Small", "1.200 USD", "Discovery", "1. Feb 2027", "Zeta", "", "Somebody Else", "25"],
                ["Far", "100", "Pondering", "soon", "Zeta", "", "", ""],
                ["Lost", "1", "new", "", "Nowhere", "", "", ""],
                ["Yen", "100 JPY", "new", "", "Zeta", "", "", ""],
            ])
        let state = try agency.bringIn("deals", file)
        #expect(counts(state) == [2, 0, 0, 3], "\(state.serialized)")
        #expect(
            try agency.faults(of: state) == [
                "3 stage invalid_choice", "3 expected_close invalid_date", "4 company unknown_reference",
                "5 value.currency invalid_currency",
            ])
        let deals = try agency.owner.every("/v1/deals")
        let big = try #require(deals.first { $0.text("name") == "Big" })
        #expect(big.text("lead_id") == lead.id && big.text("contact_id") == ann.id)
        #expect(big["value"] == ["amount": 1_250_050, "currency": "USD"] && big.text("stage") == "won")
        #expect(big.text("expected_close") == "2026-12-31" && big.text("owner_id") == agency.user.id)
        let small = try #require(deals.first { $0.text("name") == "Small" })
        #expect(small.text("lead_id") == other.id && small["value"]?["amount"] == 120_000)
        #expect(small.text("expected_close") == "2027-02-01" && small["probability"]?.double == 0.25)
        #expect(small.text("notes").contains("Somebody Else") && small["owner_id"] == .null)
        // The consequences of a deal follow here, too.
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "won")
    }

    @Test func `consents keep their dates and what they stand on`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeContact(1)
        _ = try agency.makeContact(2)
        let file = csv(
            ["Email", "Opt-in Time", "Signup Source", "Legal basis", "Status"],
            [
                [
                    "p1@example.com", "2024-03-01 10:20:30", "newsletter form", "Freely given consent",
                    "Subscribed",
                ],
                ["P2@example.com", "03.04.2025", "fair", "Legitimate interest", "opted out"],
                ["p3@example.com", "", "fair", "", ""], ["p1@example.com", "", "", "", ""],
            ])
        let state = try agency.bringIn("consents", file)
        #expect(counts(state) == [2, 0, 0, 2], "\(state.serialized)")
        #expect(
            try agency.faults(of: state) == [
                "3 contact_email unknown_reference", "4 source required",
            ])
        let consents = try agency.owner.every("/v1/consents")
        let told = consents.map { "\($0.text("status")) \($0.text("lawful_basis")) \($0.text("given_at"))" }
        #expect(
            Set(told) == [
                "granted consent 2024-03-01T10:20:30.000Z",
                "withdrawn legitimate_interest 2025-04-03T00:00:00.000Z",
            ])
    }

    @Test func `a list in another language is read like one in English`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeContact(1)
        _ = try agency.makeContact(2)
        let consents = csv(
            ["Indirizzo e-mail", "Data del consenso", "Provenienza", "Base giuridica", "Stato", "Finalità"],
            [
                ["p1@example.com", "03.04.2025", "modulo", "Consenso", "Prestato", "Pubblicità"],
                ["p2@example.com", "03.04.2025", "fiera", "Legittimo interesse", "Revocato", "Promozioni"],
            ], separator: ";")
        let state = try agency.bringIn("consents", consents)
        #expect(counts(state) == [2, 0, 0, 0], "\(state.serialized)")
        let told = try agency.owner.every("/v1/consents").map {
            "\($0.text("status")) \($0.text("lawful_basis")) \($0.text("purpose"))"
        }
        #expect(Set(told) == ["granted consent marketing", "withdrawn legitimate_interest marketing"])
        let suppressions = csv(
            ["Adresse e-mail", "Motif de désinscription", "Désinscrit"],
            [["a@example.com", "Plainte pour spam", "oui"], ["b@example.com", "", "non"]])
        #expect(counts(try agency.bringIn("suppressions", suppressions)) == [1, 0, 1, 0])
        let kept = try agency.owner.every("/v1/suppressions")
        #expect(kept.map { $0.text("reason") } == ["complaint"])
    }

    @Test func `own headers come by a mapping, whose unknown target is refused at once`() throws {
        let agency = try server.quietAgency()
        let mapping = escaped("{\"Firma\":\"name\",\"Stufe\":\"tier\",\"Rest\":null}")
        let state = try agency.bringIn(
            "clients", csv(["Firma", "Stufe", "Rest"], [["Acme", "Growth", "x"]]),
            query: "?mapping=\(mapping)")
        #expect(counts(state) == [1, 0, 0, 0])
        #expect(try agency.owner.every("/v1/clients")[0].text("tier") == "growth")
        for wrong in ["{\"Firma\":\"colour\"}", "{\"Firma\":\"id\"}", "{\"Firma\":5}", "[]", "{"] {
            let answer = try agency.owner.post(
                "/v1/clients/import?mapping=\(escaped(wrong))", raw: Array("Firma\nX\n".utf8),
                type: "text/csv")
            #expect([400, 422].contains(answer.status), "\(wrong): \(answer)")
        }
        let unknown = try agency.owner.post(
            "/v1/clients/import", raw: Array("Colour,Shape\r\nred,round\r\n".utf8), type: "text/csv")
        #expect(try agency.finished(unknown).text("status") == "failed")
        #expect(try agency.owner.total(of: "clients") == 1)
    }

    @Test func `the policy says what becomes of what is known`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeContact(1, ["title": "CEO", "tags": ["old"]])
        let file = csv(["Email", "Name", "Title", "Tags"], [["p1@example.com", "Renamed", "", "new"]])
        #expect(counts(try agency.bringIn("contacts", file)) == [0, 0, 1, 0])
        #expect(counts(try agency.bringIn("contacts", file, query: "?dedupe=update")) == [0, 1, 0, 0])
        let one = try #require(try agency.owner.every("/v1/contacts").first)
        #expect(one.text("name") == "Renamed" && one.text("title") == "CEO" && one["tags"] == ["old", "new"])
        #expect(one["version"] == 2)
        #expect(counts(try agency.bringIn("contacts", file, query: "?dedupe=create")) == [1, 0, 0, 0])
        #expect(try agency.owner.total(of: "contacts") == 2)
    }

    // MARK: Whose they are

    @Test func `permissions and other agencies' walls hold`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let state = try agency.bringIn("suppressions", "Email\nx@example.com\nbroken\n")
        for path in ["/v1/imports/\(state.id)", state.text("errors_url")] {
            try other.owner.get(path).problem(404, "not_found")
        }
        #expect(try other.owner.total(of: "suppressions") == 0)
        #expect(parsedCSV(try other.taken("suppressions", "csv").text).isEmpty)
        let viewer = try agency.colleague("viewer"), member = try agency.colleague("member")
        for resource in ["contacts", "consents", "suppressions", "clients", "deals"] {
            let file = Array("Email\ny@example.com\n".utf8)
            try viewer.post("/v1/\(resource)/import", raw: file, type: "text/csv").problem(403, "forbidden")
            try viewer.get("/v1/\(resource)/export").problem(403, "forbidden")
        }
        #expect(try member.get("/v1/contacts/export").status == 200)
        try member.get("/v1/deals/export").problem(403, "forbidden")
        // A reader of leads alone sees nothing of what becomes of suppressions.
        try agency.owner.post("/v1/roles", ["name": "scout", "permissions": ["leads:read"]]).ok(201)
        let scout = try agency.colleague("scout")
        try scout.get("/v1/imports/\(state.id)").problem(403, "forbidden")
        try scout.get(state.text("errors_url")).problem(403, "forbidden")
        #expect(try scout.every("/v1/imports").isEmpty && viewer.every("/v1/imports").count == 1)
        try viewer.post("/v1/imports/\(state.id)/cancel").problem(403, "forbidden")
        #expect(try agency.owner.every("/v1/imports?resource=suppressions").map(\.id) == [state.id])
    }
}
