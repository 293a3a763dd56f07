package import JSON

/// Checks JSON against a schema, of which models' output and tools' arguments need: type, properties, required,
/// additionalProperties, items, enum, const, anyOf, and the bounds of texts, numbers and lists. An unknown keyword
/// says nothing.
package enum SchemaCheck {
    package struct Fault: Hashable, Sendable {
        package let pointer: String, detail: String
    }

    private static let depthMax = 64
    private static let faultsMax = 20

    /// Every fault, up to some; none where it fits.
    package static func faults(_ value: JSON, _ schema: JSON) -> [Fault] {
        var faults: [Fault] = []
        check(value, schema, "", 0, &faults)
        return faults
    }

    private static func check(
        _ value: JSON, _ schema: JSON, _ pointer: String, _ depth: Int, _ faults: inout [Fault]
    ) {
        guard faults.count < faultsMax, schema.object != nil else { return }
        guard depth < depthMax else { return add("is nested too deeply", pointer, &faults) }
        if let choices = schema["anyOf"]?.array {
            let fits = choices.contains { choice in
                var own: [Fault] = []
                check(value, choice, pointer, depth + 1, &own)
                return own.isEmpty
            }
            if !fits { add("fits none of the alternatives", pointer, &faults) }
        }
        if let types = types(schema), !types.contains(where: { value.isOf(type: $0) }) {
            return add("must be \(types.joined(separator: " or "))", pointer, &faults)
        }
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            add("must be one of \(JSON.array(choices).serialized)", pointer, &faults)
        }
        if let constant = schema["const"], constant != value {
            add("must be \(constant.serialized)", pointer, &faults)
        }
        switch value {
        case .object(let object): check(object, schema, pointer, depth, &faults)
        case .array(let items):
            bounds(items.count, schema, "minItems", "maxItems", "elements", pointer, &faults)
            guard let item = schema["items"] else { return }
            for (index, value) in items.enumerated() {
                check(value, item, "\(pointer)/\(index)", depth + 1, &faults)
            }
        case .string(let text):
            bounds(
                text.unicodeScalars.count, schema, "minLength", "maxLength", "characters", pointer, &faults)
        case .integer, .number:
            let number = value.double ?? 0
            if let least = schema["minimum"]?.double, number < least {
                add("must be at least \(least)", pointer, &faults)
            }
            if let most = schema["maximum"]?.double, number > most {
                add("must be at most \(most)", pointer, &faults)
            }
        case .null, .bool: break
        }
    }

    private static func check(
        _ object: JSONObject, _ schema: JSON, _ pointer: String, _ depth: Int, _ faults: inout [Fault]
    ) {
        let properties = schema["properties"]?.object ?? [:]
        for name in (schema["required"]?.array ?? []).compactMap(\.text) where object[name] == nil {
            add("is missing", "\(pointer)/\(name)", &faults)
        }
        for (name, value) in object.members {
            let place = "\(pointer)/\(name.replacing("~", with: "~0").replacing("/", with: "~1"))"
            if let property = properties[name] {
                check(value, property, place, depth + 1, &faults)
            } else if let more = schema["additionalProperties"] {
                if more == false {
                    add("is not known", place, &faults)
                } else {
                    check(value, more, place, depth + 1, &faults)
                }
            }
        }
    }

    private static func types(_ schema: JSON) -> [String]? {
        if let one = schema["type"]?.text { return [one] }
        return schema["type"]?.array?.compactMap(\.text)
    }

    private static func bounds(
        _ count: Int, _ schema: JSON, _ least: String, _ most: String, _ what: String, _ pointer: String,
        _ faults: inout [Fault]
    ) {
        if let bound = schema[least]?.int, count < bound {
            add("needs at least \(bound) \(what)", pointer, &faults)
        }
        if let bound = schema[most]?.int, count > bound {
            add("may have \(bound) \(what) at most", pointer, &faults)
        }
    }

    private static func add(_ detail: String, _ pointer: String, _ faults: inout [Fault]) {
        if faults.count < faultsMax { faults.append(Fault(pointer: pointer, detail: detail)) }
    }
}

extension JSON {
    fileprivate func isOf(type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer),
            ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .number(let number)): number.rounded() == number
        default: false
        }
    }
}
