import JSON
import StandIns

/// Social networks, each with one account at which posts stand until the stand-ins end.
struct SocialServices {
    let facebook: GraphPublishingStandIn, instagram: GraphPublishingStandIn, linkedIn: LinkedInStandIn
    let x: XStandIn, tikTok: TikTokStandIn, youTube: YouTubeStandIn

    init() throws {
        (facebook, instagram) = (try GraphPublishingStandIn(), try GraphPublishingStandIn())
        linkedIn = try LinkedInStandIn()
        (x, tikTok, youTube) = (try XStandIn(), try TikTokStandIn(), try YouTubeStandIn())
        // Films take a while, as they do there.
        x.workOnFilms(looks: 2)
        tikTok.work(looks: 3)
        youTube.work(looks: 3)
    }

    var all: [Service] {
        func service(
            _ network: String, _ web: ServiceStandIn, _ settings: JSONObject, _ credentials: JSON,
            alias: String? = nil
        ) -> Service {
            var settings = settings
            settings["base_url"] = .string(web.url)
            return Service(
                provider: network, capability: "social_publishing", settings: settings,
                credentials: credentials.object ?? [:], standIn: web, alias: alias)
        }
        return [
            service(
                "facebook", facebook.service, ["page_id": .string(facebook.page)],
                ["access_token": .string(facebook.token)]),
            // Its messages are another service's, which has the name.
            service(
                "instagram", instagram.service, ["ig_user_id": .string(instagram.account)],
                ["access_token": .string(instagram.token)], alias: "instagram_posts"),
            service(
                "linkedin", linkedIn.service, ["author": .string(linkedIn.author)],
                ["access_token": .string(linkedIn.token)]),
            service("x", x.service, x.settings, x.credentials),
            service("tiktok", tikTok.service, [:], tikTok.credentials),
            service("youtube", youTube.service, youTube.settings, youTube.credentials),
        ]
    }
}
