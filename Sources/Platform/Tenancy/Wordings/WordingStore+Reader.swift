internal import Database
internal import Jobs
internal import Nouns
internal import Records
package import Routing
package import Wording

/// The words for whoever reads.
extension WordingStore {
    /// Returns the words for a person of the agency: in the language that they have chosen, else in one that their
    /// request accepts, else in the agency's.
    package func find(for user: User?, accepted: [String] = []) throws -> Wording {
        let spoken = accepted.first { Catalogue.languages.contains(Wording.language(of: $0)) }
        if let language = user?.locale ?? spoken { return try find(language) }
        // The installation has no language of its own.
        return try find(tx.tenant == .platform ? Catalogue.standard.locale : tx.agency.tenant().locale)
    }

    /// Returns the same for whoever calls.
    package func find(for call: Call) throws -> Wording {
        try find(for: call.actor, accepted: call.acceptedLanguages)
    }

    /// Returns the same for whoever acts.
    func find(for actor: Actor, accepted: [String]) throws -> Wording {
        let user = try actor.userID.flatMap { try User.resource.find($0, in: tx) }
        return try find(for: user, accepted: accepted)
    }
}
