internal import Lexicons

/// Checks a text that is about to leave for faults: a mark that nobody filled in, another's name, a promise that nobody
/// may make, a tone that hurts, another language than its reader's. It knows no answer to be right; it finds what a
/// careful colleague would see at a glance.
package enum OutgoingCheck {
    package enum Kind: String, CaseIterable, Sendable {
        case empty, placeholder, formatting, promise, tone, language
        case wrongName = "wrong_name"
    }

    package struct Finding: Hashable, Sendable {
        package let kind: Kind
        /// The quote as it stands in the text; empty for what concerns the whole.
        package let quote: String
        /// The detail for people.
        package let detail: String

        init(_ kind: Kind, _ quote: some StringProtocol, _ detail: String) {
            (self.kind, self.detail) = (kind, detail)
            self.quote = String(quote.prefix(120))
        }
    }

    /// Every finding, one of each kind and quote.
    ///
    /// - Parameters:
    ///   - recipient: their name, where it is known.
    ///   - language: theirs, as a language tag.
    package static func findings(
        in text: String, to recipient: String? = nil, language: String? = nil
    ) -> [Finding] {
        let read = ReadText(text, wordsMax: 2000)
        guard read.words.contains(where: { $0.kind == .word }) else {
            return [Finding(.empty, "", "The text is empty.")]
        }
        var findings = OutgoingMarks.findings(in: text)
        if let recipient, let finding = wrongName(in: text, recipient) { findings.append(finding) }
        for (sign, places) in read.places(of: OutgoingSign.phrases) {
            let quote = places.first.map { read.quote($0) } ?? ""
            switch sign {
            case .promise:
                findings.append(
                    Finding(.promise, quote, "The text promises something that may not have been agreed."))
            case .rude: findings.append(Finding(.tone, quote, "The text may hurt its reader."))
            }
        }
        if read.words.count >= 5, read.capitalsShare() > 0.6 {
            findings.append(Finding(.tone, "", "The text is written in capitals, which reads as shouting."))
        }
        if let finding = foreign(read, language) { findings.append(finding) }
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }.sorted {
            ($0.kind.rawValue, $0.quote) < ($1.kind.rawValue, $1.quote)
        }
    }

    /// Few words show no language; a sure guess is needed to hold a text for it.
    private static func foreign(_ read: ReadText, _ language: String?) -> Finding? {
        guard let wanted = language?.prefix(2).lowercased(), read.words.count >= 8 else { return nil }
        let guess = LanguageGuess.of(read)
        guard guess.confidence >= 0.8, let found = guess.language, found.prefix(2) != wanted else {
            return nil
        }
        return Finding(.language, "", "The text is in \(found), but its reader has written in \(wanted).")
    }

    // MARK: Names

    private static let lexicon = Lexicon("outgoing")
    private static let greetings = lexicon.words("greeting")
    private static let titles = lexicon.words("title")
    private static let anybody = lexicon.words("anybody")

    /// Whom the first line greets, where that is nobody of the reader's name.
    private static func wrongName(in text: String, _ recipient: String) -> Finding? {
        let own = Set(ReadText(recipient).words.map(\.folded))
        guard !own.isEmpty, !recipient.contains("@"),
            let line = text.split(whereSeparator: \.isNewline).first(where: { $0.contains(where: \.isLetter) }
            )
        else { return nil }
        let greeting = line.prefix { !",!:;.?".contains($0) }
        let words = greeting.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, words.count <= 5, greetings.contains(LetterFolding.fold(first)) else {
            return nil
        }
        let names = words.dropFirst().filter { $0.first?.isUppercase == true }.map { LetterFolding.fold($0) }
            .filter { !titles.contains($0) && !anybody.contains($0) }
        guard !names.isEmpty, !names.contains(where: own.contains) else { return nil }
        return Finding(.wrongName, greeting, "The greeting names somebody other than \(recipient).")
    }
}

/// Phrases that hold a text back.
enum OutgoingSign: String, CaseIterable, Hashable, Sendable {
    case promise, rude

    static let phrases = PhraseSet<OutgoingSign>(about: "outgoing")
}
