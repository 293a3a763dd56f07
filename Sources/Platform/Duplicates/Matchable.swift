package import Database
package import Intelligence
internal import JSON
internal import Records
package import Runtime

/// A record of which there may be two for one person or firm. Its table has the column `matched_version`: the version
/// that was compared with the others last.
package protocol Matchable: ManagedRecord {
    /// What each record is compared by, in their order; `nil` for one that takes no part.
    static func matchProfiles(of records: [Self], in reader: some Queryable) throws -> [MatchProfile?]
    /// Whether others have to be compared first, on which its profiles depend.
    static func hasUncomparedFirst(in reader: some Queryable) throws -> Bool
    /// Compares some of these.
    static func compareFirst(in tx: Transaction) throws
    /// What follows from records having been compared.
    static func compared(_ records: [Self], in tx: Transaction) throws
}

extension Matchable {
    package static func hasUncomparedFirst(in reader: some Queryable) throws -> Bool { false }
    package static func compareFirst(in tx: Transaction) throws {}
    package static func compared(_ records: [Self], in tx: Transaction) throws {}
}

extension JSONObject {
    /// The texts and numbers of an agency's own fields, folded.
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
    /// The address, where it is somebody's own; what a function reads (`info@`) tells nobody apart who is named.
    package mutating func take(email: String?) {
        guard let address = email.flatMap({ EmailAddress($0) }), !address.isRole || person.isEmpty else {
            return
        }
        self.email = address.key
    }

    /// A firm by its name and website; by its people's address where there is no website.
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
        // "Austin, TX": what stands before the comma is the town.
        let town = (place ?? "").prefix { $0 != "," }
        self.place = TextFolding.searchTokens(String(town)).joined(separator: " ")
    }
}
