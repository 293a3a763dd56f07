internal import Glibc
package import JSON

/// Weighs how strongly agreement in each field suggests that two records are the same, by the model of Fellegi and
/// Sunter.
///
/// For each field and level, `same` is the share of pairs of one person or company that agree to that level, and
/// `other` the share of pairs of two different ones that share a key. The logarithms of their ratios add up. The
/// shares begin as those of ordinary address books; `fit` draws them to those of the agency's own pairs (by
/// expectation maximisation), the more so the more pairs there are.
package struct MatchModel: Hashable, Sendable {
    package struct Shares: Hashable, Sendable {
        /// The shares of each level.
        package var same: [Double], other: [Double]
    }

    /// The share of pairs with a common key that are the same person or company.
    package private(set) var rate: Double
    private var fitted: [String: Shares] = [:]
    /// The number of pairs that the model was fitted to.
    package private(set) var pairs = 0

    package init() { rate = Self.usualRate }

    package func shares(_ field: String) -> Shares { fitted[field] ?? Self.usual(field) }

    /// Returns how likely it is, 0–1, that two records are the same. `rarity` is the logarithm of how much rarer than
    /// usual the value is that they share.
    package func confidence(_ likening: [Likening], rarity: Double = 0) -> Double {
        sigmoid(logOdds(rate) + rarity + weight(likening))
    }

    private func weight(_ likening: [Likening]) -> Double {
        likening.reduce(0) { sum, like in
            let shares = shares(like.field)
            guard shares.same.indices.contains(like.level) else { return sum }
            return sum + log(shares.same[like.level] / shares.other[like.level])
        }
    }

    // MARK: What is usual

    private static let usualRate = 0.2
    /// The usual shares weigh as much as this many pairs.
    private static let usualWeight = 1000.0

    static func usual(_ field: String) -> Shares {
        switch field {
        case "person": Shares(same: [0.02, 0.06, 0.1, 0.2, 0.62], other: [0.6, 0.25, 0.1, 0.02, 0.03])
        case "email": Shares(same: [0.07, 0.08, 0.1, 0.75], other: [0.8, 0.18, 0.01, 0.01])
        case "phone": Shares(same: [0.15, 0.85], other: [0.9, 0.1])
        case "link": Shares(same: [0.05, 0.95], other: [0.99, 0.01])
        case "firm": Shares(same: [0.03, 0.02, 0.05, 0.3, 0.6], other: [0.55, 0.05, 0.05, 0.15, 0.2])
        case "branch": Shares(same: [0.03, 0.06, 0.13, 0.45, 0.33], other: [0.76, 0.06, 0.09, 0.06, 0.03])
        case "company": Shares(same: [0.03, 0.06, 0.15, 0.45, 0.31], other: [0.81, 0.1, 0.05, 0.03, 0.01])
        case "place": Shares(same: [0.15, 0.1, 0.75], other: [0.8, 0.05, 0.15])
        case "seat": Shares(same: [0.3, 0.1, 0.6], other: [0.8, 0.05, 0.15])
        default: Shares(same: [0.15, 0.15, 0.7], other: [0.88, 0.04, 0.08])
        }
    }

    // MARK: Fitting

    /// Fits a model to pairs of the agency's records, given each distinct comparison and the number of pairs with it.
    package static func fit(_ observed: [(likening: [Likening], count: Int)]) -> MatchModel {
        var model = MatchModel()
        model.pairs = observed.reduce(0) { $0 + $1.count }
        let fields = Set(observed.flatMap { $0.likening.map(\.field) })
        for _ in 0..<20 {
            var same: [String: [Double]] = [:], other: [String: [Double]] = [:], isSame = 0.0
            for (likening, count) in observed {
                let share = known(likening) ?? model.confidence(likening)
                isSame += share * Double(count)
                for like in likening {
                    let levels = usual(like.field).same.count
                    guard like.level < levels else { continue }
                    same[like.field, default: Array(repeating: 0, count: levels)][like.level] +=
                        share * Double(count)
                    other[like.field, default: Array(repeating: 0, count: levels)][like.level] +=
                        (1 - share) * Double(count)
                }
            }
            for field in fields {
                let usual = usual(field)
                model.fitted[field] = Shares(
                    same: drawn(usual.same, to: same[field] ?? []),
                    other: drawn(usual.other, to: other[field] ?? []))
            }
            let total = Double(model.pairs) + usualWeight
            model.rate = min(0.5, max(0.02, (isSame + usualRate * usualWeight) / total))
        }
        return model
    }

    private static func drawn(_ usual: [Double], to counts: [Double]) -> [Double] {
        let total = counts.reduce(0, +)
        return usual.enumerated().map { level, share in
            ((counts.isEmpty ? 0 : counts[level]) + share * usualWeight) / (total + usualWeight)
        }
    }

    /// Returns 1 or 0 where a comparison settles the matter; otherwise the fit could take colleagues, who share a
    /// company, for one person.
    private static func known(_ likening: [Likening]) -> Double? {
        func level(_ field: String) -> Int? { likening.first { $0.field == field }?.level }
        guard let person = level("person") else { return nil }
        switch (person, level("email")) {
        case (2..., 3): return 1
        case (0, nil), (0, 0), (0, 1): return 0
        default: return nil
        }
    }
}

// MARK: - Stored form

extension MatchModel {
    package var json: JSON {
        var fields = JSONObject()
        for (name, shares) in fitted.sorted(by: { $0.key < $1.key }) {
            fields.append(
                name,
                [
                    "same": .array(shares.same.map(JSON.number)),
                    "other": .array(shares.other.map(JSON.number)),
                ])
        }
        return ["rate": .number(rate), "pairs": JSON(pairs), "fields": .object(fields)]
    }

    package init?(json: JSON) {
        guard let rate = json["rate"]?.double, let pairs = json["pairs"]?.int,
            let fields = json["fields"]?.object
        else {
            return nil
        }
        (self.rate, self.pairs) = (rate, Int(pairs))
        for (name, value) in fields.members {
            let same = value["same"]?.array?.compactMap(\.double) ?? []
            let other = value["other"]?.array?.compactMap(\.double) ?? []
            guard same.count == Self.usual(name).same.count, other.count == same.count else { return nil }
            fitted[name] = Shares(same: same, other: other)
        }
    }
}

extension [Likening] {
    /// The comparison as text, such as `email 3;person 4`, which says nothing about whose records they are.
    package var text: String { map { "\($0.field) \($0.level)" }.joined(separator: ";") }

    package init(text: String) {
        self = text.split(separator: ";").compactMap { part in
            guard let space = part.lastIndex(of: " "), let level = Int(part[part.index(after: space)...])
            else {
                return nil
            }
            return Likening(field: String(part[..<space]), level: level)
        }
    }

    /// The reasons that a person reads: agreements first, contradictions last.
    package var reasons: [String] {
        filter { $0.reason != nil }.sorted {
            ($1.level > 0 ? 1 : 0, $0.field) < ($0.level > 0 ? 1 : 0, $1.field)
        }
        .compactMap(\.reason)
    }
}

extension Likening {
    fileprivate var reason: String? {
        switch (field, level) {
        case ("email", 3): "same email"
        case ("email", 2): "email a slip apart"
        case ("email", 1): "email of the same domain"
        case ("email", _): "but another email"
        case ("person", 4): "same name"
        case ("person", 3): "same name, written otherwise"
        case ("person", 2): "part of the name"
        case ("person", _): "but another name"
        case ("phone", 1): "same telephone number"
        case ("phone", _): "but another telephone number"
        case ("link", 1): "same profile"
        case ("link", _): "but another profile"
        case ("firm", 4), ("branch", 4), ("company", 4): "same firm and website"
        case ("firm", 3), ("branch", 3), ("company", 3): "same name of the firm"
        case ("firm", 2), ("branch", 2), ("company", 2): "same website, or a name of the firm that is alike"
        case ("firm", 1), ("branch", 1), ("company", 1): "same name of the firm, but another website"
        case ("firm", _), ("branch", _), ("company", _): "but another firm"
        case ("place", 1...), ("seat", 1...): "same place"
        case ("place", _), ("seat", _): "but another place"
        case (_, 1...): "same \(field)"
        default: "but another \(field)"
        }
    }
}
