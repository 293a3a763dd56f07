internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

extension MarketCounts {
    /// The segments that may be won more often than the others, or less: by industry, size, country, source and
    /// service.
    var segments: [MarketCase] {
        let traits: [(name: String, of: (MarketLead) -> String?)] = [
            ("industry", { $0.industry }), ("size", { $0.employees.map(Self.size) }),
            ("country", { $0.country }), ("source", { $0.source }),
        ]
        let known = traits.flatMap { trait -> [MarketCase] in
            let told = outcomes.compactMap { lead in
                trait.of(lead).map { Case(value: $0.trimmed.lowercased(), isWon: lead.isWon, lead: lead.id) }
            }
            return cases(trait.name, told)
        }
        let names = Dictionary(services.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let sold = deals.compactMap { deal in
            deal.service.flatMap { names[$0] }.map { Case(value: $0, isWon: deal.isWon, lead: deal.lead) }
        }
        return known + cases("service", sold)
    }

    private struct Case {
        let value: String, isWon: Bool, lead: LeadID
    }

    private func cases(_ dimension: String, _ told: [Case]) -> [MarketCase] {
        let won = told.count(where: \.isWon)
        return Dictionary(grouping: told, by: \.value).sorted { $0.key < $1.key }.compactMap { value, cases in
            guard !value.isEmpty, cases.count >= settings.casesMin,
                told.count - cases.count >= settings.casesMin
            else { return nil }
            let hits = cases.count(where: \.isWon)
            var asked = MarketCase(.segment, dimension, value)
            asked.here = Share(hits, of: cases.count)
            asked.there = Share(won - hits, of: told.count - cases.count)
            let leads = cases.filter(\.isWon).map(\.lead)
            asked.evidence = leads.prefix(5).map { ["type": "lead", "id": JSON($0)] }
            asked.more = worth(of: Set(leads))
            return asked
        }
    }

    /// The worth of winning some leads, and how the work for them goes, where enough is known of either.
    private func worth(of leads: Set<LeadID>) -> JSONObject {
        var more: JSONObject = [:]
        let values = deals.filter { $0.isWon && leads.contains($0.lead) }.compactMap(\.value)
        // Amounts of several currencies have no middle.
        if let currency = values.first?.currency, values.allSatisfy({ $0.currency == currency }),
            let median = Median(values.map { Double($0.amount) })
        {
            func money(_ amount: Double) -> JSON { Money(amount: Int64(amount), currency: currency).json }
            more["value_median"] = money(median.value)
            more["value_interval"] = [
                "low": money(median.low), "high": money(median.high), "confidence": 0.95,
            ]
            more["value_cases"] = JSON(values.count)
        }
        let done = leads.compactMap { deliveries[$0] }
        let share = Share(
            done.reduce(0) { $0 + $1.inTime }, of: done.reduce(0) { $0 + $1.inTime + $1.late })
        if share.count >= settings.casesMin {
            more["in_time_share"] = .number(share.value)
            let interval = share.interval
            more["in_time_interval"] = [
                "low": .number(interval.lowerBound), "high": .number(interval.upperBound), "confidence": 0.95,
            ]
            more["in_time_cases"] = JSON(share.count)
        }
        return more
    }

    /// The class of size that a number of employees is in (Eurostat's, with the largest parted).
    static func size(_ employees: Int) -> String {
        switch employees {
        case ..<10: "1–9"
        case ..<50: "10–49"
        case ..<250: "50–249"
        case ..<1000: "250–999"
        default: "1000+"
        }
    }
}
