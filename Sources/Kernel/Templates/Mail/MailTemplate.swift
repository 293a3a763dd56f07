package import JSON
internal import Markdown
package import Records

/// A mail as it is written: a line for its subject, Markdown for its body, and if wanted the line that a
/// list of mails shows beside the subject.
package struct MailTemplate: Sendable {
    package let subject: Template
    package let preview: Template?
    package let body: Template

    /// The faults of all parts together; each says which part it is in.
    package static func compile(
        subject: String, body: String, preview: String? = nil, names: TemplateNames
    ) throws(TemplateFaults) -> MailTemplate {
        var faults: [TemplateFault] = []
        func part(_ name: String, _ source: String) -> Template? {
            do throws(TemplateFaults) {
                return try Template.compile(source: source, names: names)
            } catch {
                faults += error.faults.map { fault in
                    var fault = fault
                    fault.part = name
                    return fault
                }
                return nil
            }
        }
        let (subject, preview) = (part("subject", subject), preview.map { part("preview", $0) } ?? nil)
        guard let body = part("body", body), let subject, faults.isEmpty else { throw TemplateFaults(faults) }
        return MailTemplate(subject: subject, preview: preview, body: body)
    }

    /// One mail to one person.
    package func render(
        values: JSON, locale: TextLocale, zone: TimeZoneRules, dress: MailDress = MailDress()
    ) throws(TemplateFaults) -> RenderedMail {
        let subject = try render(self.subject, "subject", .subject, values, locale, zone)
        let preview: Template.Rendering? =
            if let preview = self.preview {
                try render(preview, "preview", .subject, values, locale, zone)
            } else {
                nil
            }
        let body = try render(self.body, "body", .markdown, values, locale, zone)
        // A longer body is not read as Markdown, and would show its backslashes.
        guard body.text.utf8.count <= Markdown.bytesMax else {
            let detail = "With these values the body is longer than \(Markdown.bytesMax) bytes."
            throw TemplateFaults([TemplateFault(.tooLarge, line: 1, column: 1, detail, part: "body")])
        }
        let parts = [("subject", subject), ("preview", preview), ("body", body)]
        var warnings = parts.flatMap { part, rendering in
            (rendering?.missing ?? []).map { Self.missing($0, part) }
        }
        if subject.text.isEmpty {
            warnings.append(TemplateWarning(.emptySubject, Saying("lint.empty_subject"), part: "subject"))
        }
        return RenderedMail(
            subject: subject.text, preview: preview?.text, body: body.text, locale: locale, dress: dress,
            warnings: warnings)
    }

    private static func missing(_ use: Use, _ part: String) -> TemplateWarning {
        TemplateWarning(
            .missingValue, Saying("lint.missing_value", ["path": .text(use.path)]), part: part,
            line: use.line, column: use.column)
    }

    private func render(
        _ template: Template, _ part: String, _ output: Output, _ values: JSON, _ locale: TextLocale,
        _ zone: TimeZoneRules
    ) throws(TemplateFaults) -> Template.Rendering {
        do throws(TemplateFaults) {
            return try template.render(values: values, for: output, locale: locale, zone: zone)
        } catch {
            throw TemplateFaults(
                error.faults.map { fault in
                    var fault = fault
                    fault.part = part
                    return fault
                })
        }
    }
}

/// A mail as its reader gets it.
package struct RenderedMail: Hashable, Sendable {
    /// One line, not escaped for anything.
    package let subject: String
    package let preview: String?
    /// The plain part, with its foot.
    package let text: String
    /// The HTML part, a whole document with its foot.
    package let html: String
    /// Warnings about what was missing in this one mail.
    package let warnings: [TemplateWarning]

    /// A mail whose words are there already: `body` is Markdown, as a template's rendering is, or as somebody wrote it.
    package init(
        subject: String, preview: String? = nil, body: String, locale: TextLocale, dress: MailDress,
        warnings: [TemplateWarning] = []
    ) {
        let blocks = ValueLines.broken(Markdown.blocks(body), source: body)
        (self.subject, self.preview, self.warnings) = (subject, preview, warnings)
        text = MailText(locale: locale, dress: dress).write(blocks)
        html = MailDocument(locale: locale, dress: dress).write(blocks, title: subject, preview: preview)
    }
}

/// The look of an agency's mails, and the foot below each of them.
package struct MailDress: Hashable, Sendable {
    /// The agency's name: beside the logo for those who see no pictures, and first in the foot.
    package var agency: String?
    /// `#1a73e8`; anything else is left out.
    package var colour: String?
    /// An `https` address; anything else is left out.
    package var logoURL: String?
    /// The postal address, line by line.
    package var address: [String] = []
    package var unsubscribeURL: String?
    /// The statement that a machine wrote the mail, in the words that the agency's country asks for.
    package var disclosure: String?

    package init(
        agency: String? = nil, colour: String? = nil, logoURL: String? = nil, address: [String] = [],
        unsubscribeURL: String? = nil, disclosure: String? = nil
    ) {
        (self.agency, self.colour, self.logoURL) = (agency, colour, logoURL)
        (self.address, self.unsubscribeURL, self.disclosure) = (address, unsubscribeURL, disclosure)
    }
}

/// The line ends inside of values, which Markdown was not to see, as line breaks.
enum ValueLines {
    static func broken(_ blocks: [Markdown.Block], source: String) -> [Markdown.Block] {
        source.utf8.contains(0xE2) && source.unicodeScalars.contains("\u{2028}") ? blocks.map(broken) : blocks
    }

    private static func broken(_ block: Markdown.Block) -> Markdown.Block {
        switch block {
        case .heading(let level, let inlines): return .heading(level: level, broken(inlines))
        case .paragraph(let inlines): return .paragraph(broken(inlines))
        case .list(var list):
            list.items = list.items.map { $0.map(broken) }
            return .list(list)
        case .quote(let blocks): return .quote(blocks.map(broken))
        case .table(var table):
            table.header = table.header.map(broken)
            table.rows = table.rows.map { $0.map(broken) }
            return .table(table)
        case .rule, .code: return block
        }
    }

    private static func broken(_ inlines: [Markdown.Inline]) -> [Markdown.Inline] {
        inlines.flatMap { inline -> [Markdown.Inline] in
            switch inline {
            case .text(let text): broken(text)
            case .strong(let inner): [.strong(broken(inner))]
            case .emphasis(let inner): [.emphasis(broken(inner))]
            case .strikethrough(let inner): [.strikethrough(broken(inner))]
            case .link(let url, let inner): [.link(url: url, broken(inner))]
            case .code, .lineBreak, .softBreak: [inline]
            }
        }
    }

    private static func broken(_ text: String) -> [Markdown.Inline] {
        let lines = text.unicodeScalars.split(separator: "\u{2028}", omittingEmptySubsequences: false)
        var inlines: [Markdown.Inline] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { inlines.append(.lineBreak) }
            if !line.isEmpty { inlines.append(.text(String(line))) }
        }
        return inlines
    }
}
