internal import Lexicons

/// The subject of a mail. Mail programs write in front of it what kind of mail it is, each in its own language: `Re:`,
/// `AW:`, `Fwd:`.
package enum SubjectLine {
    /// Returns whether it says that the mail answers another one.
    package static func isReply(_ subject: String) -> Bool { begins(subject, with: replies) }

    /// Returns whether it says that the mail passes another one on.
    package static func isForward(_ subject: String) -> Bool { begins(subject, with: forwards) }

    /// Returns the subject of a mail's answer. `Re:` is the mark of the standard (RFC 5322 §3.6.5), for every language.
    package static func answering(_ subject: String) -> String {
        isReply(subject) ? subject : "Re: \(subject)"
    }

    private static func begins(_ subject: String, with marks: Set<String>) -> Bool {
        let start = subject.prefix(20)
        guard let colon = start.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return false }
        return marks.contains(TextFolding.fold(TextCleaning.trimmed(String(start[..<colon]))))
    }

    private static let lexicon = Lexicon("subjects", in: ResourceTable.texts)
    private static let replies = Set(lexicon.words("reply").map { TextFolding.fold($0) })
    private static let forwards = Set(lexicon.words("forward").map { TextFolding.fold($0) })
}
