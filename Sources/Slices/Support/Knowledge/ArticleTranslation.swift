internal import Database
internal import JSON
internal import Nouns
internal import Records

extension Article {
    /// All translations name the original, so that each finds all others; a language is there once.
    mutating func checkTranslation(replacing old: Article?, in tx: Transaction) throws {
        guard let named = translationOf else { return }
        guard old?.translationOf != named || old?.locale != locale else { return }
        guard let other = try Self.resource.find(named, in: tx) else { return }
        let root = other.translationOf ?? other.id
        guard root != id else {
            throw Problem(faults: [
                Fault(
                    "/translation_of", "conflict",
                    "An article cannot be a translation of itself, or of its own translation: choose another article."
                )
            ])
        }
        translationOf = root
        let family = try Self.resource.all(
            where: "(id = \(root) OR translation_of = \(root) OR translation_of = \(id)) AND id <> \(id)",
            suffix: "ORDER BY id LIMIT 100", in: tx)
        if family.contains(where: { $0.translationOf == id }) {
            throw Problem(faults: [
                Fault(
                    "/translation_of", "conflict",
                    "The article has translations of its own: change these first.")
            ])
        }
        if let locale, family.contains(where: { $0.locale == locale }) {
            throw Problem(faults: [
                Fault(
                    "/locale", "conflict",
                    "The article is there in \(locale) already: choose another language.")
            ])
        }
    }
}
