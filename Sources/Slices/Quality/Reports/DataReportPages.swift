internal import Documents
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Transfer
internal import Wording

/// A report in its readers' words: the same tables for a page, on paper and for a spreadsheet.
struct DataReportText {
    struct Section {
        let title: String
        let columns: [String]
        let rows: [[String]]
    }

    let title: String, period: String
    let sections: [Section]
    let days: [(label: String, value: Double)]
    private let words: Wording
    private let report: DataReport

    init(_ report: DataReport, _ words: Wording, _ zone: TimeZoneRules) {
        (self.report, self.words) = (report, words)
        let tables = ReportTables(content: report.content, words: words, locale: TextLocale(words.asked))
        title = words("data_report.title", ["kind": .text(report.kind.rawValue)])
        let ends = [report.periodStart, report.periodEnd].compactMap { $0.map { tables.locale.shown($0) } }
        period = ends.joined(separator: " – ")
        sections = [
            tables.areas, report.kind == .trend ? nil : tables.recommendations(zone), tables.issues,
            tables.errors, report.kind == .executive ? nil : tables.trend,
        ].compactMap(\.self)
        days = tables.days
    }

    private var summary: String {
        words(
            "data_report.summary",
            [
                "score": .text(TextLocale(words.asked).shown(report.score)),
                "records": .number(report.content["records"]?.int.map { Int($0) } ?? 0),
                "immediate": .number(report.content["open"]?["immediate"]?.int.map { Int($0) } ?? 0),
                "routine": .number(report.content["open"]?["routine"]?.int.map { Int($0) } ?? 0),
            ])
    }

    /// As HTML.
    func page(of tenant: Tenant) -> PublicPage {
        var body = "<h1>\(title.htmlEscaped)</h1>\n<p class=\"soft\">\(period.htmlEscaped)</p>\n"
        body += "<p>\(summary.htmlEscaped)</p>\n"
        for section in sections {
            let head = section.columns.map { "<th>\($0.htmlEscaped)</th>" }.joined()
            let rows = section.rows.map { row in
                "<tr>\(row.map { "<td>\($0.htmlEscaped)</td>" }.joined())</tr>"
            }
            body += """
                <h2>\(section.title.htmlEscaped)</h2>
                <table><thead><tr>\(head)</tr></thead><tbody>
                \(rows.joined(separator: "\n"))
                </tbody></table>

                """
        }
        return PublicPage(
            title: title, body: body, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }

    /// On paper, in the agency's brand.
    func document(_ brand: Documents.Brand) -> Document {
        var blocks: [Block] = [
            .cover(Cover(kind: title, facts: [Fact(words("report.period"), period)])),
            .markdown(summary),
        ]
        let shown = days.suffix(16)
        if shown.count > 1 {
            blocks.append(
                .bars(
                    BarChart(
                        title: words("data_report.trend"),
                        bars: shown.map { .init($0.label, $0.value, TextLocale(words.asked).shown($0.value)) }
                    )))
        }
        for section in sections {
            blocks.append(.heading(level: 1, section.title))
            blocks.append(
                .table(
                    Table(
                        columns: section.columns.enumerated().map { place, name in
                            .init(name, place == 0 ? .start : .end, width: place == 0 ? .share(1) : .fit)
                        }, rows: section.rows.map { Table.Row($0) })))
        }
        var document = Document(
            title: title, language: words.tag, brand: brand, created: report.createdAt, blocks: blocks)
        document.pageFormat = words.pageFormat
        document.metadata = ["kind": DataReport.noun, "report": report.id.keyText]
        return document
    }

    /// For a spreadsheet: a line for each row of each table.
    var csv: [UInt8] {
        var writer = CSVWriter(capacity: 4096)
        let width = sections.map(\.columns.count).max() ?? 1
        for section in sections {
            writer.text(section.title)
            for place in 0..<width {
                writer.text(place < section.columns.count ? section.columns[place] : "")
            }
            writer.endRow()
            for row in section.rows {
                writer.text(section.title)
                for place in 0..<width { writer.text(place < row.count ? row[place] : "") }
                writer.endRow()
            }
        }
        return writer.bytes
    }
}

/// The tables of a report, each from its part of the content; `nil` where that is empty.
private struct ReportTables {
    typealias Section = DataReportText.Section

    let content: JSONObject, words: Wording, locale: TextLocale

    private func list(_ name: String) -> [JSON] { content[name]?.array ?? [] }

    private func number(_ json: JSON?) -> String { locale.shown(json?.double ?? 0) }

    private func day(_ json: JSON) -> String? {
        json["date"]?.text.flatMap { CivilDate(iso: $0) }.map { locale.shown($0) }
    }

    var areas: Section {
        Section(
            title: words("data_report.areas"),
            columns: [
                words("data_report.area"), words("data_report.score"), words("data_report.weight"),
            ],
            rows: list("areas").map { area in
                [
                    words("data_report.area_name", ["area": .text(area["name"]?.text ?? "")]),
                    number(area["score"]), "\(number(area["weight"])) %",
                ]
            })
    }

    func recommendations(_ zone: TimeZoneRules) -> Section? {
        let advice = list("areas").flatMap { area in
            (area["recommendations"]?.array ?? []).compactMap { Saying(json: $0)?.said(in: words, zone) }
        }
        guard !advice.isEmpty else { return nil }
        return Section(
            title: words("data_report.recommendations"), columns: [words("data_report.recommendation")],
            rows: advice.map { [$0] })
    }

    var issues: Section? {
        let rules = list("rules")
        guard !rules.isEmpty else { return nil }
        return Section(
            title: words("data_report.issues"),
            columns: [
                words("data_report.rule"), words("data_report.severity"), words("data_report.count"),
            ],
            rows: rules.map { rule in
                [
                    rule["rule"]?.text ?? "",
                    words("data_report.severity_name", ["severity": .text(rule["severity"]?.text ?? "")]),
                    number(rule["issues"]),
                ]
            })
    }

    var errors: Section? {
        let errors = list("errors")
        guard !errors.isEmpty else { return nil }
        return Section(
            title: words("data_report.errors"),
            columns: [
                words("data_report.component"), words("data_report.count"), words("data_report.category"),
            ],
            rows: errors.map { error in
                [
                    error["component"]?.text ?? "", number(error["count"]),
                    words("data_report.category_name", ["category": .text(error["category"]?.text ?? "")]),
                ]
            })
    }

    var trend: Section? {
        let trend = list("trend")
        guard !trend.isEmpty else { return nil }
        return Section(
            title: words("data_report.trend"),
            columns: [words("data_report.day"), words("data_report.score")],
            rows: trend.map { [day($0) ?? "", number($0["score"])] })
    }

    var days: [(label: String, value: Double)] {
        list("trend").compactMap { one in day(one).map { ($0, one["score"]?.double ?? 0) } }
    }
}
