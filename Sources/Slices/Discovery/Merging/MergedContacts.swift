internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences

/// A contact that is kept takes over all that is known of a person, and of two words the stricter one.
extension Contact: Mergeable {
    static let filled: Set<String> = [
        "title", "email", "phone", "country", "linkedin_url", "company_id", "notes", "client_id", "location",
        "time_zone", "locale",
    ]
    static func kept(in merge: RecordMerge) -> ContactID? { merge.contactID }
    func keep(in merge: inout RecordMerge) { merge.contactID = id }

    mutating func restrict(as other: Contact) {
        doNotContact = doNotContact || other.doNotContact
        contactAfter = [contactAfter, other.contactAfter].compactMap(\.self).max()
        heldOut = other.heldOut == true ? true : heldOut ?? other.heldOut
    }

    mutating func relax(to before: Contact, without others: [Contact]) {
        var strict = before
        for other in others { strict.restrict(as: other) }
        if doNotContact == strict.doNotContact { doNotContact = before.doNotContact }
        if contactAfter == strict.contactAfter { contactAfter = before.contactAfter }
        if heldOut == strict.heldOut { heldOut = before.heldOut }
    }

    func take(
        _ gone: Contact, by actor: Actor, in tx: Transaction, move: () throws -> Void
    ) throws -> JSONObject {
        let objections = try tx.consents.objections(of: [id, gone.id])
        // A merge of their leads has counted it before.
        let isCounted = try tx.leads.kin(of: [id])[id]?.contains(gone.id) ?? false
        try tx.enrollments.leave(gone.id, as: id)
        try move()
        var made: JSONObject = [
            "consents": list(try tx.consents.keep(objections.new, of: id, by: actor) + objections.known),
            // A message that waits for the other goes to the other's address.
            "suppressions": list(
                try tx.consents.suppress(self, as: gone, by: actor)
                    + tx.consents.suppress(gone, as: self, by: actor)),
        ]
        if let address = gone.email, address != email,
            let identity = try tx.identities.keep(email: address, of: id)
        {
            made["identities"] = list([identity])
        }
        if !isCounted {
            try tx.preferences.merge(gone.id, into: id)
            made["counted"] = true
        }
        return made
    }

    func giveBack(_ gone: Contact, _ made: JSONObject, by actor: Actor, in tx: Transaction) throws {
        for one in ids(made["consents"], of: Consent.self) where try !tx.merging.isShared(one) {
            if let consent = try Consent.resource.find(one, in: tx) { try tx.delete(consent, by: actor) }
        }
        for one in ids(made["suppressions"], of: Suppression.self) where try !tx.merging.isShared(one) {
            guard let found = try Suppression.resource.find(one, in: tx), found.isOfMerge else { continue }
            try tx.delete(found, by: actor)
        }
        try tx.identities.forget(ids(made["identities"], of: ContactIdentity.self))
        if made["counted"] == true { try tx.preferences.unmerge(gone.id, from: id) }
        // The word of one of them holds for the other no more.
        for contact in [id, gone.id] {
            try tx.heldMessages.lookAgain(at: contact, heldFor: "unsubscribed")
        }
    }
}

private func list(_ ids: [some Key]) -> JSON { .array(ids.map { .string($0.keyText) }) }

private func ids<R: Record>(_ list: JSON?, of type: R.Type) -> [ID<R.Identity>] {
    (list?.array ?? []).compactMap { $0.text.flatMap { ID($0) } }
}
