package import Wording

/// The message of the booking bridge to somebody who has waited too long: an apology, and a call with a specialist.
package struct BookingMessage: Sendable {
    package var name: String?
    package var company: String?
    /// The customer's request, in their own words.
    package var request: String?
    package var minutesWaited: Int
    package var url: String
    package let words: Wording

    package init(
        name: String?, company: String? = nil, request: String? = nil, minutesWaited: Int, url: String,
        words: Wording
    ) {
        (self.name, self.company, self.request) = (name, company, request)
        (self.minutesWaited, self.url, self.words) = (minutesWaited, url, words)
    }

    private static let requestMax = 160

    package var text: String {
        let whom = name.flatMap { $0.split(separator: " ").first }.map(String.init)
        let asked = asked
        return words(
            "booking.message",
            [
                "has_name": .flag(whom != nil), "name": .text(whom ?? ""), "minutes": .number(minutesWaited),
                "has_request": .flag(asked != nil), "request": .text(asked ?? ""), "url": .text(url),
                "has_company": .flag(company != nil), "company": .text(company ?? ""),
            ])
    }

    private var asked: String? {
        guard let words = request?.split(whereSeparator: \.isWhitespace).joined(separator: " "),
            !words.isEmpty
        else { return nil }
        return words.count <= Self.requestMax ? words : words.prefix(Self.requestMax - 1) + "…"
    }
}
