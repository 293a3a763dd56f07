internal import Records
internal import Social

// Instagram and Facebook: which shape the pictures and films of a piece ask for.

extension SocialPiece {
    /// The narrowest picture that stands in the feed; what is narrower fills a screen.
    private static let feedRatioMin = 0.8

    /// A story for a picture that fills a screen, a reel for a film, a carousel for several, else a post. Pictures that
    /// the format does not take stay out where others remain. Of a piece that is a story, each medium is one.
    func preparedForInstagram(usual: [String: Int], _ wish: PostWish) -> PreparedPost {
        let places = Array(media.indices)
        var format = PostFormat.post, chosen = places, frames: [Int] = []
        if wish.shape != nil, shape != .story, media.first?.probe.isImage == true {
            chosen = Array(places.prefix(1))
        } else if shape == .story || isTall(places) {
            let good = fitting(places, .story, on: .instagram)
            (format, chosen) = (.story, Array((good.isEmpty ? places : good).prefix(1)))
            frames = Array(good.dropFirst())
        } else if places.count == 1, media[0].probe.isVideo {
            format = .reel
        } else if places.count > 1 {
            let most = max(SocialNetwork.instagram.rules.imagesMax, 1)
            chosen = Array(fitting(places, .carousel, on: .instagram).prefix(most))
            format =
                chosen.count > 1
                ? .carousel : chosen.first.map { media[$0].probe.isVideo } == true ? .reel : .post
        }
        var post = adapted(to: .instagram, media: chosen)
        (post.format, post.frames) = (format, frames)
        guard format != .story else { return post }
        post.addHashtags(HashtagChoice.fitting(self, usual, besides: post.hashtags, wish.lifts))
        return post
    }

    private func isTall(_ places: [Int]) -> Bool {
        guard places.count == 1, media[0].probe.isImage, let ratio = media[0].probe.ratio else {
            return false
        }
        return ratio < Self.feedRatioMin - 0.005
    }

    /// Returns the media that a network takes in a format.
    private func fitting(_ places: [Int], _ format: PostFormat, on network: SocialNetwork) -> [Int] {
        places.filter { place in
            var draft = PostDraft()
            (draft.text, draft.format) = ("x", format)
            let medium = PostDraft.Medium(altText: media[place].altText, probe: media[place].probe)
            draft.media = [medium, medium]
            return !PostCheck(draft, on: network).faults.contains { fault in
                fault.pointer.hasPrefix("/media/0/file_id")
            }
        }
    }

    /// A reel for a short, upright film; what is longer or wider is a film.
    func preparedForFacebook(_ wish: PostWish) -> PreparedPost {
        var post = adapted(to: .facebook, media: filmAlone)
        guard post.media.count == 1, let probe = post.media.first.map({ media[$0].probe }), probe.isVideo
        else { return post }
        let isReel = SocialNetwork.facebook.rules.films(of: .reel)?.areMet(by: probe) == true
        post.format = isReel && wish.shape == nil ? .reel : .video
        return post
    }
}

extension NetworkRules.VideoRules {
    /// Returns whether a film lasts as long, and has the shape, as these rules say.
    func areMet(by probe: MediaProbe) -> Bool {
        guard let length = probe.seconds, let shape = probe.ratio else { return false }
        return seconds?.contains(length) == true && ratio?.contains(shape) == true
    }
}

extension PreparedPost {
    /// Adds hashtags below the text, as many as the network advises and has room for.
    mutating func addHashtags(_ new: [String]) {
        let rules = network.rules
        for tag in new where hashtags.count < min(rules.adapting.hashtags, rules.hashtagsMax ?? .max) {
            let hasLine = text.split(separator: "\n").last?.hasPrefix("#") == true
            let longer = text + (text.isEmpty ? "" : hasLine ? " " : "\n\n") + tag
            guard rules.counting.length(of: longer) <= rules.textMax else { continue }
            text = longer
            hashtags.append(tag)
        }
    }

    /// Leaves out the last of the hashtags that stand below the text, so that so many remain in all.
    mutating func keepHashtags(_ most: Int) {
        while Hashtags.count(in: text) > most, let last = text.split(separator: "\n").last,
            last.split(separator: " ").allSatisfy({ $0.hasPrefix("#") }),
            let tag = last.split(separator: " ").last
        {
            text = TextCleaning.trimmed(String(text.dropLast(tag.count)))
            hashtags.removeAll { $0 == tag }
        }
    }
}

/// Chooses among the hashtags of an account's own posts.
enum HashtagChoice {
    /// Of a hundred posts: whoever has a hashtag so often means all of what they say.
    private static let houseShare = 50

    /// A hashtag whose posts do so much worse than others is left out.
    private static let liftMin = 0.9

    /// A hashtag with how well posts under it have done.
    private struct Ranked {
        let tag: String, share: Int, lift: Double, reach: Double

        func comes(before other: Ranked) -> Bool {
            if lift != other.lift { return lift > other.lift }
            if reach != other.reach { return reach > other.reach }
            return share == other.share ? tag < other.tag : share > other.share
        }
    }

    /// Returns those that the piece speaks of, and those of most posts: the ones that have done best first, then those
    /// that reach most people, then the most used.
    static func fitting(
        _ piece: SocialPiece, _ usual: [String: Int], besides known: [String], _ lifts: LearnedHabits
    ) -> [String] {
        let taken = Set(known.map { $0.lowercased() })
        let said = spoken(piece.title + " " + piece.body)
        let fit = usual.filter { tag, share in
            !taken.contains(tag.lowercased())
                && (share >= houseShare || said.contains(tag.dropFirst().lowercased()))
        }
        let ranked: [Ranked] = fit.map { tag, share in
            let habit = lifts.habit(ofHashtag: tag)
            return Ranked(tag: tag, share: share, lift: habit?.lift ?? 1, reach: habit?.reach ?? 0)
        }
        return ranked.filter { $0.lift >= liftMin }.sorted { $0.comes(before: $1) }.map(\.tag)
    }

    /// The words of a text, and each two that follow one another, as a hashtag writes them.
    private static func spoken(_ text: String) -> Set<String> {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.prefix(5000)
        var found = Set(words.map(String.init))
        for (first, second) in zip(words, words.dropFirst()) { found.insert(String(first + second)) }
        return found
    }
}
