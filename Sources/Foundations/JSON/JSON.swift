/// A JSON document (RFC 8259). Objects keep their members' order; a number without fraction or
/// exponent that fits 64 bits is an `integer`, every other one a `number`.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object, in order. Objects here are small: look-up is linear.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var members: [(key: String, value: JSON)] = []

    package init() {}

    /// Members whose names are different.
    package init(_ members: some Sequence<(String, JSON)>) {
        self.members = members.map { (key: $0.0, value: $0.1) }
    }

    package init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    package subscript(key: String) -> JSON? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    package mutating func remove(_ key: String) { members.removeAll { $0.key == key } }

    /// Adds a member that is known to be new.
    package mutating func append(_ key: String, _ value: JSON) { members.append((key, value)) }

    package static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.members.allSatisfy { b[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        for member in members.sorted(by: { $0.key < $1.key }) {
            hasher.combine(member.key)
            hasher.combine(member.value)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object.append(key, value) }
        self = .object(object)
    }

    /// A string, or `null`.
    package init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    /// An integer, or `null`.
    package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    /// An array of strings.
    package init(_ texts: [String]) { self = .array(texts.map(JSON.string)) }

    package var text: String? { if case .string(let value) = self { value } else { nil } }
    package var int: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var flag: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    package var isNull: Bool { self == .null }
    /// The value of an integer or a number.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// A member of an object; `nil` when it is absent or this is no object.
    package subscript(key: String) -> JSON? { object?[key] }

    /// The document as compact JSON.
    package var serialized: String { String(decoding: bytes, as: UTF8.self) }

    /// The document as compact JSON in UTF-8.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The document with object members in the order of their names, recursively: equal documents
    /// have equal canonical texts.
    package var canonical: JSON {
        switch self {
        case .array(let items): .array(items.map(\.canonical))
        case .object(let object):
            .object(
                object.members.sorted { $0.key < $1.key }
                    .reduce(into: JSONObject()) { $0.append($1.key, $1.value.canonical) })
        default: self
        }
    }
}

extension JSON {
    /// Applies a JSON Merge Patch (RFC 7396) to this document.
    package func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var result = object ?? JSONObject()
        for (key, change) in changes.members {
            // Spelled out: in a conditional expression `nil` would be JSON's null, not the absence.
            if change.isNull {
                result.remove(key)
            } else {
                result[key] = (result[key] ?? .null).merging(change)
            }
        }
        return .object(result)
    }

    /// Returns the object with `members` added, those that are null included.
    package func adding(_ members: JSONObject) -> JSON {
        var result = object ?? JSONObject()
        for (key, value) in members.members { result[key] = value }
        return .object(result)
    }
}
