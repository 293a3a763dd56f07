internal import Agents
internal import JSON
internal import Templates

/// The answer to a case, where it rests on enough cases and is not what chance does: the words, the numbers and the
/// interval.
struct MarketConclusion: Sendable {
    let title: Saying
    let advice: Saying
    /// Numbers by their names.
    let numbers: JSONObject
    let interval: ClosedRange<Double>
    /// The probability that chance alone brings this about; `nil` where nothing is compared.
    let chance: Double?

    /// The outcome of a decision, with its sentences.
    func outcome(of asked: MarketCase) -> JSON {
        let outcome: JSON = [
            "found": true, "kind": .string(asked.kind.rawValue), "dimension": .string(asked.dimension),
            "value": .string(asked.value), "numbers": .object(numbers), "interval": intervalJSON,
            "chance": chance.map { .number($0) } ?? .null, "evidence": .array(asked.evidence),
        ]
        return outcome.saying("title", title).saying("recommendation", advice)
    }

    var intervalJSON: JSON {
        ["low": .number(interval.lowerBound), "high": .number(interval.upperBound), "confidence": 0.95]
    }

    /// The certainty: what chance would not do.
    var confidence: Double { chance.map { max(0, 1 - $0) } ?? 0.95 }
}

extension MarketCase {
    /// Returns what the case shows under an agency's settings; `nil`: nothing that could be said.
    func conclusion(_ settings: MarketSettings) -> MarketConclusion? {
        switch (kind, dimension) {
        case (.trend, "all"): rate(settings)
        case (.trend, _): shares(settings)
        case (.segment, _): shares(settings)
        case (.season, _): season(settings)
        case (.gap, _): need(settings)
        case (.competitor, _): activity
        }
    }

    private func isNoChance(_ significance: Double, _ settings: MarketSettings) -> Bool {
        significance * Double(max(1, tests)) <= settings.errorMax
    }

    /// Two counts of as many days each.
    private func rate(_ settings: MarketSettings) -> MarketConclusion? {
        let (now, before) = (here.hits, there.hits)
        guard now + before >= settings.casesMin, before > 0 else { return nil }
        let chance = Binomial.significance(now, of: now + before, expecting: 0.5)
        guard isNoChance(chance, settings) else { return nil }
        let part = Binomial.interval(now, of: now + before)
        let ratio =
            (part.lowerBound / (1 - part.lowerBound))...(part.upperBound / max(1e-9, 1 - part.upperBound))
        let direction = now > before ? "up" : "down"
        return MarketConclusion(
            title: Saying(
                "market.trend_all",
                [
                    "direction": .text(direction), "now": .number(now), "before": .number(before),
                    "days": .number(settings.windowDays), "low": Self.percent(ratio.lowerBound),
                    "high": Self.percent(ratio.upperBound),
                ]),
            advice: Self.advice(now > before ? "grow" : "shrink"),
            numbers: [
                "now": JSON(now), "before": JSON(before), "ratio": .number(Double(now) / Double(before)),
            ],
            interval: ratio, chance: chance)
    }

    /// Two shares.
    private func shares(_ settings: MarketSettings) -> MarketConclusion? {
        guard here.count >= settings.casesMin, there.count >= settings.casesMin,
            kind == .segment || here.hits + there.hits >= settings.casesMin
        else { return nil }
        let chance = Share.significance(here, there)
        guard isNoChance(chance, settings) else { return nil }
        let difference = Share.difference(here, there), isMore = here.value > there.value
        let (now, before) = (Self.percent(here.value), Self.percent(there.value))
        let (low, high) = (Self.percent(difference.lowerBound), Self.percent(difference.upperBound))
        let title =
            kind == .segment
            ? Saying(
                "market.segment",
                [
                    "dimension": .text(dimension), "value": .text(value), "now": now, "before": before,
                    "low": low, "high": high, "cases": .number(here.count),
                ])
            : Saying(
                "market.trend_share",
                [
                    "dimension": .text(dimension), "value": .text(value), "now": now, "before": before,
                    "low": low, "high": high, "days": .number(settings.windowDays),
                ])
        let advice = kind == .segment ? (isMore ? "win" : "lose") : (isMore ? "grow" : "shrink")
        var numbers: JSONObject = [
            "hits": JSON(here.hits), "cases": JSON(here.count), "share": .number(here.value),
            "other_hits": JSON(there.hits), "other_cases": JSON(there.count),
            "other_share": .number(there.value),
        ]
        for (name, value) in more.members { numbers[name] = value }
        return MarketConclusion(
            title: title, advice: Self.advice(advice), numbers: numbers, interval: difference, chance: chance)
    }

    /// A month of the year, in which as many come in as a share of all, against its share of the days.
    private func season(_ settings: MarketSettings) -> MarketConclusion? {
        guard here.count >= settings.casesMin * 2, years >= 2, isSteady, expected > 0, let day else {
            return nil
        }
        let chance = Binomial.significance(here.hits, of: here.count, expecting: expected)
        guard isNoChance(chance, settings) else { return nil }
        let share = Binomial.interval(here.hits, of: here.count)
        let interval = (share.lowerBound / expected)...(share.upperBound / expected)
        let ratio = here.value / expected
        return MarketConclusion(
            title: Saying(
                "market.season",
                [
                    "day": .day(day), "percent": Self.percent(ratio), "years": .number(years),
                    "low": Self.percent(interval.lowerBound), "high": Self.percent(interval.upperBound),
                ]),
            advice: Self.advice(ratio > 1 ? "season" : "quiet"),
            numbers: [
                "hits": JSON(here.hits), "cases": JSON(here.count), "ratio": .number(ratio),
                "years": JSON(years),
            ], interval: interval, chance: chance)
    }

    /// A need that leads name and that nothing on offer covers. It is counted, and compared with nothing.
    private func need(_ settings: MarketSettings) -> MarketConclusion? {
        let interval = here.interval
        guard here.hits >= settings.casesMin, interval.lowerBound >= 0.05 else { return nil }
        return MarketConclusion(
            title: Saying(
                "market.gap",
                [
                    "value": .text(value), "cases": .number(here.hits), "now": Self.percent(here.value),
                    "low": Self.percent(interval.lowerBound), "high": Self.percent(interval.upperBound),
                ]),
            advice: Self.advice("gap"),
            numbers: ["hits": JSON(here.hits), "cases": JSON(here.count), "share": .number(here.value)],
            interval: interval, chance: nil)
    }

    /// The activity of a competitor, which is told as it is.
    private var activity: MarketConclusion? {
        let (posts, changes) = (here.hits, there.hits)
        guard posts + changes > 0 else { return nil }
        return MarketConclusion(
            title: Saying(
                "market.competitor",
                [
                    "name": .text(more["name"]?.text ?? value), "posts": .number(posts),
                    "pages": .number(changes),
                ]),
            advice: Self.advice("competitor"),
            numbers: ["posts": JSON(posts), "page_changes": JSON(changes)],
            interval: Double(posts + changes)...Double(posts + changes), chance: nil)
    }

    private static func percent(_ share: Double) -> Saying.Value {
        .number(Int((min(max(share, -1e6), 1e6) * 100).rounded()))
    }

    private static func advice(_ what: String) -> Saying { Saying("market.advice", ["what": .text(what)]) }
}
