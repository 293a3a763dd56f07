internal import Database
internal import JSON
internal import People
internal import Records
internal import Telemetry

/// A condition on one field of a record.
struct FieldCondition: Sendable {
    enum Operator: String, Sendable, CaseIterable {
        case eq, ne, gt, gte, lt, lte
        case `in`
        case contains, known, unknown
    }

    /// The field that is asked: one of the resource's, or one that the agency has added.
    enum Place: Sendable {
        case field(String, FieldKind)
        case custom(CustomField)
    }

    /// The most values of one condition.
    static let valuesMax = 500

    let place: Place
    let op: Operator
    /// In the field's normal form; several for `in` only.
    let values: [JSON]
}

/// A condition on what the person of a record did towards the agency.
struct ActivityCondition: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case opened = "message.opened", clicked = "message.clicked", replied = "message.replied"

        /// The type of the activities that are kept of it.
        var activity: ContactActivity.Kind {
            switch self {
            case .opened: .messageRead
            case .clicked: .linkClick
            case .replied: .messageReply
            }
        }
    }

    let kind: Kind
    /// The longest time since; `nil`: ever.
    let within: Duration?
    /// The least number of times.
    let least: Int
}

extension FieldCondition.Place {
    private static let equality: [FieldCondition.Operator] = [.eq, .ne, .in]
    private static let order: [FieldCondition.Operator] = [.gt, .gte, .lt, .lte]
    private static let presence: [FieldCondition.Operator] = [.known, .unknown]

    /// Whether it is the state that a record is in.
    var isStatus: Bool {
        if case .field("status", _) = self { true } else { false }
    }

    /// The questions that the field answers; none for objects.
    var operators: [FieldCondition.Operator] {
        switch self {
        case .field(_, let kind):
            switch kind {
            case .text, .email, .phone, .url, .link: Self.equality + [.contains] + Self.presence
            case .country, .currency, .timeZone, .choice, .id: Self.equality + Self.presence
            case .integer, .number, .date: Self.equality + Self.order + Self.presence
            case .instant, .money: [.eq, .ne] + Self.order + Self.presence
            case .boolean: [.eq, .ne] + Self.presence
            case .texts, .ids: [.contains] + Self.presence
            case .custom, .externalIDs, .document, .part, .parts: []
            }
        case .custom(let field):
            switch field.type {
            case .text: Self.equality + [.contains] + Self.presence
            case .choice: Self.equality + Self.presence
            case .number: Self.equality + Self.order + Self.presence
            case .boolean: [.eq, .ne] + Self.presence
            }
        }
    }

    /// Returns a value in the field's normal form; adds what is wrong with it.
    func checked(
        _ value: JSON, _ op: FieldCondition.Operator, at pointer: String, _ faults: inout Faults
    ) -> JSON? {
        let part = FieldKind.text(max: 500)
        switch self {
        case .field(_, let kind):
            let isPart = op == .contains
            return (isPart ? part : kind).validated(value, at: pointer, siblings: [:], faults: &faults)
        case .custom(let field):
            guard op != .contains else {
                return part.validated(value, at: pointer, siblings: [:], faults: &faults)
            }
            if let fault = field.fault(of: value) {
                faults.add(pointer, fault.code, fault.detail, choices: fault.choices)
                return nil
            }
            guard value.text != nil else { return value }
            return FieldKind.text(max: 5000).validated(value, at: pointer, siblings: [:], faults: &faults)
        }
    }
}
