package import Database
package import Nouns
package import People
internal import Records
internal import Telemetry

/// Somebody who is several contacts, as their leads were merged: what was said or drawn of one holds for all of them,
/// for as long as the merge lasts.
extension SendabilityRules {
    /// Asks whether the contact wants no marketing as another one that they are, and has not agreed to it since.
    mutating func otherSelves(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        let kin = try lookup?.kin ?? dependencies.kin(reader, [contact.id])
        let isKnown = reasons.contains { $0.code == "unsubscribed" }
        guard let ids = kin[contact.id], !isKnown else { return }
        let last = try basis(reader).consent
        let isAgreed = last?.status == .granted && last?.basis == .consent
        let agreed = isAgreed ? last.map { $0.givenAt ?? $0.createdAt } : nil
        let others = try Contact.resource.all(where: "id IN \(list: ids.map(\.text).sorted())", in: reader)
        guard try others.contains(where: { try refuses($0, since: agreed, reader) }) else { return }
        add(
            "unsubscribed",
            "The contact unsubscribed as another one that was merged with them; only they can undo it.")
    }

    private func refuses(_ other: Contact, since agreed: Instant?, _ reader: some Queryable) throws -> Bool {
        func counts(_ said: Instant) -> Bool { agreed.map { $0 < said } ?? true }
        if other.doNotContact { return true }
        if let last = try reader.consents.find(of: other.id, question.channel, for: .marketing),
            last.status == .withdrawn, counts(last.givenAt ?? last.createdAt)
        {
            return true
        }
        guard let address = other.address(on: question.channel) else { return false }
        // An address that bounces, or that people have suppressed, is no word of its owner.
        return try reader.consents.suppressions(of: address, question.channel, for: .marketing).contains {
            ($0.reason == .unsubscribe || $0.reason == .complaint) && counts($0.createdAt)
        }
    }
}

extension MessagingDependencies {
    /// Returns why what goes to many is not for somebody any more: since it was written they were drawn to get nothing,
    /// or turned out to be somebody who was. `asOthers`: the reason that their other contacts are, if any.
    package func reasonToLeaveOut(
        _ contact: Contact, in reader: any Queryable, asOthers: (Set<ContactID>) throws -> Reason?
    ) throws -> Reason? {
        let kin = try self.kin(reader, [contact.id]), others = kin[contact.id]
        if contact.heldOut == true || others != nil, try !heldOut(reader, [contact], kin).isEmpty {
            return Reason(Reason.heldOut, "The contact was drawn to get nothing, for comparison.")
        }
        guard let others else { return nil }
        return try asOthers(others)
    }
}

extension Reason {
    /// The reason of whoever gets something as another contact that they are.
    package static let gotAsAnother = Reason(
        Reason.samePerson, "The same person gets it as another contact that was merged with them.")
}
