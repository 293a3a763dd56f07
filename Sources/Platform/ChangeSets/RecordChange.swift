internal import Agents
package import Database
package import JSON
package import Jobs
internal import Records

/// The change of one field of a record by a set: a row of `record_changes`.
package struct RecordChange: StoredRow {
    package enum State: String, Choice {
        case planned, applied, unchanged, conflict, refused
        case undone, kept
    }

    package let number: Int
    package let subject: Subject
    package let field: String
    package let before: JSON
    package var after: JSON
    package var state: State
    /// The reason for which a change was not made or not taken back: `changed_since`, `gone`, or the sentence of the
    /// record's rule.
    package var reason: String?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (number, subject, field) = (row.int("number"), row.subject(), row.text("field"))
        before = try row.optionalJSON("before_value") ?? .null
        after = try row.optionalJSON("after_value") ?? .null
        state = State(rawValue: row.text("state")) ?? .planned
        reason = row.optionalText("reason")
    }

    init(_ number: Int, _ subject: Subject, _ field: String, before: JSON, after: JSON) {
        (self.number, self.subject, self.field) = (number, subject, field)
        (self.before, self.after, state, reason) = (before, after, .planned, nil)
    }

    static let memberNames = ["subject", "field", "before", "after", "state", "reason"]

    static let schema: JSON = .record([
        "subject": subjectSchema,
        "field": ["type": "string", "description": "The field that changes."],
        "before": ["description": "The value before."],
        "after": ["description": "The value that the change gives."],
        "state": [
            "type": "string", "enum": JSON(State.choices),
            "description": "The outcome of the change; planned: none yet.",
        ],
        "reason": [
            "type": ["string", "null"], "description": "Why the change was not made, or not taken back.",
        ],
    ])

    private static let subjectSchema: JSON = .record([
        "type": ["type": "string", "description": "The kind of record."],
        "id": ["type": "string", "description": "The record."],
    ]).merging(["description": "The record that changes."])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("subject", subject.json)
        writer.member("field", .string(field))
        writer.member("before", before)
        writer.member("after", after)
        writer.member("state", .string(state.rawValue))
        writer.member("reason", JSON(reason))
        writer.endObject()
    }

    package var json: JSON {
        [
            "subject": subject.json, "field": .string(field), "before": before, "after": after,
            "state": .string(state.rawValue), "reason": JSON(reason),
        ]
    }
}

/// The changes about a person, which go with them.
struct RecordChangeData: PersonalData {
    let name = "record_changes"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { subject in
            try reader.all(
                """
                SELECT \(RecordChange.columns) FROM record_changes WHERE tenant_id = \(reader.tenant)
                    AND subject_id = \(subject.id) AND subject_type = \(subject.type)
                ORDER BY change_set_id, number
                """, RecordChange.init
            ).map(\.json)
        }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try count
                + tx.run(
                    """
                    UPDATE record_changes SET before_value = NULL, after_value = NULL, state = 'kept',
                        reason = 'gone'
                    WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                        AND subject_type = \(subject.type) AND (reason IS NULL OR reason <> 'gone')
                    """)
        }
    }
}
