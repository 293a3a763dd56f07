internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates
internal import Tenancy
internal import Telemetry

/// One attempt at a run.
struct SyncWork {
    private static let batch = 100
    /// The records of one request, where a service takes several: as many as each of these takes.
    private static let together = 10
    /// So many records are left out one by one, even where there are no others.
    private static let heldLeast = 10

    let job: JobContext
    let plan: SyncPlan
    let asking: SyncAsking
    var run: SyncRun
    /// Those of which the run has told that they are held back.
    private var toldHeld: Set<String> = []

    init(_ run: SyncRun, _ job: JobContext, _ integrations: IntegrationServices) throws {
        (self.run, self.job) = (run, job)
        let (sync, integration, currency) = try job.read { reader in
            let sync = try RecordSync.resource.get(run.syncID, in: reader)
            return (
                sync, try Integration.resource.find(sync.integrationID, in: reader),
                try reader.agency.tenant().currency
            )
        }
        let caller = ToolCaller(actor: .system, subject: sync.subject, clientID: integration?.clientID)
        guard let integration, let client = try integrations.client(of: integration, job.tenant, for: caller)
        else {
            throw RunFailure(
                "not_supported",
                "The integration no longer exists, or has no connector that lists records: connect the service again."
            )
        }
        asking = SyncAsking(client, for: run) { job.now }
        plan = try SyncPlan(sync, client.connector, job.runtime.records, currency: currency)
    }

    /// Goes on to the end; `nil` where the sync was paused meanwhile.
    mutating func finish() async throws -> SyncRun? {
        do {
            try requireFree()
            if run.phase == .pull, try await !pull() { return nil }
            if run.phase == .archive { try await archive() }
            if run.phase == .push, try await !push() { return nil }
            return counted
        } catch {
            try? await keepCalls()
            throw error
        }
    }

    /// Throws where bad data holds back all that there is to be compared.
    private func requireFree() throws {
        let plan = plan
        guard try job.read({ try $0.syncHolds.isHeld(plan, moreThan: Self.heldLeast) }) else { return }
        throw RunFailure(
            RecordHold.code,
            Saying("sync.held", ["resource": .text(plan.records.table)]).english)
    }

    /// The run with what has been asked so far.
    var counted: SyncRun {
        var run = run
        (run.calls, run.isSlowedDown) = asking.use
        return run
    }

    private func keepCalls() async throws {
        let (id, use) = (run.id, asking.use)
        try await job.write { tx in
            let old = try SyncRun.resource.get(id, in: tx)
            var told = old
            (told.calls, told.isSlowedDown) = use
            try tx.syncRuns.save(old, &told)
        }
    }

    // MARK: Deleted ones

    private mutating func archive() async throws {
        let (plan, id) = (plan, plan.sync.id)
        if plan.sync.deletes == .archive {
            let counts = try job.read { try $0.syncLinks.counts(id) }
            if counts.deleted > 10, counts.deleted * 5 > counts.linked, !plan.sync.acceptsDeletions {
                throw RunFailure(
                    RunFailure.brake,
                    Saying(
                        "sync.deleted",
                        ["deleted": .number(counts.deleted), "linked": .number(counts.linked)]
                    ).english
                )
            }
            var isLast = false
            while !isLast {
                let old = counted
                (run, isLast) = try await job.write { tx in
                    try tx.syncPulls.archiveDeleted(upTo: Self.batch, plan, in: old)
                }
            }
        } else {
            try await job.write { try $0.syncLinks.endDeleted(id) }
        }
        let old = counted
        run = try await job.write { try $0.syncRuns.endArchive(old) }
    }

    // MARK: Out

    /// Sends what the service does not know; false where the sync was paused.
    private mutating func push() async throws -> Bool {
        guard plan.pushes else { return true }
        try await push(sync: plan.sync.id)
        guard try !isPaused() else { return false }
        if run.place != nil {
            while let place = run.place {
                let plan = plan
                let locals = try job.read { try $0.syncs.locals(.after(place, limit: Self.batch), plan) }
                guard let last = locals.last?.id else { break }
                try await send(locals)
                run.place = last
                guard try await move(to: last) else { return false }
            }
        } else {
            let plan = plan, last = run.eventRow
            let ids = try job.read { reader in
                let sync = try RecordSync.resource.get(plan.sync.id, in: reader)
                return try reader.syncPushes.changedLocals(
                    plan.records.noun, after: sync.eventRow, through: last)
            }
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                let part = Array(ids[start..<min(start + Self.batch, ids.count)])
                try await send(try job.read { try $0.syncs.locals(.ids(part), plan) })
                guard try !isPaused() else { return false }
            }
        }
        return true
    }

    /// Sends what was left to do.
    private mutating func push(sync id: ID<RecordSync>) async throws {
        var place = ""
        while true {
            let (plan, after) = (plan, place)
            let (links, locals) = try job.read { reader in
                let links = try reader.syncLinks.dirty(id, after: after, limit: Self.batch)
                return (links, try reader.syncs.locals(.ids(links.map(\.here)), plan))
            }
            guard let last = links.last?.here else { return }
            try await send(locals)
            place = last
        }
    }

    private func isPaused() throws -> Bool {
        let id = plan.sync.id
        return try job.read { try RecordSync.resource.get(id, in: $0).isPaused }
    }

    private func move(to place: String) async throws -> Bool {
        let (id, sync) = (run.id, plan.sync.id)
        return try await job.write { tx in
            let old = try SyncRun.resource.get(id, in: tx)
            var run = old
            run.place = place
            try tx.syncRuns.save(old, &run)
            return try !RecordSync.resource.get(sync, in: tx).isPaused
        }
    }

    private mutating func send(_ locals: [LocalRecord]) async throws {
        let plan = plan
        let steps = try job.read { try $0.syncPushes.judge(locals, plan) }
        guard !steps.isEmpty else { return }
        try await job.write { try $0.syncPushes.announce(steps, plan) }
        var skipped: [SyncOutcome] = []
        let rest = try await sendTogether(steps), made = try await listed(rest)
        for step in rest {
            switch step.action {
            case .note: run.pushed.unchanged += 1
            case .skip(let code, let detail):
                skipped.append(
                    SyncOutcome(.local, step.local.id, .skipped, code: code, detail: detail.english))
            case .hold(let fields):
                if toldHeld.insert(step.local.id).inserted {
                    skipped.append(fields.outcome(.local, step.local.id))
                }
            case .update: try await update(step)
            case .create:
                if let remote = made[step.local.id] {
                    try await book(step, remote: remote, isFound: true)
                } else {
                    try await create(step)
                }
            }
        }
        let (told, old) = (skipped, counted)
        run = try await job.write { tx in
            var run = old
            try tx.syncRuns.list(told, in: &run)
            try tx.syncRuns.save(try SyncRun.resource.get(old.id, in: tx), &run)
            return run
        }
    }

    /// Sends what the service takes several of at once; returns what is left to be sent one by one.
    private mutating func sendTogether(_ steps: [PushStep]) async throws -> [PushStep] {
        let object = plan.object
        var rest: [PushStep] = [], together: [(step: PushStep, change: ConnectorChange)] = []
        for step in steps {
            if let change = plan.change(for: step, mayCreate: run.since == nil) {
                together.append((step, change))
            } else {
                rest.append(step)
            }
        }
        guard together.count > 1 else { return steps }
        for start in stride(from: 0, to: together.count, by: Self.together) {
            let part = together[start..<min(start + Self.together, together.count)],
                changes = part.map(\.change)
            let outcomes: [Result<String, ToolFailure>], makesSome = part.contains { $0.step.isCreation }
            do {
                // Some of the new records may have been made when it fails: those are not sent again unseen.
                outcomes = try await asking.ask(unless: { makesSome || $0.isAmbiguous }) {
                    try await $0.write(object, changes)
                }
            } catch let failure as ToolFailure where makesSome || failure.isAmbiguous {
                outcomes = changes.map { _ in .failure(failure) }
            }
            for (sent, outcome) in zip(part, outcomes) {
                switch outcome {
                case .success(let id): try await book(sent.step, remote: sent.step.isCreation ? id : nil)
                case .failure(let failure) where failure.isOfRecord && !failure.isAmbiguous:
                    try await book(sent.step, failure)
                case .failure: rest.append(sent.step.inDoubt)
                }
            }
        }
        return rest
    }

    private mutating func update(_ step: PushStep) async throws {
        guard let remote = step.link.there else { return }
        let (object, body) = (plan.object, step.body)
        let key = "\(plan.sync.id)/\(step.local.id)/\(step.local.version)\(step.isPart ? "/part" : "")"
        do {
            try await asking.ask { try await $0.update(object, remote, body, key: key) }
            try await book(step, remote: nil)
        } catch let failure as ToolFailure where failure.isOfRecord {
            try await book(step, failure)
        }
    }

    private mutating func create(_ step: PushStep) async throws {
        let (object, body, own) = (plan.object, step.body, step.local.id)
        let key = "\(plan.sync.id)/\(own)/\(step.local.version)"
        if step.link.state == .creating, object.find == nil, object.list == nil {
            return try await book(step, .inDoubt)
        }
        do {
            if let known = try await lookUp(step) {
                return try await book(step, remote: known, isFound: step.link.state == .creating)
            }
            guard !step.local.isArchived else {
                let plan = plan
                return try await job.write { try $0.syncPushes.rest(step, plan) }
            }
            let remote = try await asking.ask(unless: \.mayHaveMade) {
                try await $0.create(object, body, key: key, own: own)
            }
            try await book(step, remote: remote)
        } catch let failure as ToolFailure where failure.mayHaveMade {
            // It may be there: it is looked for, and not made again.
            if let known = try await lookUp(step, isInDoubt: true) {
                return try await book(step, remote: known, isFound: true)
            }
            var doubt = failure
            doubt.isAmbiguous = true
            try await book(step, doubt)
        } catch let failure as ToolFailure where failure.isOfRecord {
            try await book(step, failure)
        }
    }

    /// Returns the service's record that one of the agency's already is. Right after all records were read, those that
    /// have no pair are known not to be there.
    private mutating func lookUp(_ step: PushStep, isInDoubt: Bool = false) async throws -> String? {
        let mayBeThere = isInDoubt || step.link.state == .creating || run.since != nil
        guard mayBeThere, plan.object.find != nil else { return nil }
        let (object, id) = (plan.object, plan.sync.id)
        for key in plan.searchKeys(of: step) {
            let found = try await asking.ask { try await $0.find(object, by: key) }.filter { !$0.isDeleted }
            let taken = try job.read { try $0.syncLinks.all(id, remote: found.map(\.id)) }
            if let free = found.first(where: { taken[$0.id] == nil }) { return free.id }
        }
        return nil
    }

    /// Returns the service's records that an earlier attempt may have made, by the agency's: a service that finds none
    /// by its key is asked for all that it has, once for all of these.
    private func listed(_ steps: [PushStep]) async throws -> [String: String] {
        let (plan, object) = (plan, plan.object)
        guard object.find == nil, object.list != nil, let key = plan.key else { return [:] }
        var wanted: [String: [JSON]] = [:], there: [String: String] = [:]
        for step in steps where step.isCreation && step.link.state == .creating {
            let keys = [key.value(of: step.local), plan.sentKey(of: step.link)]
            wanted[step.local.id] = keys.compactMap(\.self)
        }
        var cursor: String?, trail = PageTrail()
        while !wanted.isEmpty {
            let place = cursor
            let page = try await asking.ask { try await $0.page(of: object, after: place) }
            let ids = page.records.map(\.id)
            if trail.isRepeated(ids, next: page.next) { throw RunFailure.cursorLoop }
            let taken = try job.read { try $0.syncLinks.all(plan.sync.id, remote: ids) }
            for record in page.records where !record.isDeleted && taken[record.id] == nil {
                let raw = (record.fields[key.remote.name] ?? .null).plain
                let form = try? key.localForm(of: raw, beside: [:], currency: plan.currency)
                let found = wanted.first { $0.value.contains { key.isSame($0, raw, form: form) } }
                guard let own = found?.key else { continue }
                there[own] = record.id
                wanted.removeValue(forKey: own)
            }
            guard let next = page.next else { break }
            cursor = next
        }
        return there
    }

    private mutating func book(_ step: PushStep, remote: String?, isFound: Bool = false) async throws {
        let (plan, old) = (plan, counted)
        run = try await job.write {
            try $0.syncPushes.book(step, remote: remote, isFound: isFound, plan, in: old)
        }
    }

    private mutating func book(_ step: PushStep, _ failure: ToolFailure) async throws {
        let (plan, old) = (plan, counted)
        let fault = FieldFault("", failure.code, failure.detail)
        run = try await job.write { tx in
            try tx.syncPushes.book(
                step, fault, isGone: failure.code == "not_found", isInDoubt: failure.isAmbiguous, plan,
                in: old)
        }
    }
}

extension ToolFailure {
    /// Nobody can say whether the service has made a record, since it neither finds nor lists any.
    fileprivate static let inDoubt = ToolFailure(
        "in_doubt", "the service has not said whether it was made", isRetryable: false, isAmbiguous: true)
}

extension RunFailure {
    static let cursorLoop = RunFailure(
        "cursor_loop", "the service's pages lead back to one that was there")
}
