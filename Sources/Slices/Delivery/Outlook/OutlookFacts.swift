internal import Database
internal import JSON
internal import Records
internal import Telemetry

/// The facts from which a client's outlook follows.
struct OutlookFacts: Hashable {
    var health = ClientFacts()
    var tenureMonths = 0
    /// A month's fee.
    var fee: Money?
    var tier = Client.Tier.starter

    init(_ health: ClientFacts, of client: Client, at now: Instant) {
        self.health = health
        // In months, so that a day more is no other fact.
        tenureMonths = max(0, Int((now - client.createdAt).components.seconds / (30 * 86_400)))
        (fee, tier) = (client.monthlyFee, client.tier)
    }

    init(_ json: JSON) {
        health = ClientFacts(json["health"] ?? .null)
        tenureMonths = json["tenure_months"]?.int.map(Int.init) ?? 0
        fee = json["fee"].flatMap(Money.init(json:))
        tier = json["tier"]?.text.flatMap(Client.Tier.init) ?? .starter
    }

    var json: JSON {
        [
            "health": health.json, "tenure_months": JSON(tenureMonths), "fee": fee?.json ?? .null,
            "tier": .string(tier.rawValue),
        ]
    }
}
