internal import Agents
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// All that the choice of what to thank a client for rests on.
struct GratitudeFacts: Sendable {
    /// An occasion that nobody was written for yet.
    struct Candidate: Sendable {
        let topic: Occasion.Topic
        /// Names it among all.
        let key: String
    }

    let client: ClientID
    let at: Instant
    var candidates: [Candidate] = []
    /// When the person got such a message last.
    var lastAt: Instant?

    init(client: ClientID, at: Instant) { (self.client, self.at) = (client, at) }

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let client = json["client_id"]?.id(of: Nouns.Client.self),
            let at = json["at"]?.text.flatMap({ Instant($0) }),
            let occasions = json["occasions"]?.array
        else { return nil }
        self.init(client: client, at: at)
        candidates = occasions.compactMap { occasion in
            guard let topic = occasion["topic"]?.text.flatMap(Occasion.Topic.init(rawValue:)),
                let key = occasion["key"]?.text
            else { return nil }
            return Candidate(topic: topic, key: key)
        }
        lastAt = json["last_at"]?.text.flatMap { Instant($0) }
    }

    var json: JSON {
        [
            "client_id": JSON(client), "at": .string(at.description),
            "occasions": .array(
                candidates.map { ["topic": .string($0.topic.rawValue), "key": .string($0.key)] }),
            "last_at": JSON(lastAt?.description),
        ]
    }
}

/// The choice of what a client is thanked for: the best occasion there is, unless they were written to lately.
struct GratitudeChoice: Sendable {
    static let version = "1"
    /// The time for which a client is left alone after such a message.
    static let rest: Duration = .seconds(30 * 86_400)
    static let resting = "recently_thanked"

    let facts: GratitudeFacts
    /// The best occasion, whether it is written for now or later.
    let best: GratitudeFacts.Candidate?
    /// Until when the person is left alone; `nil`: they are not.
    let restsUntil: Instant?

    init(_ facts: GratitudeFacts) {
        self.facts = facts
        let order = Occasion.Topic.allCases
        best = order.lazy.compactMap { topic in facts.candidates.first { $0.topic == topic } }.first
        let end = facts.lastAt.map { $0 + Self.rest }
        restsUntil = end.flatMap { $0 > facts.at ? $0 : nil }
    }

    /// The occasion that is written for now.
    var chosen: GratitudeFacts.Candidate? { restsUntil == nil ? best : nil }

    var outcome: JSON {
        [
            "topic": JSON(chosen?.topic.rawValue), "key": JSON(chosen?.key),
            "reason": restsUntil == nil ? .null : .string(Self.resting),
            "again_at": JSON(restsUntil?.description),
        ]
    }

    private var factors: JSON {
        func factor(_ name: String, _ value: String, _ evidence: Saying) -> JSON {
            let factor: JSON = [
                "name": .string(name), "value": .string(value), "weight": 1, "contribution": 1,
            ]
            return factor.saying("evidence", evidence)
        }
        var all = facts.candidates.map { candidate in
            factor(
                candidate.topic.rawValue, candidate.key,
                Saying("evidence.gratitude", ["topic": .text(candidate.topic.rawValue)]))
        }
        if let last = facts.lastAt {
            let days = Int(max(0, (facts.at - last).components.seconds) / 86_400)
            all.append(
                factor(
                    "last_thanks", last.description,
                    Saying("evidence.last_thanks", ["days": .number(days)])))
        }
        return .array(all)
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: 1, factors: factors,
            model: ["name": "rules", "version": .string(Self.version)], inputs: facts.json)
    }
}
