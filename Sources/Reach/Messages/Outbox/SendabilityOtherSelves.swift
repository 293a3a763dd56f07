package import Database
internal import Nouns
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
    /// or turned out to be somebody who was.
    package func reasonToLeaveOut(_ contact: Contact, in reader: any Queryable) throws -> Reason? {
        let kin = try self.kin(reader, [contact.id])
        guard contact.heldOut == true || kin[contact.id] != nil,
            try !heldOut(reader, [contact], kin).isEmpty
        else { return nil }
        return Reason(Reason.heldOut, "The contact was drawn to get nothing, for comparison.")
    }
}
