internal import Database
internal import HTTPServer
internal import JSON
internal import Messaging
internal import Records
internal import Runtime
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

/// People's responses to surveys. When they are erased, the score stays, without its words and whose it was.
struct SurveyData: PersonalData {
    static let name = "survey_responses"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try responses(of: subjects, in: reader).map { SurveyResponse.schema.json($0) }
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try responses(of: subjects, in: reader).map { response in
            [
                "score": SurveyResponse.schema.json(response)["score"] ?? .null,
                "comment": JSON(response.comment),
                "created_at": .string(response.createdAt.description),
            ]
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let responses = try responses(of: subjects, in: tx)
        for old in responses {
            var erased = old
            (erased.comment, erased.contactID, erased.invitation) = (nil, nil, nil)
            try tx.update(old, to: &erased, by: .system, action: "survey_response.erased")
        }
        return responses.count
    }

    private func responses(of subjects: [Subject], in reader: some Queryable) throws -> [SurveyResponse] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        return try SurveyResponse.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY id LIMIT 1000", in: reader)
    }
}
