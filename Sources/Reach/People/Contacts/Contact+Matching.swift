package import Database
package import Intelligence
internal import JSON
internal import Nouns
internal import Records
package import Transfer

extension Contact: Matchable {
    package static func matchProfiles(
        of contacts: [Contact], in reader: some Queryable
    ) throws -> [MatchProfile?] {
        let firms = try reader.contacts.matchFirms(Set(contacts.compactMap(\.companyID)))
        return contacts.map { contact in
            var profile = MatchProfile(.person)
            // An address or a number stands in for a name that is not known.
            if contact.name != contact.email, contact.name != contact.phone {
                profile.person = PersonName.key(contact.name)
            }
            profile.take(email: contact.email)
            let firm = contact.companyID.flatMap { firms[$0] }
            profile.take(firm: firm?.name, website: firm?.website, email: contact.email)
            profile.phones = Set([contact.phone].compactMap(\.self))
            profile.link = contact.linkedinURL ?? ""
            profile.take(place: contact.location)
            profile.custom = contact.custom.matchTexts
            return profile
        }
    }

    /// Has the contacts' companies compared again, since a company is also matched by its people's numbers.
    package static func compared(_ contacts: [Contact], in tx: Transaction) throws {
        let firms = Set(contacts.compactMap(\.companyID))
        guard !firms.isEmpty else { return }
        try tx.run(
            "UPDATE companies SET matched_version = 0 WHERE tenant_id = \(tx.tenant) AND id IN \(list: firms)"
        )
    }
}

extension Company: Matchable {
    package static var comparedFirst: (any Matchable.Type)? { Contact.self }

    package static func matchProfiles(
        of companies: [Company], in reader: some Queryable
    ) throws -> [MatchProfile?] {
        var phones: [ID<Company>: Set<String>] = [:]
        try reader.each(
            """
            SELECT company_id, phone FROM contacts
            WHERE tenant_id = \(reader.tenant) AND company_id IN \(list: companies.map(\.id)) AND phone IS NOT NULL
            """
        ) { phones[ID($0, 0), default: []].insert($0.text(1)) }
        return companies.map { company in
            var profile = MatchProfile(.firm)
            profile.take(firm: company.name, website: company.website, email: nil)
            if profile.domain.isEmpty { profile.domain = company.domain ?? "" }
            profile.phones = phones[company.id] ?? []
            profile.take(place: company.location)
            profile.custom = company.custom.matchTexts
            return profile
        }
    }
}

extension ContactStore {
    /// Returns the names and websites of companies, by their ids.
    fileprivate func matchFirms(
        _ ids: Set<ID<Company>>
    ) throws -> [ID<Company>: (name: String, website: String?)] {
        guard !ids.isEmpty else { return [:] }
        var firms: [ID<Company>: (name: String, website: String?)] = [:]
        try tx.each(
            "SELECT id, name, website FROM companies WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids)"
        ) { row in
            if let id = row.id(0, of: Company.self) { firms[id] = (row.text(1), row.optionalText(2)) }
        }
        return firms
    }
}
