package import Agents
package import Database
package import JSON
internal import Intelligence
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// Judges every day what is to be expected of each client: whether they leave, what they are worth, whether they grow.
package struct OutlookAgent: AgentDefinition {
    static let agentName = "client_outlook"
    package let name = agentName
    package let title = "Client outlook"
    package let purpose = "Estimates who may leave, what clients are worth, and who may grow."
    package let cannot = [
        "It estimates from what the agency has recorded, and knows nothing of what clients plan; it writes to nobody."
    ]
    package let schedules = [DefaultSchedule(name: "Client outlook", cron: "daily")]
    package let dailyHour = 18
    package let permissions: Set<Permission> = ["clients:read", "tasks:read", "deliverables:read"]

    package typealias Settings = OutlookSettings

    let services: DeliveryServices
    let opportunities: OpportunityDependencies
    private static let chunk = 25

    package init(_ services: DeliveryServices, _ opportunities: OpportunityDependencies) {
        (self.services, self.opportunities) = (services, opportunities)
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let model = try await learned(run)
        var looked = 0, changed = 0, after = ClientID.unset
        while true {
            let from = after
            let step = try await run.write { tx -> (looked: Int, changed: Int, next: ClientID?) in
                let clients = try Client.resource.all(
                    where: "status = 'active' AND id > \(from)", suffix: "ORDER BY id LIMIT \(Self.chunk)",
                    in: tx)
                var changed = 0
                for client in clients where try judge(client, by: model, run, in: tx) { changed += 1 }
                return (clients.count, changed, clients.count < Self.chunk ? nil : clients.last?.id)
            }
            (looked, changed) = (looked + step.looked, changed + step.changed)
            run.processed(step.looked)
            guard let next = step.next else { break }
            after = next
        }
        let result: JSON = ["processed": JSON(looked), "changed": JSON(changed)]
        let settings = settings(of: run)
        return try await run.finish { tx in
            let today = try tx.agency.tenant().today(tx.now)
            try tx.clients.note(tx.clients.capacity(settings, on: today))
            return result
        }
    }

    /// Answers whether what is expected rests on other facts than before.
    private func judge(
        _ client: Client, by model: LogisticModel?, _ run: AgentRun, in tx: Transaction
    ) throws -> Bool {
        let tenant = try tx.agency.tenant()
        let facts = try services.outlookFacts(of: client, tenant, in: tx)
        try tx.outlooks.keep(facts, of: client.id, in: tenant.today(tx.now))
        let conclusion = services.outlook(of: client, facts, by: model, tenant)
        let last = try tx.decisions.latest(run.agent, subjectID: client.id)
        let isSame = last?.inputs == conclusion.inputs.canonical.serialized
        let made = isSame ? nil : try run.decide(in: tx, client.subject, conclusion)
        let churn = conclusion.outcome["churn"]?["probability"]?.double ?? 0
        try foretell(churn, of: client, by: made?.id ?? last?.id, run, in: tx)
        return made?.isNew ?? false
    }

    /// A client counts as at risk while it is likely to leave, whatever its health; the decision says why.
    private func foretell(
        _ churn: Double, of client: Client, by decision: DecisionID?, _ run: AgentRun, in tx: Transaction
    ) throws {
        let isLikely = churn * 100 >= Double(settings(of: run).churnAtRisk)
        guard isLikely != client.isLikelyToLeave else { return }
        var judged = client
        judged.isLikelyToLeave = isLikely
        try tx.update(client, to: &judged, by: .system, action: "client.foretold")
        if judged.isAtRisk, !client.isAtRisk {
            try tx.opportunities.keep(judged, opportunities, from: churn, decision)
        }
    }

    /// The model in use: learned anew once a month, from fifty clients who have left on.
    private func learned(_ run: AgentRun) async throws -> LogisticModel? {
        let (month, isDue, known) = try run.read { reader in
            let today = try reader.agency.tenant().today(reader.now)
            return (today, try reader.outlooks.isDue(in: today), try reader.outlooks.model())
        }
        guard isDue else { return known }
        return try await run.step("learn") {
            let cases = try run.read { try $0.outlooks.cases() }
            let model = OutlookLearning.model(of: cases)
            try await run.write { tx in try tx.outlooks.learn(model, in: month) }
            return model
        }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        var model: LogisticModel?
        if let version = inputs["model"]?.text {
            model = try reader.outlooks.model(version: version)
            guard model != nil else { return nil }
        }
        return ClientOutlook.outcome(of: inputs, by: model)
    }

    package func facts(in inputs: JSON) -> JSON { inputs["facts"] ?? inputs }
}

extension DeliveryServices {
    func outlookFacts(of client: Client, _ tenant: Tenant, in reader: some Queryable) throws -> OutlookFacts {
        let health = try ClientFacts(of: client, on: tenant.today(reader.now), dependencies, in: reader)
        return OutlookFacts(health, of: client, at: reader.now)
    }

    /// Concludes what is expected of a client, as things stand.
    func outlook(
        of client: Client, _ facts: OutlookFacts, by model: LogisticModel?, _ tenant: Tenant
    ) -> Conclusion {
        let outlook = ClientOutlook(facts, learned: model)
        var inputs: JSONObject = [
            "client_id": JSON(client.id), "facts": facts.json, "currency": .string(tenant.currency),
            "version": JSON(ClientOutlook.version),
        ]
        var used: JSON = ["name": "rules", "version": "1", "training_size": 0]
        if let model {
            inputs["model"] = .string(model.version)
            used = [
                "name": "logistic_regression", "version": .string(model.version),
                "training_size": JSON(model.trainingSize),
            ]
        }
        return Conclusion(
            outcome: outlook.outcome(tenant.currency), confidence: outlook.confidence,
            factors: .array(outlook.factors.map(\.json)), model: used, inputs: .object(inputs))
    }
}
