internal import Social

extension SocialPiece {
    /// The professional form: a first line that says by itself what it is about, short paragraphs, and no shouting.
    func preparedForLinkedIn() -> PreparedPost {
        var post = adapted(to: .linkedin, media: filmAlone)
        let rules = post.network.rules, formed = ProfessionalText.formed(post.text)
        if rules.counting.length(of: formed) <= rules.textMax { post.text = formed }
        return post
    }
}

/// Words for people at work: they see the first line, decide by it, and read on in short paragraphs.
enum ProfessionalText {
    /// So much is shown before a reader asks for more, and so much is read in one go.
    static let firstLineMax = 140, paragraphMax = 280

    static func formed(_ text: String) -> String {
        let lines = calmed(text).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { place, line in
            paragraphs(of: String(line), first: place == 0 ? firstLineMax : paragraphMax)
                .joined(separator: "\n\n")
        }.joined(separator: "\n")
    }

    /// The sentences of a line, as many together as are read in one go; none is cut.
    private static func paragraphs(of line: String, first: Int) -> [String] {
        guard line.count > first, let sentences = Self.sentences(of: line) else { return [line] }
        var made: [String] = []
        for sentence in sentences {
            let longer = (made.last.map { $0 + " " } ?? "") + sentence
            if longer.count <= (made.count < 2 ? first : paragraphMax), !made.isEmpty {
                made[made.count - 1] = longer
            } else {
                made.append(sentence)
            }
        }
        return made
    }

    /// The sentences of a line, as pieces are taken apart; `nil` where its marks would be lost by that.
    private static func sentences(of line: String) -> [String]? {
        var piece = LongPiece()
        piece.body = line
        let sentences = piece.paragraphs.flatMap(\.self)
        return sentences.joined(separator: " ") == line ? sentences : nil
    }

    /// Of several marks one stays: three of them are no argument.
    private static func calmed(_ text: String) -> String {
        var calm = ""
        for character in text
        where !("!?".contains(character) && calm.last.map { "!?".contains($0) } == true) {
            calm.append(character)
        }
        return calm
    }
}
