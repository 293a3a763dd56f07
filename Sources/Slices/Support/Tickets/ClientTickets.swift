package import Database
package import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry

/// The tickets of a client, as others look at them: `tx.clientTickets`.
package struct ClientTicketStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var clientTickets: ClientTicketStore<Self> { ClientTicketStore(tx: self) }
}

extension ClientTicketStore {
    /// Returns the number of a client's open tickets, and of the urgent ones among them.
    package func open(ofClient id: ClientID) throws -> (open: Int, urgent: Int) {
        (
            max(0, try tx.counters.find("tickets.open.client.\(id)")),
            max(0, try tx.counters.find("tickets.urgent.client.\(id)"))
        )
    }

    /// Returns a client's tickets and its responses to surveys, the newest 20 of each, for its profile.
    package func support(ofClient id: ClientID) throws -> JSONObject {
        let newest: SQL = "ORDER BY id DESC LIMIT 20"
        let tickets = try Ticket.resource.all(where: "client_id = \(id)", suffix: newest, in: tx)
        let answers = try SurveyResponse.resource.all(where: "client_id = \(id)", suffix: newest, in: tx)
        return [
            "tickets": .array(
                tickets.map { ticket in
                    [
                        "id": JSON(ticket.id), "number": JSON(ticket.number),
                        "subject": .string(ticket.subject), "status": .string(ticket.status.rawValue),
                        "priority": JSON(ticket.priority?.rawValue), "category": JSON(ticket.category),
                        "sentiment": JSON(ticket.sentiment?.rawValue),
                        "resolution": JSON(ticket.resolution),
                        "created_at": .string(ticket.createdAt.description),
                    ]
                }),
            "survey_responses": .array(
                answers.map { answer in
                    [
                        "id": JSON(answer.id), "survey_id": JSON(answer.surveyID),
                        "score": JSON(answer.score), "comment": JSON(answer.comment),
                        "created_at": .string(answer.createdAt.description),
                    ]
                }),
        ]
    }
}
