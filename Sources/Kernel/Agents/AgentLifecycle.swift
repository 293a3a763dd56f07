package import Database
internal import Jobs
package import Nouns
package import Telemetry

/// An agent that takes something which outlives its process, say a place at a provider, and has to give it back.
/// Each attempt is initialised, run and cleaned up.
package protocol AgentLifecycle: AgentDefinition {
    /// Before `run`, in every attempt. What it takes is taken under the run's id, so that `cleanUp` finds it.
    func initialise(_ run: AgentRun) async throws

    /// Gives back what any attempt of the run has taken: after every attempt, however it ended, and when its
    /// process died, before the next attempt, or by a job when there is none. May be called more than once.
    func cleanUp(_ cleanUp: CleanUp) async throws
}

/// An agent's access while it cleans up: the run itself may be over. Its writes hold only as long as nobody else has
/// begun to clean up after a later attempt.
package struct CleanUp: Sendable {
    package enum Reason: String, Sendable {
        case finished, failed, cancelled
        /// The attempt's time was over, or the process is about to end.
        case interrupted
        /// The process died under the attempt.
        case crashed
    }

    package let run: AgentRunID, agent: String
    package let attempt: Int
    package let reason: Reason
    package let tenant: TenantID
    let runtime: Runtime

    package var now: Instant { runtime.clocks.now(tenant) }

    package func read<T>(_ body: (Reader) throws -> T) throws -> T { try runtime.database.read(tenant, body) }

    @discardableResult package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let (run, attempt) = (run, attempt)
        return try await runtime.database.write(tenant, .batch) { tx in
            guard try tx.agents.attemptToClean(ofRun: run) == attempt else { throw LeaseLost() }
            return try body(tx)
        }
    }

    /// Cleans up, and keeps that it is done.
    fileprivate func perform(_ agent: any AgentLifecycle) async throws {
        try await agent.cleanUp(self)
        let run = run
        try await write { tx in try tx.agents.setAttemptToClean(ofRun: run, nil) }
    }
}

extension AgentLifecycle {
    /// After an attempt of this process. It is not cancelled with the attempt; what fails is left to a job.
    func cleanUp(after run: AgentRun, _ error: (any Error)?) async {
        let reason: CleanUp.Reason =
            error == nil
            ? .finished : run.isCancelled ? (isCancelled(run) ? .cancelled : .interrupted) : .failed
        let runtime = run.job.runtime
        let cleanUp = CleanUp(
            run: run.id, agent: name, attempt: run.job.attempt, reason: reason, tenant: run.tenant,
            runtime: runtime)
        let work = Task {
            do {
                try await cleanUp.perform(self)
            } catch is LeaseLost {
                // Somebody else is at it.
            } catch {
                runtime.configuration.observer.troubled("cleaning up after a run", error)
                if run.isFinished { await cleanUp.leaveToJob() }
            }
        }
        await work.value
    }

    private func isCancelled(_ run: AgentRun) -> Bool {
        do {
            return try run.read { try $0.runs.find(run.id)?.status == .cancelled }
        } catch {
            run.job.runtime.configuration.observer.troubled("reading a run that was interrupted", error)
            return false
        }
    }

    /// Before an attempt, when an earlier one has left something.
    func cleanUp(before run: AgentRun, attempt: Int) async throws {
        let cleanUp = CleanUp(
            run: run.id, agent: name, attempt: run.job.attempt, reason: .crashed, tenant: run.tenant,
            runtime: run.job.runtime)
        try await self.cleanUp(cleanUp)
    }
}

extension CleanUp {
    fileprivate func leaveToJob() async {
        let (run, agent) = (run, agent)
        do {
            try await runtime.database.write(tenant, .batch) { tx in
                try tx.agents.cleanUpLater(afterRun: run, agent)
            }
        } catch {
            runtime.configuration.observer.troubled("leaving a run to be cleaned up", error)
        }
    }
}

/// Cleans up after a run that ended while its process was dead, or whose own cleaning failed.
struct AgentCleanUpJob: JobKind {
    struct Payload: Codable, Sendable { let run: AgentRunID, agent: String }

    static let kind = "agent.clean_up"
    static let queue = "agents"
    let agents: AgentRegistry

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let attempt = try job.read({ try $0.agents.attemptToClean(ofRun: payload.run) }),
            let agent = agents[payload.agent] as? any AgentLifecycle
        else { return }
        let cleanUp = CleanUp(
            run: payload.run, agent: payload.agent, attempt: attempt, reason: .crashed, tenant: job.tenant,
            runtime: job.runtime)
        try await cleanUp.perform(agent)
    }
}

extension AgentStore {
    /// The attempt of a run that took something which has not been given back.
    func attemptToClean(ofRun id: AgentRunID) throws -> Int? {
        try tx.int("SELECT to_clean FROM agent_runs WHERE tenant_id = \(tx.tenant) AND id = \(id)").map {
            Int($0)
        }
    }
}

extension AgentStore where Base == Transaction {
    func setAttemptToClean(ofRun id: AgentRunID, _ attempt: Int?) throws {
        try tx.run(
            "UPDATE agent_runs SET to_clean = \(attempt) WHERE tenant_id = \(tx.tenant) AND id = \(id)")
    }

    /// A worker that still lives cleans up itself: it is given the time to.
    func cleanUpLater(afterRun id: AgentRunID, _ agent: String) throws {
        guard try attemptToClean(ofRun: id) != nil else { return }
        try tx.jobs.enqueue(
            AgentCleanUpJob.self, AgentCleanUpJob.Payload(run: id, agent: agent),
            JobOptions(runAt: tx.now + tx.runtime.configuration.grace * 2, uniqueKey: "\(id)"))
    }
}
