package import JSON

/// The value that both sides last agreed on in a field, as each of them had it: a service may write it in a form of its
/// own, and a record may bring it into another.
package struct AgreedValue: Hashable, Sendable {
    package var local: JSON
    package var remote: JSON

    package init(local: JSON, remote: JSON) { (self.local, self.remote) = (local, remote) }

    /// Stands for a value here that is to go out whatever it is, even where it comes to be as it was before.
    package static let owed: JSON = ["owed": true]
}

/// The way that values of a field may go.
package enum FieldFlow: Hashable, Sendable {
    case pull, push, both

    package var pulls: Bool { self != .push }
    package var pushes: Bool { self != .pull }
}

/// The rule for a field that both sides have changed.
package enum ConflictRule: Hashable, Sendable {
    case newest, local, remote, review
}

/// A field of a pair of records, as a sync finds it.
package struct FieldView: Sendable {
    /// `nil` where the two have not agreed on anything yet.
    package var base: AgreedValue?
    /// The value that the sync has sent, while it does not know whether the service took it.
    package var sent: AgreedValue?
    package var local: JSON
    package var remote: JSON
    /// Whether the two mean the same, each in its own form.
    package var isSame: Bool
    package var flow: FieldFlow
    package var rule: ConflictRule
    /// Once true on either side it is true on both, and nothing makes it false again: somebody has unsubscribed.
    package var isOneWay: Bool

    package init(
        base: AgreedValue?, sent: AgreedValue? = nil, local: JSON, remote: JSON, isSame: Bool,
        flow: FieldFlow,
        rule: ConflictRule, isOneWay: Bool = false
    ) {
        (self.base, self.sent, self.local, self.remote) = (base, sent, local, remote)
        (self.isSame, self.flow, self.rule, self.isOneWay) = (isSame, flow, rule, isOneWay)
    }
}

/// The end of the comparison of a field.
package enum FieldVerdict: Hashable, Sendable {
    /// Nothing is to be done or noted.
    case still
    /// Nothing is to be done: this is what both agree on from now on, even where it differs.
    case agreed(AgreedValue)
    /// The record here gets the service's value.
    case takeRemote
    /// The service gets the value from here; until it has, this is what both agree on.
    case takeLocal(AgreedValue)
    /// A person decides.
    case conflict
}

extension FieldView {
    /// Compares both sides with what they last agreed on. `isLocalNewer` is asked only where both have changed.
    package func verdict(isLocalNewer: () -> Bool) -> FieldVerdict {
        if isSame { return agree() }
        if isOneWay { return oneWay }
        // A value that we wrote is no news: the service shows it because we sent it.
        var base = base
        if let sent, sent.remote == remote { base = sent }
        let hasChanged = (
            local: base.map { $0.local != local } ?? !local.isNothing,
            remote: base.map { $0.remote != remote } ?? !remote.isNothing
        )
        switch hasChanged {
        case (false, false): return base == self.base ? .still : base.map(FieldVerdict.agreed) ?? .still
        case (false, true): return flow.pulls ? .takeRemote : .still
        case (true, false): return flow.pushes ? takingLocal(base) : .still
        case (true, true): return clash(isLocalNewer)
        }
    }

    private func clash(_ isLocalNewer: () -> Bool) -> FieldVerdict {
        let takesLocal: Bool
        switch rule {
        case .review: return .conflict
        case .local: takesLocal = true
        case .remote: takesLocal = false
        case .newest: takesLocal = isLocalNewer()
        }
        // The former agreement counts for nothing any more.
        if takesLocal, flow.pushes { return .takeLocal(AgreedValue(local: AgreedValue.owed, remote: remote)) }
        if !takesLocal, flow.pulls { return .takeRemote }
        // The side that loses cannot be written to: each keeps its value, and is not asked about it again.
        return agree()
    }

    private var oneWay: FieldVerdict {
        if remote.flag == true { return flow.pulls ? .takeRemote : .still }
        if local.flag == true { return flow.pushes ? takingLocal(base) : .still }
        return .still
    }

    private func agree() -> FieldVerdict {
        let value = AgreedValue(local: local, remote: remote)
        return value == base ? .still : .agreed(value)
    }

    /// The service's value is noted; what is here still differs from what was agreed, and so it goes out.
    private func takingLocal(_ base: AgreedValue?) -> FieldVerdict {
        .takeLocal(AgreedValue(local: base?.local ?? .null, remote: remote))
    }
}

extension JSON {
    /// Whether there is no value in it.
    package var isNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .integer, .number: false
        }
    }
}
