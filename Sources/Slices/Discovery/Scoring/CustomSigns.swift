internal import Intelligence
package import JSON
internal import Lexicons
internal import Records

/// Reads the agency's own fields for or against a lead before there are outcomes to learn from: by a field's name, and
/// by how its value ranks among the agency's leads.
package struct CustomSigns: Hashable, Sendable {
    /// Evenly spaced quantiles of each numeric field among the agency's leads, from the smallest value to the largest.
    private(set) var quantiles: [String: [Double]] = [:]

    package init() {}

    /// Reads the signs from the own fields of some of the agency's leads.
    package init(of leads: [JSONObject]) {
        var values: [String: [Double]] = [:]
        for custom in leads {
            for (name, value) in custom.members.prefix(200) where Self.direction(of: name) != 0 {
                if case .number(let number) = LearnedScoring.cell(value) {
                    values[name, default: []].append(number)
                }
            }
        }
        for (name, known) in values {
            let sorted = known.sorted()
            guard sorted.count >= 10, sorted[0] < sorted[sorted.count - 1] else { continue }
            quantiles[name] = (0...20).map { sorted[(sorted.count - 1) * $0 / 20] }
        }
    }

    /// Returns what each field adds to the log-odds: numbers span one unit from the smallest to the largest, and a
    /// telling word adds half a unit.
    func contributions(of custom: JSONObject) -> [LogisticModel.Contribution] {
        custom.members.prefix(200).compactMap { name, value in
            let cell = LearnedScoring.cell(value)
            let added: Double
            switch cell {
            case .number(let number): added = Self.direction(of: name) * ((rank(number, name) ?? 0.5) - 0.5)
            case .boolean(let flag): added = Self.direction(of: name) * (flag ? 0.5 : -0.25)
            case .category(let word): added = Self.tone(of: word, in: name)
            case .missing: return nil
            }
            guard added != 0 else { return nil }
            return LogisticModel.Contribution(column: "custom.\(name)", value: cell, logOdds: added)
        }
    }

    /// Returns the share of the agency's leads with a smaller value, 0–1.
    private func rank(_ value: Double, _ name: String) -> Double? {
        guard let known = quantiles[name] else { return nil }
        let below = known.count { $0 < value }, through = known.count { $0 <= value }
        return Double(below + through) / Double(2 * known.count)
    }

    // MARK: Names and words

    /// Returns 1 where a larger value is better, −1 where a smaller one is, and 0 where the name does not say.
    private static func direction(of name: String) -> Double {
        let words = Words(name)
        func mentions(_ signs: [String]) -> Bool { signs.contains { words.containsWord(beginning: $0) } }
        if mentions(against) { return -1 }
        return mentions(speaking) ? 1 : 0
    }

    private static func tone(of word: String, in name: String) -> Double {
        let words = Words(word)
        func mentions(_ signs: [String]) -> Bool { signs.contains { words.containsWord(beginning: $0) } }
        if yes.contains(word.lowercased()) {
            return 0.5 * direction(of: name)
        }
        if no.contains(word.lowercased()) { return -0.25 * direction(of: name) }
        if mentions(bad) { return -0.5 }
        return mentions(good) ? 0.75 : 0
    }

    private static let lexicon = Lexicon("signs", in: ResourceTable.texts)

    /// The beginnings of telling words in a field's name.
    private static let speaking = lexicon.words("speaking").sorted()
    private static let against = lexicon.words("against").sorted()
    /// The beginnings of telling words in a field's value.
    private static let good = lexicon.words("good").sorted()
    private static let bad = lexicon.words("bad").sorted()
    private static let yes = lexicon.words("yes"), no = lexicon.words("no")

    // MARK: Stored form

    var json: JSON {
        .object(
            JSONObject(
                quantiles.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value.map(JSON.number))) }))
    }

    init(json: JSON) {
        for (name, values) in json.object?.members ?? [] {
            let numbers = values.array?.compactMap(\.double) ?? []
            if numbers.count == 21 { quantiles[name] = numbers }
        }
    }
}
