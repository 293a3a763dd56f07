internal import Agents
internal import Intelligence
internal import JSON
internal import Nouns
internal import Records
internal import Social

/// A plan for all pieces of one brief: the same message with the same link, out of the same passages.
struct WritingPlan: Sendable {
    static let version = "1"
    private static let briefKept = 4000, headlineMax = 120

    /// Without orders to machines.
    let brief: String
    let formats: [WritingOrder.Format]
    let networks: [SocialNetwork]
    let passages: [Passage]
    let link: String?

    init(
        _ brief: String, _ formats: [WritingOrder.Format], _ networks: [SocialNetwork],
        _ passages: [Passage]
    ) {
        self.brief = String(brief.prefix(Self.briefKept))
        (self.formats, self.networks, self.passages) = (formats, networks, passages)
        let kept = self.brief
        link = TextLinks.first(in: kept[...]).map { String(kept[$0]) }
    }

    /// Plans what is written for an order, out of what the agency has.
    init(_ order: WritingOrder, among materials: [Material]) {
        let brief = Self.withoutOrders(order.brief)
        self.init(
            brief, order.formats, order.networks,
            Passage.about(Self.subject(of: brief), among: materials, client: order.client))
    }

    private static func withoutOrders(_ brief: String) -> String {
        guard InjectionCheck.givesOrders(brief) else { return brief }
        return Passage.withoutOrders(brief).joined(separator: " ")
    }

    private static func subject(of brief: String) -> Set<String> { Set(QuestionWords(brief).stems) }

    var subject: Set<String> { Self.subject(of: brief) }

    private var sentences: [String] {
        var piece = LongPiece()
        piece.body = brief
        return piece.paragraphs.flatMap(\.self)
    }

    /// The brief's own sentences that state something: all of them where nothing else is known, and those with a figure
    /// besides.
    private var stated: [String] {
        guard !passages.isEmpty else { return sentences }
        return sentences.dropFirst().filter { sentence in
            sentence.contains(where: \.isNumber) && TextLinks.first(in: sentence[...]) == nil
        }
    }

    /// The passages, and what the brief itself states.
    var told: [Passage] {
        let own = stated
        guard !own.isEmpty else { return passages }
        return passages + [Passage("brief", nil, title: headline, own, score: 1)]
    }

    var headline: String {
        if let title = passages.first?.title { return title.shortened(to: Self.headlineMax) }
        let first = sentences.first ?? brief.oneLine
        return first.shortened(to: Self.headlineMax).trimmingEnd
    }

    var message: String { told.first?.lead(about: subject) ?? headline }

    var isEmpty: Bool { told.isEmpty }

    // MARK: The decision

    var inputs: JSON {
        [
            "brief": .string(brief), "formats": JSON(formats.map(\.rawValue)),
            "networks": JSON(networks.map(\.rawValue)), "passages": .array(passages.map(\.json)),
        ]
    }

    init?(inputs: JSON) {
        guard let brief = inputs["brief"]?.text else { return nil }
        self.init(
            brief,
            (inputs["formats"]?.array ?? []).compactMap {
                $0.text.flatMap(WritingOrder.Format.init(rawValue:))
            },
            (inputs["networks"]?.array ?? []).compactMap { $0.text.flatMap(SocialNetwork.init(rawValue:)) },
            (inputs["passages"]?.array ?? []).compactMap(Passage.init(json:)))
    }

    var outcome: JSON {
        [
            "headline": .string(headline), "message": .string(message), "link": JSON(link),
            "formats": JSON(formats.map(\.rawValue)), "networks": JSON(networks.map(\.rawValue)),
            "sources": .array(passages.map { ["type": .string($0.type), "id": JSON($0.id)] }),
        ]
    }

    /// The conclusion to write so; `writer`: the model that has written some of it.
    func conclusion(writer: JSON?) -> Conclusion {
        var model: JSONObject = ["name": "extraction", "version": .string(Self.version)]
        if let writer { model["writer"] = writer }
        let sum = passages.reduce(0) { $0 + $1.score }
        return Conclusion(
            outcome: outcome, confidence: passages.first?.score ?? 0,
            factors: .array(
                passages.map { passage in
                    [
                        "name": .string(passage.title), "value": .number(passage.score), "weight": 1,
                        "contribution": .number(sum > 0 ? (passage.score / sum * 1e6).rounded() / 1e6 : 0),
                        "evidence": [["type": .string(passage.type), "id": JSON(passage.id)]],
                    ]
                }),
            model: .object(model), inputs: inputs)
    }
}

extension String {
    /// As many whole words as there is room for.
    func shortened(to length: Int) -> String {
        guard count > length else { return self }
        var kept = ""
        for word in split(separator: " ") {
            let longer = kept.isEmpty ? String(word) : kept + " " + word
            guard longer.count <= length else { break }
            kept = longer
        }
        return kept.isEmpty ? String(prefix(length)) : kept
    }

    /// Without the mark that ends a sentence, which no headline has.
    fileprivate var trimmingEnd: String { hasSuffix(".") ? String(dropLast()) : self }
}
