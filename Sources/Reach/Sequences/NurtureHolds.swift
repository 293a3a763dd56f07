internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

extension SequenceStore {
    /// Whether a sequence keeps in touch with those who are not sold to.
    func isNurture(_ sequence: ID<MessageSequence>) throws -> Bool {
        try MessageSequence.resource.find(sequence, in: tx)?.kind == .nurture
    }

    /// Returns why a message that keeps in touch waits, beside the rules for all marketing: its reader is in another
    /// sequence by now, which goes first, or has heard from the agency often enough. Where the days of the steps count
    /// from one time, they are the sequence's own rhythm.
    func reasonsOfNurture(
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
}
