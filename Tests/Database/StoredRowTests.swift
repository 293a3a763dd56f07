import JSON
import Nouns
import Telemetry
import Testing

@testable import Database

private struct StoredLead: StoredRow {
    let email: String, id: String
    let score: Int?
    let company: String?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (email, id) = (row.text("email"), row.text("id"))
        (score, company) = (row.optionalInt("score"), row.optionalText("company"))
    }
}

/// Asks for each type of column, as expressions.
private struct EveryType: StoredRow {
    let integer: Int, flag: Bool, number: Double, text: String, at: Instant, document: JSON
    let absent: [Bool]
    let id: UniqueID?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) throws {
        (integer, flag) = (row.int("12"), row.bool("1"))
        (number, text, at) = (row.double("1.5"), row.text("'zwölf'"), row.instant("5"))
        document = try row.json("'[1]'")
        absent = [
            row.optionalInt("NULL") == nil, row.optionalInt64("NULL") == nil,
            row.optionalDouble("NULL") == nil, row.optionalText("NULL") == nil,
            row.optionalInstant("NULL") == nil, try row.optionalJSON("NULL") == nil,
            row.uniqueID("NULL", behind: "lead") == nil,
            row.uniqueID("'client_01aryz6s41tsv4rrffq69g5fav'", behind: "lead") == nil,
        ]
        id = row.uniqueID("'lead_01aryz6s41tsv4rrffq69g5fav'", behind: "lead")
    }
}

private enum Grade: Int { case low, middle, high }

@Suite struct StoredRowTests {
    @Test func `a row lists the columns that it reads, and reads them in that order`() throws {
        #expect(StoredLead.columns.names == ["email", "id", "score", "company"])
        #expect("\(StoredLead.columns)" == "email, id, score, company")
        #expect(StoredLead.columns.of("l") == "l.email, l.id, l.score, l.company")
        let fixture = try Fixture()
        try fixture.add("ada@example.com", 7)
        let leads = try fixture.database.read(acme) { reader in
            try reader.all(
                "SELECT \(StoredLead.columns) FROM leads WHERE tenant_id = \(acme)", StoredLead.init)
        }
        #expect(leads.map(\.email) == ["ada@example.com"] && leads.map(\.id) == ["id-ada@example.com"])
        #expect(leads.map(\.score) == [7] && leads.map(\.company) == [nil])
    }

    @Test func `every type of column is read as it is stored`() throws {
        let statement = Statement("SELECT \(EveryType.columns)")
        let fixture = try Fixture()
        let row = try #require(
            try fixture.database.read(acme) { try $0.first(statement, [], EveryType.init) })
        #expect(row.integer == 12 && row.flag && row.number == 1.5 && row.text == "zwölf")
        #expect(row.at == Instant(microseconds: 5) && row.document == .array([.integer(1)]))
        #expect(row.absent == Array(repeating: true, count: 8))
        #expect(row.id == UniqueID("01aryz6s41tsv4rrffq69g5fav"))
    }

    @Test func `an insert puts each value into the column named beside it`() throws {
        let fixture = try Fixture()
        let insert = Insert(into: "leads", "ON CONFLICT (tenant_id, id) DO UPDATE SET score = excluded.score")
        let returning = Insert(into: "leads", "RETURNING score")
        for score in [1, 2] {
            let changed = try fixture.database.writeAndWait(acme) { tx in
                try tx.run(insert, ["score": score.sqlValue, "email": "ada".sqlValue, "id": "a".sqlValue])
            }
            #expect(changed == 1)
        }
        let score = try fixture.database.writeAndWait(other) { tx in
            try tx.first(returning, ["id": "a".sqlValue, "email": "bob".sqlValue, "score": .integer(3)]) {
                $0.int(0)
            }
        }
        #expect(score == 3)
        let ada = try fixture.database.read(acme) { reader in
            try reader.first(
                "SELECT \(StoredLead.columns) FROM leads WHERE tenant_id = \(acme)", StoredLead.init)
        }
        #expect(ada?.score == 2 && ada?.email == "ada" && ada?.id == "a")
    }

    @Test func `a case is written out as its number`() {
        let sql: SQL = "grade = \(literal: Grade.high) OR grade IN \(literal: [Grade.low, .middle])"
        #expect(sql.text == "grade = 2 OR grade IN (0, 1)" && sql.values.isEmpty)
        #expect("\(literal: Grade.middle) \(literal: [Grade.high])" == "1 (2)")
    }
}
