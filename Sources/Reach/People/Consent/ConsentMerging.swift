internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

package extension ConsentStore {
    /// Returns the objections of people who turn out to be one: what one of them wants no more, and another would
    /// allow. `known`: those that hold for one of them by an earlier merge, and that the others share.
    func objections(of contacts: [ContactID]) throws -> (new: [Consent], known: [ID<Consent>]) {
        let words = try Consent.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY given_at DESC, id DESC", in: tx)
        // The last word of each, the latest first.
        var last: [ConsentMatter: [Consent]] = [:], heard: Set<Word> = []
        for word in words {
            let matter = ConsentMatter(purpose: word.purpose, channel: word.channel)
            guard heard.insert(Word(contact: word.contactID, matter: matter)).inserted else { continue }
            last[matter, default: []].append(word)
        }
        let new = last.values.filter { $0[0].status == .granted }.compactMap { words in
            words.first { $0.status == .withdrawn }
        }
        let shared = last.values.filter { words in
            words.count > 1 && words.allSatisfy { $0.status == .withdrawn }
        }
        let known = shared.flatMap { $0.filter { $0.source == Consent.mergeSource } }.map(\.id)
        return (new.sorted { $0.id < $1.id }, known.sorted())
    }
}

extension Consent {
    /// The source of those that keep an objection as contacts become one.
    fileprivate static let mergeSource = "merge of contacts"
}

private struct ConsentMatter: Hashable {
    let purpose: ConsentPurpose, channel: Channel?
}

private struct Word: Hashable {
    let contact: ContactID?, matter: ConsentMatter
}

package extension ConsentStore where Base == Transaction {
    /// Has objections hold for the contact whom those people become, whatever was agreed to since. Answers the new
    /// consents.
    func keep(_ objections: [Consent], of contact: ContactID, by actor: Actor) throws -> [ID<Consent>] {
        try objections.map { objection in
            var consent = Consent.new(id: tx.nextID(), now: tx.now)
            (consent.contactID, consent.clientID) = (contact, objection.clientID)
            (consent.channel, consent.purpose) = (objection.channel, objection.purpose)
            (consent.status, consent.basis) = (.withdrawn, objection.basis)
            (consent.source, consent.evidence) = (Consent.mergeSource, "\(objection.id)")
            try tx.create(&consent, by: actor)
            return consent.id
        }
    }

    /// Keeps marketing from the addresses of a contact where it is kept from another's who is merged with them, unless
    /// that address alone is at fault. Answers the suppressions that hold by that, be it by an earlier merge, too.
    func suppress(_ kept: Contact, as gone: Contact, by actor: Actor) throws -> [ID<Suppression>] {
        var added: [ID<Suppression>] = []
        for channel in Channel.allCases {
            guard let address = kept.address(on: channel), let other = gone.address(on: channel),
                Suppression.normal(address, channel) != Suppression.normal(other, channel)
            else { continue }
            for known in try suppressions(of: other, channel, for: .marketing)
            where known.reason != .bounce && !known.address.hasPrefix("@") {
                try suppress(
                    address, channel, known.reason, message: known.messageID, note: Suppression.mergeNote,
                    scope: known.covers, by: actor)
                let made = try suppression(
                    of: Suppression.normal(address, channel), channel, scope: known.covers)
                if let made, made.isOfMerge { added.append(made.id) }
            }
        }
        return added
    }
}
