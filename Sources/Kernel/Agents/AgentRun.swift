package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Synchronization
package import Telemetry

/// One attempt of a run, as its agent sees it. Every write is fenced by the run's job, and carries the trace's
/// new steps along.
package final class AgentRun: Sendable {
    package let id: AgentRunID, agent: String
    package let trigger: RunTrigger
    package let parameters: JSON
    package let configuration: AgentConfiguration
    package let autonomy: Autonomy
    package let job: JobContext
    let definition: any AgentDefinition
    private let cause: JSON?
    private let trace = Mutex(Trace())

    private struct Trace {
        var steps: [RunStep] = []
        var stored = 0
        var items = 0, tokens = 0
        /// In millionths of a minor unit: what many small calls cost is rounded once.
        var cost: Int64 = 0
        var hasAsked = false
    }

    init(
        _ record: AgentRunRecord, _ definition: any AgentDefinition, _ configuration: AgentConfiguration,
        _ autonomy: Autonomy, _ job: JobContext
    ) throws {
        (id, agent, trigger, self.job) = (record.id, record.agent, record.trigger, job)
        parameters = try JSONParser.parse(record.parameters)
        cause = try record.cause.map { try JSONParser.parse($0) }
        (self.definition, self.configuration, self.autonomy) = (definition, configuration, autonomy)
    }

    package var tenant: TenantID { job.tenant }
    package var now: Instant { job.now }
    package var actor: Actor { .agent(agent) }
    package var isCancelled: Bool { job.isCancelled }

    package func read<T>(_ body: (Reader) throws -> T) throws -> T { try job.read(body) }

    /// Throws `LeaseLost`, and changes nothing, when the run is no longer this attempt's.
    @discardableResult package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let (id, agent, steps) = (id, agent, newSteps())
        let result = try await job.write { tx in
            tx.pending.acting = (agent: agent, run: id)
            try tx.runs.store(steps, ofRun: id)
            return try body(tx)
        }
        // Several parts of a run may write beside each other, with the same steps.
        trace.withLock { $0.stored = max($0.stored, steps.last?.number ?? 0) }
        return result
    }

    /// Ends the run in the transaction of its last effects, so that both happen exactly once. `run` returns the
    /// same result afterwards.
    @discardableResult
    package func finish(_ body: @escaping @Sendable (Transaction) throws -> JSON) async throws -> JSON {
        let (id, agent, steps) = (id, agent, newSteps())
        let (items, tokens, hasAsked) = trace.withLock { ($0.items, $0.tokens, $0.hasAsked) }
        let cost = Int(Money(micros: trace.withLock { $0.cost }, currency: "").amount)
        return try await job.complete { tx in
            tx.pending.acting = (agent: agent, run: id)
            try tx.runs.store(steps, ofRun: id)
            // The body counts, too, and anew where it is done again.
            self.trace.withLock { $0.items = items }
            let result = try body(tx)
            if hasAsked { try tx.modelCalls.forget(ofRun: id) }
            let counted = self.trace.withLock { $0.items }
            try tx.runs.succeed(run: id, agent, result, items: counted, cost: cost, tokens: tokens)
            return result
        }
    }

    package var isFinished: Bool { job.isCompleted }

    /// A part of the work that shows in the trace, with its times, its note and its error.
    package func step<T: Sendable>(
        _ name: String, note: JSON? = nil, _ body: @Sendable () async throws -> T
    ) async throws -> T {
        try Task.checkCancellation()
        let start = now
        do {
            let result = try await body()
            record(name, note, nil, start)
            return result
        } catch {
            record(name, note, "\(type(of: error))", start)
            throw error
        }
    }

    /// A line of the trace without a duration.
    package func log(_ name: String, _ note: JSON? = nil) { record(name, note, nil, now) }

    func record(_ name: String, _ note: JSON?, _ error: String?, _ start: Instant) {
        let (end, attempt) = (now, job.attempt)
        trace.withLock { trace in
            trace.steps.append(
                RunStep(
                    number: trace.steps.count + 1, attempt: attempt, name: name, note: note, error: error,
                    startedAt: start, finishedAt: end))
        }
    }

    private func newSteps() -> [RunStep] { trace.withLock { Array($0.steps[$0.stored...]) } }

    /// Stores a conclusion in `tx`, once for each subject of the run. Apply its effects only when it is new and
    /// the agent does more than observe; where a person's override holds, apply that.
    package func decide(
        in tx: Transaction, _ subject: Subject, _ conclusion: Conclusion
    ) throws -> MadeDecision {
        let made = try tx.decisions.decide(
            definition, on: id, configurationVersion: configuration.version, subject, conclusion)
        if autonomy == .observe, made.isNew {
            tx.refusals.refuse(
                .effect, agent: agent, Subject(id), code: "observing",
                "The agent only observes: its decision was recorded, and nothing was changed.",
                run: .agent(id))
        }
        return made
    }

    /// Adds to the number of records that the run has worked on.
    package func processed(_ count: Int = 1) { trace.withLock { $0.items += count } }

    /// Adds to what the run has spent: money in millionths of a minor unit of the tenant's currency, and a model's
    /// tokens.
    package func spent(cost: Int64 = 0, tokens: Int = 0) {
        trace.withLock { ($0.cost, $0.tokens) = ($0.cost + cost, $0.tokens + tokens) }
    }

    /// Notes that the run has asked a model: answers are kept until the run has ended.
    func hasAsked() { trace.withLock { $0.hasAsked = true } }

    /// The subjects of the events that started the run, and of those since; empty for a run that no event
    /// started.
    package func eventSubjects(limit: Int = 1000) throws -> [Subject] {
        guard let row = cause?["row"]?.int else { return [] }
        return try read { reader in
            try reader.events.subjects(of: definition.events, after: row - 1, limit: limit)
        }
    }
}

/// Runs an agent: the job behind every run.
struct AgentRunJob: JobKind {
    struct Payload: Codable, Sendable {
        let run: AgentRunID, agent: String
        /// Milliseconds; absent where the definition's holds.
        var deadline: Int64?
    }

    static let kind = "agent.run"
    static let queue = "agents"
    static let attemptsMax = 3
    /// ERR_003 ends a run: made again, it would take as long.
    static let retriesTimeouts = false

    let agents: AgentRegistry

    func timeout(_ payload: Payload) -> Duration {
        payload.deadline.map { .milliseconds($0) } ?? agents[payload.agent]?.timeout ?? .seconds(60)
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let agent = agents[payload.agent] else {
            throw JobFailure.terminal("unknown_agent", "the agent \(payload.agent) does not exist")
        }
        try waitForPredecessor(payload, job)
        let begun = try await job.write { tx in
            try tx.runs.begin(run: payload.run, agent, job)
        }
        guard let (run, leftBehind) = begun else {
            // It ended otherwise, say by hand: nothing is left to do.
            return
        }
        do {
            if let lifecycle = agent as? any AgentLifecycle {
                try await perform(lifecycle, run, leftBehind: leftBehind)
            } else {
                try await perform(agent, run)
            }
        } catch {
            if !run.isFinished, !(error is LeaseLost) { await keepTrace(of: run, error) }
            throw error is RuntimeError ? JobFailure(of: error) : error
        }
    }

    private func perform(_ agent: any AgentDefinition, _ run: AgentRun) async throws {
        let result = try await agent.run(run)
        if !run.isFinished { try await run.finish { _ in result } }
    }

    private func perform(_ agent: any AgentLifecycle, _ run: AgentRun, leftBehind: Int?) async throws {
        if let leftBehind { try await agent.cleanUp(before: run, attempt: leftBehind) }
        do {
            try await agent.initialise(run)
            try await perform(agent as any AgentDefinition, run)
        } catch {
            await agent.cleanUp(after: run, error)
            throw error
        }
        await agent.cleanUp(after: run, nil)
    }

    /// Keeps the trace before the attempt fails, and why something was refused.
    private func keepTrace(of run: AgentRun, _ error: any Error) async {
        do {
            try await run.write { tx in
                guard case RuntimeError.forbidden(let agent, let permission) = error else { return }
                tx.refusals.refuse(
                    .action, agent: agent, Subject(run.id), code: "forbidden",
                    "The agent does not have the permission \(permission.name).", run: .agent(run.id))
            }
        } catch {
            run.job.runtime.configuration.observer.troubled("storing a run's trace", error)
        }
    }

    private func waitForPredecessor(_ payload: Payload, _ job: JobContext) throws {
        try job.read { reader in
            guard let record = try reader.runs.find(payload.run),
                let reason = try reader.schedules.reasonToHold(record, agents)
            else { return }
            throw JobSnooze(for: .seconds(30), waitingFor: reason)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        try tx.modelCalls.end(ofRun: payload.run)
        switch end {
        case .retried(let failure): try tx.runs.set(run: payload.run, .queued, failure)
        case .snoozed: try tx.runs.set(run: payload.run, .queued, nil)
        case .dead(let failure):
            try tx.runs.fail(run: payload.run, payload.agent, failure)
            try tx.agents.cleanUpLater(afterRun: payload.run, payload.agent)
        case .cancelled:
            try tx.runs.cancel(run: payload.run)
            try tx.agents.cleanUpLater(afterRun: payload.run, payload.agent)
        case .revived: try tx.runs.set(run: payload.run, .queued, nil)
        }
    }
}

extension RunStore where Base == Transaction {
    /// Marks the run as running; `nil` when it has ended. With it comes the attempt that has left something to
    /// be cleaned up.
    fileprivate func begin(
        run id: AgentRunID, _ agent: any AgentDefinition, _ job: JobContext
    ) throws -> (run: AgentRun, leftBehind: Int?)? {
        let status = try tx.agents.status(agent)
        try waitForRate(agent, status, run: id)
        let configuration = try tx.agentConfigurations.published(agent)
        let changed = try tx.run(
            beginRun,
            [
                tx.tenant.sqlValue, id.sqlValue, configuration.version.sqlValue, job.attempt.sqlValue,
                tx.now.sqlValue,
            ])
        guard changed == 1, let record = try find(id) else { return nil }
        var leftBehind: Int?
        if agent is any AgentLifecycle {
            leftBehind = try tx.agents.attemptToClean(ofRun: id)
            try tx.agents.setAttemptToClean(ofRun: id, job.attempt)
        }
        return (try AgentRun(record, agent, configuration, status.autonomy, job), leftBehind)
    }

    /// Throws `JobSnooze` when as many runs as may have begun within the hour; one that has begun goes on.
    private func waitForRate(_ agent: any AgentDefinition, _ status: AgentStatus, run id: AgentRunID) throws {
        guard let limit = status.runsPerHour, try find(id)?.startedAt == nil else { return }
        let begun = try tx.all(
            """
            SELECT started_at FROM agent_runs
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent.name) AND attempt > 0
                AND started_at > \(tx.now - .seconds(3600))
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { $0.instant(0) }
        guard begun.count == limit, let oldest = begun.min() else { return }
        throw JobSnooze(
            for: max(oldest + .seconds(3600) - tx.now, .seconds(1)),
            waitingFor: "the agent's limit of \(limit) runs an hour")
    }

    fileprivate func store(_ steps: [RunStep], ofRun id: AgentRunID) throws {
        for step in steps {
            try tx.run(
                insertStep,
                [
                    tx.tenant.sqlValue, id.sqlValue, step.number.sqlValue, step.attempt.sqlValue,
                    step.name.sqlValue,
                    (step.note?.serialized).sqlValue, step.error.sqlValue, step.startedAt.sqlValue,
                    step.finishedAt.sqlValue,
                ])
        }
    }

    fileprivate func succeed(
        run id: AgentRunID, _ agent: String, _ result: JSON, items: Int, cost: Int, tokens: Int
    ) throws {
        let text = result.serialized
        let started = try tx.first(
            succeedRun,
            [
                tx.tenant.sqlValue, id.sqlValue, text.sqlValue, items.sqlValue, cost.sqlValue,
                tokens.sqlValue,
                tx.now.sqlValue,
            ]
        ) { $0.optionalInstant(0) }
        guard let started else { throw LeaseLost() }
        try tx.agents.countRun(agent, failure: nil, took: tx.now - (started ?? tx.now), items: items)
        try tx.publish(
            "agent_run.succeeded", Subject(id),
            ["agent": .string(agent), "result": result])
        try announce(id)
    }

    fileprivate func fail(run id: AgentRunID, _ agent: String, _ failure: JobFailure) throws {
        let started = try tx.first(
            failRun, [tx.tenant.sqlValue, id.sqlValue, failure.json.serialized.sqlValue, tx.now.sqlValue]
        ) { $0.optionalInstant(0) }
        guard let started else { return }
        try tx.agents.countRun(agent, failure: failure, took: tx.now - (started ?? tx.now), items: 0)
        try tx.publish("agent_run.failed", Subject(id), ["agent": .string(agent), "error": failure.json])
        try announce(id)
    }

    fileprivate func cancel(run id: AgentRunID) throws {
        try tx.run(cancelAgentRun, [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue])
        try announce(id)
    }

    fileprivate func set(run id: AgentRunID, _ status: RunStatus, _ failure: JobFailure?) throws {
        try tx.run(
            requeueRun,
            [
                tx.tenant.sqlValue, id.sqlValue, status.rawValue.sqlValue,
                (failure?.json.serialized).sqlValue, tx.now.sqlValue,
            ])
    }

    private func announce(_ id: AgentRunID) throws {
        for hear in tx.runtime.runListeners { try hear(id, tx) }
        let (runs, tenant) = (tx.runtime.runs, tx.tenant)
        tx.onCommit { runs.ended(tenant, id) }
    }
}

private let beginRun = Statement(
    """
    UPDATE agent_runs SET status = 'running', configuration_version = $3, attempt = $4,
        started_at = coalesce(started_at, $5), version = version + 1, updated_at = $5
    WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'running', 'waiting')
    """)

private let insertStep = Statement(
    """
    INSERT INTO run_steps (tenant_id, run_id, number, attempt, name, note, error, started_at, finished_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (tenant_id, run_id, attempt, number) DO NOTHING
    """)

private let succeedRun = Statement(
    """
    UPDATE agent_runs SET status = 'succeeded', result = $3, error = NULL, items = $4, cost = cost + $5,
        tokens = tokens + $6, finished_at = $7, version = version + 1, updated_at = $7
    WHERE tenant_id = $1 AND id = $2 AND status = 'running'
    RETURNING started_at
    """)

private let failRun = Statement(
    """
    UPDATE agent_runs SET status = 'failed', error = $3, finished_at = $4, version = version + 1,
        updated_at = $4
    WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'running', 'waiting')
    RETURNING started_at
    """)

private let cancelAgentRun = Statement(
    """
    UPDATE agent_runs SET status = 'cancelled', finished_at = $3, version = version + 1, updated_at = $3
    WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'running', 'waiting')
    """)

private let requeueRun = Statement(
    """
    UPDATE agent_runs SET status = $3, error = coalesce($4, error), finished_at = NULL, version = version + 1,
        updated_at = $5
    WHERE tenant_id = $1 AND id = $2 AND status <> 'succeeded'
    """)
