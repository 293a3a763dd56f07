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
    /// The running enrolments in the seeded sequences that fitted before.
    let others: [Enrollment]
    /// When the next touch would be.
    let nextAt: Instant?
    private let lead: NurtureLead
    private let lastTouch: Instant?
    private let had: Set<String>

    /// The time for which somebody is left alone after an answer, a meeting or a sale.
    private static let pause: Duration = .seconds(30 * 86_400)

    private static let pausing: [ExitReason] = [.reply, .meeting, .dealStage, .reactivated]

    init(_ key: NurtureKey, _ lead: NurtureLead, _ contact: Contact, in tx: Transaction) throws {
        (self.key, self.lead, self.contact) = (key, lead, contact)
        let found = try tx.sequences.find(key: key.rawValue)
        sequence = found
        let all = try tx.enrollments.running(of: contact.id, inNurture: true)
        let running = all.first { $0.sequenceID == found?.id }
        others = try all.filter { try $0.sequenceID != found?.id && tx.nurture.isSeeded($0) }
        had = try tx.enrollmentHistory.stepsHad(
            by: contact.id, of: key.together.compactMap { try tx.sequences.find(key: $0.rawValue)?.id })
        let before = try found.flatMap { try tx.enrollmentHistory.latest(of: contact.id, in: $0.id) }
        let touched = try tx.enrollmentHistory.lastTouch(of: contact.id)
        let next = found?.steps.list.first { [had] in
            !had.contains($0.id ?? "") && $0.isMeant(for: lead.stage)
        }
        // The last attempt does not wait for a year.
        let isLast = next?.id == NurtureKey.lastAttempt && lead.stage == NurtureKey.lastStage
        let isOver = before?.status == .finished
        lastTouch = isLast ? nil : [touched, isOver ? before?.endedAt : nil].compactMap(\.self).max()
        guard let found, found.status == .active, running == nil else {
            (begins, again, nextAt) = (false, nil, running?.nextAt)
            return
        }
        guard next != nil, Self.mayBegin(key, after: before) else {
            (begins, again, nextAt) = (false, nil, nil)
            return
        }
        // Another stage's sequence does not cut the pause short.
        let left = try tx.enrollmentHistory.lastLeft(of: contact.id, because: Self.pausing)
        var pause = max(tx.now, left.map { $0 + Self.pause } ?? tx.now)
        if isLast, let touched, let rhythm = lead.touchEveryBefore.flatMap({ Duration(iso8601: $0) }) {
            pause = max(pause, touched + rhythm)
        }
        let request = Self.request(found, key, lead, contact, had, lastTouch)
        let due = try tx.enrollments.firstDue(request) ?? tx.now
        // Nobody is enrolled weeks ahead: what they do until then may lead to another choice.
        pause = max(pause, try Self.waits(request, until: due, in: tx) ? due - Self.ahead : tx.now)
        (begins, nextAt) = (pause <= tx.now, max(due, pause))
        again = pause > tx.now ? pause : nil
    }

    /// Returns whether what they have had already, or the days of the sequence, put the first touch off.
    /// Where its step alone does, its delay and its hours count from the enrolment: waiting for that day
    /// would move it on for ever.
    private static func waits(
        _ request: EnrollmentRequest, until due: Instant, in tx: Transaction
    ) throws -> Bool {
        guard request.countedFrom == nil else { return true }
        guard request.lastTouch != nil else { return false }
        guard request.position == 0 else { return true }
        var alone = request
        alone.lastTouch = nil
        return try tx.enrollments.firstDue(alone).map { due > $0 } ?? false
    }

    /// The longest time before the first touch at which somebody is enrolled.
    private static let ahead: Duration = .seconds(86_400)

    /// Returns whether those who were in the sequence before may be in it again.
    private static func mayBegin(_ key: NurtureKey, after before: Enrollment?) -> Bool {
        guard let before else { return true }
        // A contact who was not told, since there was no record, may be told at their next turn.
        if before.status == .finished { return key != .newLead }
        return switch before.exitReason {
        case .stage, .removed, .archived, .reply, .meeting, .dealStage, .reactivated: true
        // A contact whom a person took out, or who cannot be reached, does not begin again.
        case .manual, .unsubscribe, .bounce, .failed, nil: false
        }
    }

    /// Returns the request to let them begin.
    func request(_ sequence: MessageSequence) -> EnrollmentRequest {
        Self.request(sequence, key, lead, contact, had, lastTouch)
    }

    private static func request(
        _ sequence: MessageSequence, _ key: NurtureKey, _ lead: NurtureLead, _ contact: Contact,
        _ had: Set<String>, _ lastTouch: Instant?
    ) -> EnrollmentRequest {
        var request = EnrollmentRequest(
            sequence, contact, lead: lead.id, why: Saying("nurture.why.\(key.rawValue)"))
        if key == .newLead { request.countedFrom = lead.knownSince }
        request.touchEvery = rhythm(key, lead)
        let list = sequence.steps.list
        request.position = list.firstIndex { !had.contains($0.id ?? "") } ?? list.count
        (request.had, request.lastTouch) = (had, lastTouch)
        return request
    }

    /// Returns how much time lies between two touches at least. The welcome has days of its own, which are those of a
    /// touch a week: only an agency that wants fewer touches than that moves them apart.
    static func rhythm(_ key: NurtureKey, _ lead: NurtureLead) -> String? {
        guard key == .newLead else { return lead.touchEvery }
        let own = Duration(iso8601: lead.touchEvery) ?? .zero
        return own > .seconds(7 * 86_400) ? lead.touchEvery : nil
    }
}
