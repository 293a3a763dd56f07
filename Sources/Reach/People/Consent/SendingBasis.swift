package import Database
package import JSON
internal import Records
package import Tenancy

/// The lawful basis for writing to a contact, and the rule that requires it.
package struct SendingBasis {
    /// The latest consent that was recorded for the purpose.
    package let consent: Consent?
    /// The basis required where no consent is recorded; `nil` unless the purpose is marketing, which alone needs one.
    package let rule: ConsentRule?
    package let country: String?
    /// Whether the rule is the agency's own (`consent_rules`), and not the table of docs/law.md.
    package let isOwn: Bool

    package init(
        _ contact: Contact, _ channel: Channel, _ purpose: Purpose, of tenant: Tenant,
        in reader: some Queryable
    ) throws {
        let last = try reader.consents.find(of: contact.id, channel, for: purpose)
        self.init(contact, channel, purpose, of: tenant, last: last)
    }

    /// Judges by the contact's last word, which has been looked up.
    package init(
        _ contact: Contact, _ channel: Channel, _ purpose: Purpose, of tenant: Tenant, last: Consent?
    ) {
        consent = last
        country = contact.country
        // Laws ask for consent before advertising by text message, whoever has the number (docs/law.md).
        guard channel != .sms else {
            (isOwn, rule) = (false, purpose == .marketing ? .consent : nil)
            return
        }
        let own = country.flatMap { tenant.consentRules[$0]?.text }
            .flatMap(ConsentRule.init(rawValue:))
        isOwn = own != nil
        rule = purpose == .marketing ? own ?? .standard(in: country) : nil
    }

    package var json: JSON {
        [
            "needs": JSON(rule?.rawValue), "country": JSON(country),
            "rule": rule == nil ? .null : isOwn ? "agency" : "standard",
            "consent_id": JSON(consent?.id), "status": JSON(consent?.status.rawValue),
            "lawful_basis": JSON(consent?.basis.rawValue),
        ]
    }

    package static let jsonSchema: JSON = {
        func text(_ choices: JSON? = nil) -> JSON {
            var schema: JSONObject = ["type": ["string", "null"]]
            if let choices { schema.append("enum", choices) }
            return .object(schema)
        }
        return [
            "type": "object",
            "properties": [
                "needs": text(["consent", "legitimate_interest", nil]), "country": text(),
                "rule": text(["agency", "standard", nil]), "consent_id": text(), "status": text(),
                "lawful_basis": text(),
            ],
        ]
    }()
}
