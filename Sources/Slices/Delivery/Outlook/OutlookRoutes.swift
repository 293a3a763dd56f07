internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// Adds the route of what is expected of a client.
func outlookRoutes(_ routes: inout Routes, _ services: DeliveryServices) {
    routes.schema("ClientOutlook", ClientOutlook.schema)
    routes.get(
        "/v1/clients/{id}/outlook", .permission("clients:read"),
        "Get the outlook of a client: risk of leaving, worth and growth",
        .json(.reference("ClientOutlook"), "As it was last judged; as things stand where it never was.")
    ) { call in
        let id = try call.id("id", of: Client.self)
        return .read { reader in
            let client = try Client.resource.get(id, in: reader), tenant = try reader.agency.tenant()
            let words = try reader.wordings.find(for: call)
            var answer: JSONObject, factors: JSON
            let inputs: JSON
            if let last = try reader.decisions.latest(OutlookAgent.agentName, subjectID: client.id) {
                answer = JSON(stored: last.outcome).object ?? [:]
                factors = JSON(stored: last.factors)
                inputs = JSON(stored: last.inputs)
                answer["model"] = JSON(stored: last.model)
                (answer["decision_id"], answer["at"]) = (JSON(last.id), JSON(last.createdAt.description))
            } else {
                let facts = try services.outlookFacts(of: client, tenant, in: reader)
                let conclusion = services.outlook(
                    of: client, facts, by: try reader.outlooks.model(), tenant)
                (answer, factors) = (conclusion.outcome.object ?? [:], conclusion.factors)
                inputs = conclusion.inputs
                answer["model"] = conclusion.model
                (answer["decision_id"], answer["at"]) = (.null, .null)
            }
            answer["factors"] = factors.spoken(in: words, tenant.zone)
            // Its reasons, and in decisions of earlier releases its range, follow from what was decided.
            let growth = ClientOutlook.Growth(
                OutlookFacts(inputs["facts"] ?? .null), churn: answer["churn"] ?? .null)
            answer["growth"] = growth.json.merging(answer["growth"] ?? [:]).spoken(in: words, tenant.zone)
            return .json(.object(answer))
        }
    }
}
