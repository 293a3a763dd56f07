internal import Lexicons

/// A request under data protection law (GDPR art. 15–21), which comes before whatever else the message says.
package enum PrivacyRequest: String, CaseIterable, Hashable, Sendable {
    case erasure, access, rectification, objection

    /// Returns the request that the writer of a text makes in their own words.
    package static func asked(in text: String) -> PrivacyRequest? { read(ReadText(OwnWords.of(text)))?.kind }

    /// Returns the first kind of request in a text, and the words that make it.
    static func read(_ text: ReadText) -> (kind: PrivacyRequest, words: Range<Int>)? {
        let matches = PrivacySign.phrases.matches(in: text)
        let services = matches.filter { $0.group == .service }.map(\.words)
        for kind in allCases {
            let found = matches.first { match in
                match.group == .asks(kind) && !services.contains { $0.overlaps(match.words) }
            }
            if let found { return (kind, found.words) }
        }
        return nil
    }
}

enum PrivacySign: Hashable, Sendable {
    case asks(PrivacyRequest)
    /// The text is about what the recipient sells: `how do you handle deletion requests`.
    case service

    static let phrases: PhraseSet<PrivacySign> = {
        let lexicon = Lexicon("privacy")
        func lines(_ section: String) -> String { lexicon.lines(section).joined(separator: "\n") }
        return PhraseSet(
            groups: PrivacyRequest.allCases.map { (PrivacySign.asks($0), lines($0.rawValue)) }
                + [(PrivacySign.service, lines("service"))])
    }()
}
