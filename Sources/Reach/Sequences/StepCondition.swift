internal import Database
package import JSON
internal import Messages
internal import People
package import Records

/// The condition on which a step is taken: a field of the lead, or what became of the mail before.
package struct StepCondition: Part {
    package enum Previous: String, Choice {
        case opened, clicked
        case notOpened = "not_opened"
        case notClicked = "not_clicked"
    }
    /// The operators of segments, and `exists` with a truth value, as older conditions ask for what is known.
    package enum Operator: String, Choice {
        case eq, ne, gt, gte, lt, lte
        case `in`
        case contains, known, unknown, exists
    }

    package var previous: Previous?
    package var field: String?
    package var op = Operator.eq
    package var value = JSON.null

    package init() {}

    package static let schema = Schema<StepCondition>(
        "StepCondition",
        [
            .choice("previous", \.previous, .about("The outcome of the mail before.")),
            .text(
                "field", \.field, max: 120, .example("budget.amount"),
                .about("The field of the lead; fields of your own are custom.<key>.")),
            .choice("op", \.op, .standard("eq")),
            .document("value", \.value, schema: [:], .about("The value with which the field is compared.")),
        ])

    package var faults: [Fault] {
        (previous == nil) == (field == nil)
            ? [
                Fault(
                    "/field", "required",
                    "The condition must name a field of the lead, or the outcome of the mail before.")
            ]
            : []
    }

    static let stageField = "lifecycle_stage"

    /// Whether it asks for the stage of the lead's age.
    var isOfStage: Bool { field == Self.stageField }

    func holds(lead: JSONObject, previousMail: Message?) -> Bool {
        switch previous {
        case .opened: return previousMail?.openedAt != nil
        case .clicked: return previousMail?.clickedAt != nil
        case .notOpened: return previousMail?.openedAt == nil
        case .notClicked: return previousMail?.clickedAt == nil
        case nil: break
        }
        let found = found(in: lead)
        switch op {
        case .known: return found.isThere
        case .unknown: return !found.isThere
        case .exists: return found.isNull == (value == false)
        case .in: return value.array?.contains { Self.equal(found, $0) } ?? false
        case .eq: return Self.equal(found, value)
        case .ne: return !Self.equal(found, value)
        case .contains:
            if let list = found.array { return list.contains { Self.equal($0, value) } }
            guard let text = found.text, let part = value.text else { return false }
            return text.lowercased().contains(part.lowercased())
        case .gt, .gte, .lt, .lte:
            guard let (isLess, isMore) = Self.order(found, value) else { return false }
            return switch op {
            case .gt: isMore
            case .gte: !isLess
            case .lt: isLess
            default: !isMore
            }
        }
    }

    /// The key of the field that it asks for, where that is one of the agency's own.
    private var customKey: String? {
        guard let field, field.hasPrefix("custom.") else { return nil }
        return String(field.dropFirst("custom.".count))
    }

    private func found(in lead: JSONObject) -> JSON {
        // The key of one of the agency's own fields may have dots in it.
        if let customKey { return lead["custom"]?[customKey] ?? .null }
        let path = (field ?? "").split(separator: ".").map(String.init)
        return path.reduce(JSON.object(lead)) { $0[$1] ?? .null }
    }

    private static func equal(_ a: JSON, _ b: JSON) -> Bool {
        if let left = a.double, let right = b.double { return left == right }
        if let left = a.text, let right = b.text { return FieldComparison.isSame(left, as: right) }
        if let left = a["amount"], let right = b["amount"] {
            return equal(left, right) && a["currency"] == b["currency"]
        }
        return a == b
    }

    /// The order of numbers, of amounts in one currency, and of days and moments, whose texts are in their order.
    private static func order(_ a: JSON, _ b: JSON) -> (isLess: Bool, isMore: Bool)? {
        if let left = a.double, let right = b.double { return (left < right, left > right) }
        if let left = a.text, let right = b.text { return (left < right, left > right) }
        guard let left = a["amount"], let right = b["amount"] else { return nil }
        return a["currency"] == b["currency"] ? order(left, right) : nil
    }
}

extension StepCondition {
    fileprivate var asksOwnField: Bool { customKey != nil }

    /// Adds what is wrong with a question about a field that the agency has added to leads.
    fileprivate func check(_ fields: [String: CustomField], at place: String, _ faults: inout Faults) {
        guard let customKey else { return }
        guard let field = fields[customKey] else {
            faults.add(
                "\(place)/field", "unknown_field",
                "Leads have no field custom.\(customKey.prefix(64)): declare it, or name another.")
            return
        }
        _ = FieldComparison(asked, of: "custom.\(customKey)", field.operators, at: place, &faults) {
            field.checked($0, $1, at: $2, &$3)
        }
    }

    /// The condition as segments have it.
    private var asked: JSONObject {
        guard op == .exists else { return ["op": .string(op.rawValue), "value": value] }
        return ["op": value == false ? "unknown" : "known"]
    }
}

extension MessageSequence {
    /// Adds the faults of conditions on fields that the agency has added to leads. A condition that was there before
    /// stays, though its field is gone.
    func checkConditions(
        replacing old: MessageSequence?, _ faults: inout Faults, in tx: Transaction
    ) throws {
        let before = old?.steps.list.map { $0.condition?.json } ?? []
        let asked = steps.list.enumerated().compactMap { index, step in step.condition.map { (index, $0) } }
            .filter { $1.asksOwnField && !before.contains($1.json) }
        guard !asked.isEmpty else { return }
        let fields = try tx.customFields.all(of: .lead)
        for (index, condition) in asked {
            condition.check(fields, at: "/steps/\(index)/condition", &faults)
        }
    }
}

extension JSON {
    /// Whether it says something: an empty list is as good as none.
    fileprivate var isThere: Bool { !isNull && array?.isEmpty != true }
}
