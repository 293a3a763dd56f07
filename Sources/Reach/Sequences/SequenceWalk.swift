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
    private let evidence: StepEvidence

    init(_ outbox: Outbox, _ evidence: [any TextEvidence] = []) {
        (self.outbox, self.evidence) = (outbox, StepEvidence(evidence))
    }

    typealias StepResult = SequenceWorkflow.StepResult

    func look(at enrollment: Enrollment, in tx: Transaction) throws -> StepResult {
        guard enrollment.isRunning else { return StepResult(isOver: true) }
        guard let sequence = try MessageSequence.resource.find(enrollment.sequenceID, in: tx),
            sequence.status != .archived
        else { return try over(enrollment, .archived, Saying("enrollment.takes_nobody"), tx) }
        guard enrollment.status == .active, sequence.status == .active,
            enrollment.messageID == nil, enrollment.taskID == nil
        else { return StepResult() }
        guard let contact = try Contact.resource.find(enrollment.contactID, in: tx) else {
            return try over(enrollment, .removed, Saying("enrollment.contact_gone"), tx)
        }
        let (plan, zone) = (try tx.enrollments.plan(of: enrollment), try tx.enrollments.zone(of: contact))
        let lead = try enrollment.leadID.flatMap { try outbox.dependencies.leadByID(tx, $0)?.0 }
        let journey = Journey(sequence: sequence, plan: plan, zone: zone, contact: contact, lead: lead)
        var next = enrollment
        while next.position < plan.steps.count {
            let step = plan.steps[next.position]
            if let result = try pass(step, of: journey, enrollment, &next, tx) { return result }
        }
        next.finish(at: tx.now)
        try tx.enrollments.change(enrollment, to: &next)
        try tx.publish("enrollment.finished", next.subject, next.payload)
        return StepResult(isOver: true)
    }

    /// The records that an enrolment is about.
    private struct Journey {
        let sequence: MessageSequence, plan: SequencePlan, zone: TimeZoneRules
        let contact: Contact, lead: JSONObject?
    }

    /// Takes a step, or passes it over; returns the result where the next one has to wait.
    private func pass(
        _ step: SequenceStep, of journey: Journey, _ enrollment: Enrollment, _ next: inout Enrollment,
        _ tx: Transaction
    ) throws -> StepResult? {
        let (plan, zone) = (journey.plan, journey.zone)
        if next.hasHad(step) {
            next.passOver(plan)
            return nil
        }
        // A step that was kept back may have missed its hours.
        let due = max(next.nextAt ?? tx.now, plan.timing(of: step).fit(tx.now, in: zone))
        if due > tx.now {
            next.nextAt = due
            try tx.enrollments.change(enrollment, to: &next)
            return StepResult(until: due.microseconds)
        }
        let last = try next.lastMessageID.flatMap { try Message.resource.find($0, in: tx) }
        if journey.sequence.kind == .nurture, try tx.nurtureHolds.isElsewhere(enrollment) {
            return try wait(
                enrollment, &next, until: tx.now + .seconds(86_400), Saying("enrollment.elsewhere"), tx)
        }
        if let condition = step.condition,
            !condition.holds(lead: journey.lead ?? [:], previousMail: last)
        {
            next.tell(reason: Saying("enrollment.passed_over", ["step": .text(step.name)]))
            next.note(step.name, .passedOver, code: "condition", at: tx.now)
            // A step that is not meant for their stage leaves its day to the next one.
            if condition.isOfStage { next.passOver(plan) } else { next.advance(plan, at: tx.now, in: zone) }
            return nil
        }
        do {
            let taken = try take(step, of: journey.sequence, plan, &next, journey.contact, journey.lead, tx)
            return try follow(taken, step, of: journey, enrollment, &next, tx)
        } catch let problem as Problem {
            // Say a template that is gone: a person mends it, and resumes.
            let words = problem.faults.first?.detail ?? problem.detail
            try tx.enrollments.pause(
                enrollment,
                because: Saying(
                    "enrollment.cannot_be_written", ["step": .text(step.name), "detail": .text(words)]),
                by: .system)
            return StepResult()
        }
    }

    /// Does what follows from a step that was taken; returns the result where the next one has to wait.
    private func follow(
        _ taken: Step, _ step: SequenceStep, of journey: Journey, _ enrollment: Enrollment,
        _ next: inout Enrollment, _ tx: Transaction
    ) throws -> StepResult? {
        let (plan, zone) = (journey.plan, journey.zone)
        switch taken {
        case .waits:
            if next.saying(of: "reason") == Self.silence { next.tell(reason: nil) }
            try tx.enrollments.change(enrollment, to: &next)
            return StepResult()
        case .silent:
            return try wait(enrollment, &next, until: tx.now + .seconds(86_400), Self.silence, tx)
        case .later(let moment):
            return try wait(enrollment, &next, until: moment, Saying("enrollment.asked_today"), tx)
        case .without(let code):
            next.tell(reason: Saying("enrollment.\(code)", ["step": .text(step.name)]))
            next.note(step.name, .passedOver, code: code, at: tx.now)
            next.passOver(plan)
        case .done(let at):
            next.note(step.name, .done, at: at)
            next.advance(plan, at: at, in: zone)
        case .failed(let why):
            guard plan.onFailure == .goOn else { return try over(enrollment, .failed, why, tx) }
            next.tell(reason: why)
            next.note(step.name, .failed, at: tx.now)
            next.advance(plan, at: tx.now, in: zone)
        case .ended(let reason, let why): return try over(enrollment, reason, why, tx)
        }
        return nil
    }

    /// Lets an enrolment look again at some time, and says why.
    private func wait(
        _ enrollment: Enrollment, _ next: inout Enrollment, until moment: Instant, _ why: Saying,
        _ tx: Transaction
    ) throws -> StepResult {
        next.nextAt = moment
        next.tell(reason: why)
        try tx.enrollments.change(enrollment, to: &next)
        return StepResult(until: moment.microseconds)
    }

    /// Why an enrolment waits whose agent the gate does not let write.
    private static let silence = Saying("enrollment.silence")

    private enum Step {
        /// Its message is on its way, or its task is open.
        case waits
        /// Its agent only observes, or may not write.
        case silent
        /// A person has answered today's question about the step: the next one is asked then.
        case later(Instant)
        /// There is no evidence of what it would claim, or it is too long for the only channel that there is.
        case without(code: String)
        case done(Instant)
        case failed(Saying)
        case ended(ExitReason, Saying)
    }

    private func over(
        _ enrollment: Enrollment, _ reason: ExitReason, _ why: Saying, _ tx: Transaction
    ) throws -> StepResult {
        try tx.enrollments.exit(enrollment, because: reason, why, isOwnStep: true)
        return StepResult(isOver: true)
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
        let wanted = try step.channel.channel ?? outbox.channels.best(for: contact, plan.purpose, in: tx)
        // A text that will never leave is not written.
        if let end = try end(of: contact, on: wanted, plan.purpose, tx) { return end }
        let found = try evidence.find(for: contact, lead: lead, in: tx)
        guard let text = try words(step, of: sequence, contact, lead, found, tx) else {
            try tx.sequences.countSkipped("no_evidence", of: sequence)
            return .without(code: "no_evidence")
        }
        guard let channel = try channel(for: text, step, contact, wanted, plan.purpose, tx) else {
            try tx.sequences.countSkipped("too_long", of: sequence)
            return .without(code: "too_long")
        }
        var draft = try draft(text, step, of: sequence, plan, enrollment, contact, on: channel, tx)
        let sources = TemplateValues.evidence(in: text.named).sorted().compactMap { found[$0]?["source"] }
        if !sources.isEmpty { draft.sources = .array(sources) }
        draft.batch = try tx.sequences.batch(of: step, of: sequence, by: enrollment.writer)
        if let batch = draft.batch, try tx.messageBatches.isAnswered(batch) {
            return .later(try tx.agency.zone().nextDay(after: tx.now))
        }
        guard let message = try outbox.offer(draft, in: tx) else { return .silent }
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

    /// Returns the end of an enrolment whose person can never be written to on a channel.
    private func end(
        of contact: Contact, on channel: Channel, _ purpose: Purpose, _ tx: Transaction
    ) throws -> Step? {
        for reason in try Sendability(.init(contact, channel, purpose), outbox.dependencies, in: tx).reasons {
            switch reason.code {
            case "unsubscribed", "suppressed": return .ended(.unsubscribe, reason.saying)
            case "no_address", "undeliverable": return .ended(.removed, reason.saying)
            default: break
            }
        }
        return nil
    }

    /// Returns the channel of a text: where the step leaves that open, what is too long for a chat goes by mail; `nil`
    /// where no mail may go, either.
    private func channel(
        for text: Written, _ step: SequenceStep, _ contact: Contact, _ wanted: Channel, _ purpose: Purpose,
        _ tx: Transaction
    ) throws -> Channel? {
        guard step.channel == .preferred, wanted != .email else { return wanted }
        let words = MessageText.plain(text.body)
        if try outbox.fits(words, on: wanted, purpose, to: contact, in: tx) { return wanted }
        return try end(of: contact, on: .email, purpose, tx) == nil ? .email : nil
    }

    /// Returns the words of a step for somebody; `nil` where they name what there is no evidence of.
    private func words(
        _ step: SequenceStep, of sequence: MessageSequence, _ contact: Contact, _ lead: JSONObject?,
        _ found: JSONObject, _ tx: Transaction
    ) throws -> Written? {
        guard let template = step.template(for: contact.id, of: sequence.id) else {
            throw Problem(
                faults: [Fault("/template_id", "required", "The step has no template: give it one.")])
        }
        let written = try outbox.write(template, to: contact, lead: lead, extra: found, in: tx)
        guard written.evidence.allSatisfy({ found[$0] != nil }) else { return nil }
        try tx.experiments.takePart(contact.id, inTrialOf: step.name, of: sequence.id)
        return written
    }

    private func draft(
        _ written: Written, _ step: SequenceStep, of sequence: MessageSequence, _ plan: SequencePlan,
        _ enrollment: Enrollment, _ contact: Contact, on channel: Channel, _ tx: Transaction
    ) throws -> MessageDraft {
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
        return draft
    }
}

extension Enrollment {
    mutating func finish(at now: Instant) {
        (status, endedAt) = (.finished, now)
        (nextAt, nextStep, nextChannel) = (nil, nil, nil)
    }
}
