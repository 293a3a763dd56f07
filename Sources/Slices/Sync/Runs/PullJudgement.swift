internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// The way to deal with one of the service's records here.
enum PullStep: Sendable {
    /// Nothing in it has changed since it was last seen.
    case unchanged(SyncLink)
    /// The agency's record is known; `isNew`: until now the two were no pair.
    case pair(SyncLink, LocalRecord, PairMerge, isNew: Bool)
    /// The agency has no such record.
    case create([(field: SyncField, value: JSON, raw: JSON)])
    /// The service has deleted it.
    case deleted(SyncLink)
    /// Bad data of the agency's record stops it until it is mended, but for an unsubscribe.
    case held(LocalRecord, unsubscribes: Bool, HeldFields)
    case skip(local: String?, code: String, detail: Saying)
    case fail(FieldFault)
}

extension SyncPullStore {
    /// Judges a page of the service's records, one after the other. Nothing is stored.
    func judge(
        _ page: [RemoteRecord], _ plan: SyncPlan, _ prepared: PreparedRecords = PreparedRecords()
    ) throws -> [(record: RemoteRecord, step: PullStep)] {
        var judgement = try PullJudgement(page, plan, prepared, in: tx)
        var steps: [(record: RemoteRecord, step: PullStep)] = []
        for record in page {
            do throws(FieldFault) {
                steps.append((record, try judgement.step(for: record)))
            } catch {
                steps.append((record, .fail(error)))
            }
        }
        return steps
    }
}

/// The knowledge that it takes to judge a page.
private struct PullJudgement<Base: Queryable> {
    private let plan: SyncPlan
    private let prepared: PreparedRecords
    private let tx: Base
    private var links: [String: SyncLink]
    private var locals: [String: LocalRecord] = [:]
    private var conflicts: [String: Set<String>] = [:]
    /// The agency's records by the service's identifier, and by key.
    private var byExternalID: [String: String] = [:]
    private var byKey: [String: [LocalRecord]] = [:]
    /// The pairs of the agency's records that were found so.
    private var linksOfFound: [String: SyncLink] = [:]
    /// The pairs in doubt whose record here is no more, by the key under which it was sent.
    private var linksOfGone: [String: SyncLink] = [:]
    /// The keys of this page that were met before.
    private var taken: Set<String> = []
    /// The fields at fault of the records that bad data holds back.
    private var held: [String: Set<String>] = [:]
    private let hasUnwilling: Bool

    init(_ page: [RemoteRecord], _ plan: SyncPlan, _ prepared: PreparedRecords, in tx: Base) throws {
        (self.plan, self.prepared, self.tx) = (plan, prepared, tx)
        let sync = plan.sync.id
        links = try tx.syncLinks.all(sync, remote: page.map(\.id))
        hasUnwilling = try plan.sync.local == .leads && tx.consents.anybodyHasWithdrawn(.dataCollection)
        var changed: [String] = [], new: [RemoteRecord] = []
        for record in page {
            if let link = links[record.id] {
                if link.isAlive, link.seen != plan.mark(of: record) || link.isDirty {
                    changed.append(link.here)
                }
            } else if !record.isDeleted {
                new.append(record)
            }
        }
        for local in try tx.syncs.locals(.ids(changed), plan) { locals[local.id] = local }
        try findKnown(new)
        let candidates = changed + locals.keys.filter { !changed.contains($0) }
        held = try tx.recordHolds.fields(of: candidates, for: .sync)
        conflicts = try tx.syncConflicts.open(sync, of: candidates).mapValues { Set($0.map(\.field)) }
    }

    /// Looks for the agency's records that records of the service may be, which have no pair yet.
    private mutating func findKnown(_ new: [RemoteRecord]) throws {
        guard !new.isEmpty else { return }
        byExternalID = try tx.syncLinks.known(plan, externally: new.map(\.id))
        var ids = Set(byExternalID.values), sent: [String: SyncLink] = [:]
        if let key = plan.key {
            let values = Set(new.compactMap { keyText(of: $0) })
            let found: [LocalRecord]
            if key.name == SyncField.own {
                found = try tx.syncs.locals(.ids(values.sorted()), plan)
            } else {
                let column = plan.keyColumn(key)
                found = try tx.syncs.locals(
                    .having(values.sorted(), in: column, index: plan.index(of: column)), plan)
            }
            let archived = found.filter(\.isArchived).map(\.id)
            let away = try archived.isEmpty ? [:] : tx.syncLinks.all(plan.sync.id, local: archived)
            // One that was put away is known where the service may have made it, or has it twice.
            for local in found
            where !local.isArchived || key.name == SyncField.own || local.isMerged
                || away[local.id]?.state == .creating
            {
                // A service of one client's knows nobody of another's.
                if let client = plan.client, local.values["client_id"] != client { continue }
                guard let text = key.value(of: local).text else { continue }
                byKey[plan.keyForm(text, key), default: []].append(local)
                locals[local.id] = local
                ids.insert(local.id)
            }
            for link in try tx.syncLinks.inDoubt(plan.sync.id) {
                guard let text = link.sent?[key.name]?.local.text, case let form = plan.keyForm(text, key),
                    values.contains(form), byKey[form]?.contains(where: { !$0.isArchived }) != true
                else { continue }
                sent[form] = link
                ids.insert(link.here)
            }
        }
        let unread = ids.filter { locals[$0] == nil }.sorted()
        for local in try tx.syncs.locals(.ids(unread), plan) { locals[local.id] = local }
        for (key, link) in sent {
            if let local = locals[link.here] {
                // One that has a pair is another than this, whatever it was sent.
                if link.there == nil { byKey[key, default: []].append(local) }
            } else {
                linksOfGone[key] = link
            }
        }
        linksOfFound = try tx.syncLinks.all(plan.sync.id, local: ids.sorted())
    }

    private func keyText(of record: RemoteRecord) -> String? {
        if let ready = prepared[record.id] { return ready.key }
        return plan.keyText(of: record)
    }

    // MARK: One record

    mutating func step(for record: RemoteRecord) throws(FieldFault) -> PullStep {
        if let link = links[record.id] { return try step(for: record, link) }
        if record.isDeleted {
            return .skip(
                local: nil, code: "deleted", detail: Saying("sync_record.deleted"))
        }
        let key = keyText(of: record)
        if let key, !taken.insert(key).inserted {
            return .skip(
                local: nil, code: "duplicate", detail: Saying("sync_record.duplicate"))
        }
        if let known = known(record, key) {
            var link = linksOfFound[known.id] ?? SyncLink(local: known.id, remote: nil)
            guard link.isAlive else {
                return .skip(local: known.id, code: "apart", detail: Saying("sync_record.apart"))
            }
            if known.isArchived {
                return .skip(
                    local: known.id, code: "archived",
                    detail: Saying("sync_record.archived", ["id": .text(known.id)]))
            }
            if link.there != nil {
                return .skip(
                    local: known.id, code: "duplicate",
                    detail: Saying(
                        "sync_record.taken", ["id": .text(known.id), "other": .text(link.there ?? "")]))
            }
            link.there = record.id
            link.state = .linked
            return try pair(link, known, record, isNew: true)
        }
        if let gone = key.flatMap({ linksOfGone[$0] }) { return skip(gone) }
        guard plan.sync.direction != .push else {
            return .skip(local: nil, code: "unknown", detail: Saying("sync_record.push_only"))
        }
        if let field = plan.key, (record.fields[field.remote.name] ?? .null).isNothing {
            return .skip(
                local: nil, code: "no_key",
                detail: Saying("sync_record.no_key_there", ["field": .text(field.remote.label)]))
        }
        let values =
            if let ready = prepared[record.id] { try ready.values.get() } else {
                try plan.newValues(of: record)
            }
        try requireWilling(values.first { $0.field.name == "email" }?.value.text)
        try requireLead(of: record)
        return .create(values)
    }

    private mutating func step(for record: RemoteRecord, _ link: SyncLink) throws(FieldFault) -> PullStep {
        guard link.isAlive else {
            return .skip(local: link.here, code: "apart", detail: Saying("sync_record.no_pair"))
        }
        if record.isDeleted { return .deleted(link) }
        if link.seen == plan.mark(of: record), !link.isDeleted, !link.isDirty { return .unchanged(link) }
        guard let local = locals[link.here] else { return skip(link) }
        if local.isArchived {
            return .skip(
                local: local.id, code: "archived",
                detail: Saying("sync_record.archived", ["id": .text(local.id)]))
        }
        return try pair(link, local, record, isNew: false)
    }

    /// The way of a record whose like here is no more.
    private func skip(_ link: SyncLink) -> PullStep {
        .skip(local: link.here, code: "gone", detail: Saying("sync_record.gone", ["id": .text(link.here)]))
    }

    private func pair(
        _ link: SyncLink, _ local: LocalRecord, _ record: RemoteRecord, isNew: Bool
    ) throws(FieldFault) -> PullStep {
        let tx = tx
        let merge = try plan.merge(link, local, record, open: conflicts[local.id] ?? []) { field in
            guard let theirs = record.updatedAt.flatMap({ RemoteTime.instant($0) }) else { return false }
            let ours = (try? tx.syncs.changedAt(field.column, of: local)) ?? local.updatedAt
            // A service that tells whole seconds may mean any moment of them.
            let isWhole = record.updatedAt?.contains(".") == false && theirs.microseconds % 1_000_000 == 0
            return (isWhole ? Instant(seconds: ours.seconds) : ours) > theirs
        }
        if let fields = held[local.id], isNew || merge.crosses, !merge.mends(fields) {
            return .held(local, unsubscribes: merge.unsubscribes, HeldFields(names: fields))
        }
        return .pair(link, local, merge, isNew: isNew)
    }

    /// Returns the agency's record that one of the service's is: by its identifier there, else by key.
    private func known(_ record: RemoteRecord, _ key: String?) -> LocalRecord? {
        if let local = byExternalID[record.id].flatMap({ locals[$0] }) { return local }
        guard let key, let found = byKey[key] else { return nil }
        let present = found.filter { !$0.isArchived }, all = present.isEmpty ? found : present
        return all.first { linksOfFound[$0.id]?.there == nil } ?? all.first
    }

    /// Throws where a deal would be of nobody who is known here.
    private func requireLead(of record: RemoteRecord) throws(FieldFault) {
        guard plan.needsLead, (try? tx.syncLinks.lead(of: record, plan)) ?? nil == nil else { return }
        throw FieldFault(
            "lead_id", "required",
            "The deal's person or company in the service is not a lead here: sync these first, then run it in full.")
    }

    /// Throws where somebody does not want data about them collected.
    private func requireWilling(_ email: String?) throws(FieldFault) {
        guard hasUnwilling, let email else { return }
        do {
            for person in try tx.contacts.people(at: email) {
                try tx.consents.requireCollectible(person, at: "/email")
            }
        } catch let problem as Problem {
            throw FieldFault(problem)
        } catch {
            throw FieldFault("email", "unavailable", "Consents cannot be read at the moment.")
        }
    }
}

extension SyncPlan {
    /// The column of the agency's records that is searched for a key.
    func keyColumn(_ key: SyncField) -> String {
        key.name == "website" && sync.local == .companies ? "domain" : key.column
    }

    /// The index of a column by which nearly all syncs find the agency's records.
    func index(of column: String) -> StaticString? {
        switch (sync.local, column) {
        case (.leads, "email"): "leads_email"
        case (.companies, "domain"): "companies_domain"
        default: nil
        }
    }

    /// Returns the form of a key in which keys are compared.
    func keyForm(_ text: String, _ key: SyncField) -> String {
        guard key.name == "website", sync.local == .companies else { return text }
        return WebAddress(text)?.ownDomain ?? text
    }
}
