internal import JSON
internal import Records

/// The fields that a graph's state may have.
struct GraphSchema: Sendable {
    enum FieldType: String, CaseIterable, Sendable {
        case string, integer, number, boolean, list, object

        func accepts(_ value: JSON) -> Bool {
            switch (self, value) {
            case (.string, .string), (.integer, .integer), (.number, .integer), (.number, .number),
                (.boolean, .bool), (.list, .array), (.object, .object):
                true
            default: false
            }
        }
    }

    struct Field: Sendable {
        let name: String
        let type: FieldType
        let isRequired: Bool
        let standard: JSON?
    }

    let fields: [Field]

    /// The fields that a condition on an event asks for.
    static let event = GraphSchema(
        fields: [
            .init(name: "type", type: .string, isRequired: true, standard: nil),
            .init(name: "subject", type: .object, isRequired: true, standard: nil),
            .init(name: "data", type: .object, isRequired: true, standard: nil),
            .init(name: "record", type: .object, isRequired: false, standard: nil),
        ], isOfEvent: true)

    let isOfEvent: Bool

    init(fields: [Field], isOfEvent: Bool = false) { (self.fields, self.isOfEvent) = (fields, isOfEvent) }

    subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The state that a run begins with; adds what is wrong with what was given.
    func begin(_ given: JSONObject, at pointer: String = "/state", faults: inout Faults) -> JSONObject {
        check(given, at: pointer, &faults)
        var state = JSONObject()
        for field in fields {
            let value = given[field.name] ?? field.standard ?? .null
            if value.isNull, field.isRequired, given[field.name].map(\.isNull) ?? true {
                faults.add("\(pointer)/\(field.name.pointerToken)", "required", "\(field.name) is required.")
            }
            if !value.isNull { state.append(field.name, value) }
        }
        return state
    }

    /// Adds what is wrong with fields that are set to these values.
    func check(_ values: JSONObject, at pointer: String = "/state", _ faults: inout Faults) {
        for (name, value) in values.members {
            let place = "\(pointer)/\(name.pointerToken)"
            guard let field = self[name] else {
                faults.add(
                    place, "unknown_field",
                    "The workflow's state has no field \(name.prefix(64)): declare it, or name another."
                )
                continue
            }
            if !value.isNull, !field.type.accepts(value) {
                faults.add(place, "wrong_type", "\(name) must be of the type \(field.type.rawValue).")
            }
        }
    }
}

/// Texts with `{{name}}` in them. A text that is nothing but one name becomes the value itself.
struct GraphTemplate {
    /// The names that a document asks for, such as `lead.id`.
    static func names(in document: JSON) -> [String] {
        switch document {
        case .string(let text):
            pieces(of: text).compactMap { if case .name(let name) = $0 { name } else { nil } }
        case .array(let items): items.flatMap(names)
        case .object(let object): object.members.flatMap { names(in: $0.value) }
        default: []
        }
    }

    static func filled(_ document: JSON, with state: JSONObject) -> JSON {
        switch document {
        case .string(let text):
            let pieces = pieces(of: text)
            if pieces.count == 1, case .name(let name) = pieces[0] { return state.value(at: name) }
            return .string(filled(text, with: state))
        case .array(let items): return .array(items.map { filled($0, with: state) })
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.key, filled($0.value, with: state)) }))
        default: return document
        }
    }

    static func filled(_ text: String, with state: JSONObject) -> String {
        pieces(of: text).map { piece in
            switch piece {
            case .text(let text): return String(text)
            case .name(let name):
                let value = state.value(at: name)
                return value.isNull ? "" : value.text ?? value.serialized
            }
        }.joined()
    }

    private enum Piece {
        case text(Substring)
        case name(String)
    }

    /// Returns the pieces of a text. Text between braces that is no name stays as it is.
    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
            let isName =
                !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
            let end = isName ? open.lowerBound : open.upperBound
            if end > rest.startIndex { pieces.append(.text(rest[..<end])) }
            if isName { pieces.append(.name(String(name))) }
            rest = rest[(isName ? close.upperBound : end)...]
        }
        if !rest.isEmpty { pieces.append(.text(rest)) }
        return pieces
    }
}
