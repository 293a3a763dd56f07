import JSON

/// Checks documents against the schemas of an OpenAPI document: types, members, enumerations, bounds.
struct SchemaCheck {
    let document: JSON

    /// What does not fit, each with its place; nothing when all does.
    func faults(of value: JSON, against schema: JSON, at place: String = "") -> [String] {
        if let target = schema["$ref"]?.text {
            let name = target.split(separator: "/").last.map(String.init) ?? ""
            guard let named = document["components"]?["schemas"]?[name] else {
                return ["\(place): no schema \(name)"]
            }
            return faults(of: value, against: named, at: place)
        }
        if let choices = schema["anyOf"]?.array {
            let faults = choices.map { self.faults(of: value, against: $0, at: place) }
            return faults.contains { $0.isEmpty } ? [] : faults.first ?? []
        }
        var types = schema["type"]?.array?.compactMap(\.text) ?? []
        if let type = schema["type"]?.text { types = [type] }
        if !types.isEmpty, !types.contains(where: { isOne(value, $0) }) {
            return ["\(place): \(value.serialized.prefix(80)) is no \(types.joined(separator: " or "))"]
        }
        var found: [String] = []
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            found.append("\(place): \(value.serialized) is not among the choices")
        }
        if let number = value.double {
            if let least = schema["minimum"]?.double, number < least {
                found.append("\(place): under \(least)")
            }
            if let most = schema["maximum"]?.double, number > most { found.append("\(place): over \(most)") }
        }
        if let object = value.object {
            let properties = schema["properties"]?.object ?? [:]
            for name in schema["required"]?.array?.compactMap(\.text) ?? [] where object[name] == nil {
                found.append("\(place)/\(name): missing")
            }
            let isClosed = schema["additionalProperties"] == false
            for (name, member) in object.members {
                if isClosed, properties[name] == nil { found.append("\(place)/\(name): not in the schema") }
                guard let schema = properties[name] else { continue }
                found += faults(of: member, against: schema, at: "\(place)/\(name)")
            }
        }
        if let items = value.array, let schema = schema["items"] {
            for (index, item) in items.enumerated() {
                found += faults(of: item, against: schema, at: "\(place)/\(index)")
            }
        }
        return found
    }

    private func isOne(_ value: JSON, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .integer), ("number", .integer), ("number", .number): true
        default: false
        }
    }
}
