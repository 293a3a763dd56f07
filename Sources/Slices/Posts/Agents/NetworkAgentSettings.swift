internal import Agents
internal import JSON
internal import Records
internal import Social

struct InstagramSettings: NetworkSettings {
    var special = NetworkSpecial()

    init() {}

    static let schema = Schema<InstagramSettings>(
        "InstagramSettings",
        [
            .boolean(
                "tags_products", \.special.tagsProducts, .standard(false),
                .about("Whether a person is asked to tag the products in each picture that stands.")),
            .boolean(
                "adds_stickers", \.special.addsStickers, .standard(false),
                .about("Whether people publish stories in the app, with stickers, music or a poll.")),
            .boolean(
                "picks_sounds", \.special.picksSounds, .standard(false),
                .about("Whether people publish reels in the app, with a sound that is popular there.")),
        ])
}

struct LinkedInSettings: NetworkSettings {
    var draftsPerWeek = 1

    init() {}

    static let schema = Schema<LinkedInSettings>(
        "LinkedInSettings",
        [
            .integer(
                "drafts_per_week", \.draftsPerWeek, in: 0...7, .standard(1),
                .about("How many drafts it makes in a week out of articles and case studies."))
        ])
}

struct TwitterSettings: NetworkSettings {
    var special = NetworkSpecial()
    var draftsPerWeek = 0
    var trendsPerDay = 1

    init() {}

    static let schema = Schema<TwitterSettings>(
        "TwitterSettings",
        [
            .integer(
                "drafts_per_week", \.draftsPerWeek, in: 0...7, .standard(0),
                .about("How many drafts it makes in a week about what moves the market.")),
            .integer(
                "trends_per_day", \.trendsPerDay, in: 0...5, .standard(1),
                .about(
                    "How many drafts it makes in a day about what people speak of, where an account reads trends.")),
            .boolean(
                "hosts_spaces", \.special.hostsSpaces, .standard(false),
                .about("Whether a person is asked to hold a Space about what begins.")),
        ])
}

struct TikTokSettings: NetworkSettings {
    var special = NetworkSpecial()

    init() {}

    static let schema = Schema<TikTokSettings>(
        "TikTokSettings",
        [
            .boolean(
                "picks_sounds", \.special.picksSounds, .standard(false),
                .about("Whether people publish films in the app, with a sound that is popular there.")),
            .texts(
                "challenges", \.special.challenges, max: 5, length: 100,
                .about("The challenges in which the agency takes part, by their hashtags.")),
        ])
}

struct FacebookSettings: NetworkSettings {
    var special = NetworkSpecial()

    init() {}

    static let schema = Schema<FacebookSettings>(
        "FacebookSettings",
        [
            .texts(
                "groups", \.special.groups, max: 5, length: 200,
                .about("The groups in which people tell of what is published.")),
            .boolean(
                "makes_events", \.special.makesEvents, .standard(false),
                .about("Whether a person is asked to make an event of what begins on a day.")),
        ])
}

struct YouTubeSettings: NetworkSettings {
    init() {}

    static let schema = Schema<YouTubeSettings>("YouTubeSettings", [])
}

extension NetworkAgents {
    /// The six, each with what it leaves to people.
    init(_ dependencies: PieceDependencies) {
        self.init(all: [
            NetworkAgent(
                "instagram_agent", .instagram, InstagramSettings.self, cron: "0 6 * * 1",
                cannot: [
                    "It tags no products: it asks a person to.",
                    "It adds no stickers, music or polls: people publish what is to have some.",
                ], dependencies),
            NetworkAgent(
                "linkedin_agent", .linkedin, LinkedInSettings.self, cron: "10 6 * * 1", writes: true,
                cannot: [
                    "It asks nobody to connect, and says nothing that the agency has not published.",
                    "Its drafts are reviewed by people before they are planned.",
                ], dependencies),
            NetworkAgent(
                "twitter_agent", .x, TwitterSettings.self, cron: "20 6 * * 1", writes: true,
                cannot: [
                    "It answers nobody by itself: what it writes about a topic is a draft.",
                    "It opens no Spaces: it asks a person to.",
                ], dependencies),
            NetworkAgent(
                "tiktok_agent", .tiktok, TikTokSettings.self, cron: "30 6 * * 1",
                cannot: [
                    "It chooses no sounds, and not who may see a film: people do.",
                    "It films nothing: for challenges it asks a person to.",
                ], dependencies),
            NetworkAgent(
                "facebook_agent", .facebook, FacebookSettings.self, cron: "40 6 * * 1",
                cannot: ["It posts in no groups and makes no events: it asks a person to."], dependencies),
            NetworkAgent(
                "youtube_agent", .youtube, YouTubeSettings.self, cron: "50 6 * * 1",
                cannot: ["It cuts no films, and makes up no chapters: those of the script count."],
                dependencies),
        ])
    }
}
