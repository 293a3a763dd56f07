package import Agents
package import Database
package import JSON
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
    private static let chunk = 25

    package init(_ services: DeliveryServices) { self.services = services }

    package func run(_ run: AgentRun) async throws -> JSON {
        var looked = 0, changed = 0, after = ClientID.unset
        while true {
            let from = after
            let step = try await run.write { tx -> (looked: Int, changed: Int, next: ClientID?) in
                let clients = try Client.resource.all(
                    where: "status = 'active' AND id > \(from)", suffix: "ORDER BY id LIMIT \(Self.chunk)",
                    in: tx)
                var changed = 0
                for client in clients where try judge(client, run, in: tx) { changed += 1 }
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
    private func judge(_ client: Client, _ run: AgentRun, in tx: Transaction) throws -> Bool {
        let tenant = try tx.agency.tenant()
        let conclusion = try services.outlook(of: client, tenant, in: tx)
        let last = try tx.decisions.latest(run.agent, subjectID: client.id)
        guard last?.inputs != conclusion.inputs.canonical.serialized else { return false }
        return try run.decide(in: tx, client.subject, conclusion).isNew
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        guard let facts = inputs["facts"], let currency = inputs["currency"]?.text else { return nil }
        return ClientOutlook(OutlookFacts(facts)).outcome(currency)
    }

    package func facts(in inputs: JSON) -> JSON { inputs["facts"] ?? inputs }
}

extension DeliveryServices {
    /// What is expected of a client, as things stand.
    func outlook(of client: Client, _ tenant: Tenant, in reader: some Queryable) throws -> Conclusion {
        let health = try ClientFacts(of: client, on: tenant.today(reader.now), dependencies, in: reader)
        let facts = OutlookFacts(health, of: client, at: reader.now)
        let outlook = ClientOutlook(facts)
        return Conclusion(
            outcome: outlook.outcome(tenant.currency), confidence: outlook.confidence,
            factors: .array(outlook.factors.map(\.json)),
            model: ["name": "rules", "version": "1", "training_size": 0],
            inputs: [
                "client_id": JSON(client.id), "facts": facts.json, "currency": .string(tenant.currency),
            ])
    }
}
