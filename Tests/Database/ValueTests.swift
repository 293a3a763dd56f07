import Telemetry
import TestDatabases
import Testing

@testable import Database

@Suite struct ValueTests {
    private func echo(_ value: SQLValue) throws -> SQLValue? {
        let fixture = try Fixture()
        return try fixture.database.read(acme) { try $0.first("SELECT \(value)") { $0.value(0) } }
    }

    @Test func `values come back as they went in`() throws {
        let values: [SQLValue] = [
            .null, .integer(-1), .integer(.min), .integer(.max), .real(-0.5), .text(""), .text("a\0b\0"),
            .text("Zürich 🏔 東京"), .text(String(repeating: "long ", count: 400_000)), .blob([]),
            .blob([0, 255, 0]),
            .text("'; DROP TABLE leads; --"),
        ]
        for value in values where !TestDatabases.isOnServer || value != .text("a\0b\0") {
            #expect(try echo(value) == value)
        }
    }

    @Test(.ofServers) func `a text with U+0000 is kept with the character for what cannot be shown`() throws {
        #expect(try echo(.text("a\0b\0")) == .text("a\u{FFFD}b\u{FFFD}"))
    }

    @Test func `Swift's types are bound as columns hold them`() {
        let values: [any SQLConvertible] = [
            7, Int64(8), 0.5, "text", true, false, Instant(microseconds: 9), [UInt8]([1]), Int?.none,
            Int?(3), acme,
        ]
        #expect(
            values.map(\.sqlValue) == [
                .integer(7), .integer(8), .real(0.5), .text("text"), .integer(1), .integer(0), .integer(9),
                .blob([1]),
                .null, .integer(3), .text("ten_acme"),
            ])
    }

    @Test func `a row reads each column as what is asked for, and null as nothing`() throws {
        let fixture = try Fixture()
        try fixture.database.read(acme) { reader in
            try reader.each(
                "SELECT 12, 1.5, \("zwölf"), NULL, \([UInt8]([1, 2])), \(Instant(microseconds: 5))"
            ) { row in
                #expect(row.columnCount == 6)
                #expect(row.int(0) == 12 && row.int64(0) == 12 && row.bool(0) && row.text(0) == "12")
                #expect(row.double(1) == 1.5)
                #expect(row.text(2) == "zwölf")
                #expect(row.withText(2) { $0.count } == 6)
                #expect(row.isNull(3) && !row.isNull(0))
                #expect(
                    row.int(3) == 0 && row.text(3) == "" && row.blob(3) == []
                        && row.withText(3) { $0.isEmpty })
                #expect(
                    row.optionalInt(3) == nil && row.optionalText(3) == nil && row.optionalInstant(3) == nil
                )
                #expect(
                    row.optionalInt64(0) == 12 && row.optionalText(2) == "zwölf"
                        && row.optionalBool(0) == true)
                #expect(row.blob(4) == [1, 2])
                #expect(row.instant(5) == Instant(microseconds: 5))
            }
        }
    }

    @Test func `numbers name the values in any order, and more than once`() throws {
        let statement = Statement("SELECT $2 || $1 || $2")
        let fixture = try Fixture()
        #expect(
            try fixture.database.read(acme) { reader in
                try reader.first(statement, [.text("a"), .text("b")]) { $0.text(0) }
            } == "bab")
    }

    @Test func `a wrong number of values is the program's fault`() throws {
        let fixture = try Fixture()
        for text in [
            "SELECT $1, $2", "SELECT 1", "SELECT ?", "SELECT :name", "SELECT 1; SELECT 2", "", "SELEC",
        ] {
            guard
                case .invalid = error({
                    try fixture.database.read(acme) { try $0.int(Statement(text), [.null]) }
                })
            else {
                Issue.record("accepted: \(text)")
                continue
            }
        }
    }

    @Test func `pieces of SQL join with their values`() throws {
        var sql: SQL = "SELECT \(1)"
        sql += " + \(2)"
        let filter: SQL = "\(3) IN \(list: [4, 5])"
        sql = sql + " WHERE \(filter) AND \(trusted: "'$'") = \(raw: "'$'")"
        #expect(sql.text == "SELECT $1 + $2 WHERE $3 IN ($4,$5) AND '$' = '$'")
        #expect(sql.values == [.integer(1), .integer(2), .integer(3), .integer(4), .integer(5)])
        let filters: [SQL] = ["a = \(1)", "b = \(2)", "c IS NULL"]
        #expect(filters.joined(separator: " AND ").text == "a = $1 AND b = $2 AND c IS NULL")
        let long = Array(repeating: "x = \(1)" as SQL, count: 12).joined(separator: " OR ")
        #expect((("y = \(0) AND " as SQL) + long).text.hasSuffix("x = $13"))
    }

    @Test func `nothing is in an empty list, and everything is not in it`() throws {
        let none: [Int] = []
        let fixture = try Fixture()
        #expect(
            try fixture.database.read(acme) { try $0.exists("SELECT 1 WHERE 1 IN \(list: none)") } == false)
        #expect(try fixture.database.read(acme) { try $0.exists("SELECT 1 WHERE 1 NOT IN \(list: none)") })
    }

    @Test func `violations say which part of the schema refused`() throws {
        let fixture = try Fixture()
        try fixture.add("ada@example.com")
        func refusal(_ sql: SQL) -> DatabaseError? {
            error { try fixture.database.writeAndWait(acme) { try $0.run(sql) } }
        }
        func insert(_ columns: StaticString, _ values: SQL) -> DatabaseError? {
            refusal("INSERT INTO leads (tenant_id, \(raw: columns)) VALUES (\(acme), \(values))")
        }
        #expect(
            insert("id, email", "\("x"), \("ada@example.com")")
                == .constraint(.unique(["leads.tenant_id", "leads.email"])))
        #expect(insert("id, email", "\("x"), NULL") == .constraint(.notNull("leads.email")))
        #expect(insert("id, email, score", "\("x"), \("x"), 101") == .constraint(.check("score_range")))
        #expect(insert("id, email, company", "\("x"), \("x"), \("none")") == .constraint(.foreignKey))
        #expect(insert("id, email, custom", "\("x"), \("x"), \("A")") == nil)
        #expect(
            insert("id, email, custom", "\("y"), \("y"), \("a")")
                == .constraint(.unique(["leads_custom_id"])))
        guard case .invalid(let text) = insert("id, email, score", "\("z"), \("z"), \("secret")") else {
            Issue.record("a text in an integer column")
            return
        }
        #expect(!text.contains("secret"))
    }

    @Test func `INSERT with RETURNING takes effect though only its first row is read`() throws {
        let fixture = try Fixture()
        let first = try fixture.database.writeAndWait(acme) { tx in
            try tx.first(
                """
                INSERT INTO leads (tenant_id, id, email) VALUES (\(acme), 'a', 'a'), (\(acme), 'b', 'b')
                RETURNING id
                """
            ) { $0.text(0) }
        }
        #expect(first == "a")
        #expect(try fixture.emails == ["a", "b"])
        #expect(
            error {
                try fixture.database.writeAndWait(acme) { tx in
                    try tx.first(
                        """
                        INSERT INTO leads (tenant_id, id, email, company) VALUES (\(acme), 'c', 'c', 'none')
                        RETURNING id
                        """
                    ) { $0.text(0) }
                }
            } == .constraint(.foreignKey))
    }

    @Test func `run counts the rows that changed`() throws {
        let fixture = try Fixture()
        for email in ["a", "b", "c"] { try fixture.add(email) }
        let counts = try fixture.database.writeAndWait(acme) { tx in
            [
                try tx.run("UPDATE leads SET score = 1 WHERE tenant_id = \(acme) AND email <> 'a'"),
                try tx.run("UPDATE leads SET score = 1 WHERE tenant_id = \(other)"),
                try tx.run(
                    "INSERT INTO leads (tenant_id, id, email) VALUES (\(acme), 'id-a', 'z') ON CONFLICT DO NOTHING"
                ),
                try tx.run("SELECT 1"),
            ]
        }
        #expect(counts == [2, 0, 0, 0])
    }
}
