package import Database
package import JSON
package import People

/// Evidence of what a text may claim only where there is a record: a success with somebody like its reader, or news.
/// Modules offer it; a text that names what nobody can show for its reader is not sent (`no_evidence`).
package protocol TextEvidence: Sendable {
    /// The name by which templates call it: one of `TemplateValues.evidence`.
    var name: String { get }
    /// Returns what there is for a reader, as templates use it, and as `source` the record that it rests on, where that
    /// may be told no longer one day; `nil` where there is nothing.
    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON?
}

extension TemplateValues {
    /// The names of evidence: a success with somebody of the reader's industry, what is new, how the reader's own
    /// campaign stands, an offer that is valid, a free tool or resource, the season as the calendar has it, and what
    /// was written of the market.
    package static let evidence: Set<String> = [
        "similar", "news", "campaign", "offer", "resource", "season", "insights",
    ]

    /// Returns the evidence among the names that occur in a text.
    package static func evidence(in named: Set<String>) -> Set<String> {
        evidence.filter { name in
            named.contains { $0 == name || $0.hasPrefix(name + ".") || $0.hasPrefix(name + "[") }
        }
    }

    /// Returns the evidence among the names that occur in a text, but for what the text itself asks for: it says what
    /// holds without.
    static func evidence(in named: Set<String>, asking text: String) -> Set<String> {
        let needed = evidence(in: named)
        guard !needed.isEmpty else { return [] }
        let asked = text.matches(of: /\{%-?\s*(?:if|elsif|unless)\s+(\w+)\s*-?%\}/).map { String($0.1) }
        return needed.subtracting(asked)
    }
}
