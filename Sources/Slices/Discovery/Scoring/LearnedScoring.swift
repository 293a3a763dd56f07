package import Intelligence
internal import JSON
internal import Lexicons
internal import Records

/// Scores by what the tenant's own won and lost leads have in common.
///
/// The score compares the lead's odds with those of the average lead: 50 is average, 70 means odds 2.3
/// times as good, 90 nine times. It rises with the probability and with nothing else.
package struct LearnedScoring: Sendable {
    package let model: LogisticModel
    package let configuration: ScoringConfiguration

    package init(_ model: LogisticModel, _ configuration: ScoringConfiguration = ScoringConfiguration()) {
        (self.model, self.configuration) = (model, configuration)
    }

    package func score(_ input: ScoringInput) -> LeadScore {
        let row = Self.features(of: input)
        let probability = model.probability(of: row)
        let score = Self.score(probability, baseRate: model.baseRate)
        return LeadScore(
            score: score, priority: configuration.priority(score),
            conversionProbability: probability.rounded(places: 6), confidence: confidence(row),
            factors: factors(row),
            model: .logisticRegression(
                version: model.version, trainingSize: model.trainingSize, auc: model.auc))
    }

    /// The share that the lead's odds hold against the base rate's.
    package static func score(_ probability: Double, baseRate: Double) -> Int {
        let base = min(0.999, max(0.001, baseRate))
        return Int((100 * sigmoid(logOdds(probability) - logOdds(base))).rounded())
    }

    /// Half how well the model ranks, half how much it was told of this lead.
    private func confidence(_ row: FeatureRow) -> Double {
        var told = 0.0, total = 0.0
        for (column, weight) in model.importances {
            total += weight
            if row[column] != .missing { told += weight }
        }
        let skill = min(1, max(0, 2 * model.auc - 1))
        return (0.5 * skill + 0.5 * (total > 0 ? told / total : 0)).rounded(places: 4)
    }

    /// The model's columns, gathered under the six names. A factor's weight is its columns' part in how
    /// far leads differ; its contribution is in log-odds; its value is 0.5 for the average lead.
    private func factors(_ row: FeatureRow) -> [LeadScore.Factor] {
        var weights = [ScoreFactor: Double](), shares = [ScoreFactor: [LogisticModel.Contribution]]()
        for (column, weight) in model.importances { weights[Self.factor(of: column), default: 0] += weight }
        for share in model.contributions(of: row) {
            shares[Self.factor(of: share.column), default: []].append(share)
        }
        let total = weights.values.sorted().reduce(0, +)
        let points = Self.points(
            ScoreFactor.allCases.map { total > 0 ? (weights[$0] ?? 0) / total : 1.0 / 6 })
        return zip(ScoreFactor.allCases, points).map { factor, weight in
            let columns = shares[factor] ?? []
            let sum = columns.reduce(0) { $0 + $1.logOdds }
            return LeadScore.Factor(
                name: factor, value: sigmoid(sum).rounded(places: 4), weight: weight,
                contribution: sum.rounded(places: 4), rests: ScoreEvidence(learned: columns))
        }
    }

    /// Shares as hundredths of points that sum to exactly 100 (largest remainders).
    private static func points(_ shares: [Double]) -> [Double] {
        var hundredths = shares.map { Int(($0 * 10_000).rounded(.down)) }
        let rest = 10_000 - hundredths.reduce(0, +)
        let order = shares.indices.sorted { a, b in
            let (left, right) = (
                shares[a] * 10_000 - Double(hundredths[a]), shares[b] * 10_000 - Double(hundredths[b])
            )
            return (right, a) < (left, b)
        }
        for index in order.prefix(max(0, rest)) { hundredths[index] += 1 }
        return hundredths.map { Double($0) / 100 }
    }
}

// The features that a model may learn from.
extension LearnedScoring {
    /// Every number, flag and choice of the record and of its custom fields; what is not known is
    /// missing. Left out: who the person is (name, address), free text, times of writing, and the
    /// status, which is the outcome itself.
    package static func features(of input: ScoringInput) -> FeatureRow {
        var row = FeatureRow()
        row["employee_count"] = FeatureValue(input.employeeCount)
        row["annual_revenue"] = FeatureValue(input.annualRevenue.flatMap(RoughRates.dollars))
        row["budget"] = FeatureValue(input.budget.flatMap(RoughRates.dollars))
        row["timeline_days"] = FeatureValue(input.timelineDays)
        row["authority"] = FeatureValue(input.authority)
        row["industry"] = word(input.industry)
        row["country"] = word(input.country)
        row["location"] = word(input.location)
        row["source"] = word(input.source)
        row["contact_title"] = word(input.contactTitle)
        row["website"] = .boolean(input.hasWebsite)
        row["linkedin_url"] = .boolean(input.hasLinkedIn)
        row["phone"] = .boolean(input.hasPhone)
        row["contact_name"] = .boolean(input.hasContactName)
        row["email"] = word(
            input.email.map {
                $0.isDisposable ? "disposable" : $0.isRole ? "role" : $0.isFreeMail ? "free" : "own"
            })
        row["pain_points"] = .number(Double(input.painPoints.count))
        row["tags"] = .number(Double(input.ownTags.count))
        row["notes_length"] = .number(Double(input.notes?.utf8.count ?? 0))
        row["technologies"] = .number(Double(input.technologies.count))
        for tag in input.ownTags.prefix(50) where tag.utf8.count <= 60 {
            row["tag:\(tag.lowercased())"] = .boolean(true)
        }
        for (key, value) in input.custom.members.prefix(200) { row["custom.\(key)"] = cell(value) }
        return row
    }

    private static func word(_ text: String?) -> FeatureValue {
        guard let text, !Words.trimmed(text).isEmpty else { return .missing }
        return .category(Words.trimmed(text).lowercased())
    }

    static func cell(_ value: JSON) -> FeatureValue {
        switch value {
        case .bool(let flag): .boolean(flag)
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .string(let text): FeatureValue(text: text)
        case .null, .array, .object: .missing
        }
    }

    /// Under which of the six names a column counts. Custom fields go by their name; those that do not
    /// fit elsewhere are what the agency noted of the lead's behaviour.
    static func factor(of column: String) -> ScoreFactor {
        switch column {
        case "employee_count", "annual_revenue": return .companySize
        case "industry", "country", "location": return .industry
        case "technologies": return .technology
        case "website", "linkedin_url", "phone", "email", "contact_name", "contact_title":
            return .onlinePresence
        case "budget", "timeline_days", "authority": return .budget
        default: break
        }
        let words = Words(column)
        for (factor, signs) in customSigns where signs.contains(where: { words.containsWord(beginning: $0) })
        {
            return factor
        }
        return .engagement
    }

    /// The beginnings of words; where words of two are in a name, the first counts.
    private static let customSigns: [(ScoreFactor, [String])] = {
        let names = Lexicon("signs", in: ResourceTable.texts).names("factors")
        return [.companySize, .technology, .budget, .onlinePresence, .industry].map { factor in
            (factor, names.filter { $0.value == factor.rawValue }.keys.sorted())
        }
    }()
}
