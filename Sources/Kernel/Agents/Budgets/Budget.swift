package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Templates

/// A limit on what may be taken in one period, by one agent or by all, for one client or campaign or for all: a row of
/// `budgets`.
package struct Budget: StoredRow, Identified {
    package static let idPrefix = "bud", noun = "budget", table = "budgets"

    package enum Kind: String, CaseIterable, Sendable, Choice { case money, tokens, sends, calls }
    package enum Period: String, CaseIterable, Sendable, Choice {
        case hour, day, month

        var span: TimeSpan {
            switch self {
            case .hour: .hour
            case .day: .day
            case .month: .month
            }
        }
    }

    package let id: ID<Budget>
    /// `nil`: whoever calls.
    package var agent: String?
    /// `nil`: for anyone, or for anything.
    package var clientID: ClientID?, campaignID: String?
    package var kind: Kind
    /// Money in millionths of a minor unit of `currency`.
    package var amount: Int64
    package var currency: String?
    package var per: Period
    package var version = 1
    package var createdAt: Instant, updatedAt: Instant

    /// The number of micros in a minor unit; a money budget's amounts are counted in micros.
    package static let microsPerMinorUnit: Int64 = 1_000_000

    /// The most minor units that a call, a thousand calls or a month may cost, so that many can be added up.
    package static let callCostMax: Int64 = 1_000_000_00

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, agent) = (row.id("id"), row.optionalText("agent"))
        (clientID, campaignID) = (row.optionalID("client_id"), row.optionalText("campaign_id"))
        kind = Kind(rawValue: row.text("kind")) ?? .calls
        (amount, currency) = (row.int64("amount"), row.optionalText("currency"))
        per = Period(rawValue: row.text("per")) ?? .day
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    package init(
        id: ID<Budget>, agent: String? = nil, clientID: ClientID? = nil, campaignID: String? = nil,
        kind: Kind,
        amount: Int64, currency: String? = nil, per: Period = .day, now: Instant
    ) {
        (self.id, self.agent) = (id, agent)
        (self.clientID, self.campaignID) = (clientID, campaignID)
        (self.kind, self.amount, self.currency, self.per) = (kind, amount, currency, per)
        (createdAt, updatedAt) = (now, now)
    }

    func amount(of usage: ToolUsage) -> Int64 {
        switch kind {
        case .money: usage.cost
        case .tokens: usage.tokens
        case .sends: usage.sends
        case .calls: usage.calls
        }
    }

    /// An amount of this budget as the API has it: money in whole minor units, what is begun of one counted full.
    package func json(of amount: Int64) -> JSON {
        guard let currency else { return .integer(amount) }
        return Money(micros: amount, currency: currency).json
    }

    /// Returns an amount of this budget as people read it: `12.50 USD`, or a plain number.
    func text(of amount: Int64) -> String {
        guard let currency else { return "\(amount)" }
        let money = Money(micros: amount, currency: currency)
        return Currency(currency).map { AmountText.format(money.amount, $0) } ?? "\(money.amount) \(currency)"
    }

    /// The name as an alert says it: `budget of lead_qualification for money a day`.
    var name: Saying {
        let client = clientID.map { "\($0)" } ?? "", campaign = campaignID.map { "\($0)" } ?? ""
        return Saying(
            "alert.budget_name",
            [
                "kind": .text(kind.rawValue), "span": .text(per.rawValue), "has_agent": .flag(agent != nil),
                "agent": .text(agent ?? ""), "has_client": .flag(clientID != nil), "client": .text(client),
                "has_campaign": .flag(campaignID != nil), "campaign": .text(campaign),
            ])
    }

    /// The name as the API says it: `budget of the campaign spring for money a day`.
    var title: String {
        var owners: [String] = []
        if let agent { owners.append(agent) }
        if let clientID { owners.append("the client \(clientID)") }
        if let campaignID { owners.append("the campaign \(campaignID)") }
        let whose = owners.isEmpty ? "the agency" : owners.joined(separator: " and ")
        return "budget of \(whose) for \(kind.rawValue) \(per == .hour ? "an" : "a") \(per.rawValue)"
    }

    var subject: Subject { Subject(id) }
}

extension Money {
    /// Converts an amount from millionths of a minor unit: a minor unit that is begun counts full.
    package init(micros: Int64, currency: String) {
        let unit = Budget.microsPerMinorUnit
        self.init(amount: micros / unit + (micros % unit > 0 ? 1 : 0), currency: currency)
    }

    /// The amount in millionths of a minor unit; of more than can be counted so, the most that can.
    package var micros: Int64 {
        let (micros, isTooMuch) = amount.multipliedReportingOverflow(by: Budget.microsPerMinorUnit)
        return isTooMuch ? .max : micros
    }
}

/// The use of a budget in its present period.
package struct BudgetUse: Hashable, Sendable {
    package var spent: Int64 = 0, held: Int64 = 0
    package let resetsAt: Instant
}

extension BudgetStore {
    package func find(_ id: ID<Budget>) throws -> Budget? {
        try tx.first(
            "SELECT \(Budget.columns) FROM budgets WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Budget.init)
    }

    /// Returns the budgets that a caller takes from, the oldest first.
    package func all(agent: String?, clientID: ClientID?, campaignID: String? = nil) throws -> [Budget] {
        try tx.all(
            applicableBudgets,
            [tx.tenant.sqlValue, agent.sqlValue, clientID.sqlValue, campaignID.sqlValue], Budget.init)
    }

    package func use(of budget: Budget, _ zone: TimeZoneRules) throws -> BudgetUse {
        let (start, end) = budget.per.span.bounds(around: tx.now, zone)
        var use = BudgetUse(resetsAt: end)
        if let row = try tx.first(
            budgetUse, [tx.tenant.sqlValue, budget.id.sqlValue, start.sqlValue],
            { ($0.int64(0), $0.int64(1)) })
        {
            (use.spent, use.held) = row
        }
        return use
    }
}

private let applicableBudgets = Statement(
    """
    SELECT \(Budget.columns) FROM budgets
    WHERE tenant_id = $1 AND (agent IS NULL OR agent = $2) AND (client_id IS NULL OR client_id = $3)
        AND (campaign_id IS NULL OR campaign_id = $4)
    ORDER BY id
    """)

private let budgetUse = Statement(
    "SELECT spent, held FROM budget_use WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3")
