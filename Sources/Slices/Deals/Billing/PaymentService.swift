internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// A payment service that is connected, ready to be asked.
struct PaymentService: Sendable {
    let integration: Integration
    let provider: any Payments
    let access: IntegrationAccess
    let connector: Connector
}

extension DealsServices {
    /// The services through which an invoice can be paid now, if any are connected.
    func payments(of invoice: Invoice, in reader: some Queryable) throws -> [Integration] {
        guard invoice.kind == .invoice, invoice.isOpen, invoice.due.amount > 0,
            try reader.gate.isOn(tool: CreatePaymentLinkTool.name)
        else { return [] }
        return try reader.integrations.all(for: .payments, client: invoice.clientID)
            .filter { outbox.integrations.providers[$0.provider] is any Payments }
    }

    func canBePaid(_ invoice: Invoice, in reader: some Queryable) throws -> Bool {
        try !payments(of: invoice, in: reader).isEmpty
    }

    func service(_ integration: Integration, in reader: some Queryable) throws -> PaymentService? {
        let providers = outbox.integrations.providers
        guard let provider = providers[integration.provider] as? any Payments else { return nil }
        return PaymentService(
            integration: integration, provider: provider,
            access: try platform.access(to: integration, of: reader.tenant, provider),
            connector: integration.connector(for: try reader.agency.tenant(), at: reader.now))
    }

    /// The one that has done something before, as long as it is connected.
    func service(of id: IntegrationID?, in reader: some Queryable) throws -> PaymentService? {
        guard let integration = try id.flatMap({ try Integration.resource.find($0, in: reader) }),
            integration.status != .disabled
        else { return nil }
        return try service(integration, in: reader)
    }

    /// The longest question to a service.
    static let deadline: Duration = .seconds(60)

    /// Asks a service.
    func ask<Answer: Sendable>(
        _ service: PaymentService,
        _ question: (any Payments, IntegrationAccess) async throws(PaymentFailure) -> Answer
    ) async -> Result<Answer, PaymentFailure> {
        await service.access.withEither(at: platform.now(), isRefused: { $0.refusesAccount }) {
            access async -> Result<Answer, PaymentFailure> in
            do throws(PaymentFailure) {
                return .success(try await question(service.provider, access))
            } catch {
                return .failure(error.redacted(by: access))
            }
        }
    }

    /// Lets a job reach for a service once; where it may not be asked now, the job waits.
    func permit(
        _ tool: String, key: String, for caller: ToolCaller, by service: PaymentService, because why: String,
        _ job: JobContext
    ) async throws -> Permit {
        do {
            return try await job.write { tx in
                try tx.gate.permitUnasked(
                    tool, key: key, attempt: try tx.connectorCalls.nextAttempt(key: key, limit: .zero),
                    for: caller,
                    by: service.connector, CallReason(.onlyOne, why), deadline: Self.deadline)
            }
        } catch is ConnectorBusy {
            let refusal = try await job.write { tx in
                try tx.connectorTurns.waitFor(service.connector, tool, key: key, try tx.agency.tenant().zone)
            }
            let pause = refusal.map { $0.until - job.now } ?? .zero
            throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: refusal?.code ?? "its turn")
        } catch let refusal as ToolRefusal {
            throw JobSnooze(for: refusal.retryAfter ?? .seconds(3600), waitingFor: refusal.code)
        }
    }
}

extension Invoice {
    /// On whose behalf a payment service is asked.
    func caller(_ actor: Actor) -> ToolCaller {
        ToolCaller(actor: actor, subject: subject, clientID: clientID)
    }
}

extension Result where Failure == PaymentFailure {
    /// Whether the service does not know us, by what we got in with.
    fileprivate var refusesAccount: Bool { if case .failure(.account) = self { true } else { false } }
}

extension PaymentFailure {
    /// Returns the failure as the gate takes it. A service that has answered is to blame for failures of its own alone.
    func end(_ permit: Permit) -> ConnectorCallEnd {
        let (isLater, pause): (Bool, Duration?) =
            if case .later(_, _, let after) = self { (true, after) } else { (false, nil) }
        let status = permit.reach.status
        return .failed(
            ToolFailure(
                code, detail, isRetryable: isLater, retryAfter: pause, isAmbiguous: isLater && status == nil,
                blamesProvider: status.map { $0 >= 500 } ?? isLater))
    }
}
