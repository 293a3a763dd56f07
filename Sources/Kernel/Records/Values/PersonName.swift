/// Names of people, cleaned for display and reduced for comparison.
package enum PersonName {
    /// The name as a letter would show it: spaces collapsed, `Last, First` turned round, ALL CAPITALS
    /// and all lower case written as names are. A name with any mixed case is left as its owner wrote it.
    package static func cleaned(_ text: String) -> String {
        let line = TextCleaning.line(text)
        return cased(turned(line))
    }

    /// A full name from its parts, each cleaned on its own: a lower-case first name beside a properly
    /// written last name is corrected, too.
    package static func joined(first: String, last: String) -> String {
        [first, last].map { cased(TextCleaning.line($0)) }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What two spellings of one person's name share: folded, without honorifics, degrees, points and
    /// initials in the middle, and with common English short forms spelled out (`Bob` is `robert`).
    package static func key(_ text: String) -> String {
        var words = TextFolding.searchTokens(turned(TextCleaning.line(text)))
        while words.count > 1, honorifics.contains(words[0]) { words.removeFirst() }
        while words.count > 1, degrees.contains(words[words.count - 1]) { words.removeLast() }
        if words.count > 2 {
            words =
                [words[0]] + words[1..<(words.count - 1)].filter { $0.utf8.count > 1 } + [
                    words[words.count - 1]
                ]
        }
        if let first = words.first, let long = shortForms[first] { words[0] = long }
        return words.joined(separator: " ")
    }

    /// The name that a letter greets with: `Jane` of `Dr. Jane Example` and of `Example, Jane`. Empty where
    /// there is none: of `Mr. Example` and of `J. Example`. A name in a script without capitals is left whole,
    /// since which part of it comes first is not to be seen.
    package static func first(_ text: String) -> String {
        let name = cleaned(text)
        var words = name.split(separator: " ").map(String.init)
        let bare = { (word: String) in TextFolding.tokens(word, joiningPoints: true).first ?? "" }
        let isCased = name.lowercased() != name.uppercased()
        guard isCased else { return name }
        var hadHonorific = false
        while let word = words.first, honorifics.contains(bare(word)) {
            words.removeFirst()
            hadHonorific = true
        }
        while let word = words.last, words.count > 1, degrees.contains(bare(word)) { words.removeLast() }
        guard let first = words.first, !(hadHonorific && words.count == 1) else { return "" }
        let letters = first.filter { $0 != "." }
        let isInitial = letters.count == 1 || (first.hasSuffix(".") && letters.count <= 2)
        return isInitial
            && letters.unicodeScalars.first.map { $0.properties.isLowercase || $0.properties.isUppercase }
                == true
            ? "" : first
    }

    /// `Tanaka, Raj` → `Raj Tanaka`; a degree or a generation after the comma is not a first name.
    private static func turned(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ",")) else { return text }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            TextCleaning.trimmed(String($0))
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return text }
        let after = TextFolding.tokens(parts[1], joiningPoints: true)
        let isName =
            !after.contains { degrees.contains($0) } && (1...3).contains(after.count)
            && !text.contains(where: \.isNumber) && parts[0].split(separator: " ").count <= 4
        return isName ? "\(parts[1]) \(parts[0])" : text
    }

    /// Corrects a name, of a person or a place, that is written in one case throughout.
    package static func cased(_ text: String) -> String {
        let lower = text.lowercased()
        guard text.count > 1, lower == text || text.uppercased() == text, lower != text.uppercased() else {
            return text
        }
        var words: [String] = []
        for word in lower.split(separator: " ").map(String.init) {
            if word != lower.split(separator: " ").last.map(String.init), particles.contains(word) {
                words.append(word)
            } else if generations.contains(word) {
                words.append(word.uppercased())
            } else {
                words.append(capitalised(word))
            }
        }
        return words.joined(separator: " ")
    }

    /// One word: capitals after a hyphen, after `O'`, `D'` and `L'`, and after `Mc`.
    private static func capitalised(_ word: String) -> String {
        var result = ""
        var startsPart = true
        for character in word {
            result += startsPart ? titleCase(character) : String(character)
            let isNameApostrophe =
                "'’".contains(character) && ["o", "d", "l"].contains(result.dropLast().lowercased())
            startsPart = "-–.(\"/".contains(character) || isNameApostrophe
            if result == "Mc", word.count > 3 { startsPart = true }
        }
        return result
    }

    private static func titleCase(_ character: Character) -> String {
        character.unicodeScalars.reduce("") {
            $0 + ($0.isEmpty ? $1.properties.titlecaseMapping : String($1))
        }
    }

    /// They keep their small letter inside a name.
    private static let particles: Set<String> = [
        "von", "van", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "le",
        "las", "los",
        "ten", "ter", "zu", "zur", "zum", "vom", "af", "av", "y", "e", "bin", "ibn", "bint", "al", "el",
        "und", "op", "'t",
    ]
    private static let generations: Set<String> = ["ii", "iii", "iv"]
    private static let honorifics: Set<String> = [
        "dr", "drs", "prof", "professor", "professeur", "mr", "mister", "mrs", "ms", "miss", "mx", "sir",
        "dame", "lord", "lady",
        "rev", "hon", "herr", "hr", "frau", "fr", "mag", "ing", "ir", "dipl", "monsieur", "madame", "mme",
        "mlle",
        "sr", "sra", "srta", "sig", "signor", "signora", "dott", "dottssa", "avv", "eng", "capt",
    ]
    private static let degrees: Set<String> = [
        "phd", "md", "mba", "msc", "bsc", "llm", "llb", "jd", "esq", "esquire", "cpa", "cfa", "dds", "jr",
        "sr", "ii", "iii", "iv", "junior", "senior", "obe", "cbe", "mbe", "frcs",
    ]
    private static let shortForms: [String: String] = [
        "bob": "robert", "rob": "robert", "bobby": "robert", "robbie": "robert", "bill": "william",
        "will": "william",
        "billy": "william", "liz": "elizabeth", "beth": "elizabeth", "lizzie": "elizabeth",
        "betty": "elizabeth",
        "kate": "katherine", "kathy": "katherine", "katie": "katherine", "catherine": "katherine",
        "cathy": "katherine",
        "mike": "michael", "mick": "michael", "mickey": "michael", "jim": "james", "jimmy": "james",
        "jamie": "james",
        "tom": "thomas", "tommy": "thomas", "dick": "richard", "rick": "richard", "rich": "richard",
        "dave": "david",
        "dan": "daniel", "danny": "daniel", "steve": "steven", "stephen": "steven", "tony": "anthony",
        "joe": "joseph",
        "chris": "christopher", "matt": "matthew", "andy": "andrew", "drew": "andrew", "ed": "edward",
        "eddie": "edward",
        "ted": "edward", "sue": "susan", "peggy": "margaret", "maggie": "margaret", "meg": "margaret",
        "jen": "jennifer",
        "jenny": "jennifer", "pat": "patricia", "tim": "timothy", "greg": "gregory", "jeff": "jeffrey",
        "geoff": "jeffrey",
        "nick": "nicholas", "ben": "benjamin", "sam": "samuel", "alex": "alexander", "ron": "ronald",
        "don": "donald",
        "ken": "kenneth", "larry": "lawrence", "fred": "frederick", "chuck": "charles", "charlie": "charles",
        "vicky": "victoria",
        "debbie": "deborah", "deb": "deborah", "becky": "rebecca", "cindy": "cynthia", "sandy": "sandra",
        "phil": "philip",
    ]
}
