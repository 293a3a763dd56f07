internal import Lexicons

/// A model's words for people outside, as far as they can be let out: short, plain, and without anything that could
/// lead elsewhere or promise what nobody has written down.
package struct GroundedText: Hashable, Sendable {
    package let text: String

    private static let lengthMax = 2000

    /// `nil` for a text with links, addresses, or figures that stand in none of `facts`.
    package init?(_ words: String, in facts: [String]) {
        let text = words.trimmed
        let isPlain = text.unicodeScalars.allSatisfy {
            $0 == "\n"
                || ![.control, .format, .privateUse, .unassigned].contains($0.properties.generalCategory)
        }
        guard !text.isEmpty, text.count <= Self.lengthMax, isPlain, !Self.pointsElsewhere(text) else {
            return nil
        }
        let known = facts.reduce(into: Set<String>()) { $0.formUnion(Self.figures($1)) }
        guard Self.figures(text).isSubset(of: known) else { return nil }
        self.text = text
    }

    /// A link, an address, or the name of a host, however it is written.
    private static func pointsElsewhere(_ text: String) -> Bool {
        let folded = text.lowercased()
        if ["@", "＠", "://", "www.", "](", "mailto:", "<"].contains(where: { folded.contains($0) }) {
            return true
        }
        return folded.split { $0.isWhitespace || ",;!?()\"'/:".contains($0) }.contains { word in
            let parts = word.split(omittingEmptySubsequences: false) { ".．。｡".contains($0) }
            return zip(parts, parts.dropFirst()).contains { host, ending in
                host.last.map { $0.isLetter || $0.isNumber } ?? false
                    && ending.prefix { $0.isLetter || $0 == "-" }.count > 1
            }
        }
    }

    private static let percents = Lexicon("tokens").words("percent").union(["%", "‰", "٪", "％"])

    /// The numbers of a text, however they are grouped, without cents where there are none; and a per cent sign, or its
    /// word, as one of its own.
    package static func figures(_ text: String) -> Set<String> {
        var found: Set<String> = [], groups = [""], decimals = false
        func close() {
            let part =
                groups.count > 1 && decimals && groups[groups.count - 1].count < 3 ? groups.removeLast() : ""
            let whole = groups.joined().drop { $0 == "0" }
            let cents = part.reversed().drop { $0 == "0" }.reversed()
            if !groups.joined().isEmpty {
                found.insert(String(whole) + (cents.isEmpty ? "" : "." + String(cents)))
            }
            (groups, decimals) = ([""], false)
        }
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let isJoined =
                characters.indices.contains(index + 1) && characters[index + 1].wholeNumberValue != nil
            if let digit = character.wholeNumberValue, (0...9).contains(digit) {
                groups[groups.count - 1] += String(digit)
            } else if groups != [""], isJoined, ".,'’\u{A0}\u{202F} ".contains(character) {
                groups.append("")
                decimals = character == "." || character == ","
            } else {
                close()
            }
            if percents.contains(String(character)) { found.insert("%") }
        }
        close()
        let words = text.lowercased().split { !$0.isLetter }
        if words.contains(where: { percents.contains(String($0)) }) { found.insert("%") }
        return found
    }
}
