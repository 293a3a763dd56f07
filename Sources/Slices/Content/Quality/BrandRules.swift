internal import JSON

/// A brand's wishes for texts about it, as the checks read them.
struct BrandRules: Hashable, Sendable {
    struct Preference: Hashable, Sendable {
        let use: String
        let insteadOf: [String]
    }
    struct Disclosure: Hashable, Sendable {
        /// The words that ask for it; `nil`: every piece does.
        let when: String?
        let text: String
    }

    var name = ""
    var banned: [String] = []
    var preferred: [Preference] = []
    var disclosures: [Disclosure] = []
    /// Years of school.
    var maxGrade: Int?
    /// Said of what a model has made.
    var aiDisclosure: String?

    var json: JSON {
        var json: JSONObject = [
            "name": .string(name), "banned": JSON(banned),
            "preferred": .array(
                preferred.map { ["use": .string($0.use), "instead_of": JSON($0.insteadOf)] }),
            "disclosures": .array(
                disclosures.map { ["when": JSON($0.when), "text": .string($0.text)] }),
            "max_grade": JSON(maxGrade),
        ]
        if let aiDisclosure { json["ai_disclosure"] = .string(aiDisclosure) }
        return .object(json)
    }

    init() {}

    init?(json: JSON?) {
        guard let json, let name = json["name"]?.text else { return nil }
        self.name = name
        banned = json["banned"].texts
        preferred = (json["preferred"]?.array ?? []).map {
            Preference(use: $0["use"]?.text ?? "", insteadOf: $0["instead_of"].texts)
        }
        disclosures = (json["disclosures"]?.array ?? []).map {
            Disclosure(when: $0["when"]?.text, text: $0["text"]?.text ?? "")
        }
        maxGrade = (json["max_grade"]?.int).map { Int($0) }
        aiDisclosure = json["ai_disclosure"]?.text
    }
}

extension JSON? {
    /// The texts of a list; none for anything else.
    var texts: [String] { (self?.array ?? []).compactMap(\.text) }
}
