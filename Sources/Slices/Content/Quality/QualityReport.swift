internal import Agents
internal import JSON
internal import Templates

/// The judgement of a piece of content: always the same for the same input.
struct QualityReport: Sendable {
    /// Beyond so many of a code, more say nothing new.
    static let findingsMax = 50
    static let model: JSON = ["name": "content_rules", "version": "1"]

    let score: Int
    /// With those that people let pass, which cost nothing.
    let findings: [QualityFinding]
    private let spelling: QualityInput.Spelling?
    /// The points that the findings of each code cost.
    let costs: [QualityFinding.Code: Double]

    init(_ input: QualityInput) {
        let text = ScannedText(input.body)
        spelling = input.spelling
        let beside = BesideBody(input)
        var others = beside.all.flatMap { PersonalCheck($0).findings }
        for version in beside.versions {
            others += AdvertisingCheck(input, version).findings + NoticeCheck(input, version).findings
        }
        var all =
            BrandCheck(input, text, beside).findings + AdvertisingCheck(input, text).findings
            + NoticeCheck(input, text).findings + VoiceCheck(input, text).findings
            + ClaimCheck(input, text, beside).findings + ReadingCheck(input, text, beside).findings
            + AccessCheck(input, text).findings + LikenessCheck(input, text).findings
            + LinkCheck(text, dead: input.deadLinks).findings + PersonalCheck(text).findings
            + SpellingCheck(input, text).findings + ContrastCheck(input).findings
        all += others.map(\.besideBody)
        var counts: [QualityFinding.Code: Int] = [:], costs: [QualityFinding.Code: Double] = [:]
        var kept: [QualityFinding] = []
        for var finding in all {
            finding.isOverridden = !input.overridden.isEmpty && input.overridden.contains(finding.mark)
            if finding.isOverridden {
                kept.append(finding)
                continue
            }
            let count = counts[finding.code, default: 0] + 1
            counts[finding.code] = count
            guard count <= Self.findingsMax else { continue }
            kept.append(finding)
            // Each further one of a code tells less than the one before.
            let weight = Self.weight(passed: input.passed[finding.code.rawValue] ?? 0)
            costs[finding.code, default: 0] += finding.severity.cost * weight / Double(count)
        }
        findings = kept
        self.costs = costs.mapValues { ($0 * 100).rounded() / 100 }
        // In the order of the codes: a sum of fractions depends on its order.
        let cost = QualityFinding.Code.allCases.reduce(0) { $0 + (costs[$1] ?? 0) }
        score = max(0, 100 - Int(cost.rounded()))
    }

    /// Returns the weight of a code where people have let its findings pass so often: the first three say
    /// little.
    static func weight(passed: Int) -> Double { passed <= 3 ? 1 : max(0.2, 1 / (1 + Double(passed - 3) / 2)) }

    var errors: [QualityFinding] { findings.filter { $0.severity == .error && !$0.isOverridden } }

    var json: JSON {
        var json: JSONObject = ["score": JSON(score), "findings": .array(findings.map(\.json))]
        if let spelling {
            json["spelling"] = [
                "language": .string(spelling.language), "checked": .bool(spelling.isChecked),
            ]
        }
        return .object(json)
    }

    // MARK: The decision

    /// The agent in whose name content is judged.
    static let agent = "content_quality"

    var outcome: JSON {
        let counts = QualityFinding.Severity.allCases.map { severity -> (String, JSON) in
            ("\(severity.rawValue)s", JSON(findings.count { $0.severity == severity && !$0.isOverridden }))
        }
        return .object(JSONObject([("score", JSON(score))] + counts))
    }

    func conclusion(from input: QualityInput) -> Conclusion {
        let factors = QualityFinding.Code.allCases.compactMap { code -> JSON? in
            let found = findings.filter { $0.code == code }
            guard let first = found.first else { return nil }
            let factor: JSON = [
                "name": .string(code.rawValue), "value": JSON(found.count),
                "weight": .number(Self.weight(passed: input.passed[code.rawValue] ?? 0)),
                "contribution": .number(-(costs[code] ?? 0)),
            ]
            return factor.saying("evidence", first.detail)
        }
        return Conclusion(
            outcome: outcome, confidence: 1, factors: .array(factors), model: Self.model, inputs: input.json)
    }
}

/// The words of a piece that readers see beside its body, each read once.
struct BesideBody {
    let all: [ScannedText]
    /// Those that are not its title.
    private(set) var untitled: [ScannedText] = []
    /// Those that some readers get in place of the body.
    private(set) var versions: [ScannedText] = []

    init(_ input: QualityInput) {
        all = input.beside.map { ScannedText($0) }
        for (words, text) in zip(input.beside, all) {
            if words != input.title { untitled.append(text) }
            if input.versions.contains(words) { versions.append(text) }
        }
    }
}
