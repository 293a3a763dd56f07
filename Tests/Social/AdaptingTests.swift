import Records
import TestRandomness
import Testing

@testable import Social

/// Pieces of any length become posts that every network takes, in their own words.
@Suite struct AdaptingTests {
    private func piece(_ body: String, title: String = "Spring pruning", link: String? = nil) -> LongPiece {
        var piece = LongPiece()
        (piece.title, piece.body, piece.link) = (title, body, link)
        return piece
    }

    private let roses =
        String(repeating: "Pruning in March keeps 12 kinds of roses healthy. ", count: 30)
        + "Read more at https://acme.example/roses."

    /// Tells what a network refuses, but for what a person has yet to add.
    private func faults(_ post: AdaptedPost) -> [String] {
        PostCheck(post.draft, on: post.network).faults.map { "\($0.pointer) \($0.code)" }
            .filter { $0 != "/media media_required" && $0 != "/options/privacy_level required" }
    }

    @Test func `a short piece stays as it is`() {
        let post = piece("We report **by the hour** now, [here](https://acme.example).").adapted(
            to: .linkedin)
        #expect(post.text == "Spring pruning\n\nWe report by the hour now, here (https://acme.example).")
        #expect(post.format == .post)
        #expect(post.thread.isEmpty && post.hashtags.isEmpty && post.warnings.isEmpty)
    }

    @Test func `a number at the end of a sentence ends it where no ordinals are written so`() {
        func sentences(_ text: String) -> [String] { piece(text).paragraphs.flatMap(\.self) }
        #expect(
            sentences("The roses pay for themselves in month 1. Then they bloom all year round.")
                == ["The roses pay for themselves in month 1.", "Then they bloom all year round."])
        let german = "Wir öffnen am 1. Mai unsere Türen. Kommen Sie gerne vorbei."
        #expect(
            sentences(german) == ["Wir öffnen am 1. Mai unsere Türen.", "Kommen Sie gerne vorbei."])
        #expect(sentences("1. Cut the roses in spring, when the frost is over.").count == 1)
        #expect(sentences("See No. 4. 5 of them were cut by the gardener.").count == 1)
    }

    @Test func `what is too long for one post of X becomes a thread, each part whole sentences and numbered`()
    {
        let post = piece(roses).adapted(to: .x)
        #expect(post.format == .thread)
        let parts = [post.text] + post.thread
        #expect(parts.count <= 10)
        for (index, part) in parts.enumerated() {
            #expect(part.hasSuffix(" (\(index + 1)/\(parts.count))"))
            #expect(TextCounting.weighted.length(of: part) <= 280)
            let words = part.dropLast(" (1/1)".count)
            #expect(words.hasSuffix(".") || words.contains("\n\n#"), "\(part)")
        }
        #expect(parts.joined().contains("https://acme.example/roses."))
        #expect(faults(post).isEmpty)
    }

    @Test func `what no thread has room for ends with its link, and says so`() {
        let long = String(repeating: roses + "\n\n", count: 20)
        let post = piece(long).adapted(to: .x)
        #expect(post.thread.count == 9)
        #expect(post.thread.last?.contains("Read more at https://acme.example/roses.") == true)
        #expect(post.warnings.map(\.code) == ["shortened"])
        let linkedin = piece(long, link: "https://acme.example/all").adapted(to: .linkedin)
        #expect(linkedin.text.contains("https://acme.example/all"))
        #expect(linkedin.warnings.map(\.code) == ["shortened"])
        #expect(faults(linkedin).isEmpty && faults(post).isEmpty)
        // Nothing tells where the rest of it is.
        let whole = String(repeating: "We cut roses in spring. ", count: 1000)
        #expect(piece(whole).adapted(to: .facebook).text.utf16.count > 20_000)
    }

    @Test func `a post starts with its words and ends without the heading of what was left out`() {
        let first = String(repeating: "Roses need sun. ", count: 184) + "Yes."
        let body =
            "# Spring pruning\n\n\(first)\n\n## Water\n\n" + String(repeating: "Water them. ", count: 60)
        let text = piece(body).adapted(to: .linkedin).text
        #expect(text.hasPrefix("Spring pruning\n\nRoses need sun."))
        #expect(text.contains("sun. Yes.") && !text.contains("\n\nWater"))
    }

    @Test func `marks that nobody sees are left out`() {
        let post = piece("We cut ro\u{200B}ses, and \u{2067}say so\u{2069}.").adapted(to: .linkedin)
        #expect(post.text.contains("We cut roses, and say so.") && faults(post).isEmpty)
    }

    @Test func `a number, a link, an emoji and a word are never cut`() {
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
        let amount = "1 234 567 €"
        let body = String(repeating: "\(amount) \(family) https://acme.example/a?b=1#c and", count: 40)
        let post = piece(body, title: "").adapted(to: .x)
        for part in [post.text] + post.thread {
            #expect(!part.hasPrefix("234") && !part.hasPrefix("567") && !part.hasPrefix("€"))
            #expect(!part.contains("\u{FFFD}") && !part.hasPrefix("\u{200D}"))
        }
        #expect(faults(post).isEmpty)
        let run = piece(String(repeating: family, count: 400), title: "").adapted(to: .x)
        #expect(([run.text] + run.thread).allSatisfy { $0.contains(family) })
        #expect(faults(run).isEmpty)
    }

    @Test func `scripts without spaces are cut where they may be`() {
        let body = String(repeating: "薔薇は三月に剪定すると、12種類とも健康に育ちます。", count: 40)
        let post = piece(body, title: "").adapted(to: .x)
        #expect(post.thread.count > 3)
        #expect(post.thread.dropLast().allSatisfy { $0.contains("。 (") })
        #expect(faults(post).isEmpty)
        let endless = piece(String(repeating: "薔薇は三月に、", count: 400), title: "").adapted(to: .x)
        #expect(endless.thread.count == 9)
        #expect(endless.thread.allSatisfy { !$0.hasPrefix("、") })
    }

    @Test func `what nobody should read is left out`() {
        let letters = String(repeating: "x", count: 10_000)
        let body = "Hello {{ lead.company }}. We cut roses. \(letters) is no word. {% if a %}No.{% endif %}"
        for network in SocialNetwork.allCases where network != .facebook {
            let post = piece(body).adapted(to: network)
            #expect(!post.text.contains("{") && !post.text.contains("xx"))
            #expect(post.text.contains("We cut roses."))
            #expect(post.warnings.map(\.code).contains("left_out"))
            #expect(faults(post).isEmpty)
        }
    }

    @Test func `hashtags are words that the piece says more than once, in camel case`() {
        let body =
            "Garden care is work. Our garden care takes care of roses. Roses and sun, #OldGarden roses."
        let post = piece(body, title: "Garden care").adapted(to: .instagram)
        #expect(post.hashtags.first == "#OldGarden")
        #expect(post.hashtags.contains("#GardenCare"))
        #expect(post.hashtags.contains { $0.lowercased() == "#roses" })
        #expect(post.text.hasSuffix(post.hashtags.dropFirst().joined(separator: " ")))
        #expect(post.hashtags.allSatisfy { !$0.contains { $0.isNumber } })
    }

    @Test func `more hashtags than a network takes stay as words`() {
        let body = (1...40).map { "#tag\($0)" }.joined(separator: " ")
        let post = piece(body, title: "").adapted(to: .instagram)
        #expect(post.hashtags.count == 30)
        #expect(post.text.contains("#tag30 tag31"))
        #expect(faults(post).isEmpty)
    }

    @Test func `a piece stands in the format of its kind, and says what it lacks`() {
        var film = piece("How to cut roses.")
        film.shape = .film
        #expect(film.networks.first == .youtube)
        let formats = SocialNetwork.allCases.map { film.adapted(to: $0).format }
        #expect(formats == [.reel, .video, .post, .video, .video, .video])
        #expect(film.adapted(to: .youtube).warnings.map(\.code) == ["media_required"])
        #expect(film.adapted(to: .tiktok).warnings.map(\.code) == ["media_required", "required"])
        var story = piece("Look: https://acme.example")
        story.shape = .story
        let codes = Set(story.adapted(to: .instagram).warnings.map(\.code))
        #expect(codes == ["text_not_shown", "link_not_clickable", "media_required"])
        #expect(piece("Words.").networks == [.linkedin, .facebook, .x])
    }

    @Test func `what is as long as a piece may be is made at once`() {
        let body = String(String(repeating: roses, count: 100).prefix(100_000))
        for text in [body, body.filter { $0 != "." }, body.filter { $0 != " " }] {
            for network in SocialNetwork.allCases {
                #expect(faults(piece(text).adapted(to: network)).isEmpty)
            }
        }
    }

    @Test(arguments: 0..<40)
    func `whatever is written fits each network, in words that were written`(seed: Int) {
        var random = SeededGenerator(UInt64(seed))
        let body = WrittenPiece(&random).body
        let piece = piece(body, link: seed % 3 == 0 ? "https://acme.example/whole?of=it" : nil)
        let source = (piece.title + "\n" + body + "\n" + (piece.link ?? ""))
        let known = Set(source.split(whereSeparator: \.isWhitespace).map(Self.bare))
        for network in SocialNetwork.allCases {
            let post = piece.adapted(to: network)
            #expect(faults(post).isEmpty, "\(network)")
            let chosen = Set(post.hashtags)
            for (index, part) in ([post.text] + post.thread).enumerated() {
                let number = "(\(index + 1)/\(post.thread.count + 1))"
                for word in part.split(whereSeparator: \.isWhitespace) {
                    let bare = Self.bare(word)
                    let isOurs = chosen.contains(String(word)) || word == number || bare.isEmpty
                    let isCut = word.contains { !$0.isASCII } && source.contains(bare)
                    #expect(isOurs || known.contains(bare) || isCut, "\(network): \(word)")
                }
            }
            for tag in chosen {
                let letters = source.lowercased().filter { $0.isLetter || $0.isNumber }
                #expect(letters.contains(tag.dropFirst().lowercased()), "\(network): \(tag)")
            }
            if let link = piece.link { #expect(([post.text] + post.thread).joined().contains(link)) }
        }
    }

    private static func bare(_ word: Substring) -> String {
        var bare = word
        while let last = bare.last, "….,:;!?)*".contains(last) { bare.removeLast() }
        return String(bare.drop { "•–(*#".contains($0) })
    }
}

/// A piece as people write it, and as nobody should.
private struct WrittenPiece {
    private static let words = [
        "roses", "garden", "care", "takes", "March", "pruning", "the", "and", "of", "12", "1.5", "3,000",
        "24%",
        "https://acme.example/a?b=1", "acme.example", "#Roses", "😀", "👨‍👩‍👧‍👦", "e.g.", "Dr.", "naïve",
        "e\u{301}te\u{301}", "薔薇は三月に剪定する。", "장미", "don’t", "(really)", "**bold**", "<b>", "@acme",
    ]
    let body: String

    init(_ random: inout SeededGenerator) {
        var blocks: [String] = []
        for _ in 0..<random.below(30) {
            switch random.below(12) {
            case 0: blocks.append("## " + Self.sentence(&random, 4))
            case 1:
                blocks.append((0..<4).map { _ in "- " + Self.sentence(&random, 8) }.joined(separator: "\n"))
            case 2: blocks.append(String(repeating: "long", count: random.below(400)))
            case 3: blocks.append(Self.sentence(&random, 400))
            case 4: blocks.append("Dear {{ lead.name }}, " + Self.sentence(&random, 5))
            default:
                blocks.append(
                    (0...random.below(9)).map { _ in Self.sentence(&random, 20) }.joined(separator: " "))
            }
        }
        body = blocks.joined(separator: "\n\n")
    }

    private static func sentence(_ random: inout SeededGenerator, _ most: Int) -> String {
        let count = 1 + random.below(most)
        return (0..<count).map { _ in words[random.below(words.count)] }.joined(separator: " ") + "."
    }
}
