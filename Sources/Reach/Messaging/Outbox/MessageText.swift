internal import Mail
internal import Markdown
internal import Records

/// What the words of a message may be, and how they read.
enum MessageText {
    static let subjectMax = 300, bodyMax = 200_000

    /// Whether a text can be a subject: one line, without control characters.
    static func isSubject(_ text: String) -> Bool {
        HeaderText(text) != nil && !text.trimmed.isEmpty && text.count <= subjectMax
    }

    static func plain(_ markdown: String) -> String { Markdown.plainText(markdown).trimmed }
}
