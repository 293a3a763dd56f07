internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// The verbs by which agents are asked about one lead, each with its agent and summary.
private let demands = [
    ("score", "lead_scoring", "Score a lead"), ("qualify", "lead_qualification", "Qualify a lead"),
    ("research", "prospect_research", "Research a lead"),
]

func leadAgentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    for (verb, agent, summary) in demands {
        routes.post(
            "/v1/leads/{id}/\(verb)", .permission("agents:run"),
            "\(summary), and get the run; with wait, the finished one",
            query: [.wait],
            .json(.reference("AgentRun"), "The finished run."),
            .json(.reference("AgentRun"), status: 202, "The run to follow.")
        ) { call in
            let id = try call.id("id", of: Lead.self)
            return try call.startRun(runtime) { tx in
                _ = try Lead.resource.get(id, in: tx)
                return try tx.runs.start(
                    agent: agent, trigger: .manual, parameters: ["lead_id": JSON(id)], by: call.actor)
            }
        }
    }
    routes.get(
        "/v1/leads/{id}/score", .permission("leads:read"), "Get a lead's score: the decision behind it",
        .json(.reference("Decision"))
    ) { call in
        let id = try call.id("id", of: Lead.self)
        return .read { reader in
            _ = try Lead.resource.get(id, in: reader)
            guard let decision = try reader.decisions.latest("lead_scoring", subjectID: id) else {
                throw Problem(.notFound)
            }
            return try decision.response(to: call, runtime, reader)
        }
    }
}
