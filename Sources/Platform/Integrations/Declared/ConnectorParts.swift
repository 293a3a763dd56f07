internal import Agents
internal import JSON
internal import Records

extension ConnectorReading {
    /// An object of the document.
    struct Part {
        let members: JSONObject, place: String
        let known: [String]

        init(_ members: JSONObject, _ place: String, _ known: [String]) {
            (self.members, self.place, self.known) = (members, place, known)
        }

        func object(_ name: String, _ faults: inout Faults, isRequired: Bool = false) -> JSONObject? {
            guard let value = members[name], !value.isNull else {
                if isRequired { faults.add("\(place)/\(name)", "required", "\(name) is required.") }
                return nil
            }
            if let object = value.object { return object }
            faults.add("\(place)/\(name)", "wrong_type", "\(name) must be an object.")
            return nil
        }

        func list(
            _ name: String, _ faults: inout Faults, isRequired: Bool = false
        ) -> [(place: String, item: JSONObject)] {
            guard let value = members[name], !value.isNull else {
                if isRequired { faults.add("\(place)/\(name)", "required", "\(name) is required.") }
                return []
            }
            guard let items = value.array, items.count <= 200 else {
                faults.add("\(place)/\(name)", "wrong_type", "\(name) must be a list of at most 200 objects.")
                return []
            }
            return items.enumerated().compactMap { index, item in
                if let object = item.object { return ("\(place)/\(name)/\(index)", object) }
                faults.add("\(place)/\(name)/\(index)", "wrong_type", "Each of \(name) must be an object.")
                return nil
            }
        }
    }

    mutating func check(unknown part: Part) {
        for name in part.members.keys where !part.known.contains(name) {
            faults.add(
                "\(part.place)/\(name.pointerToken)", "unknown_field",
                "\(name.prefix(64)) is not known here: \(part.known.joined(separator: ", ")) are.")
        }
    }

    mutating func check(name: String, _ place: String) {
        if !name.isEmpty, !name.isConnectorName {
            faults.add(
                place, "invalid_key", "\(place.pointedMember) must have small letters, digits and _ only.")
        }
    }

    mutating func check(_ text: ConnectorText, _ place: String, _ known: [String]) {
        for name in text.names where !known.contains(name) {
            let remedy = known.isEmpty ? "no names are known here" : "write \(known.map { "{{ \($0) }}" }[0])"
            faults.add(place, "unknown_name", "\(name.prefix(64)) is not a name here: \(remedy).")
        }
    }

    mutating func text(_ name: String, of part: Part, isRequired: Bool = false) -> String? {
        guard let value = part.members[name], !value.isNull, value.text?.trimmed.isEmpty != true else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return nil
        }
        if let text = value.text?.trimmed, text.utf8.count <= 2000 { return text }
        faults.add("\(part.place)/\(name)", "wrong_type", "\(name) must be a text.")
        return nil
    }

    mutating func texts(_ name: String, of part: Part, isRequired: Bool = false) -> [String] {
        guard let value = part.members[name], !value.isNull else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return []
        }
        if let items = value.array, items.count <= 200, items.allSatisfy({ $0.text?.isEmpty == false }) {
            return items.compactMap(\.text)
        }
        faults.add("\(part.place)/\(name)", "wrong_type", "\(name) must be a list of texts.")
        return []
    }

    mutating func flag(_ name: String, of part: Part, standard: Bool = false) -> Bool {
        guard let value = part.members[name], !value.isNull else { return standard }
        if let flag = value.flag { return flag }
        faults.add("\(part.place)/\(name)", "wrong_type", "\(name) must be true or false.")
        return standard
    }

    mutating func number(
        _ name: String, of part: Part, in range: ClosedRange<Int64>, isRequired: Bool = false
    ) -> Int64? {
        guard let value = part.members[name], !value.isNull else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return nil
        }
        if let number = value.int, range.contains(number) { return number }
        faults.add(
            "\(part.place)/\(name)", value.int == nil ? "wrong_type" : "out_of_range",
            "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        return nil
    }

    mutating func choice(
        _ name: String, of part: Part, among choices: [String], isRequired: Bool = false
    ) -> String? {
        guard let text = text(name, of: part, isRequired: isRequired) else { return nil }
        if choices.contains(text) { return text }
        faults.add(
            "\(part.place)/\(name)", "invalid_choice",
            "\(name) must be one of \(choices.joined(separator: ", ")).",
            choices: choices)
        return nil
    }

    mutating func pointer(_ name: String, of part: Part, isRequired: Bool = false) -> ConnectorPointer? {
        guard let value = part.members[name], !value.isNull else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return nil
        }
        return pointer(value, "\(part.place)/\(name)")
    }

    mutating func pointer(_ value: JSON, _ place: String) -> ConnectorPointer? {
        if let text = value.text, let pointer = ConnectorPointer(text) { return pointer }
        faults.add(
            place, "invalid_pointer", "\(place.pointedMember) must be a JSON Pointer, such as /data/id.")
        return nil
    }

    mutating func pointers(_ name: String, of part: Part) -> [ConnectorPointer] {
        texts(name, of: part).enumerated().compactMap { index, text in
            pointer(.string(text), "\(part.place)/\(name)/\(index)")
        }
    }
}
