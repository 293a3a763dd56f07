internal import Intelligence
internal import Records
package import Templates

/// The evidence for a factor of a score: what the rules have seen, and what was learned from outcomes. Scores are
/// made by the thousand, so a decision keeps the text alone; whoever reads it is told from what it was asked.
package struct ScoreEvidence: Hashable, Sendable {
    let facts: [ScoreFact]
    /// The columns that a learned model goes by, those that tell the most first.
    let learned: [LogisticModel.Contribution]

    init(_ facts: [ScoreFact], learned: [LogisticModel.Contribution] = []) {
        (self.facts, self.learned) = (facts, learned)
    }

    /// The reading that a learned model has of a factor's columns.
    init(learned columns: [LogisticModel.Contribution]) {
        let telling = columns.filter { $0.logOdds.magnitude >= Self.effectMin }.prefix(3)
        facts = telling.isEmpty ? [columns.isEmpty ? .independent : .average] : []
        learned = Array(telling)
    }

    /// Less changes no score.
    static let effectMin = 0.005

    /// As programs read it, and as it is stored.
    var text: String {
        let seen: String? =
            switch facts.first {
            case nil: nil
            // The name stays as the record has it.
            case .industry?: facts[0].text
            default: Phrase.list(facts.map(\.text))
            }
        let parts = [seen].compactMap(\.self) + learned.map(Self.text)
        return parts.joined(separator: "; ")
    }

    /// The evidence as people say it, in the words of whoever reads. `names` has, by column, what custom fields are
    /// called and how the record spells its words: the model goes by keys, and by words in lower case.
    package func said(_ names: [String: String] = [:]) -> Saying {
        let parts = facts.map(\.said) + learned.map { Self.said($0, names) }
        return parts.count == 1 ? parts[0] : Saying("score.evidence", ["facts": .list(parts)])
    }

    /// The known facts, by the names of the fields that say them.
    var codes: [String] {
        facts.map(\.code) + learned.filter { !$0.isAbsent }.map(\.column)
    }

    private static func text(_ share: LogisticModel.Contribution) -> String {
        "\(share.name) \(share.text) \(share.logOdds > 0 ? "speaks for" : "speaks against") it"
    }

    private static func said(_ share: LogisticModel.Contribution, _ names: [String: String]) -> Saying {
        let way = Saying.Value.text(share.logOdds > 0 ? "raises" : "lowers")
        return Saying("score.effect", ["way": way, "fact": .saying(share.said(names))])
    }
}

extension LogisticModel.Contribution {
    fileprivate var name: String { column.hasPrefix("custom.") ? String(column.dropFirst(7)) : column }

    fileprivate var text: String {
        switch value {
        case .number(let number): Self.text(number)
        case .category(let word): "\"\(word.prefix(40))\""
        case .boolean(let flag): flag ? "yes" : "no"
        case .missing: "not known"
        }
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15
            ? String(Int64(number)) : String(number.rounded(places: 4))
    }

    /// Whether it says that something is not there, or not known.
    fileprivate var isAbsent: Bool { [.missing, .boolean(false), .number(0)].contains(value) }

    /// "Budget named", not the name of a field and its value.
    fileprivate func said(_ names: [String: String]) -> Saying {
        let known = Saying.Value.flag(!isAbsent)
        switch column {
        case "budget", "annual_revenue", "website", "linkedin_url", "phone", "contact_name", "notes_length",
            "authority":
            return Saying("score.known", ["what": .text(column), "known": known])
        case "employee_count", "timeline_days", "pain_points", "tags", "technologies":
            return Saying(
                "score.number", ["what": .text(column), "known": known, "count": .number(count)])
        case "email":
            return Saying("score.email", ["kind": .text(word ?? "none")])
        case "industry", "country", "location", "source", "contact_title":
            let value = shown(names[column] ?? word ?? "")
            return Saying("score.word", ["what": .text(column), "value": value, "known": known])
        default: break
        }
        if column.hasPrefix("tag:") {
            return Saying("score.tag", ["tag": .text(String(column.dropFirst(4)))])
        }
        let value: Saying.Value =
            switch self.value {
            case .boolean(let flag): .saying(Saying("score.flag", ["flag": .flag(flag)]))
            case .missing: .saying(Saying("score.unknown"))
            case .number, .category: .text(word ?? text)
            }
        return Saying("score.field", ["field": .text(names[column] ?? name), "value": value])
    }

    /// A country by its name: the model goes by its code.
    private func shown(_ word: String) -> Saying.Value {
        column == "country" ? Country(word).map(Saying.Value.country) ?? .text(word) : .text(word)
    }

    private var word: String? {
        if case .category(let word) = value { String(word.prefix(40)) } else { nil }
    }

    /// No count that is meant is as large.
    private var count: Int {
        if case .number(let number) = value { Int(min(max(number, 0), 1e15).rounded()) } else { 0 }
    }
}
