/// A sentence in its place.
struct PieceSentence: Sendable {
    var words: [String]
    /// The space between it and the one before it.
    let separator: String
    var isHeading = false

    init(_ sentence: Sentence, separator: String, isHeading: Bool = false) {
        (words, self.separator, self.isHeading) = (sentence.words, separator, isHeading)
    }

    var text: String { words.joined(separator: " ") }
}

/// A piece as a network gets it: its sentences, its link, and the hashtags that are in it.
struct PieceText: Sendable {
    private(set) var sentences: [PieceSentence] = []
    /// Whether something was left out that the network does not take, or that no reader should see.
    private(set) var leavesOut = false
    private(set) var hashtags: [String] = []
    /// The link that stays, whatever has to go: the piece's own, or else the last one in it.
    private(set) var link: String?
    private let rules: NetworkRules

    /// The longest sentence, in characters, with which a text that was cut still ends because of its link.
    private static let closingMax = 140

    init(_ piece: LongPiece, on rules: NetworkRules) {
        self.rules = rules
        let reader = piece.sentenceReader
        for line in piece.lines {
            var isFirst = true
            for sentence in reader.sentences(of: line.text) {
                let separator = isFirst ? line.separator : sentence.isApart ? " " : ""
                guard isWanted(sentence.text) else {
                    leavesOut = true
                    continue
                }
                add(PieceSentence(sentence, separator: separator, isHeading: line.isHeading))
                isFirst = false
            }
        }
        if let own = piece.link, !own.isEmpty {
            link = own
            if !sentences.contains(where: { $0.text.contains(own) }) {
                add(PieceSentence(Sentence([own[...]], isApart: true), separator: "\n\n"))
            }
        }
    }

    /// The words with which a text ends that cannot have all: the sentence with the link, or the link alone.
    func closing(lengthMax: Int) -> String? {
        guard let link else { return nil }
        let sentence = sentences.last { $0.text.contains(link) && $0.text.count <= Self.closingMax }
        return [sentence?.text ?? link, link].first { rules.counting.length(of: $0) <= lengthMax }
    }

    private func isWanted(_ text: String) -> Bool {
        if text.contains("{{") || text.contains("{%") { return false }
        return !rules.adapting.refusesAngles || !text.contains("<") && !text.contains(">")
    }

    private mutating func add(_ sentence: PieceSentence) {
        var sentence = sentence
        for (index, word) in sentence.words.enumerated() {
            let tags = Hashtags.all(in: word)
            guard !tags.isEmpty else { continue }
            if hashtags.count + tags.count <= rules.hashtagsMax ?? .max {
                hashtags += tags
            } else {
                // The words stay, as words.
                sentence.words[index] = word.filter { $0 != "#" && $0 != "＃" }
            }
        }
        sentences.append(sentence)
        var rest = sentence.text[...]
        while let found = TextLinks.first(in: rest) {
            link = String(rest[found])
            rest = rest[found.upperBound...]
        }
    }
}
