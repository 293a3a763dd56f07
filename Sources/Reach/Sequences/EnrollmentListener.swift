package import Database
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
package import People
internal import Records
internal import Telemetry
internal import Templates

/// Hears what becomes of sequences' messages: the next step counts from when one really left.
package struct EnrollmentListener: MessageListener {
    static let cause = "enrollment"
    package var cause: String { Self.cause }
    private let dependencies: SequenceDependencies

    package init(_ dependencies: SequenceDependencies) { self.dependencies = dependencies }

    package func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        guard let id = message.cause["id"]?.id(of: Enrollment.self),
            let enrollment = try Enrollment.resource.find(id, in: tx)
        else { return }
        switch turn {
        case .sent: try left(message, enrollment, tx)
        case .bounced:
            tx.sequences.count(.bounced, of: enrollment.sequenceID)
            try tx.enrollments.exit(
                enrollment, because: .bounce,
                message.errorDetail.map { .quoted($0) } ?? Saying("enrollment.bounced"))
        case .failed, .cancelled: try failed(message, enrollment, tx)
        case .replied(let reply):
            if message.repliedAt == nil || message.repliedAt == tx.now {
                tx.sequences.count(.replied, of: enrollment.sequenceID)
            }
            try tx.experiments.countReply(reply, to: message)
        case .opened: tx.sequences.count(.opened, of: enrollment.sequenceID)
        case .openedByMachine: tx.sequences.count(.machineOpened, of: enrollment.sequenceID)
        case .clicked: tx.sequences.count(.clicked, of: enrollment.sequenceID)
        case .clickTakenBack: tx.sequences.count(.clicked, of: enrollment.sequenceID, -1)
        case .delivered: tx.sequences.count(.delivered, of: enrollment.sequenceID)
        case .unknown, .clickedByMachine: break
        }
    }

    /// Returns why a message waits with its sequence: that is paused, or its step has hours of its own. Where the
    /// sequence has ended for somebody, its message is not wanted any more, unless it was its own failure that ended
    /// it: a person may try it again.
    package func reasonsToWait(
        _ message: Message, to contact: Contact, in reader: any Queryable
    ) throws -> [Reason] {
        guard let id = message.cause["id"]?.id(of: Enrollment.self) else { return [] }
        var reasons: [Reason] = []
        let state = try reader.first(
            """
            SELECT e.status, s.status, e.exit_reason FROM enrollments e
            JOIN sequences s ON s.tenant_id = e.tenant_id AND s.id = e.sequence_id
            WHERE e.tenant_id = \(reader.tenant) AND e.id = \(id)
            """
        ) { (enrollment: $0.text(0), sequence: $0.text(1), exit: $0.optionalText(2)) }
        if state?.enrollment == Enrollment.Status.exited.rawValue, state?.exit != ExitReason.failed.rawValue {
            return [.sequenceHasEnded()]
        }
        let isPaused =
            state?.enrollment == Enrollment.Status.paused.rawValue
            || state?.sequence == MessageSequence.Status.paused.rawValue
        reasons += try reader.reading.nurtureHolds.reasons(message, of: id, to: contact)
        if isPaused { reasons.append(Reason("paused", "The message's sequence is paused.")) }
        if message.tellsWhatIsOver(at: reader.now) {
            reasons.append(.withdrawn(until: reader.now + .seconds(3600)))
        }
        // A message that has waited for something else may be past its step's hours.
        if let due = try reader.reading.enrollments.due(
            message, of: id, in: reader.reading.enrollments.zone(of: contact)), due > reader.now
        {
            reasons.append(
                Reason(
                    "outside_window", "The sequence's step is limited to certain days and hours.", until: due)
            )
        }
        return reasons
    }

    private func left(_ message: Message, _ enrollment: Enrollment, _ tx: Transaction) throws {
        var next = enrollment
        next.lastMessageID = message.id
        let sentAt = message.sentAt ?? tx.now
        try tx.experiments.countTried(message)
        tx.sequences.count(.sent, of: enrollment.sequenceID)
        let step = message.sendKey?.split(separator: "/").last.map(String.init) ?? ""
        next.note(step, .sent, message: message.id, at: sentAt)
        if enrollment.isRunning, enrollment.messageID == message.id {
            let plan = try tx.enrollments.plan(of: enrollment)
            let contact = try Contact.resource.find(enrollment.contactID, in: tx)
            if enrollment.status != .paused { next.tell(reason: nil) }
            next.pass(message, plan, at: sentAt, in: try tx.enrollments.zone(of: contact))
            if next.position >= plan.steps.count { next.finish(at: tx.now) }
        }
        let isFirst = enrollment.contactedAt == nil
        if isFirst {
            next.contactedAt = sentAt
            tx.sequences.count(.contacted, of: enrollment.sequenceID)
        }
        try tx.enrollments.change(enrollment, to: &next)
        if isFirst {
            try tx.publish("enrollment.contacted", next.subject, next.payload)
            // A lead that is nurtured, and so not sold to, is not contacted by the agency's sales.
            if let lead = next.leadID, try !tx.nurtureHolds.isNurture(next.sequenceID) {
                try dependencies.contacted(tx, lead)
            }
        }
        if next.status == .finished, enrollment.isRunning {
            try tx.publish("enrollment.finished", next.subject, next.payload)
        }
        try tx.enrollments.wake(next)
    }

    private func failed(_ message: Message, _ enrollment: Enrollment, _ tx: Transaction) throws {
        guard enrollment.isRunning, enrollment.messageID == message.id else { return }
        let why =
            message.errorDetail.map { .quoted($0) } ?? message.reasons.list.first?.saying
            ?? Saying("enrollment.message_ended", ["status": .text(message.status.rawValue)])
        let plan = try tx.enrollments.plan(of: enrollment)
        guard plan.onFailure == .goOn else {
            return try tx.enrollments.exit(enrollment, because: .failed, why)
        }
        var next = enrollment
        let contact = try Contact.resource.find(enrollment.contactID, in: tx)
        next.tell(reason: why)
        next.note(
            next.nextStep ?? "", .failed, code: message.reasons.list.first?.code, message: message.id,
            at: tx.now)
        next.pass(message, plan, at: tx.now, in: try tx.enrollments.zone(of: contact))
        try tx.enrollments.change(enrollment, to: &next)
        try tx.enrollments.wake(next)
    }
}

/// Ends sequences, or lets them wait, when somebody answers.
package struct SequenceReplies: ReplyListener {
    package init() {}

    package func answered(by contact: Contact, in tx: Transaction) throws {
        try tx.enrollments.exit(of: contact.id, because: .reply, detail: Saying("enrollment.answered"))
    }
}

extension Enrollment {
    /// The step of a message is behind it. In a version that it came to meanwhile the step may be gone.
    fileprivate mutating func pass(
        _ message: Message, _ plan: SequencePlan, at done: Instant, in zone: TimeZoneRules
    ) {
        let step = message.sendKey?.split(separator: "/").last.map(String.init)
        if position < plan.steps.count, plan.steps[position].id == step {
            advance(plan, at: done, in: zone)
        } else {
            (messageID, lastAt) = (nil, done)
            wait(for: plan, after: done, in: zone)
        }
    }
}
