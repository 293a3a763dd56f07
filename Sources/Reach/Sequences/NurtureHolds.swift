package import Database
internal import JSON
package import Messages
package import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// Sequences that go before keeping in touch, and messages that wait for them: `tx.nurtureHolds`.
package struct NurtureHoldStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var nurtureHolds: NurtureHoldStore<Self> { NurtureHoldStore(tx: self) }
}

extension NurtureHoldStore {
    /// Returns why what goes to many waits for somebody who is in another sequence than one that keeps in touch, and
    /// has heard from it of late: it goes by itself some days after that step.
    package func reasonsToWait(to contact: ContactID) throws -> [Reason] {
        let rest = try tx.agency.tenant().marketingRest
        return try tx.enrollments.running(of: contact, inNurture: false).compactMap { enrollment in
            guard let last = enrollment.lastAt, last + rest > tx.now,
                let sequence = try MessageSequence.resource.find(enrollment.sequenceID, in: tx)
            else { return nil }
            return Reason(
                "in_sequence", "The contact is in the sequence “\(sequence.name)”, which goes first.",
                until: last + rest)
        }
    }

    /// Returns whether a sequence keeps in touch with those who are not sold to.
    func isNurture(_ sequence: ID<MessageSequence>) throws -> Bool {
        try MessageSequence.resource.find(sequence, in: tx)?.kind == .nurture
    }

    /// Returns why a message that keeps in touch waits, beside the rules for all marketing: its reader is in another
    /// sequence by now, which goes first, or has heard from the agency often enough. Where the days of the steps count
    /// from one time, they are the sequence's own rhythm.
    func reasons(
        _ message: Message, of enrollment: ID<Enrollment>, to contact: Contact
    ) throws -> [Reason] {
        guard let enrollment = try Enrollment.resource.find(enrollment, in: tx),
            try isNurture(enrollment.sequenceID)
        else { return [] }
        var reasons: [Reason] = []
        if try isElsewhere(enrollment) {
            reasons.append(Reason("in_sequence", "The contact is in another sequence, which goes first."))
        }
        guard enrollment.countedFrom == nil else { return reasons }
        let tenant = try tx.agency.tenant()
        for cap in tenant.caps where cap.purpose == .nurture {
            if let reason = try cap.reason(contact.id, message.channel, tenant.zone, in: tx) {
                reasons.append(reason)
            }
        }
        return reasons
    }

    /// Returns whether somebody is under way in a sequence that goes before keeping in touch, such as
    /// outreach.
    func isElsewhere(_ enrollment: Enrollment) throws -> Bool {
        try !tx.enrollments.running(of: enrollment.contactID, inNurture: false).isEmpty
    }
}
