internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Puts together what a month has shown, with what it rests on.
struct MarketSynthesis {
    private static let publicMax = 200
    let month: CivilDate
    let findings: [MarketFinding]
    let counts: MarketCounts
    let activity: [MarketActivity]

    /// Of the month before today's.
    init(_ counts: MarketCounts, in reader: Reader) throws {
        self.counts = counts
        let today = counts.today
        month =
            today.month == 1
            ? CivilDate(year: today.year - 1, month: 12, day: 1)
            : CivilDate(year: today.year, month: today.month - 1, day: 1)
        let begin = counts.zone.firstInstant(atOrAfter: LocalTime(month, hour: 0))
        findings = try reader.market.findings(since: begin)
        activity = try reader.market.activity(since: begin, limit: Self.publicMax)
    }

    /// Records by their number, and public sources by their addresses.
    var sources: JSON {
        let records: [(String, Int)] = [
            ("lead", counts.leads.count), ("lead_outcome", counts.outcomes.count),
            ("deal", counts.deals.count),
            ("package", counts.services.count),
        ]
        var seen: Set<String> = []
        let pages = activity.compactMap { one -> JSON? in
            let url = one.url ?? one.sourceURL
            guard seen.insert(url).inserted else { return nil }
            return ["url": .string(url), "title": .string(one.title), "at": .string(one.at.description)]
        }
        return .array(records.map { ["type": .string($0.0), "count": JSON($0.1)] } + pages)
    }

    static func title(of month: CivilDate, in words: Wording, _ zone: TimeZoneRules = .utc) -> String {
        Saying("market.report", ["day": .day(month)]).said(in: words, zone)
    }

    /// Returns the text of a report on findings, in Markdown.
    static func text(of findings: [JSON], in words: Wording) -> String {
        guard !findings.isEmpty else { return Saying("market.report_none").said(in: words) }
        return findings.map { finding in
            let advice = finding["recommendation"]?.text ?? ""
            return "- **\((finding["title"]?.text ?? "").escapedMarkdown)** \(advice)"
        }.joined(separator: "\n")
    }

    /// Makes the report of the month, once.
    func report(decision: DecisionID, _ words: Wording, in tx: Transaction) throws -> MarketReport {
        if let known = try MarketReport.resource.first(where: "month = \(month.iso)", in: tx) { return known }
        var report = MarketReport.new(id: tx.nextID(), now: tx.now)
        (report.month, report.decisionID) = (month, decision)
        let kept = findings.map(\.json)
        report.title = Self.title(of: month, in: words)
        report.text = Self.text(of: kept, in: words)
        (report.findings, report.sources) = (.array(kept), sources)
        try MarketReport.resource.insert(&report, in: tx)
        try tx.publish(
            "market_report.created", report.subject,
            ["month": .string(month.iso), "findings": JSON(findings.count)])
        return report
    }
}

extension String {
    /// The text as it stands, in Markdown: titles of pages and names of competitors are not ours to trust.
    fileprivate var escapedMarkdown: String {
        reduce(into: "") { text, character in
            if "\\`*_{}[]()<>#+!|".contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}
