internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Does what is due for an enrolment, in one transaction.
struct SequenceWalk: Sendable {
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    typealias Turn = SequenceWorkflow.StepResult

    func look(at enrollment: Enrollment, in tx: Transaction) throws -> Turn {
        guard enrollment.isRunning else { return Turn(isOver: true) }
        guard let sequence = try MessageSequence.resource.find(enrollment.sequenceID, in: tx),
            sequence.status != .archived
        else { return try over(enrollment, .archived, Saying("enrollment.takes_nobody"), tx) }
        guard enrollment.status == .active, sequence.status == .active,
            enrollment.messageID == nil, enrollment.taskID == nil
        else { return Turn() }
        guard let contact = try Contact.resource.find(enrollment.contactID, in: tx) else {
            return try over(enrollment, .removed, Saying("enrollment.contact_gone"), tx)
        }
        let (plan, zone) = (try tx.sequences.plan(of: enrollment), try tx.sequences.zone(of: contact))
        let lead = try enrollment.leadID.flatMap { try outbox.dependencies.leadByID(tx, $0)?.0 }
        var next = enrollment
        while next.position < plan.steps.count {
            let step = plan.steps[next.position]
            // A step that was kept back may have missed its hours.
            let due = max(next.nextAt ?? tx.now, step.timing.fit(tx.now, in: zone))
            if due > tx.now {
                next.nextAt = due
                try tx.sequences.change(enrollment, to: &next)
                return Turn(until: due.microseconds)
            }
            let last = try next.lastMessageID.flatMap { try Message.resource.find($0, in: tx) }
            if let condition = step.condition, !condition.holds(lead: lead ?? [:], previousMail: last) {
                next.tell(reason: Saying("enrollment.passed_over", ["step": .text(step.name)]))
                next.advance(plan, at: tx.now, in: zone)
                continue
            }
            do {
                switch try take(step, of: sequence, plan, &next, contact, lead, tx) {
                case .waits:
                    if next.saying(of: "reason") == Self.silence { next.tell(reason: nil) }
                    try tx.sequences.change(enrollment, to: &next)
                    return Turn()
                case .silent:
                    let again = tx.now + .seconds(86_400)
                    next.nextAt = again
                    next.tell(reason: Self.silence)
                    try tx.sequences.change(enrollment, to: &next)
                    return Turn(until: again.microseconds)
                case .done(let at): next.advance(plan, at: at, in: zone)
                case .failed(let why):
                    guard plan.onFailure == .goOn else { return try over(enrollment, .failed, why, tx) }
                    next.tell(reason: why)
                    next.advance(plan, at: tx.now, in: zone)
                case .ended(let reason, let why): return try over(enrollment, reason, why, tx)
                }
            } catch let problem as Problem {
                // Say a template that is gone: a person mends it, and resumes.
                let words = problem.faults.first?.detail ?? problem.detail
                try tx.sequences.pause(
                    enrollment,
                    because: Saying(
                        "enrollment.cannot_be_written", ["step": .text(step.name), "detail": .text(words)]),
                    by: .system)
                return Turn()
            }
        }
        next.finish(at: tx.now)
        try tx.sequences.change(enrollment, to: &next)
        try tx.publish("enrollment.finished", next.subject, next.payload)
        return Turn(isOver: true)
    }

    /// Why an enrolment waits whose agent the gate does not let write.
    private static let silence = Saying("enrollment.silence")

    private enum Step {
        /// Its message is on its way, or its task is open.
        case waits
        /// Its agent only observes, or may not write.
        case silent
        case done(Instant)
        case failed(Saying)
        case ended(ExitReason, Saying)
    }

    private func over(
        _ enrollment: Enrollment, _ reason: ExitReason, _ why: Saying, _ tx: Transaction
    ) throws -> Turn {
        try tx.sequences.exit(enrollment, because: reason, why, isOwnStep: true)
        return Turn(isOver: true)
    }

    private func take(
        _ step: SequenceStep, of sequence: MessageSequence, _ plan: SequencePlan,
        _ enrollment: inout Enrollment,
        _ contact: Contact, _ lead: JSONObject?, _ tx: Transaction
    ) throws -> Step {
        guard step.channel != .task else {
            var task = OutreachTask.new(id: tx.nextID(), now: tx.now)
            (task.title, task.text) = try step.taskText(for: contact, lead: lead, in: tx)
            task.title = String(task.title.prefix(300))
            (task.enrollmentID, task.leadID, task.contactID) = (enrollment.id, enrollment.leadID, contact.id)
            task.dueAt = tx.now
            try tx.create(&task, by: .system)
            enrollment.taskID = task.id
            return .waits
        }
        let channel = try step.channel.channel ?? outbox.bestChannel(for: contact, plan.purpose, in: tx)
        // What will never leave is not written.
        let sendability = try Sendability(.init(contact, channel, plan.purpose), outbox.dependencies, in: tx)
        for reason in sendability.reasons {
            switch reason.code {
            case "unsubscribed", "suppressed": return .ended(.unsubscribe, reason.saying)
            case "no_address", "undeliverable": return .ended(.removed, reason.saying)
            default: break
            }
        }
        guard let message = try write(step, on: channel, of: sequence, plan, enrollment, contact, lead, tx)
        else {
            return .silent
        }
        enrollment.conversationID = message.conversationID
        switch message.status {
        case .queued, .held, .sending, .unknown:
            enrollment.messageID = message.id
            return .waits
        case .cancelled, .failed, .bounced:
            return .failed(
                Saying(
                    "enrollment.step_ended",
                    ["step": .text(step.name), "status": .text(message.status.rawValue)]))
        case .sent, .delivered, .received: return .done(message.sentAt ?? tx.now)
        }
    }

    private func write(
        _ step: SequenceStep, on wanted: Channel, of sequence: MessageSequence, _ plan: SequencePlan,
        _ enrollment: Enrollment, _ contact: Contact, _ lead: JSONObject?, _ tx: Transaction
    ) throws -> Message? {
        try tx.experiments.takePart(contact.id, inTrialOf: step.name, of: sequence.id)
        guard let template = step.template(for: contact.id, of: sequence.id) else {
            throw Problem(
                faults: [Fault("/template_id", "required", "The step has no template: give it one.")])
        }
        let written = try outbox.write(template, to: contact, lead: lead, in: tx)
        // Where the step leaves the channel open, what is too long for a chat goes by mail.
        let fits = step.channel != .preferred || outbox.fits(MessageText.plain(written.body), on: wanted)
        let channel = fits ? wanted : .email
        var draft = MessageDraft(
            channel, to: contact, plan.purpose, subject: channel == .email ? written.subject : nil,
            body: written.body, by: enrollment.writer,
            cause: .init(EnrollmentListener.cause, enrollment.id), key: "\(enrollment.id)/\(step.name)")
        draft.template = written.template
        draft.authorName = enrollment.authorName
        (draft.run, draft.decision) = (enrollment.agentRunID.map(RunID.agent), enrollment.decisionID)
        if let last = try enrollment.conversationID.flatMap({ try Conversation.resource.find($0, in: tx) }),
            last.channel == channel
        {
            draft.conversation = last.id
        }
        let reason = enrollment.saying(of: "why") ?? enrollment.why.map { .quoted($0) }
        draft.why = Saying(
            "message.why_step",
            [
                "has_reason": .flag(reason != nil), "reason": reason.map { .saying($0) } ?? .text(""),
                "step": .number(enrollment.position + 1), "count": .number(plan.steps.count),
                "sequence": .text(sequence.name),
            ])
        return try outbox.offer(draft, in: tx)
    }
}

extension Enrollment {
    mutating func finish(at now: Instant) {
        (status, endedAt) = (.finished, now)
        (nextAt, nextStep, nextChannel) = (nil, nil, nil)
    }
}
