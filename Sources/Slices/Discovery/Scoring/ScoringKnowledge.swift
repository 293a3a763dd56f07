package import Intelligence
package import JSON
internal import Templates

/// The lessons of a tenant's closed leads for its scoring: learned once in a while, stored as `json`, used for every
/// score until they are learned anew. They hold nothing of any other tenant.
package struct ScoringKnowledge: Hashable, Sendable {
    /// Closed leads.
    package private(set) var won = 0, lost = 0
    /// The number of people's judgements of open leads against a decision: each is learned from like an outcome.
    package private(set) var corrections = 0
    /// The average of the points that the rules give the closed leads.
    package private(set) var averagePoints = 50.0
    /// The share of the rules' slope that the outcomes confirm.
    package private(set) var steepness = 1.0
    /// The signs read from the agency's own fields.
    package private(set) var signs = CustomSigns()
    /// The number of leads when the signs were read.
    package private(set) var leads = 0
    /// `nil` while there are hardly any outcomes.
    package private(set) var model: LogisticModel?

    /// A tenant without outcomes.
    package init() {}

    /// The numbers of either outcome that make a model that scores by itself, and one that nudges the rules.
    package static let outcomesMin = 50, earlyOutcomesMin = 5

    /// Learns from every closed lead (`won` or `lost`), in the order in which they closed, since earlier outcomes are
    /// tested on later ones. It takes seconds for a hundred thousand leads. `corrections` are people's judgements of
    /// leads as good or not, `sample` is drawn from all leads, and `leads` is their number.
    package init(
        learning closed: [(input: ScoringInput, won: Bool)],
        corrections: [(input: ScoringInput, isGood: Bool)] = [], sample: [JSONObject] = [], leads: Int = 0,
        _ configuration: ScoringConfiguration
    ) {
        (signs, self.leads) = (CustomSigns(of: sample), leads)
        guard !closed.isEmpty else { return }
        let rules = RuleScoring(configuration)
        var table = TrainingTable()
        var points: [(points: Double, won: Bool)] = []
        for (input, won) in closed {
            table.append(LearnedScoring.features(of: input), outcome: won)
            points.append((rules.points(input.beforeContact), won))
        }
        (won, lost) = (table.positives, table.negatives)
        for (input, isGood) in corrections {
            table.append(LearnedScoring.features(of: input), outcome: isGood)
        }
        self.corrections = corrections.count
        averagePoints = (points.reduce(0) { $0 + $1.points } / Double(closed.count)).rounded(places: 4)
        steepness = ConversionEstimate.steepness(points)
        var training = LogisticTraining()
        training.perOutcomeMin = Self.earlyOutcomesMin
        model = training.train(table).model
    }

    package var stage: Stage {
        guard won >= Self.outcomesMin, lost >= Self.outcomesMin, let model else { return .notEnoughHistory }
        return model.hasSignal ? .learned : .withoutSignal
    }

    package enum Stage: String, Sendable {
        /// Fewer than fifty of either outcome.
        case notEnoughHistory = "not_enough_history"
        /// Enough outcomes, but they followed nothing known of the leads.
        case withoutSignal = "without_signal"
        case learned

        /// The meaning of the stage, for people to read.
        var about: String {
            switch self {
            case .notEnoughHistory: "Scored by rules until 50 leads are won and 50 lost."
            case .withoutSignal:
                "Nothing known of your won and lost leads predicts which they are: every probability stays near your average."
            case .learned: "Scored by your own won and lost leads."
            }
        }

        /// The meaning of the stage in the words of whoever reads it.
        var said: Saying { Saying("score.history", ["stage": .text(rawValue)]) }
    }

    /// Names the content: part of what a score rests on.
    package var version: String {
        let fields = signs == CustomSigns() ? "" : "-\(fingerprint(signs.json))"
        return
            "\(won)-\(lost)\(corrections == 0 ? "" : "-\(corrections)")-\(model?.version ?? "none")\(fields)"
    }

    package var json: JSON {
        [
            "won": JSON(won), "lost": JSON(lost), "corrections": JSON(corrections),
            "average_points": .number(averagePoints), "steepness": .number(steepness), "signs": signs.json,
            "leads": JSON(leads),
            "model": model?.json ?? .null,
        ]
    }

    /// `nil` when it is not what `json` writes.
    package init?(json: JSON) {
        guard let won = json["won"]?.int, let lost = json["lost"]?.int,
            let points = json["average_points"]?.double, let stored = json["model"]
        else { return nil }
        (self.won, self.lost, averagePoints) = (Int(won), Int(lost), points)
        corrections = Int(json["corrections"]?.int ?? 0)
        (steepness, leads) = (json["steepness"]?.double ?? 1, Int(json["leads"]?.int ?? 0))
        signs = CustomSigns(json: json["signs"] ?? .null)
        guard !stored.isNull else { return }
        guard let model = LogisticModel(json: stored) else { return nil }
        self.model = model
    }
}

extension ScoringInput {
    /// As it stood before anyone wrote to the lead: a closed lead's stage would tell its end.
    fileprivate var beforeContact: ScoringInput {
        var input = self
        input.status = "new"
        return input
    }
}
