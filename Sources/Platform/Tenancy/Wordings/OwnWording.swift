internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
package import Wording

/// A sentence that an agency says otherwise than the product does, in one language: one row of `wordings`. The
/// language may be one that the product has no words in.
struct OwnWording: ManagedRecord {
    var head = Head<OwnWording>()
    var key = ""
    var language = ""
    var text = ""

    static let idPrefix = "wrd", noun = "wording"
    static let resource = Resource<OwnWording>(
        "wordings", named: "Wording", rule: .everyone,
        [
            .text(
                "key", \.key, max: 200, .required, .writeOnce, .filterable, .example("mail.greeting"),
                .about("The key of the text, as GET /v1/wordings/{language} lists it.")),
            .text(
                "language", \.language, max: 3, .required, .writeOnce, .filterable, .example("de"),
                .about("The language of the text, as an ISO 639 code.")),
            .text(
                "text", \.text, max: 10_000, .required, .example("Guten Tag,"),
                .about(
                    "The agency's words, as a pattern of ICU MessageFormat with the arguments of the standard text."
                )),
        ])

    /// Finds what keeps the words from being said where the standard ones are.
    func prepare(replacing old: OwnWording?, by actor: Actor, in tx: Transaction) throws {
        let portal = tx.runtime.answers(to: Deferred<PortalWords>.self)?.value.standard[key]
        guard let standard = Catalogue.sayable[key] ?? portal else { throw Problem(.notFound) }
        if text.trimmed.isEmpty {
            throw Problem(faults: [
                Fault(
                    "/text", "required", "text must not be blank: write the words, or delete the wording.")
            ])
        }
        do {
            if portal != nil {
                try checkPlaces(of: standard)
            } else {
                try checkArguments(of: standard)
                try checkLink()
            }
        } catch {
            throw Problem(faults: [
                Fault(
                    "/text", "invalid_placeholder",
                    "text cannot be used: \(error.reason). Write it with the arguments of the standard text."
                )
            ])
        }
    }

    private func checkPlaces(of standard: String) throws(MessagePattern.Fault) {
        if let reason = PortalWords.fault(of: text, inPlaceOf: standard) {
            throw MessagePattern.Fault(reason: reason)
        }
    }

    /// Mails about accounts have a link that lets in whoever has it.
    private func checkLink() throws(MessagePattern.Fault) {
        guard key.hasPrefix("account.") else { return }
        let link = "https://link.invalid/"
        let said = try MessagePattern(text, locale: language)
            .written(["agency": .text("agency"), "link": .text(link)])
        if !Wording.keeps(link, apartIn: said) {
            throw MessagePattern.Fault(reason: "<{link}> does not stand alone on its line")
        }
    }

    private func checkArguments(of standard: String) throws(MessagePattern.Fault) {
        let needed = try MessagePattern(standard, locale: "en").arguments
        let found = try MessagePattern(text, locale: language).arguments
        if let name = needed.keys.filter({ found[$0] == nil }).min() {
            throw MessagePattern.Fault(reason: "{\(name)} is missing")
        }
        if let name = found.keys.filter({ needed[$0] == nil }).min() {
            throw MessagePattern.Fault(reason: "there is no value for {\(name)}")
        }
        if let name = found.keys.filter({ !(needed[$0] ?? .any).allows(found[$0] ?? .any) }).min() {
            throw MessagePattern.Fault(reason: "{\(name)} is another kind of value")
        }
    }
}

extension Catalogue {
    /// The texts that an agency may word otherwise, in English: all but templates, of which it has its own
    /// (`/v1/templates`).
    static var sayable: [String: String] { standard.texts.filter { !$0.key.hasPrefix(templatePrefix) } }
}

extension MessagePattern.Kind {
    /// Returns whether a value that suits this use suits another, too: what is counted may also be written as
    /// it comes.
    fileprivate func allows(_ other: MessagePattern.Kind) -> Bool { other == self || other == .any }
}

extension WordingStore {
    /// Returns the words for a reader by their language tag, as the agency has them.
    package func find(_ tag: String?) throws -> Wording {
        let language = Wording.language(of: tag ?? "")
        let own = try tx.all(ownWords, [tx.tenant.sqlValue, language.sqlValue]) { ($0.text(0), $0.text(1)) }
        guard !own.isEmpty else { return Wording(tag) }
        return Wording(tag, overrides: Dictionary(own) { first, _ in first })
    }
}

private let ownWords = Statement(
    """
    SELECT key, text FROM wordings WHERE tenant_id = $1 AND language = $2 AND key NOT LIKE 'portal.%'
    """)

let wordingMigration = Migration(number: 249, name: "what an agency says otherwise") { dialect in
    [
        """
        CREATE TABLE wordings (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            key TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX wordings_language ON wordings (tenant_id, language, key)",
        "CREATE INDEX wordings_key ON wordings (tenant_id, key, id)",
    ]
}
