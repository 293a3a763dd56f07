internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy

/// The choices of one transaction of a run.
struct NurtureRound {
    private let run: AgentRun
    private let tx: Transaction
    private let settings: NurtureSettings
    private let dependencies: NurtureDependencies
    private let outbox: Outbox
    private let leave: RunGateDecisions
    private let weights: EngagementWeights
    private var room: Int?
    private(set) var enrolled = 0
    /// The number of those for whom there was no room, since the run has begun.
    private(set) var waiting: Int

    init(
        _ run: AgentRun, _ settings: NurtureSettings, _ dependencies: NurtureDependencies,
        _ outbox: Outbox, waiting: Int = 0, in tx: Transaction
    ) throws {
        (self.run, self.settings, self.waiting, self.tx) = (run, settings, waiting, tx)
        (self.dependencies, self.outbox) = (dependencies, outbox)
        leave = try run.leave(SendMessage.tool, permission: SendMessage.permission, in: tx)
        weights = EngagementWeights(settings.engagementWeights)
    }

    private static let day: Duration = .seconds(86_400)
    /// The most days after which somebody who waits for room is looked at again.
    private static let turnMax = 30

    /// Chooses a lead's sequence, and lets it begin where it has not; `nil` where the lead is gone.
    @discardableResult
    mutating func choose(for id: LeadID) throws -> NurtureChoice? {
        guard let lead = try dependencies.lead(tx, id) else {
            try tx.nurture.forget(id)
            return nil
        }
        let contact = try lead.contact.flatMap { try Contact.resource.find($0, in: tx) }
        var facts = NurtureFacts()
        (facts.ageDays, facts.stage) = (lead.ageDays, lead.stage)
        if let contact {
            facts.activities = try tx.engagement.find(contact.id).counts
        }
        let isOther = try contact.map { try isSilentAsOther($0) } ?? false
        facts.silence = try silence(lead, contact, isOther)
        if facts.silence == .customer, let contact {
            try tx.nurture.leave(contact.id, .stage, Saying("enrollment.client"))
        }
        if facts.silence == .heldOut, isOther, let contact {
            try tx.nurture.leave(contact.id, .stage, Saying("enrollment.held_out"))
        }
        let fitting = NurtureChoice(facts, weights).key
        let candidate = try fitting.flatMap { key in
            try contact.map { try NurtureCandidate(key, lead, $0, in: tx) }
        }
        facts.nextAt = candidate?.nextAt
        let choice = NurtureChoice(facts, weights)
        let isRoom = try candidate.map { try hasRoom(for: $0) } ?? true
        var looks = [lead.stageEnds, candidate?.again].compactMap(\.self)
        // The end of a merge changes nothing of the lead that was kept.
        if !facts.activities.isEmpty || isOther { looks.append(tx.now + Self.day) }
        if !isRoom { looks.append(try nextTurn()) }
        let due = lead.isWon || lead.isArchived ? nil : looks.min()
        if isRoom || run.parameters["lead_id"] != nil {
            let decision = try run.decide(
                in: tx, Subject(id), choice.conclusion)
            if decision.isNew, isRoom { try begin(candidate, of: lead, decision.id) }
        }
        try tx.nurture.decided(id, of: lead.contact, due: due)
        return choice
    }

    /// Why a lead gets nothing: what holds for ever counts before what ends by itself.
    private func silence(
        _ lead: NurtureLead, _ contact: Contact?, _ isOther: Bool
    ) throws -> NurtureSilence? {
        if lead.isWon { return .customer }
        if lead.isArchived { return .archived }
        if try dependencies.isClient(tx, lead.id, lead.contact) { return .customer }
        guard let contact else { return .noAddress }
        if contact.clientID != nil { return .customer }
        let channel = try outbox.channels.best(for: contact, .marketing, in: tx)
        let codes = try Set(
            Sendability(.init(contact, channel, .marketing), outbox.dependencies, in: tx).reasons.map(\.code))
        if contact.doNotContact
            || !codes.isDisjoint(with: ["unsubscribed", "suppressed", "no_consent", "only_referred"])
        {
            return .unsubscribed
        }
        if !codes.isDisjoint(with: ["no_address", "undeliverable"]) { return .noAddress }
        if isOther { return .heldOut }
        if try tx.nurture.draw(contact, percent: settings.holdoutPercent) { return .heldOut }
        if codes.contains("in_sales_process") { return .inSequence }
        if try !tx.enrollments.running(of: contact.id, inNurture: false).isEmpty { return .inSequence }
        let own = try tx.enrollments.running(of: contact.id, inNurture: true)
        return try own.contains { try !tx.nurture.isSeeded($0) } ? .inSequence : nil
    }

    /// Returns whether somebody was drawn to get nothing as another contact of theirs: as long as the merge lasts.
    private func isSilentAsOther(_ contact: Contact) throws -> Bool {
        guard contact.heldOut != true else { return false }
        return try !tx.nurture.drawnOut(of: [contact], outbox.dependencies.kin(tx, [contact.id])).isEmpty
    }

    /// Returns whether the agency's day has room for one more: an old list that comes at once waits for its
    /// turn. Whoever is new is welcomed on time.
    private mutating func hasRoom(for candidate: NurtureCandidate) throws -> Bool {
        guard candidate.begins, candidate.key != .newLead, let sequence = candidate.sequence else {
            return true
        }
        let known =
            try room
            ?? tx.sequences.messagesLeft(
                of: run.agent, (tx.agency.tenant().sending ?? SendingLimits()).perDay, beginning: sequence)
        guard known > 0 else {
            room = 0
            return false
        }
        room = known - 1
        return true
    }

    /// Returns the day on which the next of those who wait is looked at again: on each as many as may begin, so that a
    /// long list is not gone through every day for the few. Who changes meanwhile is looked at the next day.
    private mutating func nextTurn() throws -> Instant {
        let tenant = try tx.agency.tenant(), perDay = (tenant.sending ?? SendingLimits()).perDay
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let days = min(Self.turnMax, 1 + waiting / max(1, perDay))
        waiting += 1
        let day = zone.local(of: tx.now).date.adding(days: days)
        return zone.firstInstant(atOrAfter: LocalTime(day, hour: 0))
    }

    private mutating func begin(
        _ candidate: NurtureCandidate?, of lead: NurtureLead, _ decision: DecisionID
    ) throws {
        guard let candidate, candidate.begins, let sequence = candidate.sequence,
            try leave.covers(
                Subject(type: Nouns.Lead.noun, id: "\(lead.id)"),
                [
                    "channel": .string(
                        outbox.channels.best(for: candidate.contact, .marketing, in: tx).rawValue),
                    "contact_id": JSON(candidate.contact.id),
                    "sequence_id": JSON(sequence.id),
                ], decision: decision, in: tx)
        else { return }
        for other in candidate.others {
            try tx.enrollments.exit(other, because: .stage, Saying("enrollment.stage"))
        }
        var request = candidate.request(sequence)
        request.origin = Origin(run: .agent(run.id), decision: decision)
        try tx.enrollments.enroll(request, by: run.actor)
        enrolled += 1
    }
}
