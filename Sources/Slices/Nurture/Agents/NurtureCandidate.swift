internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates

/// Where a lead's person stands in the sequence that fits.
struct NurtureCandidate {
    let key: NurtureKey
    let contact: Contact
    let sequence: MessageSequence?
    /// Whether they begin with it now, or go on with it.
    let begins: Bool
    /// When that is asked again, if not before something happens.
    let again: Instant?
    /// The running enrolments in the furnished sequences that fitted before.
    let others: [Enrollment]
    private let running: Enrollment?
    private let lead: NurtureLead
    private let position: Int
    private let lastTouch: Instant?

    /// How long somebody is left alone after an answer, a meeting or a sale.
    private static let pause: Duration = .seconds(30 * 86_400)

    init(_ key: NurtureKey, _ lead: NurtureLead, _ contact: Contact, in tx: Transaction) throws {
        (self.key, self.lead, self.contact) = (key, lead, contact)
        let found = try tx.sequences.find(key: key.rawValue)
        sequence = found
        let all = try tx.sequences.running(of: contact.id, inNurture: true)
        running = all.first { $0.sequenceID == found?.id }
        others = try all.filter { try $0.sequenceID != found?.id && tx.nurture.isFurnished($0) }
        lastTouch = try tx.sequences.lastTouch(of: contact.id)
        let before = try found.flatMap { try tx.sequences.latest(of: contact.id, in: $0.id) }
        position = before?.position ?? 0
        guard let found, found.status == .active, running == nil else {
            (begins, again) = (false, nil)
            return
        }
        guard let before else {
            (begins, again) = (true, nil)
            return
        }
        switch before.exitReason {
        case .stage, .removed, .archived:
            (begins, again) = (position < found.steps.list.count, nil)
        case .reply, .meeting, .dealStage, .reactivated:
            let end = (before.endedAt ?? tx.now) + Self.pause
            begins = end <= tx.now && position < found.steps.list.count
            again = end > tx.now ? end : nil
        // Whoever has had all of it, was taken out by a person, or cannot be reached does not begin again.
        case .manual, .unsubscribe, .bounce, .failed, nil: (begins, again) = (false, nil)
        }
    }

    /// Returns when the next touch would be.
    func nextAt(in tx: Transaction) throws -> Instant? {
        if let running { return running.nextAt }
        guard begins, let sequence else { return again }
        return try tx.sequences.firstDue(request(sequence))
    }

    /// The request to let them begin.
    func request(_ sequence: MessageSequence) -> EnrollmentRequest {
        var request = EnrollmentRequest(
            sequence, contact, lead: lead.id, why: Saying("nurture.why.\(key.rawValue)"))
        if key == .newLead {
            request.countedFrom = lead.knownSince
        } else {
            request.touchEvery = lead.touchEvery
        }
        (request.position, request.lastTouch) = (position, lastTouch)
        return request
    }
}
