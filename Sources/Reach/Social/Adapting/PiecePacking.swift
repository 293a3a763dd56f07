/// A part of a text that stands whole in one post.
private struct PieceChunk: Sendable {
    let text: String
    /// The space between it and the one before it, in the same post.
    let separator: String
    /// Whether its sentence goes on in the next one.
    var isCut = false
    var isHeading = false
}

/// Fills posts with the sentences of a piece, one after the other; a sentence that is too long for any is cut between
/// two words.
struct PiecePacking {
    private let counting: TextCounting
    private var rest: ArraySlice<PieceChunk> = []
    /// Whether words were left out, being too long for any post.
    private(set) var leavesOut = false

    /// Prepares sentences for posts with room for so many characters, as the network counts.
    init(_ sentences: [PieceSentence], _ counting: TextCounting, room: Int) {
        self.counting = counting
        for sentence in sentences {
            if counting.length(of: sentence.text) <= room {
                rest.append(
                    PieceChunk(
                        text: sentence.text, separator: sentence.separator, isHeading: sentence.isHeading))
            } else {
                rest += cut(sentence, room)
            }
        }
    }

    var isEmpty: Bool { rest.isEmpty }

    /// All of it, as one text.
    var whole: String { rest.reduce(into: "") { $0 += $0.isEmpty ? $1.text : $1.separator + $1.text } }

    /// Takes as much as there is room for, in its order, and says whether the last sentence goes on. A heading goes
    /// with what it is above.
    mutating func next(room: Int) -> (text: String, isCut: Bool) {
        var texts = [""], taken = 0
        for chunk in rest {
            let longer = taken == 0 ? chunk.text : texts[taken] + chunk.separator + chunk.text
            guard counting.length(of: longer) <= room else { break }
            texts.append(longer)
            taken += 1
        }
        if taken < rest.count {
            while taken > 1, rest[rest.startIndex + taken - 1].isHeading { taken -= 1 }
        }
        let last = taken > 0 ? rest[rest.startIndex + taken - 1] : nil
        rest.removeFirst(taken)
        return (texts[taken], last?.isCut == true && !rest.isEmpty)
    }

    /// The first words of what comes next, as many as there is room for.
    func words(room: Int) -> String {
        guard room > 0, let chunk = rest.first else { return "" }
        var packing = self
        let sentence = PieceSentence(Sentence(chunk.text.split(separator: " "), isApart: true), separator: "")
        return packing.cut(sentence, room).first?.text ?? ""
    }

    private mutating func cut(_ sentence: PieceSentence, _ room: Int) -> [PieceChunk] {
        var pieces: [(text: String, space: String)] = []
        for word in sentence.words {
            if counting.length(of: word) <= room {
                pieces.append((word, " "))
            } else if let parts = WordParts.parts(of: word) {
                for (index, part) in parts.enumerated() { pieces.append((part, index == 0 ? " " : "")) }
            } else {
                leavesOut = true
            }
        }
        var chunks: [PieceChunk] = [], place = 0
        while place < pieces.count {
            // Each piece has a character at least.
            var (low, high) = (place + 1, min(pieces.count, place + room))
            while low < high {
                let middle = (low + high + 1) / 2
                let fits = counting.length(of: Self.text(pieces[place..<middle])) <= room
                (low, high) = fits ? (middle, high) : (low, middle - 1)
            }
            chunks.append(
                PieceChunk(
                    text: Self.text(pieces[place..<low]),
                    separator: chunks.isEmpty ? sentence.separator : pieces[place].space,
                    isCut: low < pieces.count))
            place = low
        }
        return chunks
    }

    private static func text(_ pieces: ArraySlice<(text: String, space: String)>) -> String {
        pieces.reduce(into: "") { $0 += $0.isEmpty ? $1.text : $1.space + $1.text }
    }
}

/// Cuts what looks like one word where its script has no spaces, and between pictures in a row.
private enum WordParts {
    /// Longer runs of letters are no words of such a script.
    private static let lengthMax = 50

    /// `nil`: it is one word.
    static func parts(of word: String) -> [String]? {
        guard TextLinks.first(in: word[...]) == nil else { return nil }
        var parts: [String] = [], previous: Character?
        for character in word {
            if let previous, isTogether(previous, character) {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
            previous = character
        }
        return parts.count > 1 && parts.allSatisfy { $0.count <= lengthMax } ? parts : nil
    }

    private static func isTogether(_ first: Character, _ second: Character) -> Bool {
        if isClosing(second) || "（「『【〈《“‘([{".contains(first) || first.isNumber { return true }
        return !isAlone(first) && !isAlone(second)
    }

    /// Returns whether a line may not begin with a character: it closes something, or goes on with the sound
    /// before it.
    private static func isClosing(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        return "、。，．！？：；）」』】〉》”’….,:;!?)]}".contains(character) || small.contains(scalar.value)
    }

    /// Marks of length and repetition, and the small letters of Kana.
    private static let small: Set<UInt32> = [
        0x3005, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x30A1,
        0x30A3,
        0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE, 0x30FC,
    ]

    /// Returns whether a character may be a word by itself.
    private static func isAlone(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0xA4CF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFF00...0xFFEF, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default: return scalar.properties.isEmojiPresentation
        }
    }
}
