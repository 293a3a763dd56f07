internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The monthly look at all clients together: how they fare, how the work for them goes, what they pay, what they are
/// worth, and what more they may want.
struct PortfolioReview: Sendable {
    let outlook: OutlookAgent
    let dependencies: PortfolioDependencies

    /// The most clients that are named.
    private static let namedMax = 100

    /// Puts together how things stand, and tells people of it.
    func conclude(_ seen: SeenClients, of run: AgentRunID, in tx: Transaction) throws -> JSON {
        let settings = outlook.settings(from: try tx.agentConfigurations.published(outlook).values).settings
        let portfolio = try tx.clients.portfolio(settings, dependencies)
        let atRisk = portfolio.members.filter(\.isAtRisk).map(\.id), pricing = portfolio.pricing
        try tx.notifications.notify(
            .permission("clients:write"), kind: .portfolioReviewed,
            title: Saying(
                "notification.portfolio_reviewed",
                [
                    "clients": .number(portfolio.members.count), "risk": .number(atRisk.count),
                    "fees": .number(pricing.count),
                ]),
            subject: Subject(run))
        var review = seen.members(in: portfolio.currency)
        review["clients"] = JSON(portfolio.members.count)
        review["monthly"] = Money(amount: portfolio.monthly, currency: portfolio.currency).json
        review["retention"] = ["of": JSON(portfolio.retention.of), "kept": JSON(portfolio.retention.kept)]
        review["at_risk"] = JSON(atRisk.prefix(Self.namedMax).map(\.self))
        review["warnings"] = JSON(portfolio.warnings.map { $0.code })
        review["pricing"] = JSON(pricing.prefix(Self.namedMax).map(\.client))
        review["deliverables"] = try deliverables(in: tx)
        review["opportunities"] = try opportunities(in: tx)
        return .object(review)
    }

    /// Counts the reviews of deliverables since the beginning of last month, and those that found no fault.
    private func deliverables(in tx: Transaction) throws -> JSON {
        let today = try tx.agency.tenant().today(tx.now)
        let last = today.year * 12 + today.month - 2
        let since = CivilDate(year: last / 12, month: last % 12 + 1, day: 1).iso
        let reviews = try tx.deliverables.reviews(since: String(since.prefix(7)))
        return [
            "since": .string(since), "reviews": JSON(reviews.count),
            "passed": JSON(reviews.count(where: \.passes)),
        ]
    }

    /// Counts by kind the opportunities that are open.
    private func opportunities(in tx: Transaction) throws -> JSON {
        let counts = try tx.all(
            """
            SELECT kind, count(*) FROM opportunities
            WHERE tenant_id = \(tx.tenant) AND status IN ('open', 'offered') GROUP BY kind ORDER BY kind
            """
        ) { ($0.text(0), JSON($0.int(1))) }
        return .object(JSONObject(counts))
    }
}

/// The sums of a look at one client after the other.
struct SeenClients: Sendable {
    private var satisfaction = 0.0, answered = 0
    private var low: Int64 = 0, amount: Int64 = 0, high: Int64 = 0, judged = 0

    mutating func add(_ client: Client, in currency: String, _ reader: some Queryable) throws {
        if let score = client.satisfaction {
            satisfaction += score
            answered += 1
        }
        guard let last = try reader.decisions.latest(OutlookAgent.agentName, subjectID: client.id),
            let value = JSON(stored: last.outcome)["lifetime_value"], value["currency"]?.text == currency
        else { return }
        low += value["low"]?.int ?? 0
        amount += value["amount"]?.int ?? 0
        high += value["high"]?.int ?? 0
        judged += 1
    }

    /// Satisfaction is the mean of those who have answered; the value is that of `of` clients.
    func members(in currency: String) -> JSONObject {
        let mean = answered > 0 ? (satisfaction / Double(answered) * 10).rounded() / 10 : nil
        return [
            "satisfaction": mean.map(JSON.number) ?? .null,
            "lifetime_value": [
                "amount": .integer(amount), "low": .integer(low), "high": .integer(high),
                "currency": .string(currency), "of": JSON(judged),
            ],
        ]
    }
}
