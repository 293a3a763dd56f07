package import Agents
package import Integrations
internal import JSON
package import Social

/// The figures of a page's posts: https://developers.facebook.com/docs/graph-api/reference/insights
extension Facebook: SocialMeasuring {
    /// Each post is a node of its own.
    package var postsAtOnce: Int { 1 }

    private static let metrics = [
        "post_media_view", "post_total_media_view_unique", "post_reactions_by_type_total", "post_clicks",
    ]

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        var found: [String: PostReading] = [:]
        for post in posts {
            do throws(ToolFailure) {
                let node = node(post.id, access)
                let known = try await graph.insights(Self.metrics, at: node, access, reach)
                let said = try await graph.get(
                    node, "comments.limit(0).summary(total_count),shares", access, reach)
                var figures = PostFigures()
                figures.impressions = known["post_media_view"]
                figures.reach = known["post_total_media_view_unique"]
                figures.likes = known["post_reactions_by_type_total"]
                figures.clicks = known["post_clicks"]
                figures.comments = said["comments"]?["summary"]?["total_count"]?.int.map { Int($0) }
                figures.shares = said["shares"]?["count"]?.int.map { Int($0) }
                found[post.id] = .figures(figures)
            } catch {
                guard error.code == MetaGraph.gone else { throw error }
                found[post.id] = .gone
            }
        }
        return found
    }
}
