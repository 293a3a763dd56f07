internal import Database
internal import JSON
internal import People
internal import Records
internal import Templates
internal import Tenancy
internal import Wording

/// The warnings about a template, and how much of it looks like spam, in the words of whoever previews it.
struct TemplateCheck {
    let warnings: [JSON]
    let spam: JSON

    init(
        _ template: MessageTemplate, _ written: Written, _ lead: JSONObject?, _ contact: Contact,
        _ extra: JSONObject, _ words: Wording, in reader: some Queryable
    ) throws {
        let missing = written.missing.map { use in
            TemplateWarning(
                .missingFallback, Saying("lint.missing_here", ["path": .text(use.path)]), line: use.line,
                column: use.column)
        }
        guard template.channel == .email, let subject = template.subject else {
            (warnings, spam) = (missing.map { $0.json(in: words) }, ["score": 0, "parts": []])
            return
        }
        let values = try TemplateValues.values(of: contact, lead: lead, extra: extra, in: reader)
        let zone = TimeZoneRules(named: try reader.agency.tenant().timeZone) ?? .utc
        let locale = TextLocale(template.locale ?? contact.locale ?? "en")
        let report: TemplateLint.Report
        do throws(TemplateFaults) {
            let mail = try MailTemplate.compile(
                subject: subject, body: template.body, names: TemplateValues.names)
            report = try TemplateLint.check(
                mail, purpose: extra.isEmpty ? .marketing : .transactional, sample: values, locale: locale,
                zone: zone)
        } catch {
            throw Problem(.conflict, "The template cannot be rendered: \(error.faults[0].detail)")
        }
        warnings = (missing + report.warnings).map { $0.json(in: words) }
        spam = [
            "score": .number(report.spam.value),
            "parts": .array(
                report.spam.parts.map {
                    ["points": .number($0.points), "why": .string($0.detail.said(in: words))]
                }),
        ]
    }
}

extension TemplateWarning {
    fileprivate func json(in words: Wording) -> JSON {
        [
            "code": .string(code.rawValue), "severity": .string(severity.rawValue),
            "detail": .string(detail.said(in: words)), "part": JSON(part), "line": JSON(line),
            "column": JSON(column),
        ]
    }
}
