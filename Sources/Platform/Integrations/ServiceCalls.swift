package import Agents
package import Database
package import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

// A job asks a service in two ways: to look into it, or to have something done there. Both are kept and
// counted by the gate, and fall back on the credentials before the last rotation while these are taken.

extension ToolFailure {
    /// The code of a service's refusal of the credentials.
    package static let refusesAccount = "unauthenticated"

    /// Whether the service does not know us by what we got in with.
    package var isOfAccount: Bool { code == Self.refusesAccount }

    /// The code of the end of an owner's consent.
    fileprivate static let consentEnded = "access_refused"

    /// Whether nothing will be done before somebody has connected the service again.
    package var endsAccess: Bool { isOfAccount || code == Self.consentEnded }
}

/// Something that a job has done at a service.
package struct ServiceEffect: Sendable {
    /// The tool under which the gate keeps it, and what names the effect: the same for each attempt.
    package let tool: String, key: String
    package let caller: ToolCaller
    /// Returns its price by that of any call, of a service that charges for some calls more than for others.
    package let price: @Sendable (Int64) -> Int64
    /// Whether budgets of money hold it where they have not enough left for its price.
    package var isBudgeted = false

    package init(
        _ tool: String, key: String, for caller: ToolCaller,
        price: @escaping @Sendable (Int64) -> Int64 = { $0 }
    ) { (self.tool, self.key, self.caller, self.price) = (tool, key, caller, price) }
}

extension IntegrationServices {
    /// The longest time for which a service may be asked.
    package static let deadline: Duration = .seconds(60)
    /// The time for which nobody asks a service that refuses the credentials, or is switched off.
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
        let (clock, reach) = (job.runtime.configuration.steadyClock, ConnectorCall()), start = clock()
        let (answer, access) = await ask(integration, of: job.tenant, as: provider, reach, question)
        let took = clock() - start
        let failure: ToolFailure? = if case .failure(let failure) = answer { failure } else { nil }
        try await job.write { tx in
            try tx.integrations.keepLook(
                tool, into: integration, failure.map { .failed($0) } ?? .succeeded, found: 1,
                bytes: reach.bytes, took: took)
            if let failure { try tx.integrations.note(failure, of: access) }
        }
        if let failure, failure.isOfAccount { throw JobSnooze(for: Self.rest, waitingFor: failure.code) }
        return try answer.get()
    }

    /// Has a service do something. `begin` says, in the transaction of the permit, whether it is still wanted, and
    /// `end` stores what came of it, in the one that settles the permit. An attempt that fails is thrown after that.
    /// `costing`: what an answer costs, of a service that charges for what it tells, where any call costs as much.
    package func perform<Answer: Sendable>(
        _ effect: ServiceEffect, at integration: Integration, as provider: any IntegrationProvider,
        _ job: JobContext, begin: @escaping @Sendable (Transaction) throws -> Bool,
        _ work: (IntegrationAccess, Permit) async throws(ToolFailure) -> Answer,
        end: @escaping @Sendable (Transaction, Result<Answer, ToolFailure>) throws -> Void,
        costing: (@Sendable (Answer, Int64) -> Int64)? = nil
    ) async throws {
        guard integration.isInUse else { throw JobSnooze(for: Self.rest, waitingFor: "integration") }
        guard let permit = try await permit(effect, at: integration, job, begin) else { return }
        let (answer, access) = await ask(integration, of: job.tenant, as: provider, permit.reach) {
            access, _ async throws(ToolFailure) in try await work(access, permit)
        }
        try await job.write { tx in
            var cost: Int64?
            if let costing, case .success(let told) = answer {
                let connector = integration.connector(for: try tx.agency.tenant(), at: tx.now)
                cost = costing(told, connector.price)
            }
            try tx.integrations.settle(permit, answer, by: access, cost: cost)
            try end(tx, answer)
        }
        guard case .failure(let failure) = answer else { return }
        throw failure.isOfAccount ? JobSnooze(for: Self.rest, waitingFor: failure.code) : failure
    }

    /// `nil` where it is not wanted any more.
    private func permit(
        _ effect: ServiceEffect, at integration: Integration, _ job: JobContext,
        _ begin: @escaping @Sendable (Transaction) throws -> Bool
    ) async throws -> Permit? {
        do {
            return try await job.write { tx in
                guard try begin(tx) else { return nil }
                return try tx.integrations.permit(
                    effect, at: integration, cutOffAfter: .zero, deadline: Self.deadline)
            }
        } catch is ConnectorBusy {
            let refusal = try await job.write { tx in
                let tenant = try tx.agency.tenant()
                return try tx.connectorTurns.waitFor(
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
    var isInUse: Bool { status == .active && environment == .live }
}

// The state that all calls to an integration's service share, those of jobs and those of `IntegrationCalls`.

extension IntegrationServices {
    /// Asks a service. Where it refuses the credentials, it is asked once more with a renewed token, or within the
    /// overlap of a rotation with those before it. With the answer comes the access that was used last.
    func ask<Answer: Sendable>(
        _ integration: Integration, of tenant: TenantID, as provider: any IntegrationProvider,
        _ reach: ConnectorCall,
        _ question: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async -> (answer: Result<Answer, ToolFailure>, access: IntegrationAccess?) {
        var access: IntegrationAccess?
        do throws(ToolFailure) {
            let first = try await self.access(to: integration, of: tenant, provider)
            access = first
            do throws(ToolFailure) {
                return (.success(try await question(first, reach)), first)
            } catch {
                guard error.isOfAccount,
                    let second = try await other(than: first, to: integration, of: tenant, provider)
                else { throw error }
                access = second
                return (.success(try await question(second, reach)), second)
            }
        } catch {
            return (.failure(error), access)
        }
    }

    private func access(
        to integration: Integration, of tenant: TenantID, _ provider: any IntegrationProvider,
        refusing token: String? = nil
    ) async throws(ToolFailure) -> IntegrationAccess {
        do {
            return try await freshAccess(to: integration, of: tenant, provider, refusing: token)
        } catch let failure as OAuthFailure {
            switch failure {
            case .refused(let detail): throw ToolFailure(ToolFailure.consentEnded, detail, isRetryable: false)
            case .unreachable(let detail):
                throw ToolFailure("unreachable", detail, isRetryable: true, blamesProvider: true)
            }
        } catch {
            throw ToolFailure("unreachable", "the credentials cannot be read now", isRetryable: true)
        }
    }

    /// Returns the access by another token than the one that the service has refused, or by the credentials before the
    /// last rotation; `nil` where there are no others.
    private func other(
        than access: IntegrationAccess, to integration: Integration, of tenant: TenantID,
        _ provider: any IntegrationProvider
    ) async throws(ToolFailure) -> IntegrationAccess? {
        let former = access.former(at: platform.now())
        let token = access.credential(OAuthCredential.access)
        guard provider is any OAuthProvider, !token.isEmpty else { return former }
        let renewed = try await self.access(to: integration, of: tenant, provider, refusing: token)
        return renewed.credential(OAuthCredential.access) == token ? former : renewed
    }
}

extension IntegrationStore where Base == Transaction {
    /// Lets a call to an integration's service out. One under the same key that began longer ago was cut off.
    func permit(
        _ effect: ServiceEffect, at integration: Integration, cutOffAfter limit: Duration, deadline: Duration
    ) throws -> Permit {
        try tx.integrationCredentials.noteUse(of: integration.id, by: effect.caller.actor)
        let connector = integration.connector(for: try tx.agency.tenant(), at: tx.now)
        return try tx.gate.permitUnasked(
            effect.tool, key: effect.key,
            attempt: try tx.connectorCalls.nextAttempt(key: effect.key, limit: limit),
            for: effect.caller, by: connector.priced(effect.price(connector.price)), nil,
            deadline: deadline, isBudgeted: effect.isBudgeted)
    }

    /// Books how a call has ended that was let out; `cost`: as an answer is charged for that is not like others. What a
    /// plan includes costs nothing, whatever it tells.
    func settle<Answer>(
        _ permit: Permit, _ answer: Result<Answer, ToolFailure>, by access: IntegrationAccess?,
        cost: Int64? = nil
    ) throws {
        switch answer {
        case .success:
            if let cost, permit.price > 0 {
                try tx.gate.settle(permit, .succeeded, ToolUsage(cost: cost, calls: 1))
            } else {
                try tx.gate.settleUnasked(permit, .succeeded)
            }
        case .failure(let failure):
            try tx.gate.settleUnasked(permit, failure.isAmbiguous ? .unknown(failure) : .failed(failure))
            try note(failure, of: access)
        }
    }

    /// Has the integration fail whose service refuses our credentials.
    fileprivate func note(_ failure: ToolFailure, of access: IntegrationAccess?) throws {
        guard failure.isOfAccount, let access else { return }
        try fails(access, because: .cause(failure.code, failure.detail))
    }
}

extension Connector {
    fileprivate func priced(_ price: Int64) -> Connector {
        Connector(
            id, name: name, priority: priority, price: price, limits: limits, included: included,
            pacing: pacing, hasOwnCircuit: hasOwnCircuit)
    }
}
