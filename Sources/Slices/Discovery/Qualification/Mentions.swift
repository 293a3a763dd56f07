internal import JSON
internal import Records

/// Whether a record speaks of something: a custom field of that name, or one of a few phrases in the
/// pain points, the notes and the tags. Only plain words count; anything else leaves it unknown.
struct Mentions: Sendable {
    /// Words in the name of a custom field.
    let fields: [String]
    /// Whole words, lower case; a denial is looked for first.
    let phrases: [String], denials: [String]
    let nothingKnown: String

    static let gap = Mentions(
        fields: ["gap", "gaps"],
        phrases: [
            "outdated", "lacks", "lacking", "is missing", "are missing", "manual process",
            "manual processes", "manually", "by hand", "unhappy with", "dissatisfied",
            "disappointed with", "replace", "replacing", "switch from", "switching from",
            "current agency", "current provider", "current vendor", "not integrated", "no tracking",
            "no automation", "no crm", "no analytics", "does not scale", "doesn t scale",
        ],
        denials: [
            "no gaps", "happy with the current", "happy with our current", "happy with their current",
            "satisfied with the current", "satisfied with our current", "satisfied with their current",
        ],
        nothingKnown: "Nothing is known of gaps in the present solution")

    static let growth = Mentions(
        fields: ["growth", "expansion"],
        phrases: [
            "grow", "growing", "growth", "expand", "expanding", "expansion", "scale up", "scaling",
            "new market", "new markets", "new location", "new locations", "hiring", "double revenue",
            "more revenue", "increase revenue", "increase sales",
        ],
        denials: [
            "no growth", "not grow", "not growing", "no plans to grow", "no plan to grow",
            "no plans to expand", "not expanding", "downsizing", "shrinking", "layoffs", "closing down",
            "insolvent",
        ],
        nothingKnown: "Nothing is known of growth objectives")

    func judge(_ input: ScoringInput) -> (Qualification.State, String) {
        for (key, value) in input.custom.members.sorted(by: { $0.key < $1.key }) {
            let words = Words(key)
            guard fields.contains(where: { words.contains($0) }), let isMet = Self.affirms(value)
            else { continue }
            return (isMet ? .met : .notMet, "The field \"\(key)\" says so: \(Self.shown(value))")
        }
        for text in input.painPoints + [input.notes ?? ""] + input.ownTags {
            let words = Words(text)
            if let denial = denials.first(where: { words.contains($0) }) {
                return (.notMet, "The record speaks of \"\(denial)\"")
            }
            if let phrase = phrases.first(where: { words.contains($0) }) {
                return (.met, "The record speaks of \"\(phrase)\"")
            }
        }
        return (.unknown, nothingKnown)
    }

    /// `nil` when the value says neither.
    private static func affirms(_ value: JSON) -> Bool? {
        switch value {
        case .bool(let flag): return flag
        case .integer(let number): return number > 0
        case .number(let number): return number > 0
        case .string(let text):
            let words = Words(text)
            if words.isEmpty || ["unknown", "n a", "tbd"].contains(words.text) { return nil }
            return !["no", "none", "nothing", "false", "0"].contains(words.text)
        case .null, .array, .object: return nil
        }
    }

    private static func shown(_ value: JSON) -> String { String((value.text ?? value.serialized).prefix(80)) }
}
