internal import Mail
internal import Markdown
internal import Records

/// The limits of a message's words, and their plain form.
package enum MessageText {
    static let subjectMax = 300, bodyMax = 200_000

    /// Returns whether a text can be a subject: one line, without control characters.
    static func isSubject(_ text: String) -> Bool {
        HeaderText(text) != nil && !text.trimmed.isEmpty && text.count <= subjectMax
    }

    package static func plain(_ markdown: String) -> String { Markdown.plainText(markdown).trimmed }
}
