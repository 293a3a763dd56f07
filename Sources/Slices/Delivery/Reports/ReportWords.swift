internal import Records
internal import Telemetry
internal import Templates

/// The words of reports, in English and German, and how their readers write numbers and days.
struct ReportWords {
    let locale: TextLocale
    private let isGerman: Bool

    init(_ tag: String) {
        locale = TextLocale(tag)
        isGerman = tag.lowercased().prefix { $0 != "-" && $0 != "_" } == "de"
    }

    /// The language that the words are in.
    var language: String { isGerman ? locale.tag : locale.tag.hasPrefix("en") ? locale.tag : "en" }

    func callAsFunction(_ english: String, _ german: String) -> String { isGerman ? german : english }

    func title(_ kind: Report.Kind) -> String {
        switch kind {
        case .weekly: self("Weekly report", "Wochenbericht")
        case .monthly: self("Monthly report", "Monatsbericht")
        case .quarterly: self("Quarterly report", "Quartalsbericht")
        case .adhoc: self("Report", "Bericht")
        }
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
        let days = (locale.shown(period.first), locale.shown(period.last))
        let english = (
            tasks == 1 ? "one task was" : "\(tasks) tasks were",
            approved == 1 ? "one deliverable was" : "\(approved) deliverables were"
        )
        let german = (
            tasks == 1 ? "wurde eine Aufgabe" : "wurden \(tasks) Aufgaben",
            approved == 1 ? "ein Ergebnis" : "\(approved) Ergebnisse"
        )
        return self(
            "From \(days.0) to \(days.1), \(english.0) finished and \(english.1) approved.",
            "Vom \(days.0) bis \(days.1) \(german.0) erledigt und \(german.1) freigegeben.")
    }

    func waiting(_ count: Int) -> String? {
        if count == 0 { return nil }
        return self(
            count == 1
                ? "One deliverable waits for your approval."
                : "\(count) deliverables wait for your approval.",
            count == 1
                ? "Ein Ergebnis wartet auf Ihre Freigabe." : "\(count) Ergebnisse warten auf Ihre Freigabe.")
    }

    func moved(_ figure: ReportFigure, _ change: Double) -> String {
        let (name, value) = ("\(figure.source): \(figure.label)", shown(figure.value, figure.unit))
        let percent = "\(locale.shown(abs(change))) %"
        if change == 0 {
            return self("\(name) stayed at \(value).", "\(name) blieb bei \(value).")
        }
        return change > 0
            ? self(
                "\(name) rose by \(percent) to \(value), against the period before.",
                "\(name) ist gegenüber dem Zeitraum davor um \(percent) auf \(value) gestiegen.")
            : self(
                "\(name) fell by \(percent) to \(value), against the period before.",
                "\(name) ist gegenüber dem Zeitraum davor um \(percent) auf \(value) gefallen.")
    }
}
