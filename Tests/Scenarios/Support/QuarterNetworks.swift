import JSON
import StandIns
import Testing

/// The six networks, as in a client's quarter: they keep what was said there.
final class QuarterNetworks {
    static let names = ["linkedin", "x", "tiktok", "facebook", "instagram", "youtube"]
    static let brands = ["Acme", "Beta"]

    private let linkedIn: LinkedInStandIn, x: XStandIn, tikTok: TikTokStandIn
    private let facebook: GraphPublishingStandIn, instagram: GraphPublishingStandIn
    private let youTube: YouTubeStandIn

    init() throws {
        (linkedIn, x, tikTok) = (try LinkedInStandIn(), try XStandIn(), try TikTokStandIn())
        (facebook, instagram) = (try GraphPublishingStandIn(), try GraphPublishingStandIn())
        youTube = try YouTubeStandIn()
        tikTok.upload(to: tikTok.service.url)
        // They are as quick as they can be: what they work on would be waited for by the clock.
        tikTok.work(looks: 0)
        youTube.work(looks: 0)
        for graph in [facebook, instagram] { graph.work(looks: 0) }
    }

    /// Connects two accounts of a client at each, whose figures nobody reads; by their names.
    func connect(_ agency: Agency, of client: String) throws -> [String: JSON] {
        var accounts: [String: JSON] = [:]
        for (network, web, credentials, settings) in ways {
            for brand in Self.brands {
                let account = try agency.connectNetwork(network, web.url, credentials, settings)
                let name = "\(brand) on \(network)"
                accounts[name] = try agency.owner.patch(
                    "/v1/social-accounts/\(account.id)",
                    ["name": .string(name), "client_id": .string(client), "readings": []]
                ).ok()
            }
        }
        return accounts
    }

    /// The connection of each of them.
    var ways: [(name: String, web: ServiceStandIn, credentials: JSON, settings: JSONObject)] {
        [
            (
                "linkedin", linkedIn.service, ["access_token": .string(linkedIn.token)],
                ["author": .string(linkedIn.author)]
            ), ("x", x.service, x.credentials, x.settings),
            ("tiktok", tikTok.service, tikTok.credentials, [:]),
            (
                "facebook", facebook.service, ["access_token": .string(facebook.token)],
                ["page_id": .string(facebook.page)]
            ),
            (
                "instagram", instagram.service,
                ["access_token": .string(instagram.token), "app_secret": "bureau-meta-app-secret"],
                ["ig_user_id": .string(instagram.account)]
            ), ("youtube", youTube.service, youTube.credentials, youTube.settings),
        ]
    }

    /// All words that stand at a network, the parts of threads among them, the oldest first.
    func said(at name: String) -> [String] {
        switch name {
        case "linkedin": linkedIn.posts.texts
        case "x": x.posts.map(\.text)
        // A film that was begun, and never sent, nobody sees.
        case "tiktok":
            tikTok.publications.filter { !$0.pictures.isEmpty || !$0.bytes.isEmpty }.map {
                $0.info["description"]?.text ?? $0.info["title"]?.text ?? ""
            }
        case "facebook": facebook.posts.texts
        case "instagram": instagram.posts.texts
        default: youTube.films.map { $0.about["snippet"]?["title"]?.text ?? "" }
        }
    }

    /// Returns the comments below the posts of a network that has comments of its own.
    func comments(at name: String) -> [String] {
        switch name {
        case "facebook": facebook.comments
        case "instagram": instagram.comments
        default: []
        }
    }

    /// The number of posts at all of them.
    var count: Int { Self.names.reduce(0) { $0 + said(at: $1).count } }
}
