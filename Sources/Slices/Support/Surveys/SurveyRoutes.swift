internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

func surveyRoutes(_ routes: inout Routes) {
    routes.standard(Survey.resource, read: "surveys:read", write: "surveys:write")
    routes.standard(SurveyResponse.resource, read: "surveys:read", write: "surveys:write", patch: false)
    routes.get(
        "/v1/surveys/{id}/results", .permission("surveys:read"), "Get the results of a survey",
        .json(["type": "object"], "The results.")
    ) { call in
        let id = try call.id("id", of: Survey.self)
        return .read { reader in .json(try Survey.resource.get(id, in: reader).results(in: reader)) }
    }
}
