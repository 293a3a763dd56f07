import Foundation
import JSON

/// Checks documents against the schemas of an OpenAPI document: types, members, enumerations, bounds.
struct SchemaCheck {
    let document: JSON
    /// Whether objects may only have the members that their schema names, where it names any.
    var knowsAllMembers = false

    /// Returns the misfits, each with its place; nothing when all fits.
    func faults(of value: JSON, against schema: JSON, at place: String = "") -> [String] {
        if let target = schema["$ref"]?.text {
            let name = target.split(separator: "/").last.map(String.init) ?? ""
            guard let named = document["components"]?["schemas"]?[name] else {
                return ["\(place): no schema \(name)"]
            }
            return faults(of: value, against: named, at: place)
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
        if let text = value.text { found += faults(ofText: text, schema, place) }
        if let object = value.object { found += faults(ofObject: object, schema, place) }
        if let items = value.array {
            if let most = schema["maxItems"]?.int, items.count > most {
                found.append("\(place): more than \(most) entries")
            }
            if let schema = schema["items"] {
                for (index, item) in items.enumerated() {
                    found += faults(of: item, against: schema, at: "\(place)/\(index)")
                }
            }
        }
        for choices in [schema["anyOf"]?.array, schema["oneOf"]?.array].compactMap({ $0 }) {
            let tried = choices.map { faults(of: value, against: $0, at: place) }
            if !tried.contains([]) { found += tried.first ?? [] }
        }
        return found
    }

    private func faults(ofText text: String, _ schema: JSON, _ place: String) -> [String] {
        var found: [String] = []
        if let most = schema["maxLength"]?.int, text.unicodeScalars.count > most {
            found.append("\(place): longer than \(most)")
        }
        if let least = schema["minLength"]?.int, text.unicodeScalars.count < least {
            found.append("\(place): shorter than \(least)")
        }
        if let pattern = schema["pattern"]?.text, text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(place): \(text.prefix(80)) does not match \(pattern.prefix(80))")
        }
        if schema["format"] == "date-time",
            text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) == nil
        {
            found.append("\(place): no instant")
        }
        return found
    }

    private func faults(ofObject object: JSONObject, _ schema: JSON, _ place: String) -> [String] {
        var found: [String] = []
        let properties = schema["properties"]?.object ?? [:]
        for name in schema["required"]?.array?.compactMap(\.text) ?? [] where object[name] == nil {
            found.append("\(place)/\(name): missing")
        }
        for (name, member) in object.members {
            if let known = properties[name] {
                found += faults(of: member, against: known, at: "\(place)/\(name)")
            } else if let others = schema["additionalProperties"], others.object != nil {
                found += faults(of: member, against: others, at: "\(place)/\(name)")
            } else if schema["additionalProperties"] == false || knowsAllMembers && !properties.isEmpty {
                found.append("\(place)/\(name): not in the schema")
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
