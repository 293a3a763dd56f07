internal import JSON
internal import Records
internal import Social
internal import Telemetry

/// The results of posts of some time, by what they have in common.
struct ResultComparison: Sendable {
    enum Division: String, Choice { case network, account, format, weekday, hour }

    struct Group: Sendable {
        let key: String
        let spread: Spread
        /// Those that the figure is not known of.
        let unknown: Int
    }

    let division: Division
    let metric: ResultMetric
    let groups: [Group]
    let all: Spread

    init(_ posts: [LearnedPost], by division: Division, metric: ResultMetric) {
        (self.division, self.metric) = (division, metric)
        all = Spread(posts.compactMap { $0.value(of: metric) })
        groups = Dictionary(grouping: posts) { Self.key(of: $0, division) }.map { key, own in
            let values = own.compactMap { $0.value(of: metric) }
            return Group(key: key, spread: Spread(values), unknown: own.count - values.count)
        }.sorted { (-$0.spread.mean, $0.key) < (-$1.spread.mean, $1.key) }
    }

    private static func key(of post: LearnedPost, _ division: Division) -> String {
        switch division {
        case .network: post.network.rawValue
        case .account: post.account
        case .format: post.format.rawValue
        case .weekday: "\(post.weekday)"
        case .hour: "\(post.hour)"
        }
    }

    /// `trace` is the address of the measures that all figures are made of.
    func json(trace: String) -> JSON {
        let name = division == .account ? "account_id" : division.rawValue
        return [
            "by": .string(division.rawValue), "metric": .string(metric.rawValue),
            "all": .object(figures(all, trace: trace)),
            "groups": .array(
                groups.map { group in
                    var object: JSONObject = ["key": .string(group.key)]
                    let own = figures(group.spread, trace: "\(trace)&\(name)=\(group.key)")
                    for (name, value) in own.members { object[name] = value }
                    object["unknown"] = JSON(group.unknown)
                    return .object(object)
                }),
        ]
    }

    private func figures(_ spread: Spread, trace: String) -> JSONObject {
        // Less than nothing is done with no post.
        let interval = spread.interval
        return [
            "sample": JSON(spread.count),
            "mean": spread.count > 0 ? .number(spread.mean.rounded4) : .null,
            "low": interval.map { .number(max(0, $0.low).rounded4) } ?? .null,
            "high": interval.map { .number($0.high.rounded4) } ?? .null,
            "trace": .string(trace),
        ]
    }
}
