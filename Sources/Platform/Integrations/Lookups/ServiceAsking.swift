package import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The work of a connector: one question, and what the answer is.
package typealias ServiceWork = (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> ServiceReply

extension IntegrationServices {
    /// Returns the ways in which an agency can ask for something, in their order: as the agency has put them, where it
    /// has put them alike as the installation has, and those of one service by measure.
    package func connections(
        for capability: Capability, client: ClientID? = nil, _ question: ServiceQuestion,
        in reader: some Queryable
    ) throws -> [ServiceConnection] {
        let tenant = try reader.reading.agency.tenant()
        var ways: [(connector: Connector, make: (CallReason?) -> ServiceConnection)] = []
        for integration in try reader.integrations.all(for: capability, client: client) {
            guard connections.permits(capability, of: integration.provider),
                let provider = try self.provider(integration.provider, in: reader)
            else { continue }
            let connector = integration.connector(for: tenant, at: reader.now)
                .placed(connections.priority(of: provider.name))
            ways.append(
                (
                    connector,
                    { why in
                        ServiceConnection(
                            provider: provider, integrationID: integration.id, connector: connector, why: why,
                            integration: integration, shared: nil)
                    }
                ))
        }
        for provider in providers.all where provider.capabilities.contains(capability) {
            guard let shared = try shared(provider, for: capability, in: reader) else { continue }
            let connector = shared.connector.placed(connections.priority(of: provider.name))
            ways.append(
                (
                    connector,
                    { why in
                        ServiceConnection(
                            provider: provider, integrationID: nil, connector: connector, why: why,
                            integration: nil, shared: shared)
                    }
                ))
        }
        let ranking = try reader.connectors.rank(
            ways.map(\.connector), for: question.tool, key: question.key, tenant.zone)
        let order =
            ranking.ranked.map { (id: $0.connector.id, why: Optional($0.why)) }
            + ranking.refused.map { (id: $0.connector.id, why: nil) }
        return order.compactMap { place in
            ways.first { $0.connector.id == place.id }?.make(place.why)
        }.enumerated().sorted { one, other in
            (one.element.connector.priority, one.offset) < (other.element.connector.priority, other.offset)
        }.map(\.element)
    }

    /// Returns the first fresh answer that is kept from one of the services; `nil` where nobody has told lately. One
    /// that passes soon, such as "not known", is looked at where its service comes in turn.
    package func keptAnswer(
        to question: ServiceQuestion, by connections: [ServiceConnection], of tenant: TenantID
    ) throws -> ServiceAttempt? {
        try platform.database.read(tenant) { reader in
            for connection in connections {
                let kept = try reader.keptAnswers.find(
                    question.kind, question.key, by: connection.provider.name)
                guard let kept, kept.isFirm else { continue }
                let answer = kept.answer(connection.cacheFor)
                guard !answer.isStale(at: reader.now) else { continue }
                return ServiceAttempt(connection, .kept, "fresh", answer: answer)
            }
            return nil
        }
    }

    /// Asks one service, unless an answer is fresh: with the gate's leave, at the pace of the service, and once for all
    /// who ask the same at the same time. The answer is kept; where nobody could be asked, the last one comes back.
    package func ask(
        _ connection: ServiceConnection, _ question: ServiceQuestion, of tenant: TenantID, _ work: ServiceWork
    ) async throws -> ServiceAttempt {
        let flight = "\(tenant.rawValue)/\(question.kind)/\(question.key)/\(connection.provider.name)"
        let start = try platform.database.read(tenant) { $0.now }
        return try await lanes.pass(flight, ServicePace(concurrent: 1)) {
            try await attempt(connection, question, tenant, since: start, work)
        }
    }

    private func attempt(
        _ connection: ServiceConnection, _ question: ServiceQuestion, _ tenant: TenantID,
        since start: Instant, _ work: ServiceWork
    ) async throws -> ServiceAttempt {
        let (kept, now, isSandbox) = try platform.database.read(tenant) { reader in
            let kept = try reader.keptAnswers.find(
                question.kind, question.key, by: connection.provider.name)
            return (kept?.answer(connection.cacheFor), reader.now, try reader.sandboxClock.livesByVirtualTime)
        }
        if let kept, question.isMet(by: kept, at: now, askedSince: start) {
            try await platform.database.write(tenant, .batch) { tx in
                try tx.keptAnswers.noteUse(of: question, by: connection.provider.name)
            }
            return ServiceAttempt(connection, .kept, "fresh", answer: kept)
        }
        func skipped(_ reason: String, until: Instant? = nil) -> ServiceAttempt {
            ServiceAttempt(connection, .skipped, reason, until: until, answer: kept)
        }
        guard !isSandbox else { return ServiceAttempt(connection, .skipped, "sandbox") }
        if let most = question.costMax, connection.connector.price > most { return skipped("over_budget") }
        return try await lanes.pass(connection.connector.id, connection.pace) {
            switch try await permit(connection, question, tenant) {
            case .refused(let reason, let until): return skipped(reason, until: until)
            case .interrupted:
                return ServiceAttempt(
                    connection, .failed, "interrupted", calls: 1, cost: connection.connector.price,
                    answer: kept)
            case .granted(let permit, let access):
                return try await make(permit, access, connection, question, tenant, kept, work)
            }
        }
    }

    private func make(
        _ permit: Permit, _ access: IntegrationAccess, _ connection: ServiceConnection,
        _ question: ServiceQuestion, _ tenant: TenantID, _ kept: ServiceAnswer?, _ work: ServiceWork
    ) async throws -> ServiceAttempt {
        let start = systemSteadyClock(), name = connection.provider.name
        do throws(ToolFailure) {
            let reply = try await withEither(access, permit.reach, work)
            let took = systemSteadyClock() - start
            let answer = try await settled {
                try await platform.database.write(tenant) { tx in
                    try tx.gate.settleUnasked(permit, .succeeded)
                    try tx.keptAnswers.keep(reply, to: question, by: name, connection.cacheFor)
                    try tx.keptAnswers.planRenewal()
                    try tx.serviceTempo.note(permit.connector.id, took: took, hasFailed: false)
                    if let subject = question.caller.subject {
                        try tx.integrations.note(subject, reachedBy: permit.connector.id)
                    }
                    let time = reply.isFirm ? connection.cacheFor ?? reply.lifetime : reply.lifetime
                    return ServiceAnswer(
                        value: reply.value, askedAt: tx.now, freshUntil: tx.now + time, isKept: false)
                }
            }
            return ServiceAttempt(
                connection, .answered, calls: 1, cost: permit.price, answer: answer)
        } catch {
            let failure = error, took = systemSteadyClock() - start
            let now = try await platform.database.write(tenant) { tx in
                try tx.gate.settleUnasked(permit, .failed(failure))
                try tx.serviceTempo.note(permit.connector.id, took: took, hasFailed: true)
                if failure.code == "unauthenticated", connection.integrationID != nil {
                    try tx.integrations.fails(access, because: .cause(failure.code, failure.detail))
                }
                return tx.now
            }
            return ServiceAttempt(
                connection, .failed, failure.code, calls: 1, until: failure.retryAfter.map { now + $0 },
                answer: kept)
        }
    }

    /// Within the overlap of a rotation the credentials before serve where the new ones are refused.
    private func withEither(
        _ access: IntegrationAccess, _ reach: ConnectorCall, _ work: ServiceWork
    ) async throws(ToolFailure) -> ServiceReply {
        do throws(ToolFailure) {
            return try await work(access, reach)
        } catch {
            guard error.code == "unauthenticated", let former = access.former(at: platform.now()) else {
                throw error
            }
            return try await work(former, reach)
        }
    }

    /// A database that fails is no failure of the service's.
    private func settled<T>(_ work: () async throws -> T) async throws(ToolFailure) -> T {
        do {
            return try await work()
        } catch {
            throw ToolFailure("not_stored", "the answer could not be stored", isRetryable: true)
        }
    }
}

extension ServiceQuestion {
    /// Returns whether a kept answer will do, asked for in time or while this question waited for its turn.
    fileprivate func isMet(by kept: ServiceAnswer, at now: Instant, askedSince start: Instant) -> Bool {
        if kept.askedAt > start { return true }
        return !refreshes && !kept.isStale(at: now) && ageMax.map { now < kept.askedAt.end(of: $0) } ?? true
    }
}

extension Connector {
    /// The connector in its place among those to which the agency has given the same priority.
    fileprivate func placed(_ place: Int) -> Connector {
        Connector(
            id, name: name, priority: priority * 1000 + min(place, 999), price: price, limits: limits,
            included: included, pacing: pacing)
    }
}
