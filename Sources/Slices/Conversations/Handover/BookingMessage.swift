/// What the booking bridge writes to somebody who has waited too long: an apology, and a call with a specialist.
package struct BookingMessage: Sendable {
    package var name: String?
    package var company: String?
    /// What they had asked for, in their own words.
    package var request: String?
    package var minutesWaited: Int
    package var url: String
    package var language: String

    package init(
        name: String?, company: String? = nil, request: String? = nil, minutesWaited: Int, url: String,
        language: String = "en"
    ) {
        (self.name, self.company, self.request) = (name, company, request)
        (self.minutesWaited, self.url, self.language) = (minutesWaited, url, language)
    }

    private static let requestMax = 160

    package var text: String { language.hasPrefix("de") ? german : english }

    private var asked: String? {
        guard let words = request?.split(whereSeparator: \.isWhitespace).joined(separator: " "),
            !words.isEmpty
        else { return nil }
        return words.count <= Self.requestMax ? words : words.prefix(Self.requestMax - 1) + "…"
    }

    private var english: String {
        let whom = name.flatMap { $0.split(separator: " ").first }.map(String.init) ?? "there"
        let waited = minutesWaited > 0 ? " for \(minutesWaited) minutes" : ""
        let about = asked.map { " You asked: “\($0)”." } ?? ""
        let team = company.map { " for \($0)" } ?? ""
        return """
            Hi \(whom), we are sorry that you have been waiting\(waited): all our specialists are busy at the \
            moment.\(about)

            You need not wait any longer. Book a guaranteed 15-minute call with a senior specialist:
            \(url)

            What you get\(team):
            - direct technical expertise
            - a custom solution recommendation
            - planning of the implementation timeline
            - priority access to the development team
            """
    }

    private var german: String {
        let whom = name.map { " \($0)" } ?? ""
        let waited = minutesWaited > 0 ? " schon \(minutesWaited) Minuten" : ""
        let about = asked.map { " Ihre Frage war: „\($0)“." } ?? ""
        let team = company.map { " für \($0)" } ?? ""
        return """
            Guten Tag\(whom), es tut uns leid, dass Sie\(waited) warten: Alle unsere Fachleute sind gerade im \
            Gespräch.\(about)

            Sie müssen nicht länger warten. Buchen Sie ein garantiertes Gespräch von 15 Minuten mit jemandem, der \
            sich auskennt:
            \(url)

            Das bekommen Sie\(team):
            - unmittelbaren technischen Rat
            - eine Empfehlung für Ihren Fall
            - eine Planung der Umsetzung
            - bevorzugten Zugang zur Entwicklung
            """
    }
}
