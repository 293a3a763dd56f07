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
        try find(chosen: user?.locale, accepted: accepted)
    }

    /// Returns the same for whoever calls.
    package func find(for call: Call) throws -> Wording {
        try find(for: call.actor, accepted: call.acceptedLanguages)
    }

    /// Returns the same for whoever acts. Lists ask for it each time, so of the person only the language is read.
    func find(for actor: Actor, accepted: [String]) throws -> Wording {
        let chosen = try actor.userID.flatMap { user in
            try tx.first(localeOfUser, [tx.tenant.sqlValue, user.sqlValue]) { $0.optionalText(0) } ?? nil
        }
        return try find(chosen: chosen, accepted: accepted)
    }

    private func find(chosen: String?, accepted: [String]) throws -> Wording {
        let spoken = accepted.first { Catalogue.languages.contains(Wording.language(of: $0)) }
        if let language = chosen ?? spoken { return try find(language) }
        // The installation has no language of its own.
        return try find(tx.tenant == .platform ? Catalogue.standard.locale : tx.agency.locale())
    }
}

private let localeOfUser = Statement("SELECT locale FROM users WHERE tenant_id = $1 AND id = $2")
