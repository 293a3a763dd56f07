/// Bounds what a page may say: of each field so many values, each so many times. What is left out is said by pages that
/// want to be long, not by companies.
enum FactSelection {
    private static let valuesMax = 40, timesMax = 5

    /// The facts in their order, without those beyond a bound. A value said often is kept as it is said most surely.
    static func bounded(_ facts: [FoundFact]) -> [FoundFact] {
        guard facts.count > valuesMax else { return facts }
        var places: [String: [Int]] = [:], values: [FoundFact.Field: Int] = [:]
        for (place, fact) in facts.enumerated() {
            guard let known = places[fact.key] else {
                values[fact.field, default: 0] += 1
                if values[fact.field, default: 0] <= valuesMax { places[fact.key] = [place] }
                continue
            }
            if known.count < timesMax {
                places[fact.key, default: []].append(place)
            } else if let least = known.min(by: { facts[$0].confidence < facts[$1].confidence }),
                facts[least].confidence < fact.confidence
            {
                places[fact.key] = known.filter { $0 != least } + [place]
            }
        }
        return places.values.joined().sorted().map { facts[$0] }
    }
}
