internal import Agents
package import Database
internal import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// The uses of a record that bad data stops until it is mended.
package enum RecordUse: String, Choice {
    /// Marketing messages, above all those of sequences.
    case sequences
    /// Asking outside sources about it.
    case enrichment
    /// Taking it to, and from, another system.
    case sync
    /// Counting the field in the score of a lead.
    case scoring
}

/// A use of a record that waits until its data is mended: a row of `record_holds`.
package struct RecordHold: StoredRow {
    package let subject: Subject
    package let use: RecordUse
    /// The cause, such as an issue of data quality, and the field at fault.
    package let cause: String, field: String
    /// The fault, in words.
    package let detail: String
    package let since: Instant

    /// The code of a refusal, and of a reason of sendability.
    package static let code = "data_quality"

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        subject = row.subject()
        use = RecordUse(rawValue: row.text("usage")) ?? .sequences
        (cause, field, detail) = (row.text("cause"), row.text("field"), row.text("detail"))
        since = row.instant("since")
    }
}

/// The uses of records that wait: `tx.recordHolds`.
package struct RecordHoldStore<Base: Queryable> {
    let tx: Base

    /// Returns what stops a use of a record, the oldest first; `nil`: nothing does.
    package func find(_ id: some Key, for use: RecordUse) throws -> RecordHold? {
        try tx.first(
            """
            SELECT \(RecordHold.columns) FROM record_holds
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(id.keyText) AND usage = \(use.rawValue)
            ORDER BY since, cause LIMIT 1
            """, RecordHold.init)
    }

    /// Returns what has stopped a use of any of some records for the longest time; `nil`: nothing does.
    package func first(of ids: [String], for use: RecordUse) throws -> RecordHold? {
        try tx.first(
            """
            SELECT \(RecordHold.columns) FROM record_holds
            WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: ids) AND usage = \(use.rawValue)
            ORDER BY since, cause LIMIT 1
            """, RecordHold.init)
    }

    /// Returns whether a use is stopped of more than some records of a kind.
    package func stops(moreThan count: Int, of type: String, for use: RecordUse) throws -> Bool {
        let found = try tx.all(
            """
            SELECT DISTINCT subject_id FROM record_holds
            WHERE tenant_id = \(tx.tenant) AND usage = \(use.rawValue) AND subject_type = \(type) LIMIT \(count + 1)
            """
        ) { $0.text(0) }
        return found.count > count
    }

    /// Returns the condition that nothing stops a use of the records that some columns name.
    package func noneStops(_ use: RecordUse, of columns: StaticString) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM record_holds WHERE record_holds.tenant_id = \(tx.tenant)
            AND record_holds.subject_id IN (\(raw: columns)) AND record_holds.usage = \(use.rawValue))
        """
    }

    /// Returns the fields of some records that must not be used, by record.
    package func fields(of ids: [String], for use: RecordUse) throws -> [String: Set<String>] {
        guard !ids.isEmpty else { return [:] }
        var found: [String: Set<String>] = [:]
        try tx.each(
            """
            SELECT subject_id, field FROM record_holds
            WHERE tenant_id = \(tx.tenant) AND usage = \(use.rawValue) AND subject_id IN \(list: ids)
            """
        ) { found[$0.text(0), default: []].insert($0.text(1)) }
        return found
    }

    /// Returns the fields of some records that must not be used, by record.
    package func fields<R: Identified>(of ids: [ID<R>], for use: RecordUse) throws -> [ID<R>: Set<String>] {
        var found: [ID<R>: Set<String>] = [:]
        try tx.each(
            """
            SELECT subject_id, field FROM record_holds
            WHERE tenant_id = \(tx.tenant) AND usage = \(use.rawValue) AND subject_id IN \(list: ids)
            """
        ) { found[ID($0, 0), default: []].insert($0.text(1)) }
        return found
    }
}

extension Queryable {
    package var recordHolds: RecordHoldStore<Self> { RecordHoldStore(tx: self) }
}

package extension RecordHoldStore where Base == Transaction {
    /// Stops uses of a record from this moment on. Whoever would have used it finds the reason here; that it is stopped
    /// is kept as a refusal, and told as an event.
    func hold(
        _ subject: Subject, for uses: [RecordUse], field: String, because detail: String, cause: some Key,
        by agent: String
    ) throws {
        for use in uses {
            let isNew = try tx.run(
                """
                INSERT INTO record_holds (tenant_id, subject_id, usage, cause, subject_type, field, detail, since)
                VALUES (\(tx.tenant), \(subject.id), \(use.rawValue), \(cause.keyText), \(subject.type), \(field), \(detail),
                    \(tx.now))
                ON CONFLICT (tenant_id, subject_id, usage, cause) DO NOTHING
                """)
            guard isNew == 1, use != .scoring else { continue }
            // The detail may hold what goes with a person; refusals stay.
            tx.refusals.refuse(
                use == .sequences ? .send : .action, agent: agent, subject, code: RecordHold.code,
                "The record is not used (\(use.rawValue)) until its \(field) is mended: see its quality issues."
            )
            try tell("record.held", subject, use, field)
        }
    }

    /// Lets the uses go on that a cause has stopped.
    func release(cause: some Key) throws {
        let held = try tx.all(
            """
            DELETE FROM record_holds WHERE tenant_id = \(tx.tenant) AND cause = \(cause.keyText)
            RETURNING \(RecordHold.columns)
            """, RecordHold.init)
        for hold in held where hold.use != .scoring {
            guard try find(hold.subject.id, for: hold.use) == nil else { continue }
            try tell("record.released", hold.subject, hold.use, hold.field)
        }
    }

    private func tell(_ type: String, _ subject: Subject, _ use: RecordUse, _ field: String) throws {
        try tx.publish(
            type, Subject(type: "tenant", id: tx.tenant.rawValue),
            ["subject": subject.json, "use": .string(use.rawValue), "field": .string(field)])
    }

    /// Forgets what is held about records that are gone.
    func forget(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        try tx.run("DELETE FROM record_holds WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: ids)")
    }
}
