internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Templates

/// A record of the agency's of which something is to go to the service.
struct PushStep: Sendable {
    enum Action: Sendable {
        /// Nothing is to be sent; what both agree on may be another.
        case note
        case update([PushedField])
        case create([PushedField])
        case skip(code: String, detail: Saying)
        /// Bad data in some fields stops it until it is mended.
        case hold(HeldFields)
    }

    let local: LocalRecord
    var link: SyncLink
    let action: Action
    /// Whether more is left to be sent.
    var isPart = false
    /// The records that a new one belongs to, which it names beside its fields.
    var owners: JSONObject = [:]

    var isCreation: Bool { if case .create = action { true } else { false } }

    /// The step after an attempt of which nobody knows what became: a new record is looked for first.
    var inDoubt: PushStep {
        var step = self
        if isCreation { step.link.state = .creating }
        return step
    }

    /// The fields of a request's body.
    var body: JSONObject {
        switch action {
        case .update(let fields): JSONObject(fields.map { ($0.field.remote.name, $0.value) })
        case .create(let fields):
            JSONObject(
                fields.map { ($0.field.remote.name, $0.value) } + owners.members.map { ($0.key, $0.value) })
        case .note, .skip, .hold: [:]
        }
    }
}

/// A field that goes out, with the value that it goes out with.
struct PushedField: Sendable {
    let field: SyncField
    let value: JSON
}

extension SyncPushStore {
    /// Judges records of the agency's: what of them the service does not know yet. Those of which it knows all are left
    /// out. Nothing is stored.
    func judge(_ locals: [LocalRecord], _ plan: SyncPlan) throws -> [PushStep] {
        let ids = locals.map(\.id)
        let links = try tx.syncLinks.all(plan.sync.id, local: ids)
        let changed = locals.filter { local in
            links[local.id].map { $0.isDirty || $0.localVersion != local.version || $0.state == .creating }
                ?? true
        }
        let conflicts = try tx.syncConflicts.open(plan.sync.id, of: changed.map(\.id))
        let pairs = links.filter { !$0.value.isToBeMade }
        let new = changed.filter { pairs[$0.id] == nil }.map(\.id)
        let wanted = try plan.sync.filter.object.map { try plan.records.filtered(new, $0, tx) } ?? Set(new)
        let held = try tx.recordHolds.fields(of: changed.map(\.id), for: .sync)
        return try changed.compactMap { local in
            let open = Set((conflicts[local.id] ?? []).map(\.field))
            var step: PushStep?
            if let link = pairs[local.id] {
                step = plan.step(for: local, link, open: open)
            } else if wanted.contains(local.id) {
                step = plan.creation(of: local, links[local.id] ?? SyncLink(local: local.id, remote: nil))
            }
            if step?.isCreation == true { step?.owners = try tx.syncLinks.owners(of: local, plan) }
            return held[local.id].map { step?.held(back: $0) } ?? step
        }
    }
}

extension SyncPlan {
    /// Returns what is to be sent of a record that has a pair.
    fileprivate func step(for local: LocalRecord, _ old: SyncLink, open: Set<String>) -> PushStep? {
        guard old.isAlive, !old.isDeleted else { return nil }
        if old.there == nil { return creation(of: local, old) }
        guard !local.isArchived else { return nil }
        var link = old, fields: [PushedField] = []
        for field in self.fields where field.flow.pushes && !open.contains(field.name) {
            guard let base = link.base[field.name] else { continue }
            let value = field.value(of: local)
            let form = try? field.localForm(
                of: base.remote, beside: local.values["country"].map { ["country": $0] } ?? [:],
                currency: currency)
            let view = FieldView(
                base: base, sent: link.sent?[field.name], local: value, remote: base.remote,
                isSame: field.isSame(value, base.remote, form: form), flow: field.flow, rule: rule,
                isOneWay: field.isUnsubscribed)
            switch view.verdict(isLocalNewer: { true }) {
            case .takeLocal: fields.append(PushedField(field: field, value: value))
            case .agreed(let agreed): link.base[field.name] = agreed
            case .still, .takeRemote, .conflict: break
            }
        }
        return PushStep(local: local, link: link, action: fields.isEmpty ? .note : .update(fields))
    }

    /// Returns how a record is made in the service that has none there.
    fileprivate func creation(of local: LocalRecord, _ link: SyncLink) -> PushStep? {
        guard !local.isArchived || link.state == .creating, object.create != nil else { return nil }
        if let key, key.value(of: local).isNothing {
            return PushStep(
                local: local, link: link,
                action: .skip(
                    code: "no_key", detail: Saying("sync_record.no_key", ["field": .text(key.name)])))
        }
        let fields = self.fields.filter { $0.flow.pushes || $0.isKey && !$0.remote.isReadOnly }
            .map { PushedField(field: $0, value: $0.value(of: local)) }
            .filter { !$0.value.isNothing && !($0.field.isUnsubscribed && $0.value.flag != true) }
        guard !fields.isEmpty else { return nil }
        return PushStep(local: local, link: link, action: .create(fields))
    }
}
