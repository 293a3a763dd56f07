internal import Records

/// A network on which agencies publish for themselves and their clients.
package enum SocialNetwork: String, Choice {
    case instagram, linkedin, x, tiktok, facebook, youtube
}

/// The shape in which a post stands on its network.
package enum PostFormat: String, Choice {
    case post, thread, story, reel, short, video, carousel
}
