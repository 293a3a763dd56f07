internal import Agents
internal import JSON
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// The key of a seeded sequence.
enum NurtureKey: String, Choice {
    case newLead = "new_lead"
    case warmLead = "warm_lead"
    case coldLead = "cold_lead"
    case dormantLead = "dormant_lead"
}

/// Why a lead gets no sequence.
enum NurtureSilence: String, Choice {
    case customer, archived, unsubscribed
    case heldOut = "held_out"
    case noAddress = "no_address"
    /// Another programme comes first: outreach, a sale, or a sequence of the agency's own.
    case inSequence = "in_sequence"
}

/// All that the choice of a lead's sequence rests on.
struct NurtureFacts: Sendable {
    var ageDays = 0
    /// The name of the stage of its age.
    var stage = ""
    /// The activities of its person in the last days, by type.
    var activities: [String: Int] = [:]
    var silence: NurtureSilence?
    /// When the next touch of the sequence would be.
    var nextAt: Instant?

    init() {}

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let age = json["age_days"]?.int, let stage = json["stage"]?.text else { return nil }
        (ageDays, self.stage) = (Int(age), stage)
        for (type, count) in json["activities"]?.object?.members ?? [] {
            activities[type] = Int(count.int ?? 0)
        }
        silence = json["silence"]?.text.flatMap(NurtureSilence.init(rawValue:))
        nextAt = json["next_at"]?.text.flatMap { Instant($0) }
    }

    var json: JSON {
        [
            "age_days": JSON(ageDays), "stage": .string(stage),
            "activities": .object(
                JSONObject(activities.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            "silence": JSON(silence?.rawValue), "next_at": JSON(nextAt?.description),
        ]
    }
}

/// The sequence that fits a lead: by its age and how engaged its person is.
struct NurtureChoice: Sendable {
    static let version = "1"
    /// The engagement above which somebody who is known for a while counts as warm.
    private static let warmAbove = 40.0

    let facts: NurtureFacts
    let engagement: Double
    let key: NurtureKey?

    init(_ facts: NurtureFacts, _ weights: EngagementWeights) {
        self.facts = facts
        engagement = Engagement(days: Engagement.daysUsual, counts: facts.activities, weights: weights).score
        key = facts.silence == nil ? Self.fitting(facts.stage, engagement) : nil
    }

    /// Everybody new is welcomed, however engaged. Later the engaged ones hear more of what the agency does, the others
    /// more of what is of use to them; after a year there is one for all.
    static func fitting(_ stage: String, _ engagement: Double) -> NurtureKey {
        switch stage {
        case "fresh": .newLead
        case "warm": engagement > warmAbove ? .warmLead : .coldLead
        case "nurturing": .coldLead
        default: .dormantLead
        }
    }

    var outcome: JSON {
        [
            "sequence": JSON(key?.rawValue), "stage": .string(facts.stage),
            "next_at": key == nil ? .null : JSON(facts.nextAt?.description),
            "reason": JSON(facts.silence?.rawValue),
        ]
    }

    var factors: JSON {
        func factor(_ name: String, _ value: JSON, _ weight: Double, _ evidence: Saying) -> JSON {
            let factor: JSON = [
                "name": .string(name), "value": value, "weight": .number(weight),
                "contribution": .number(weight),
            ]
            return factor.saying("evidence", evidence)
        }
        var all = [
            factor(
                "age_days", JSON(facts.ageDays), 60,
                Saying("evidence.nurture_age", ["days": .number(facts.ageDays)])),
            factor(
                "engagement", .number(engagement), 40,
                Saying(
                    "evidence.nurture_engagement",
                    ["count": .number(facts.activities.values.reduce(0, +))])),
        ]
        if let silence = facts.silence {
            all.append(
                factor(
                    "silence", .string(silence.rawValue), 100,
                    Saying("evidence.nurture_silence", ["reason": .text(silence.rawValue)])))
        }
        return .array(all)
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: 1, factors: factors,
            model: ["name": "rules", "version": .string(Self.version)], inputs: facts.json)
    }
}
