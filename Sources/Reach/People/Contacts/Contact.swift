internal import Agents
package import Database
package import JSON
package import Nouns
package import Records
package import Telemetry
internal import Transfer

/// A person: the one to whom every channel of theirs belongs.
package struct Contact: ManagedRecord {
    package var head = Head<Nouns.Contact>()
    package var name = ""
    package var title: String?
    package var email: String?
    package var phone: String?
    package var country: String?
    package var linkedinURL: String?
    package var companyID: ID<Company>?
    package var tags: [String] = []
    package var notes: String?
    package var custom: JSONObject = [:]
    package var externalIDs: JSONObject = [:]
    package var clientID: ClientID?
    package var location: String?
    package var timeZone: String?
    package var locale: String?
    package var doNotContact = false
    package var contactAfter: Instant?
    /// Whether mail to the address arrives, as far as that was checked.
    package var emailStatus: Deliverability?
    /// Whether the person was drawn to get nothing that keeps in touch, as others are compared with them; `nil` until
    /// that was drawn.
    package var heldOut: Bool?

    package init() {}

    package static let resource = Resource<Contact>(
        "contacts", named: "Contact",
        personal: .person(own: [
            "id", "name", "title", "email", "phone", "country", "location", "locale", "time_zone",
            "created_at",
        ]),
        console: ConsoleForm(
            columns: ["title", "email", "phone", "company_id", "created_at"],
            form: ["name", "email", "phone", "title", "company_id", "tags", "notes"],
            filters: ["do_not_contact"]),
        [
            .text(
                "name", \.name, max: 320, .required, .personal, .sortable, .searchable,
                .example("Jane Example"), .about("The full name of the person.")),
            .text("title", \.title, max: 200, .erased, .searchable, .about("The job title of the person.")),
            .email("email", \.email, .personal, .filterable, .searchable, .example("jane@example.com")),
            .phone("phone", \.phone, countryField: "country", .personal, .filterable),
            .country("country", \.country, .filterable),
            .url("linkedin_url", \.linkedinURL, .erased),
            .id("company_id", \.companyID, .filterable, .about("The company that the person works for.")),
            .texts("tags", \.tags, max: 100, length: 100, .erased, .filterable, .searchable),
            .text("notes", \.notes, max: 20_000, .personal, .searchable),
            .custom("custom", \.custom, .erased, .filterable),
            .externalIDs("external_ids", \.externalIDs, .erased, .filterable),
            .id("client_id", \.clientID, .filterable),
            .text("location", \.location, max: 300, .erased, .searchable, .example("Austin, TX")),
            .timeZone(
                "time_zone", \.timeZone,
                .about("The time zone; by default that of the location and country.")),
            .text("locale", \.locale, max: 35, .about("The language to write in; BCP 47."), .example("de")),
            .boolean(
                "do_not_contact", \.doNotContact, .filterable,
                .about("Whether the contact gets no marketing over any channel.")),
            .instant(
                "contact_after", \.contactAfter,
                .about(
                    "The day before which the contact is not written to first.")),
            .choice(
                "email_status", \.emailStatus, .readOnly, .filterable, .added(in: 856),
                .about("Whether mail to the address arrives; null until the address is checked.")),
            .boolean(
                "held_out", \.heldOut, .readOnly, .filterable, .added(in: 954),
                .about("Whether the contact was drawn to get no nurture, for comparison; null until then.")),
        ])

    /// Returns the person's address on a channel.
    package func address(on channel: Channel) -> String? {
        switch channel {
        case .email: email
        case .whatsapp, .sms: phone
        default: nil
        }
    }

    /// The zone that the person lives in; `fallback` (the agency's) where nothing tells.
    package func zone(_ fallback: TimeZoneRules) -> TimeZoneRules {
        timeZone.flatMap { TimeZoneRules(named: $0) }
            ?? PlaceZone.zone(country: country, location: location, fallback: fallback)
    }

    package mutating func prepare(replacing old: Contact?, by actor: Actor, in tx: Transaction) throws {
        if let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
        if let old, old.email != email { emailStatus = nil }
        if old?.custom != custom { try tx.customFields.declare(custom, for: .contact, by: actor) }
    }

    package func saved(replacing old: Contact?, by actor: Actor, in tx: Transaction) throws {
        if old?.externalIDs != externalIDs {
            try tx.contacts.indexExternalIDs(of: subject, from: old?.externalIDs ?? [:], to: externalIDs)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.duplicates.forgetMatches(of: self)
        try tx.preferences.forget(id)
        try tx.contacts.indexExternalIDs(of: subject, from: externalIDs, to: [:])
    }

    /// Keeps whoever is erased from being written to again.
    package mutating func erased(replacing old: Contact, in tx: Transaction) throws {
        doNotContact = true
        try tx.duplicates.forgetMatches(of: old)
        try tx.imports.forget(id)
    }
}
