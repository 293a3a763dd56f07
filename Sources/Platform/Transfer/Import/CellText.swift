package import JSON
internal import Lexicons
internal import Records

/// The meaning of a cell's text, for the kinds of values that people write in many ways.
package enum CellText {
    /// A number as JSON writes it.
    package static func number(_ text: String) -> JSON? {
        guard text.utf8.count <= 40, let value = try? JSONParser.parse(text), value.double != nil else {
            return .none
        }
        return value
    }

    /// Yes or no in the languages of the headers; `nil` for anything else.
    package static func flag(_ text: String) -> Bool? {
        let words = TextFolding.searchTokens(text)
        guard let first = words.first else { return nil }
        if affirmative.contains(first) { return words.count <= 2 ? true : nil }
        return negative.contains(first) && words.count <= 2 ? false : nil
    }

    private static let lexicon = Lexicon("cells", in: ResourceTable.texts)
    private static let affirmative = folded(lexicon.words("yes")).union(["1", "x"])
    private static let negative = folded(lexicon.words("no")).union(["0"])

    private static func folded(_ words: some Sequence<String>) -> Set<String> {
        Set(words.map { TextFolding.fold($0) })
    }

    /// Returns whether a text says that somebody does not want to be contacted. When in doubt, it does.
    package static func isRefusal(_ text: String) -> Bool {
        guard text.utf8.count >= 3 else { return false }
        let words = TextFolding.searchTokens(text.utf8.count > 4000 ? String(text.prefix(4000)) : text)
        return words.indices.contains { start in
            refusals[words[start]]?.contains { words[start...].starts(with: $0) } ?? false
        }
    }

    /// The phrases, by their first words.
    private static let refusals: [String: [[String]]] = Dictionary(
        grouping: lexicon.phrases("refusals").map { TextFolding.searchTokens($0) }
    ) { $0[0] }

    /// Returns whether a cell says that there is nothing to say. Names and notes may well be "None" or "Na".
    package static func isPlaceholder(_ text: String, isName: Bool = false) -> Bool {
        guard text.utf8.count <= 20 else { return false }
        let folded = TextFolding.fold(text)
        if folded.utf8.allSatisfy({
            !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x80)
        }) {
            return !folded.contains("$")
        }
        return marks.contains(folded) || !isName && words.contains(folded)
    }

    private static let marks = folded(lexicon.phrases("placeholders")).union([
        "n/a", "n.a.", "n. a.", "n.a", "#n/a", "#ref!", "#value!", "#name?", "#null!", "#num!", "#div/0!",
        "(none)", "(null)", "<null>", "<none>", "[null]", "undefined",
    ])
    private static let words = folded(lexicon.phrases("nothing"))

    /// An address that was typed to get past a form.
    package static func isPlaceholder(address: String) -> Bool {
        let parts = TextFolding.fold(TextCleaning.trimmed(address)).split(
            separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        return nobody.contains(String(parts[0])) && nobody.contains(String(parts[1].prefix { $0 != "." }))
    }

    private static let nobody = folded(lexicon.words("nobody")).union(["x", "xx", "xxx", "aaa", "asdf"])
}
