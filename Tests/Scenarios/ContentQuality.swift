import JSON
import StandIns
import Testing

/// The quality of content: found at its place, kept with the item, decided, and learnt from.
@Suite(.ownThread) struct ContentQuality {
    let server = BureauProcess.shared
    private static let roses =
        "Pruning roses in late winter keeps them healthy. Cut above an outward bud, remove dead wood, and clear fallen leaves so that black spot does not come back. Water deeply once a week in summer."

    private func item(_ owner: Caller, _ body: String, title: String = "Spring news") throws -> JSON {
        try owner.post(
            "/v1/content-items",
            ["title": .string(title), "type": "educational", "subject": "News", "body": .string(body)]
        ).ok(201)
    }

    private func check(_ owner: Caller, _ item: JSON) throws -> JSON {
        try owner.post("/v1/content-items/\(item.id)/check").ok()
    }

    private func codes(_ report: JSON) -> [String] {
        (report["findings"]?.array ?? []).filter { $0["overridden"] == false }.map { $0.text("code") }
    }

    private let acme: JSON = [
        "name": "Acme", "banned": ["cheap"], "preferred": [["use": "clients", "instead_of": ["customers"]]],
        "disclosures": [["when": "partner", "text": "#ad"]],
    ]

    @Test func `findings have their place, and the report is a decision that replays`() throws {
        let owner = try server.quietAgency().owner
        try owner.post("/v1/brands", acme).ok(201)
        let body = "Zoë 😀: a cheap start for customers. Our partner says 93% of gardens grow."
        let item = try item(owner, body), report = try check(owner, item)
        let characters = Array(body.unicodeScalars)
        let found = (report["findings"]?.array ?? []).map { finding in
            let place = Int(finding["start"]?.int ?? 0)..<Int(finding["end"]?.int ?? 0)
            return "\(finding.text("code")) \(String(String.UnicodeScalarView(characters[place])))"
        }
        #expect(
            found == [
                "banned_word cheap", "preferred_word customers", "missing_disclosure partner",
                "claim_without_source 93%",
            ])
        #expect(report["score"] == 44 && report["of_version"] == item["version"])
        let kept = try owner.get("/v1/content-items/\(item.id)").ok()
        #expect(kept["quality"] == report && kept["version"] == item["version"], "the item is what it was")
        let decision = try owner.get("/v1/decisions/\(report.text("decision_id"))").ok()
        #expect(decision["agent"] == "content_quality" && decision["outcome"]?["score"] == 44)
        #expect(decision["factors"]?.array?.count == 4)
        let replay = try owner.post("/v1/decisions/\(decision.id)/replay").ok()
        #expect(replay["same"] == true, "\(replay)")
        #expect(try check(owner, item)["decision_id"] == report["decision_id"], "one for each input")
    }

    @Test func `brand rules are those of the client or else the agency, and faulty ones are refused`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let brand = try owner.post("/v1/brands", acme).ok(201)
        #expect(brand["banned"] == ["cheap"] && brand["client_id"] == .null)
        let item = try item(owner, "A cheap start.")
        #expect(try codes(check(owner, item)) == ["banned_word"])
        // The client's own rules count for what is the client's, and the agency's for whom has none.
        let (first, second) = (try owner.makeClient(["name": "One"]), try owner.makeClient(["name": "Two"]))
        try owner.post(
            "/v1/brands", ["name": "One", "client_id": .string(first.id), "banned": ["start"]]
        ).ok(201)
        for (client, place) in [(first, 8), (second, 2)] {
            let own = try owner.post(
                "/v1/content-items",
                [
                    "title": "Spring news", "type": "educational", "subject": "News",
                    "body": "A cheap start.", "client_id": .string(client.id),
                ]
            ).ok(201)
            let report = try check(owner, own)
            #expect(codes(report) == ["banned_word"] && report["findings"]?[0]["start"] == JSON(place))
        }
        try owner.patch("/v1/brands/\(brand.id)", ["banned": []]).ok()
        #expect(try check(owner, item)["score"] == 100)
        #expect(
            try owner.post("/v1/brands", ["name": "B", "preferred": [["use": "x", "instead_of": []]]])
                .faults()
                == ["/preferred/0/instead_of": "required"])
        #expect(try owner.post("/v1/brands", [:]).faults() == ["/name": "required"])
        #expect(
            try owner.post("/v1/brands", ["name": "B", "max_grade": 99]).faults() == [
                "/max_grade": "out_of_range"
            ])
        try server.quietAgency().owner.get("/v1/brands/\(brand.id)").problem(404)
    }

    @Test func `a piece in another voice than the accepted ones is told so, with how many they are`() throws {
        let owner = try server.quietAgency().owner
        let calm = String(
            repeating: "We plant trees in the park each spring with our friends and their children. ", count: 3)
        let loud = String(repeating: "Hey folks! It's awesome! You'll love it! Wow! Yeah! ", count: 5)
        let piece = try item(owner, loud)
        for number in 0..<5 {
            #expect(try !codes(check(owner, piece)).contains("off_voice"), "\(number) are too few")
            _ = try owner.approvedPiece(
                "Trees \(number)", calm, ["format": "blog", "locale": piece["locale"] ?? .null])
        }
        let found = try check(owner, piece)["findings"]?.array?.filter { $0["code"] == "off_voice" } ?? []
        #expect(!found.isEmpty && found.allSatisfy { $0["severity"] == "note" })
        #expect(found.first?.text("detail").contains("5 accepted pieces") == true)
        #expect(try !codes(check(owner, item(owner, calm))).contains("off_voice"))
    }

    @Test func `brand guidelines become rules with their lines, and nothing is stored`() throws {
        let owner = try server.quietAgency().owner
        let text =
            "\n# Voice\nWe are friendly.\n\n## Words\n- Never say \"cheap\".\n- Say \"clients\" instead of \"customers\".\n- Write for grade 8 readers.\n- Paid partnerships must carry #ad.\n"
        let rules = try owner.post("/v1/brands/parse", ["text": .string(text)]).ok()["rules"]?.array ?? []
        let told = rules.map { "\($0["line"]?.int ?? 0) \($0.text("kind"))" }
        #expect(told == ["6 banned", "7 preferred", "8 max_grade", "9 disclosure"])
        #expect(rules.first?["banned"] == ["cheap"])
        #expect(try owner.post("/v1/brands/parse", [:]).faults() == ["/text": "required"])
        #expect(try owner.every("/v1/brands").isEmpty)
    }

    @Test(arguments: [
        (
            "en",
            """
            Never say "cheap".
            Say "clients" instead of "customers".
            Paid partnerships must carry #ad.
            Every post must include "Made in Kiel".
            """,
            "Our cheap plans suit customers. We thank our paid partnerships.",
            "Our fair plans suit clients. We thank our paid partnerships. #ad Made in Kiel",
            ["cheap", "customers"]
        ),
        (
            "de",
            """
            Sagen Sie nie „billig“.
            Sag „Kunden“ statt „Käufer“.
            Kennzeichne Anzeigen mit #Anzeige.
            """,
            "Das ist billig für Käufer. Unsere Anzeigen zeigen es.",
            "Das ist fair für Kunden. Unsere Anzeigen zeigen es. #Anzeige", ["billig", "Käufer"]
        ),
    ])
    func `what guidelines say is what pieces are held to, rule by rule`(
        locale: String, guidelines: String, breaking: String, keeping: String, words: [String]
    ) throws {
        let owner = try server.quietAgency().owner
        let rules = try owner.post(
            "/v1/brands/parse", ["text": .string(guidelines), "locale": .string(locale)]
        ).ok()["rules"]
        func stated(_ kind: String) -> [JSON] {
            (rules?.array ?? []).filter { $0["kind"] == .string(kind) }
        }
        let lines = (1...guidelines.split(separator: "\n").count).map(Int64.init)
        #expect(rules?.array?.map { $0["line"]?.int } == lines)
        try owner.post(
            "/v1/brands",
            [
                "name": "Acme", "banned": .array(stated("banned").flatMap { $0["banned"]?.array ?? [] }),
                "preferred": .array(
                    stated("preferred").map {
                        ["use": $0["use"] ?? .null, "instead_of": $0["instead_of"] ?? .null]
                    }),
                "disclosures": .array(
                    stated("disclosure").map { ["when": $0["when"] ?? .null, "text": $0["text"] ?? .null] }),
            ]
        ).ok(201)
        func findings(_ body: String) throws -> [JSON] {
            let item = try owner.post(
                "/v1/content-items",
                [
                    "title": "Acme", "format": "social", "body": .string(body), "locale": .string(locale),
                ]
            ).ok(201)
            let held: Set = ["banned_word", "preferred_word", "missing_disclosure"]
            return (try check(owner, item)["findings"]?.array ?? []).filter { held.contains($0.text("code")) }
        }
        let faults = try findings(breaking)
        #expect(Set(faults.map { $0.text("code") }).count == 3, "\(faults.map(\.serialized))")
        #expect(words.allSatisfy { word in faults.contains { $0.text("evidence") == word } })
        for disclosure in stated("disclosure").map({ $0.text("text") }) {
            #expect(faults.contains { $0.text("detail").contains(disclosure) }, "\(disclosure)")
        }
        #expect(try findings(keeping).isEmpty)
    }

    @Test func `a piece that was said before is found as it is saved, changed and deleted`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let old = try item(owner, Self.roses, title: "Roses")
        let words = Self.roses.replacing("late winter", with: "February").replacing("healthy", with: "strong")
        let again = try item(owner, words, title: "Roses again")
        let found = try check(owner, again)["findings"]?.array ?? []
        #expect(found.map { $0.text("code") } == ["too_similar"])
        #expect(found.first?.text("evidence") == old.id)
        #expect((found.first?["end"]?.int ?? 0) - (found.first?["start"]?.int ?? 0) > 100)
        let stranger = try server.quietAgency().owner
        #expect(try codes(check(stranger, item(stranger, words))).isEmpty, "others' words are not known")
        let other = "Roses love sun. Plant them in spring where the soil drains well, and give each one room."
        try owner.patch("/v1/content-items/\(old.id)", ["body": .string(other)]).ok()
        #expect(try codes(check(owner, again)).isEmpty, "the old words are gone")
        try owner.patch("/v1/content-items/\(old.id)", ["body": .string(Self.roses)]).ok()
        #expect(try codes(check(owner, again)) == ["too_similar"])
        try owner.delete("/v1/content-items/\(old.id)").ok(204)
        #expect(try codes(check(owner, again)).isEmpty)
    }

    @Test func `findings that people let pass cost nothing, are looked at again, and teach`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.post("/v1/brands", acme).ok(201)
        let first = try item(owner, "A cheap start.")
        let path = "/v1/content-items/\(first.id)/findings/banned_word/override"
        let member = try agency.key(["content_items:read", "content_items:write"])
        #expect(try owner.post(path, [:]).faults() == ["/reason": "required"])
        try member.post(path, ["reason": "A name."]).problem(403, "forbidden")
        let passed = try owner.post(path, ["reason": "A name."]).ok()
        #expect(passed["score"] == 100 && passed["findings"]?[0]["overridden"] == true)
        try owner.post(path, ["reason": "A name."]).problem(409, "conflict")
        try owner.post("/v1/content-items/\(first.id)/findings/no_such/override", ["reason": "x"]).problem(
            404)
        #expect(try owner.delete(path).ok()["score"] == 80)
        for number in 0..<5 {
            let item = try item(owner, "A cheap start, number \(number).")
            try owner.post(
                "/v1/content-items/\(item.id)/findings/banned_word/override", ["reason": "A name."]
            ).ok()
        }
        #expect(try check(owner, first)["score"] == 90, "five pieces halve what it costs")
    }

    @Test func `the agent looks at what was written, and each reader reads the report in their words`() throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        try owner.patch("/v1/agents/content_quality", ["state": "active"]).ok()
        try owner.post("/v1/brands", acme).ok(201)
        let item = try item(owner, "A cheap start.")
        try box.advance("PT1H")
        let report = try owner.get("/v1/content-items/\(item.id)").ok()["quality"] ?? .null
        #expect(report["score"] == 80)
        let finding = report["findings"]?[0] ?? .null
        #expect(finding.text("detail") == "The brand does not say cheap.")
        let german = try owner.get("/v1/content-items/\(item.id)", ["Accept-Language": "de"]).ok()
        let told = german["quality"]?["findings"]?[0] ?? .null
        #expect(told.text("detail") == "Die Marke sagt nicht cheap.")
        #expect(told.text("suggestion") == "Sagen Sie es mit anderen Worten.")
        try owner.patch("/v1/content-items/\(item.id)", ["body": "A good start."]).ok()
        let run = try owner.post(
            "/v1/agents/content_quality/runs", ["parameters": ["content_item_id": .string(item.id)]]
        ).ok(202)
        try box.advance("PT1H")
        let ended = try owner.get("/v1/agent-runs/\(run.id)").ok()
        #expect(ended["status"] == "succeeded" && ended["result"]?["items"]?[0]["score"] == 100, "\(ended)")
    }

    @Test func `claims are held to the law of the client's country, and of those who read`() throws {
        let owner = try server.quietAgency().owner
        func client(_ country: String) throws -> JSON {
            let lead = try owner.post(
                "/v1/leads", ["company": .string("Tea \(country)"), "country": .string(country)]
            ).ok(201)
            return try owner.post(
                "/v1/clients", ["name": .string("Tea \(country)"), "lead_id": .string(lead.id)]
            ).ok(201)
        }
        func told(_ more: JSONObject) throws -> [String] {
            var piece: JSONObject = ["title": "Tea", "format": "blog", "body": "We are the best in town."]
            for (name, value) in more.members { piece[name] = value }
            let item = try owner.post("/v1/content-items", .object(piece)).ok(201)
            return (try check(owner, item)["findings"]?.array ?? []).filter {
                $0["code"] == "claim_without_source"
            }.map { finding in
                let rules = (finding["rules"]?.array ?? []).map { "\($0.text("country")) \($0.text("law"))" }
                return "\(finding.text("severity")) \(rules.joined(separator: " + "))"
            }
        }
        #expect(try told(["client_id": .string(client("DE").id)]) == ["error DE UWG, § 5"])
        #expect(try told(["client_id": .string(client("GB").id)]) == ["warning GB CAP Code, Rule 3.7"])
        #expect(
            try told(["client_id": .string(client("US").id)])
                == ["note US FTC Policy Statement Regarding Advertising Substantiation"])
        #expect(try told(["locale": "en-AU"]) == ["warning AU Australian Consumer Law, Section 29"])
        #expect(try told([:]) == ["warning "])
        let readers = try owner.post(
            "/v1/segments",
            [
                "name": "Teas", "of": "leads",
                "filter": ["field": "country", "op": "in", "value": ["DE", "GB"]],
            ]
        ).ok(201)
        #expect(
            try told(["segment_id": .string(readers.id)]) == ["error DE UWG, § 5"],
            "of several countries the strictest counts")
    }

    @Test func `words in a picture that stand out too little are found in the background, once`() throws {
        let owner = try server.quietAgency().owner
        func picture(_ ink: UInt8) throws -> JSON {
            let bytes = SampleMedia.words(800, 400, letter: 2, ink: (ink, ink, ink), on: (255, 255, 255))
            return [
                "file_id": .string(try owner.upload(bytes, "a\(ink).png").id), "alt_text": "Three words.",
            ]
        }
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Roses", "format": "blog", "body": "Roses flower all summer.",
                "media": [try picture(0x94), try picture(0)],
            ]
        ).ok(201)
        #expect(try check(owner, item)["score"] == 100, "nobody has looked yet")
        let report = try eventually("the look at its pictures") { () -> JSON? in
            let now = try owner.get("/v1/content-items/\(item.id)").ok()["quality"] ?? .null
            return codes(now) == ["faint_text"] ? now : nil
        }
        let finding = try #require(report["findings"]?[0])
        #expect(finding["severity"] == "warning" && report["score"] == 92)
        #expect(finding["region"]?["file_id"] == item["media"]?[0]["file_id"])
        #expect(abs((finding["region"]?["ratio"]?.double ?? 0) - 3.03) < 0.05)
        #expect(finding["region"]?["needed"] == 4.5)
        #expect(finding.text("detail").contains("has a contrast of 3.0"), "\(finding)")
        #expect(finding.text("suggestion").hasPrefix("Make it 4.5 : 1 at least"))
        #expect(try check(owner, item)["decision_id"] == report["decision_id"])
        let replay = try owner.post("/v1/decisions/\(report.text("decision_id"))/replay").ok()
        #expect(replay["same"] == true)
        let passed = try owner.post(
            "/v1/content-items/\(item.id)/findings/faint_text/override", ["reason": "A pattern."]
        ).ok()
        #expect(passed["score"] == 100)
    }

    @Test func `each week all templates are looked at, and what fails is told until it is mended`() throws {
        let box = try server.mailSandbox("2027-01-04T12:00:00.000Z"), owner = box.owner
        try owner.patch("/v1/agents/content_quality", ["state": "active"]).ok()
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let operations = (0..<12).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        let good = try owner.mailTemplate("Good")
        let bad = try owner.mailTemplate(
            "Re: Our offer", "Hello [First Name], write to jane.doe@example.com.")
        let named = try owner.mailTemplate(
            "Write to bob.roe@mail.example.com", "Dear {{ contact.name }}, see us.")
        let empty = try owner.mailTemplate(
            "Plans",
            """
            Dear {{ contact.name }}, you begin {{ lead.timeline_days | default: "soon" }}, with
            {{ lead.next_action | default: "a call" }}.
            """)
        let campaign = try owner.mailCampaign(["template_id": .string(empty.id)])
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("PT1H")
        func failing() throws -> [String: String] {
            let alerts = try owner.every("/v1/alerts?kind=template_fails&open=true")
            return Dictionary(alerts.map { ($0["subject"]?.text("id") ?? "", $0.text("title")) }) { $1 }
        }
        #expect(try failing().isEmpty)
        // On Monday, by its schedule.
        try box.advance("P7D")
        let told = try failing()
        #expect(
            told[bad.id]?.hasSuffix("The subject looks like a reply, but the mail is not one.") == true)
        #expect(told[empty.id]?.contains("Only 33 % of what it says") == true, "\(told)")
        #expect(told[good.id] == nil && told[named.id] != nil, "a subject tells somebody's data, too")
        let decision = try #require(
            try owner.every("/v1/decisions?agent=content_quality&subject_id=\(bad.id)").first)
        #expect(
            decision["outcome"]?["failures"] == ["false_reply", "foreign_placeholder", "personal_data"])
        #expect(
            decision["outcome"]?["laws"] == ["CAN-SPAM Act, 15 U.S.C. § 7704(a)(2)", "GDPR, Art. 5(1)(c)"])
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        // Mended, nothing is told of it any more.
        try owner.patch(
            "/v1/templates/\(bad.id)", ["subject": "Our offer", "body": "Dear {{ contact.name }}, see us."]
        ).ok()
        let run = try owner.ended(
            "/v1/agents/content_quality/runs", ["parameters": ["look": "templates"]])
        let result = try #require(run["result"])
        #expect(result["postal_address"] == true && (result["processed"]?.int ?? 0) >= 3)
        let seldom = result["templates"]?.array?.first { $0["template_id"] == .string(empty.id) }
        #expect(seldom?["people"] == 12 && seldom?["places"] == 36 && seldom?["filled"] == 12, "\(result)")
        #expect(try failing()[bad.id] == nil)
        let wrong = try owner.post("/v1/agents/content_quality/runs", ["parameters": ["look": "all"]])
        #expect(try wrong.faults() == ["/parameters/look": "invalid_choice"])
    }
}
