package import Agents
package import Database
package import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

// How a job asks a service: to look into it, or to have something done there. Both are kept and counted by the gate,
// and fall back on the credentials before the last rotation while these are taken.

extension ToolFailure {
    /// The code of a service's refusal of the credentials.
    package static let refusesAccount = "unauthenticated"

    /// Whether the service does not know us by what we got in with.
    package var isOfAccount: Bool { code == Self.refusesAccount }
}

/// Something that a job has done at a service.
package struct ServiceEffect: Sendable {
    /// The tool under which the gate keeps it, and what names the effect: the same for each attempt.
    package let tool: String, key: String
    package let caller: ToolCaller

    package init(_ tool: String, key: String, for caller: ToolCaller) {
        (self.tool, self.key, self.caller) = (tool, key, caller)
    }
}

extension IntegrationServices {
    /// How long a service may be asked.
    package static let deadline: Duration = .seconds(60)
    /// How long nobody asks a service that refuses the credentials, or is switched off.
    private static let rest: Duration = .seconds(3600)

    /// Looks into a service. What it answers is for the job's next transaction; a look that fails ends the attempt.
    package func look<Answer: Sendable>(
        with tool: String, into integration: Integration, as provider: any IntegrationProvider,
        _ job: JobContext,
        _ question: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        if let pause = try job.read({ try job.runtime.readingPause(tool, in: $0) }) {
            throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: "quota_exhausted")
        }
        guard integration.isInUse else { throw JobSnooze(for: Self.rest, waitingFor: "integration") }
        let (clock, reach) = (job.runtime.configuration.steadyClock, ConnectorCall())
        let access = try platform.access(to: integration, of: job.tenant, provider), start = clock()
        let answer = await ask(access, reach, question)
        let took = clock() - start
        let failure: ToolFailure? = if case .failure(let failure) = answer { failure } else { nil }
        try await job.write { tx in
            try tx.integrations.keepLook(
                tool, into: integration, failure.map { .failed($0) } ?? .succeeded, found: 1,
                bytes: reach.bytes, took: took)
            if let failure, failure.isOfAccount {
                try tx.integrations.fails(access, because: .cause(failure.code, failure.detail))
            }
        }
        if let failure, failure.isOfAccount { throw JobSnooze(for: Self.rest, waitingFor: failure.code) }
        return try answer.get()
    }

    /// Has a service do something. `begin` says, in the transaction of the permit, whether it is still wanted, and
    /// `end` stores what came of it, in the one that settles the permit. An attempt that fails is thrown after that.
    package func perform<Answer: Sendable>(
        _ effect: ServiceEffect, at integration: Integration, as provider: any IntegrationProvider,
        _ job: JobContext, begin: @escaping @Sendable (Transaction) throws -> Bool,
        _ work: (IntegrationAccess, Permit) async throws(ToolFailure) -> Answer,
        end: @escaping @Sendable (Transaction, Result<Answer, ToolFailure>) throws -> Void
    ) async throws {
        guard integration.isInUse else { throw JobSnooze(for: Self.rest, waitingFor: "integration") }
        guard let permit = try await permit(effect, at: integration, job, begin) else { return }
        let access = try platform.access(to: integration, of: job.tenant, provider)
        let answer = await ask(access, permit.reach) { access, _ async throws(ToolFailure) in
            try await work(access, permit)
        }
        try await job.write { tx in
            switch answer {
            case .success: try tx.gate.settleUnasked(permit, .succeeded)
            case .failure(let failure):
                try tx.gate.settleUnasked(
                    permit, failure.isAmbiguous ? .unknown(failure) : .failed(failure))
                if failure.isOfAccount {
                    try tx.integrations.fails(access, because: .cause(failure.code, failure.detail))
                }
            }
            try end(tx, answer)
        }
        guard case .failure(let failure) = answer else { return }
        throw failure.isOfAccount ? JobSnooze(for: Self.rest, waitingFor: failure.code) : failure
    }

    private func ask<Answer: Sendable>(
        _ access: IntegrationAccess, _ reach: ConnectorCall,
        _ question: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async -> Result<Answer, ToolFailure> {
        await access.withEither(at: platform.now(), isRefused: \.isOfAccount) {
            access async -> Result<Answer, ToolFailure> in
            do throws(ToolFailure) {
                return .success(try await question(access, reach))
            } catch {
                return .failure(error)
            }
        }
    }

    /// `nil` where it is not wanted any more.
    private func permit(
        _ effect: ServiceEffect, at integration: Integration, _ job: JobContext,
        _ begin: @escaping @Sendable (Transaction) throws -> Bool
    ) async throws -> Permit? {
        do {
            return try await job.write { tx in
                guard try begin(tx) else { return nil }
                try tx.integrations.noteUse(of: integration.id, by: effect.caller.actor)
                return try tx.gate.permitUnasked(
                    effect.tool, key: effect.key,
                    attempt: try tx.gate.nextAttempt(key: effect.key, limit: .zero), for: effect.caller,
                    by: integration.connector(for: try tx.agency.tenant(), at: tx.now), nil,
                    deadline: Self.deadline)
            }
        } catch is ConnectorBusy {
            let refusal = try await job.write { tx in
                let tenant = try tx.agency.tenant()
                return try tx.gate.waitFor(
                    integration.connector(for: tenant, at: tx.now), effect.tool, key: effect.key, tenant.zone)
            }
            let pause = refusal.map { $0.until - job.now } ?? .zero
            throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: refusal?.code ?? "its turn")
        } catch let refusal as ToolRefusal {
            throw JobSnooze(for: refusal.retryAfter ?? Self.rest, waitingFor: refusal.code)
        }
    }
}

extension Integration {
    /// Whether it may be asked: it is switched on, works, and is not for tests alone.
    fileprivate var isInUse: Bool { status == .active && environment == .live }
}

extension Result where Failure == ToolFailure {
    fileprivate var isOfAccount: Bool {
        if case .failure(let failure) = self { failure.isOfAccount } else { false }
    }
}
