internal import Agents
internal import Database
internal import Jobs
internal import JSON
internal import Lexicons
internal import Records

/// Counts that an agency has been given the standard rules about words.
let wordingsSeeded = "wordings.seeded"

/// The rules about words of a new agency: `wordings.txt`, a section for each industry.
enum StandardWordings {
    private static let lexicon = Lexicon("wordings", in: ResourceTable.texts)

    /// Returns a rule for each industry and language.
    static let all: [WordingRule] = lexicon.languages.flatMap { language in
        lexicon.sections.sorted().compactMap { industry -> WordingRule? in
            let lines = lexicon.lines(industry, in: language)
            guard !lines.isEmpty else { return nil }
            var rule = WordingRule()
            (rule.industry, rule.locale) = (industry, language)
            for line in lines {
                guard let (word, others) = Lexicon.valued(line), let other = others.first else { continue }
                rule.replace[word] = .string(other)
            }
            return rule
        }
    }

    /// The words that the rules of a language replace.
    static func words(in language: String) -> [String] {
        Set(all.filter { $0.locale == language }.flatMap(\.words.keys)).sorted()
    }
}

/// Gives an agency the standard rules about words, once.
@Sendable func seedWordings(_ tx: Transaction) throws {
    guard try tx.counters.find(wordingsSeeded) == 0 else { return }
    try tx.counters.count(wordingsSeeded, 1)
    for standard in StandardWordings.all {
        guard try tx.wordingRules.all(of: standard.industry).allSatisfy({ $0.locale != standard.locale })
        else { continue }
        var rule = WordingRule.new(id: tx.nextID(), now: tx.now)
        (rule.industry, rule.locale, rule.replace) = (standard.industry, standard.locale, standard.replace)
        try tx.create(&rule, by: .system)
    }
}
