package import JSON
package import Records

/// The preferences that a contact has stated.
package struct StatedPreferences: Sendable {
    /// The values that were stated, by name.
    package var values: [Preference.Name: (value: JSON, by: JSON)] = [:]

    private static let daysMax: Int64 = 365

    /// The schemas of the values.
    package static let schemas: [Preference.Name: JSON] = [
        .channel: [
            "type": "string", "enum": JSON(Preference.channels.map(\.rawValue)),
            "description": "The channel that they like to be written to on.",
        ],
        .hour: [
            "type": "integer", "minimum": 0, "maximum": 23,
            "description": "The hour of the day at which they like to be written to, where they are.",
        ],
        .weekday: JSON.choice(Preference.Weekday.self).merging([
            "description":
                "The day of the week on which they like to be written to; once stated, touches and content keep to it."
        ]),
        .length: JSON.choice(Preference.Length.self).merging([
            "description":
                "The length of message that they like: versions of content, and answers that models draft, follow it."
        ]),
        .contentTypes: [
            "type": "array", "maxItems": JSON(Preference.Content.allCases.count),
            "description": "The types of content that they want.",
            "items": .choice(Preference.Content.self),
        ],
        .frequency: [
            "type": "string", "examples": ["P14D"],
            "description": "The time in which they want one marketing message at most.",
        ],
    ]

    /// The schema of a body: what is null is withdrawn.
    package static let bodySchema: JSON = [
        "type": "object", "additionalProperties": false,
        "properties": .object(
            JSONObject(
                Preference.Name.allCases.map { name in
                    var schema = schemas[name]?.object ?? [:]
                    schema["type"] = [schema["type"] ?? .null, "null"]
                    if let choices = schema["enum"]?.array { schema["enum"] = .array(choices + [.null]) }
                    return (name.rawValue, .object(schema))
                })),
    ]

    /// Reads a body; `nil` is what is withdrawn.
    package static func read(_ body: JSONObject) throws(Problem) -> [Preference.Name: JSON?] {
        var faults = Faults(), read: [Preference.Name: JSON?] = [:]
        for (key, value) in body.members {
            guard let name = Preference.Name(rawValue: key) else {
                faults.add(
                    "/\(key.pointerToken)", "unknown_field",
                    "The field \(key.prefix(64)) is not known: name a field of preferences.",
                    choices: Preference.Name.choices)
                continue
            }
            if value.isNull {
                read[name] = .some(nil)
            } else {
                check(name, value, &faults)
                read[name] = .some(value)
            }
        }
        try faults.throwIfAny()
        return read
    }

    private static func check(_ name: Preference.Name, _ value: JSON, _ faults: inout Faults) {
        let place = "/\(name.rawValue)"
        func choice(_ value: JSON, _ choices: [String], at place: String) {
            guard value.text.map({ choices.contains($0) }) != true else { return }
            faults.add(
                place, value.text == nil ? "wrong_type" : "invalid_choice",
                "\(place.pointedMember) must be one of \(choices.joined(separator: ", ")).", choices: choices)
        }
        switch name {
        case .channel: choice(value, Preference.channels.map(\.rawValue), at: place)
        case .weekday: choice(value, Preference.Weekday.choices, at: place)
        case .length: choice(value, Preference.Length.choices, at: place)
        case .hour:
            guard let hour = value.int else {
                return faults.add(place, "wrong_type", "hour must be a whole number from 0 to 23.")
            }
            if !(0...23).contains(hour) { faults.add(place, "out_of_range", "hour must be from 0 to 23.") }
        case .contentTypes:
            guard let types = value.array else {
                return faults.add(place, "wrong_type", "content_types must be a list.")
            }
            for (index, type) in types.enumerated() {
                choice(type, Preference.Content.choices, at: "\(place)/\(index)")
                if types[..<index].contains(type) {
                    faults.add("\(place)/\(index)", "conflict", "The type is named twice: name it once.")
                }
            }
        case .frequency:
            if days(value) == nil {
                faults.add(
                    place, "wrong_type",
                    "frequency must be whole days, from P1D to P\(daysMax)D, such as P14D.")
            }
        }
    }

    /// The number of days in which they want one message at most.
    package var days: Int? { values[.frequency].flatMap { Self.days($0.value) } }

    /// The day of the week on which they want to be written to: 1 is Monday.
    package var weekday: Int? {
        values[.weekday]?.value.text.flatMap { Preference.Weekday.choices.firstIndex(of: $0) }.map { $0 + 1 }
    }

    /// The types of content that they want; `nil` where they have not said.
    package var contents: Set<String>? {
        values[.contentTypes].map { Set($0.value.array?.compactMap(\.text) ?? []) }
    }

    private static func days(_ value: JSON) -> Int? {
        guard let duration = value.text.flatMap({ Duration(iso8601: $0) }),
            duration.components.attoseconds == 0, duration.components.seconds % 86_400 == 0,
            (1...daysMax).contains(duration.components.seconds / 86_400)
        else { return nil }
        return Int(duration.components.seconds / 86_400)
    }
}
