package import Agents
package import Database
package import JSON
internal import Jobs
package import Messages
package import Nouns
internal import People
package import Records
internal import Sequences
internal import Telemetry
internal import Wording

/// Lets qualified leads begin with a sequence, the best first, and no more of them than the day's messages allow. What
/// it has begun goes on by itself; the outbox holds every message of the agent to the same limit.
package struct OutreachAgent: AgentDefinition {
    package static let agentName = "outreach_automation"
    package let name: String = OutreachAgent.agentName
    package let title = "Outreach"
    package let purpose = "Writes to qualified leads, in sequences."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let schedules = [DefaultSchedule(name: "Outreach", cron: "daily")]
    package let dailyHour = 10
    package let initiative = Initiative.writesFirst
    package let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "templates:read", "sequences:read",
        "sequences:write", SendMessage.permission,
    ]
    package let tools = [SendMessage.tool]
    package typealias Settings = OutreachSettings

    let dependencies: DealsDependencies
    let messaging: MessagingDependencies

    package init(_ dependencies: DealsDependencies, _ messaging: MessagingDependencies) {
        (self.dependencies, self.messaging) = (dependencies, messaging)
    }

    /// Leads that are enrolled in one transaction, and in one run.
    private static let chunk = 20, runMax = 1000

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        var tally = OutreachTally()
        var place: OutreachPlace?
        while tally.chosen < Self.runMax {
            let (from, before) = (place, tally)
            let step = try await run.write { tx in try work(run, settings, from: from, before, in: tx) }
            (tally, place) = (step.tally, step.place)
            run.processed(step.tally.looked - before.looked)
            if step.place == nil { break }
        }
        let end = tally
        return try await run.finish { tx in
            for (code, count) in end.refused.sorted(by: { $0.key < $1.key }) {
                tx.refusals.refuse(
                    .effect, agent: run.agent, Subject(run.id), code: code,
                    OutreachCandidate.words[code] ?? "The contact may not be written to at the moment.",
                    run: .agent(run.id),
                    count: count)
            }
            return end.json
        }
    }

    /// Looks at the next leads; the place where it goes on is `nil` when there are no more, or the day is full.
    private func work(
        _ run: AgentRun, _ settings: OutreachSettings, from place: OutreachPlace?, _ before: OutreachTally,
        in tx: Transaction
    ) throws -> (tally: OutreachTally, place: OutreachPlace?) {
        var tally = before
        let capacity = settings.respectsCapacity ? try tx.outreach.capacity() : .free
        tally.capacity = capacity
        guard capacity != .over else {
            tally.refused["over_capacity", default: 0] += 1
            return (tally, nil)
        }
        let leave = try run.leave(SendMessage.tool, permission: SendMessage.permission, in: tx)
        guard let sequence = try tx.outreach.sequence(settings.sequenceID) ?? seeded(settings, leave, tx),
            sequence.status == .active
        else {
            tally.refused["no_sequence", default: 0] += 1
            return (tally, nil)
        }
        // The agent's daily cap holds everything; this only holds back who would be new.
        var left = try tx.sequences.messagesLeft(
            of: run.agent, capacity.limit(of: settings.maxOutreachPerDay), beginning: sequence)
        let leads = try dependencies.outreachLeads(
            tx, settings.priorities, settings.minScore, place, Self.chunk)
        for lead in leads {
            tally.looked += 1
            let candidate = try OutreachCandidate(lead, sequence, messaging, capacity, in: tx)
            if let code = candidate.refusal {
                tally.refused[code, default: 0] += 1
                continue
            }
            guard left > 0 else {
                tally.refused[capacity == .tight ? "tight_capacity" : "daily_cap", default: 0] += 1
                return (tally, nil)
            }
            left -= 1
            tally.chosen += 1
            if try begin(candidate, with: sequence, run, leave, tx) { tally.enrolled += 1 }
        }
        guard leads.count == Self.chunk, let last = leads.last else { return (tally, nil) }
        return (tally, OutreachPlace(score: last.score ?? -1, id: last.id))
    }

    /// A sequence for an agency that has none. Where nobody may be written to it is not stored: the agent decides as
    /// if it were there.
    private func seeded(
        _ settings: OutreachSettings, _ leave: RunGateDecisions, _ tx: Transaction
    ) throws -> MessageSequence? {
        guard settings.sequenceID == nil else { return nil }
        return leave.isGiven
            ? try tx.outreach.seed() : MessageSequence.new(id: tx.nextID(), now: tx.now)
    }

    private func begin(
        _ candidate: OutreachCandidate, with sequence: MessageSequence, _ run: AgentRun,
        _ leave: RunGateDecisions,
        _ tx: Transaction
    ) throws -> Bool {
        guard let contact = candidate.contact else { return false }
        let first = sequence.steps.list.first
        let conclusion = Conclusion(
            outcome: [
                "action": "enroll",
                "sequence_id": sequence.revision > 0 ? JSON(sequence.id) : .null,
                "step": JSON(first?.id), "template_id": JSON(first?.templateID),
            ], confidence: candidate.confidence, factors: candidate.factors,
            model: ["name": "rules", "version": "1"],
            inputs: ["lead": candidate.facts, "sequence_revision": JSON(sequence.revision)])
        let subject = Subject(candidate.lead.id)
        let decision = try run.decide(in: tx, subject, conclusion)
        // Each run decides anew: a lead that is left now is looked at again the next day.
        guard decision.isNew else { return false }
        let words: JSON =
            leave.isGiven ? [:] : try firstMail(of: sequence, to: contact, candidate.lead, tx)
        guard try leave.covers(subject, words, decision: decision.id, in: tx) else { return false }
        var request = EnrollmentRequest(sequence, contact, lead: candidate.lead.id, why: candidate.why)
        request.origin = Origin(run: .agent(run.id), decision: decision.id)
        try tx.enrollments.enroll(request, by: run.actor)
        return true
    }

    /// Returns the first mail's arguments, as far as they can be told before anybody begins with the sequence.
    private func firstMail(
        of sequence: MessageSequence, to contact: Contact, _ lead: LeadFacts, _ tx: Transaction
    ) throws -> JSON {
        let arguments: JSON = [
            "channel": .string(Channel.email.rawValue), "contact_id": JSON(contact.id),
        ]
        let mail = sequence.steps.list.first { $0.channel == .email }
        guard let template = mail?.template(for: contact.id, of: sequence.id) else { return arguments }
        do {
            let written = try messaging.write(template, to: contact, lead: lead.values, in: tx)
            return arguments.merging(["subject": JSON(written.subject), "body": .string(written.body)])
        } catch is Problem {
            // Say a template that is gone: its sequence says so once somebody begins.
            return arguments
        }
    }

    /// Returns the number of messages that an agency lets this agent send a day.
    package func dailyCap(in reader: some Queryable) throws -> Int {
        settings(from: try reader.agentConfigurations.published(self).values).settings.maxOutreachPerDay
    }
}

/// The place from which the agent goes on among the leads: they are looked at by score, then by age.
package struct OutreachPlace: Sendable {
    package let score: Int
    package let id: LeadID
}

/// The results of a run.
struct OutreachTally: Sendable {
    var looked = 0, chosen = 0, enrolled = 0
    var capacity = OutreachCapacity.free
    /// The number of leads that were not chosen, by reason.
    var refused: [String: Int] = [:]

    var json: JSON {
        [
            "processed": JSON(looked), "changed": JSON(enrolled), "chosen": JSON(chosen),
            "capacity": .string(capacity.name),
            "refused": .object(
                JSONObject(refused.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
        ]
    }
}
