package import Agents
package import Integrations
package import JSON
internal import Records
package import Social

/// The figures of posts on X: https://docs.x.com/x-api/fundamentals/metrics. Of a thread its first part is
/// asked for.
extension XNetwork: SocialMeasuring {
    /// The setting of an integration that says what it costs to read a thousand posts, in minor units.
    static let readPrice = "read_price"

    package var postsAtOnce: Int { 100 }

    /// Each post that is read is paid for: a third of what one that is said costs, unless the integration says.
    package func price(ofReading posts: Int, _ settings: JSONObject, call: Int64) -> Int64 {
        (settings[Self.readPrice]?.int.map { $0 * 1000 } ?? call / 3) * Int64(posts)
    }

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        let ids = posts.map(\.id.percentEncoded).joined(separator: ",")
        let answer = try await ask(
            get("/2/tweets?ids=\(ids)&tweet.fields=public_metrics,non_public_metrics", access), access, reach,
            isPartly: true)
        var found: [String: PostReading] = [:]
        for error in answer["errors"]?.array ?? [] {
            // Others are about a figure of a post, which lacks it then.
            guard error["type"]?.text?.hasSuffix("/resource-not-found") == true else { continue }
            if let id = (error["resource_id"] ?? error["value"])?.label { found[id] = .gone }
        }
        for post in answer["data"]?.array ?? [] {
            guard let id = post["id"]?.text else { continue }
            found[id] = .figures(Self.figures(of: post))
        }
        return found
    }

    private static func figures(of post: JSON) -> PostFigures {
        let (shown, own) = (post["public_metrics"], post["non_public_metrics"])
        func number(_ name: String) -> Int? { shown?[name]?.int.map { Int($0) } }
        var figures = PostFigures()
        figures.impressions = number("impression_count")
        figures.likes = number("like_count")
        figures.comments = number("reply_count")
        let parts = [number("retweet_count"), number("quote_count")].compactMap(\.self)
        figures.shares = parts.isEmpty ? nil : parts.reduce(0, +)
        figures.saves = number("bookmark_count")
        figures.clicks = own?["url_link_clicks"]?.int.map { Int($0) }
        return figures
    }
}
