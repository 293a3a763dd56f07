internal import Agents
internal import Glibc
internal import Intelligence
internal import JSON
internal import Records
internal import Templates

/// The outlook on a client over the next twelve months: whether they leave, what they are worth, whether
/// they grow. Each with its range, which is the wider the less is known.
struct ClientOutlook {
    struct Factor {
        let name: String
        let value: JSON
        /// In log-odds of what is expected: of leaving, or of paying more.
        let logOdds: Double
        let evidence: Saying

        var json: JSON {
            let factor: JSON = [
                "name": .string(name), "value": value, "weight": .number(logOdds.magnitude.rounded3),
                "contribution": .number(logOdds.rounded3),
            ]
            return factor.saying("evidence", evidence)
        }
    }

    let factors: [Factor]
    let churn: (probability: Double, low: Double, high: Double)
    let growth: Growth
    /// The known share of what the rules ask, from 0 to 1.
    let confidence: Double
    private let fee: Money?

    /// One client in seven leaves within a year, where nothing else is known.
    private static let usual = log(1.0 / 6)
    private static let yearMost = 60.0

    init(_ facts: OutlookFacts) {
        var factors: [Factor] = [], known = 2.0
        func add(
            _ name: String, _ count: Int?, each: Double, most: Double, _ evidence: String
        ) {
            guard let count else { return }
            factors.append(
                Factor(
                    name: name, value: JSON(count), logOdds: min(Double(count) * each, most),
                    evidence: Saying(evidence, ["count": .number(count)])))
        }
        let health = facts.health
        add("overdue_tasks", health.overdueTasks, each: 0.1, most: 0.5, "evidence.overdue_tasks")
        add("changes_requested", health.changesRequested, each: 0.2, most: 0.4, "evidence.changes_requested")
        add("overdue_invoices", health.overdueInvoices, each: 0.6, most: 1.2, "evidence.overdue_invoices")
        add("open_tickets", health.openTickets, each: 0.15, most: 0.6, "evidence.client_tickets")
        add("urgent_tickets", health.urgentTickets, each: 0.45, most: 1.35, "evidence.urgent_tickets")
        if let satisfaction = health.satisfaction {
            factors.append(.satisfaction(satisfaction, min(1.4, max(-1.4, (7 - satisfaction) * 0.35))))
        }
        let tenure =
            facts.tenureMonths < 3 ? 0.2 : facts.tenureMonths < 12 ? 0 : facts.tenureMonths < 24 ? -0.3 : -0.5
        factors.append(.tenure(facts.tenureMonths, tenure))
        known += [health.overdueInvoices != nil, health.openTickets != nil, health.satisfaction != nil]
            .reduce(0) { $0 + ($1 ? 1 : 0) }
        let certainty = known / 5
        self.init(
            factors, logOdds: factors.reduce(Self.usual) { $0 + $1.logOdds },
            width: 1.4 - 0.6 * certainty, confidence: certainty, facts)
    }

    /// `logOdds`: of leaving within a year; `width`: how far off they may be either way.
    init(
        _ factors: [Factor], logOdds: Double, width: Double, confidence: Double, _ facts: OutlookFacts
    ) {
        (self.factors, self.confidence, fee) = (factors, confidence, facts.fee)
        churn = (Self.share(logOdds), Self.share(logOdds - width), Self.share(logOdds + width))
        growth = Growth(facts, churn)
    }

    private static func share(_ logOdds: Double) -> Double { min(0.99, max(0.01, 1 / (1 + exp(-logOdds)))) }

    /// Returns what the client pays until they are likely to have left, at most five years' worth.
    private func worth(_ yearly: Double) -> Int64 {
        guard let fee else { return 0 }
        let monthly = 1 - pow(1 - yearly, 1.0 / 12)
        return Int64((Double(fee.amount) * min(Self.yearMost, 1 / monthly)).rounded())
    }

    /// `hasRanges`: growth has its range, which decisions of earlier releases do not have.
    func outcome(_ currency: String, hasRanges: Bool = true) -> JSON {
        var growing: JSONObject = ["probability": .number(growth.probability.rounded3)]
        if hasRanges {
            growing["low"] = .number(growth.low.rounded3)
            growing["high"] = .number(growth.high.rounded3)
        }
        return [
            "churn": [
                "probability": .number(churn.probability.rounded3), "low": .number(churn.low.rounded3),
                "high": .number(churn.high.rounded3),
            ],
            "lifetime_value": [
                "amount": .integer(worth(churn.probability)), "low": .integer(worth(churn.high)),
                "high": .integer(worth(churn.low)), "currency": .string(fee?.currency ?? currency),
            ],
            "growth": .object(growing),
        ]
    }

    /// The version of what decisions have as their inputs and outcomes; the first one is not named.
    static let version = 2

    /// Returns the outcome that follows from what a decision was made of, as its release had it.
    static func outcome(of inputs: JSON, by model: LogisticModel?) -> JSON? {
        guard let facts = inputs["facts"], let currency = inputs["currency"]?.text else { return nil }
        return ClientOutlook(OutlookFacts(facts), learned: model)
            .outcome(currency, hasRanges: inputs["version"] != nil)
    }

    static let schema: JSON = {
        let share: JSON = ["type": "number", "minimum": 0, "maximum": 1]
        let amount: JSON = ["type": "integer", "minimum": 0]
        return .schema(
            [
                "churn": .schema(
                    ["probability": share, "low": share, "high": share],
                    required: ["probability", "low", "high"]),
                "lifetime_value": .schema(
                    ["amount": amount, "low": amount, "high": amount, "currency": .anyText],
                    required: ["amount", "low", "high", "currency"]),
                "growth": .schema(
                    [
                        "probability": share, "low": share, "high": share,
                        "factors": ["type": "array", "items": .anyObject],
                    ], required: ["probability", "low", "high", "factors"]),
                "factors": ["type": "array", "items": .anyObject],
                "model": .schema(
                    [
                        "name": .anyText, "version": .anyText,
                        "training_size": ["type": "integer", "minimum": 0],
                    ], required: ["name", "training_size"]),
                "decision_id": .textOrNull, "at": .textOrNull,
            ], required: ["churn", "lifetime_value", "growth", "factors", "model", "decision_id", "at"])
    }()
}

extension ClientOutlook.Factor {
    fileprivate static func satisfaction(_ score: Double, _ logOdds: Double) -> Self {
        Self(
            name: "satisfaction", value: .number(score), logOdds: logOdds,
            evidence: Saying("evidence.satisfaction", ["score": .text("\((score * 10).rounded() / 10)")]))
    }

    fileprivate static func tenure(_ months: Int, _ logOdds: Double) -> Self {
        Self(
            name: "tenure_months", value: JSON(months), logOdds: logOdds,
            evidence: Saying("evidence.tenure", ["count": .number(months)]))
    }
}

extension ClientOutlook {
    /// The likelihood that a client pays more within a year, which it does not once it has left.
    struct Growth {
        let probability: Double, low: Double, high: Double
        let factors: [Factor]

        init(_ facts: OutlookFacts, _ churn: (probability: Double, low: Double, high: Double)) {
            // One that is content and has stayed may grow; one that is likely to leave does not.
            let satisfaction = facts.health.satisfaction, content = satisfaction.map { ($0 - 7) * 0.3 } ?? 0
            let stayed = facts.tenureMonths >= 6 ? 0.4 : 0
            let share = ClientOutlook.share(-1.2 + content + stayed)
            probability = share * (1 - churn.probability)
            (low, high) = (share * (1 - churn.high), share * (1 - churn.low))
            let percent = Int((churn.probability * 100).rounded())
            let leaving = Factor(
                name: "churn", value: .number(churn.probability.rounded3),
                logOdds: log(1 - churn.probability),
                evidence: Saying("evidence.likely_to_leave", ["percent": .number(percent)]))
            let contentment = satisfaction.map { [Factor.satisfaction($0, content)] } ?? []
            factors = contentment + [Factor.tenure(facts.tenureMonths, stayed), leaving]
        }

        /// With its reasons, as they follow from what a decision has of churn.
        init(_ facts: OutlookFacts, churn: JSON) {
            func share(_ name: String) -> Double { churn[name]?.double ?? 0 }
            self.init(facts, (share("probability"), share("low"), share("high")))
        }

        var json: JSON {
            [
                "probability": .number(probability.rounded3), "low": .number(low.rounded3),
                "high": .number(high.rounded3), "factors": .array(factors.map(\.json)),
            ]
        }
    }
}

extension Double {
    /// To a tenth of a percent.
    fileprivate var rounded3: Double { (self * 1000).rounded() / 1000 }
}
