internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// The days after a ticket was resolved in which its asker may say how that went; the days between two
/// questions in general.
private let (ticketDays, generalDays) = (30, 90)

/// A survey that waits for a client's person: about a ticket of theirs that was resolved, or in general.
private struct WaitingSurvey: Sendable {
    let survey: Survey
    let ticket: Ticket?
    let since: Instant

    fileprivate var json: JSON {
        let scores = survey.kind.scores
        return [
            "id": JSON(survey.id), "kind": .string(survey.kind.rawValue),
            "name": .string(survey.name), "question": .string(survey.question),
            "ticket_id": JSON(ticket?.id), "ticket_subject": JSON(ticket?.subject),
            "score_min": JSON(scores.lowerBound), "score_max": JSON(scores.upperBound),
            "since": .string(since.description),
        ]
    }

    fileprivate static let schema: JSON = .record([
        "id": .anyText, "kind": .anyText, "name": .anyText, "question": .anyText, "ticket_id": .textOrNull,
        "ticket_subject": .textOrNull, "score_min": .anyInteger, "score_max": .anyInteger,
        "since": .anyInstant,
    ])
}

/// Adds the portal's routes for the surveys that ask clients how it went.
func surveyPortal(_ routes: inout Routes, _ desk: TicketDesk) {
    desk.outbox.services.portal.add(PortalPart { portal, reader in try reader.surveys.part(portal) })
    routes.schema("PortalSurvey", WaitingSurvey.schema)
    routes.declare(SurveyAnswer.self)
    let path = "/v1/portal/surveys"
    routes.get(
        path, .portal("portal:read"), "List the surveys that wait for you",
        query: ParameterDoc.page, .list(of: .reference("PortalSurvey"))
    ) { call in
        let (portal, window) = (try call.portal, try call.window())
        return .read { reader in window.page(of: try reader.surveys.all(waitingFor: portal).map(\.json)) }
    }
    routes.get(
        "\(path)/{id}", .portal("portal:read"), "Get a survey that waits for you",
        .json(.reference("PortalSurvey"), "The survey.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Survey.self), try call.portal)
        return .read { reader in .json(try reader.surveys.find(id, nil, portal).json) }
    }
    routes.schema("PortalSurveyAnswer", .record(["id": .anyText, "score": .anyInteger]))
    routes.post(
        "\(path)/{id}/answer", .portal("portal:write"), "Answer a survey that waits for you",
        body: .json(.reference("SurveyAnswer")),
        .json(.reference("PortalSurveyAnswer"), status: 201, "Thank you.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Survey.self), try call.portal)
        let body = Result { try call.body(SurveyAnswer.self) }
        return .write { tx in
            let ticket = try? body.get().ticketID
            let waiting = try tx.surveys.find(id, ticket, portal)
            let response = try tx.surveys.answer(waiting, try body.get(), by: call.actor, portal)
            return .json(
                ["id": JSON(response.id), "score": JSON(response.score)], status: 201)
        }
    }
}

/// The answer of whoever was asked.
private struct SurveyAnswer: Declared {
    var score = 0
    var comment: String?
    var ticketID: TicketID?

    static let schema = Schema<SurveyAnswer>(
        "SurveyAnswer",
        [
            .integer("score", \.score, in: 0...10, .required, .about("The score that was chosen.")),
            .text("comment", \.comment, max: 5000),
            .id(
                "ticket_id", \.ticketID,
                .about("The ticket that the answer is about, where there are several.")),
        ])
}

extension SurveyStore {
    /// Returns the surveys that wait for a person, the oldest first.
    fileprivate func all(waitingFor portal: PortalCall) throws -> [WaitingSurvey] {
        guard let contact = portal.contactID else { return [] }
        let active = try Survey.resource.all(
            where: "status = 'active'", suffix: "ORDER BY row LIMIT 20", in: tx)
        var waiting: [WaitingSurvey] = []
        for survey in active {
            switch survey.kind {
            case .csat:
                waiting += try Ticket.resource.all(
                    where: """
                        contact_id = \(contact) AND client_id = \(portal.clientID)
                        AND status IN ('resolved', 'closed') AND merged_into IS NULL
                        AND resolved_at > \(tx.now - .seconds(Int64(ticketDays) * 86_400))
                        AND NOT EXISTS (SELECT 1 FROM survey_responses r WHERE r.tenant_id = tickets.tenant_id
                            AND r.ticket_id = tickets.id AND r.survey_id = \(survey.id))
                        """, suffix: "ORDER BY id LIMIT 20", in: tx
                ).map { WaitingSurvey(survey: survey, ticket: $0, since: $0.resolvedAt ?? $0.updatedAt) }
            case .nps:
                let isAnswered = try tx.exists(
                    """
                    SELECT 1 FROM survey_responses WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                        AND survey_id = \(survey.id)
                        AND created_at > \(tx.now - .seconds(Int64(generalDays) * 86_400))
                    """)
                if !isAnswered {
                    waiting.append(WaitingSurvey(survey: survey, ticket: nil, since: survey.createdAt))
                }
            }
        }
        return waiting
    }

    /// One that waits for the person; any other answers as one that nobody has.
    fileprivate func find(
        _ id: ID<Survey>, _ ticket: TicketID?, _ portal: PortalCall
    ) throws -> WaitingSurvey {
        let found = try all(waitingFor: portal).first {
            $0.survey.id == id && (ticket == nil || $0.ticket?.id == ticket)
        }
        guard let found else { throw Problem(.notFound) }
        return found
    }
}

extension SurveyStore where Base == Transaction {
    fileprivate func answer(
        _ waiting: WaitingSurvey, _ body: SurveyAnswer, by actor: Actor, _ portal: PortalCall
    ) throws -> SurveyResponse {
        var response = SurveyResponse.new(id: tx.nextID(), now: tx.now)
        (response.surveyID, response.ticketID) = (waiting.survey.id, waiting.ticket?.id)
        (response.clientID, response.contactID) = (portal.clientID, portal.contactID)
        (response.score, response.comment) = (body.score, body.comment)
        try tx.create(&response, by: actor)
        return response
    }
}

extension SurveyStore where Base == Reader {
    fileprivate func part(_ portal: PortalCall) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let waiting = try all(waitingFor: portal)
        return (
            ["surveys_waiting": JSON(waiting.count)],
            waiting.map {
                PortalWaiting(
                    $0.survey.subject, $0.ticket?.subject ?? $0.survey.name, action: "rate",
                    needs: "portal:write", since: $0.since)
            }
        )
    }
}
