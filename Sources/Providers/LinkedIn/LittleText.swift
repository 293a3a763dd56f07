/// LinkedIn's format of words ("little text"), in which the rest of a text vanishes behind a mark that is not escaped:
/// https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
enum LittleText {
    private static let marks: Set<Character> = [
        "\\", "|", "{", "}", "@", "[", "]", "(", ")", "<", ">", "#", "*", "_", "~",
    ]

    /// Returns words as they are to stand; a hashtag stays one.
    static func escaped(_ text: String) -> String {
        var result = "", rest = text[...], previous: Character = " "
        while let character = rest.first {
            let tag = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let begins = !previous.isLetter && !previous.isNumber && previous != "_" && previous != "&"
            if character == "#", begins, tag.contains(where: { !$0.isNumber && $0 != "_" }) {
                result += "{hashtag|\\#|\(plain(tag))}"
                rest = rest[tag.endIndex...]
                previous = tag.last ?? character
                continue
            }
            result += plain(rest.prefix(1))
            previous = character
            rest = rest.dropFirst()
        }
        return result
    }

    private static func plain(_ text: Substring) -> String {
        text.reduce(into: "") { result, character in
            if marks.contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}
