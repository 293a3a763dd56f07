/// Something that would better be otherwise, in a template or in what came of it. No warning keeps a mail from being
/// sent.
package struct TemplateWarning: Hashable, Sendable {
    package enum Severity: String, Sendable {
        /// Good to know; nothing needs to be done.
        case info
        case warning
    }

    package enum Code: String, Sendable, CaseIterable {
        // Something is missing.
        case missingFallback = "missing_fallback"
        case missingValue = "missing_value"
        case missingUnsubscribe = "missing_unsubscribe"
        case emptySubject = "empty_subject"
        case emptyPreview = "empty_preview"
        case foreignPlaceholder = "foreign_placeholder"
        // Lengths.
        case subjectTooLong = "subject_too_long"
        case shortText = "short_text"
        case clipped
        // Where links lead.
        case brokenLink = "broken_link"
        case insecureLink = "insecure_link"
        case misleadingLink = "misleading_link"
        case shortenedLink = "shortened_link"
        case manyLinks = "many_links"
        case imageHeavy = "image_heavy"
        // Tone.
        case capitalsInSubject = "capitals_in_subject"
        case capitalsInText = "capitals_in_text"
        case exclamationMarks = "exclamation_marks"
        case spamPhrase = "spam_phrase"
        case falseReply = "false_reply"
    }

    package let code: Code
    package var severity = Severity.warning
    /// The detail for the person who writes the template, in words of whoever reads it.
    package let detail: Saying
    /// `subject`, `preview` or `body`; line and column in that source, where they are known.
    package var part: String?
    package var line: Int?, column: Int?

    package init(
        _ code: Code, _ detail: Saying, _ severity: Severity = .warning, part: String? = nil,
        line: Int? = nil, column: Int? = nil
    ) {
        (self.code, self.severity, self.detail) = (code, severity, detail)
        (self.part, self.line, self.column) = (part, line, column)
    }
}
