internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records

extension Lead {
    /// The key by which services are asked about its company, once for all of its people.
    var serviceKey: String { companyKey ?? id.keyText }

    /// Ties a lead that can be reached to its person and its company, which are made when they are not
    /// known yet. People of one company share it. `lookUps`: what was asked before for many.
    mutating func link(
        replacing old: Lead?, in tx: Transaction, _ lookUps: ImportLookUps? = nil
    ) throws {
        if let old, old.email != email { emailStatus = nil }
        guard email != nil || phone != nil else { return }
        if companyID == nil || old?.companyKey != companyKey, let key = companyKey {
            companyID =
                try tx.leads.company(key: key, lookUps) ?? tx.leads.makeCompany(of: self, key: key, lookUps)
        }
        if contactID == nil || old?.email != email || old?.phone != phone {
            contactID = try tx.leads.contact(of: self, lookUps) ?? tx.leads.makeContact(of: self, lookUps)
        }
    }

    /// Whether `link` would tie it to a company or a contact that it is not tied to yet.
    var isUnlinked: Bool {
        (email != nil || phone != nil) && (contactID == nil || companyID == nil && companyKey != nil)
    }

    /// The firm's domain, which `identityKey` begins with; the company's name where there is none.
    package var companyKey: String? {
        if let identityKey, !identityKey.hasPrefix(DedupeKey.nameMark) {
            return String(identityKey.prefix { $0 != " " })
        }
        let name = CompanyName.key(company)
        return name.isEmpty ? nil : DedupeKey.nameMark + name
    }
}

private let companyByKey = Statement(
    "SELECT id FROM companies WHERE tenant_id = $1 AND company_key = $2 ORDER BY row LIMIT 1")

private let contactByEmail = Statement(
    "SELECT id FROM contacts WHERE tenant_id = $1 AND email = $2 ORDER BY row LIMIT 1")

private let contactByPhone = Statement(
    "SELECT id FROM contacts WHERE tenant_id = $1 AND phone = $2 AND email IS NULL ORDER BY row LIMIT 1")

extension LeadStore where Base == Transaction {
    fileprivate func company(key: String, _ lookUps: ImportLookUps?) throws -> ID<Company>? {
        if let known = lookUps?.company(key: key) { return known }
        return try tx.first(companyByKey, [tx.tenant.sqlValue, key.sqlValue]) { $0.id(0, of: Company.self) }
            ?? nil
    }

    fileprivate func contact(of lead: Lead, _ lookUps: ImportLookUps?) throws -> ContactID? {
        if let email = lead.email {
            if let known = lookUps?.contact(email: email) { return known }
            return try tx.first(contactByEmail, [tx.tenant.sqlValue, email.sqlValue]) {
                $0.id(0, of: Nouns.Contact.self)
            }
                ?? tx.contacts.heir(of: email)?.id
        }
        if let phone = lead.phone, let known = lookUps?.contact(phone: phone) { return known }
        return try tx.first(contactByPhone, [tx.tenant.sqlValue, lead.phone.sqlValue]) {
            $0.id(0, of: Nouns.Contact.self)
        }
            ?? nil
    }

    /// The lead's own creation is what is audited and told; its company and contact are part of it.
    fileprivate func makeCompany(
        of lead: Lead, key: String, _ lookUps: ImportLookUps?
    ) throws -> ID<Company> {
        lookUps?.storesCompany(key: key)
        var company = Company.new(id: tx.nextID(), now: tx.now)
        company.name = lead.company
        company.website = lead.website
        company.domain = key.hasPrefix(DedupeKey.nameMark) ? nil : key
        company.companyKey = key
        company.industry = lead.industry
        company.employeeCount = lead.employeeCount
        company.annualRevenue = lead.annualRevenue
        company.location = lead.location
        company.country = lead.country
        company.clientID = lead.clientID
        try Company.resource.insert(&company, in: tx)
        return company.id
    }

    fileprivate func makeContact(of lead: Lead, _ lookUps: ImportLookUps?) throws -> ContactID {
        lookUps?.storesContact(of: lead)
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        contact.name = lead.contactName ?? lead.email ?? lead.phone ?? lead.company
        contact.title = lead.contactTitle
        contact.email = lead.email
        contact.phone = lead.phone
        contact.country = lead.country
        contact.location = lead.location
        contact.linkedinURL = lead.linkedinURL
        contact.companyID = lead.companyID
        contact.clientID = lead.clientID
        try Contact.resource.insert(&contact, in: tx)
        return contact.id
    }
}
