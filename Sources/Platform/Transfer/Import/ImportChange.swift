package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// The change of one record by an import: a row of `import_changes`, by which it can be undone.
package struct ImportChange: StoredRow {
    package enum Action: String, Choice { case created, updated }
    /// The end of an undo for the record.
    package enum Outcome: String, Choice { case removed, restored, kept }

    let importID: ID<Import>
    /// The row of the file, from 1.
    let number: Int
    let recordID: String
    let action: Action
    /// The values of the changed fields before.
    let before: JSONObject
    let at: Instant
    /// `nil`: not undone yet.
    let outcome: Outcome?
    /// Why the record was kept.
    let reason: String?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (importID, number, recordID) = (row.id("import_id"), row.int("number"), row.text("record_id"))
        action = Action(rawValue: row.text("action")) ?? .updated
        before = try row.json("before").object ?? [:]
        at = row.instant("at")
        outcome = row.optionalText("outcome").flatMap { Outcome(rawValue: $0) }
        reason = row.optionalText("reason")
    }

    static let memberNames = ["row", "record_id", "action", "outcome", "reason"]

    static let schema: JSON = .record([
        "row": ["type": "integer", "description": "The row of the file, from 1."],
        "record_id": ["type": "string", "description": "The record."],
        "action": [
            "type": "string", "enum": JSON(Action.choices),
            "description": "The change that the import made to it.",
        ],
        "outcome": [
            "type": ["string", "null"], "enum": .array(Outcome.choices.map { .string($0) } + [.null]),
            "description": "The change that the undo made to it; null: none yet.",
        ],
        "reason": ["type": ["string", "null"], "description": "Why the undo has kept it."],
    ])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("row", JSON(number))
        writer.member("record_id", .string(recordID))
        writer.member("action", .string(action.rawValue))
        writer.member("outcome", JSON(outcome?.rawValue))
        writer.member("reason", JSON(reason))
        writer.endObject()
    }
}

let importChangeMigration = Migration(number: 622, name: "imports can be undone") { dialect in
    [
        """
        CREATE TABLE import_changes (
            tenant_id TEXT NOT NULL, import_id TEXT NOT NULL, number INTEGER NOT NULL, record_id TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('created', 'updated')), before TEXT NOT NULL, at INTEGER NOT NULL,
            outcome TEXT CHECK (outcome IN ('removed', 'restored', 'kept')), reason TEXT,
            PRIMARY KEY (tenant_id, import_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX import_changes_record ON import_changes (tenant_id, record_id) WHERE action = 'updated'",
    ] + Import.resource.addition(in: 622)
}

extension Resource {
    /// The values that an update replaces, of the fields that others may set.
    package func replaced(_ old: R, by new: R) -> JSONObject {
        var values = JSONObject()
        for field in fields where !field.isReadOnly && !field.isSecret {
            let before = field.json(old)
            if before != field.json(new) { values.append(field.name, before) }
        }
        return values
    }
}

extension ImportStore where Base == Transaction {
    func note(
        _ action: ImportChange.Action, _ record: UntypedID, row: Int, before: JSONObject, of id: ID<Import>
    ) throws {
        try tx.run(
            insertChange,
            [
                tx.tenant.sqlValue, id.sqlValue, row.sqlValue, .id(record), action.rawValue.sqlValue,
                JSON.object(before).serialized.sqlValue, tx.now.sqlValue,
            ])
    }

    /// Takes what a person's record held before out of what imports remember: they are being erased.
    package func forget(_ record: some Key) throws {
        let record = record.keyText
        try tx.run(
            """
            UPDATE import_changes SET before = '{}', outcome = 'kept', reason = 'Its person was erased.'
            WHERE tenant_id = \(tx.tenant) AND record_id = \(record) AND action = 'updated'
            """)
    }

    func next(of id: ID<Import>, limit: Int) throws -> [ImportChange] {
        try tx.all(
            """
            SELECT \(ImportChange.columns) FROM import_changes
            WHERE tenant_id = \(tx.tenant) AND import_id = \(id) AND outcome IS NULL
            ORDER BY number DESC LIMIT \(limit)
            """, ImportChange.init)
    }

    func settle(_ change: ImportChange, of id: ID<Import>, _ result: UndoResult) throws {
        try tx.run(
            """
            UPDATE import_changes SET outcome = \(result.outcome.rawValue), reason = \(result.reason), before = '{}'
            WHERE tenant_id = \(tx.tenant) AND import_id = \(id) AND number = \(change.number)
            """)
    }

    /// Returns whether a person, a key or another import has changed the record after the import had. What
    /// the import itself did with it in a later row does not count, nor what was set back since.
    func isTouched(_ subject: Subject, since change: ImportChange) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM import_changes WHERE tenant_id = \(tx.tenant) AND record_id = \(subject.id)
                AND action = 'updated' AND import_id <> \(change.importID)
                AND (outcome IS NULL OR outcome = 'kept')
                AND (at > \(change.at) OR at = \(change.at) AND import_id > \(change.importID))
            UNION ALL
            SELECT 1 FROM (
                SELECT created_at, count(*) AS entries FROM audit
                WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                    AND actor_type IN ('user', 'api_key') AND created_at >= \(change.at)
                    AND action <> \(ImportUndoers.restoring(subject.type))
                GROUP BY created_at) touched
            WHERE entries > (
                SELECT count(*) FROM import_changes WHERE tenant_id = \(tx.tenant) AND record_id = \(subject.id)
                    AND at = touched.created_at AND (import_id = \(change.importID) OR outcome = 'restored'))
            LIMIT 1
            """)
    }
}

private let insertChange = Statement(
    """
    INSERT INTO import_changes (tenant_id, import_id, number, record_id, action, before, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    """)
