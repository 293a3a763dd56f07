internal import Agents
internal import Cryptography
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The gate's word on one question to a service.
enum ServiceLeave: Sendable {
    case granted(Permit, IntegrationAccess)
    /// With the reason as attempts tell it, and the time from which it may be asked.
    case refused(String, Instant?)
    /// The answer is lost, and paid for: the same run or job has asked already, and was interrupted.
    case interrupted
}

extension IntegrationServices {
    private static let questionDeadline: Duration = .seconds(60)

    /// Asks the gate for one call: the agency's limits, its budgets, the service's own limit and its circuit.
    func permit(
        _ connection: ServiceConnection, _ question: ServiceQuestion, _ tenant: TenantID
    ) async throws -> ServiceLeave {
        if let shared = connection.shared {
            if let until = try await takeShared(shared) { return .refused("quota_exhausted", until) }
            let leave = try await leave(shared.connector, connection.why, question, tenant)
            guard case .granted(let permit) = leave else {
                try await giveBackShared(shared)
                return leave.refusal
            }
            return .granted(permit, shared.access)
        }
        guard let id = connection.integrationID,
            let integration = try platform.database.read(
                tenant, { try Integration.resource.find(id, in: $0) }),
            integration.status == .active, integration.environment == .live
        else { return .refused("disabled", nil) }
        let access: IntegrationAccess
        do {
            access = try await freshAccess(to: integration, of: tenant, connection.provider)
        } catch is OAuthFailure {
            return .refused("no_credentials", nil)
        }
        let connector = try platform.database.read(tenant) { reader in
            integration.connector(for: try reader.agency.tenant(), at: reader.now)
        }
        if let full = try fullAccount(of: integration, connection.provider, tenant) {
            return .refused("quota_exhausted", full)
        }
        let lent = try lent(to: integration, connection.provider, tenant)
        if let lent, let until = try await takeShared(lent) { return .refused("quota_exhausted", until) }
        let leave = try await leave(connector, connection.why, question, tenant, of: integration)
        guard case .granted(let permit) = leave else {
            if let lent { try await giveBackShared(lent) }
            return leave.refusal
        }
        return .granted(permit, access)
    }

    private enum Leave: Sendable {
        case granted(Permit)
        case refused(String, Instant?)
        case interrupted

        var refusal: ServiceLeave {
            switch self {
            case .granted: .refused("disabled", nil)
            case .refused(let reason, let until): .refused(reason, until)
            case .interrupted: .interrupted
            }
        }
    }

    private func leave(
        _ connector: Connector, _ why: CallReason?, _ question: ServiceQuestion, _ tenant: TenantID,
        of integration: Integration? = nil
    ) async throws -> Leave {
        try await platform.database.write(tenant) { tx in
            guard !tx.sandboxClock.isSandbox else { return .refused("sandbox", nil) }
            guard try tx.gate.isOn(tool: question.tool) else { return .refused("disabled", nil) }
            if let integration {
                try tx.integrationCredentials.noteUse(of: integration.id, by: question.caller.actor)
            }
            var request = ToolRequest(
                tool: question.tool, arguments: .null, caller: question.caller, key: tx.makeID("ask_"))
            if let key = question.paidKey(connector) {
                if try tx.connectorCalls.wasCutOff(key: key) { return .interrupted }
                request.key = key
                request.attempt = try tx.connectorCalls.nextAttempt(key: key, limit: Self.questionDeadline)
            }
            // A refusal stays told: this transaction is committed.
            do {
                return .granted(
                    try tx.gate.permit(
                        request, by: connector, why, ToolUsage(cost: connector.price, calls: 1),
                        deadline: Self.questionDeadline))
            } catch let busy as ConnectorBusy {
                return .refused(busy.refusal.code, busy.refusal.until)
            } catch let refusal as ToolRefusal {
                return .refused(refusal.skipCode, refusal.retryAfter.map { tx.now + $0 })
            }
        }
    }
}

extension ServiceQuestion {
    /// The key of a question that costs something when a run or a job asks it: after a crash it is known by that, and
    /// not paid for again.
    fileprivate func paidKey(_ connector: Connector) -> String? {
        guard connector.price > 0, let asker = caller.runID.map({ "\($0)" }) ?? job.map({ "\($0)" }) else {
            return nil
        }
        return "ask_" + Hex.encode(SHA256.hash("\(asker) \(connector.id) \(kind) \(key)"))
    }
}

extension ToolRefusal {
    /// The refusal as attempts tell it.
    fileprivate var skipCode: String {
        switch code {
        case "budget_exhausted": "over_budget"
        case "quota_exhausted", "quota_near": code
        default: "disabled"
        }
    }
}
