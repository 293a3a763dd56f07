internal import JSON
internal import Records

/// The descriptions of fields that have the same name and meaning in many resources. A field whose declaration says
/// more (`.about`) has its own text.
enum FieldTexts {
    /// The texts by the field's name, or by the object's name and the member's. `{it}` stands for the word for
    /// whatever has the field.
    private static let byName: [String: String] = {
        var texts: [String: String] = [:]
        for line in [ofMembers, aToL, mToZ].joined(separator: "\n").split(separator: "\n") {
            guard let end = line.firstRange(of: ": ") else { continue }
            texts[String(line[..<end.lowerBound])] = String(line[end.upperBound...])
        }
        return texts
    }()

    static func text(of name: String, in parent: String, noun: String) -> String? {
        (byName["\(parent).\(name)"] ?? byName[name])?.replacing("{it}", with: noun)
    }

    /// Returns the description of a parameter in a path. `before` is the word before it in the path.
    static func text(ofParameter name: String, before: String) -> String {
        let noun = OperationName.singular(before.replacing("-", with: "_")).replacing("_", with: " ")
        return switch name {
        case "id": "Identifies the \(noun)."
        case "file_id": "Identifies the file."
        case "enrollment": "Identifies the enrolment."
        case "name": "The name of the \(noun)."
        case "provider": "The provider, as GET /v1/integration-providers names it."
        case "public_key": "The public key of the web chat's integration."
        case "key": "The public key of the form."
        case "token": "The token at the end of the link."
        default: "The \(name.replacing("_", with: " ")) of the \(noun)."
        }
    }

    /// Returns the description of a named schema.
    static func text(ofSchema name: String, _ noun: String) -> String {
        if name.hasSuffix("Create") { return "The fields of a new \(noun)." }
        if name.hasSuffix("Patch") {
            return "The fields of the \(noun) to change; the others stay as they are."
        }
        return "The \(noun)."
    }

    /// Returns the words of a schema's name: `SLA policy` for `SLAPolicyCreate`.
    static func noun(ofSchema name: String) -> String {
        var base = name.hasPrefix("Portal") && name != "Portal" ? String(name.dropFirst(6)) : name
        for end in ["Create", "Patch", "Part", "Body"] where base.hasSuffix(end) && base.count > end.count {
            base.removeLast(end.count)
        }
        var words: [String] = []
        for (index, letter) in base.enumerated() {
            let next = base.dropFirst(index + 1).first
            let isAlone =
                letter.isUppercase && (words.last?.last?.isLowercase ?? true || next?.isLowercase ?? false)
            if isAlone { words.append(String(letter)) } else { words[words.count - 1].append(letter) }
        }
        return words.map { $0.count > 1 && $0.allSatisfy(\.isUppercase) ? $0 : $0.lowercased() }
            .joined(separator: " ")
    }
}

extension JSON {
    /// Returns the schema, with a description added to every member that has none and whose meaning is known.
    func described(as noun: String, in parent: String) -> JSON {
        guard var schema = object else { return self }
        if let properties = schema["properties"]?.object {
            schema["properties"] = .object(
                JSONObject(
                    properties.members.map { name, member in
                        var inner = member.described(as: noun, in: name).object ?? [:]
                        if inner["description"] == nil, inner["$ref"] == nil,
                            let text = FieldTexts.text(of: name, in: parent, noun: noun)
                        {
                            inner["description"] = .string(text)
                        }
                        return (name, .object(inner))
                    }))
        }
        for key in ["items", "additionalProperties"] {
            if let inner = schema[key], inner.object != nil {
                schema[key] = inner.described(as: noun, in: parent)
            }
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let choices = schema[key]?.array {
                schema[key] = .array(choices.map { $0.described(as: noun, in: parent) })
            }
        }
        return .object(schema)
    }
}
