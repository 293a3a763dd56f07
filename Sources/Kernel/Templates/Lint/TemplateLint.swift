package import JSON
internal import Markdown
package import Records

/// Reads a mail's template as a careful colleague would, and as filters for spam do.
package enum TemplateLint {
    /// The purpose of the mail: only a mail that nobody asked for has to offer a way out.
    package enum Purpose: Sendable { case marketing, transactional }

    package struct Report: Sendable {
        /// The warnings in the order of the parts and of their sources; what concerns the whole comes last.
        package let warnings: [TemplateWarning]
        package let spam: SpamScore
    }

    /// `sample` are values as a mail will have them: some signs are seen only when it is written out.
    package static func check(
        _ mail: MailTemplate, purpose: Purpose, sample: JSON, locale: TextLocale, zone: TimeZoneRules
    ) throws(TemplateFaults) -> Report {
        let body = try mail.body.render(values: sample, for: .markdown, locale: locale, zone: zone)
        let rendered = try mail.render(values: sample, locale: locale, zone: zone)
        let text = ComposedMail(subject: rendered.subject, blocks: Markdown.blocks(body.text))
        var warnings: [TemplateWarning] = []
        for (part, template) in [("subject", mail.subject), ("preview", mail.preview), ("body", mail.body)] {
            guard let template else { continue }
            var found = withoutFallback(template, part) + ForeignPlaceholders.find(template.source, part)
            if part == "body" { found += LinkLint.check(template.source) }
            warnings += found.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
        }
        warnings += subject(rendered.subject)
        if preview(rendered, text).isEmpty {
            warnings.append(
                TemplateWarning(
                    .emptyPreview, Saying("lint.empty_preview"),
                    part: mail.preview == nil ? "body" : "preview"))
        }
        let spam = SpamScore(text, links: LinkLint.links(mail.body.source), images: images(mail.body.source))
        warnings += spam.warnings.filter { warning in
            !warnings.contains { $0.code == warning.code && $0.part == warning.part }
        }
        if rendered.html.utf8.count > Self.htmlMax {
            let detail = Saying("lint.clipped", ["most": .number(Self.htmlMax / 1000)])
            warnings.append(TemplateWarning(.clipped, detail, part: "body"))
        }
        if purpose == .marketing, !mail.body.named.contains("unsubscribe_url") {
            warnings.append(
                TemplateWarning(
                    .missingUnsubscribe, Saying("lint.missing_unsubscribe"), .info, part: "body"))
        }
        return Report(warnings: warnings, spam: spam)
    }

    /// Where the largest provider of mailboxes cuts.
    private static let htmlMax = 102_000
    private static let subjectMax = 78

    private static func withoutFallback(_ template: Template, _ part: String) -> [TemplateWarning] {
        template.withoutFallback.map { use in
            TemplateWarning(
                .missingFallback, Saying("lint.missing_fallback", ["path": .text(use.path)]), part: part,
                line: use.line, column: use.column)
        }
    }

    private static func subject(_ subject: String) -> [TemplateWarning] {
        if subject.isEmpty {
            return [TemplateWarning(.emptySubject, Saying("lint.empty_subject"), part: "subject")]
        }
        let length = subject.count
        guard length > subjectMax else { return [] }
        let detail = Saying(
            "lint.subject_too_long", ["count": .number(length), "most": .number(subjectMax)])
        return [TemplateWarning(.subjectTooLong, detail, part: "subject")]
    }

    /// Returns the text beside the subject: the preview, or how the text begins.
    private static func preview(_ mail: RenderedMail, _ text: ComposedMail) -> String {
        mail.preview ?? text.text.filter { $0.isLetter || $0.isNumber }
    }

    private static func images(_ source: String) -> Int { source.ranges(of: "![").count }
}

/// The words and links of a mail as it is read.
struct ComposedMail {
    let subject: String
    private(set) var text = ""
    private(set) var links: [(url: String, text: String)] = []

    init(subject: String, blocks: [Markdown.Block]) {
        self.subject = subject
        add(blocks)
    }

    var words: [Substring] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’" || $0 == "-") }
    }

    private mutating func add(_ blocks: [Markdown.Block]) {
        for block in blocks {
            switch block {
            case .heading(_, let inlines), .paragraph(let inlines): add(inlines)
            case .list(let list): list.items.forEach { add($0) }
            case .quote(let blocks): add(blocks)
            case .table(let table): (table.header + table.rows.flatMap(\.self)).forEach { add($0) }
            case .rule: break
            case .code(let code, _): text += code
            }
            text += "\n"
        }
    }

    private mutating func add(_ inlines: [Markdown.Inline]) {
        text += Markdown.words(inlines) + " "
        addLinks(inlines)
    }

    private mutating func addLinks(_ inlines: [Markdown.Inline]) {
        for inline in inlines {
            switch inline {
            case .link(let url, let inner): links.append((url, Markdown.words(inner)))
            case .strong(let inner), .emphasis(let inner), .strikethrough(let inner): addLinks(inner)
            case .text, .code, .lineBreak, .softBreak: break
            }
        }
    }
}
