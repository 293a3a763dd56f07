internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Templates
internal import Wording

/// The outcome of a run for a record: a row of `sync_run_records`. Those in which nothing has changed have none.
struct SyncOutcome: StoredRow {
    enum Side: String, Choice { case local, remote }
    enum Outcome: String, Choice { case created, updated, archived, skipped, failed }

    let number: Int
    /// The side that the record is on, with its identifier there.
    let side: Side
    let id: String
    let outcome: Outcome
    let field: String?, code: String?, detail: String?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        number = row.int("number")
        side = Side(rawValue: row.text("side")) ?? .remote
        (id, outcome) = (row.text("id"), Outcome(rawValue: row.text("outcome")) ?? .failed)
        (field, code, detail) = (
            row.optionalText("field"), row.optionalText("code"), row.optionalText("detail")
        )
    }

    init(
        _ side: Side, _ id: String, _ outcome: Outcome, field: String? = nil, code: String? = nil,
        detail: String? = nil
    ) {
        (number, self.side, self.id, self.outcome) = (0, side, id, outcome)
        (self.field, self.code, self.detail) = (field, code, detail)
    }

    init(_ side: Side, _ id: String, _ fault: FieldFault) {
        self.init(
            side, id, .failed, field: fault.field.isEmpty ? nil : fault.field, code: fault.code,
            detail: fault.detail)
    }

    static let memberNames = ["side", "id", "outcome", "field", "code", "detail"]

    static let schema: JSON = .record([
        "side": [
            "type": "string", "enum": JSON(Side.choices), "description": "The side that the record is on.",
        ],
        "id": ["type": "string", "description": "The record's identifier on its side."],
        "outcome": [
            "type": "string", "enum": JSON(Outcome.choices),
            "description": "The outcome on the other side.",
        ],
        "field": ["type": ["string", "null"], "description": "The agency's field that a fault is about."],
        "code": ["type": ["string", "null"], "description": "Why it was skipped, or failed."],
        "detail": ["type": ["string", "null"], "description": "The same in a sentence."],
    ])

    /// Writes it in the reader's words; it is stored in English, and known by its form.
    func write(into writer: inout JSONWriter, in words: Wording) {
        let detail = detail.map { Saying.told($0, among: ["sync_record."], in: words) }
        writer.beginObject()
        writer.member("side", .string(side.rawValue))
        writer.member("id", .string(id))
        writer.member("outcome", .string(outcome.rawValue))
        writer.member("field", JSON(field))
        writer.member("code", JSON(code))
        writer.member("detail", JSON(detail))
        writer.endObject()
    }
}

extension SyncRunStore where Base == Transaction {
    /// Lists records with what became of them.
    func list(_ outcomes: [SyncOutcome], in run: inout SyncRun) throws {
        let rows = outcomes.map { outcome -> [SQLValue] in
            run.outcomes += 1
            return [
                tx.tenant.sqlValue, run.id.sqlValue, run.outcomes.sqlValue, outcome.side.rawValue.sqlValue,
                outcome.id.sqlValue, outcome.outcome.rawValue.sqlValue, outcome.field.sqlValue,
                outcome.code.sqlValue, outcome.detail.map { String($0.prefix(500)) }.sqlValue,
            ]
        }
        try tx.run(insertOutcomes, rows)
    }
}

private let insertOutcomes = RowsStatement(
    "INSERT INTO sync_run_records (tenant_id, run_id, number, side, id, outcome, field, code, detail)",
    columns: 9)
