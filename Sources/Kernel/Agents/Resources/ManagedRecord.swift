package import Database
internal import JSON
package import Jobs
internal import Nouns
package import Records

/// A record whose every change is checked, stored, audited and told as an event, in one transaction,
/// whichever way it comes: over HTTP, in bulk, by import, by an agent.
package protocol ManagedRecord: Record {
    /// The permission that an agent needs to change such records: `leads:write` for those of `leads`, unless they
    /// belong to others.
    static var writing: Permission { get }
    /// Computes what follows from the record's own fields. Called wherever these are set, before any
    /// transaction: it may be called more than once.
    mutating func derive()
    /// Completes the record and checks what its fields alone cannot say; `old` is `nil` on create.
    mutating func prepare(replacing old: Self?, by actor: Actor, in tx: Transaction) throws
    /// Does what follows from the change, in the same transaction.
    func saved(replacing old: Self?, by actor: Actor, in tx: Transaction) throws
    /// Does what follows from the removal; throws to refuse it.
    func deleted(by actor: Actor, in tx: Transaction) throws
    /// Completes the record when its person is erased: its fields are emptied already, and `old` still has them.
    mutating func erased(replacing old: Self, in tx: Transaction) throws
}

extension ManagedRecord {
    package static var management: (any Sendable)? { Management(type: Self.self) }
    package static var writing: Permission { Permission("\(resource.table):write") }
    package func derive() {}
    package func prepare(replacing old: Self?, by actor: Actor, in tx: Transaction) throws {}
    package func saved(replacing old: Self?, by actor: Actor, in tx: Transaction) throws {}
    package func deleted(by actor: Actor, in tx: Transaction) throws {}
    package func erased(replacing old: Self, in tx: Transaction) throws {}

    package var subject: Subject { Subject(type: Self.resource.noun, id: id) }
}

private struct Management: Sendable {
    let type: any ManagedRecord.Type
}

extension Record {
    /// The type as one of managed records, where it is.
    package static var managed: (any ManagedRecord.Type)? { (management as? Management)?.type }
}

extension Transaction {
    /// Stores a new record.
    package func create<R: ManagedRecord>(_ record: inout R, by actor: Actor) throws {
        _ = try create(answering: &record, by: actor)
    }

    /// Stores a new record, and returns the beginning of its answer, where rows hold that.
    package func create<R: ManagedRecord>(answering record: inout R, by actor: Actor) throws -> AnswerStart? {
        let start = try store(new: &record, by: actor)
        try unlimited.publish("\(R.resource.noun).created", record.subject)
        try record.saved(replacing: nil, by: actor, in: unlimited)
        return start
    }

    /// Stores one of many new records, whose events the caller publishes together in the same transaction.
    package func create<R: ManagedRecord>(
        _ record: inout R, by actor: Actor, telling told: inout [EventDraft]
    ) throws {
        _ = try store(new: &record, by: actor)
        try record.saved(replacing: nil, by: actor, in: unlimited)
        told.append(EventDraft("\(R.resource.noun).created", record.subject))
    }

    private func store<R: ManagedRecord>(new record: inout R, by actor: Actor) throws -> AnswerStart? {
        try agents.require(R.writing, of: actor)
        if let limit { try record.settleClient(within: limit) }
        let named = R.schema.references(of: record, replacing: nil)
        try requiring(named) { try record.prepare(replacing: nil, by: actor, in: unlimited) }
        let start = try R.resource.insert(answering: &record, in: self)
        try auditLog.add(
            actor, "\(R.resource.noun).created", record.subject,
            text: R.resource.contents(of: record, from: start))
        return start
    }

    /// Stores a change under the next version; nothing happens when nothing differs. Answers whether
    /// something did.
    @discardableResult
    package func update<R: ManagedRecord>(
        _ old: R, to record: inout R, by actor: Actor, action: String? = nil
    ) throws -> Bool {
        try agents.require(R.writing, of: actor)
        record.derive()
        if let limit { try record.settleClient(within: limit) }
        let named = R.schema.references(of: record, replacing: old)
        try requiring(named) { try record.prepare(replacing: old, by: actor, in: unlimited) }
        let changes = R.resource.changes(from: old, to: record)
        guard !changes.isEmpty else { return false }
        record.version = old.version + 1
        record.updatedAt = now
        try R.resource.update(old, to: record, in: self)
        try auditLog.add(actor, action ?? "\(R.resource.noun).updated", record.subject, .object(changes))
        try unlimited.publish("\(R.resource.noun).updated", record.subject, ["changed": JSON(changes.keys)])
        try record.saved(replacing: old, by: actor, in: unlimited)
        return true
    }

    package func delete<R: ManagedRecord>(_ record: R, by actor: Actor) throws {
        try agents.require(R.writing, of: actor)
        for check in runtime.deletionGuards[R.noun] ?? [] { try check(unlimited, record.id.untyped) }
        try R.resource.delete(record, in: self)
        pending.knownRecords = [:]
        try auditLog.add(actor, "\(R.resource.noun).deleted", record.subject, [:])
        try unlimited.publish("\(R.resource.noun).deleted", record.subject)
        try record.deleted(by: actor, in: unlimited)
    }

    /// Takes away a record that goes on as another: nobody is asked, since nothing of it is lost.
    package func mergeAway<R: ManagedRecord>(_ record: R, into kept: Subject, by actor: Actor) throws {
        try agents.require(R.writing, of: actor)
        try R.resource.delete(record, in: self)
        pending.knownRecords = [:]
        try auditLog.add(
            actor, "\(R.resource.noun).merged_away", record.subject, ["into": .string(kept.id)])
        try unlimited.publish("\(R.resource.noun).deleted", record.subject)
    }

    /// Brings it back as it was, under its own id.
    package func bringBack<R: ManagedRecord>(_ record: inout R, by actor: Actor) throws {
        try agents.require(R.writing, of: actor)
        record.version += 1
        record.updatedAt = now
        try record.prepare(replacing: nil, by: actor, in: unlimited)
        try R.resource.insert(&record, in: self)
        try auditLog.add(actor, "\(R.resource.noun).unmerged", record.subject, [:])
        try unlimited.publish("\(R.resource.noun).created", record.subject)
        try record.saved(replacing: nil, by: actor, in: unlimited)
    }
}

extension ManagedRecord {
    /// Sets the client of a record that a limited caller creates: their only client, unless the body names one.
    fileprivate mutating func settleClient(within limit: RowLimit) throws {
        guard let field = Self.schema["client_id"], !field.isReadOnly, field.json(self).isNull else { return }
        if limit.clients.count == 1 {
            field.assign(&self, JSON(limit.clients[0]))
        } else {
            throw Problem(faults: [
                Fault(
                    "/client_id", "required",
                    "client_id is required: name the client to whom the record belongs.")
            ])
        }
    }
}
