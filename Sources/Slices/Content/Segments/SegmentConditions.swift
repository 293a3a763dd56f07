internal import Database
internal import JSON
internal import People
internal import Records
internal import Telemetry

/// A condition on one field of a record.
struct FieldCondition: Sendable {
    typealias Operator = FieldComparison.Operator

    /// The field that is asked: one of the resource's, or one that the agency has added.
    enum Place: Sendable {
        case field(String, FieldKind)
        case custom(CustomField)
    }

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
    private typealias Asked = FieldComparison.Operator

    /// Whether it is the state that a record is in.
    var isStatus: Bool {
        if case .field("status", _) = self { true } else { false }
    }

    /// The questions that the field answers; none for objects.
    var operators: [FieldCondition.Operator] {
        switch self {
        case .field(_, let kind):
            switch kind {
            case .text, .email, .phone, .url, .link: Asked.equality + [.contains] + Asked.presence
            case .country, .currency, .timeZone, .choice, .id: Asked.equality + Asked.presence
            case .integer, .number, .date: Asked.equality + Asked.order + Asked.presence
            case .instant, .money: [.eq, .ne] + Asked.order + Asked.presence
            case .boolean: [.eq, .ne] + Asked.presence
            case .texts, .ids: [.contains] + Asked.presence
            case .custom, .externalIDs, .document, .part, .parts: []
            }
        case .custom(let field): field.operators
        }
    }

    /// Returns a value in the field's normal form; adds what is wrong with it.
    func checked(
        _ value: JSON, _ op: FieldCondition.Operator, at pointer: String, _ faults: inout Faults
    ) -> JSON? {
        switch self {
        case .field(_, let kind):
            let asked = op == .contains ? FieldKind.text(max: 500) : kind
            return asked.validated(value, at: pointer, siblings: [:], faults: &faults)
        case .custom(let field): return field.checked(value, op, at: pointer, &faults)
        }
    }
}
