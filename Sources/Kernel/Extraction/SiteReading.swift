internal import JSON

/// The facts of a company's pages put together: for each field the best, and what else was said.
package struct SiteReading: Sendable {
    package private(set) var best: [FoundFact.Field: FoundFact] = [:]
    /// The values of fields with several values, the likeliest first.
    package private(set) var lists: [FoundFact.Field: [FoundFact]] = [:]
    /// Values of other words than the best.
    package private(set) var others: [FoundFact] = []

    /// Facts below this are told to nobody.
    package static let confidenceMin = 0.5

    package init(_ pages: [PageReading]) { self.init(facts: pages.flatMap(\.facts)) }

    /// `facts`: those of all pages, in their order.
    package init(facts: [FoundFact]) {
        var found: [String: (fact: FoundFact, count: Int, order: Int)] = [:]
        for (order, fact) in facts.enumerated() where fact.confidence >= Self.confidenceMin {
            if let known = found[fact.key] {
                let better = fact.confidence > known.fact.confidence ? fact : known.fact
                found[fact.key] = (better, known.count + 1, known.order)
            } else {
                found[fact.key] = (fact, 1, order)
            }
        }
        let sorted = found.values.sorted { a, b in
            let (left, right) = (Self.weight(a), Self.weight(b))
            return left == right ? a.order < b.order : left > right
        }
        for entry in sorted {
            if entry.fact.field.isList {
                lists[entry.fact.field, default: []].append(entry.fact)
            } else if best[entry.fact.field] == nil {
                best[entry.fact.field] = entry.fact
            } else {
                others.append(entry.fact)
            }
        }
    }

    /// A value that several pages say is a little likelier.
    private static func weight(_ entry: (fact: FoundFact, count: Int, order: Int)) -> Double {
        entry.fact.confidence + 0.01 * Double(min(entry.count, 5) - 1)
    }
}
