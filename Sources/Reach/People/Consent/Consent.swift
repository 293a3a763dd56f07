internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Records whether a person may be written to for a purpose, or their data used for one, and how that is known: one
/// row of `consents`.
package struct Consent: ManagedRecord {
    package enum Status: String, Choice { case granted, withdrawn }
    package enum Basis: String, Choice {
        case consent
        case legitimateInterest = "legitimate_interest"
        case contract
    }

    package var head = Head<Consent>()
    package var contactID: ContactID?
    /// The channel; `nil` where the consent is not about being written to.
    package var channel: Channel?
    package var purpose = ConsentPurpose.marketing
    package var status = Status.granted
    package var basis = Basis.consent
    package var source = ""
    package var evidence: String?
    package var givenAt: Instant?
    package var clientID: ClientID?

    package init() {}

    package static let idPrefix = "cons", noun = "consent"
    package static let resource = Resource<Consent>(
        "consents", named: "Consent",
        rule: .first(of: [
            .client(), .parent("contact_id", of: "contacts"),
        ]),
        personal: .kept(
            "consents", because: "Consents prove that writing was permitted (GDPR art. 7(1)).",
            own: [
                "id", "contact_id", "channel", "purpose", "status", "lawful_basis", "source", "evidence",
                "given_at", "client_id", "version", "created_at", "updated_at",
            ]),
        [
            .id(
                "contact_id", \.contactID, .required, .writeOnce, .filterable,
                .about("The contact who gave or withdrew consent.")),
            .choice(
                "channel", \.channel, .writeOnce, .filterable,
                .about(
                    "The channel, email where none is named; null for purposes other than being written to.")),
            .choice(
                "purpose", \.purpose, .standard("marketing"), .writeOnce, .filterable,
                .about(
                    "The purpose: being written to, or having data collected, enriched, or used for profiling or advertisements."
                )),
            .choice(
                "status", \.status, .standard("granted"), .filterable,
                .about("Whether consent was given or withdrawn.")),
            .choice("lawful_basis", \.basis, .standard("consent"), .filterable),
            .text(
                "source", \.source, max: 200, .required, .about("The place where consent was given."),
                .example("newsletter form")),
            .text(
                "evidence", \.evidence, max: 2000,
                .about("The proof: the words that were agreed to, an address, a document.")),
            .instant("given_at", \.givenAt, .about("When consent was given or withdrawn; now by default.")),
            .id("client_id", \.clientID, .filterable),
        ])

    package mutating func prepare(replacing old: Consent?, by actor: Actor, in tx: Transaction) throws {
        if givenAt == nil { givenAt = tx.now }
        if purpose.isSending {
            channel = channel ?? .email
        } else if channel != nil {
            throw Problem(faults: [
                Fault("/channel", "conflict", "\(purpose.rawValue) has no channel: leave channel out.")
            ])
        }
    }

    /// A consent that is given anew ends what an unsubscribing had begun; nothing else does.
    package func saved(replacing old: Consent?, by actor: Actor, in tx: Transaction) throws {
        guard status == .granted, basis == .consent, purpose == .marketing, let contactID, let channel,
            let contact = try Contact.resource.find(contactID, in: tx),
            let address = contact.address(on: channel)
        else { return }
        for suppression in try tx.consents.suppressions(of: address, channel, for: .marketing)
        where suppression.reason == .unsubscribe && suppression.createdAt <= givenAt ?? tx.now {
            try tx.delete(suppression, by: actor)
        }
    }
}

extension ConsentStore {
    /// The last word about a purpose.
    package func find(
        of contact: ContactID, _ channel: Channel, for purpose: Purpose
    ) throws -> Consent? {
        try Consent.resource.first(
            where: words([contact], channel, purpose), suffix: Self.lastFirst + " LIMIT 1", in: tx)
    }

    /// Returns the last word of each of some contacts about a purpose, of those who have said any.
    package func find(
        of contacts: [ContactID], _ channel: Channel, for purpose: Purpose
    ) throws -> [ContactID: Consent] {
        let words = try Consent.resource.all(
            where: words(contacts, channel, purpose), suffix: Self.lastFirst, in: tx)
        return Dictionary(words.compactMap { word in word.contactID.map { ($0, word) } }) { last, _ in last }
    }

    private static var lastFirst: SQL { "ORDER BY given_at DESC, id DESC" }

    private func words(_ contacts: [ContactID], _ channel: Channel, _ purpose: Purpose) -> SQL {
        """
        contact_id IN \(list: contacts) AND channel = \(channel.rawValue)
            AND purpose = \(ConsentPurpose(purpose).rawValue)
        """
    }
}

extension ConsentStore {
    /// Returns the time when an unsolicited message may reach the contact: now, or the end of their quiet hours.
    package func daytime(of contact: Contact) throws -> Instant {
        let tenant = try tx.agency.tenant(), own = TimeZoneRules(named: tenant.timeZone) ?? .utc
        return tenant.quietHours.map { $0.end(around: tx.now, in: contact.zone(own)) } ?? tx.now
    }

    /// Returns whether somebody wants nothing that they have not asked for: by what they said, or for now.
    package func isLeftAlone(_ contact: Contact, on channel: Channel) throws -> Bool {
        guard !contact.doNotContact, let address = contact.address(on: channel) else { return true }
        if let after = contact.contactAfter, after > tx.now { return true }
        if try find(of: contact.id, channel, for: .marketing)?.status == .withdrawn { return true }
        return try !suppressions(of: address, channel, for: .marketing).isEmpty
    }
}

/// Whether business addresses of a country need consent before marketing, where the agency has decided nothing
/// else: they do where the law asks companies, too (docs/law.md has the sources).
package enum ConsentRule: String, Sendable {
    case consent
    case legitimateInterest = "legitimate_interest"

    private static let consentFirst: Set<String> = [
        "AT", "BG", "CY", "CZ", "DE", "DK", "ES", "GR", "IT", "LT", "LU", "MT", "PL", "RO", "SI", "SK", "TR",
    ]

    package static func standard(in country: String?) -> ConsentRule {
        consentFirst.contains(country ?? "") ? .consent : .legitimateInterest
    }
}
