internal import Records
internal import Telemetry
package import Templates

/// The words of pages and documents, in English and German, and how their readers write money and days. Other
/// languages get English words with their own numbers.
package struct SellingWords: Sendable {
    package let locale: TextLocale
    private let isGerman: Bool

    package init(_ tag: String) {
        locale = TextLocale(tag)
        isGerman = tag.lowercased().prefix { $0 != "-" && $0 != "_" } == "de"
    }

    package func callAsFunction(_ english: String, _ german: String) -> String { isGerman ? german : english }

    /// The language that the words are in.
    package var language: String { isGerman ? locale.tag : locale.tag.hasPrefix("en") ? locale.tag : "en" }

    var perMonth: String { self("a month", "im Monat") }
    var once: String { self("once", "einmalig") }
}
