internal import Telemetry
package import Templates
package import Wording

/// The words of pages and documents, and how their readers write money and days. In a language that there are no words
/// in these are English, with the reader's own numbers.
package struct SellingCopy: Sendable {
    package let locale: TextLocale
    private let words: Wording

    package init(_ words: Wording) {
        self.words = words
        locale = TextLocale(words.asked)
    }

    package func callAsFunction(_ key: String, _ values: [String: Wording.Value] = [:]) -> String {
        words(key, values)
    }

    /// The language that the words are in.
    package var language: String { words.tag }

    var perMonth: String { words("price.per_month") }
    var once: String { words("price.once") }
    var pageFormat: String { words.pageFormat }
    func limits(of agent: String) -> [String] { words.limits(of: agent) }
}
