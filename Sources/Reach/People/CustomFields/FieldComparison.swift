package import JSON
package import Records

/// The question that a condition asks of a field, and the answers that meet it: its `op` and `value`, in filters of
/// segments and in steps of sequences alike.
package struct FieldComparison: Sendable {
    package enum Operator: String, Sendable, CaseIterable {
        case eq, ne, gt, gte, lt, lte
        case `in`
        case contains, known, unknown

        package static let equality: [Self] = [.eq, .ne, .in]
        package static let order: [Self] = [.gt, .gte, .lt, .lte]
        package static let presence: [Self] = [.known, .unknown]
    }

    /// The most values of one condition.
    package static let valuesMax = 500

    package let op: Operator
    /// The values in the field's normal form; several for `in` only.
    package let values: [JSON]

    /// Reads the condition on a field that answers some questions, with `checked` for the form of its values; adds what
    /// is wrong at its place, and is `nil` then.
    package init?(
        _ condition: JSONObject, of name: String, _ operators: [Operator], at place: String,
        _ faults: inout Faults, checked: (JSON, Operator, String, inout Faults) -> JSON?
    ) {
        guard let given = condition["op"], !given.isNull else {
            faults.add("\(place)/op", "required", "op is required.", choices: operators.map(\.rawValue))
            return nil
        }
        guard let op = given.text.flatMap(Operator.init(rawValue:)), operators.contains(op) else {
            let words = operators.map(\.rawValue)
            faults.add(
                "\(place)/op", "invalid_choice",
                "op must be one of \(words.joined(separator: ", ")) for \(name.prefix(64)).", choices: words)
            return nil
        }
        let value = condition["value"] ?? .null
        if op == .known || op == .unknown {
            if !value.isNull {
                faults.add("\(place)/value", "unknown_field", "\(op.rawValue) takes no value: remove it.")
            }
            (self.op, values) = (op, [])
            return
        }
        guard !value.isNull else {
            faults.add("\(place)/value", "required", "value is required: unknown asks for what is not there.")
            return nil
        }
        guard op == .in else {
            guard let one = checked(value, op, "\(place)/value", &faults) else { return nil }
            (self.op, values) = (op, [one])
            return
        }
        guard let items = value.array else {
            faults.add("\(place)/value", "wrong_type", "value must be a list for in.")
            return nil
        }
        guard (1...Self.valuesMax).contains(items.count) else {
            faults.add(
                "\(place)/value", items.isEmpty ? "required" : "too_many",
                "value must have 1 to \(Self.valuesMax) values.")
            return nil
        }
        self.op = op
        values = items.enumerated().compactMap { index, item in
            checked(item, op, "\(place)/value/\(index)", &faults)
        }
    }
}

extension FieldComparison {
    /// Returns the forms of a text by which it is found whatever the size of its letters: a database makes the letters
    /// of ASCII small, and no others.
    package static func forms(of text: String) -> [String] {
        let small = text.lowercased()
        func capital(_ part: Substring) -> String { part.prefix(1).uppercased() + String(part.dropFirst()) }
        let title = small.split(separator: " ", omittingEmptySubsequences: false).map(capital)
        let all = [text, small, text.uppercased(), capital(small[...]), title.joined(separator: " ")]
        return Set(all.map(folded)).sorted()
    }

    /// Returns whether a text of a record is the one that is asked for, in letters of whatever size.
    package static func isSame(_ text: String, as asked: String) -> Bool {
        forms(of: asked).contains(folded(text))
    }

    private static func folded(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension CustomField {
    /// The questions that the field answers.
    package var operators: [FieldComparison.Operator] {
        switch type {
        case .text: FieldComparison.Operator.equality + [.contains] + FieldComparison.Operator.presence
        case .choice: FieldComparison.Operator.equality + FieldComparison.Operator.presence
        case .number:
            FieldComparison.Operator.equality + FieldComparison.Operator.order
                + FieldComparison.Operator.presence
        case .boolean: [.eq, .ne] + FieldComparison.Operator.presence
        }
    }

    /// Returns a condition's value in its normal form; adds what is wrong with it.
    package func checked(
        _ value: JSON, _ op: FieldComparison.Operator, at pointer: String, _ faults: inout Faults
    ) -> JSON? {
        guard op != .contains else {
            return FieldKind.text(max: 500).validated(value, at: pointer, siblings: [:], faults: &faults)
        }
        if let fault = fault(of: value) {
            faults.add(pointer, fault.code, fault.detail, choices: fault.choices)
            return nil
        }
        guard value.text != nil else { return value }
        return FieldKind.text(max: 5000).validated(value, at: pointer, siblings: [:], faults: &faults)
    }
}
