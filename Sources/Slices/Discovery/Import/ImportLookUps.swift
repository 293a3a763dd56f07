internal import Database
internal import Nouns
internal import People
internal import Records

/// The leads, companies and contacts with which the rows of a chunk are compared and to which they are tied, asked for
/// together before the first row. What a row may have stored since is no longer known here, whether or not it is undone
/// again: those who need it then ask for it by themselves.
final class ImportLookUps {
    /// Keys that no lead has.
    private var freeAddresses: Set<String> = [], freePlaces: Set<String> = []
    /// By their keys, the first of those that are there; `nil` for a key that none has.
    private var companies: [String: ID<Company>?]
    private var contactsByEmail: [String: ContactID?], contactsByPhone: [String: ContactID?]

    init(of items: [LeadRows.Item], comparing isCompared: Bool, in tx: Transaction) throws {
        let items = items.filter(\.faults.isEmpty)
        if isCompared {
            let addresses = LookUpKeys(items.compactMap { $0.key?.address })
            freeAddresses = try addresses.free(
                """
                SELECT email FROM leads
                WHERE tenant_id = \(tx.tenant) AND email IN \(list: addresses.list) AND status <> 'archived'
                """, in: tx)
            let places = LookUpKeys(items.compactMap { $0.key?.place })
            freePlaces = try places.free(
                """
                SELECT identity_key FROM leads
                WHERE tenant_id = \(tx.tenant) AND identity_key IN \(list: places.list) AND status <> 'archived'
                """, in: tx)
        }
        // For the order of rows itself, without the plus, a file would be walked through from its first row.
        let firms = LookUpKeys(items.compactMap(\.companyKey))
        companies = try firms.first(
            """
            SELECT company_key, id FROM companies
            WHERE tenant_id = \(tx.tenant) AND company_key IN \(list: firms.list) ORDER BY +row
            """, in: tx)
        let emails = LookUpKeys(items.compactMap(\.draft.email))
        contactsByEmail = try emails.first(
            """
            SELECT email, id FROM contacts
            WHERE tenant_id = \(tx.tenant) AND email IN \(list: emails.list) ORDER BY +row
            """, in: tx)
        let phones = LookUpKeys(items.compactMap { $0.draft.email == nil ? $0.draft.phone : nil })
        contactsByPhone = try phones.first(
            """
            SELECT phone, id FROM contacts
            WHERE tenant_id = \(tx.tenant) AND phone IN \(list: phones.list) AND email IS NULL ORDER BY +row
            """, in: tx)
        // A contact who had an address before they were merged is the other one.
        try tx.each(
            """
            SELECT address, contacts.id FROM contact_identities
            JOIN contacts ON contacts.tenant_id = contact_identities.tenant_id AND contacts.id = contact_id
            WHERE contact_identities.tenant_id = \(tx.tenant) AND channel = 'email'
                AND address IN \(list: emails.list)
            """
        ) { row in
            let address = row.text(0)
            if case .some(.none) = contactsByEmail[address] {
                contactsByEmail.updateValue(row.id(1, of: Nouns.Contact.self), forKey: address)
            }
        }
    }

    func lackLead(address: String) -> Bool { address.isPlain && freeAddresses.contains(address) }
    func lackLead(place: String) -> Bool { place.isPlain && freePlaces.contains(place) }

    /// Returns the company, or that there is none; `nil` where that is not known.
    func company(key: String) -> ID<Company>?? { key.isPlain ? companies[key] : nil }
    func contact(email: String) -> ContactID?? { email.isPlain ? contactsByEmail[email] : nil }
    /// Of the contacts without an address.
    func contact(phone: String) -> ContactID?? { phone.isPlain ? contactsByPhone[phone] : nil }

    func stores(_ lead: Lead) {
        if let email = lead.email { freeAddresses.remove(email) }
        if let place = lead.identityKey { freePlaces.remove(place) }
    }

    func storesCompany(key: String) { companies.removeValue(forKey: key) }

    func storesContact(of lead: Lead) {
        if let email = lead.email { contactsByEmail.removeValue(forKey: email) }
        if let phone = lead.phone { contactsByPhone.removeValue(forKey: phone) }
    }
}

/// Keys that are asked for together: those of ASCII, which are equal here exactly where they are in the database.
private struct LookUpKeys {
    private let keys: Set<String>
    /// They come in few lengths, so that the statements stay prepared; the last is named again and again.
    let list: [String]

    private static let step = 100

    init(_ keys: [String]) {
        self.keys = Set(keys.filter(\.isPlain))
        let sorted = self.keys.sorted()
        let missing = (Self.step - sorted.count % Self.step) % Self.step
        list = sorted + (sorted.last.map { Array(repeating: $0, count: missing) } ?? [])
    }

    /// Returns the keys that `sql` does not find.
    func free(_ sql: SQL, in tx: Transaction) throws -> Set<String> {
        guard !keys.isEmpty else { return [] }
        var free = keys
        try tx.each(sql) { row in free.remove(row.text(0)) }
        return free
    }

    /// Returns the first record that `sql` finds of each key.
    func first<Subject: Identified>(_ sql: SQL, in tx: Transaction) throws -> [String: ID<Subject>?] {
        guard !keys.isEmpty else { return [:] }
        var found: [String: ID<Subject>?] = [:]
        for key in keys { found.updateValue(nil, forKey: key) }
        try tx.each(sql) { row in
            let key = row.text(0)
            if case .some(.none) = found[key] { found.updateValue(row.id(1, of: Subject.self), forKey: key) }
        }
        return found
    }
}

extension String {
    fileprivate var isPlain: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
