/// A text's words of letters and digits in lower case, for rules that look for phrases in them.
package struct Words {
    /// The words with one space between each two: "e commerce".
    package let text: String

    package init(_ text: String) {
        self.text = text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: " ")
    }

    package var isEmpty: Bool { text.isEmpty }

    /// Returns whether the phrase's words stand in it, one after the other.
    package func contains(_ phrase: String) -> Bool { has(phrase, asWords: true, asBeginning: true) }

    /// Returns whether one of the words begins so.
    package func containsWord(beginning: String) -> Bool { has(beginning, asWords: false, asBeginning: true) }

    /// Returns whether the letters stand anywhere in it, also in the middle of a word.
    package func containsPart(_ part: String) -> Bool { has(part, asWords: false, asBeginning: false) }

    /// By bytes: the library's search builds a table for each phrase first, which here costs more than all the rest.
    private func has(_ phrase: String, asWords: Bool, asBeginning: Bool) -> Bool {
        var (text, phrase) = (text, phrase)
        let space = UInt8(ascii: " ")
        return text.withUTF8 { text in
            phrase.withUTF8 { phrase in
                guard let first = phrase.first, phrase.count <= text.count else { return phrase.isEmpty }
                for start in 0...(text.count - phrase.count) where text[start] == first {
                    let end = start + phrase.count
                    if (!asBeginning || start == 0 || text[start - 1] == space)
                        && (!asWords || end == text.count || text[end] == space)
                        && text[start..<end].elementsEqual(phrase)
                    {
                        return true
                    }
                }
                return false
            }
        }
    }

    package static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
