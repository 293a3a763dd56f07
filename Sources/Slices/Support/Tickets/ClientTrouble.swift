internal import Database
package import Messages
package import Nouns
internal import Records
internal import Telemetry

/// Tickets that spoil a client's mood are found at once, however many it has had.
let troubleMigration = Migration(number: 1020, name: "tickets that trouble a client") { _ in
    [
        """
        CREATE INDEX tickets_troubling ON tickets (tenant_id, client_id)
        WHERE status NOT IN ('resolved', 'closed') AND (priority = 'urgent' OR escalated = 1)
        """
    ]
}

extension ClientTicketStore {
    /// The time for which a complaint, or a low score in a survey, is remembered.
    private static var memory: Duration { .seconds(14 * 86_400) }
    /// The marks of ten under which a client is unhappy.
    private static var contentFrom: Double { 5 }

    /// Returns why a client is not to be congratulated just now: it waits for urgent help, has complained, or has given
    /// a low score in the last fortnight.
    package func trouble(ofClient id: ClientID) throws -> ClientTrouble? {
        let isWaiting = try tx.exists(
            """
            SELECT 1 FROM tickets WHERE tenant_id = \(tx.tenant) AND client_id = \(id)
                AND status NOT IN ('resolved', 'closed') AND (priority = 'urgent' OR escalated = 1)
            """)
        if isWaiting { return ClientTrouble("The client has an urgent or escalated ticket.") }
        let complaint =
            try tx.first(
                """
                SELECT max(created_at) FROM tickets WHERE tenant_id = \(tx.tenant) AND client_id = \(id)
                    AND created_at > \(tx.now - Self.memory) AND (intent = 'complaint' OR category = 'complaint')
                """
            ) { $0.optionalInstant(0) } ?? nil
        if let complaint {
            return ClientTrouble("The client has complained.", until: complaint + Self.memory)
        }
        guard let low = try lowScore(ofClient: id) else { return nil }
        return ClientTrouble("The client gave a low score in a survey.", until: low.createdAt + Self.memory)
    }

    /// The newest low score of the last fortnight.
    private func lowScore(ofClient id: ClientID) throws -> SurveyResponse? {
        try SurveyResponse.resource.all(
            where: "client_id = \(id)", suffix: "ORDER BY id DESC LIMIT 20", in: tx
        ).first { answer in
            guard answer.createdAt > tx.now - Self.memory, let survey = answer.surveyID,
                let kind = try Survey.resource.find(survey, in: tx)?.kind
            else { return false }
            return kind.satisfaction(answer.score) < Self.contentFrom
        }
    }
}
