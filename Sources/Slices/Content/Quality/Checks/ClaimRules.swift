/// A kind of claim.
enum ClaimKind: String, CaseIterable, Sendable {
    case superlative, comparison, figure, health, money

    /// The severity without a source where no rule of a country is known.
    fileprivate var usual: QualityFinding.Severity {
        switch self {
        case .health, .money: .error
        case .superlative, .figure: .warning
        case .comparison: .note
        }
    }
}

/// The judgement of a claim for readers in some countries: by the strictest of their rules.
struct ClaimRuling {
    /// `nil`: nothing is to be said of it.
    let severity: QualityFinding.Severity?
    /// The rules that are as strict as that.
    let rules: [QualityFinding.Rule]

    init(_ kind: ClaimKind, hasSource: Bool, in countries: [String]) {
        let known = countries.compactMap { country in
            ClaimRules.of(country, kind).map { (country, $0, hasSource ? $0.sourced : $0.unsourced) }
        }
        let isKnown = !countries.isEmpty && known.count == countries.count
        let usual = hasSource || isKnown ? nil : kind.usual
        severity = (known.map(\.2) + [usual]).compactMap(\.self).max { $0.cost < $1.cost }
        rules = known.filter { [severity] in $0.2 != nil && $0.2 == severity }
            .map { QualityFinding.Rule(country: $0.0, law: $0.1.law) }
    }

    /// The countries with their rules: `DE: UWG, § 5; FR: …`.
    var laws: String { rules.map { "\($0.country): \($0.law)" }.joined(separator: "; ") }
}

/// The strictness of countries with claims, and the law behind it: a table with the rows of a region for its
/// countries that have none of their own.
enum ClaimRules {
    struct Row: Sendable {
        let unsourced: QualityFinding.Severity?
        /// The severity where there is a source: law may want more than that.
        let sourced: QualityFinding.Severity?
        let law: String
    }

    private struct Place: Hashable { let country: String, kind: ClaimKind }

    private static let all: [Place: Row] = {
        var rows: [Place: Row] = [:]
        for parts in ResourceTable.rows("data/claim-rules.csv", columns: 5) {
            guard let kind = ClaimKind(rawValue: parts[1]) else { continue }
            rows[Place(country: parts[0], kind: kind)] = Row(
                unsourced: .init(rawValue: parts[2]), sourced: .init(rawValue: parts[3]), law: parts[4])
        }
        return rows
    }()
    private static let regions: [String: String] = {
        var regions: [String: String] = [:]
        for parts in ResourceTable.rows("data/claim-regions.csv", columns: 2) {
            for country in parts[1].split(separator: "|") { regions[String(country)] = parts[0] }
        }
        return regions
    }()

    /// `nil` for a country of which nothing is known.
    static func of(_ country: String, _ kind: ClaimKind) -> Row? {
        all[Place(country: country, kind: kind)]
            ?? regions[country].flatMap { all[Place(country: $0, kind: kind)] }
    }
}

extension ResourceTable {
    /// Returns the lines of a table without its head. The last column may have commas in it.
    static func rows(_ name: String, columns: Int) -> [[String]] {
        (texts[name] ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let parts = line.split(
                separator: ",", maxSplits: columns - 1, omittingEmptySubsequences: false
            ).map(String.init)
            return parts.count == columns ? parts : nil
        }
    }
}
