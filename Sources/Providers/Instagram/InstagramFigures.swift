package import Agents
package import Integrations
internal import JSON
package import Social

/// The figures of posts, stories and reels of an account:
/// https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
extension Instagram: SocialMeasuring {
    /// Each post is a node of its own.
    package var postsAtOnce: Int { 1 }

    /// A story has answers where others have likes and comments, and a reel for how long it was watched.
    private static func metrics(of format: PostFormat) -> [String] {
        switch format {
        case .story: ["views", "reach", "replies", "shares"]
        case .reel:
            ["views", "reach", "likes", "comments", "shares", "saved", "ig_reels_video_view_total_time"]
        default: ["views", "reach", "likes", "comments", "shares", "saved"]
        }
    }

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        var found: [String: PostReading] = [:]
        for post in posts {
            do throws(ToolFailure) {
                let known = try await graph.insights(
                    Self.metrics(of: post.format), at: node(post.id, access), access, reach)
                var figures = PostFigures()
                (figures.impressions, figures.reach) = (known["views"], known["reach"])
                (figures.likes, figures.comments) = (known["likes"], known["comments"] ?? known["replies"])
                (figures.shares, figures.saves) = (known["shares"], known["saved"])
                // It is told in milliseconds.
                figures.watchSeconds = known["ig_reels_video_view_total_time"].map { $0 / 1000 }
                found[post.id] = .figures(figures)
            } catch {
                guard error.code == MetaGraph.gone else { throw error }
                found[post.id] = .gone
            }
        }
        return found
    }
}
