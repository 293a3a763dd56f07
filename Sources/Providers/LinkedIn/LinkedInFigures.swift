package import Agents
package import Integrations
internal import JSON
internal import Records
package import Social

/// The figures of an organization's posts on LinkedIn; of those of people it tells nothing:
/// https://learn.microsoft.com/linkedin/marketing/community-management/organizations/share-statistics
extension LinkedIn: SocialMeasuring {
    package var postsAtOnce: Int { 20 }

    /// The two kinds of posts, each asked for by a list of its own.
    private static let kinds = [
        (prefix: "urn:li:share:", list: "shares", member: "share"),
        (prefix: "urn:li:ugcPost:", list: "ugcPosts", member: "ugcPost"),
    ]

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        let author = author(access)
        guard author.hasPrefix("urn:li:organization") else {
            throw ToolFailure(
                "not_supported", "LinkedIn tells no figures of what people say in their own name",
                isRetryable: false)
        }
        var path =
            "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
            + "&organizationalEntity=\(author.percentEncoded)"
        for kind in Self.kinds {
            // The brackets of the list stand as they are; those within a name are escaped with it.
            let names = posts.map(\.id).filter { $0.hasPrefix(kind.prefix) }.map(\.percentEncoded)
            if !names.isEmpty { path += "&\(kind.list)=List(\(names.joined(separator: ",")))" }
        }
        let answer = try await ask(path, access, reach)
        guard let list = answer.body["elements"]?.array else { throw wire.unreadable }
        var found: [String: PostReading] = [:]
        for element in list {
            guard let id = Self.kinds.lazy.compactMap({ element[$0.member]?.text }).first,
                let total = element["totalShareStatistics"]
            else { continue }
            func number(_ name: String) -> Int? { total[name]?.int.map { Int($0) } }
            var figures = PostFigures()
            (figures.impressions, figures.reach) = (
                number("impressionCount"), number("uniqueImpressionsCount")
            )
            (figures.likes, figures.comments) = (number("likeCount"), number("commentCount"))
            (figures.shares, figures.clicks) = (number("shareCount"), number("clickCount"))
            found[id] = .figures(figures)
        }
        return found
    }
}
