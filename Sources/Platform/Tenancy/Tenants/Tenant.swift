internal import Agents
package import Database
internal import HTTPServer
package import JSON
package import Jobs
internal import Nouns
package import Records
internal import Telemetry

/// An agency: whose data a row is. Its own row carries its id as the tenant's, too.
package struct Tenant: ManagedRecord {
    package enum Status: String, Choice { case active, suspended }
    /// Whether mails say that an agent of software wrote them.
    package enum Disclosure: String, Choice { case auto, always, never }

    package var head = Head<Tenant>()
    package var name = ""
    package var slug = ""
    package var timeZone = "UTC"
    package var currency = "USD"
    package var country: String?
    package var status = Status.active
    package var allowedOrigins: [String] = []
    package var allowedAddresses: [String] = []
    package var requestsPerMinute: Int?
    /// The agency that a sandbox belongs to.
    package var sandboxOf: String?
    package var locale = "en"
    package var postalAddress: String?
    package var sender: Sender?
    package var quietHours: DayWindow? = DayWindow()
    package var businessHours: BusinessHours?
    package var bookingURL: String?
    package var overviewURL: String?
    package var brand: Brand?
    package var portalHost: String?
    package var sending: SendingLimits?
    package var tracking: Tracking?
    package var billing: Billing?
    package var consentRules: JSONObject = [:]
    package var disclosure = Disclosure.auto
    package var retention: StoragePeriods?
    package var frequencyCaps = Parts(FrequencyCap.standard)

    package init() {}

    package static let idPrefix = "tenant"
    package static let resource = Resource<Tenant>(
        "tenants", named: "Tenant", rule: .everyone,
        [
            .text(
                "name", \.name, max: 200, .required, .line, .about("The agency's name."),
                .example("Northwind")),
            .text("slug", \.slug, max: 80, .readOnly, .about("The name in addresses and at sign-in.")),
            .timeZone(
                "time_zone", \.timeZone,
                .standard(
                    "UTC"), .about("The agency's time zone, which schedules and quiet hours follow.")),
            .currency("currency", \.currency, .standard("USD"), .about("The currency of plain figures.")),
            .country(
                "country", \.country,
                .about(
                    "The agency's country, in which telephone numbers without a country code are read.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the agency is active or suspended.")),
            .texts(
                "allowed_origins", \.allowedOrigins, .about("Web origins whose scripts may call the API.")),
            .texts(
                "allowed_addresses", \.allowedAddresses,
                .about("Addresses and ranges its users may come from; none: any.")),
            .integer("requests_per_minute", \.requestsPerMinute, in: 1...100_000_000, .readOnly),
            .text(
                "sandbox_of", \.sandboxOf, max: 64, .readOnly,
                .about("For a sandbox: the agency that it belongs to.")),
            .text(
                "locale", \.locale, max: 35, .standard("en"),
                .about(
                    "The language of people who have none of their own, as a BCP 47 tag."),
                .example(
                    "en-US")),
            .text(
                "postal_address", \.postalAddress, max: 500,
                .about("The postal address at the end of every mail; without it, no mail is sent."),
                .example("1 Example Street, 12345 Exampletown")),
            .part("sender", \.sender, .about("The sender of mails.")),
            .part(
                "quiet_hours", \.quietHours,
                .about("The hours in which nothing is sent, in the recipient's time zone; null: none.")),
            .part(
                "business_hours", \.businessHours, .about("The business hours, in the agency's time zone.")),
            .link("booking_url", \.bookingURL, .about("The page on which prospects book a call.")),
            .link(
                "overview_url", \.overviewURL, .added(in: 1048),
                .about("The page or film that shows in two minutes what the agency does.")),
            .part("brand", \.brand, .about("How mails, pages and documents look.")),
            .text(
                "portal_host", \.portalHost, max: 253,
                .about("The host name under which clients reach their portal."),
                .example("clients.agency.example")),
            .part("sending", \.sending, .about("The limits of outgoing mail.")),
            .part("tracking", \.tracking, .about("The tracking of mails; none by default.")),
            .part("billing", \.billing, .about("The texts and terms of invoices.")),
            .document(
                "consent_rules", \.consentRules,
                schema: [
                    "type": "object",
                    "additionalProperties": ["type": "string", "enum": ["consent", "legitimate_interest"]],
                ],
                .about(
                    "Whether business addresses need consent, by country; other countries follow docs/law.md."
                )),
            .choice(
                "ai_disclosure", \.disclosure, .standard("auto"),
                .about("Whether mails say that software wrote them; auto: where the law asks for it.")),
            .part("retention", \.retention, .about("How long messages and other data are kept, in days.")),
            .parts(
                "frequency_caps", \.frequencyCaps, max: 20, .added(in: 952),
                .about(
                    "How often one person is written to at most; the daily cap is sending.per_contact_per_day, too."
                )),
        ])

    package var tenantID: TenantID { TenantID(rawValue: id.keyText) }
    package var subject: Subject { Subject(type: "tenant", id: id) }
    /// The rules of its time zone; of one that is not known any more, UTC's.
    package var zone: TimeZoneRules { TimeZoneRules(named: timeZone) ?? .utc }

    package mutating func prepare(replacing old: Tenant?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (index, origin) in allowedOrigins.enumerated() where !Self.isOrigin(origin) {
            faults.add(
                "/allowed_origins/\(index)", "invalid_url", "Each origin must be written as https://host.")
        }
        for (index, address) in allowedAddresses.enumerated() where AddressRange(address) == nil {
            faults.add(
                "/allowed_addresses/\(index)", "invalid_address",
                "Each address must be an IP address or range, such as 203.0.113.7 or 203.0.113.0/24.")
        }
        for (country, rule) in consentRules.members {
            let place = "/consent_rules/\(country.pointerToken)"
            if Country(country) == nil {
                faults.add(place, "invalid_country", "Each key must be an ISO 3166 country code, such as DE.")
            }
            if !["consent", "legitimate_interest"].contains(rule.text) {
                faults.add(
                    place, "invalid_choice", "Each value must be consent or legitimate_interest.",
                    choices: ["consent", "legitimate_interest"])
            }
        }
        portalHost = portalHost?.lowercased()
        if let host = portalHost, host != old?.portalHost {
            // An address has no name at its end.
            let isName =
                host.contains(".") && host.first != "." && host.last != "."
                && host.split(separator: ".").last?.contains { $0.isLetter } == true
                && host.utf8.allSatisfy {
                    (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
                }
            if !isName {
                faults.add(
                    "/portal_host", "invalid_host",
                    "portal_host must be a host name, such as portal.example.com.")
            }
        }
        if let tag = LocaleTag(locale) {
            locale = tag.description
        } else {
            faults.add("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
        }
        faults.add(contentsOf: capFaults)
        try faults.throwIfAny()
        settleCaps(replacing: old)
    }

    private static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && ["https:", "http:"].contains(parts[0]) && parts[1].isEmpty
            && !parts[2].isEmpty
    }

    /// `Müller & Söhne` becomes `muller-sohne`.
    package static func slug(of name: String) -> String {
        let words = TextFolding.fold(name).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = words.joined(separator: "-").prefix(60)
        return slug.isEmpty ? "agency" : String(slug)
    }
}

/// Functions over tenants as a whole: the few that a tenant's own scope cannot serve.
extension SystemTransaction {
    /// Creates an agency under a free slug.
    package func acrossTenantsCreate(_ tenant: inout Tenant, by actor: Actor) throws -> Transaction {
        let wanted = Tenant.slug(of: tenant.name)
        tenant.slug = wanted
        var number = 1
        while try exists("SELECT 1 FROM tenants WHERE slug = \(tenant.slug)") {
            number += 1
            tenant.slug = "\(wanted)-\(number)"
        }
        let tx = scoped(to: tenant.tenantID)
        try tx.create(&tenant, by: actor)
        return tx
    }
}

extension AgencyStore {
    /// The tenant whose scope this is.
    package func tenant() throws -> Tenant {
        guard let id = ID<Tenant>(tx.tenant.rawValue) else { throw Problem(.notFound) }
        return try Tenant.resource.get(id, in: tx)
    }

    /// The name of its time zone, which is asked for far more often than all the rest of it.
    package func timeZone() throws -> String {
        guard let name = try tx.first(readTimeZone, [tx.tenant.sqlValue], { $0.text(0) }) else {
            throw Problem(.notFound)
        }
        return name
    }

    /// The tag of its language, for which lists ask each time.
    func locale() throws -> String {
        guard let tag = try tx.first(readLocale, [tx.tenant.sqlValue], { $0.text(0) }) else {
            throw Problem(.notFound)
        }
        return tag
    }

    /// Returns how long it keeps messages and other data, which each step of a sandbox's clock asks for.
    package func retention() throws -> StoragePeriods {
        try tx.first(readRetention, [tx.tenant.sqlValue]) { row in
            row.isNull(0) ? StoragePeriods() : StoragePeriods(row: row, column: 0)
        } ?? StoragePeriods()
    }

    /// Returns the rules of its time zone; of a zone or a tenant that is not known any more, UTC's.
    package func zone() throws -> TimeZoneRules {
        try tx.first(readTimeZone, [tx.tenant.sqlValue], { $0.text(0) }).flatMap { TimeZoneRules(named: $0) }
            ?? .utc
    }
}

private let readTimeZone = Statement("SELECT time_zone FROM tenants WHERE tenant_id = $1 AND id = $1")
private let readLocale = Statement("SELECT locale FROM tenants WHERE tenant_id = $1 AND id = $1")
private let readRetention = Statement("SELECT retention FROM tenants WHERE tenant_id = $1 AND id = $1")
