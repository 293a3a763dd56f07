import JSON
import StandIns

/// Social networks, each with one account at which posts stand until the stand-ins end.
struct SocialServices {
    let facebook: GraphPublishingStandIn, linkedIn: LinkedInStandIn
    let x: XStandIn, tikTok: TikTokStandIn, youTube: YouTubeStandIn

    init() throws {
        (facebook, linkedIn) = (try GraphPublishingStandIn(), try LinkedInStandIn())
        (x, tikTok, youTube) = (try XStandIn(), try TikTokStandIn(), try YouTubeStandIn())
        // Films take a while, as they do there.
        x.workOnFilms(looks: 2)
        tikTok.work(looks: 3)
        youTube.work(looks: 3)
    }

    var all: [Service] {
        func service(
            _ network: String, _ url: String, _ settings: JSONObject, _ credentials: JSON
        ) -> Service {
            var settings = settings
            settings["base_url"] = .string(url)
            return Service(
                provider: network, capability: "social_publishing", settings: settings,
                credentials: credentials.object ?? [:])
        }
        return [
            service(
                "facebook", facebook.service.url, ["page_id": .string(facebook.page)],
                ["access_token": .string(facebook.token)]),
            service(
                "linkedin", linkedIn.service.url, ["author": .string(linkedIn.author)],
                ["access_token": .string(linkedIn.token)]),
            service("x", x.service.url, x.settings, x.credentials),
            service("tiktok", tikTok.service.url, [:], tikTok.credentials),
            service("youtube", youTube.service.url, youTube.settings, youTube.credentials),
        ]
    }
}
