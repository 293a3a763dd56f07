internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A client who pays far less for an hour of work than others do, by the work of the last ninety days.
struct PriceSuggestion {
    static let days = 90
    /// Below this share of what clients usually pay for an hour a fee is worth talking about.
    private static let low = 0.6
    /// Fewer clients than these have no usual price.
    private static let clientsMin = 3
    /// Fewer hours than these say nothing.
    private static let hoursMin = 10.0

    /// The most tasks that a suggestion names.
    fileprivate static let evidenceMax = 50

    let client: ClientID
    let fee: Int64
    let done: FinishedWork
    /// Of an hour, in minor units.
    let rate: Double, usual: Double
    /// The finished tasks that the hours are of, the newest first, as far as they are named.
    var evidence: [String] = []

    /// The fee that the client would pay a month at the usual price, for as many hours.
    private var suggested: Int64 { Int64((usual * done.hours * 30 / Double(Self.days)).rounded()) }

    fileprivate static func all(
        of clients: [(id: ClientID, fee: Int64)], _ done: [ClientID: FinishedWork]
    ) -> [PriceSuggestion] {
        typealias Known = (id: ClientID, fee: Int64, done: FinishedWork, rate: Double)
        let known = clients.compactMap { client -> Known? in
            guard client.fee > 0, let done = done[client.id], done.hours >= hoursMin else { return nil }
            return (client.id, client.fee, done, Double(client.fee) * Double(days) / 30 / done.hours)
        }
        guard known.count >= clientsMin else { return [] }
        let rates = known.map(\.rate).sorted(), middle = rates.count / 2
        let usual = rates.count % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2
        return known.filter { $0.rate < low * usual }.sorted { $0.rate < $1.rate }.map {
            PriceSuggestion(client: $0.id, fee: $0.fee, done: $0.done, rate: $0.rate, usual: usual)
        }
    }

    func json(_ currency: String) -> JSON {
        func money(_ amount: Double) -> JSON {
            Money(amount: Int64(amount.rounded()), currency: currency).json
        }
        return [
            "client_id": JSON(client), "fee": money(Double(fee)), "hours": .number(done.hours),
            "rate": money(rate), "usual_rate": money(usual), "suggested_fee": money(Double(suggested)),
            "tasks": JSON(done.tasks), "evidence": JSON(evidence),
        ]
    }

    static let schema: JSON = .schema(
        [
            "client_id": .anyText, "fee": .anyObject, "hours": ["type": "number", "minimum": 0],
            "rate": .anyObject, "usual_rate": .anyObject, "suggested_fee": .anyObject,
            "tasks": ["type": "integer", "minimum": 0],
            "evidence": ["type": "array", "items": .anyText, "maxItems": JSON(evidenceMax)],
        ],
        required: [
            "client_id", "fee", "hours", "rate", "usual_rate", "suggested_fee", "tasks", "evidence",
        ])
}

/// The finished tasks of a client whose time was estimated.
struct FinishedWork {
    var tasks = 0
    var hours = 0.0
}

extension ClientStore {
    /// Returns the clients whose fees are to be talked about, each with the tasks that this rests on.
    func priceSuggestions(for clients: [(id: ClientID, fee: Int64)]) throws -> [PriceSuggestion] {
        let since = tx.now - .seconds(PriceSuggestion.days * 86_400)
        return try PriceSuggestion.all(of: clients, workDone(since: since)).map { suggestion in
            var suggestion = suggestion
            suggestion.evidence = try tx.all(
                """
                SELECT id FROM tasks
                WHERE tenant_id = \(tx.tenant) AND client_id = \(suggestion.client)
                    AND completed_at > \(since) AND estimate IS NOT NULL
                ORDER BY completed_at DESC, id DESC LIMIT \(PriceSuggestion.evidenceMax)
                """
            ) { $0.text(0) }
            return suggestion
        }
    }

    /// Returns the finished work since a moment, by client. Of many tasks the estimates are few.
    private func workDone(since moment: Instant) throws -> [ClientID: FinishedWork] {
        var done: [ClientID: FinishedWork] = [:]
        try tx.each(
            """
            SELECT client_id, estimate, count(*) FROM tasks
            WHERE tenant_id = \(tx.tenant) AND completed_at > \(moment) AND estimate IS NOT NULL
            GROUP BY client_id, estimate
            """
        ) { row in
            guard let time = Duration(iso8601: row.text(1)) else { return }
            let (client, tasks) = (ClientID(row, 0), row.int(2))
            let hours = Double(time.components.seconds) / 3600 * Double(tasks)
            done[client, default: FinishedWork()].tasks += tasks
            done[client, default: FinishedWork()].hours += hours
        }
        return done
    }
}
