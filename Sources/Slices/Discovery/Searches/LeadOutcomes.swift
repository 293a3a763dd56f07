package import Agents
package import Database
internal import JSON
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy

/// The questions that lead generation asks the slices that sell and deliver: what came of leads, and what the agency
/// can do for more of them.
package struct OutcomeDependencies: Asking {
    /// Returns what the deals were worth that were won with leads since a moment, in minor units of the agency's
    /// currency.
    @ModuleNeed("what won leads were worth", for: "searches of leads")
    package var worth: @Sendable (any Queryable, _ since: Instant) throws -> [LeadID: Int64]
    /// Returns how tasks for clients were done since a moment, by the lead that became the client.
    @ModuleNeed("how work for clients was done", for: "searches of leads")
    package var deliveries:
        @Sendable (any Queryable, _ since: Instant) throws -> [LeadID: (inTime: Int, late: Int)]
    /// Returns how content clients are, from 0 to 10, by the lead that became the client.
    @ModuleNeed("how satisfied clients are", for: "searches of leads")
    package var satisfaction: @Sendable (any Queryable) throws -> [LeadID: Double]
    /// Returns how full the agency's next weeks are: `free`, `tight` or `over`; `nil`: nobody knows.
    @ModuleNeed("how full the next weeks are", for: "searches of leads")
    package var capacity: @Sendable (any Queryable) throws -> String?
    /// Returns the packages that the agency offers at the moment; `nil`: nobody knows.
    @ModuleNeed("the packages on offer", for: "searches of leads")
    package var packages: @Sendable (any Queryable) throws -> [OfferedPackage]?

    package init() {}
}

/// The outcomes of leads by their traits: what those were worth that were won, how work for them is done, and how
/// content they are.
struct LeadOutcomes {
    struct Sum: Sendable {
        var won = 0, amount: Int64 = 0
        var tasks = 0, inTime = 0
        var rated = 0, rating = 0.0

        /// The worth of a lead that was won; `nil`: none is known.
        var worth: Double? { won == 0 ? nil : Double(amount) / Double(won) }
        /// The share of tasks that were done in time; `nil`: none was done.
        var punctuality: Double? { tasks == 0 ? nil : Double(inTime) / Double(tasks) }
        /// The clients' satisfaction, from 0 to 10; `nil`: none has said it.
        var satisfaction: Double? { rated == 0 ? nil : rating / Double(rated) }
    }

    private static let time: Duration = .seconds(730 * 86_400)
    private static let leadsMax = 10_000, part = 500
    /// As many imagined cases of the usual kind stand beside the real ones.
    private static let caution = 5.0

    private var all = Sum()
    private var sums: [String: Sum] = [:]

    init(_ dependencies: OutcomeDependencies, in reader: some Queryable) throws {
        let since = reader.now - Self.time
        let worth = try dependencies.worth(reader, since)
        let deliveries = try dependencies.deliveries(reader, since)
        let satisfaction = try dependencies.satisfaction(reader)
        let ids = Set(worth.keys).union(deliveries.keys).union(satisfaction.keys).map(\.keyText).sorted(by: >)
            .prefix(Self.leadsMax)
        for start in stride(from: 0, to: ids.count, by: Self.part) {
            let part = Array(ids.dropFirst(start).prefix(Self.part))
            try reader.each(
                """
                SELECT \(OutcomeTraits.columns) FROM leads
                WHERE tenant_id = \(reader.tenant) AND id IN \(list: part)
                """
            ) { row in
                let lead = try OutcomeTraits(row), id = lead.id, delivery = deliveries[id]
                var sum = Sum()
                if let worth = worth[id] { (sum.won, sum.amount) = (1, worth) }
                if let delivery {
                    (sum.tasks, sum.inTime) = (delivery.inTime + delivery.late, delivery.inTime)
                }
                if let rating = satisfaction[id] { (sum.rated, sum.rating) = (1, rating) }
                add(sum)
                for case (let field, let value?) in lead.traits { add(sum, to: Self.key(field, value)) }
            }
        }
    }

    private static func key(_ field: String, _ value: String) -> String {
        "\(field) \(TextFolding.fold(value))"
    }

    private mutating func add(_ other: Sum, to key: String? = nil) {
        var sum = key.map { sums[$0] ?? Sum() } ?? all
        sum.won += other.won
        sum.amount += other.amount
        sum.tasks += other.tasks
        sum.inTime += other.inTime
        sum.rated += other.rated
        sum.rating += other.rating
        if let key { sums[key] = sum } else { all = sum }
    }

    subscript(field: String, value: String) -> Sum { sums[Self.key(field, value)] ?? Sum() }

    /// Returns how much more leads with a trait are worth than others, how much more often work for them is
    /// done in time, and how much more content they are: 1 is as usual.
    func factor(_ field: String, _ value: String) -> Double {
        let sum = self[field, value]
        return Self.factor(Double(sum.amount), of: sum.won, usual: all.worth)
            * Self.factor(Double(sum.inTime), of: sum.tasks, usual: all.punctuality)
            * Self.factor(sum.rating, of: sum.rated, usual: all.satisfaction)
    }

    private static func factor(_ total: Double, of count: Int, usual: Double?) -> Double {
        guard let usual, usual > 0 else { return 1 }
        return (total + caution * usual) / (Double(count) + caution) / usual
    }
}

/// A lead as far as outcomes are summed by its traits.
private struct OutcomeTraits: StoredRow {
    let id: LeadID
    let traits: [(String, String?)]

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        id = row.id("id")
        traits = [
            ("source", row.optionalText("source")), ("country", row.optionalText("country")),
            ("industry", row.optionalText("industry")),
            ("size", row.optionalInt("employee_count").map { Lead.sizeBand(of: $0) }),
        ]
    }
}
