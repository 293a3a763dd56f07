internal import Agents
internal import Intelligence
internal import JSON
internal import Nouns
internal import Records
internal import Social

/// Drafts out of what the agency has published itself, in whole sentences that stand there: what it knows is what it
/// can say with a name.
struct OwnWords: Sendable {
    static let version = "1"
    /// A reader at work reads so many sentences, and so many characters.
    private static let sentencesMax = 6, lengthMax = 1200, sentencesMin = 2

    /// Empty: whatever there is.
    let topic: String
    let count: Int
    let materials: [OwnMaterial]
    /// The subject that people speak of, where that is why.
    let trend: DraftedTrend?

    /// The drafts, the most fitting first.
    var drafts: [OwnDraft] {
        let subject = Set(QuestionWords(topic).stems)
        let ranked = materials.enumerated().map { place, material in
            (place, material, Self.score(material, subject))
        }
        .filter { subject.isEmpty || $0.2 > 0 }
        .sorted { (-$0.2, $0.0) < (-$1.2, $1.0) }
        return ranked.compactMap { Self.draft(of: $0.1, about: subject) }.prefix(count).map(\.self)
    }

    private static func score(_ material: OwnMaterial, _ subject: Set<String>) -> Int {
        QuestionWords.stems(in: material.title).intersection(subject).count * 2
            + material.sentences.count { !QuestionWords.stems(in: $0).isDisjoint(with: subject) }
    }

    /// The sentence that says most comes first, those that follow stay in their order.
    private static func draft(of material: OwnMaterial, about subject: Set<String>) -> OwnDraft? {
        let sentences = material.sentences
        guard sentences.count >= sentencesMin else { return nil }
        func weight(_ sentence: String) -> Double {
            Double(QuestionWords.stems(in: sentence).intersection(subject).count)
                + (sentence.contains(where: \.isNumber) ? 1.5 : 0)
        }
        let head = sentences.indices.max { (weight(sentences[$0]), $1) < (weight(sentences[$1]), $0) } ?? 0
        var quotes = [sentences[head]], length = sentences[head].count
        for (place, sentence) in sentences.enumerated() where place != head {
            guard quotes.count < sentencesMax, length + sentence.count <= lengthMax else { continue }
            quotes.append(sentence)
            length += sentence.count
        }
        let body = quotes[0] + "\n\n" + quotes.dropFirst().joined(separator: " ")
        return OwnDraft(title: material.title, body: body, source: material, quotes: quotes)
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "topic": .string(topic), "count": JSON(count),
            "materials": .array(
                materials.map {
                    [
                        "type": .string($0.type), "id": .string($0.id), "title": .string($0.title),
                        "sentences": JSON($0.sentences),
                    ]
                }), "trend": trend?.json ?? .null,
        ]
    }

    init(about topic: String, count: Int, among materials: [OwnMaterial], trend: DraftedTrend? = nil) {
        (self.topic, self.count, self.materials, self.trend) = (topic, count, materials, trend)
    }

    init?(inputs: JSON) {
        guard let topic = inputs["topic"]?.text, let count = inputs["count"]?.int else { return nil }
        self.init(
            about: topic, count: Int(count),
            among: (inputs["materials"]?.array ?? []).map { json in
                OwnMaterial(
                    json["type"]?.text ?? "", json["id"]?.text ?? "", title: json["title"]?.text ?? "",
                    json["sentences"]?.array?.compactMap(\.text) ?? [])
            }, trend: DraftedTrend(json: inputs["trend"]))
    }

    var outcome: JSON {
        [
            "topic": .string(topic),
            "drafts": .array(
                drafts.map { draft in
                    [
                        "title": .string(draft.title), "body": .string(draft.body),
                        "source": ["type": .string(draft.source.type), "id": .string(draft.source.id)],
                    ]
                }),
        ]
    }

    var conclusion: Conclusion {
        let drafts = drafts, share = drafts.isEmpty ? 0 : 1 / Double(drafts.count)
        return Conclusion(
            outcome: outcome, confidence: drafts.isEmpty ? 0 : Double(drafts.count) / Double(max(count, 1)),
            factors: .array(
                drafts.map { draft in
                    [
                        "name": .string(draft.title), "value": JSON(draft.quotes.count), "weight": 1,
                        "contribution": .number((share * 1e6).rounded() / 1e6),
                        "evidence": [["type": .string(draft.source.type), "id": .string(draft.source.id)]],
                    ]
                } + [trend].compactMap(\.self).map { trend in
                    [
                        "name": "trend", "value": .string(trend.name), "weight": 0, "contribution": 0,
                        "evidence": [["type": "network_trend", "id": JSON(trend.id)]],
                    ]
                }),
            model: ["name": "extraction", "version": .string(Self.version)], inputs: inputs)
    }
}
