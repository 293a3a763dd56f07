package import Database
internal import Glibc
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// The connectors that may be asked now, the best first, and those that may not.
package struct ConnectorRanking: Sendable {
    package let ranked: [(connector: Connector, why: CallReason)]
    package let refused: [(connector: Connector, refusal: ConnectorRefusal)]

    /// The one that may be asked again first.
    package var soonest: Connector? { refused.min { $0.refusal.until < $1.refusal.until }?.connector }
}

/// Connectors, those that may be asked now, and how all of them stand: `tx.connectors`.
package struct ConnectorStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var connectors: ConnectorStore<Self> { ConnectorStore(tx: self) }
}

extension ConnectorStore {
    /// Ranks connectors for an effect: as the agency has put them, and where it has put them alike, those with calls
    /// left that cost nothing before those that cost, and then by what the last day has measured. One with which this
    /// effect has failed comes last; while it is not known whether an attempt took effect, nobody else is asked.
    package func rank(
        _ connectors: [Connector], for tool: String, key: some Key, _ zone: TimeZoneRules
    ) throws -> ConnectorRanking {
        let key = key.keyText
        let earlier = try tx.toolCalls.all(key: key)
        if let last = earlier.last, last.isInDoubt,
            let same = connectors.first(where: { $0.id == last.provider })
        {
            if let refusal = try refusal(of: same, tool, key: key, zone) {
                return ConnectorRanking(ranked: [], refused: [(same, refusal)])
            }
            let why = CallReason(.sameAsBefore, "An attempt with \(same.name) may have taken effect.")
            return ConnectorRanking(ranked: [(same, why)], refused: [])
        }
        let failed = Set(earlier.filter { $0.state == .failed }.map(\.provider))
        let (ordered, measures) = try order(connectors, for: tool, key, zone)
        let breakers = Dictionary(
            uniqueKeysWithValues: try tx.circuitBreakers.all(tool).map { ($0.provider, $0.breaker) })
        func breaker(_ connector: Connector) -> CircuitBreaker { breakers[connector.id] ?? CircuitBreaker() }
        var free: [Connector] = [], refused: [(connector: Connector, refusal: ConnectorRefusal)] = []
        for connector in ordered {
            let quota = try tx.serviceQuotas.find(of: connector.id)
            if let refusal = try refusal(of: connector, breaker(connector), quota, key: key, zone) {
                refused.append((connector, refusal))
            } else {
                free.append(connector)
            }
        }
        let ranked = free.filter { !failed.contains($0.id) } + free.filter { failed.contains($0.id) }
        return ConnectorRanking(
            ranked: ranked.map { connector in
                let refusal = refused.first { $0.connector == ordered.first }?.refusal
                let why = CallReason(
                    connector, among: ordered, isProbe: breaker(connector).state(at: tx.now) == .halfOpen,
                    failed, refusal, measures)
                return (connector, why)
            }, refused: refused)
    }

    /// Returns whether a connector may not be asked now, and until when.
    package func refusal(
        of connector: Connector, _ tool: String, key: String, _ zone: TimeZoneRules
    ) throws -> ConnectorRefusal? {
        try refusal(
            of: connector, tx.circuitBreakers.find(tool, connector.id),
            tx.serviceQuotas.find(of: connector.id),
            key: key, zone)
    }

    /// Returns whether a connector may not be asked now, and until when, given how its circuit and its service's quota
    /// stand.
    func refusal(
        of connector: Connector, _ breaker: CircuitBreaker, _ quota: ServiceQuota?, key: String,
        _ zone: TimeZoneRules
    ) throws -> ConnectorRefusal? {
        var breaker = breaker
        if case .refused(let until) = breaker.admit(at: tx.now, deadline: .zero) {
            return ConnectorRefusal(
                cause: .circuit,
                detail: "\(connector.name) has failed repeatedly: calls to it are paused for a while.",
                until: until)
        }
        if let until = quota?.isFull(at: tx.now) {
            return ConnectorRefusal(
                cause: .quota,
                detail: "\(connector.name) has reached its limit and accepts no more calls before then.",
                until: until)
        }
        return try agencyRefusal(of: connector, key, zone)
    }

    /// Returns whether a limit of the agency's is used up, or lets the next call go only later, as the
    /// connector is paced.
    private func agencyRefusal(
        of connector: Connector, _ key: String, _ zone: TimeZoneRules
    ) throws -> ConnectorRefusal? {
        guard !connector.limits.isEmpty else { return nil }
        let turn = try tx.connectorTurns.find(of: key, with: connector.id)
        let pacing = connector.pacing.algorithm
        for span in TimeSpan.allCases {
            guard let limit = connector.limits[span] else { continue }
            let (start, end) = span.bounds(around: tx.now, zone)
            let used = try tx.toolUse.find(connector.id, span, since: start).calls
            // A call that has waited for its turn goes now, as long as anything is left.
            if let turn, turn <= tx.now, turn >= start, used < limit { continue }
            let taken = try tx.connectorTurns.taken(of: connector.id, until: end, except: key)
            if used + taken >= limit {
                return ConnectorRefusal(
                    cause: .quota,
                    detail: "\(connector.name) may be asked \(limit) times a \(span.rawValue).",
                    until: end)
            }
            let kept = pacing.hasMemory ? try tx.connectorTurns.pace(of: connector.id, span) : nil
            let next = pacing.next(
                used: used, ahead: taken, kept: kept, in: PacedWindow(limit: limit, from: start, to: end),
                at: tx.now)
            if next > tx.now {
                return ConnectorRefusal(
                    cause: .spread,
                    detail:
                        "\(connector.name) has used \(used) of \(limit) calls a \(span.rawValue): the rest is spread over the period.",
                    until: min(next, end))
            }
        }
        return nil
    }

    /// The connectors in their order, with the measures by which equals were told apart: those of the tool, for how
    /// fast a service is read from says nothing of how fast it sends.
    private func order(
        _ connectors: [Connector], for tool: String, _ key: String, _ zone: TimeZoneRules
    ) throws -> (ordered: [Connector], measures: [String: Measure]) {
        let groups = Dictionary(grouping: connectors, by: \.priority)
        guard groups.contains(where: { $0.value.count > 1 }) else {
            return (connectors.sorted { $0.priority < $1.priority }, [:])
        }
        let yesterday = zone.local(of: tx.now).date.daysSinceEpoch - 1
        let uses = try tx.effectUse.all(of: connectors.map(\.id), with: tool, since: yesterday)
        var measures: [String: Measure] = [:]
        for connector in connectors {
            measures[connector.id] = Measure(
                use: uses[connector.id] ?? EffectUse(),
                left: try tx.includedCalls.left(of: connector, zone))
        }
        func measure(_ connector: Connector) -> Measure { measures[connector.id] ?? Measure() }
        func byMeasure(_ equals: [Connector]) -> [Connector] {
            let areKnown = equals.allSatisfy { measure($0).use.calls >= knownFrom }
            return equals.sorted { one, other in
                if areKnown { return measure(one).burden(of: one) < measure(other).burden(of: other) }
                // Those that are little known are tried in turn.
                return resultHash(key + one.id) < resultHash(key + other.id)
            }
        }
        var ordered: [Connector] = []
        for (_, equals) in groups.sorted(by: { $0.key < $1.key }) {
            // Included calls are used up before anything is paid for.
            let isAnyFree = equals.contains { measure($0).left > 0 }
            let free = equals.filter { isAnyFree && (measure($0).left > 0 || $0.price == 0) }
            ordered += byMeasure(free) + byMeasure(equals.filter { !free.contains($0) })
        }
        return (ordered, measures)
    }
}

/// The facts by which a connector is compared with its equals.
private struct Measure {
    var use = EffectUse()
    /// Calls of this month that its plan includes, and that nobody has made.
    var left = 0

    /// Returns the cost of asking: the time of a call, more for a price, and much more where calls fail.
    func burden(of connector: Connector) -> Double {
        let success = max(0.05, 1 - Double(use.failures) / Double(max(1, use.calls)))
        let cents = left > 0 ? 0 : Double(connector.price) / Double(Budget.microsPerMinorUnit)
        return (Double(use.averageMilliseconds) + 1) * (1 + cents) / (success * success)
    }

    func words(_ name: String) -> String {
        let share = use.calls == 0 ? 100 : (use.calls - use.failures) * 100 / use.calls
        let free = left == 0 ? "" : ", \(left) free call\(left == 1 ? "" : "s") left this month"
        return "\(name): \(use.averageMilliseconds) ms, \(share) % of \(use.calls) calls\(free)"
    }
}

/// From so many calls on a connector counts as known.
private let knownFrom = 5

extension CallReason {
    fileprivate init(
        _ connector: Connector, among ordered: [Connector], isProbe: Bool, _ failed: Set<String>,
        _ refusalOfFirst: ConnectorRefusal?, _ measures: [String: Measure]
    ) {
        let first = ordered[0]
        if isProbe {
            self.init(.probe, "\(connector.name) had failed; this call is to see whether it is well again.")
        } else if ordered.count == 1 {
            self.init(.onlyOne, "\(connector.name) is the only one that can do it.")
        } else if connector != first, let refusalOfFirst {
            let code: Code =
                switch refusalOfFirst.cause {
                case .circuit: .circuitOpen
                case .quota: .quotaFull
                case .spread: .spread
                }
            self.init(code, refusalOfFirst.detail)
        } else if connector != first, failed.contains(first.id) {
            self.init(.afterFailure, "\(first.name) has failed with it.")
        } else if ordered.contains(where: { $0 != connector && $0.priority == connector.priority }) {
            let equals = ordered.filter { $0.priority == connector.priority }
            let figures = equals.map { measures[$0.id, default: Measure()].words($0.name) }
            let isAnyFree = equals.contains { measures[$0.id, default: Measure()].left > 0 }
            let areKnown = equals.allSatisfy { measures[$0.id, default: Measure()].use.calls >= knownFrom }
            let rule =
                (isAnyFree ? "what costs nothing first, then " : "")
                + (areKnown ? "by the last day" : "each in its turn, for they are hardly known yet")
            self.init(.measured, "Of equals \(rule). \(figures.joined(separator: "; ")).")
        } else {
            self.init(.firstChoice, "The agency has put \(connector.name) first.")
        }
    }
}
