internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// A record was refused where others of its page may be stored already: the page has to be taken in carefully.
struct PageRefused: Error {}

/// Records that services have, judged and taken over: `tx.syncPulls`.
struct SyncPullStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncPulls: SyncPullStore<Self> { SyncPullStore(tx: self) }
}

extension SyncPullStore where Base == Transaction {
    /// Stores what follows from a page of the service's records, with the place behind it, in one transaction: after a
    /// crash nothing is done twice. `nil` where the sync is paused. A refused record leaves nothing behind: for that
    /// each record has a savepoint where `isCareful`, which costs a tenth, else the whole page is refused.
    func take(
        _ page: RemotePage, _ plan: SyncPlan, in old: SyncRun, isCareful: Bool = true,
        _ prepared: PreparedRecords = PreparedRecords()
    ) throws -> SyncRun? {
        let sync = try RecordSync.resource.get(plan.sync.id, in: tx)
        guard !sync.isPaused else { return nil }
        tx.note(SyncWriting(isUnderWay: true))
        defer { tx.note(SyncWriting(isUnderWay: false)) }
        var taking = PullTaking(plan, old, tx, isCareful: isCareful, prepared)
        try tx.syncHolds.letGo(page.records, of: plan.sync.id)
        for (record, step) in try judge(page.records, plan, prepared) { try taking.take(record, step) }
        try tx.publish(all: taking.told)
        var run = taking.run
        try keep(taking.made, in: &run, plan)
        if taking.bringsNews { try tx.syncs.passOn(sync) }
        try tx.syncRuns.list(taking.outcomes, in: &run)
        if run.since == nil, plan.object.deleted == nil {
            try tx.syncLinks.note(seen: page.records.map(\.id).filter { !taking.noted.contains($0) }, in: run)
        }
        for record in page.records { run.newest = RemoteTime.later(run.newest, record.updatedAt) }
        run.page = page.next
        run.pages += 1
        let before = try SyncRun.resource.get(old.id, in: tx)
        try tx.syncRuns.save(before, &run)
        if sync.backfill.state == .running {
            var told = sync
            told.backfill.total = page.total ?? told.backfill.total
            told.backfill.done = min(sync.backfill.done + page.records.count, told.backfill.total ?? .max)
            try tx.syncs.save(sync, &told)
        }
        return run
    }

    /// Keeps what was changed here in the run's change set.
    func keep(_ made: [MadeChange], in run: inout SyncRun, _ plan: SyncPlan) throws {
        guard !made.isEmpty else { return }
        let set =
            try run.changeSetID
            ?? tx.changeSets.open(
                NewChangeSet(.sync, "\(plan.object.name) of \(plan.system)"), by: plan.sync.actor
            ).id
        run.changeSetID = set
        try tx.changeSets.keep(made, in: set)
    }
}

/// A note that what is written in the transaction is a sync's own doing: it is no news to that sync, and what it brings
/// is passed on to the others page by page.
struct SyncWriting {
    let isUnderWay: Bool
}

/// A page on its way into the database.
private struct PullTaking {
    private let plan: SyncPlan
    private let tx: Transaction
    private let isCareful: Bool
    private let prepared: PreparedRecords
    /// The fields of new records that are kept with their pairs.
    private let columns: [String]
    private(set) var run: SyncRun
    private(set) var made: [MadeChange] = []
    private(set) var outcomes: [SyncOutcome] = []
    private(set) var told: [EventDraft] = []
    /// The records whose pairs already say that this run has seen them.
    private(set) var noted: Set<String> = []
    /// Whether other services are to hear of it at once. The first that a service shows after it was written to may be
    /// its own form of that: two with forms of their own would go on correcting each other.
    private(set) var bringsNews = false

    init(
        _ plan: SyncPlan, _ run: SyncRun, _ tx: Transaction, isCareful: Bool, _ prepared: PreparedRecords
    ) {
        (self.plan, self.run, self.tx, self.isCareful) = (plan, run, tx, isCareful)
        (self.prepared, columns) = (prepared, plan.columns)
    }

    mutating func take(_ record: RemoteRecord, _ step: PullStep) throws {
        switch step {
        case .unchanged: run.pulled.unchanged += 1
        case .skip(_, let code, let detail):
            run.pulled.skipped += 1
            outcomes.append(SyncOutcome(.remote, record.id, .skipped, code: code, detail: detail.english))
        case .held(let local, let unsubscribes, let fields):
            if unsubscribes { try tx.syncConsent.unsubscribe(local, toldBy: plan) }
            try tx.syncHolds.hold(record, for: local.id, of: plan.sync.id)
            run.pulled.skipped += 1
            outcomes.append(fields.outcome(.remote, record.id))
        case .fail(let fault): fail(record, fault)
        case .deleted(var link):
            guard !link.isDeleted else { return }
            link.isDeleted = true
            try tx.syncLinks.put(link, of: plan.sync.id)
        case .create(let values): try create(record, values)
        case .pair(let link, let local, let merge, let isNew):
            try pair(record, link, local, merge, isNew: isNew)
        }
    }

    private mutating func fail(_ record: RemoteRecord, _ fault: FieldFault) {
        run.pulled.failed += 1
        outcomes.append(SyncOutcome(.remote, record.id, fault))
    }

    private func attempt<T>(_ body: () throws -> T) throws -> T {
        isCareful ? try tx.attempt(body) : try body()
    }

    private mutating func refuse(_ record: RemoteRecord, _ problem: Problem) throws {
        guard isCareful else { throw PageRefused() }
        fail(record, FieldFault(problem))
    }

    // MARK: New ones

    private mutating func create(
        _ record: RemoteRecord, _ values: [(field: SyncField, value: JSON, raw: JSON)]
    ) throws {
        let stored: RecordValues, ready = prepared[record.id]
        do {
            let (plan, tx, columns) = (plan, tx, columns)
            var new: [EventDraft] = []
            stored = try attempt {
                let draft = try ready?.draft?.get() ?? read(record, values)
                return try draft.store(columns, plan.sync.actor, tx, &new)
            }
            told += new
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            return try refuse(record, problem.problem)
        }
        let local = LocalRecord(stored, columns)
        var link = SyncLink(local: local.id, remote: record.id)
        for field in plan.fields {
            let raw = (record.fields[field.remote.name] ?? .null).plain
            link.base[field.name] = AgreedValue(local: field.value(of: local), remote: raw)
        }
        if let told = values.first(where: { $0.field.isUnsubscribed }), told.value.flag == true {
            try tx.syncConsent.unsubscribe(local, toldBy: plan)
            link.base[SyncField.unsubscribed] = AgreedValue(local: true, remote: told.raw)
        }
        (link.seen, link.localVersion) = (ready?.mark ?? plan.mark(of: record), local.version)
        try tx.syncLinks.put(link, of: plan.sync.id, run: run.id)
        noted.insert(record.id)
        bringsNews = true
        made.append(.created(Subject(type: plan.records.noun, id: local.id)))
        outcomes.append(SyncOutcome(.remote, record.id, .created))
        run.pulled.created += 1
        run.paired += 1
    }

    /// Reads a record that was not prepared.
    private func read(
        _ record: RemoteRecord, _ values: [(field: SyncField, value: JSON, raw: JSON)]
    ) throws -> RecordDraft {
        var fields = plan.newFields(of: record, values)
        if plan.needsLead { fields["lead_id"] = JSON(try tx.syncLinks.lead(of: record, plan)) }
        return try plan.records.draft(fields)
    }

    // MARK: Known ones

    private mutating func pair(
        _ record: RemoteRecord, _ old: SyncLink, _ local: LocalRecord, _ merge: PairMerge, isNew: Bool
    ) throws {
        var link = old, patch = merge.patch, stored: JSON?
        if isNew, plan.keepsExternalIDs, local.values["external_ids"]?[plan.system]?.text != record.id {
            patch["external_ids"] = [plan.system: .string(record.id)]
        }
        if !patch.isEmpty {
            do {
                let (records, actor, tx, patch) = (plan.records, plan.sync.actor, tx, patch)
                stored = try attempt { try records.update(local.id, patch, actor, tx) }
            } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
                return try refuse(record, problem.problem)
            }
        }
        let now = stored.map { LocalRecord(stored: $0, at: tx.now) }
        link.base = merge.base
        let subject = Subject(type: plan.records.noun, id: local.id)
        var kept: Set<String> = []
        for change in merge.changes {
            let field = change.field
            link.base[field.name] = AgreedValue(
                local: now.map(field.value) ?? change.after, remote: change.raw)
            guard kept.insert(field.column).inserted else { continue }
            made.append(
                .changed(
                    subject, field.column, from: local.values[field.column] ?? .null,
                    to: stored?[field.column] ?? .null))
        }
        if merge.unsubscribes { try tx.syncConsent.unsubscribe(local, toldBy: plan) }
        run.conflicts += try tx.syncConflicts.note(
            merge.conflicts, settled: merge.settled, of: local, record, plan)
        link.forgetSent(shownBy: record, plan)
        (link.seen, link.localVersion) = (plan.mark(of: record), now?.version ?? local.version)
        link.isDirty = link.isDirty || merge.pushes
        link.isDeleted = false
        try tx.syncLinks.put(link, of: plan.sync.id, run: run.id)
        noted.insert(record.id)
        if isNew { run.paired += 1 }
        if merge.changes.isEmpty, !merge.unsubscribes {
            run.pulled.unchanged += 1
        } else {
            run.pulled.updated += 1
            bringsNews = bringsNews || isNew || old.seen != nil
            outcomes.append(SyncOutcome(.remote, record.id, .updated))
        }
    }
}

extension SyncLink {
    /// Lets go of what was sent, where the service shows that it took it.
    fileprivate mutating func forgetSent(shownBy record: RemoteRecord, _ plan: SyncPlan) {
        guard var rest = sent else { return }
        for name in rest.names {
            guard let field = plan[name] else { continue }
            if rest[name]?.remote == (record.fields[field.remote.name] ?? .null).plain { rest[name] = nil }
        }
        sent = rest.names.isEmpty ? nil : rest
    }
}
