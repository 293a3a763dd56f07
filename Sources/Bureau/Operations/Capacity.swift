internal import Database
internal import JSON
internal import Records
internal import Telemetry
internal import Wording

/// How large the database is, how it grows, and when the room for it ends.
struct Capacity: Sendable {
    private static let daysMin = 2, yearsShown = 3650
    let bytes: Int64
    let free: Int64?
    /// Bytes a day, by the straight line through the last days; `nil`: too few are known.
    let growth: Double?
    let fullOn: CivilDate?

    init(bytes: Int64, free: Int64?, _ sizes: [(day: CivilDate, bytes: Int64)], today: CivilDate) {
        (self.bytes, self.free) = (bytes, free)
        guard sizes.count >= Self.daysMin, let first = sizes.first?.day.daysSinceEpoch else {
            (growth, fullOn) = (nil, nil)
            return
        }
        let points = sizes.map { (Double($0.day.daysSinceEpoch - first), Double($0.bytes)) }
        let count = Double(points.count)
        let (x, y) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
        let spread = points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
        let slope = spread == 0 ? 0 : points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / spread
        growth = slope
        guard let free, slope > 0, Double(free) / slope < Double(Self.yearsShown) else {
            fullOn = nil
            return
        }
        fullOn = today.adding(days: Int(Double(free) / slope))
    }

    var json: JSON {
        [
            "bytes": .integer(bytes), "free_bytes": free.map(JSON.integer) ?? .null,
            "growth_per_day": growth.map { .integer(Int64($0.rounded())) } ?? .null,
            "full_on": JSON(fullOn?.iso),
        ]
    }
}

extension SlowStatement {
    func json(_ advice: StatementAdvice?, in words: Wording) -> JSON {
        let (kind, table) =
            switch advice {
            case .index(let table)?: ("index", table)
            case .order?: ("order", "")
            case .narrow?: ("narrow", "")
            case nil: ("none", "")
            }
        let suggestion = words("maintenance.advice", ["kind": .text(kind), "table": .text(table)])
        return [
            "statement": .string(text), "calls": JSON(calls), "p95_ms": .number(p95.milliseconds),
            "longest_ms": .number(longest.milliseconds), "suggestion": .string(suggestion),
        ]
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        let (seconds, attoseconds) = components
        return ((Double(seconds) * 1000 + Double(attoseconds) / 1e15) * 10).rounded() / 10
    }
}
