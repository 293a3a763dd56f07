internal import Lexicons

/// The words that the sender of a reply wrote anew: without the mail that is quoted below it. The mail's reader has
/// mostly taken that away; this holds where it could not, and keeps a signature's words from being read as an answer.
package enum OwnWords {
    /// Returns the sender's own prose, which may be learned from: without quotes, code, data and markup. It is empty
    /// where nothing is left.
    package static func prose(of text: String) -> String {
        var kept: [Substring] = []
        var fence: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
            if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") {
                fence = fence == nil ? trimmed.prefix(3) : trimmed.hasPrefix(fence!) ? nil : fence
                continue
            }
            if fence != nil || trimmed.hasPrefix(">") { continue }
            if opensQuote(trimmed) || trimmed == "--" || trimmed == "-- " { break }
            kept.append(line)
        }
        return withoutMarkup(kept.joined(separator: "\n"))
    }

    private static let brackets: [Character: Character] = ["{": "}", "<": ">", "[": "]", "`": "`"]

    /// Leaves out what stands in the brackets of data, templates and tags.
    private static func withoutMarkup(_ text: String) -> String {
        var kept = ""
        var open: [Character] = []
        for character in text {
            if let close = open.last, character == close {
                open.removeLast()
                if open.isEmpty { kept.append(" ") }
            } else if let close = brackets[character], open.count < 50 {
                open.append(close)
            } else if open.isEmpty {
                kept.append(character)
            }
        }
        return kept
    }

    /// The text as it was where nothing of the sender's own would be left.
    package static func of(_ text: String) -> String {
        guard text.utf8.contains(0x0A) else { return text }
        var kept: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
            if trimmed.hasPrefix(">") { continue }
            if opensQuote(trimmed) || trimmed == "--" || trimmed == "-- " { break }
            kept.append(line)
        }
        let own = kept.joined(separator: "\n")
        return own.contains { $0.isLetter } ? own : text
    }

    private static func opensQuote(_ line: Substring) -> Bool {
        guard line.utf8.count < 300 else { return false }
        let folded = LetterFolding.fold(line)
        if marks.contains(where: folded.hasPrefix) { return true }
        guard let last = folded.last(where: { $0 != " " && $0 != "\r" }), last == ":" else { return false }
        return introductions.contains { folded.hasPrefix($0.begins) && folded.contains($0.says) }
    }

    private static let marks = Lexicon("quotes").lines("mark")

    /// The beginning and the verb of the line above a quoted mail: `on … wrote`.
    private static let introductions: [(begins: String, says: String)] =
        Lexicon("quotes").lines("introduction").compactMap { line in
            let parts = line.split(separator: "…")
            return parts.count == 2 ? (String(parts[0]), String(parts[1].drop { $0 == " " })) : nil
        }
}
