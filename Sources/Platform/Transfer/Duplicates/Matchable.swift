package import Agents
package import Database
package import Intelligence
internal import JSON
internal import Records

/// A record that may exist twice for one person or company. Its table has the column `matched_version`, the version of
/// the record when it was last compared.
package protocol Matchable: ManagedRecord {
    /// Returns the values by which each record is compared, in the records' order; `nil` for a record that is not
    /// compared.
    static func matchProfiles(of records: [Self], in reader: some Queryable) throws -> [MatchProfile?]
    /// The records that these profiles depend on, which have to be compared first.
    static var comparedFirst: (any Matchable.Type)? { get }
    /// Does what follows once records have been compared.
    static func compared(_ records: [Self], in tx: Transaction) throws
}

extension Matchable {
    package static var comparedFirst: (any Matchable.Type)? { nil }
    package static func compared(_ records: [Self], in tx: Transaction) throws {}
}

extension JSONObject {
    /// The values of an agency's own fields that are texts and numbers, folded.
    package var matchTexts: [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in members.prefix(MatchProfile.customMax) {
            let text = value.text ?? (value.double == nil ? "" : value.serialized)
            let folded = TextFolding.searchTokens(text).joined(separator: " ")
            if !folded.isEmpty, folded.utf8.count <= 100 { texts[name] = folded }
        }
        return texts
    }
}

extension MatchProfile {
    /// Adds a personal address; a shared one such as `info@` does not identify a named person.
    package mutating func take(email: String?) {
        guard let address = email.flatMap({ EmailAddress($0) }), !address.isRole || person.isEmpty else {
            return
        }
        self.email = address.key
    }

    /// Adds a company by its name and website, or by the domain of its people's addresses where it has no website.
    package mutating func take(firm name: String?, website: String?, email: String?) {
        firm = name.map(CompanyName.key) ?? ""
        domain = website.flatMap { WebAddress($0)?.ownDomain } ?? ""
        if domain.isEmpty, let address = email.flatMap({ EmailAddress($0) }), !address.isFreeMail,
            !address.isDisposable
        {
            domain = WebAddress.registrableDomain(of: address.domain) ?? ""
        }
    }

    package mutating func take(place: String?) {
        // In "Austin, TX", the town stands before the comma.
        let town = (place ?? "").prefix { $0 != "," }
        self.place = TextFolding.searchTokens(String(town)).joined(separator: " ")
    }
}
