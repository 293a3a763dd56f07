internal import Database
internal import Documents
internal import HTTPServer
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

extension Report {
    private func days(_ words: ReportCopy) -> String? {
        periodStart.flatMap { first in periodEnd.map { words.days(ReportPeriod(first, $0)) } }
    }

    // MARK: On paper

    /// As a document, in the agency's brand.
    func document(_ words: ReportCopy, client: String, brand: Documents.Brand) -> Document {
        var facts = [Fact(words("report.prepared_for"), client)]
        if let days = days(words) { facts.append(Fact(words("report.period"), days)) }
        var blocks: [Block] = [.cover(Cover(kind: words.title(kind), facts: facts))]
        if let summary { blocks.append(.text(summary)) }
        for section in sections.list {
            blocks.append(.heading(level: 1, section.title))
            if let text = section.text { blocks.append(.text(text)) }
            if !section.figures.list.isEmpty { blocks.append(.table(table(of: section, words))) }
            for chart in section.charts.list where chart.points.list.count > 1 {
                blocks.append(.bars(chart.bars(words)))
            }
        }
        var document = Document(
            title: title, language: words.language, brand: brand, created: sentAt ?? updatedAt, blocks: blocks
        )
        document.pageFormat = words.pageFormat
        document.metadata = ["kind": "report", "report": "\(id)"]
        return document
    }

    private func table(of section: ReportSection, _ words: ReportCopy) -> Table {
        Table(
            columns: [
                .init(words("report.figure"), width: .share(2)),
                .init(words("report.value"), .end, width: .fit),
                .init(words("report.before"), .end, width: .fit),
                .init(words("report.source"), width: .share(1)),
            ],
            rows: section.figures.list.map { figure in
                Table.Row([
                    figure.label, words.shown(figure.value, figure.unit), figure.before(words),
                    ReportCopy.readable(figure.source),
                ])
            })
    }

    // MARK: On a page

    /// As HTML: charts are drawn, and each figure says where it comes from.
    func page(_ words: ReportCopy, client: String, agency: String, color: String?) -> PublicPage {
        var body = "<p class=\"soft\">\(words.title(kind).htmlEscaped) · \(client.htmlEscaped)</p>"
        body += "<h1>\(title.htmlEscaped)</h1>\n"
        if let days = days(words) { body += "<p class=\"soft\">\(days.htmlEscaped)</p>\n" }
        if let summary { body += "<p>\(summary.htmlEscaped)</p>\n" }
        for section in sections.list {
            body += "<h2>\(section.title.htmlEscaped)</h2>\n"
            if let text = section.text { body += "<p>\(text.htmlEscaped)</p>\n" }
            if !section.figures.list.isEmpty { body += rows(of: section, words) }
            for chart in section.charts.list where chart.points.list.count > 1 { body += chart.svg(words) }
        }
        return PublicPage(
            title: title, body: body, agency: agency, color: color ?? "#1f4e79", language: words.language)
    }

    private func rows(of section: ReportSection, _ words: ReportCopy) -> String {
        let head = [
            words("report.figure"), words("report.value"), words("report.before"), words("report.source"),
        ].map(\.htmlEscaped)
        let rows = section.figures.list.map { figure in
            """
            <tr><td>\(figure.label.htmlEscaped)</td>\
            <td class="amount">\(words.shown(figure.value, figure.unit).htmlEscaped)</td>\
            <td class="amount">\(figure.before(words).htmlEscaped)</td>\
            <td title="\(figure.query.htmlEscaped)">\(ReportCopy.readable(figure.source).htmlEscaped)</td></tr>
            """
        }
        return """
            <table><thead><tr><th>\(head[0])</th><th class="amount">\(head[1])</th>\
            <th class="amount">\(head[2])</th><th>\(head[3])</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>

            """
    }
}

extension ReportMetric {
    /// The value of the period before, and by how much this one differs.
    fileprivate func before(_ words: ReportCopy) -> String {
        guard let previous else { return "" }
        let value = words.shown(previous, unit)
        return change.map { "\(value) (\(words.shown(change: $0)))" } ?? value
    }
}

extension ReportChart {
    /// Returns the bars that fit on paper: single days, or groups of days where there are more than 16.
    fileprivate func bars(_ words: ReportCopy) -> BarChart {
        let list = points.list
        let step = list.count <= 16 ? 1 : (list.count + 15) / 16
        let bars = stride(from: 0, to: list.count, by: step).map { start in
            let part = list[start..<min(start + step, list.count)]
            let sum = part.reduce(0) { $0 + $1.value }
            let value = unit == "%" ? sum / Double(part.count) : sum
            let day = words.locale.shown(list[start].date)
            return BarChart.Bar(day, value, words.shown(value, unit))
        }
        return BarChart(title: "\(title) · \(ReportCopy.readable(source))", bars: bars)
    }

    /// A line over the days, with its ends named for those who cannot see it.
    fileprivate func svg(_ words: ReportCopy) -> String {
        let list = points.list
        let (width, height) = (640.0, 160.0)
        let low = min(0, list.map(\.value).min() ?? 0), high = max(list.map(\.value).max() ?? 0, low + 1e-9)
        let first = list[0].date.daysSinceEpoch
        let days = Double(max(list[list.count - 1].date.daysSinceEpoch - first, 1))
        let line = list.map { point in
            let x = Double(point.date.daysSinceEpoch - first) / days * width
            let y = height - (point.value - low) / (high - low) * height
            return "\((x * 10).rounded() / 10),\((y * 10).rounded() / 10)"
        }.joined(separator: " ")
        let name = "\(title) · \(ReportCopy.readable(source))"
        let ends = words(
            "report.ends",
            [
                "first": .text(words.shown(list[0].value, unit)),
                "last": .text(words.shown(list[list.count - 1].value, unit)),
            ])
        return """
            <figure><figcaption class="soft">\(name.htmlEscaped)</figcaption>
            <svg viewBox="-4 -4 648 168" role="img" aria-label="\("\(name): \(ends)".htmlEscaped)">\
            <polyline points="\(line)" fill="none" stroke="var(--accent)" stroke-width="2"/></svg></figure>

            """
    }
}
