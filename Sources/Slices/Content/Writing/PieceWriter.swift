internal import JSON
internal import Nouns
internal import Social
internal import Wording

/// A piece as it was written, before it is a content item.
struct WrittenPiece: Sendable {
    let format: WritingOrder.Format
    var network: SocialNetwork?
    var title: String
    /// Markdown.
    var body: String
    /// The passages whose sentences are in it.
    var sources: [(passage: Passage, quote: String)] = []
    /// Whether a model has written it.
    var isModels = false
}

/// Writes the pieces of a plan out of its passages: whole sentences, and nothing that none of them says.
struct PieceWriter {
    let plan: WritingPlan
    let words: Wording
    let figures: [(text: String, id: MetricID)]

    private static let paragraphMax = 4, sectionsMax = 3, pointsMax = 3, storyMax = 3, adMax = 90

    var pieces: [WrittenPiece] {
        plan.formats.flatMap { format -> [WrittenPiece] in
            switch format {
            case .blog: [blog]
            case .social where plan.networks.isEmpty: [social(nil)]
            case .social: plan.networks.map(social)
            case .email: [email]
            case .video: [video]
            case .story: [story]
            case .ad: [advertisement]
            case .message: [letter]
            }
        }
    }

    private typealias Said = (passage: Passage, quote: String)

    private var message: Said? {
        plan.told.first.map { ($0, $0.lead(about: plan.subject)) }
    }

    /// The other sentences that there are, in the order of their passages.
    private func points(_ most: Int, lengthMax: Int = .max) -> [Said] {
        let said = plan.told.flatMap { passage in
            passage.best(Self.paragraphMax, about: plan.subject).map { (passage, $0) }
        }
        return said.filter { $0.1 != message?.quote && $0.1.count <= lengthMax }.prefix(most).map { $0 }
    }

    private func piece(
        _ format: WritingOrder.Format, _ title: String, _ blocks: [String], _ said: [Said]
    ) -> WrittenPiece {
        WrittenPiece(
            format: format, title: title,
            body: blocks.filter { !$0.isEmpty }.joined(separator: "\n\n"), sources: said)
    }

    private var closing: String { plan.link.map { "[\(words("content.read_more"))](<\($0)>)" } ?? "" }

    private func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }

    private var results: String {
        figures.isEmpty ? "" : "## \(words("content.results"))\n\n" + list(figures.map(\.text))
    }

    private var blog: WrittenPiece {
        var blocks: [String] = [], said: [Said] = []
        for (index, passage) in plan.told.prefix(Self.sectionsMax + 1).enumerated() {
            let sentences = passage.best(Self.paragraphMax, about: plan.subject)
            if index > 0, passage.id != nil { blocks.append("## \(passage.title)") }
            blocks.append(sentences.joined(separator: " "))
            said += sentences.map { (passage, $0) }
        }
        return piece(.blog, plan.headline, blocks + [results, closing], said)
    }

    private var email: WrittenPiece {
        let more = points(Self.pointsMax)
        return piece(
            .email, plan.headline, [message?.quote ?? "", list(more.map(\.quote)), results, closing],
            [message].compactMap { $0 } + more)
    }

    /// Without a greeting: it is put around what is said.
    private var letter: WrittenPiece {
        let more = points(Self.pointsMax)
        return piece(
            .message, plan.headline, [message?.quote ?? "", list(more.map(\.quote)), closing],
            [message].compactMap { $0 } + more)
    }

    private var video: WrittenPiece {
        let more = points(Self.pointsMax)
        return piece(
            .video, plan.headline,
            [
                "## \(words("content.video_opening"))", message?.quote ?? "",
                more.isEmpty ? "" : "## \(words("content.video_middle"))", list(more.map(\.quote)),
                "## \(words("content.video_end"))", plan.headline, plan.link ?? "",
            ], [message].compactMap { $0 } + more)
    }

    private var story: WrittenPiece {
        let more = points(Self.storyMax - 1, lengthMax: 140)
        return piece(
            .story, plan.headline, [message?.quote ?? ""] + more.map(\.quote) + [plan.link ?? ""],
            [message].compactMap { $0 } + more)
    }

    private var advertisement: WrittenPiece {
        let short = points(1, lengthMax: Self.adMax)
        let said = message.map { $0.quote.count <= Self.adMax || short.isEmpty ? [$0] : short } ?? short
        return piece(.ad, plan.headline, [plan.headline] + said.map(\.quote) + [plan.link ?? ""], said)
    }

    /// A post that the network takes as it is.
    private func social(_ network: SocialNetwork?) -> WrittenPiece {
        let more = points(1)
        let said = [message].compactMap { $0 } + more
        var long = LongPiece()
        long.link = plan.link
        let isTold = message?.quote.lowercased().hasPrefix(plan.headline.lowercased()) == true
        long.title = isTold ? "" : plan.headline
        long.body = said.map(\.quote).joined(separator: "\n\n")
        guard let network else {
            return piece(.social, plan.headline, [long.title, long.body, plan.link ?? ""], said)
        }
        let post = long.adapted(to: network, isOne: true)
        var written = piece(
            .social, "\(plan.headline) (\(network.title))", [post.text],
            said.filter { post.text.contains($0.quote) })
        written.network = network
        return written
    }
}
