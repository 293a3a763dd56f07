internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// Change sets and their changes: `tx.changeSets`.
package struct ChangeSetStore<Base: Queryable> {
    let tx: Base

    /// Returns the kinds of records that a set is about.
    func subjectTypes(of set: ID<ChangeSet>) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT subject_type FROM record_changes
            WHERE tenant_id = \(tx.tenant) AND change_set_id = \(set) ORDER BY subject_type
            """
        ) { $0.text(0) }
    }

    /// Returns those of some sets that were taken back.
    package func undone(among sets: Set<ID<ChangeSet>>) throws -> Set<ID<ChangeSet>> {
        Set(
            try tx.all(
                """
                SELECT id FROM change_sets WHERE tenant_id = \(tx.tenant) AND id IN \(list: sets.sorted().map(\.text))
                    AND status IN ('undoing', 'undone', 'partly_undone')
                """
            ) { ID<ChangeSet>($0, 0) })
    }

    /// Returns the records of which not every change could be made.
    package func failedRecords(of set: ID<ChangeSet>) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT DISTINCT subject_id FROM record_changes
                WHERE tenant_id = \(tx.tenant) AND change_set_id = \(set) AND state IN ('conflict', 'refused')
                """
            ) { $0.text(0) })
    }

    /// Returns the changes next to the one that was handled last.
    fileprivate func next(of set: ChangeSet, limit: Int) throws -> [RecordChange] {
        let isBack = set.status == .undoing
        let place: SQL = isBack ? "number < \(set.position)" : "number > \(set.position)"
        let order: SQL = isBack ? "DESC" : "ASC"
        return try tx.all(
            """
            SELECT \(RecordChange.columns) FROM record_changes
            WHERE tenant_id = \(tx.tenant) AND change_set_id = \(set.id) AND \(place)
            ORDER BY number \(order) LIMIT \(limit)
            """, RecordChange.init)
    }
}

extension Queryable {
    package var changeSets: ChangeSetStore<Self> { ChangeSetStore(tx: self) }
}

extension ChangeSetStore where Base == Transaction {
    /// The number of records that a request changes itself; a job goes on with the others, in parts of that size, so
    /// that no other write waits long.
    package static var atOnce: Int { 40 }
    /// More than the fields of `atOnce` records together, in nearly all cases.
    private static var changesMax: Int { 400 }

    /// Stores a set and applies it: a small one at once, a large one in the background.
    package func apply(_ plan: ChangeSetPlan, as new: NewChangeSet, by actor: Actor) throws -> ChangeSet {
        var set = ChangeSet.new(id: tx.nextID(), now: tx.now)
        (set.kind, set.title, set.runID) = (new.kind, new.title, new.runID)
        (set.records, set.changes) = (plan.records, plan.changes.count)
        (set.actorType, set.actorID) = (actor.kind.rawValue, actor.id)
        try ChangeSet.resource.insert(&set, in: tx)
        for change in plan.changes {
            try tx.run(
                insertChange,
                [
                    tx.tenant.sqlValue, set.id.sqlValue, change.number.sqlValue, change.subject.type.sqlValue,
                    change.subject.id.sqlValue, change.field.sqlValue, change.before.serialized.sqlValue,
                    change.after.serialized.sqlValue, change.state.rawValue.sqlValue,
                ])
        }
        try tx.auditLog.add(
            actor, "change_set.created", set.subject,
            ["kind": .string(set.kind.rawValue), "records": JSON(set.records), "changes": JSON(set.changes)])
        return try begin(set)
    }

    /// Begins to take a set back.
    package func undo(_ old: ChangeSet, by actor: Actor) throws -> ChangeSet {
        guard old.status == .applied else {
            throw Problem(
                .invalidTransition,
                "The change set is \(old.status.rawValue): only an applied one is undone.",
                extra: ["allowed": []])
        }
        var set = old
        (set.status, set.position, set.progress, set.finishedAt) = (.undoing, old.changes + 1, 0, nil)
        (set.actorType, set.actorID) = (actor.kind.rawValue, actor.id)
        try save(old, &set)
        try tx.auditLog.add(actor, "change_set.undo_requested", set.subject)
        return try begin(set)
    }

    private func begin(_ set: ChangeSet) throws -> ChangeSet {
        let now = try proceed(set)
        try enqueueWork(on: now)
        return now
    }

    /// Has a job go on with a set, unless it has ended or one does so already.
    func enqueueWork(on set: ChangeSet) throws {
        guard set.status.isAtWork else { return }
        try tx.jobs.enqueue(
            ChangeSetJob.self, ChangeSetJob.Payload(changeSetID: set.id),
            JobOptions(uniqueKey: set.id, subject: set.subject))
    }

    /// Handles the next records of a set, and ends it when none is left.
    func proceed(_ old: ChangeSet) throws -> ChangeSet {
        guard old.status.isAtWork else { return old }
        var set = old
        let changes = try next(of: old, limit: Self.changesMax)
        let isLast = changes.count < Self.changesMax
        var groups: [[RecordChange]] = []
        for change in changes {
            if groups.last?.last?.subject == change.subject {
                groups[groups.count - 1].append(change)
            } else {
                groups.append([change])
            }
        }
        // The last group may go on behind the part that was read.
        if !isLast, groups.count > 1 { groups.removeLast() }
        let isWhole = isLast && groups.count <= Self.atOnce
        for group in groups.prefix(Self.atOnce) {
            let handled =
                set.status == .applying ? try applied(group, by: set.actor) : try undone(group, of: set)
            for change in handled {
                set.count(change)
                try settle(change, of: set.id)
                set.position = change.number
            }
        }
        if set.changes > 0 {
            let done = set.status == .applying ? set.position : set.changes + 1 - set.position
            set.progress = Double(done) / Double(set.changes)
        }
        if isWhole { try finish(&set) }
        try save(old, &set)
        return set
    }

    func finish(_ set: inout ChangeSet) throws {
        (set.progress, set.finishedAt) = (1, tx.now)
        let isUndo = set.status == .undoing
        set.status = !isUndo ? .applied : set.kept > 0 ? .partlyUndone : .undone
        try tx.publish(
            isUndo ? "change_set.undone" : "change_set.applied", set.subject,
            [
                "kind": .string(set.kind.rawValue), "records": JSON(set.records),
                "applied": JSON(set.applied),
                "conflicts": JSON(set.conflicts), "undone": JSON(set.undone), "kept": JSON(set.kept),
            ])
    }

    func save(_ old: ChangeSet, _ new: inout ChangeSet) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try ChangeSet.resource.update(old, to: new, in: tx)
    }

    private func settle(_ change: RecordChange, of set: ID<ChangeSet>) throws {
        try tx.run(
            """
            UPDATE record_changes SET state = \(change.state.rawValue), reason = \(change.reason),
                after_value = \(change.after.serialized)
            WHERE tenant_id = \(tx.tenant) AND change_set_id = \(set) AND number = \(change.number)
            """)
    }

    // MARK: One record

    /// Makes a record's changes, as far as it still has the values that they were planned for.
    private func applied(_ changes: [RecordChange], by actor: Actor) throws -> [RecordChange] {
        try changed(
            changes, by: actor, from: \.before, to: \.after, done: .applied, asked: [.planned],
            same: .unchanged, other: .conflict, refused: .refused)
    }

    /// Takes a record's changes back, as far as it still has the values that they gave.
    private func undone(_ changes: [RecordChange], of set: ChangeSet) throws -> [RecordChange] {
        tx.note(TakingBack(isUnderWay: true))
        defer { tx.note(TakingBack(isUnderWay: false)) }
        if let creation = changes.first(where: { $0.isCreation && $0.state == .applied }) {
            let (state, reason) = try retire(creation, made: set.createdAt, by: set.actor)
            return changes.map { $0.state == .applied ? $0.with(state, reason) : $0 }
        }
        return try changed(
            changes, by: set.actor, from: \.after, to: \.before, done: .undone, asked: [.applied],
            same: .undone, other: .kept, refused: .kept)
    }

    private func changed(
        _ changes: [RecordChange], by actor: Actor, from old: KeyPath<RecordChange, JSON>,
        to new: KeyPath<RecordChange, JSON>, done: RecordChange.State, asked: Set<RecordChange.State>,
        same: RecordChange.State, other: RecordChange.State, refused: RecordChange.State
    ) throws -> [RecordChange] {
        let id = changes[0].subject.id
        guard changes.contains(where: { asked.contains($0.state) }) else { return changes }
        guard let records = tx.runtime.records.records(of: id), let present = try found(id, records) else {
            return changes.map { asked.contains($0.state) ? $0.with(other, "gone") : $0 }
        }
        var result = changes, patch = JSONObject(), open: [Int] = []
        for (index, change) in changes.enumerated() where asked.contains(change.state) {
            let value = present[change.field] ?? .null
            if value.isStored(as: change[keyPath: new]) {
                result[index] = change.with(same, nil)
            } else if value.isStored(as: change[keyPath: old]) {
                patch.append(change.field, change[keyPath: new].patching(value))
                open.append(index)
            } else {
                result[index] = change.with(other, "changed_since")
            }
        }
        guard !open.isEmpty else { return result }
        do {
            let stored = try tx.attempt { try records.update(id, patch, actor, tx) }
            for index in open {
                result[index] = changes[index].with(done, nil)
                // A record may bring a value into its own form.
                if done == .applied { result[index].after = stored[changes[index].field] ?? .null }
            }
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            for index in open { result[index] = changes[index].with(refused, problem.problem.detail) }
        }
        return result
    }

    private func found(_ id: String, _ records: ToolRecords) throws -> JSON? {
        do {
            return try records.get(id, tx)
        } catch let problem as Problem where problem.type == .notFound {
            return nil
        }
    }
}

/// A note that what is written in the transaction was so before: a record goes back to where it stood, though nobody
/// could take it there step by step.
private struct TakingBack {
    let isUnderWay: Bool
}

package extension ChangeSetStore where Base == Transaction {
    /// Whether what is being written takes a change back.
    var isTakingBack: Bool { tx.noted(TakingBack.self)?.isUnderWay == true }
}

extension RecordChange {
    fileprivate func with(_ state: State, _ reason: String?) -> RecordChange {
        var change = self
        (change.state, change.reason) = (state, reason)
        return change
    }
}

extension ChangeSet {
    fileprivate mutating func count(_ change: RecordChange) {
        switch change.state {
        case .applied: applied += 1
        case .unchanged where status == .applying: unchanged += 1
        case .conflict where status == .applying: conflicts += 1
        case .refused where status == .applying: refused += 1
        case .undone: undone += 1
        case .kept: kept += 1
        case .planned, .unchanged, .conflict, .refused: break
        }
    }
}

extension JSON {
    /// Returns whether the value is stored as the other is: numbers may have lost their kind on the way.
    fileprivate func isStored(as other: JSON) -> Bool { self == other || serialized == other.serialized }

    /// The merge patch (RFC 7396) that makes this of what is there: members that it lacks go.
    fileprivate func patching(_ present: JSON) -> JSON {
        guard var members = object, let present = present.object else { return self }
        for (name, old) in present.members {
            members[name] = members[name].map { $0.patching(old) } ?? JSON.null
        }
        return .object(members)
    }
}

private let insertChange = Statement(
    """
    INSERT INTO record_changes (tenant_id, change_set_id, number, subject_type, subject_id, field,
        before_value, after_value, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
