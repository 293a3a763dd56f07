internal import Synchronization

/// The process's figures in Prometheus' text format. Families are declared at start; who counts on a
/// hot path obtains the handle once and keeps it: counting itself takes no lock.
///
/// Labels never hold what a tenant wrote: names are declared, values come from the program, and a
/// family has at most `seriesMax` series: further ones all count as `other`.
package final class Metrics: Sendable {
    private struct Registered {
        var order: [String] = []
        var families: [String: any MetricFamily] = [:]
    }

    private let registered = Mutex(Registered())

    package init() {}

    package func counter(_ name: String, _ help: String) -> Counter {
        counters(name, help, labels: []).with()
    }

    package func counters(
        _ name: String, _ help: String, labels: [String], seriesMax: Int = 200
    ) -> CounterFamily {
        add(CounterFamily(name, help, labels, seriesMax) { Counter() })
    }

    package func gauge(_ name: String, _ help: String) -> Gauge { gauges(name, help, labels: []).with() }

    package func gauges(_ name: String, _ help: String, labels: [String], seriesMax: Int = 200) -> GaugeFamily
    {
        add(GaugeFamily(name, help, labels, seriesMax) { Gauge() })
    }

    /// `buckets`: upper bounds, ascending; the one without a bound is added.
    package func histogram(
        _ name: String, _ help: String, buckets: [Double] = Histogram.secondsOfRequests
    ) -> Histogram {
        histograms(name, help, labels: [], buckets: buckets).with()
    }

    package func histograms(
        _ name: String, _ help: String, labels: [String], buckets: [Double] = Histogram.secondsOfRequests,
        seriesMax: Int = 200
    ) -> HistogramFamily {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "buckets must ascend")
        return add(HistogramFamily(name, help, labels, seriesMax) { Histogram(buckets) })
    }

    /// A gauge that is asked when the figures are; it must answer fast and without waiting.
    package func gauge(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double) {
        _ = add(ReadFamily(name, help, "gauge", []) { [([], read())] })
    }

    /// A counter kept elsewhere; see `gauge`.
    package func counter(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double) {
        _ = add(ReadFamily(name, help, "counter", []) { [([], read())] })
    }

    /// Gauges by label values that are asked when the figures are: few and bounded ones.
    package func gauges(
        _ name: String, _ help: String, labels: [String],
        _ read: @escaping @Sendable () -> [(labels: [String], value: Double)]
    ) {
        _ = add(ReadFamily(name, help, "gauge", labels) { read().map { ($0.labels, $0.value) } })
    }

    /// Returns the sum of all series of a family of counters; 0 where there is none of that name.
    package func total(of name: String) -> Int {
        let family = registered.withLock { $0.families[name] as? CounterFamily }
        return family?.total ?? 0
    }

    /// All families in the order of their declaration, as `text/plain; version=0.0.4`.
    package func render() -> [UInt8] {
        let families = registered.withLock { state in state.order.compactMap { state.families[$0] } }
        var text = MetricText()
        for family in families {
            text.head(family)
            family.render(into: &text)
        }
        return text.bytes
    }

    /// Adds a family of metrics. The same declaration again gives the same family; another one under its name is a
    /// mistake.
    private func add<Family: MetricFamily>(_ family: Family) -> Family {
        precondition(
            MetricText.isName(family.name) && family.labels.allSatisfy(MetricText.isName), family.name)
        return registered.withLock { state in
            guard let present = state.families[family.name] else {
                state.order.append(family.name)
                state.families[family.name] = family
                return family
            }
            guard let same = present as? Family, same.labels == family.labels, !(same is ReadFamily) else {
                preconditionFailure("two declarations of \(family.name)")
            }
            return same
        }
    }
}

/// A figure that only grows.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    package func increment(by amount: Int = 1) { count.wrappingAdd(amount, ordering: .relaxed) }
    package var value: Int { count.load(ordering: .relaxed) }
}

/// A figure that goes up and down.
package final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    package func increment(by amount: Double = 1) { bits.addDouble(amount) }
    package func decrement(by amount: Double = 1) { bits.addDouble(-amount) }
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// The counts of values, by fixed buckets.
package final class Histogram: Sendable {
    /// 100 µs to 10 s.
    package static let secondsOfRequests = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    fileprivate let bounds: [Double]
    private let counts: [Counter]
    private let sum = Atomic<UInt64>(0)

    fileprivate init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Counter() }
    }

    package func observe(_ value: Double) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts[bucket].increment()
        sum.addDouble(value)
    }

    /// Counts a duration, in seconds.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// Up to and including each bound; the last one counts all.
    fileprivate var cumulative: [Int] {
        var total = 0
        return counts.map {
            total += $0.value
            return total
        }
    }

    fileprivate var total: Double { Double(bitPattern: sum.load(ordering: .relaxed)) }
}

extension Atomic<UInt64> {
    /// Adds to a `Double` that is kept as its bit pattern.
    fileprivate borrowing func addDouble(_ amount: Double) {
        var old = load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let result = weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if result.exchanged { return }
            old = result.original
        }
    }
}

package typealias CounterFamily = SeriesFamily<Counter>
package typealias GaugeFamily = SeriesFamily<Gauge>
package typealias HistogramFamily = SeriesFamily<Histogram>

/// The series of one name that differ in their labels' values.
package final class SeriesFamily<Series: Sendable>: Sendable {
    let name: String, help: String, labels: [String]
    private let seriesMax: Int
    private let make: @Sendable () -> Series
    private let series = Mutex<[[String]: Series]>([:])

    fileprivate init(
        _ name: String, _ help: String, _ labels: [String], _ seriesMax: Int,
        _ make: @escaping @Sendable () -> Series
    ) {
        (self.name, self.help, self.labels) = (name, help, labels)
        (self.seriesMax, self.make) = (seriesMax, make)
    }

    /// The handle for these values, one for each label in their order: obtained once, then kept.
    package func with(_ values: String...) -> Series { with(values) }

    package func with(_ values: [String]) -> Series {
        precondition(values.count == labels.count, "\(name) has the labels \(labels)")
        return series.withLock { series in
            if let present = series[values] { return present }
            let isFull = series.count >= seriesMax
            let values = isFull ? labels.map { _ in "other" } : values
            if let present = series[values] { return present }
            let new = make()
            series[values] = new
            return new
        }
    }

    fileprivate var sorted: [(key: [String], value: Series)] {
        series.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
    }
}

extension SeriesFamily where Series == Counter {
    fileprivate var total: Int { sorted.reduce(0) { $0 + $1.value.value } }
}

private protocol MetricFamily: AnyObject, Sendable {
    var name: String { get }
    var help: String { get }
    var kind: String { get }
    var labels: [String] { get }
    func render(into text: inout MetricText)
}

extension SeriesFamily: MetricFamily {
    fileprivate var kind: String {
        if Series.self == Counter.self {
            "counter"
        } else if Series.self == Gauge.self {
            "gauge"
        } else {
            "histogram"
        }
    }

    fileprivate func render(into text: inout MetricText) {
        for (values, series) in sorted {
            let labels = Array(zip(labels, values))
            switch series {
            case let counter as Counter: text.sample(name, labels, Double(counter.value))
            case let gauge as Gauge: text.sample(name, labels, gauge.value)
            case let histogram as Histogram: text.samples(name, labels, histogram)
            default: preconditionFailure("a series of no known kind")
            }
        }
    }
}

/// Figures that are read from elsewhere.
private final class ReadFamily: MetricFamily {
    let name: String, help: String, kind: String, labels: [String]
    private let read: @Sendable () -> [([String], Double)]

    init(
        _ name: String, _ help: String, _ kind: String, _ labels: [String],
        _ read: @escaping @Sendable () -> [([String], Double)]
    ) {
        (self.name, self.help, self.kind, self.labels, self.read) = (name, help, kind, labels, read)
    }

    func render(into text: inout MetricText) {
        for (values, value) in read() { text.sample(name, Array(zip(labels, values)), value) }
    }
}

/// Prometheus' text exposition format, version 0.0.4.
private struct MetricText {
    private(set) var bytes: [UInt8] = []

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && !("0"..."9").contains(text.first!)
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    mutating func head(_ family: any MetricFamily) {
        let help = family.help.split(separator: "\n").joined(separator: " ")
        put("# HELP \(family.name) \(help)\n# TYPE \(family.name) \(family.kind)\n")
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        put(name)
        if !labels.isEmpty {
            put("{")
            put(labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ","))
            put("}")
        }
        put(" \(Self.text(value))\n")
    }

    mutating func samples(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        let counts = histogram.cumulative
        for (bound, count) in zip(histogram.bounds + [.infinity], counts) {
            sample(name + "_bucket", labels + [("le", Self.text(bound))], Double(count))
        }
        sample(name + "_sum", labels, histogram.total)
        sample(name + "_count", labels, Double(counts.last!))
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.prefix(128).unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
