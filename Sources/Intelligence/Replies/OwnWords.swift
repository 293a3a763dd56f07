/// What the sender of a reply wrote anew: without the mail that is quoted below it. The mail's reader has
/// mostly taken that away; this holds where it could not, and keeps a signature's words from being read as an
/// answer.
enum OwnWords {
    /// The text as it was where nothing of the sender's own would be left.
    static func of(_ text: String) -> String {
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

    private static let marks = [
        "-----original", "----- original", "-----ursprungliche", "----- ursprungliche",
        "-----message d'origine",
        "-----mensaje original", "________________________________", "begin forwarded message",
        "---------- forwarded",
        "-------- original", "-------- ursprungliche", "-------- urspr",
    ]

    private static let introductions: [(begins: String, says: String)] = [
        ("on ", "wrote"), ("am ", "schrieb"), ("le ", "ecrit"), ("el ", "escribi"), ("il ", "scritto"),
        ("em ", "escreveu"), ("op ", "schreef"), ("den ", "skrev"), ("dnia ", "napisa"), ("w dniu", "napisa"),
        ("von", "schrieb"),
    ]
}
