internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Conclusions from all that is known of a company: estimates of revenue and budget, where it is heading, its field,
/// and how its people are best reached. Each says from what it was concluded; none becomes a value of the record.
struct CompanyResearch {
    private static let source = FactSource(.model, "bureau")
    private static let lifetime: Duration = .seconds(30 * 86_400)
    private static let confidence = 0.4

    private let sheet: FactSheet
    private let peers: CompanyPeers
    private let channel: (name: String, reason: String)?
    private let currency: String
    private let now: Instant

    init(of subject: Subject, in tx: Transaction) throws {
        sheet = try tx.facts.sheet(of: subject, tx.runtime)
        (currency, now) = (try tx.runtime.questions.currency(tx), tx.now)
        let contact = sheet.record["contact_id"]?.text
        channel = try tx.enrichment.usualChannel(of: contact)
        peers = try CompanyPeers(
            industry: sheet.record["industry"]?.text, country: sheet.record["country"]?.text,
            company: sheet.record["company"]?.text ?? "", of: subject.id, in: tx)
    }

    func observations() -> [Observation] {
        var found: [(field: FactField, value: JSON, confidence: Double)] = []
        let revenue = RevenueEstimate(
            stated: money(sheet.record["annual_revenue"]), employees: sheet.record["employee_count"]?.int,
            industry: sheet.record["industry"]?.text, currency: currency)
        if let revenue {
            found.append((.revenueRange, revenue.json, revenue.isStated ? 0.7 : Self.confidence))
            found.append((.budgetEstimate, revenue.budget, Self.confidence))
        }
        if let trajectory { found.append((.growthTrajectory, trajectory, Self.confidence)) }
        if let preferred {
            found.append(
                (
                    .preferredChannel,
                    ["channel": .string(preferred.name), "reasoning": .string(preferred.reason)], 0.5
                ))
        }
        if !peers.trends.isEmpty {
            found.append((.industryTrend, JSON(peers.trends), Self.confidence))
        }
        let position = peers.position(
            employees: sheet.record["employee_count"]?.int, founded: sheet.current("founded_year")?.value.int,
            technologies: sheet.current("technologies")?.value.array?.compactMap(\.text),
            isHiring: sheet.current("hiring").map { $0.value.array?.isEmpty == false })
        if !position.isEmpty {
            found.append((.competitivePosition, JSON(position), Self.confidence))
        }
        if !peers.names.isEmpty { found.append((.competitors, JSON(peers.names), Self.confidence)) }
        return found.map { field, value, confidence in
            Observation(
                field.rawValue, value, from: Self.source, confidence: confidence, observedAt: now,
                expiresAt: now.end(of: Self.lifetime))
        }
    }

    private func money(_ json: JSON?) -> Money? {
        guard let amount = json?["amount"]?.int, let currency = json?["currency"]?.text else { return nil }
        return Money(amount: amount, currency: currency)
    }

    /// Where the company is heading: by the people that it looks for, what it says of its growth, and how its size has
    /// changed.
    private var trajectory: JSON? {
        var reasons: [String] = [], sign = 0
        let jobs = sheet.current("hiring")?.value.array?.count ?? 0
        if jobs > 0 {
            sign += 1
            reasons.append(Saying("research.jobs", ["count": .number(jobs)]).english)
        }
        if let words = sheet.current("growth")?.quote {
            sign += 1
            reasons.append(Saying("research.words", ["words": .text(String(words.prefix(200)))]).english)
        }
        let sizes = sheet.facts(of: "employee_count").sorted { $0.observedAt < $1.observedAt }
        if let first = sizes.first?.value.int, let last = sizes.last?.value.int, first != last {
            sign += last > first ? 1 : -2
            reasons.append(
                Saying("research.size", ["from": .text("\(first)"), "to": .text("\(last)")]).english)
        }
        guard !reasons.isEmpty else { return nil }
        let direction = sign > 0 ? "growing" : sign < 0 ? "shrinking" : "steady"
        return [
            "direction": .string(direction), "reasoning": .string(reasons.joined(separator: "; ")),
        ]
    }

    private var preferred: (name: String, reason: String)? {
        if let channel { return channel }
        for (field, name) in [("email", "email"), ("phone", "phone"), ("linkedin_url", "linkedin")]
        where sheet.record[field]?.text != nil {
            return (name, Saying("research.first_way").english)
        }
        return nil
    }
}

/// An estimate of a company's revenue in a year, and of what it may spend on marketing.
struct RevenueEstimate {
    /// The revenue of a year that one person stands for, in major units of a currency like the dollar, by words of the
    /// industry; without one of them `usual`.
    private static let perHead: [(word: String, amount: Int64)] = [
        ("software", 160_000), ("technology", 160_000), ("information", 160_000), ("finance", 250_000),
        ("bank", 250_000), ("insurance", 300_000), ("wholesale", 400_000), ("retail", 220_000),
        ("commerce", 220_000), ("manufactur", 210_000), ("robot", 210_000), ("construction", 180_000),
        ("health", 110_000), ("restaurant", 60_000), ("hotel", 80_000), ("education", 80_000),
        ("agency", 110_000), ("consult", 140_000), ("marketing", 110_000),
    ]
    private static let usual: Int64 = 150_000
    /// The share of revenue that companies spend on marketing, of a thousand.
    private static let share: (low: Int64, high: Int64) = (50, 100)

    let low: Money, high: Money
    let isStated: Bool
    /// The basis of an estimate: how many people, what each stands for, and in which industry.
    private var people: Int64 = 0, head: Int64 = 0, industry: String?

    /// `isOfBudget`: as the ground of a budget.
    private func reasoning(isOfBudget: Bool = false) -> String {
        Saying(
            "research.revenue",
            [
                "of_budget": .flag(isOfBudget), "stated": .flag(isStated), "people": .text("\(people)"),
                "amount": .text("\(head / 1000),000"), "has_industry": .flag(industry != nil),
                "industry": .text(industry ?? ""),
            ]
        ).english
    }

    /// `nil` where neither a revenue nor a size is known.
    init?(stated: Money?, employees: Int64?, industry: String?, currency: String) {
        if let stated {
            (low, high, isStated) = (stated, stated, true)
            return
        }
        guard let employees, employees > 0 else { return nil }
        let word = industry?.lowercased() ?? ""
        let head = Self.perHead.first { word.contains($0.word) }?.amount ?? Self.usual
        let middle = employees * head * 100
        low = Money(amount: Self.rounded(middle * 6 / 10), currency: currency)
        high = Money(amount: Self.rounded(middle * 16 / 10), currency: currency)
        isStated = false
        (people, self.head, self.industry) = (employees, head, industry)
    }

    /// To two digits: more would say more than is known.
    private static func rounded(_ amount: Int64) -> Int64 {
        var unit: Int64 = 1
        while amount / unit >= 100 { unit *= 10 }
        return amount / unit * unit
    }

    var json: JSON {
        ["from": low.json, "to": high.json, "reasoning": .string(reasoning())]
    }

    /// The sums that may be spent a month.
    var budget: JSON {
        func month(_ year: Money, _ share: Int64) -> JSON {
            Money(amount: Self.rounded(year.amount / 1000 * share / 12), currency: year.currency).json
        }
        return [
            "from": month(low, Self.share.low), "to": month(high, Self.share.high), "per": "month",
            "reasoning": .string(
                "\(Saying("research.share").english); \(reasoning(isOfBudget: true))"),
        ]
    }
}
