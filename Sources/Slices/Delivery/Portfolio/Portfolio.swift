internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// An agency's clients together: how much depends on one of them, on one industry or size, and how many stay.
struct Portfolio {
    struct Member {
        let id: ClientID
        let fee: Int64
        let isAtRisk: Bool
        let company: ClientCompany?
    }

    let members: [Member]
    let currency: String
    /// Of the clients of a year ago.
    let retention: (of: Int, kept: Int)
    let capacity: Capacity
    let pricing: [PriceSuggestion]

    var monthly: Int64 { members.reduce(0) { $0 + $1.fee } }

    /// Returns what a member counts: its fee, or where nobody pays one the same as everybody.
    private func weight(_ member: Member) -> Double { monthly > 0 ? Double(member.fee) : 1 }

    /// The clients on whom most depends, each with its share of all fees.
    private var dependence: [(id: ClientID, share: Double)] {
        let all = members.reduce(0) { $0 + weight($1) }
        guard all > 0 else { return [] }
        let shares = members.map { (id: $0.id, share: weight($0) / all) }.filter { $0.share > 0 }
        return Array(
            shares.sorted { ($1.share, $0.id) < ($0.share, $1.id) }.prefix(Self.dependenceMax))
    }

    private static let dependenceMax = 10

    /// Returns what the members of each group count, the smallest first; those of no known group are left out.
    private func sums<Group: Hashable>(by group: (Member) -> Group?) -> [Double] {
        var sums: [Group: Double] = [:]
        for member in members {
            if let name = group(member) { sums[name, default: 0] += weight(member) }
        }
        return sums.values.sorted()
    }

    /// The sum of the squares of shares: 1 where all is one, nearly 0 where it is spread. `nil`: nothing is known.
    private func concentration(_ sums: [Double]) -> Double? {
        let all = sums.reduce(0, +)
        return all > 0 ? sums.reduce(0) { $0 + ($1 / all) * ($1 / all) } : nil
    }

    private var industries: [Double] { sums { $0.company?.industry.map { TextFolding.fold($0) } } }
    private var sizes: [Double] { sums { $0.company?.size } }

    /// Returns whether one group brings too much of what is known, and more than half of all fees.
    private func isNarrow(_ sums: [Double]) -> Bool {
        members.count > 2 && (concentration(sums) ?? 0) > 0.5 && (sums.last ?? 0) > Double(monthly) / 2
    }

    /// Says what is too much. Where nobody pays a fee, nothing is said of fees.
    var warnings: [(code: String, saying: Saying)] {
        var warnings: [(code: String, saying: Saying)] = []
        func warn(_ code: String, _ saying: Saying) { warnings.append((code, saying)) }
        let largest = dependence.first?.share ?? 0
        if monthly > 0, members.count > 1, largest > 0.3 {
            let percent = Int((largest * 100).rounded())
            warn(
                "client_concentration",
                Saying("portfolio.client_concentration", ["percent": .number(percent)]))
        }
        if monthly > 0, isNarrow(industries) {
            warn("industry_concentration", Saying("portfolio.industry_concentration"))
        }
        if monthly > 0, isNarrow(sizes) {
            warn("size_concentration", Saying("portfolio.size_concentration"))
        }
        if let week = capacity.fullest {
            warn("over_capacity", Saying("portfolio.over_capacity", ["week": .day(week.monday)]))
        }
        return warnings
    }

    func json(in words: Wording) -> JSON {
        func share(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
        let rate = retention.of > 0 ? Double(retention.kept) / Double(retention.of) : nil
        return [
            "clients": JSON(members.count), "monthly": Money(amount: monthly, currency: currency).json,
            "largest_share": .number(dependence.first?.share ?? 0),
            "dependence": .array(
                dependence.map { ["client_id": JSON($0.id), "share": .number($0.share)] }),
            "concentration": [
                "clients": share(concentration(sums { $0.id })),
                "industries": share(concentration(industries)), "sizes": share(concentration(sizes)),
            ],
            "retention": ["rate": share(rate), "of": JSON(retention.of), "kept": JSON(retention.kept)],
            "at_risk": JSON(members.filter(\.isAtRisk).map(\.id)), "capacity": capacity.json,
            "warnings": .array(
                warnings.map { ["code": .string($0.code), "detail": .string($0.saying.said(in: words))] }),
            "pricing": .array(pricing.map { $0.json(currency) }),
        ]
    }

    static let schema: JSON = {
        let share: JSON = ["type": ["number", "null"], "minimum": 0, "maximum": 1]
        let count: JSON = ["type": "integer", "minimum": 0]
        return .schema(
            [
                "clients": count, "monthly": .anyObject, "largest_share": share,
                "dependence": [
                    "type": "array",
                    "description": "The ten clients on whom most depends, each with its share of all fees.",
                    "items": .schema(
                        [
                            "client_id": .anyText,
                            "share": share.merging(["description": "The client's part of all monthly fees."]),
                        ], required: ["client_id", "share"]),
                ],
                "concentration": .schema(
                    ["clients": share, "industries": share, "sizes": share],
                    required: ["clients", "industries", "sizes"]),
                "retention": .schema(
                    ["rate": share, "of": count, "kept": count], required: ["rate", "of", "kept"]),
                "at_risk": ["type": "array", "items": .anyText], "capacity": Capacity.schema,
                "warnings": [
                    "type": "array",
                    "items": .schema(["code": .anyText, "detail": .anyText], required: ["code", "detail"]),
                ],
                "pricing": ["type": "array", "items": PriceSuggestion.schema],
            ],
            required: [
                "clients", "monthly", "largest_share", "dependence", "concentration", "retention", "at_risk",
                "capacity", "warnings", "pricing",
            ])
    }()
}

/// A client as far as a portfolio counts it.
private struct PortfolioRow: StoredRow {
    let id: ClientID
    let lead: LeadID?
    let isAtRisk: Bool
    private let amount: Int64, currency: String?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, lead) = (row.id("id"), row.optionalID("lead_id"))
        (amount, currency) = (row.int64("monthly_fee_amount"), row.optionalText("monthly_fee_currency"))
        let health = row.optionalText("health"), isLikelyToLeave = row.bool("likely_to_leave")
        isAtRisk = health == "at_risk" || isLikelyToLeave
    }

    /// Returns the monthly fee; 0 where it is in another currency.
    func fee(in own: String) -> Int64 { currency == own ? amount : 0 }
}

extension ClientStore {
    func portfolio(_ settings: OutlookSettings, _ dependencies: PortfolioDependencies) throws -> Portfolio {
        let tenant = try tx.agency.tenant()
        let rows = try tx.all(
            """
            SELECT \(PortfolioRow.columns) FROM clients
            WHERE tenant_id = \(tx.tenant) AND status IN ('active', 'paused') ORDER BY id LIMIT 10000
            """, PortfolioRow.init)
        let companies = try dependencies.companies(tx, rows.compactMap(\.lead))
        let members = rows.map { row in
            Portfolio.Member(
                id: row.id, fee: row.fee(in: tenant.currency), isAtRisk: row.isAtRisk,
                company: row.lead.flatMap { companies[$0] })
        }
        return Portfolio(
            members: members, currency: tenant.currency, retention: try retention(),
            capacity: try capacity(settings, on: tenant.today(tx.now)),
            pricing: try priceSuggestions(for: members.map { ($0.id, $0.fee) }))
    }

    private func retention() throws -> (of: Int, kept: Int) {
        let since = tx.now - .seconds(365 * 86_400)
        let kept = try tx.int(
            """
            SELECT count(*) FROM clients
            WHERE tenant_id = \(tx.tenant) AND status IN ('active', 'paused') AND created_at <= \(since)
            """)
        let left = try tx.int(
            """
            SELECT count(*) FROM clients
            WHERE tenant_id = \(tx.tenant) AND ended_at > \(since) AND created_at <= \(since)
            """)
        return (Int((kept ?? 0) + (left ?? 0)), Int(kept ?? 0))
    }
}
