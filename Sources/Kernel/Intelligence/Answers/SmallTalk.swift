/// What is said out of politeness, and wants nothing but politeness.
package enum SmallTalk: String, Sendable {
    case greeting, thanks, farewell, acknowledgement

    /// `nil` where there is more in it than that.
    package init?(_ text: String) {
        let read = ReadText(text, wordsMax: 12)
        let words = read.words.filter { $0.kind != .mark }
        guard !words.isEmpty, words.count <= 8, words.allSatisfy({ $0.kind == .word }) else { return nil }
        let known = words.compactMap { Self.words[$0.folded] }
        let rest = words.count { Self.words[$0.folded] == nil && !Self.filling.contains($0.folded) }
        guard rest == 0, let first = known.first else { return nil }
        // "Hi, thanks!" thanks.
        self = known.first { $0 != .greeting && $0 != .acknowledgement } ?? first
    }

    private static let words: [String: SmallTalk] = {
        let table: KeyValuePairs<SmallTalk, String> = [
            .greeting:
                "hello hi hey hiya greetings morning afternoon evening hallo guten servus moin gruss bonjour salut "
                + "hola buenas ciao hej hei ola",
            .thanks:
                "thanks thank thx ty cheers danke dank vielen dankeschon merci gracias grazie obrigado tack",
            .farewell: "bye goodbye cu tschuss wiedersehen ade adios arrivederci ciaociao",
            .acknowledgement:
                "ok okay great perfect super fine alright cool got prima gut toll passt alles klar "
                + "verstanden bien vale perfecto parfait",
        ]
        var words: [String: SmallTalk] = [:]
        for (kind, list) in table {
            for word in list.split(separator: " ") { words[String(word)] = kind }
        }
        return words
    }()

    private static let filling: Set<String> = [
        "a", "again", "all", "and", "auf", "day", "es", "everyone", "for", "good", "guter", "have",
        "ihnen",
        "it", "lot", "mal", "me", "much", "nice", "now", "schonen", "sehr", "so", "tag", "team", "that",
        "thats",
        "the", "there", "to", "und", "very", "wunderbar", "you", "your", "help", "abend", "morgen", "dia",
        "jour",
        "beaucoup", "muchas", "mille", "i", "is",
    ]
}
