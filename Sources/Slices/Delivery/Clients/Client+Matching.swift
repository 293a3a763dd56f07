package import Database
package import Intelligence
internal import Records
internal import Transfer

extension Client: Matchable {
    package static func matchProfiles(
        of clients: [Client], in reader: some Queryable
    ) throws -> [MatchProfile?] {
        clients.map { client in
            var profile = MatchProfile(.firm)
            profile.take(email: client.contactEmail)
            profile.take(firm: client.name, website: nil, email: client.contactEmail)
            return profile
        }
    }
}
