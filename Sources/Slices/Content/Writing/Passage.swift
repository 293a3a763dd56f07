internal import Intelligence
internal import JSON
internal import Nouns
internal import Social

/// The sentences of something that the agency has published, as far as they are about a brief.
struct Passage: Hashable, Sendable {
    let type: String
    /// `nil` for the brief itself.
    let id: String?
    let title: String
    /// In their order; no orders to a machine, no addresses of people, no places for values.
    let sentences: [String]
    /// The share of the brief that it is about, 0–1.
    let score: Double

    static let sentencesMax = 8
    private static let lengths = 25...320

    init(_ type: String, _ id: String?, title: String, _ sentences: [String], score: Double) {
        (self.type, self.id, self.title) = (type, id, title)
        (self.sentences, self.score) = (sentences, score)
    }

    /// `nil`: it says nothing of what the brief is about.
    init?(_ material: Material, about subject: Set<String>, score: Double) {
        guard !InjectionCheck.givesOrders(material.title) else { return nil }
        let sentences = Self.sentences(of: material.body)
        let ranked = sentences.indices.sorted {
            (-Self.score(sentences[$0], subject), $0) < (-Self.score(sentences[$1], subject), $1)
        }
        let chosen = ranked.prefix(Self.sentencesMax).sorted().map { sentences[$0] }
        guard !chosen.isEmpty else { return nil }
        self.init(material.type, material.id, title: material.title.oneLine, chosen, score: score)
    }

    /// The sentences of a text that may be said to readers.
    static func sentences(of body: String) -> [String] {
        withoutOrders(body).filter { sentence in
            lengths.contains(sentence.count) && !sentence.contains("{{") && !sentence.contains("{%")
                && !sentence.contains("@")
        }
    }

    /// The sentences of a text before those that give orders to a machine: what follows on one in its paragraph goes
    /// with it.
    static func withoutOrders(_ body: String) -> [String] {
        var piece = LongPiece()
        piece.body = body
        guard InjectionCheck.givesOrders(body) else { return piece.paragraphs.flatMap(\.self) }
        let kept = InjectionCheck.withoutOrders(body).oneLine
        return piece.paragraphs.flatMap { paragraph in
            paragraph.prefix { kept.contains($0) && !InjectionCheck.judge($0).isSuspicious }
        }
    }

    /// Returns how much a sentence says of a subject; a figure says something by itself.
    private static func score(_ sentence: String, _ subject: Set<String>) -> Double {
        Double(QuestionWords.stems(in: sentence).intersection(subject).count)
            + (sentence.contains(where: \.isNumber) ? 0.5 : 0)
    }

    /// The sentences that say most of a subject, in their order.
    func best(_ count: Int, about subject: Set<String>) -> [String] {
        let ranked = sentences.indices.sorted {
            (-Self.score(sentences[$0], subject), $0) < (-Self.score(sentences[$1], subject), $1)
        }
        return ranked.prefix(count).sorted().map { sentences[$0] }
    }

    /// The one sentence that says most of a subject.
    func lead(about subject: Set<String>) -> String { best(1, about: subject).first ?? title }
}

extension Passage {
    /// More of them make no piece better.
    private static let most = 6
    /// A word of the brief in the title says as much as two in the text; less than this is by chance.
    private static let pointsMin = 2

    /// Returns the passages about a brief, the best first. What belongs to the client comes before the rest.
    static func about(_ subject: Set<String>, among materials: [Material], client: ClientID?) -> [Passage] {
        guard !subject.isEmpty else { return [] }
        var seen: Set<String> = []
        let scored = materials.enumerated().compactMap { place, material -> (Material, Double, Int)? in
            guard seen.insert("\(material.type)/\(material.id)").inserted else { return nil }
            let title = QuestionWords.stems(in: material.title).intersection(subject).count
            let body = QuestionWords.stems(in: material.body).intersection(subject).count
            let isOwn = client != nil && material.client == client
            let points = 2 * title + body + (isOwn ? pointsMin : 0)
            guard points >= pointsMin else { return nil }
            return (material, min(1, Double(points) / Double(3 * subject.count)), place)
        }
        let sorted = scored.sorted { (-$0.1, $0.2) < (-$1.1, $1.2) }
        var found: [Passage] = []
        for (material, score, _) in sorted where found.count < most {
            guard let passage = Passage(material, about: subject, score: score) else { continue }
            found.append(passage)
        }
        return found
    }
}

extension Passage {
    init?(json: JSON) {
        guard let type = json["type"]?.text, let title = json["title"]?.text,
            let sentences = json["sentences"]?.array
        else { return nil }
        self.init(
            type, json["id"]?.text, title: title, sentences.compactMap(\.text),
            score: json["score"]?.double ?? 0)
    }

    var json: JSON {
        [
            "type": .string(type), "id": JSON(id), "title": .string(title), "sentences": JSON(sentences),
            "score": .number(score),
        ]
    }
}

extension String {
    /// On one line, with one space between words.
    var oneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
