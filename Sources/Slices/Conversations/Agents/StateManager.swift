package import Agents
package import Database
package import JSON
internal import Jobs
internal import Messages
internal import Nouns
package import Records
internal import Telemetry

/// An agency's settings for the check of conversations' states.
package struct StateSettings: AgentSettings {
    package var patienceMinutes = 60

    package init() {}

    package static let schema = Schema<StateSettings>(
        "StateSettings",
        [
            .integer(
                "patience_minutes", \.patienceMinutes, in: 5...1440,
                .about("After the last check, how long somebody may wait until they count as forgotten."))
        ])
}

/// Looks after the states of conversations. They change by the table of `AgentStates` alone, which refuses what cannot
/// come; this finds those that do not agree all the same, and who waits without anything being done, and mends them.
package struct StateManager: AgentDefinition {
    static let agentName = "state_manager"
    package let name = StateManager.agentName
    package let title = "State manager"
    package let purpose = "Finds conversations whose states do not agree or that are stuck, and mends them."
    package let cannot = [
        "It talks to nobody: who was forgotten is told by the handover's own checks, which it stores anew."
    ]
    package let schedules = [DefaultSchedule(name: "Conversation states", cron: "daily")]
    package let dailyHour = 6
    package let tools = ["update_record"]
    package let permissions: Set<Permission> = [
        "contacts:read", "conversations:read", "conversations:write",
    ]
    package typealias Settings = StateSettings

    package init() {}

    /// Conversations that are looked at in one transaction.
    private static let chunk = 100

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        let patience = Duration.seconds(60 * settings.patienceMinutes)
        var (looked, mended, after) = (0, 0, ID<Conversation>.unset), isMore = true
        while isMore {
            let from = after
            let step = try await run.write { tx in
                let changes = try run.leave("update_record", permission: "conversations:write", in: tx)
                let found = try Self.suspects(after: from, in: tx)
                var count = 0
                for conversation in found {
                    let check = StateCheck(StateFacts(of: conversation, at: tx.now), patience: patience)
                    guard check.fault != nil else { continue }
                    let made = try run.decide(in: tx, conversation.subjectOfEvents, check.conclusion)
                    guard made.isNew,
                        try changes.covers(conversation.subjectOfEvents, decision: made.id, in: tx)
                    else { continue }
                    try tx.handovers.mend(conversation, check)
                    count += 1
                }
                return (looked: found.count, mended: count, last: found.last?.id)
            }
            run.processed(step.looked)
            (looked, mended) = (looked + step.looked, mended + step.mended)
            isMore = step.looked == Self.chunk
            if let last = step.last { after = last }
        }
        let result: JSON = ["looked": JSON(looked), "mended": JSON(mended)]
        return try await run.finish { _ in result }
    }

    /// The conversations that are not at rest, or whose states do not fit whoever has them.
    private static func suspects(after: ID<Conversation>, in tx: Transaction) throws -> [Conversation] {
        let (rest, human) = (AgentStates.atRest.json.serialized, AgentStates.humanSpeaks.json.serialized)
        return try Conversation.resource.all(
            where: """
                id > \(after) AND status IN ('open', 'pending', 'snoozed') AND (handler = 'waiting_for_human'
                OR handler = 'human' AND agents <> \(human) OR handler = 'agent' AND agents <> \(rest))
                """, suffix: "ORDER BY id LIMIT \(chunk)", in: tx)
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        let patience = settings(from: configuration).settings.patienceMinutes
        return StateFacts(json: inputs).map {
            StateCheck($0, patience: .seconds(60 * patience)).outcome
        }
    }
}

extension HandoverStore where Base == Transaction {
    /// Puts right what a check has found. Who wrote last and got no answer is answered where the agents have it again.
    func mend(_ conversation: Conversation, _ check: StateCheck) throws {
        guard let fault = check.fault else { return }
        try tx.counters.count("conversations.mended.\(fault.rawValue)", 1)
        guard let states = check.states else { return try remind(of: conversation) }
        var changed = conversation
        changed.agents = states.json
        if fault == .waitsForNobody { changed.handler = .agent }
        try tx.conversations.change(conversation, to: &changed)
        try tellStates(of: changed, from: conversation.states)
        if states == .atRest { try askForAnswer(in: changed) }
    }

    /// Stores the checks by which people are told of somebody, and the agent speaks again, as if they were due now.
    private func remind(of conversation: Conversation) throws {
        guard let handover = conversation.lastHandover else { return }
        for (action, delay) in [(HandoverPlan.Action.alertStaff, 0), (.reactivatePrimary, 60)]
        where !handover.isDone(action) {
            try tx.jobs.enqueue(
                HandoverCheckJob.self, .init(conversation: conversation.id, action: action, of: handover),
                JobOptions(
                    runAt: tx.now + .seconds(delay),
                    uniqueKey: "\(conversation.id)/\(handover.requestedAt)/\(action.rawValue)/again",
                    subject: conversation.subjectOfEvents))
        }
    }
}
