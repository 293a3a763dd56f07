package import JSON

/// The kind of value that a field may hold: decides its columns, its JSON, its validation and its schema.
package enum FieldKind: Sendable {
    case text(max: Int)
    case email
    /// E.164; a national number is read in the country that the named sibling field holds.
    case phone(countryField: String?)
    case url
    /// The address of a page that readers are sent to: it keeps its query and fragment, and everybody can reach it.
    case link
    /// ISO 3166 alpha-2; common names are understood.
    case country
    case currency
    case timeZone
    case choice([String])
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case boolean
    /// A day, `2027-03-01`.
    case date
    case instant
    case money
    case texts(max: Int, length: Int)
    /// Named texts, numbers and booleans that the agency declares itself.
    case custom
    /// `{system: identifier}`.
    case externalIDs
    /// The id of a record, which must exist.
    case id(Referent)
    case ids(Referent, max: Int)
    /// Any JSON of the described schema; checked by whoever owns it.
    case document(schema: JSON)
    /// A declared value of its own.
    case part(PartKind)
    case parts(PartKind, max: Int)
}

extension FieldKind {
    /// The form in which a value lies in its column, and so how its bytes become JSON.
    package enum Storage: Sendable { case text, integer, real, boolean, instant, money, json }

    package var storage: Storage {
        switch self {
        case .text, .email, .phone, .url, .link, .country, .currency, .timeZone, .choice, .date, .id: .text
        case .integer: .integer
        case .number: .real
        case .boolean: .boolean
        case .instant: .instant
        case .money: .money
        case .texts, .ids, .custom, .externalIDs, .document, .part, .parts: .json
        }
    }

    /// Texts that are brought into a normal form by parsing them.
    var isParsed: Bool {
        switch self {
        case .email, .phone, .url, .link, .country: true
        default: false
        }
    }

    /// The longest text that is parsed, in characters.
    private static let parsedMax = 2000

    /// Returns whether a text that is already in its normal form is short enough.
    func fits(_ value: JSON) -> Bool { value.text.map { $0.utf8.count <= Self.parsedMax } ?? false }

    /// Objects that a merge patch changes member by member.
    var isObject: Bool {
        switch self {
        case .money, .custom, .externalIDs, .part: true
        case .document(let schema): schema["type"]?.text == "object"
        default: false
        }
    }
}

/// The faults found in a body so far.
package struct Faults: Sendable {
    package private(set) var list: [Fault] = []
    /// The records that the body refers to; whether they exist is checked where there is a database.
    package internal(set) var references: [Reference] = []

    package init() {}

    package var isEmpty: Bool { list.isEmpty }

    package mutating func add(_ pointer: String, _ code: String, _ detail: String, choices: [String]? = nil) {
        list.append(Fault(pointer, code, detail, choices: choices))
    }

    /// Adds the fault of a value with more than it may have.
    package mutating func add(_ pointer: String, _ code: String, max: Int, _ detail: String) {
        var fault = Fault(pointer, code, detail)
        fault.max = max
        list.append(fault)
    }

    package mutating func add(contentsOf faults: [Fault]) { list += faults }

    package func throwIfAny() throws(Problem) {
        guard !list.isEmpty else { return }
        var problem = Problem(faults: list)
        problem.references = references
        throw problem
    }
}

extension FieldKind {
    /// Checks a JSON value and brings it into its normal form; adds what is wrong to `faults` and
    /// then answers `nil`. `siblings` are the other members of the body.
    package func validated(
        _ value: JSON, at pointer: String, siblings: JSONObject, faults: inout Faults
    ) -> JSON? {
        let before = faults.list.count
        let result = check(value, pointer, siblings, &faults)
        return faults.list.count == before ? result : nil
    }

    private func check(
        _ value: JSON, _ pointer: String, _ siblings: JSONObject, _ faults: inout Faults
    ) -> JSON? {
        switch self {
        case .text(let max): return text(value, pointer, max: max, isProse: true, &faults).map(JSON.string)
        case .choice(let choices): return choice(value, pointer, choices, &faults)
        case .email, .url, .link, .country, .currency, .timeZone, .phone, .date, .instant:
            guard let notation = notation(beside: siblings) else { return nil }
            return parsed(value, pointer, notation.code, notation.wanted, &faults, notation.parse)
        case .id(let referent): return id(value, pointer, referent, &faults)
        case .ids(let referent, let max): return ids(value, pointer, referent, max: max, &faults)
        case .integer(let range): return integer(value, pointer, range, &faults)
        case .number(let range): return number(value, pointer, range, &faults)
        case .boolean: return value.flag != nil ? value : wrongType(pointer, "true or false", &faults)
        case .money: return money(value, pointer, &faults)
        case .texts(let max, let length): return texts(value, pointer, max: max, length: length, &faults)
        case .custom: return custom(value, pointer, &faults)
        case .externalIDs: return externalIDs(value, pointer, &faults)
        case .document(let schema): return document(value, pointer, schema, &faults)
        case .part, .parts: return part(value, pointer, &faults)
        }
    }

    private func wrongType(_ pointer: String, _ wanted: String, _ faults: inout Faults) -> JSON? {
        faults.add(pointer, "wrong_type", "\(pointer.pointedMember) must be \(wanted).")
        return nil
    }

    private func text(
        _ value: JSON, _ pointer: String, max: Int, isProse: Bool = false, _ faults: inout Faults
    ) -> String? {
        guard let text = value.text else {
            _ = wrongType(pointer, "a text", &faults)
            return nil
        }
        if text.utf8.count > max, text.utf8.count > max * 4 || text.unicodeScalars.count > max {
            faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most \(max) characters.")
            return nil
        }
        if let fault = TextRule.fault(in: text, isProse: isProse) {
            faults.add(pointer, "invalid_text", "\(pointer.pointedMember) \(fault): remove them.")
            return nil
        }
        return text
    }

    private func choice(
        _ value: JSON, _ pointer: String, _ choices: [String], _ faults: inout Faults
    ) -> JSON? {
        guard let text = text(value, pointer, max: 200, &faults) else { return nil }
        if choices.contains(text) { return .string(text) }
        faults.add(
            pointer, "invalid_choice",
            "\(pointer.pointedMember) must be one of \(choices.joined(separator: ", ")).",
            choices: choices)
        return nil
    }

    private func parsed(
        _ value: JSON, _ pointer: String, _ code: String, _ wanted: String, _ faults: inout Faults,
        _ parse: (String) -> String?
    ) -> JSON? {
        guard let raw = text(value, pointer, max: Self.parsedMax, &faults) else { return nil }
        if let result = parse(raw) { return .string(result) }
        faults.add(pointer, code, "\(pointer.pointedMember) must be \(wanted).")
        return nil
    }

    private func id(_ value: JSON, _ pointer: String, _ referent: Referent, _ faults: inout Faults) -> JSON? {
        let wanted = "the id of a record: \(referent.prefix)_ and 26 characters"
        return parsed(value, pointer, "unknown_reference", wanted, &faults) {
            IDText.isValid($0, prefix: referent.prefix) ? $0 : nil
        }
    }

    private func ids(
        _ value: JSON, _ pointer: String, _ referent: Referent, max: Int, _ faults: inout Faults
    ) -> JSON? {
        guard let items = value.array else { return wrongType(pointer, "a list of ids", &faults) }
        guard items.count <= max else {
            faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most \(max) entries.")
            return nil
        }
        var seen: Set<String> = []
        let ids = items.enumerated().compactMap { id($1, "\(pointer)/\($0)", referent, &faults) }
        return .array(ids.filter { seen.insert($0.text ?? "").inserted })
    }

    private func number(
        _ value: JSON, _ pointer: String, _ range: ClosedRange<Double>, _ faults: inout Faults
    ) -> JSON? {
        guard let number = value.double else { return wrongType(pointer, "a number", &faults) }
        if range.contains(number) { return value }
        faults.add(
            pointer, "out_of_range",
            "\(pointer.pointedMember) must be from \(range.lowerBound) to \(range.upperBound).")
        return nil
    }

    private func document(
        _ value: JSON, _ pointer: String, _ schema: JSON, _ faults: inout Faults
    ) -> JSON? {
        switch schema["type"]?.text {
        case "object" where value.object == nil: wrongType(pointer, "an object", &faults)
        case "array" where value.array == nil: wrongType(pointer, "an array", &faults)
        default: value
        }
    }

    private func integer(
        _ value: JSON, _ pointer: String, _ range: ClosedRange<Int64>, _ faults: inout Faults
    ) -> JSON? {
        switch value {
        case .integer(let number) where range.contains(number): return value
        case .number(let number) where number == number.rounded() && abs(number) < 9e15:
            return integer(.integer(Int64(number)), pointer, range, &faults)
        case .number(let number) where number != number.rounded():
            return wrongType(pointer, "a whole number", &faults)
        case .integer, .number:
            faults.add(
                pointer, "out_of_range",
                "\(pointer.pointedMember) must be from \(range.lowerBound) to \(range.upperBound).")
            return nil
        default: return wrongType(pointer, "a whole number", &faults)
        }
    }

    private func money(_ value: JSON, _ pointer: String, _ faults: inout Faults) -> JSON? {
        guard let object = value.object else {
            return wrongType(pointer, "an object with amount and currency", &faults)
        }
        var result: JSONObject = [:]
        for name in object.keys where name != "amount" && name != "currency" {
            faults.add(
                "\(pointer)/\(name.pointerToken)", "unknown_field",
                "Money has amount and currency only: remove \(name.prefix(64)).")
        }
        let parts: [(String, FieldKind)] = [
            ("amount", .integer(0...Money.amountMax)), ("currency", .currency),
        ]
        for (name, kind) in parts {
            guard let part = object[name], !part.isNull else {
                faults.add(
                    "\(pointer)/\(name)", "required", "Money needs amount and currency: send \(name) too.")
                continue
            }
            if let checked = kind.validated(part, at: "\(pointer)/\(name)", siblings: [:], faults: &faults) {
                result.append(name, checked)
            }
        }
        return .object(result)
    }

    private func texts(
        _ value: JSON, _ pointer: String, max: Int, length: Int, _ faults: inout Faults
    ) -> JSON? {
        guard let items = value.array else { return wrongType(pointer, "a list of texts", &faults) }
        guard items.count <= max else {
            faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most \(max) entries.")
            return nil
        }
        var seen: Set<String> = [], result: [JSON] = []
        for (index, item) in items.enumerated() {
            guard let text = text(item, "\(pointer)/\(index)", max: length, &faults) else { continue }
            let trimmed = text.trimmed
            if !trimmed.isEmpty, seen.insert(trimmed).inserted { result.append(.string(trimmed)) }
        }
        return .array(result)
    }

    private func custom(_ value: JSON, _ pointer: String, _ faults: inout Faults) -> JSON? {
        guard let object = value.object else { return wrongType(pointer, "an object", &faults) }
        guard object.count <= 200 else {
            faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most 200 custom fields.")
            return nil
        }
        var result: JSONObject = [:]
        for (key, item) in object.members {
            let place = "\(pointer)/\(key.pointerToken)"
            guard key.isCustomKey else {
                faults.add(
                    place, "invalid_key",
                    "\(key.prefix(64)) is not a valid name: use letters, digits, '_', '-' and '.', at most 64."
                )
                continue
            }
            switch item {
            case .string:
                if let text = text(item, place, max: 5000, &faults) { result.append(key, .string(text)) }
            case .integer, .number, .bool: result.append(key, item)
            case .null: continue
            case .array, .object:
                faults.add(
                    place, "wrong_type",
                    "\(place.pointedMember) must be a text, a number, true, false or null.")
            }
        }
        return .object(result)
    }

    private func externalIDs(_ value: JSON, _ pointer: String, _ faults: inout Faults) -> JSON? {
        guard let object = value.object else { return wrongType(pointer, "an object", &faults) }
        var result: JSONObject = [:]
        for (key, item) in object.members where !item.isNull {
            let place = "\(pointer)/\(key.pointerToken)"
            guard key.isCustomKey else {
                faults.add(
                    place, "invalid_key",
                    "\(key.prefix(64)) is not a valid name: use letters, digits, '_', '-' and '.', at most 64."
                )
                continue
            }
            if let text = text(item, place, max: 200, &faults), !text.isEmpty {
                result.append(key, .string(text))
            }
        }
        return .object(result)
    }
}

extension Money {
    /// The largest amount, in minor units, that every JSON reader keeps exactly.
    package static let amountMax: Int64 = 9_007_199_254_740_991
}

enum IDText {
    private static let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// 26 characters hold 130 bits: the first may only use three of its five.
    static func isValid(_ text: String, prefix: String) -> Bool {
        let body = text.utf8.dropFirst(prefix.utf8.count + 1)
        return body.count == 26 && text.hasPrefix(prefix + "_") && body.allSatisfy(alphabet.contains)
            && body.first.map { $0 <= UInt8(ascii: "7") } ?? false
    }

    /// Returns the pattern of valid identifiers for JSON Schema.
    static func pattern(prefix: String) -> String { "^\(prefix)_[0-7][0-9a-hjkmnp-tv-z]{25}$" }
}
