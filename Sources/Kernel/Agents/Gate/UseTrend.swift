/// The change in the seven days before today, against the seven before them: 0.5 is half as much again. `nil` where
/// there is nothing to compare.
package struct UseTrend: Hashable, Sendable {
    package let calls: Double?, cost: Double?, failures: Double?
    /// The change in the duration of one call.
    package let latency: Double?

    package init(_ days: [(day: Int, use: EffectUse)], today: Int) {
        func sum(_ range: Range<Int>) -> EffectUse {
            days.filter { range.contains($0.day) }.reduce(into: EffectUse()) { $0.add($1.use) }
        }
        func change(_ new: Double, _ old: Double) -> Double? { old == 0 ? nil : (new - old) / old }
        let (old, new) = (sum(today - 14..<today - 7), sum(today - 7..<today))
        calls = change(Double(new.calls), Double(old.calls))
        cost = change(Double(new.cost), Double(old.cost))
        failures = change(Double(new.failures), Double(old.failures))
        latency =
            new.calls == 0
            ? nil : change(Double(new.averageMilliseconds), Double(old.averageMilliseconds))
    }
}
