package import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
package import People
package import Records
package import Telemetry
package import Templates
internal import Tenancy
internal import Workflows

/// A request to enroll a contact in a sequence, with the reason.
package struct EnrollmentRequest: Sendable {
    package var sequence: MessageSequence
    package var contact: Contact
    package var lead: LeadID?
    /// The reason for the enrollment, as people read it.
    package var why: Saying?
    package var authorName: String?
    /// The origin of an agent's request, to which its messages to the contact go back.
    package var origin = Origin()
    /// The time from which the days of the steps count; steps whose day is over are passed over. `nil`: each step
    /// counts from the one before.
    package var countedFrom: Instant?
    /// The least time between two touches, as an ISO 8601 duration, and when they had the last one.
    package var touchEvery: String?, lastTouch: Instant?
    /// The place of the first step that they have not had yet, and the ids of all that they have had: none comes twice.
    package var position = 0, had: Set<String> = []

    package init(_ sequence: MessageSequence, _ contact: Contact, lead: LeadID?, why: Saying? = nil) {
        (self.sequence, self.contact, self.lead, self.why) = (sequence, contact, lead, why)
    }
}

/// Enrolments of contacts in sequences: `tx.enrollments`.
package struct EnrollmentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var enrollments: EnrollmentStore<Self> { EnrollmentStore(tx: self) }
}

extension EnrollmentStore {
    /// Returns whether somebody is on their way through a sequence.
    package func isUnderWay(
        _ sequence: ID<MessageSequence>, contact: ContactID, lead: LeadID?
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND sequence_id = \(sequence) AND status IN ('active', 'paused')
                AND (contact_id = \(contact) OR lead_id = \(lead))
            """)
    }

    func running(of contact: ContactID) throws -> [Enrollment] {
        try Enrollment.resource.all(
            where: "contact_id = \(contact) AND status IN ('active', 'paused')", suffix: "ORDER BY id",
            in: tx)
    }

    /// The steps as they are for whoever is enrolled, who may take part in a trial of one.
    func plan(of enrollment: Enrollment) throws -> SequencePlan {
        var plan = try tx.sequences.plan(of: enrollment.sequenceID, revision: enrollment.sequenceVersion)
        for trial in try tx.experiments.running(of: enrollment.sequenceID) {
            guard let place = plan.steps.firstIndex(where: { $0.id == trial.stepID }) else { continue }
            plan.steps[place] = try tx.experiments.variant(of: trial, for: enrollment.contactID)
                .applied(to: plan.steps[place])
        }
        guard plan.purpose == .marketing else { return plan }
        plan.hour = try likedHour(of: enrollment.contactID)
        plan.weekday = try tx.preferences.stated(enrollment.contactID).weekday
        if plan.hour != nil || plan.weekday != nil {
            plan.keepsHour =
                try MessageSequence.resource.find(enrollment.sequenceID, in: tx)?.kind == .nurture
        }
        return plan
    }

    /// The hour at which a contact likes to be written to; none where the agency's quiet hours have it.
    private func likedHour(of contact: ContactID) throws -> Int? {
        guard let hour = try tx.preferences.hour(of: contact) else { return nil }
        let time = LocalTime(CivilDate(daysSinceEpoch: 0), hour: hour, minute: 0)
        return try tx.agency.tenant().quietHours?.contains(time) == true ? nil : hour
    }

    /// When the days and hours of its step let a message of an enrolment leave, from now on; `nil` where the step is
    /// gone.
    func due(_ message: Message, of enrollment: ID<Enrollment>, in zone: TimeZoneRules) throws -> Instant? {
        guard let enrollment = try Enrollment.resource.find(enrollment, in: tx) else { return nil }
        let name = message.sendKey?.split(separator: "/").last.map(String.init)
        let plan = try plan(of: enrollment)
        return plan.steps.first { $0.id == name }.map { plan.timing(of: $0).fit(tx.now, in: zone) }
    }

    /// The clocks of whoever is enrolled.
    func zone(of contact: Contact?) throws -> TimeZoneRules {
        let own = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        return contact?.zone(own) ?? own
    }
}

extension EnrollmentStore {
    /// Returns when the first step is due of whoever begins as a request says.
    package func firstDue(_ request: EnrollmentRequest) throws -> Instant? {
        try begun(request).nextAt
    }

    /// Returns the enrolment as it begins, before anything of it is stored.
    fileprivate func begun(_ request: EnrollmentRequest) throws -> Enrollment {
        var enrollment = Enrollment()
        try begin(&enrollment, request)
        return enrollment
    }

    fileprivate func begin(_ enrollment: inout Enrollment, _ request: EnrollmentRequest) throws {
        let (sequence, contact) = (request.sequence, request.contact)
        (enrollment.sequenceID, enrollment.sequenceVersion) = (sequence.id, sequence.revision)
        (enrollment.contactID, enrollment.leadID) = (contact.id, request.lead)
        (enrollment.countedFrom, enrollment.touchEvery) = (request.countedFrom, request.touchEvery)
        (enrollment.position, enrollment.lastAt) = (request.position, request.lastTouch)
        let (plan, zone) = (try plan(of: enrollment), try zone(of: contact))
        for step in plan.steps.dropFirst(request.position) where request.had.contains(step.name) {
            enrollment.note(step.name, .passedOver, code: Enrollment.hadBefore, at: tx.now)
        }
        enrollment.passOverPast(plan, at: tx.now, in: zone)
        // An enrollment that goes on where it was counts from its last message.
        let base = request.position > 0 ? request.lastTouch ?? tx.now : tx.now
        enrollment.wait(for: plan, after: base, in: zone)
    }
}

package extension EnrollmentStore where Base == Transaction {
    /// Lets somebody begin with a sequence as it is now. Throws where they are in it already, or it takes nobody.
    @discardableResult
    func enroll(_ request: EnrollmentRequest, by actor: Actor) throws -> Enrollment {
        let (sequence, contact) = (request.sequence, request.contact)
        try tx.agents.require("sequences:write", of: actor)
        guard sequence.status != .archived else {
            throw Problem(.conflict, "The sequence is archived: choose an active one.")
        }
        guard try !isUnderWay(sequence.id, contact: contact.id, lead: request.lead) else {
            throw Problem(.alreadyExists, "The contact is already enrolled in this sequence.")
        }
        var enrollment = Enrollment.new(id: tx.nextID(), now: tx.now)
        try begin(&enrollment, request)
        enrollment.clientID = sequence.clientID ?? contact.clientID
        enrollment.why = enrollment.say("why", request.why)
        (enrollment.author, enrollment.authorName) = (actor.json, request.authorName)
        (enrollment.agentRunID, enrollment.decisionID) = (
            request.origin.run?.ofAgent, request.origin.decision
        )
        enrollment.runID = try tx.workflows.start(
            SequenceWorkflow.self, .init(enrollment: enrollment.id), by: actor
        ).id
        try Enrollment.resource.insert(&enrollment, in: tx)
        try tx.experiments.beginTrial(of: enrollment)
        tx.sequences.count(.enrolled, of: sequence.id)
        try tx.auditLog.add(
            actor, "enrollment.created", enrollment.subject, enrollment.payload, run: request.origin.run,
            decision: enrollment.decisionID)
        try tx.publish("enrollment.created", enrollment.subject, enrollment.payload)
        return enrollment
    }

    /// Something has come that ends sequences, or lets them wait, each by its own rules: in the transaction that stores
    /// it. What has not left is taken back.
    func exit(
        of contact: ContactID, because reason: ExitReason, detail: Saying? = nil
    ) throws {
        for enrollment in try running(of: contact) {
            let plan = try plan(of: enrollment)
            switch reason {
            case .reply, .meeting, .dealStage:
                if plan.exitOn.contains(reason) {
                    try exit(enrollment, because: reason, detail)
                } else if plan.pauseOn.contains(reason), enrollment.status == .active {
                    try pause(
                        enrollment,
                        because: Saying("enrollment.waits_for_person", ["event": .text(reason.rawValue)]),
                        by: .system)
                }
            default: try exit(enrollment, because: reason, detail)
            }
        }
    }

    /// Takes somebody out of the sequences in which they are as another contact, too, whom they turn out to be.
    func leave(_ gone: ContactID, as kept: ContactID) throws {
        let sequences = Set(try running(of: kept).map(\.sequenceID))
        for enrollment in try running(of: gone) where sequences.contains(enrollment.sequenceID) {
            try exit(enrollment, because: .removed, Saying("enrollment.same_person"))
        }
    }

    /// Takes somebody out of a sequence. `isOwnStep`: its workflow says so, and ends by itself.
    func exit(
        _ enrollment: Enrollment, because reason: ExitReason, _ detail: Saying? = nil,
        by actor: Actor = .system,
        isOwnStep: Bool = false
    ) throws {
        guard enrollment.isRunning else { return }
        var next = enrollment
        (next.status, next.exitReason, next.endedAt) = (.exited, reason, tx.now)
        next.tell(reason: detail)
        (next.nextAt, next.nextStep, next.nextChannel) = (nil, nil, nil)
        (next.messageID, next.taskID) = (nil, nil)
        try change(enrollment, to: &next)
        tx.counters.countLater("sequences.\(enrollment.sequenceID).exited.\(reason.rawValue)", 1)
        try withdraw(enrollment, because: next.reason)
        try tx.auditLog.add(actor, "enrollment.exited", next.subject, next.payload)
        try tx.publish("enrollment.exited", next.subject, next.payload)
        if !isOwnStep, let run = enrollment.runID, let stored = try tx.workflows.run(run),
            !stored.status.isFinished
        {
            _ = try tx.workflows.cancel(run, by: actor)
        }
    }

    /// Takes back what has not left, and what nobody has done.
    private func withdraw(_ enrollment: Enrollment, because detail: String?) throws {
        if let id = enrollment.messageID, let message = try Message.resource.find(id, in: tx) {
            try takeBack(message, because: .sequenceHasEnded(detail))
        }
        if let id = enrollment.taskID, let task = try OutreachTask.resource.find(id, in: tx) {
            try end(task, as: .skipped, by: .system)
        }
    }

    /// Has somebody who is under way hear from the agency more or less often, from their last touch on.
    func keep(_ touchEvery: String?, of enrollment: Enrollment) throws {
        guard enrollment.isRunning, enrollment.touchEvery != touchEvery else { return }
        var next = enrollment
        next.touchEvery = touchEvery
        if next.messageID == nil, next.taskID == nil {
            let contact = try Contact.resource.find(enrollment.contactID, in: tx)
            let base = next.lastAt ?? next.createdAt
            next.wait(for: try plan(of: enrollment), after: base, in: try zone(of: contact))
        }
        try change(enrollment, to: &next)
        try wake(next)
    }

    func pause(_ enrollment: Enrollment, because reason: Saying?, by actor: Actor) throws {
        guard enrollment.status == .active else { return }
        var next = enrollment
        next.status = .paused
        next.tell(reason: reason)
        try change(enrollment, to: &next)
        try tx.auditLog.add(actor, "enrollment.paused", next.subject)
        try tx.publish("enrollment.paused", next.subject, next.payload)
    }

    /// Resumes a paused enrollment. A step that fell due meanwhile is due now.
    func resume(_ enrollment: Enrollment, by actor: Actor) throws {
        guard enrollment.status == .paused else { return }
        var next = enrollment
        next.status = .active
        next.tell(reason: nil)
        try change(enrollment, to: &next)
        try tx.auditLog.add(actor, "enrollment.resumed", next.subject)
        try tx.publish("enrollment.resumed", next.subject, next.payload)
        try wake(next)
    }

    /// Ends an open task; its sequence goes on.
    func end(
        _ task: OutreachTask, as status: OutreachTask.Status, by actor: Actor, note: String? = nil
    ) throws {
        guard task.status == .open else { return }
        var ended = task
        (ended.status, ended.doneAt) = (status, tx.now)
        if let note { ended.note = note }
        ended.version += 1
        ended.updatedAt = tx.now
        try OutreachTask.resource.update(task, to: ended, in: tx)
        try tx.auditLog.add(actor, "outreach_task.\(status.rawValue)", task.subject)
        try tx.publish(
            "outreach_task.\(status.rawValue)", task.subject,
            ["enrollment_id": JSON(task.enrollmentID)])
        guard let enrollment = try task.enrollmentID.flatMap({ try Enrollment.resource.find($0, in: tx) }),
            enrollment.isRunning, enrollment.taskID == task.id
        else { return }
        var next = enrollment
        let contact = try Contact.resource.find(enrollment.contactID, in: tx)
        next.advance(try plan(of: enrollment), at: tx.now, in: try zone(of: contact))
        try change(enrollment, to: &next)
        try wake(next)
    }

    /// Lets the workflow look again.
    internal func wake(_ enrollment: Enrollment) throws {
        guard let run = enrollment.runID, let stored = try tx.workflows.run(run), !stored.status.isFinished
        else {
            return
        }
        _ = try tx.workflows.signal(run, SequenceWorkflow.look, .null)
    }

    /// Stores a change of an enrolment under its next version.
    internal func change(_ old: Enrollment, to new: inout Enrollment) throws {
        guard !Enrollment.resource.changes(from: old, to: new).isEmpty else { return }
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Enrollment.resource.update(old, to: new, in: tx)
        if new.nextStep != old.nextStep { try tx.experiments.beginTrial(of: new) }
    }

    /// Takes back a message of a sequence that has not left.
    internal func takeBack(
        _ message: Message, because reason: Reason, isReplaced: Bool = false
    ) throws {
        guard try tx.outbox.withdraw(message, because: reason, isReplaced: isReplaced) else { return }
        if let job = try tx.jobs.live(MessageSendJob.self, uniqueKey: message.id) {
            _ = try tx.jobs.cancel(job)
        }
    }
}

extension Reason {
    static func sequenceHasEnded(_ detail: String? = nil) -> Reason {
        let words = ["The sequence has ended for this contact.", detail].compactMap(\.self)
        return Reason(Reason.sequenceEnded, String(words.joined(separator: " ").prefix(500)))
    }
}
