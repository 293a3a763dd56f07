internal import Glibc
internal import Intelligence
internal import Records

/// A client's facts in a month, and whether it left within a year of it.
struct OutlookCase {
    let facts: OutlookFacts
    let hasLeft: Bool
    /// Whether it is the month of its year that a model learns from: the months of one client are alike and end alike,
    /// so that all of them would make chance look like a lesson.
    var teaches = true

    /// Returns whether a month (`2027-03`) is the one of its year that teaches about a client. Clients have different
    /// ones, so that every length of a relationship occurs.
    static func teaches(month: String, ofClient id: String) -> Bool {
        guard let month = Int(month.suffix(2)) else { return false }
        return month % 12 == id.utf8.reduce(0) { $0 + Int($1) } % 12
    }
}

/// The lessons of an agency's own clients about who leaves.
enum OutlookLearning {
    /// The number of clients that must have left before anything is learned of it.
    static let endingsMin = 50
    /// The share of the cases, in the order of time, that decides whether what was learned is used.
    private static let laterShare = 0.3
    private static let outcomesMin = 20

    /// Learns from cases in the order of time. `nil` where there is nothing to learn, or where rules foretell the later
    /// months as well: all of them, for one month a year would leave the comparison to chance.
    static func model(of cases: [OutlookCase]) -> LogisticModel? {
        let later = cases.suffix(Int(Double(cases.count) * laterShare))
        guard later.contains(where: \.hasLeft), later.contains(where: { !$0.hasLeft }),
            let model = trained(cases[...]), model.hasSignal,
            let earlier = trained(cases.dropLast(later.count))
        else { return nil }
        let rules = later.reduce(0) { $0 + loss(ClientOutlook($1.facts).churn.probability, $1.hasLeft) }
        let learned = later.reduce(0) { $0 + loss(earlier.probability(of: $1.facts.features), $1.hasLeft) }
        return learned < rules ? model : nil
    }

    private static func trained(_ cases: ArraySlice<OutlookCase>) -> LogisticModel? {
        var table = TrainingTable(), training = LogisticTraining()
        training.perOutcomeMin = outcomesMin
        for one in cases where one.teaches { table.append(one.facts.features, outcome: one.hasLeft) }
        return training.train(table).model
    }

    private static func loss(_ probability: Double, _ hasLeft: Bool) -> Double {
        -log(min(0.9999, max(0.0001, hasLeft ? probability : 1 - probability)))
    }
}

extension OutlookFacts {
    /// The features that a model may learn from: what is recorded of the work with a client, and nothing of who it is.
    var features: FeatureRow {
        var row = FeatureRow()
        row["overdue_tasks"] = FeatureValue(health.overdueTasks)
        row["changes_requested"] = FeatureValue(health.changesRequested)
        row["overdue_invoices"] = FeatureValue(health.overdueInvoices)
        row["open_tickets"] = FeatureValue(health.openTickets)
        row["urgent_tickets"] = FeatureValue(health.urgentTickets)
        row["satisfaction"] = FeatureValue(health.satisfaction)
        row["tenure_months"] = FeatureValue(tenureMonths)
        return row
    }
}

extension ClientOutlook {
    /// By what was learned from clients who left, where there is such a model; by the rules otherwise.
    init(_ facts: OutlookFacts, learned model: LogisticModel?) {
        let rules = ClientOutlook(facts)
        guard let model else {
            self = rules
            return
        }
        let row = facts.features, probability = model.probability(of: row)
        let known = Dictionary(rules.factors.map { ($0.name, $0) }) { first, _ in first }
        let factors = model.contributions(of: row).compactMap { share in
            known[share.column].map {
                Factor(name: $0.name, value: $0.value, logOdds: share.logOdds, evidence: $0.evidence)
            }
        }
        let (left, stayed) = (Double(model.positives), Double(model.trainingSize - model.positives))
        self.init(
            factors, logOdds: log(probability / (1 - probability)),
            width: max(0.15, 1.96 * sqrt(1 / max(1, left) + 1 / max(1, stayed))),
            confidence: min(1, max(0, 2 * model.auc - 1)), facts)
    }
}
