internal import Records
internal import Social

extension SocialPiece {
    /// Makes the post of a network out of the piece: its shape, its words, its hashtags, and what only a person does.
    /// `usual`: the hashtags of the accounts' own posts, with how many of a hundred have each.
    func prepared(
        for network: SocialNetwork, _ special: NetworkSpecial, usual: [String: Int], _ wish: PostWish
    ) -> PreparedPost {
        var post: PreparedPost
        switch network {
        case .instagram: post = preparedForInstagram(usual: usual, wish)
        case .linkedin: post = preparedForLinkedIn()
        case .x: post = adapted(to: .x, media: filmAlone, isOne: wish.shape != nil)
        case .tiktok:
            // Of several films it shows one.
            let films = media.indices.filter { media[$0].probe.isVideo }
            if case .medium(let place) = wish.shape {
                post = adapted(to: .tiktok, media: [place])
            } else {
                post = adapted(to: .tiktok, media: films.first.map { [$0] })
            }
        case .facebook: post = preparedForFacebook(wish)
        case .youtube: post = preparedForYouTube(usual: usual, wish)
        }
        if let most = wish.hashtagsMax { post.keepHashtags(most) }
        post.addTasks(of: self, special)
        post.check(media)
        return post
    }

    /// The place of the only film among the media; `nil`: there is none, or several.
    var soleFilm: [Int]? {
        let films = media.indices.filter { media[$0].probe.isVideo }
        return films.count == 1 ? films : nil
    }

    /// The only film of a piece that is one: pictures beside it are its covers, and most networks show a film alone.
    var filmAlone: [Int]? { shape == .film ? soleFilm : nil }

    /// The post as every network gets it, with these of the piece's media.
    func adapted(
        to network: SocialNetwork, media chosen: [Int]? = nil, isOne: Bool = false
    ) -> PreparedPost {
        let places = chosen ?? Array(media.indices)
        let adapted = long(places.map { media[$0] }).adapted(to: network, isOne: isOne)
        var post = PreparedPost(network: network)
        (post.format, post.text, post.thread) = (adapted.format, adapted.text, adapted.thread)
        (post.hashtags, post.media) = (adapted.hashtags, places)
        return post
    }
}

extension SocialPiece {
    /// Returns whether the piece speaks of what a challenge is about, as far as its hashtag says: of a rose
    /// for `#RoseChallenge`.
    func suits(_ challenge: String) -> Bool {
        func words(_ text: String) -> [Substring] {
            text.lowercased().split { !$0.isLetter && !$0.isNumber }
        }
        // A capital after another letter begins a word; one after a capital goes on with a word in capitals.
        var spaced = "", before: Character?
        for letter in challenge {
            if letter.isUppercase, before?.isUppercase == false { spaced += " " }
            spaced.append(letter)
            before = letter
        }
        let subjects = words(spaced.lowercased().replacing("challenge", with: " "))
        let said = words(title + " " + body)
        return subjects.isEmpty
            || subjects.contains { subject in said.contains { Self.isSame(subject, $0) } }
    }

    /// Returns whether two words are of one subject, as a plural is: the longer one goes on by two letters at
    /// most.
    private static func isSame(_ one: Substring, _ other: Substring) -> Bool {
        let (short, long) = one.count < other.count ? (one, other) : (other, one)
        return one == other || short.count >= 4 && long.count - short.count <= 2 && long.hasPrefix(short)
    }
}

extension PreparedPost {
    /// Adds what the network's interface does not offer: people do it, and nothing here.
    fileprivate mutating func addTasks(of piece: SocialPiece, _ special: NetworkSpecial) {
        switch network {
        case .instagram:
            if special.addsStickers, format == .story { handWork = .stickers }
            if special.picksSounds, format == .reel { handWork = .sound }
            if special.tagsProducts, format != .story { tasks.append(HandTask(kind: .productTags)) }
        case .x where special.hostsSpaces && piece.isLaunch: tasks.append(HandTask(kind: .space))
        case .tiktok:
            if special.picksSounds, format == .video { handWork = .sound }
            tasks += special.challenges.filter(piece.suits).map { HandTask(kind: .challenge, place: $0) }
        case .facebook:
            tasks += special.groups.map { HandTask(kind: .group, place: $0) }
            if special.makesEvents, piece.isLaunch, piece.plannedAt != nil {
                tasks.append(HandTask(kind: .event))
            }
        default: break
        }
    }

    /// Looks whether the network takes it. What a person has to choose does not stand in the way of being planned.
    fileprivate mutating func check(_ known: [SocialPiece.Medium]) {
        guard handWork == nil else { return }
        for places in [media] + frames.map({ [$0] }) {
            var draft = self.draft
            draft.media = places.map { PostDraft.Medium(altText: known[$0].altText, probe: known[$0].probe) }
            for fault in PostCheck(draft, on: network).faults {
                let isForPerson = fault.pointer.hasPrefix("/options/") || fault.code == "alt_text_required"
                if !isForPerson {
                    refusal = refusal ?? fault.code
                } else if places == media || !lacking.contains(fault.code) {
                    lacking.append(fault.code)
                }
            }
        }
    }
}
