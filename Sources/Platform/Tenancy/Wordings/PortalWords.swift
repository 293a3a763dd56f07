internal import Database
package import JSON
internal import Records
internal import Wording

/// The texts of the portal's pages, which their scripts know by the English that stands there. An agency says them
/// otherwise like any others, by a key: `portal.text.Due {day}`, or `portal.code.blocked` for a state.
package struct PortalWords: Sendable {
    static let prefix = "portal."
    private static let textPrefix = prefix + "text.", codePrefix = prefix + "code."

    /// By language, each `{texts, codes, …}`.
    private let catalogues: [String: JSON]
    /// The English of each text, by its key.
    let standard: [String: String]

    /// Takes the catalogues of the pages, by their languages.
    package init(_ catalogues: [String: JSON] = [:]) {
        self.catalogues = catalogues
        var standard: [String: String] = [:]
        for catalogue in catalogues.values {
            for text in catalogue["texts"]?.object?.keys ?? [] { standard[Self.textPrefix + text] = text }
        }
        for (code, name) in catalogues[Catalogue.standard.language]?["codes"]?.object?.members ?? [] {
            standard[Self.codePrefix + code] = name.text
        }
        self.standard = standard
    }

    /// Returns the text of a key in a language; `nil` where the pages have none in it.
    func find(_ key: String, in language: String) -> String? {
        Self.place(of: key).flatMap { part, name in catalogues[language]?[part]?[name]?.text }
    }

    private static func place(of key: String) -> (part: String, name: String)? {
        for (part, prefix) in [("texts", textPrefix), ("codes", codePrefix)] where key.hasPrefix(prefix) {
            return (part, String(key.dropFirst(prefix.count)))
        }
        return nil
    }

    /// Returns texts by their keys in the form of a catalogue.
    static func catalogue(_ own: [(key: String, text: String)]) -> JSONObject {
        var parts: [String: JSONObject] = ["texts": [:], "codes": [:]]
        for (key, text) in own {
            guard let (part, name) = place(of: key) else { continue }
            parts[part]?[name] = .string(text)
        }
        return JSONObject(parts.sorted { $0.key < $1.key }.map { ($0.key, .object($0.value)) })
    }

    /// The names of the places for values, which the pages fill in: they know nothing of plurals.
    static func places(in text: String) -> [String] {
        Set(text.matches(of: /\{(\w+)\}/).map { String($0.1) }).sorted()
    }

    /// Returns what keeps a text from standing where another does; `nil`: nothing.
    static func fault(of text: String, inPlaceOf standard: String) -> String? {
        let (found, needed) = (places(in: text), places(in: standard))
        if let name = needed.first(where: { !found.contains($0) }) { return "{\(name)} is missing" }
        if let name = found.first(where: { !needed.contains($0) }) {
            return "there is no value for {\(name)}"
        }
        let rest = text.replacing(/\{\w+\}/, with: "")
        return rest.contains { "{}".contains($0) } ? "pages of the portal take no plurals and choices" : nil
    }
}

extension WordingStore {
    /// Returns the agency's own texts of the portal's pages in a language, by their keys.
    func portal(in language: String) throws -> [(key: String, text: String)] {
        try tx.all(
            """
            SELECT key, text FROM wordings
            WHERE tenant_id = \(tx.tenant) AND language = \(language) AND key LIKE 'portal.%' ORDER BY key
            """
        ) { ($0.text(0), $0.text(1)) }
    }

    /// Returns the languages in which the agency has own texts of the portal's pages.
    func portalLanguages() throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT language FROM wordings
            WHERE tenant_id = \(tx.tenant) AND key LIKE 'portal.%' ORDER BY language
            """
        ) { $0.text(0) }
    }
}
