internal import Records
internal import Social

// A post that follows what has done well at its account, with the words of the piece.

extension SocialPiece {
    /// Another way is taken where posts like it have brought so much more.
    private static let gainMin = 1.1

    /// Makes the post of a network out of the piece, in the shape, length and order that does best at the account. As
    /// long as too little is known, it is the post that everybody makes.
    func prepared(
        for network: SocialNetwork, _ special: NetworkSpecial, usual: [String: Int],
        following habits: LearnedHabits, films: FilmHabits? = nil
    ) -> PreparedPost {
        var post = prepared(for: network, special, usual: usual, following: habits)
        guard let films, let title = post.options["title"] else { return post }
        // The hook of a film is its title: a sentence of the piece that does better there stands in its place.
        if let better = films.better(than: title, among: FilmWords.titles(among: long().paragraphs.flatMap(\.self))) {
            post.options["title"] = better
        }
        return post
    }

    private func prepared(
        for network: SocialNetwork, _ special: NetworkSpecial, usual: [String: Int],
        following habits: LearnedHabits
    ) -> PreparedPost {
        var piece = self
        var wish = PostWish(lifts: habits)
        var best = piece.prepared(for: network, special, usual: usual, wish)
        guard habits.isLearned, best.refusal == nil else { return best }
        var value = habits.score(of: traits(of: best))
        func consider(_ other: SocialPiece, _ way: PostWish) {
            let post = other.prepared(for: network, special, usual: usual, way)
            guard post.refusal == nil, post.lacking.count <= best.lacking.count else { return }
            let score = habits.score(of: traits(of: post))
            guard score >= value + Self.gainMin.logarithm else { return }
            (piece, wish, best, value) = (other, way, post, score)
        }
        for shape in shapes(on: network) {
            var way = wish
            way.shape = shape
            consider(piece, way)
        }
        for length in [PostTraits.lengths.medium, PostTraits.lengths.short] {
            if let piece = shortened(to: length) { consider(piece, wish) }
        }
        // The hook of a film at YouTube is its title.
        if network != .youtube {
            for hook in [PostHook.question, .figure] {
                if let piece = piece.beginning(with: hook) { consider(piece, wish) }
            }
        }
        for count in [PostTraits.tagsFew, 0] {
            var way = wish
            way.hashtagsMax = count
            consider(piece, way)
        }
        return best
    }

    /// Returns the traits of a post of the piece, by which measured posts are compared.
    func traits(of post: PreparedPost) -> PostTraits {
        let words = ([post.text] + post.thread).joined(separator: "\n")
        let film = post.media.first.map { media[$0].probe }
        return PostTraits(
            post.format, post.text, hashtags: PostWords.hashtags(in: words),
            seconds: film?.isVideo == true ? film?.seconds : nil)
    }

    /// The other shapes that a network has for what the piece shows.
    private func shapes(on network: SocialNetwork) -> [PostWish.Shape] {
        switch network {
        case .instagram: [.single]
        // A piece without a link has no page to read on, so one post would leave out the rest.
        case .x: link == nil ? [] : [.single]
        case .facebook: [.film]
        // Of several films TikTok shows one.
        case .tiktok: media.indices.filter { media[$0].probe.isVideo }.map { .medium($0) }
        case .linkedin, .youtube: []
        }
    }

    /// The piece with as many of its first sentences as have room; `nil` where it does not stand whole elsewhere, or
    /// has no more.
    private func shortened(to length: Int) -> SocialPiece? {
        guard let link, body.count > length else { return nil }
        var kept = "", room = length - title.count - link.count - 8
        for sentence in long().paragraphs.flatMap(\.self) where !sentence.isEmpty {
            guard sentence.count < room else { break }
            kept += (kept.isEmpty ? "" : " ") + sentence
            room -= sentence.count + 1
        }
        guard !kept.isEmpty else { return nil }
        var piece = self
        piece.body = kept
        return piece
    }

    /// The piece with the first of its sentences in front that begins a post so; `nil` where there is none, or one
    /// stands there already.
    private func beginning(with hook: PostHook) -> SocialPiece? {
        guard PostHook(title) != hook else { return nil }
        for sentence in long().paragraphs.flatMap(\.self) where PostHook(sentence) == hook {
            guard let place = body.firstRange(of: sentence) else { continue }
            let rest = body[..<place.lowerBound] + body[place.upperBound...].drop { $0 == " " }
            var piece = self
            (piece.title, piece.body) = ("", "\(sentence)\n\n\(TextCleaning.trimmed(String(rest)))")
            return piece
        }
        return nil
    }
}

/// The wishes for a post, beside what its network asks for.
struct PostWish: Sendable {
    enum Shape: Sendable {
        /// One picture, or one text, instead of several.
        case single
        /// A film, instead of a reel.
        case film
        /// The medium in this place.
        case medium(Int)
    }

    var shape: Shape?
    var hashtagsMax: Int?
    /// The results of hashtags.
    var lifts: LearnedHabits
}
