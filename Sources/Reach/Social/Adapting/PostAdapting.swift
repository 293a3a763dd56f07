internal import Records

extension LongPiece {
    /// Makes a post for a network that fits its rules: whole sentences in their order, with nothing but what the piece
    /// says. What a person has to see to, such as a film, is among the warnings. `isOne`: it becomes no thread.
    package func adapted(to network: SocialNetwork, isOne: Bool = false) -> AdaptedPost {
        var adapting = PostAdapting(self, to: network, isOne: isOne)
        return adapting.made()
    }
}

/// Fits a piece into a post.
private struct PostAdapting {
    /// The room for " (10/10)".
    private static let numberMax = 8
    /// The room for what tells that a sentence went on, in any way of counting.
    private static let ellipsisMax = 3

    private let rules: NetworkRules
    private let text: PieceText
    private let closing: String?
    private let isOne: Bool
    private var post: AdaptedPost

    init(_ piece: LongPiece, to network: SocialNetwork, isOne: Bool) {
        (rules, self.isOne) = (network.rules, isOne)
        text = PieceText(piece, on: rules)
        post = AdaptedPost(on: network)
        (post.format, post.media, post.hashtags) = (piece.format(on: network), piece.media, text.hashtags)
        let most = min(rules.adapting.hashtags, rules.hashtagsMax ?? .max) - text.hashtags.count
        post.hashtags += ChosenHashtags.chosen(from: text.sentences, max: most, known: text.hashtags)
        closing = text.closing(lengthMax: rules.textMax / 2)
    }

    /// The room for the text: a piece that stands elsewhere is told in short, one that stands nowhere whole.
    private var room: Int { closing == nil ? rules.textMax : min(rules.textMax, rules.adapting.length) }

    private func length(_ text: String) -> Int { rules.counting.length(of: text) }

    /// The line with the hashtags that the text does not have.
    private var tags: String {
        let new = post.hashtags.dropFirst(text.hashtags.count)
        return new.isEmpty ? "" : "\n\n" + new.joined(separator: " ")
    }

    private mutating func dropTags() { post.hashtags = text.hashtags }

    mutating func made() -> AdaptedPost {
        var packing = PiecePacking(text.sentences, rules.counting, room: room)
        let whole = packing.whole
        if length(whole) + length(tags) > room, length(whole) <= room { dropTags() }
        if length(whole) <= room {
            post.text = whole + tags
        } else if rules.formats.contains(.thread), !isOne {
            makeThread()
        } else {
            post.text = shortened(&packing, room: room - length(tags)) + tags
        }
        tell(leavesOut: text.leavesOut || packing.leavesOut)
        return post
    }

    /// As much as there is room for, and the end of it.
    private mutating func shortened(_ packing: inout PiecePacking, room: Int) -> String {
        let end = closing.map { "\n\n" + $0 } ?? ""
        let free = room - length(end) - Self.ellipsisMax
        var (text, isCut) = packing.next(room: free)
        if text.isEmpty {
            text = packing.words(room: free)
            isCut = !text.isEmpty
        }
        post.warn(
            "shortened", "\(rules.network.title) has no room for all of it: the last sentences are left out.")
        if isCut { text += "…" }
        guard let closing, !text.contains(closing) else { return text }
        return text.isEmpty ? closing : text + end
    }

    private mutating func makeThread() {
        let room = rules.textMax - Self.numberMax
        var packing = PiecePacking(text.sentences, rules.counting, room: room)
        var parts: [String] = []
        while !packing.isEmpty {
            var before = packing
            let (part, _) = packing.next(room: room)
            if parts.count == rules.adapting.partsMax - 1, !packing.isEmpty {
                parts.append(shortened(&before, room: room))
                break
            }
            parts.append(part)
        }
        guard let last = parts.last else { return }
        if length(last) + length(tags) <= room { parts[parts.count - 1] += tags } else { dropTags() }
        if parts.count > 1 {
            parts = parts.enumerated().map { "\($1) (\($0 + 1)/\(parts.count))" }
            post.format = .thread
        }
        (post.text, post.thread) = (parts[0], Array(parts.dropFirst()))
    }

    private mutating func tell(leavesOut: Bool) {
        let name = rules.network.title
        if leavesOut {
            post.warn(
                "left_out", "Places for values, and what \(name) does not take, were left out: read it over.")
        }
        if post.format == .story { post.warn("text_not_shown", "A story shows its picture, and no text.") }
        if !rules.adapting.hasLinks, text.link != nil {
            post.warn(
                "link_not_clickable", "Links in texts lead nowhere on \(name): put it into the profile.")
        }
        for fault in PostCheck(post.draft, on: rules.network).faults { post.warn(fault.code, fault.detail) }
    }
}
