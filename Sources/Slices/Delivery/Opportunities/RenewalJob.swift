internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Opens a client's renewal ninety days before its contract ends.
struct RenewalJob: JobKind {
    struct Payload: Codable, Sendable { let contract: ContractID }

    static let kind = "contract.renewal"
    static let daysBefore = 90
    let dependencies: OpportunityDependencies

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let dependencies = dependencies
        try await job.complete { tx in
            guard let contract = try dependencies.ending(tx, payload.contract) else { return }
            try tx.opportunities.renew(
                contract, key: "renewal:\(payload.contract)", id: payload.contract, dependencies)
        }
    }
}

/// Hears what brings opportunities, and what becomes of those that were offered.
struct OpportunityWatch: EventConsumer {
    let dependencies: OpportunityDependencies

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event(), tx = tx.unlimited
        switch event.type {
        case "contract.signed":
            if let contract = event.subject.id(of: Nouns.Contract.self) { try plan(contract, in: tx) }
        case "client.updated":
            guard event.data.containsBytes("\"ended_at\""),
                let client = try event.subject.id(of: Nouns.Client.self).flatMap({
                    try Client.resource.find($0, in: tx)
                }), client.status == .former
            else { return }
            try tx.opportunities.winBack(client)
        case "client.health_changed":
            guard event.data.containsBytes("\"to\":\"at_risk\""),
                let client = try event.subject.id(of: Nouns.Client.self).flatMap({
                    try Client.resource.find($0, in: tx)
                })
            else { return }
            try tx.opportunities.keep(client, dependencies)
        case "goal.reached":
            let client = try JSON(stored: event.data)["client_id"]?.id(of: Nouns.Client.self)
                .flatMap { try Client.resource.find($0, in: tx) }
            guard let client else { return }
            try tx.opportunities.upgrade(client, because: event.subject.id, dependencies)
        case "proposal.sent", "proposal.accepted", "proposal.declined", "proposal.expired":
            guard let proposal = event.subject.id(of: DraftedProposal.self) else { return }
            guard event.type != "proposal.sent" else { return try tx.opportunities.requireCalm(proposal) }
            try tx.opportunities.answered(proposal, with: event.type == "proposal.accepted" ? .won : .lost)
        default: break
        }
    }

    private func plan(_ contract: ContractID, in tx: Transaction) throws {
        guard let ending = try dependencies.ending(tx, contract) else { return }
        let day = ending.endsOn.adding(days: -RenewalJob.daysBefore)
        let opens = try tx.agency.zone().firstInstant(atOrAfter: LocalTime(day, hour: 6))
        try tx.jobs.enqueue(
            RenewalJob.self, .init(contract: contract),
            JobOptions(runAt: max(opens, tx.now), uniqueKey: contract, subject: Subject(ending.client)))
    }
}
