internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A client who pays far less for an hour of work than others do, by the work of the last ninety days.
struct PriceSuggestion {
    static let days = 90
    /// Below this share of what clients usually pay for an hour a fee is worth a talk.
    private static let low = 0.6
    /// Fewer clients than these have no usual price.
    private static let clientsMin = 3
    /// Fewer hours than these say nothing.
    private static let hoursMin = 10.0

    let client: ClientID
    let fee: Int64
    let hours: Double
    /// Of an hour, in minor units.
    let rate: Double, usual: Double

    /// The fee that the client would pay a month at the usual price, for as many hours.
    private var suggested: Int64 { Int64((usual * hours * 30 / Double(Self.days)).rounded()) }

    static func all(of clients: [(id: ClientID, fee: Int64)], hours: [ClientID: Double]) -> [PriceSuggestion]
    {
        let known = clients.compactMap { client -> (id: ClientID, fee: Int64, hours: Double, rate: Double)? in
            guard client.fee > 0, let hours = hours[client.id], hours >= hoursMin else { return nil }
            return (client.id, client.fee, hours, Double(client.fee) * Double(days) / 30 / hours)
        }
        guard known.count >= clientsMin else { return [] }
        let rates = known.map(\.rate).sorted(), middle = rates.count / 2
        let usual = rates.count % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2
        return known.filter { $0.rate < low * usual }.sorted { $0.rate < $1.rate }.map {
            PriceSuggestion(client: $0.id, fee: $0.fee, hours: $0.hours, rate: $0.rate, usual: usual)
        }
    }

    func json(_ currency: String) -> JSON {
        func money(_ amount: Double) -> JSON {
            Money(amount: Int64(amount.rounded()), currency: currency).json
        }
        return [
            "client_id": JSON(client), "fee": money(Double(fee)), "hours": .number(hours),
            "rate": money(rate),
            "usual_rate": money(usual), "suggested_fee": money(Double(suggested)),
        ]
    }

    static let schema: JSON = .schema(
        [
            "client_id": .anyText, "fee": .anyObject, "hours": ["type": "number", "minimum": 0],
            "rate": .anyObject, "usual_rate": .anyObject, "suggested_fee": .anyObject,
        ], required: ["client_id", "fee", "hours", "rate", "usual_rate", "suggested_fee"])
}

extension ClientStore {
    private static var tasksMax: Int { 20_000 }

    /// The hours of finished tasks since a moment, by client, as they were estimated.
    func hoursDone(since moment: Instant) throws -> [ClientID: Double] {
        var hours: [ClientID: Double] = [:]
        try tx.each(
            """
            SELECT client_id, estimate FROM tasks
            WHERE tenant_id = \(tx.tenant) AND completed_at > \(moment) AND estimate IS NOT NULL
            ORDER BY completed_at DESC LIMIT \(Self.tasksMax)
            """
        ) { row in
            guard let time = Duration(iso8601: row.text(1)) else { return }
            hours[ClientID(row, 0), default: 0] += Double(time.components.seconds) / 3600
        }
        return hours
    }
}
