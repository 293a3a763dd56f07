import JSON
import TestRandomness

@testable import Sync

/// A pair of records with a sync between them that may die at any moment: what the core decides is carried out here as
/// runs carry it out.
struct SimulatedPair {
    /// The forms into which the two sides bring what they are given.
    enum Form: CaseIterable {
        case exact, small, short, spaced

        func taken(_ value: JSON) -> JSON {
            guard let text = value.text else { return value }
            switch self {
            case .exact: return value
            case .small: return .string(text.lowercased())
            case .short: return JSON.string(String(text.prefix(2))).plain
            case .spaced: return .string(text.hasPrefix(" ") ? text : " " + text)
            }
        }
    }

    /// A field that only ever becomes true.
    static let unsubscribed = "unsubscribed"
    static let names = ["name", "phone", "company", unsubscribed]

    let rule: ConflictRule
    let flows: [String: FieldFlow]
    let localForm: Form, remoteForm: Form
    private(set) var local: [String: JSON] = [SimulatedPair.unsubscribed: false]
    private(set) var remote: [String: JSON] = [SimulatedPair.unsubscribed: false]
    private var base = AgreedFields()
    private var sent: AgreedFields?
    private var open: Set<String> = []
    /// The times of the last edits.
    private var clock = 0, localTime: [String: Int] = [:], remoteTime = 0
    /// The number of times that either side was written to.
    private(set) var writes = 0
    /// The number of times that somebody who had unsubscribed was subscribed by that.
    private(set) var resubscriptions = 0

    init(_ rule: ConflictRule, _ flows: [String: FieldFlow], _ localForm: Form, _ remoteForm: Form) {
        (self.rule, self.flows) = (rule, flows)
        (self.localForm, self.remoteForm) = (localForm, remoteForm)
    }

    var waiting: Set<String> { open }
    /// Whether each side has it that somebody has unsubscribed.
    var isUnsubscribed: (local: Bool, remote: Bool) {
        (local[Self.unsubscribed] == true, remote[Self.unsubscribed] == true)
    }

    mutating func edit(_ random: inout SeededGenerator) {
        let name = Self.names[random.below(Self.names.count)]
        let values: [JSON] =
            name == Self.unsubscribed ? [false, true] : [.null, "Ada", "ada", "Grace", "G", "Linus"]
        let value = values[random.below(values.count)]
        clock += 1
        if random.below(2) == 0 {
            local[name] = localForm.taken(value)
            localTime[name] = clock
        } else {
            remote[name] = remoteForm.taken(value)
            remoteTime = clock
        }
    }

    /// One run. `dies`: the moment at which it breaks off.
    mutating func run(dyingAt dies: Moment? = nil) {
        pull()
        if dies == .afterPull { return }
        push(dyingAt: dies)
    }

    enum Moment: CaseIterable { case afterPull, beforeSending, beforeBooking }

    private func view(_ name: String, remote value: JSON) -> FieldView {
        let here = local[name] ?? .null
        return FieldView(
            base: base[name], sent: sent?[name], local: here, remote: value,
            isSame: here.isNothing && value.isNothing || localForm.taken(value) == here
                || remoteForm.taken(here) == value,
            flow: flows[name] ?? .both, rule: rule, isOneWay: name == Self.unsubscribed)
    }

    private mutating func note(_ name: String, from old: JSON?, to new: JSON?) {
        if name == Self.unsubscribed, old?.flag == true, new?.flag != true { resubscriptions += 1 }
    }

    private mutating func pull() {
        for name in Self.names {
            let theirs = remote[name] ?? .null, view = view(name, remote: theirs)
            if open.contains(name) {
                guard view.isSame else { continue }
                open.remove(name)
                base[name] = AgreedValue(local: view.local, remote: theirs)
                continue
            }
            let isNewer = (localTime[name] ?? 0) > remoteTime
            switch view.verdict(isLocalNewer: { isNewer }) {
            case .still: break
            case .agreed(let agreed), .takeLocal(let agreed): base[name] = agreed
            case .conflict: open.insert(name)
            case .takeRemote:
                note(name, from: local[name], to: theirs)
                local[name] = localForm.taken(theirs)
                base[name] = AgreedValue(local: local[name] ?? .null, remote: theirs)
                writes += 1
            }
        }
        if var rest = sent {
            for name in rest.names where rest[name]?.remote == remote[name] ?? .null { rest[name] = nil }
            sent = rest.names.isEmpty ? nil : rest
        }
    }

    private mutating func push(dyingAt dies: Moment?) {
        var going: [String: JSON] = [:]
        for name in Self.names where !open.contains(name) && (flows[name] ?? .both).pushes {
            guard let agreed = base[name] else { continue }
            switch view(name, remote: agreed.remote).verdict(isLocalNewer: { true }) {
            case .takeLocal: going[name] = local[name] ?? .null
            case .agreed(let agreed): base[name] = agreed
            case .still, .takeRemote, .conflict: break
            }
        }
        guard !going.isEmpty else { return }
        for (name, value) in going {
            var announced = sent ?? AgreedFields()
            announced[name] = AgreedValue(local: value, remote: value)
            sent = announced
        }
        if dies == .beforeSending { return }
        clock += 1
        remoteTime = clock
        for (name, value) in going {
            note(name, from: remote[name], to: value)
            remote[name] = remoteForm.taken(value)
        }
        writes += 1
        if dies == .beforeBooking { return }
        for (name, value) in going { base[name] = AgreedValue(local: value, remote: value) }
        sent = nil
    }
}
