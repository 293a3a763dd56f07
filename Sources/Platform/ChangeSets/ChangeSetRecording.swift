internal import Agents
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Telemetry

/// A change that an action has made itself, of which a set only has to keep what it was.
package struct MadeChange: Sendable {
    let subject: Subject
    let field: String
    let before: JSON, after: JSON

    /// A record was created.
    package static func created(_ subject: Subject) -> MadeChange {
        MadeChange(
            subject: subject, field: RecordChange.creation, before: .null, after: .string(subject.id))
    }

    /// A field of a record was changed.
    package static func changed(
        _ subject: Subject, _ field: String, from before: JSON, to after: JSON
    ) -> MadeChange { MadeChange(subject: subject, field: field, before: before, after: after) }
}

extension RecordChange {
    /// The field of the change that made a record: it has an identifier since then.
    static let creation = "id"

    var isCreation: Bool { field == Self.creation && before.isNull }
}

package extension ChangeSetStore where Base == Transaction {
    /// Begins a set for changes that the caller makes itself, in as many transactions as it needs.
    func open(_ new: NewChangeSet, by actor: Actor) throws -> ChangeSet {
        var set = ChangeSet.new(id: tx.nextID(), now: tx.now)
        (set.kind, set.title, set.runID) = (new.kind, new.title, new.runID)
        (set.actorType, set.actorID) = (actor.kind.rawValue, actor.id)
        try ChangeSet.resource.insert(&set, in: tx)
        try tx.auditLog.add(
            actor, "change_set.created", set.subject, ["kind": .string(set.kind.rawValue)])
        return set
    }

    /// Keeps changes that were made in this transaction. Those of one record follow one another.
    func keep(_ made: [MadeChange], in id: ID<ChangeSet>) throws {
        guard !made.isEmpty else { return }
        let old = try ChangeSet.resource.get(id, in: tx)
        var set = old, last: Subject?, rows: [[SQLValue]] = []
        for change in made {
            set.changes += 1
            set.applied += 1
            if change.subject != last { set.records += 1 }
            last = change.subject
            rows.append([
                tx.tenant.sqlValue, id.sqlValue, set.changes.sqlValue, change.subject.type.sqlValue,
                change.subject.id.sqlValue, change.field.sqlValue, change.before.serialized.sqlValue,
                change.after.serialized.sqlValue, RecordChange.State.applied.rawValue.sqlValue,
            ])
        }
        try tx.run(insertMadeChanges, rows)
        set.position = set.changes
        set.version = old.version + 1
        set.updatedAt = tx.now
        try ChangeSet.resource.update(old, to: set, in: tx)
    }

    /// Ends a set that was opened: from now on it can be undone.
    func close(_ id: ID<ChangeSet>) throws {
        let old = try ChangeSet.resource.get(id, in: tx)
        guard old.status == .applying else { return }
        var set = old
        try finish(&set)
        try save(old, &set)
    }

    /// Takes back that a record was created: it is archived, or deleted where its kind has no archive, unless a person
    /// has changed it since.
    internal func retire(
        _ creation: RecordChange, made at: Instant, by actor: Actor
    ) throws -> (
        RecordChange.State, String?
    ) {
        let id = creation.subject.id
        guard let records = tx.runtime.records.records(of: id) else { return (.kept, "gone") }
        let isTouched = try tx.exists(
            """
            SELECT 1 FROM audit WHERE tenant_id = \(tx.tenant) AND subject_id = \(id)
                AND actor_type IN ('user', 'api_key') AND created_at > \(at) LIMIT 1
            """)
        if isTouched { return (.kept, "changed_since") }
        do {
            try tx.attempt { try records.retire(id, actor, tx) }
            return (.undone, nil)
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            let problem = problem.problem
            return (.kept, problem.type == .notFound ? "gone" : problem.detail)
        }
    }
}

private let insertMadeChanges = RowsStatement(
    """
    INSERT INTO record_changes (tenant_id, change_set_id, number, subject_type, subject_id, field,
        before_value, after_value, state)
    """, columns: 9)

extension ChangeSetStore {
    /// Returns the changes of a set that were taken back.
    package func undoneChanges(of id: ID<ChangeSet>) throws -> [UndoneChange] {
        try tx.all(
            """
            SELECT \(RecordChange.columns) FROM record_changes
            WHERE tenant_id = \(tx.tenant) AND change_set_id = \(id) AND state = 'undone' ORDER BY number
            """, RecordChange.init
        ).map { UndoneChange(subject: $0.subject, field: $0.isCreation ? nil : $0.field, now: $0.before) }
    }

    /// Returns whether a set of a kind is being taken back at the moment.
    package func isUndoing(_ kind: ChangeSet.Kind) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM change_sets
            WHERE tenant_id = \(tx.tenant) AND kind = \(kind.rawValue) AND status = 'undoing' LIMIT 1
            """)
    }
}

/// A change that was taken back.
package struct UndoneChange: Sendable {
    package let subject: Subject
    /// `nil`: the record itself was the change.
    package let field: String?
    /// The value that the field has again.
    package let now: JSON
}
