import Testing
import Wording

/// The product's words are in its catalogues, in every language, and nowhere else.
struct `The catalogues of words` {
    /// A call `words("key", ["name": …])`, `Saying("key")` or `words.template("key")`. A method `words` of something
    /// else is none.
    struct Use: Sendable {
        let place: String, key: String
        /// The names of the values; `nil` where they are no literal.
        let arguments: [String]?
        let isTemplate: Bool
    }

    // Patterns in a function are compiled for every text.
    nonisolated(unsafe) private static let beginning = /(?:(?:^|[^.\w])words(\.template)?|\bSaying)(?=\()/
    nonisolated(unsafe) private static let rest = /\(\s*"((?:[^"\\]|\\\([^)]*\))+)"\s*(,|\))\s*/

    static let uses: [Use] = Project.sources.flatMap { source -> [Use] in
        let text = source.text
        return text.lines(with: ["words(", "words.template(", "Saying("]).flatMap { number, line in
            line.matches(of: beginning).compactMap { begin -> Use? in
                // A call may end on another line.
                guard let found = text[begin.range.upperBound...].prefixMatch(of: rest) else { return nil }
                var arguments: [String]? = []
                if found.2 == "," {
                    var scanner = LiteralScanner(
                        Array(text[found.range.upperBound...].unicodeScalars.prefix(4000)))
                    arguments = scanner.names()
                }
                return Use(
                    place: "\(source.path):\(number)", key: String(found.1), arguments: arguments,
                    isTemplate: begin.1 != nil)
            }
        }
    }

    static let languages: [Catalogue] = Catalogue.languages.compactMap { Catalogue.of($0) }

    private static func arguments(of text: String, _ key: String) -> Set<String> {
        if key.hasPrefix(Catalogue.templatePrefix) {
            let places = text.matches(of: /\{[{%](.*?)[}%]\}/).map { $0.1.replacing(/"[^"]*"/, with: "") }
            return Set(places.flatMap { $0.matches(of: /[a-z_]+\.[a-z_]+|booking_url/).map { String($0.0) } })
        }
        return Set((try? MessagePattern(text, locale: "en"))?.arguments.keys.map { $0 } ?? [])
    }

    /// The keys of some texts that a call asks for; what is interpolated there may be anything between two points.
    private static func keys(of texts: [String: String], for asked: String) -> [String] {
        guard asked.has("\\(") else { return texts[asked] == nil ? [] : [asked] }
        let beginning = String(asked.prefix { $0 != "\\" })
        let parts = asked.replacing(/\\\([^)]*\)/, with: "*").split(
            separator: ".", omittingEmptySubsequences: false)
        return texts.keys.filter { key in
            guard key.hasPrefix(beginning) else { return false }
            let own = key.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == own.count && zip(parts, own).allSatisfy { $0 == "*" || $0 == $1 }
        }
    }

    @Test func `have every key that is asked for, in every language`() {
        var faults: [String] = []
        for use in Self.uses {
            if use.isTemplate != use.key.hasPrefix(Catalogue.templatePrefix) {
                faults.append("\(use.place): \(use.key) is asked for in the other way")
            }
            for catalogue in Self.languages where Self.keys(of: catalogue.texts, for: use.key).isEmpty {
                faults.append("\(use.place): \(use.key) is not in \(catalogue.language).json")
            }
        }
        expectNone(faults, "Write these sentences in Sources/Kernel/Wording/Resources:")
        #expect(Self.uses.count > 200, "all calls are found")
        #expect(Self.languages.count >= 7)
    }

    @Test func `are asked with the values that their sentences name`() {
        let english = Catalogue.standard.texts
        var faults: [String] = []
        for use in Self.uses where !use.isTemplate {
            guard let given = use.arguments else {
                faults.append(
                    "\(use.place): \(use.key): the values are a literal, so that they can be checked")
                continue
            }
            let named = english[use.key].map { Self.arguments(of: $0, use.key) } ?? Set(given)
            for name in named.subtracting(given).sorted() {
                faults.append("\(use.place): \(use.key) has no \(name)")
            }
            for name in Set(given).subtracting(named).sorted() {
                faults.append("\(use.place): \(use.key) names no \(name)")
            }
        }
        expectNone(faults, "Values of calls and of sentences differ:")
    }

    @Test func `say the same in every language`() {
        let english = Catalogue.standard.texts
        var faults: [String] = []
        for catalogue in Self.languages {
            let file = "\(catalogue.language).json"
            for key in Set(catalogue.texts.keys).symmetricDifference(english.keys).sorted() {
                faults.append("\(file): \(key) is \(english[key] == nil ? "not in en.json" : "missing")")
            }
            for (key, text) in catalogue.texts.sorted(by: { $0.key < $1.key }) {
                guard let standard = english[key] else { continue }
                let (own, needed) = (Self.arguments(of: text, key), Self.arguments(of: standard, key))
                // A template may leave a name out, such as that of whoever is greeted.
                let isTemplate = key.hasPrefix(Catalogue.templatePrefix)
                if isTemplate ? !own.isSubset(of: needed) : own != needed {
                    faults.append("\(file): \(key) names \(own.sorted()), and English \(needed.sorted())")
                }
            }
        }
        expectNone(faults, "The languages differ:")
    }

    /// A sentence that was copied is one that nobody has translated. What consists of values alone is alike everywhere.
    @Test func `say in other words what is stored and told later`() {
        let english = Catalogue.standard.texts
        let stored = [
            "alert.", "notification.", "queue.", "timeline.", "message.", "review.", "coaching.",
            "enrollment.", "domain.", "integration.", "check.", "setting.", "failure.", "lint.", "quality.",
            "error_pattern.", "market.", "evidence.", "sale.", "qualification.", "package.", "score.",
            "approval.", "change_set.", "deliverable_check.", "improvement.", "targeting.", "schedule.",
            "sync.",
        ]
        var faults: [String] = []
        for catalogue in Self.languages where catalogue.language != "en" {
            for (key, text) in catalogue.texts.sorted(by: { $0.key < $1.key })
            where stored.contains(where: key.hasPrefix) && text == english[key] {
                if text.replacing(/\{[a-z_]+\}/, with: "").contains(where: \.isLetter) {
                    faults.append("\(catalogue.language).json: \(key)")
                }
            }
        }
        expectNone(faults, "Translate these:")
    }

    /// The form of an agent's settings is read in English, too, where nobody asks for a language.
    @Test func `explain settings of agents as their declarations do`() {
        // Quotation marks of the one are none of the other.
        let plain = { (text: String) in text.replacing("'", with: "") }
        let literals = Set(Project.sources.flatMap { $0.literals.map { plain($0.text) } })
        let faults = Catalogue.standard.texts.filter { key, text in
            key.hasPrefix("setting.") && !literals.contains(plain(text))
        }
        expectNone(faults.keys.sorted(), "Write these as the declaration has them, into en.json:")
    }

    @Test func `hold no sentence that nothing says`() {
        let english = Catalogue.standard.texts
        let asked = Set(Self.uses.flatMap { Self.keys(of: english, for: $0.key) })
        expectNone(
            Set(english.keys).subtracting(asked).sorted(), "Take these out of every language:")
    }

    /// A decision's grounds are read by people: each is a saying, or somebody's own words.
    @Test func `hold what is said to have been seen`() {
        let own = [
            // Said anew when it is read: too many are made at once to keep both.
            "Sources/Slices/Discovery/Scoring/LeadScore.swift",
            // The words of whoever wrote.
            "Sources/Slices/Conversations/Primary/ModelNeeds.swift",
            // No decision's: findings about a deliverable, which are told by the form that they have.
            "Sources/Slices/Delivery/Deliverables/QualityReview.swift",
            "Sources/Slices/Delivery/Deliverables/RequirementCheck.swift",
        ]
        let spoken = Project.sources.filter {
            $0.path.hasPrefix("Sources/Slices/") && $0.text.has("\"evidence\": .string(")
        }.map(\.path)
        expectNone(Set(spoken).subtracting(own).sorted(), "Say it by a key: factor.saying(\"evidence\", …):")
        #expect(Set(spoken) == Set(own), "each exception is still one")
    }

    @Test func `are the only place where a language is told from another`() {
        var faults: [String] = []
        for source in Project.sources {
            for (index, line) in source.code.enumerated() where line.has("isGerman") {
                faults.append("\(source.path):\(index + 1)")
            }
        }
        expectNone(faults, "A language is a file: write what is said into the catalogues:")
    }
}

/// Reads the names of a dictionary's literal.
private struct LiteralScanner {
    private let text: [Unicode.Scalar]
    private var position = 0

    init(_ text: [Unicode.Scalar]) { self.text = text }

    /// The keys of the literal that the text begins with; `nil` where it begins with none.
    mutating func names() -> [String]? {
        guard text.first == "[" else { return nil }
        var names: [String] = [], depth = 0
        while position < text.count {
            let scalar = text[position]
            switch scalar {
            case "\"":
                let name = string()
                var next = position
                while next < text.count, text[next].properties.isWhitespace { next += 1 }
                if depth == 1, next < text.count, text[next] == ":" { names.append(name) }
                continue
            case "[", "(", "{": depth += 1
            case "]", ")", "}":
                depth -= 1
                if depth == 0 { return names }
            default: break
            }
            position += 1
        }
        return nil
    }

    /// A string literal of one line, with what is interpolated.
    private mutating func string() -> String {
        var result = String.UnicodeScalarView()
        position += 1
        while position < text.count, text[position] != "\"" {
            if text[position] == "\\", position + 1 < text.count {
                position += 1
                if text[position] == "(" {
                    skipInterpolation()
                    continue
                }
            }
            result.append(text[position])
            position += 1
        }
        position += 1
        return String(result)
    }

    private mutating func skipInterpolation() {
        var depth = 0
        while position < text.count {
            switch text[position] {
            case "\"":
                _ = string()
                continue
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            default: break
            }
            position += 1
        }
    }
}
