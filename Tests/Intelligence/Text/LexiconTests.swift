import Lexicons
import Testing

@testable import Intelligence

@Suite struct `A file of what readers know` {
    @Test func `has sections, lists of words that phrases name, and comments`() {
        let sections = Lexicon.sections(
            of: """
                // A remark.

                [=people]
                agent|person

                [request]
                talk to <people>
                # hours
                // Not this one.
                [system] print it

                [numbers]
                1: one a
                """)
        #expect(sections["request"] == ["talk to agent|person", "# hours", "[system] print it"])
        #expect(sections["numbers"] == ["1: one a"])
        #expect(sections.count == 2)
    }

    @Test func `gives words their values, and the lowest where languages differ`() {
        let months = Lexicon("calendar").values("months")
        #expect(months["march"] == 3 && months["marz"] == 3 && months["maart"] == 3)
        #expect(Lexicon("budget").names("currencies")["franken"] == "CHF")
        #expect(Lexicon("nothing").languages.isEmpty)
    }

    @Test func `is found by its place alone, English first`() {
        let languages = Lexicon("replies").languages
        #expect(languages.first == "en")
        #expect(languages.dropFirst().elementsEqual(languages.dropFirst().sorted()))
    }
}

@Suite struct `The files of all languages` {
    private static let seven = ["de", "en", "es", "fr", "it", "nl", "pt"]
    /// Sections that English has no words for.
    private static let notEnglish: Set = [
        "sentiment: negation_behind", "sentiment: negation_reach", "sentiment: habits", "tokens: elided",
        "language: habits", "spelling: before_nouns",
    ]

    private let subjects = Set(
        ResourceTable.texts.keys.map { String($0.drop { $0 != "/" }.dropFirst().dropLast(".txt".count)) })

    @Test func `cover every subject`() {
        for subject in subjects {
            let known = Lexicon(subject).languages
            #expect(Self.seven.allSatisfy { known.contains($0) }, "\(subject): \(known)")
        }
    }

    @Test func `have no section that English does not have`() {
        for subject in subjects {
            let lexicon = Lexicon(subject)
            for section in lexicon.sections where !Self.notEnglish.contains("\(subject): \(section)") {
                #expect(!lexicon.lines(section, in: "en").isEmpty, "\(subject): \(section)")
            }
        }
    }

    @Test func `have every concept that English has, by the same name`() {
        func names(_ language: String) -> [String] {
            Lexicon("concepts").lines("concepts", in: language).map { String($0.prefix { $0 != ":" }) }
        }
        for language in Self.seven { #expect(names(language) == names("en"), "\(language)") }
    }

    @Test(arguments: [
        ("it", "Vorrei disdire l'abbonamento", ["cancel", "contract"]),
        ("it", "Dove scarico la fattura?", ["download", "invoice"]),
        ("pt", "Quero rescindir o contrato", ["cancel", "contract"]),
        ("pt", "Onde descarrego a fatura?", ["download", "invoice"]),
        ("nl", "Ik wil het contract opzeggen", ["cancel", "contract"]),
        ("nl", "Waar kan ik de factuur downloaden?", ["download", "invoice"]),
    ])
    func `know a thing by its words`(language: String, text: String, concepts: [String]) {
        let found = Set(Concepts.places(in: ReadText(text), language: language).map(\.concept.name))
        #expect(found.isSuperset(of: concepts), "\(found)")
    }

    @Test func `say each thing once`() {
        for (path, text) in ResourceTable.texts {
            for (section, lines) in Lexicon.sections(of: text) where path.contains("examples") {
                #expect(Set(lines).count == lines.count, "\(path): \(section)")
            }
        }
    }
}
