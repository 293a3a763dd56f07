internal import Lexicons

/// The words by which companies speak of themselves and of others, in the languages of the files.
enum CompanyLexicon {
    enum Group: String, CaseIterable {
        case phone, fax, mail, at, title, represented, owner, credit, founded, staff, hiring, growth, pain
        case foundedBy = "founded_by"
        /// Phrases after which nothing is the company's: of testimonials, customers, partners.
        case others
    }

    private static let lexicon = Lexicon("company", in: ResourceTable.texts)

    enum Meaning {
        case group(Group)
        /// An authority or number that only one country has: its code.
        case country(String)
    }

    /// Everything that is looked for in running text.
    static let phrases: PhraseTable<Meaning> = {
        var table = PhraseTable<Meaning>()
        for group in Group.allCases {
            for phrase in lexicon.phrases(group.rawValue) where !phrase.isEmpty {
                table.add(phrase, .group(group))
            }
        }
        for (country, phrases) in lexicon.namedPhrases("register") {
            for phrase in phrases { table.add(phrase, .country(country)) }
        }
        return table
    }()

    /// The words of pages; a phrase of two kinds is the first's.
    static let pages: PhraseTable<PageKind> = {
        var table = PhraseTable<PageKind>()
        for kind in PageKind.allCases {
            for phrase in lexicon.phrases("page_" + kind.rawValue) { table.add(phrase, kind) }
        }
        return table
    }()

    /// The words of pages about rules, which speak of others.
    static let rules: PhraseTable<Bool> = {
        var table = PhraseTable<Bool>()
        for phrase in lexicon.phrases("page_rules") { table.add(phrase, true) }
        return table
    }()

    /// Words that a name of a person does not have, and the small ones that it may have.
    static let notNames = hashes("not_names"), particles = hashes("particles"), joints = hashes("joints")
    /// Titles that stand before a name and are no part of it.
    static let honorifics = hashes("honorifics")
    static let streets = hashes("streets")
    /// "Our", before a title.
    static let owns = hashes("own")
    static let ats = hashes("at"), dots = hashes("dot")
    /// Of classes and ids of elements.
    private static let classesOfOthers = hashes("classes_of_others")
    private static let classFilter = {
        var filter = WordFilter()
        for hash in classesOfOthers { filter.add(hash) }
        return filter
    }()

    static func isClassOfOthers(_ hash: UInt64) -> Bool {
        classFilter.mayHold(hash) && classesOfOthers.contains(hash)
    }
    static let placeholders = lexicon.words("placeholders")
    static let specialMails = lexicon.words("special_mails")
    /// Before a number of people these say that they are others' people.
    static let sizesOfOthers = hashes("sizes_of_others")
    /// A sentence in which one of these comes first tells of it.
    static let subjectsOfOthers = hashes("subjects_of_others")

    private static func hashes(_ section: String) -> Set<UInt64> {
        Set(lexicon.words(section).map { WordHash.of($0) })
    }

    /// The countries of which a page in a language may be, the likeliest first.
    static func countries(of language: String) -> [String] { lexicon.words("countries", in: language) }
    static let languages = lexicon.languages
}

/// The kinds of pages that say things of a company.
package enum PageKind: String, CaseIterable, Hashable, Sendable, Comparable {
    case imprint, contact, team, jobs, press, about

    /// Orders the kinds: where a page is of two kinds, the first counts.
    package static func < (a: PageKind, b: PageKind) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
}
