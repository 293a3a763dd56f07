internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Records that services get, judged and booked: `tx.syncPushes`.
struct SyncPushStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncPushes: SyncPushStore<Self> { SyncPushStore(tx: self) }
}

extension SyncPushStore {
    /// Returns the records of the agency's among events, each once.
    func changedLocals(_ type: String, after row: Int, through last: Int) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT subject_id FROM events \(Places.path(tx.dialect)) WHERE tenant_id = \(tx.tenant)
                AND \(Places.between(Int64(row), Int64(last) + 1, in: tx))
                AND subject_type = \(type) ORDER BY subject_id
            """
        ) { $0.text(0) }
    }

    /// Returns whether all events behind a row are still there.
    func hasEvents(after row: Int) throws -> Bool {
        let first = try tx.int(
            """
            SELECT row FROM events \(Places.path(tx.dialect)) WHERE tenant_id = \(tx.tenant)
                AND \(Places.between(Int64(row), in: tx)) ORDER BY \(Places.order(tx.dialect)) LIMIT 1
            """)
        if let first { return first == row + 1 }
        return try tx.events.lastRow() <= row
    }
}

extension SyncPushStore where Base == Transaction {
    /// Writes down what is about to be sent, before it is: after a crash it is known what may have left.
    func announce(_ steps: [PushStep], _ plan: SyncPlan) throws {
        for step in steps {
            var link = step.link
            switch step.action {
            case .note:
                (link.localVersion, link.isDirty) = (step.local.version, false)
                try tx.syncLinks.put(link, of: plan.sync.id)
            case .update(let fields):
                for sent in fields {
                    link.sent = (link.sent ?? AgreedFields()).with(sent)
                }
                link.isDirty = true
                try tx.syncLinks.put(link, of: plan.sync.id)
            case .create(let fields):
                var sent = fields.reduce(AgreedFields()) { $0.with($1) }
                // The key under which it was sent first may be the one that it has there.
                if let key = plan.key, let first = link.sent?[key.name] { sent[key.name] = first }
                link.sent = sent
                (link.state, link.isDirty) = (.creating, true)
                try tx.syncLinks.put(link, of: plan.sync.id)
            case .hold:
                link.isDirty = true
                try tx.syncLinks.put(link, of: plan.sync.id)
            case .skip: break
            }
        }
    }

    /// Stores that the service has taken what was sent. `remote`: the record that it has made; `isFound`: it made that
    /// of what was sent earlier, and what has changed since goes out with the next run.
    func book(
        _ step: PushStep, remote: String?, isFound: Bool = false, _ plan: SyncPlan, in old: SyncRun
    ) throws -> SyncRun {
        var run = old
        // One that was merged into another has left it its pair, which the next run looks at.
        guard var link = try tx.syncLinks.all(plan.sync.id, local: [step.local.id])[step.local.id] else {
            return run
        }
        tx.note(SyncWriting(isUnderWay: true))
        defer { tx.note(SyncWriting(isUnderWay: false)) }
        switch step.action {
        case .note, .skip, .hold: return run
        case .update(let fields):
            for sent in fields {
                link.base[sent.field.name] = AgreedValue(local: sent.value, remote: sent.value)
            }
            link.seen = nil
            run.pushed.updated += 1
            try tx.syncRuns.list([SyncOutcome(.local, step.local.id, .updated)], in: &run)
        case .create(let fields):
            let first = step.link.sent ?? link.sent
            link.there = remote
            link.state = .linked
            for field in plan.fields {
                let value = fields.first { $0.field.name == field.name }?.value ?? field.value(of: step.local)
                link.base[field.name] =
                    fields.contains { $0.field.name == field.name }
                    ? AgreedValue(local: value, remote: value) : AgreedValue(local: value, remote: .null)
                if isFound, let sent = first?[field.name] { link.base[field.name] = sent }
            }
            run.pushed.created += 1
            run.paired += 1
            try tx.syncRuns.list([SyncOutcome(.local, step.local.id, .created)], in: &run)
        }
        link.sent = nil
        link.isDirty = step.isPart || isFound
        if !step.isPart { link.localVersion = step.local.version }
        if let remote, plan.keepsExternalIDs { try identify(&link, as: remote, step.local, plan) }
        try tx.syncLinks.put(link, of: plan.sync.id)
        try tx.syncRuns.save(try SyncRun.resource.get(old.id, in: tx), &run)
        return run
    }

    /// Keeps the service's identifier with the agency's record. Where somebody has changed the record meanwhile, it is
    /// compared again.
    private func identify(
        _ link: inout SyncLink, as remote: String, _ local: LocalRecord, _ plan: SyncPlan
    ) throws {
        let (records, actor, tx) = (plan.records, plan.sync.actor, tx)
        do {
            let before = try records.get(local.id, tx)
            guard before["external_ids"]?[plan.system]?.text != remote else { return }
            let stored = try tx.attempt {
                try records.update(local.id, ["external_ids": [plan.system: .string(remote)]], actor, tx)
            }
            if before["version"]?.int == Int64(local.version) {
                link.localVersion = Int(stored["version"]?.int ?? Int64(local.version))
            }
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            // Another record has that identifier already, or this one is no more: the pair stands without it.
        }
    }

    /// Leaves it at having looked for a record that was put away after it was sent: it is known if it shows up, and not
    /// made again.
    func rest(_ step: PushStep, _ plan: SyncPlan) throws {
        let id = step.local.id
        guard var link = try tx.syncLinks.all(plan.sync.id, local: [id])[id] else { return }
        link.isDirty = false
        try tx.syncLinks.put(link, of: plan.sync.id)
    }

    /// Stores that the service has refused what was sent, or that nobody knows.
    func book(
        _ step: PushStep, _ fault: FieldFault, isGone: Bool, isInDoubt: Bool, _ plan: SyncPlan,
        in old: SyncRun
    ) throws -> SyncRun {
        var run = old
        guard var link = try tx.syncLinks.all(plan.sync.id, local: [step.local.id])[step.local.id] else {
            return run
        }
        link.isDirty = true
        if isGone { (link.isDeleted, link.isDirty) = (true, false) }
        if !isInDoubt { link.sent = nil }
        try tx.syncLinks.put(link, of: plan.sync.id)
        run.pushed.failed += 1
        try tx.syncRuns.list([SyncOutcome(.local, step.local.id, fault)], in: &run)
        try tx.syncRuns.save(try SyncRun.resource.get(old.id, in: tx), &run)
        return run
    }
}

extension AgreedFields {
    fileprivate func with(_ sent: PushedField) -> AgreedFields {
        var fields = self
        fields[sent.field.name] = AgreedValue(local: sent.value, remote: sent.value)
        return fields
    }
}
