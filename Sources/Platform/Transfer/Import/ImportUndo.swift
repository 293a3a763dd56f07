package import Agents
package import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
package import Records
internal import Routing
internal import Telemetry

/// The end of an undo for a record, and why it was kept.
package struct UndoResult: Sendable {
    let outcome: ImportChange.Outcome
    let reason: String?

    init(_ outcome: ImportChange.Outcome, _ reason: String? = nil) {
        (self.outcome, self.reason) = (outcome, reason)
    }
}

/// The ways to undo what an import did with records, for each resource that can be imported.
package struct ImportUndoers: Sendable {
    typealias Undo = @Sendable (ImportChange, Actor, Transaction) throws -> UndoResult
    fileprivate var byTable: [String: Undo] = [:]

    /// The action in the audit of a record that was set back.
    static func restoring(_ noun: String) -> String { "\(noun).restored" }
}

extension JobRegistration {
    /// Lets imports of such records be undone. `remove` takes away one that an import has created.
    package mutating func undoImports<R: ManagedRecord>(
        of type: R.Type,
        remove: @escaping @Sendable (R, Actor, Transaction) throws -> Void = { try $2.delete($0, by: $1) }
    ) {
        var undoers = questions[ImportUndoers.self] ?? ImportUndoers()
        undoers.byTable[R.resource.table] = { change, actor, tx in
            guard let id = ID<R.Identity>(change.recordID), let record = try R.resource.find(id, in: tx)
            else {
                return UndoResult(.kept, "It no longer exists.")
            }
            if try tx.imports.isTouched(record.subject, since: change) {
                return UndoResult(.kept, "It was changed since.")
            }
            do {
                switch change.action {
                case .created:
                    try tx.attempt { try remove(record, actor, tx) }
                    return UndoResult(.removed)
                case .updated:
                    try tx.attempt { try restore(record, to: change.before, by: actor, in: tx) }
                    return UndoResult(.restored)
                }
            } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
                return UndoResult(.kept, problem.problem.detail)
            }
        }
        questions[ImportUndoers.self] = undoers
    }
}

private func restore<R: ManagedRecord>(
    _ record: R, to before: JSONObject, by actor: Actor, in tx: Transaction
) throws {
    var restored = record, faults = Faults()
    for (name, value) in before.members {
        guard let field = R.schema[name] else { continue }
        if value.isNull {
            field.assign(&restored, .null)
        } else if let valid = field.kind.validated(value, at: "/\(name)", siblings: before, faults: &faults) {
            field.assign(&restored, valid)
        }
    }
    try faults.throwIfAny()
    try tx.update(record, to: &restored, by: actor, action: ImportUndoers.restoring(R.noun))
}

/// Takes back what an import did, last row first, a part at a time.
struct ImportUndoJob: JobKind {
    struct Work: Codable, Sendable { let importID: ID<Import> }
    typealias Payload = OnBehalf<Work>

    static let kind = "import.undo"
    static let queue = importQueue
    private static let chunk = 100

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let (id, actor) = (payload.importID, payload.actor)
        while try await job.write(.batch, { try $0.imports.undo(upTo: Self.chunk, of: id, by: actor) }) {}
        try await job.complete { tx in try tx.imports.finishUndo(of: id, by: actor) }
    }
}

extension ImportStore where Base == Transaction {
    /// For how long an import can be undone.
    private static var undoPeriod: Duration { .seconds(30 * 86_400) }

    /// Begins to undo an import.
    func undo(_ old: Import, by actor: Actor) throws -> Import {
        guard old.status.isOver, old.status != .undoing, old.status != .undone,
            try tx.exists(
                "SELECT 1 FROM import_changes WHERE tenant_id = \(tx.tenant) AND import_id = \(old.id)")
        else {
            throw Problem(
                .invalidTransition,
                "The import is \(old.status.rawValue), or has changed nothing: undo a finished one, once.",
                extra: ["allowed": []])
        }
        guard (old.finishedAt ?? old.updatedAt) + Self.undoPeriod > tx.now else {
            throw Problem(.conflict, "An import can be undone for 30 days: change its records one by one.")
        }
        var record = old
        record.status = .undoing
        try save(old, &record)
        try tx.auditLog.add(actor, "import.undo_requested", record.subject)
        try tx.jobs.enqueue(
            ImportUndoJob.self,
            .init(.init(importID: old.id), of: actor),
            JobOptions(uniqueKey: "\(old.id)", subject: record.subject))
        return record
    }

    /// Undoes some of an import's changes; answers whether there may be more.
    fileprivate func undo(upTo limit: Int, of id: ID<Import>, by actor: Actor) throws -> Bool {
        let old = try Import.resource.get(id, in: tx)
        guard let undo = tx.runtime.answers(to: ImportUndoers.self)?.byTable[old.resourceName] else {
            return false
        }
        var record = old
        let changes = try next(of: id, limit: limit)
        for change in changes {
            let result = try undo(change, actor, tx)
            switch result.outcome {
            case .removed: record.removed += 1
            case .restored: record.restored += 1
            case .kept: record.kept += 1
            }
            try settle(change, of: id, result)
        }
        if !changes.isEmpty { try save(old, &record) }
        return changes.count == limit
    }

    fileprivate func finishUndo(of id: ID<Import>, by actor: Actor) throws {
        let old = try Import.resource.get(id, in: tx)
        var record = old
        record.status = .undone
        try save(old, &record)
        let counts: JSON = [
            "resource": .string(record.resourceName), "removed": JSON(record.removed),
            "restored": JSON(record.restored), "kept": JSON(record.kept),
        ]
        try tx.auditLog.add(actor, "import.undone", record.subject, counts)
        try tx.publish("import.undone", record.subject, counts)
    }
}
