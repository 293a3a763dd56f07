import JSON
import Jobs
import Records
import RuntimeTesting
import Testing
import Transfer

@testable import Discovery

@Suite struct RowNormaliserTests {
    private let header = "Company,Website,E-Mail,Contact Name,Phone,Country,Employees\n"

    private func one(_ header: String, _ row: String) throws -> ImportedLead {
        try #require(try leads("Company,\(header)\nAcme,\(row)\n").first)
    }

    @Test func `a plain row becomes a create's body`() throws {
        let lead = try leads(
            header + "Import 3,www.import3.com,p3@import3.com,Person 3,(415) 555-2671,United States,13\n")[0]
        #expect(lead.faults.isEmpty && lead.notices.isEmpty)
        #expect(
            lead.values == [
                "company": "Import 3", "website": "https://www.import3.com", "employee_count": 13,
                "country": "US", "contact_name": "Person 3",
                "email": "p3@import3.com", "phone": "+14155552671",
            ])
    }

    @Test func `bad rows say which, where and why`() throws {
        let found = try leads(
            header + "A,,not an address,,,,\n,,,,,,5\nC,,,,,,many\nonly,two\nE,,,,,Atlantis,-5\n")
        let faults = found.flatMap(\.faults).map { "\($0.row) \($0.field ?? "-") \($0.code.rawValue)" }
        #expect(
            faults == [
                "1 email invalid_email", "2 company required", "3 employee_count wrong_type",
                "4 - column_count", "5 country invalid_country", "5 employee_count out_of_range",
            ])
    }

    @Test func `hostile cells stay plain data`() throws {
        for company in [
            "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Robert'); DROP TABLE leads;--",
            "The \"Big\"\nCompany", "Müller; Söhne\tAG",
        ] {
            var writer = CSVWriter()
            writer.text("Company")
            writer.endRow()
            writer.text(company)
            #expect(
                try leads(String(decoding: writer.bytes, as: UTF8.self))[0].values["company"]?.text == company
            )
        }
        let unguarded = try leads("Company,x\n=cmd|' /C calc'!A0,1\n\"The \"\"Big\"\"\r\nCompany\",1\n")
        #expect(
            unguarded.map { $0.values["company"]?.text } == ["=cmd|' /C calc'!A0", "The \"Big\"\nCompany"])
        #expect(
            try leads("Company\n\(String(repeating: "x", count: 1_000_000))\n")[0].faults.map(\.code) == [
                .tooLong
            ])
    }

    @Test(arguments: [
        ("Employees", "\"1,200\"", 1200), ("Employees", "40+", 40), ("Employees", "51-200", 101),
        ("Employees", "ca. 50", 50), ("Employees", "2.5k", 2500), ("Employees", "Nov-50", 23),
        ("Employees", "10-Jan", 3), ("Employees", "15 Mitarbeiter", 15), ("Employees", "12.0", 12),
        ("Employees", "10.000+", 10_000), ("Employees", "1 – 10 employees", 3),
        ("Timeline", "90", 90), ("Timeline", "3 months", 90), ("Timeline", "within 6 weeks", 42),
        ("Timeline", "ASAP", 0), ("Timeline", "3-6 Monate", 180), ("Timeline", "next quarter", 91),
    ])
    func `numbers are read as people write them`(_ column: String, _ text: String, _ number: Int64) throws {
        let lead = try one(column, text)
        #expect(
            lead.faults.isEmpty
                && (lead.values["employee_count"] ?? lead.values["timeline_days"])?.int == number, "\(lead)")
    }

    @Test(arguments: [
        ("Employees", "many"), ("Employees", "12.5"), ("Employees", "99999999999"), ("Employees", "200-51"),
        ("Timeline", "soonish"), ("Timeline", "99999 years"), ("Budget", "lots"),
        ("Budget", "-5 EUR"), ("Authority", "perhaps"), ("Status", "shiny"), ("Country", "Elbonia"),
        ("E-Mail", "nobody@nowhere"), ("E-Mail", "a@@b.com"),
    ])
    func `what a create would refuse is refused`(_ column: String, _ text: String) throws {
        #expect(try one(column, text).faults.count == 1)
    }

    @Test(arguments: [
        "n/a", "N/A", "-", "—", "null", "None", "unknown", "keine Angabe", "#N/A", " ", "tbd", "?",
    ])
    func `a cell that says nothing is empty`(_ text: String) throws {
        let lead = try one(
            "E-Mail,Phone,Country,Employees,Budget,Industry,Status",
            Array(repeating: text, count: 7).joined(separator: ","))
        #expect(lead.faults.isEmpty && lead.notices.isEmpty && lead.values == ["company": "Acme"], "\(lead)")
    }

    @Test func `Namibia is a country, and Null is a name`() throws {
        #expect(
            try one("Country,Last Name", "NA,Null").values == [
                "company": "Acme", "country": "NA", "contact_name": "Null",
            ])
    }

    @Test func `what cannot be read but is no fault goes into the notes`() throws {
        let lead = try one("Phone,Website,Notes", "call me,see card,hot")
        #expect(lead.faults.isEmpty && lead.notices.map(\.code) == [.invalidWebsite, .invalidPhone])
        #expect(lead.values["notes"]?.text == "hot\nWebsite: see card\nPhone: call me")
    }

    @Test func `telephone numbers are dialled from the row's country, then the import's, then the site's`()
        throws
    {
        func phone(_ cells: String, _ country: String?) throws -> String? {
            try leads(
                "Company,Phone,Country,Website\nA,\(cells)\n",
                defaults: .init(country: country.flatMap { Country($0) }))[0].values["phone"]?.text
        }
        #expect(
            try phone("030 901820,DE,", "US") == "+4930901820"
                && phone("(415) 555-2671,,", "US") == "+14155552671")
        #expect(
            try phone("030 901820,,firma.de", nil) == "+4930901820"
                && phone("030 901820,,firma.com", nil) == nil)
    }

    @Test func `second numbers, addresses and extensions are kept`() throws {
        let lead = try one(
            "Phone,Mobile,E-Mail,Email 2",
            "+49 30 901820 ext. 12,+49 30 901821,a@b.example; c@d.example,e@f.example")
        #expect(lead.values["phone"]?.text == "+4930901820" && lead.values["email"]?.text == "a@b.example")
        #expect(
            lead.values["notes"]?.text
                == "E-Mail: c@d.example\nEmail 2: e@f.example\nPhone extension: 12\nMobile: +4930901821")
    }

    @Test(arguments: [
        ("Notes", "DO NOT CALL"), ("Notes", "unsubscribed 2023-05-01"), ("Status", "Unsubscribed"),
        ("Consent", "no"), ("Opt out", "yes"), ("Tags", "vip;opt-out"),
        ("Notes", "Bitte nicht mehr kontaktieren!"),
        ("E-Mail", "do not email"), ("Phone", "Do Not Call: 030"),
    ])
    func `who does not want to be contacted is marked`(_ column: String, _ text: String) throws {
        let lead = try one(column, text)
        #expect(
            lead.faults.isEmpty && lead.values["tags"]?.array?.contains("do_not_contact") == true, "\(lead)")
    }

    @Test func `who agreed is not`() throws {
        for (column, text) in [
            ("Consent", "opt-in 2024"), ("Consent", "yes"), ("Opt out", "no"),
            ("Notes", "asked how to unsubscribe users"),
        ] {
            #expect(try one(column, text).values["tags"] == nil, "\(text)")
        }
    }

    @Test func `names, places, money and lists are put together`() throws {
        let lead = try one(
            "First Name,Last Name,City,State,Revenue (kEUR),Budget,Tags,Pain Points,Status,Authority",
            "björn,van der Berg,AUSTIN,TX,1.500,\"$3,000\",\"vip,event; VIP\",\"slow, dear; old\",Closed Won,ja"
        )
        #expect(
            lead.values == [
                "company": "Acme", "annual_revenue": ["amount": 150_000_000, "currency": "EUR"],
                "location": "Austin, TX", "contact_name": "Björn van der Berg", "status": "won",
                "budget": ["amount": 300_000, "currency": "USD"], "authority": true,
                "pain_points": ["slow, dear", "old"], "tags": ["vip", "event"],
            ])
        #expect(try one("City,State", ",TX").values["location"] == "TX")
    }

    @Test func `repairs are made where they are certain`() throws {
        let lead = try leads(
            "Company,E-Mail,Contact Name\n'=1+1 M\u{C3}\u{BC}ller &amp; S\u{C3}\u{B6}hne,jane (at) example dot com,\"TANAKA, RAJ\"\n"
        )[0]
        #expect(
            lead.values == [
                "company": "=1+1 Müller & Söhne", "contact_name": "Raj Tanaka", "email": "jane@example.com",
            ])
    }

    @Test func `a declared custom field has its type`() throws {
        let defaults = RowNormaliser.Defaults(customKinds: ["size": .number, "vip": .flag])
        let found = try leads(
            "Company,custom.size,custom.vip,custom.code\nA,42,yes,007\nB,big,,\n", defaults: defaults)
        #expect(found[0].values["custom"] == ["size": 42, "vip": true, "code": "007"])
        #expect(found[1].faults.map(\.field) == ["custom.size"])
    }

    @Test func `JSON lines hold what a create takes`() throws {
        let normaliser = RowNormaliser(
            jsonLines: try .init(["Firma": "company"]), .init(country: Country("US")))
        func lead(_ text: String) throws -> ImportedLead {
            normaliser.lead(try #require(try JSONParser.parse(text).object), row: 1)
        }
        let good = try lead(
            #"{"Firma":"A","employee_count":5,"budget":{"amount":1,"currency":"USD"},"tags":["x"],"authority":null,"custom":{"n":1.5,"t":"a"},"external_ids":{"crm":"7"},"phone":"(415) 555-2671","score":5}"#
        )
        #expect(
            good.faults.isEmpty
                && good.values == [
                    "company": "A", "employee_count": 5, "budget": ["amount": 1, "currency": "USD"],
                    "tags": ["x"], "phone": "+14155552671", "custom": ["n": 1.5, "t": "a"],
                    "external_ids": ["crm": "7"],
                ])
        #expect(try lead(#"{"company":"A","colour":"red"}"#).faults.map(\.code) == [.unknownField])
        #expect(
            try lead(#"{"company":5,"tags":[1],"budget":{"amount":"x"},"custom":[]}"#).faults.map(\.code) == [
                .wrongType, .wrongType, .wrongType, .wrongType, .required,
            ])
    }

    @Test func `a name of several lines is brought to one`() throws {
        let found = try leads("company,contact_name\nA,\"Jane\r\nDoe\"\nB,\"John\tRoe\"\n")
        #expect(found.map { $0.values["contact_name"]?.text } == ["Jane Doe", "John Roe"])
        #expect(found.allSatisfy { $0.faults.isEmpty })
    }

    @Test func `our own export comes back to the letter`() throws {
        let texts = [
            "=1+1", "'=1", "  spaced  ", "n/a", "-", "MÃ¼ller", "a &amp; b", "DO NOT CALL", "-5", "\t=1",
            "x\r\ny", "ANNA", "'quoted'", "1.5", "true", "ü, \"x\"",
        ]
        var writer = CSVWriter()
        for name in [
            "id", "version", "created_at", "company", "notes", "contact_name", "tags", "pain_points",
            "budget", "employee_count", "custom.x", "custom.y",
        ] { writer.text(name) }
        writer.endRow()
        for (index, text) in texts.enumerated() {
            for cell in ["lead_1", "1", "2026-01-01T00:00:00.000Z", text, text, text] { writer.text(cell) }
            writer.list([text, "b;c", "d,e", "f\\"], .tags)
            writer.list([text, "slow, dear", "x;y\n z"], .sentences)
            writer.money(300_000 + Int64(index), .dollar)
            writer.integer(Int64(index))
            writer.customText(text)
            if index % 2 == 0 { writer.number(-1.5) } else { writer.flag(false) }
            writer.endRow()
        }
        let found = try leads(String(decoding: writer.bytes, as: UTF8.self))
        #expect(found.count == texts.count)
        for (index, (text, lead)) in zip(texts, found).enumerated() {
            #expect(
                lead.faults.isEmpty
                    && lead.values == [
                        "company": .string(text), "employee_count": .integer(Int64(index)),
                        "contact_name": .string(text == "x\r\ny" ? "x y" : text),
                        "budget": ["amount": .integer(300_000 + Int64(index)), "currency": "USD"],
                        "pain_points": .array([.string(text), "slow, dear", "x;y\n z"]),
                        "tags": .array([.string(text), "b;c", "d,e", "f\\"]), "notes": .string(text),
                        "custom": ["x": .string(text), "y": index % 2 == 0 ? -1.5 : false],
                    ], "\(lead.faults) \(lead.values)")
        }
    }

    @Test func `a file that only has some columns of an export comes back, too`() throws {
        var writer = CSVWriter()
        for name in ["company", "tags", "budget", "notes"] { writer.text(name) }
        writer.endRow()
        writer.text("=1+1")
        writer.list(["t1", "a,b"], .tags)
        writer.money(300_000, .dollar)
        writer.text("-5")
        #expect(
            try leads(String(decoding: writer.bytes, as: UTF8.self))[0].values == [
                "company": "=1+1", "budget": ["amount": 300_000, "currency": "USD"], "tags": ["t1", "a,b"],
                "notes": "-5",
            ])
    }

    @Test func `no row breaks the normaliser, and reading its values again changes nothing`() throws {
        var random = SeededRandom(seed: 5)
        let pieces = [
            "a", "@", ".com", "+49", "30", " ", "n/a", "€", "k", "-", "Ã¼", "&amp;", "dot", "at", "\n", "'",
            "=", ";", ",", "\\", "DE", "many", "🚀", "\u{301}", "\u{0}", "1", "yes", "x",
        ]
        let headers =
            LeadField.allCases.map(\.rawValue) + [
                "first_name", "city", "consent", "do_not_contact", "custom.x", "external_ids.y",
            ]
        let normaliser = RowNormaliser(HeaderMapping(headers), .init(country: Country("DE")))
        for number in 0..<1500 {
            let cells = headers.map { header in
                header == "company" ? "Acme" : (0..<random.below(5)).map { _ in random.pick(pieces) }.joined()
            }
            let lead = normaliser.lead(CSVRow(number: number, cells))
            let again = normaliser.lead(CSVRow(number: number, cells))
            #expect(lead.values == again.values && lead.faults == again.faults)
            guard lead.faults.isEmpty else { continue }
            for field in ["email", "website", "phone", "country", "linkedin_url"] {
                guard let value = lead.values[field]?.text else { continue }
                let again = RowNormaliser(HeaderMapping(["company", field]), .init()).lead(
                    CSVRow(number: 1, ["Acme", value]))
                #expect(again.values[field]?.text == value, "\(field)")
            }
        }
    }
}

@Suite struct DedupeKeyTests {
    private func key(
        _ email: String?, _ website: String?, _ name: String?, _ company: String? = "Acme GmbH"
    )
        -> DedupeKey
    {
        DedupeKey(email: email, website: website, contactName: name, company: company)
    }

    @Test func `a person is known by address, or by domain and name`() {
        #expect(key("P1@IMPORT1.com", nil, "Person 1").email == key("p1@import1.com", nil, nil).email)
        #expect(
            key(nil, "https://import1.com/about", "Person 1").place
                == key("p1@import1.com", "https://www.import1.com", "PERSON 1").place)
        #expect(key(nil, "https://a.com", nil).place == key(nil, "https://a.com", nil, "ACME").place)
        #expect(key(nil, "https://a.com", nil).place != key(nil, "https://a.com", "Acme").place)
        #expect(key("a@b.com", nil, "X").place != key("a@b.com", nil, "Y").place)
    }

    @Test func `free mail and throw-away mail are no firm's`() {
        #expect(
            key("a@freemail.example", nil, "X").place == nil && key("a@mailinator.com", nil, "X").place == nil
        )
    }

    @Test func `without a firm's domain or an address of their own, people are known by the firm's name`() {
        let place = key(nil, nil, "X").place
        #expect(
            place?.hasPrefix("name:") == true && place == key(nil, "https://facebook.com/acme", "X").place)
        #expect(place == key("info@freemail.example", nil, "X").place)
        #expect(place != key(nil, nil, "Y").place && place != key(nil, nil, "X", "Other").place)
    }

    @Test func `a function's address is nobody's own`() {
        #expect(key("info@a.com", nil, "X").email == nil && key("info@a.com", nil, nil).email == "info@a.com")
        #expect(key("info@freemail.example", nil, "X") != key("info@freemail.example", nil, "Y"))
    }
}
