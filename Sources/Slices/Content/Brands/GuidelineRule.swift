internal import JSON
internal import Records

/// A rule that a brand's guidelines state, with the line that states it.
struct GuidelineRule: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case banned([String])
        case preferred(use: String, insteadOf: [String])
        /// Every piece asks for it where `when` is `nil`.
        case disclosure(when: String?, text: String)
        case maxGrade(Int)
    }

    let kind: Kind
    /// Counted from 1.
    let line: Int
    /// The sentence that states it.
    let quote: String

    /// With the members that a brand has for it.
    var json: JSON {
        var json: JSONObject = ["kind": .string(name)]
        switch kind {
        case .banned(let words): json["banned"] = JSON(words)
        case .preferred(let use, let insteadOf):
            json["use"] = .string(use)
            json["instead_of"] = JSON(insteadOf)
        case .disclosure(let when, let text):
            json["when"] = JSON(when)
            json["text"] = .string(text)
        case .maxGrade(let grade): json["max_grade"] = JSON(grade)
        }
        json["line"] = JSON(line)
        json["quote"] = .string(quote)
        return .object(json)
    }

    private var name: String {
        switch kind {
        case .banned: "banned"
        case .preferred: "preferred"
        case .disclosure: "disclosure"
        case .maxGrade: "max_grade"
        }
    }

    static let schema: JSON = {
        let texts: JSON = ["type": "array", "items": .anyText]
        let rule = JSON.schema(
            [
                "kind": ["type": "string", "enum": ["banned", "preferred", "disclosure", "max_grade"]],
                "banned": texts.adding("The words that are never said."),
                "use": JSON.anyText.adding("The words that are said."),
                "instead_of": texts.adding("The words that are said otherwise."),
                "when": JSON.textOrNull.adding(
                    "The words that ask for the disclosure; null: every piece does."),
                "text": JSON.anyText.adding("The disclosure."),
                "max_grade": [
                    "type": "integer", "description": "The years of school that readers need at most.",
                ],
                "line": ["type": "integer", "description": "The line that states it, counted from 1."],
                "quote": JSON.anyText.adding("The sentence that states it."),
            ], required: ["kind", "line", "quote"])
        return .schema(
            [
                "rules": [
                    "type": "array", "items": rule, "description": "The rules, in the order of their lines.",
                ]
            ], required: ["rules"])
    }()
}

extension JSON {
    fileprivate func adding(_ description: String) -> JSON { merging(["description": .string(description)]) }
}
