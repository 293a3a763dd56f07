internal import JSON
internal import Records
internal import Social

/// The wishes of an agency about one network, beside the pace of all of them.
struct NetworkSpecial: Sendable, Equatable {
    /// Instagram: products are tagged by a person once a picture stands.
    var tagsProducts = false
    /// Instagram: stories stand with stickers, music or a poll, which its app alone has.
    var addsStickers = false
    /// X: whatever begins is talked about live.
    var hostsSpaces = false
    /// TikTok and reels: films stand with a sound of the network's own, which its app alone has.
    var picksSounds = false
    /// TikTok: the challenges that are taken part in, by their hashtags.
    var challenges: [String] = []
    /// Facebook: the groups in which people tell of what is new.
    var groups: [String] = []
    /// Facebook: whatever begins is an event.
    var makesEvents = false

    var json: JSON {
        [
            "tags_products": .bool(tagsProducts), "hosts_spaces": .bool(hostsSpaces),
            "picks_sounds": .bool(picksSounds), "challenges": JSON(challenges), "groups": JSON(groups),
            "makes_events": .bool(makesEvents), "adds_stickers": .bool(addsStickers),
        ]
    }

    init() {}

    init(json: JSON) {
        func isSet(_ name: String) -> Bool { json[name] == true }
        func list(_ name: String) -> [String] { json[name]?.array?.compactMap(\.text) ?? [] }
        (tagsProducts, hostsSpaces) = (isSet("tags_products"), isSet("hosts_spaces"))
        (picksSounds, makesEvents) = (isSet("picks_sounds"), isSet("makes_events"))
        addsStickers = isSet("adds_stickers")
        (challenges, groups) = (list("challenges"), list("groups"))
    }
}

/// A post as the agent of its network has prepared it.
struct PreparedPost: Sendable {
    let network: SocialNetwork
    var format = PostFormat.post
    var text = ""
    var thread: [String] = []
    var hashtags: [String] = []
    /// The places of its pictures and films among those of the piece.
    var media: [Int] = []
    /// The places of what follows in posts of its own, one after the other: a story shows one picture, or one film.
    var frames: [Int] = []
    var options: [String: String] = [:]
    var handWork: HandWork?
    /// The codes of what a person still has to choose.
    var lacking: [String] = []
    /// Why the network does not take it; `nil`: it does.
    var refusal: String?
    /// The things that people are asked to do beside it.
    var tasks: [HandTask] = []

    var draft: PostDraft {
        var draft = PostDraft()
        (draft.text, draft.format, draft.thread, draft.options) = (text, format, thread, options)
        return draft
    }
}

/// Something that a person is asked to do on a network.
struct HandTask: Sendable, Equatable {
    let kind: HandWork
    /// Where it is done, such as the name of a group.
    var place = ""
}
