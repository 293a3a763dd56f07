internal import Database
internal import Facts
internal import JSON
internal import Records
internal import Telemetry

/// The way in which one field is filled: the sources in their order, and when it is enough.
struct FieldPlan: Hashable, Sendable {
    var sources: [String]
    var minConfidence: Double
    var maxAge: Duration
    /// The age as it was written.
    var age: String

    var json: JSON {
        [
            "sources": JSON(sources), "min_confidence": .number(minConfidence), "max_age": .string(age),
        ]
    }
}

/// An agency's plan of enrichment: what it has set itself, over what the installation's sources suggest.
struct EnrichmentPlan: Sendable {
    /// The fields in the order in which they are shown.
    private(set) var fields: [(name: String, plan: FieldPlan)]
    var costMax: Money?
    /// Whether the order follows how often each source knew something, and its price.
    var followsYield = false

    static let confidenceMin = 0.6
    static let age = "P90D"
    static let ageMax: Duration = .seconds(90 * 86_400)
    /// News are watched: what is said of a company, and what it says itself in networks, is asked for again after so
    /// many days.
    private static let daysOfNews = 30

    /// The fields that agencies want to know of a company, in this order.
    private static let order = [
        "phone", "email", "country", "location", "industry", "employee_count", "annual_revenue",
        "linkedin_url", "pain_points", "legal_name", "description", "founded_year", "history",
        "registration_number",
        "technologies", "social_urls", "social_activity", "decision_makers", "hiring", "growth", "news",
        "competitors", "revenue_range",
    ]

    subscript(name: String) -> FieldPlan? { fields.first { $0.name == name }?.plan }

    /// The plan where an agency has set nothing: the company's own site first, then who answers everybody, then who is
    /// paid.
    init(_ sources: EnrichmentSources) {
        let known = Set(Self.order)
        let others = sources.fields.filter { !known.contains($0) }.sorted()
        fields = (Self.order + others).compactMap { name in
            let able = sources.names(for: name)
            guard !able.isEmpty else { return nil }
            let isNews = [FactField.news, .socialActivity].map(\.rawValue).contains(name)
            return (
                name,
                FieldPlan(
                    sources: able, minConfidence: Self.confidenceMin,
                    maxAge: isNews ? .seconds(Int64(Self.daysOfNews) * 86_400) : Self.ageMax,
                    age: isNews ? "P\(Self.daysOfNews)D" : Self.age)
            )
        }
    }

    var json: JSONObject {
        [
            "fields": .object(JSONObject(fields.map { ($0.name, $0.plan.json) })),
            "max_cost_per_record": costMax?.json ?? .null, "follows_yield": .bool(followsYield),
        ]
    }

    // MARK: Changes

    /// Applies what an agency has set; adds every fault at its place.
    mutating func apply(_ document: JSONObject, _ sources: EnrichmentSources, _ faults: inout Faults) {
        for (name, value) in document.members {
            switch name {
            case "fields":
                guard let wanted = value.object else {
                    faults.add("/fields", "wrong_type", "fields must be an object.")
                    continue
                }
                for (field, plan) in wanted.members {
                    apply(plan, of: field, sources, at: "/fields/\(field.pointerToken)", &faults)
                }
            case "max_cost_per_record": applyCost(value, &faults)
            case "follows_yield":
                if let flag = value.flag {
                    followsYield = flag
                } else {
                    faults.add("/follows_yield", "wrong_type", "follows_yield must be true or false.")
                }
            case "sources" where value.array != nil: continue
            default:
                faults.add("/\(name.pointerToken)", "unknown_field", "\(name.prefix(64)) is not known.")
            }
        }
    }

    private mutating func applyCost(_ value: JSON, _ faults: inout Faults) {
        guard !value.isNull else { return costMax = nil }
        guard let amount = value["amount"]?.int, let currency = value["currency"]?.text, amount >= 0,
            currency.utf8.count == 3
        else {
            return faults.add(
                "/max_cost_per_record", "wrong_type",
                "max_cost_per_record must be an amount with its currency.")
        }
        costMax = Money(amount: amount, currency: currency)
    }

    private mutating func apply(
        _ value: JSON, of field: String, _ sources: EnrichmentSources, at place: String,
        _ faults: inout Faults
    ) {
        guard EnrichmentSources.isField(field) else {
            return faults.add(
                place, "unknown_field",
                "The field \(field.prefix(64)) cannot be enriched: choose one that GET /v1/enrichment-plan names."
            )
        }
        let index = fields.firstIndex { $0.name == field }
        // Null gives the field back to the installation's suggestion.
        guard !value.isNull else { return }
        guard let wanted = value.object else {
            return faults.add(place, "wrong_type", "The plan of a field must be an object.")
        }
        var plan =
            index.map { fields[$0].plan }
            ?? FieldPlan(
                sources: [], minConfidence: Self.confidenceMin, maxAge: Self.ageMax, age: Self.age)
        let known = faults.list.count
        for (name, value) in wanted.members {
            let pointer = "\(place)/\(name.pointerToken)"
            switch name {
            case "sources":
                plan.sources = Self.names(value, sources, at: pointer, &faults)
            case "min_confidence":
                guard let number = value.double, (0...1).contains(number) else {
                    faults.add(pointer, "out_of_range", "min_confidence must be from 0 to 1.")
                    continue
                }
                plan.minConfidence = number
            case "max_age":
                guard let text = value.text, let age = Duration(iso8601: text), age > .zero else {
                    faults.add(pointer, "invalid_duration", "max_age must be a duration such as P90D.")
                    continue
                }
                (plan.age, plan.maxAge) = (text, age)
            default: faults.add(pointer, "unknown_field", "\(name.prefix(64)) is not known.")
            }
        }
        guard faults.list.count == known else { return }
        if let index { fields[index].plan = plan } else { fields.append((field, plan)) }
    }

    private static func names(
        _ value: JSON, _ sources: EnrichmentSources, at pointer: String, _ faults: inout Faults
    ) -> [String] {
        guard let items = value.array else {
            faults.add(pointer, "wrong_type", "sources must be a list of names.")
            return []
        }
        var names: [String] = []
        for (place, item) in items.enumerated() {
            guard let name = item.text, sources.has(name) else {
                faults.add(
                    "\(pointer)/\(place)", "invalid_choice",
                    "A source must be one of \(sources.names.joined(separator: ", ")).")
                continue
            }
            if names.contains(name) {
                faults.add("\(pointer)/\(place)", "conflict", "\(name) is named twice: name it once.")
            } else {
                names.append(name)
            }
        }
        return names
    }

    /// Puts each field's sources into the order of what a hit costs, dearest last; without a price, of how often each
    /// knows something.
    mutating func follow(_ yields: [String: SourceYield], prices: [String: Int64]) {
        for index in fields.indices {
            let field = fields[index].name
            let costs = fields[index].plan.sources.enumerated().map { place, source in
                let rate = yields["\(source)/\(field)"]?.rate ?? SourceYield().rate
                // Free sources cost a little of patience, too.
                let price = Double(max(prices[source] ?? 0, 1000))
                return (source, cost: price / rate, place)
            }
            fields[index].plan.sources = costs.sorted {
                $0.cost == $1.cost ? $0.2 < $1.2 : $0.cost < $1.cost
            }.map(\.0)
        }
    }
}

/// The share of questions in which a source knew a field.
struct SourceYield: Sendable {
    var asked = 0, found = 0

    /// Before there is much to count, one of two.
    var rate: Double { Double(found + 1) / Double(asked + 2) }
}
