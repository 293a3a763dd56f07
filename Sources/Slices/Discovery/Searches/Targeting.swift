internal import Database
internal import JSON
internal import Records
internal import Templates
internal import Tenancy
internal import Wording

/// Advice from an agency's own outcomes on whom to look for, and where: learned from the leads that were won and lost.
struct Targeting: Sendable {
    /// The outcomes of one source, or of one value of a criterion.
    struct Weight: Sendable {
        let field: String
        let value: String
        var won = 0, lost = 0
        /// The companies that a source has named, and the leads that came of them.
        var found = 0, created = 0
        /// The worth of such leads to an agency beside others, by how often they are won, what they are worth
        /// then, how work for them is done, and how content they are: 1 is as much.
        var weight = 1.0
        /// The worth of one that was won, on average, the share of tasks for them that were done in time, and how
        /// content they are, from 0 to 10.
        var worth: Money?, punctuality: Double?, satisfaction: Double?

        var closed: Int { won + lost }

        /// Why it has its weight, in the words of whoever reads it.
        private var reason: Saying {
            if field == "source", closed == 0 {
                return found == 0
                    ? Saying("targeting.not_searched")
                    : Saying(
                        "targeting.none_closed", ["created": .number(created), "found": .number(found)])
            }
            let amount = worth.flatMap { worth in
                Currency(worth.currency).map { AmountText.format(worth.amount, $0) }
            }
            let percent = punctuality.map { Int(($0 * 100).rounded()) }
            let score = satisfaction.map { "\(($0 * 10).rounded() / 10)" }
            return Saying(
                "targeting.closed",
                [
                    "won": .number(won), "closed": .number(closed), "has_worth": .flag(amount != nil),
                    "worth": .text(amount ?? ""), "has_time": .flag(percent != nil),
                    "percent": .number(percent ?? 0), "has_score": .flag(score != nil),
                    "score": .text(score ?? ""), "is_source": .flag(field == "source"),
                    "created": .number(created), "found": .number(found),
                ])
        }

        mutating func take(_ sum: LeadOutcomes.Sum, _ currency: String) {
            worth = sum.worth.map { Money(amount: Int64($0.rounded()), currency: currency) }
            (punctuality, satisfaction) = (sum.punctuality, sum.satisfaction)
        }

        func json(in words: Wording) -> JSON {
            var object: JSONObject = [
                "field": .string(field), "value": .string(value),
                "weight": .number((weight * 100).rounded() / 100), "won": JSON(won),
                "lost": JSON(lost), "worth": worth?.json ?? .null,
                "in_time": punctuality.map { .number(($0 * 100).rounded() / 100) } ?? .null,
                "satisfaction": satisfaction.map { .number(($0 * 100).rounded() / 100) } ?? .null,
            ]
            if field == "source" {
                object.append("found", JSON(found))
                object.append("created", JSON(created))
            }
            object.append("reason", .string(reason.said(in: words)))
            return .object(object)
        }
    }

    /// As many imagined outcomes of the usual kind stand beside the real ones, so that few of these say little.
    private static let caution = 5.0
    private static let valuesMax = 10
    /// The weight of an industry that an agency aims at by default, before any of it was won or lost.
    private static let aim = 1.1

    private(set) var sources: [Weight] = []
    private(set) var criteria: [Weight] = []
    private var byValue: [String: Double] = [:]

    init(_ search: LeadSearch, _ dependencies: OutcomeDependencies, in reader: some Queryable) throws {
        let outcomes = try LeadOutcomes(dependencies, in: reader)
        let currency = try reader.reading.agency.tenant().currency
        let columns: [(String, StaticString)] = [
            ("source", "source"), ("country", "country"), ("industry", "industry"),
        ]
        var total = (won: 0, closed: 0)
        var counts: [String: [String: (won: Int, lost: Int)]] = [:]
        for (field, column) in columns {
            try reader.each(
                """
                SELECT \(raw: column), SUM(CASE WHEN status = 'won' THEN 1 ELSE 0 END), COUNT(*) FROM leads
                WHERE tenant_id = \(reader.tenant) AND status IN ('won', 'lost') GROUP BY \(raw: column)
                """
            ) { row in
                let (won, closed) = (row.int(1), row.int(2))
                if field == "source" { total = (total.won + won, total.closed + closed) }
                guard let value = row.optionalText(0), !value.isEmpty else { return }
                counts[field, default: [:]][value] = (won, closed - won)
            }
        }
        try reader.each(
            """
            SELECT CASE WHEN employee_count < 10 THEN '1-9' WHEN employee_count < 50 THEN '10-49'
                WHEN employee_count < 250 THEN '50-249' ELSE '250+' END AS size_band,
                SUM(CASE WHEN status = 'won' THEN 1 ELSE 0 END), COUNT(*) FROM leads
            WHERE tenant_id = \(reader.tenant) AND status IN ('won', 'lost') AND employee_count IS NOT NULL
            GROUP BY size_band
            """
        ) { row in counts["size", default: [:]][row.text(0)] = (row.int(1), row.int(2) - row.int(1)) }
        let usual = (Double(total.won) + 1) / (Double(total.closed) + 2)
        func lift(_ won: Int, _ lost: Int) -> Double {
            (Double(won) + Self.caution * usual) / (Double(won + lost) + Self.caution) / usual
        }
        for (field, values) in counts where field != "source" {
            for (value, count) in values {
                var weight = Weight(field: field, value: value, won: count.won, lost: count.lost)
                weight.weight = lift(count.won, count.lost) * outcomes.factor(field, value)
                weight.take(outcomes[field, value], currency)
                byValue["\(field) \(TextFolding.fold(value))"] = weight.weight
                criteria.append(weight)
            }
        }
        criteria.sort { ($1.weight, $0.field, $0.value) < ($0.weight, $1.field, $1.value) }
        criteria = Array(criteria.prefix(Self.valuesMax))
        var order: [String: Int] = [:]
        for (place, name) in search.sources.enumerated() {
            guard let source = try reader.leadSources.find(name) else { continue }
            let count = counts["source"]?[name] ?? (0, 0)
            var weight = Weight(field: "source", value: name, won: count.won, lost: count.lost)
            (weight.found, weight.created) = (source.found, source.created)
            // A source's yield counts beside how often its leads are won; an unknown one is taken for a half.
            let yield = (Double(source.created) + 1) / (Double(source.found) + 2)
            weight.weight = lift(count.won, count.lost) * (0.5 + yield) * outcomes.factor("source", name)
            weight.take(outcomes["source", name], currency)
            sources.append(weight)
            order[name] = place
        }
        sources.sort { one, other in
            let (first, second) = (order[one.value] ?? 0, order[other.value] ?? 0)
            return one.weight == other.weight ? first < second : one.weight > other.weight
        }
    }

    /// The companies of a page, those first that are like the ones that were won, or that an agency aims at by default.
    func ordered(_ companies: [FoundCompany]) -> [FoundCompany] {
        let fits = companies.map(fit)
        return companies.indices.sorted { fits[$0] == fits[$1] ? $0 < $1 : fits[$0] > fits[$1] }
            .map { companies[$0] }
    }

    private func fit(_ company: FoundCompany) -> Double {
        guard let lead = company.lead else { return 0 }
        var fit = 1.0
        for (field, value) in [
            ("country", lead.country), ("industry", lead.industry), ("size", lead.sizeBand),
        ] {
            guard let value else { continue }
            let isAimedAt = field == "industry" && IndustryFit(value).isTarget
            fit *= byValue["\(field) \(TextFolding.fold(value))"] ?? (isAimedAt ? Self.aim : 1)
        }
        return fit
    }

    func json(in words: Wording) -> JSON {
        [
            "sources": .array(sources.map { $0.json(in: words) }),
            "criteria": .array(criteria.map { $0.json(in: words) }),
        ]
    }
}

extension Lead {
    fileprivate var sizeBand: String? { employeeCount.map { Self.sizeBand(of: $0) } }

    static func sizeBand(of count: Int) -> String {
        count < 10 ? "1-9" : count < 50 ? "10-49" : count < 250 ? "50-249" : "250+"
    }
}
