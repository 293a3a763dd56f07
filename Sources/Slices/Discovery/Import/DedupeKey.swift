internal import Records

/// The key by which an import recognises a lead. Two leads are the same when their `email`s are equal, or their
/// `place`s are.
package struct DedupeKey: Hashable, Sendable {
    /// The address, in lower case. A function's address (`info@…`) is nobody's own: where a contact is
    /// named, it says nothing, or it counts together with the name where there is no firm's domain.
    package let email: String?
    /// The firm's registrable domain and the contact's name, or the firm's where no contact is named.
    /// Free-mail domains, disposable ones and hosts of many firms' pages are no firm's: there the firm's name
    /// stands for it, behind `name:`, unless an address of their own tells people apart.
    package let place: String?

    static let nameMark = "name:"

    /// The address, unless it counts together with a name.
    var address: String? { email.flatMap { $0.contains(" ") ? nil : $0 } }

    package var isEmpty: Bool { email == nil && place == nil }

    package init(email: String?, website: String?, contactName: String?, company: String?) {
        let address = email.flatMap { EmailAddress($0) }
        let name = contactName.map(PersonName.key).flatMap { $0.isEmpty ? nil : $0 }
        let domain = website.flatMap { WebAddress($0)?.ownDomain } ?? Self.domain(of: address)
        let isNobodysOwn = address?.isRole == true && name != nil
        if let address, isNobodysOwn, let name {
            self.email = domain == nil ? "\(address.key) \(name)" : nil
        } else {
            self.email = address?.key
        }
        // Of most it is not asked for: a person at a firm's own domain is told by both.
        lazy var firmName = company.map(CompanyName.key).flatMap { $0.isEmpty ? nil : $0 }
        let who = name.map { "p:\($0)" } ?? firmName.map { "c:\($0)" }
        let firm = domain ?? (address == nil || isNobodysOwn ? firmName.map { Self.nameMark + $0 } : nil)
        place = firm.flatMap { firm in who.map { "\(firm) \($0)" } }
    }

    private static func domain(of address: EmailAddress?) -> String? {
        guard let address, !address.isFreeMail, !address.isDisposable else { return nil }
        return WebAddress.registrableDomain(of: address.domain)
    }
}
