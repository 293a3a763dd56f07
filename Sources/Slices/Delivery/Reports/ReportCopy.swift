internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// The words of reports, and how their readers write numbers and days.
struct ReportCopy {
    let locale: TextLocale
    let words: Wording

    init(_ words: Wording) {
        self.words = words
        locale = TextLocale(words.asked)
    }

    /// The language that the words are in.
    var language: String { words.tag }

    func callAsFunction(_ key: String, _ values: [String: Wording.Value] = [:]) -> String {
        words(key, values)
    }

    var pageFormat: String { words.pageFormat }

    func title(_ kind: Report.Kind) -> String { words("report.title", ["kind": .text(kind.rawValue)]) }

    /// The title of a kind, with whom it is for where that is not the client.
    func title(_ kind: Report.Kind, for audience: Report.Audience) -> String {
        words("report.audience", ["audience": .text(audience.rawValue), "title": .text(title(kind))])
    }

    func days(_ period: ReportPeriod) -> String {
        "\(locale.shown(period.first)) – \(locale.shown(period.last))"
    }

    func shown(_ value: Double, _ unit: String?) -> String {
        let number = locale.shown((value * 100).rounded() / 100)
        return unit.map { "\(number) \($0)" } ?? number
    }

    /// `+12 %`
    func shown(change: Double) -> String { "\(change > 0 ? "+" : "")\(locale.shown(change)) %" }

    /// A name as a service writes it, for people: `google_ads` is `Google Ads`.
    static func readable(_ name: String) -> String {
        name.split(whereSeparator: { $0 == "_" || $0 == "-" || $0 == "." })
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }

    // MARK: Sentences

    func work(_ tasks: Int, _ approved: Int, _ period: ReportPeriod) -> String {
        words(
            "report.work",
            [
                "from": .text(locale.shown(period.first)), "to": .text(locale.shown(period.last)),
                "tasks": .number(tasks), "approved": .number(approved),
            ])
    }

    func waiting(_ count: Int) -> String? {
        count == 0 ? nil : words("report.waiting", ["count": .number(count)])
    }

    func moved(_ figure: ReportMetric, _ change: Double) -> String {
        let name = Wording.Value.text("\(figure.source): \(figure.label)")
        let value = Wording.Value.text(shown(figure.value, figure.unit))
        if change == 0 { return words("report.stayed", ["figure": name, "value": value]) }
        let percent = Wording.Value.text("\(locale.shown(abs(change))) %")
        return change > 0
            ? words("report.rose", ["figure": name, "percent": percent, "value": value])
            : words("report.fell", ["figure": name, "percent": percent, "value": value])
    }
}
