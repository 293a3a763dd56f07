/// Names of firms.
package enum CompanyName {
    /// Returns the key that two spellings of one firm's name share: folded, `&` as `and`, without the article in front
    /// and the legal form at the end. `The Müller & Söhne G.m.b.H.` is `muller and sohne`.
    package static func key(_ text: String) -> String {
        var words = TextFolding.tokens(text, joiningPoints: true, spellingAnd: true)
        if words.count > 1, words[0] == "the" { words.removeFirst() }
        stripping: while words.count > 1, lastWords.contains(words[words.count - 1]) {
            for length in stride(from: min(4, words.count - 1), through: 1, by: -1)
            where legalForms.contains(words.suffix(length).joined(separator: " ")) {
                words.removeLast(length)
                continue stripping
            }
            guard words.last == "and" else { break }
            words.removeLast()
        }
        return words.joined(separator: " ")
    }

    /// Of legal forms, and what may stand before one.
    private static let lastWords = Set(legalForms.map { String($0.split(separator: " ").last!) }).union([
        "and"
    ])

    /// Folded, without points.
    private static let legalForms: Set<String> = [
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "l l c", "pllc", "lp", "llp",
        "ltd", "limited",
        "plc", "cic", "gmbh", "g m b h", "mbh", "ggmbh", "gesellschaft mit beschrankter haftung", "ag",
        "aktiengesellschaft",
        "kg", "kgaa", "ohg", "gbr", "ug", "ug haftungsbeschrankt", "haftungsbeschrankt", "ek", "e k", "ev",
        "e v", "eg", "se",
        "gesmbh", "ges m b h", "og", "sarl", "s a r l", "sas", "s a s", "sasu", "eurl", "sa", "s a", "snc",
        "sci", "scop",
        "sl", "s l", "slu", "s l u", "slne", "srl", "s r l", "srls", "spa", "s p a", "sapa", "bv", "b v",
        "nv", "n v", "vof",
        "bvba", "sprl", "ab", "aktiebolag", "hb", "as", "a s", "asa", "aps", "oy", "oyj", "sro", "s r o",
        "spol s r o", "spol sro",
        "zoo", "sp z o o", "sp z oo", "sp zoo", "spolka z o o", "kft", "zrt", "nyrt", "doo", "d o o", "dd",
        "ood", "eood", "ad", "uab",
        "sia", "ou", "pty ltd", "pty", "pty limited", "pte ltd", "pte", "pvt ltd", "pvt", "private limited",
        "bhd", "sdn bhd",
        "kk", "k k", "kabushiki kaisha", "ltda", "lda", "eireli", "me", "sa de cv", "s a de c v", "de cv",
        "jsc", "ooo", "oao",
        "pjsc", "fze", "fzco", "fz llc",
    ]
}
