import Testing

@testable import Database

@Suite struct DialectTests {
    private func index(_ texts: [(tenant: TenantID, text: String)], _ database: Database) throws {
        for (number, entry) in texts.enumerated() {
            try database.writeAndWait(entry.tenant) { tx in
                let row = try tx.addLead("\(number)@example.com")
                tx.indexSearch("leads_search", row: row, text: entry.text)
            }
        }
    }

    private func search(_ text: String, of tenant: TenantID = acme, _ database: Database) throws -> [String] {
        try database.read(tenant) { reader in
            let match = reader.dialect.searchMatch(table: "leads_search", tenant: tenant, SearchQuery(text))
            return try reader.all(
                "SELECT email FROM leads WHERE tenant_id = \(tenant) AND row IN \(match) ORDER BY row DESC"
            ) { $0.text(0).split(separator: "@").first.map(String.init) ?? "" }
        }
    }

    @Test func `a search finds every word or one that begins with it, newest first`() throws {
        let fixture = try Fixture()
        try index(
            [
                (acme, "muller maschinenbau zurich"), (acme, "Muller Bakery Berlin"),
                (acme, "schmidt berlin"),
                (acme, "müller unfolded"), (acme, "o'brien & sons: plumbing 24-7"), (acme, "東京 商事"),
            ], fixture.database)
        let database = fixture.database
        #expect(try search("muller", database) == ["1", "0"])
        #expect(try search("MULL berl", database) == ["1"])
        #expect(try search("berlin muller", database) == ["1"])
        #expect(try search("ulle", database) == [])
        #expect(try search("müller", database) == ["3"])
        #expect(try search("o'brien", database) == ["4"])
        #expect(try search("24-7", database) == ["4"])
        #expect(try search("東京", database) == ["5"])
    }

    @Test func `a search finds the rows of its tenant only`() throws {
        let fixture = try Fixture()
        try index(
            [(acme, "berlin"), (other, "berlin"), (TenantID(rawValue: "TEN_ACME"), "berlin")],
            fixture.database)
        #expect(try search("berlin", of: acme, fixture.database) == ["0"])
        #expect(try search("berlin", of: other, fixture.database) == ["1"])
        // The match itself, without the outer condition, keeps tenants apart too.
        let rows = try fixture.database.read(acme) { reader in
            let match = reader.dialect.searchMatch(
                table: "leads_search", tenant: acme, SearchQuery("berlin"))
            return try reader.int("SELECT count(*) FROM \(match) AS found")
        }
        #expect(rows == 1)
        #expect(try search("ten_acme", of: acme, fixture.database) == [])
    }

    @Test func `a changed or deleted row is found by its new text only`() throws {
        let fixture = try Fixture()
        try index([(acme, "old words"), (acme, "other words")], fixture.database)
        try fixture.database.writeAndWait(acme) { tx in
            tx.unindexSearch("leads_search", row: 1, oldText: "old words")
            tx.indexSearch("leads_search", row: 1, text: "new words")
            tx.unindexSearch("leads_search", row: 2, oldText: "other words")
        }
        #expect(try search("old", fixture.database) == [])
        #expect(try search("new", fixture.database) == ["0"])
        #expect(try search("words", fixture.database) == ["0"])
    }

    @Test func `a closure that throws indexes nothing`() throws {
        let fixture = try Fixture()
        _ = error {
            try fixture.database.writeAndWait(acme) { tx in
                tx.indexSearch("leads_search", row: try tx.addLead("a@example.com"), text: "berlin")
                throw Refusal()
            }
        }
        try fixture.add("b@example.com")
        #expect(try search("berlin", fixture.database) == [])
    }

    @Test func `hostile text is only words`() throws {
        let fixture = try Fixture()
        for text in Self.hostile { _ = try search(text, fixture.database) }
    }

    private static let hostile = [
        "\"", "\" OR \"", "a\" OR tenant:*", "*", "^a", "a NEAR b", "NOT a", "a AND", "text:a",
        "{tenant text}: a", "(", ")",
        "a\0b", "-a", "+", "a + b", "rowid:1", "'; DROP TABLE leads; --", "\u{301}", "e\u{301}", "🏔",
        "a🏔b",
        "\u{FFFD}",
        "\u{E000}", "ﬁ", "ⅷ", "²", "a\u{200D}b", "\u{1F1E9}\u{1F1EA}",
        "न्यूज़", "ά", "\u{10FFFF}", "𝒜", "ꭰ",
        "\u{1E900}",
        "", "   ", "AND", "OR", "NOT", "NEAR(a b)", "ı İ",
    ]

    @Test func `every letter there is can be searched for`() throws {
        let fixture = try Fixture()
        var batch = ""
        func flush() throws {
            _ = try search(batch, fixture.database)
            batch = ""
        }
        for value in UInt32(1)..<0x20000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            batch.unicodeScalars.append(scalar)
            batch += " "
            if value % 8 == 0 { try flush() }
        }
        try flush()
        try index([(acme, "ärger im ÖFFENTLICHEN Raum न्यूज़ ꭰꭱ 𝒜bc")], fixture.database)
        for word in ["Ärg", "öffentlich", "न्यू", "ꭰ", "𝒜B"] {
            #expect(try search(word, fixture.database) == ["0"])
        }
    }

    @Test(.ofFiles) func `a page of matches is read newest first, without sorting`() throws {
        let fixture = try Fixture()
        let plan = try fixture.database.read(acme) { reader in
            let match = reader.dialect.searchMatch(
                table: "leads_search", tenant: acme, SearchQuery("berlin"))
            return try reader.all(
                """
                EXPLAIN QUERY PLAN SELECT email FROM leads
                WHERE tenant_id = \(acme) AND row < \(1000) AND row IN \(match) ORDER BY row DESC LIMIT 50
                """
            ) { $0.text(3) }
        }
        #expect(
            plan == [
                "SEARCH leads USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1",
                "SCAN leads_search VIRTUAL TABLE INDEX 0:M1",
            ])
    }

    @Test func `a query is bounded`() {
        let query = SearchQuery(String(repeating: "a", count: 500) + String(repeating: " b", count: 50))
        #expect(query.words.count == SearchQuery.wordsMax)
        #expect(query.words[0].count == SearchWords.lengthMax)
        #expect(SearchQuery(" -- ").isEmpty)
    }

    @Test func `tenants have different marks, whatever their letters`() {
        let tenants = ["a", "A", "a_", "a-", "ax5f", "x", "X", "", "ä", "Ä", "a b"].map(
            TenantID.init(rawValue:))
        let marks = tenants.map(SearchWords.mark)
        #expect(Set(marks).count == tenants.count)
        for mark in marks { #expect(mark.count == 13 && SearchQuery(mark).words == [mark]) }
    }

    /// A row has to be taken out of an index as it was put in, by whichever version.
    @Test(arguments: [
        "", " -- ", "Acme GmbH", "acme", "  O'Brien & Co., 2nd floor ", "jane@acme.example x1",
        "Grüße ÄÖ aus MÜNCHEN 12", "ıİ ẞ 東京 x\u{301}y", String(repeating: "Ab9", count: 50),
        String(repeating: "äB9", count: 50),
    ])
    func `words of an index are those of a search, each behind the tenant's mark`(_ text: String) {
        let tenant = TenantID(rawValue: "tenant_1")
        var words: [String] = []
        SearchWords.each(of: text) { words.append(SearchWords.mark(tenant) + String($0)) }
        #expect(SearchWords.indexed(text, tenant) == words.joined(separator: " "))
    }

    @Test func `a kept buffer has the words of the last text alone`() {
        var buffer = SearchBuffer()
        for text in ["Acme GmbH", "Grüße", String(repeating: "Ab9 ", count: 10_000), " -- ", "x"] {
            for tenant in [acme, other] {
                buffer.fill(text, of: tenant)
                #expect(String(decoding: buffer.words, as: UTF8.self) == SearchWords.indexed(text, tenant))
            }
        }
    }

    @Test func `a tenant's mark is its number in base 36`() {
        for name in ["a", "tenant_1", "x", ""] {
            var fingerprint = Fingerprint()
            fingerprint.add(bytes: name.utf8)
            let digits = String(fingerprint.value, radix: 36)
            let mark = String(repeating: "0", count: 13 - digits.count) + digits
            #expect(SearchWords.mark(TenantID(rawValue: name)) == mark)
        }
    }

    @Test func `the members of a JSON object are compared as text`() throws {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            let custom = """
                {"tier":"gold","seats":12,"active":true,"ratio":0.5,"none":null,"größe":"XL","a.b":"dotted",
                "o":{"k":1}}
                """
            try tx.run(
                "INSERT INTO leads (tenant_id, id, email, custom) VALUES (\(acme), 'a', 'a', \(custom))"
            )
            try tx.run("INSERT INTO leads (tenant_id, id, email) VALUES (\(acme), 'b', 'b')")
        }
        func text(_ member: String) throws -> String? {
            try fixture.database.read(acme) { reader in
                try reader.first(
                    """
                    SELECT \(reader.dialect.jsonText("leads.custom", member)) FROM leads
                    WHERE tenant_id = \(acme) AND id = 'a'
                    """
                ) { $0.optionalText(0) } ?? nil
            }
        }
        #expect(try text("tier") == "gold")
        #expect(try text("seats") == "12")
        #expect(try text("active") == "true")
        #expect(try text("ratio") == "0.5")
        #expect(try text("größe") == "XL")
        #expect(try text("a.b") == "dotted")
        for absent in ["none", "missing", "x\"y", "\\", "", "$", "o.k", "tier\" : \"", "[0]", "\0"] {
            #expect(try text(absent) == nil, "\(absent)")
        }
    }

    @Test func `a tag is found in an array, whole`() throws {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            for (id, tags) in [("a", #"["vip","new"]"#), ("b", "[]"), ("c", nil), ("d", #"["vip2"]"#)] {
                try tx.run(
                    "INSERT INTO leads (tenant_id, id, email, tags) VALUES (\(acme), \(id), \(id), \(tags))"
                )
            }
        }
        let found = try fixture.database.read(acme) { reader in
            try reader.all(
                """
                SELECT id FROM leads
                WHERE tenant_id = \(acme) AND \(reader.dialect.jsonArray("leads.tags", contains: "vip"))
                """
            ) { $0.text(0) }
        }
        #expect(found == ["a"])
    }
}
