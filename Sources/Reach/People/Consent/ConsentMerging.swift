internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

package extension ConsentStore {
    /// Returns the objections of people who turn out to be one: what one of them wants no more, and another would
    /// allow.
    func objections(of contacts: [ContactID]) throws -> [Consent] {
        let words = try Consent.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY given_at DESC, id DESC", in: tx)
        var last: [ConsentMatter: Consent] = [:], objections: [ConsentMatter: Consent] = [:]
        var heard: Set<Word> = []
        for word in words {
            let matter = ConsentMatter(purpose: word.purpose, channel: word.channel)
            if last[matter] == nil { last[matter] = word }
            guard heard.insert(Word(contact: word.contactID, matter: matter)).inserted,
                word.status == .withdrawn, objections[matter] == nil
            else { continue }
            objections[matter] = word
        }
        return objections.filter { last[$0.key]?.status == .granted }.map(\.value).sorted { $0.id < $1.id }
    }
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
            (consent.source, consent.evidence) = ("merge of contacts", "\(objection.id)")
            try tx.create(&consent, by: actor)
            return consent.id
        }
    }

    /// Keeps marketing from the addresses of a contact where it is kept from another's who is merged with them, unless
    /// that address alone is at fault. Answers the new suppressions.
    func suppress(_ kept: Contact, as gone: Contact, by actor: Actor) throws -> [ID<Suppression>] {
        var added: [ID<Suppression>] = []
        for channel in Channel.allCases {
            guard let address = kept.address(on: channel), let other = gone.address(on: channel),
                Suppression.normal(address, channel) != Suppression.normal(other, channel)
            else { continue }
            for known in try suppressions(of: other, channel, for: .marketing)
            where known.reason != .bounce && !known.address.hasPrefix("@") {
                let isNew = try suppress(
                    address, channel, known.reason, message: known.messageID,
                    note: "It holds for another address of the contact.", scope: known.covers, by: actor)
                guard isNew,
                    let made = try suppression(
                        of: Suppression.normal(address, channel), channel, scope: known.covers)
                else { continue }
                added.append(made.id)
            }
        }
        return added
    }
}
