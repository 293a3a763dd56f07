package import Agents
package import Integrations
internal import JSON
package import Social

/// The figures of films on TikTok, for which the creator's consent has `video.list`:
/// https://developers.tiktok.com/doc/tiktok-api-v2-video-query
extension TikTok: SocialMeasuring {
    package var postsAtOnce: Int { 20 }

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        // A post that only its creator sees has no number, and figures are not told by its publication's name.
        let ids = posts.map(\.id).filter { $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard !ids.isEmpty else {
            throw ToolFailure(
                "not_supported", "TikTok tells nothing about what is not public", isRetryable: false)
        }
        let data: JSON
        do throws(ToolFailure) {
            data = try await ask(
                "/v2/video/query/?fields=id,view_count,like_count,comment_count,share_count",
                ["filters": ["video_ids": JSON(ids)]], access, reach)
        } catch {
            // Nothing has changed by a question that was lost.
            var failure = error
            failure.isAmbiguous = false
            throw failure
        }
        guard let list = data["videos"]?.array else { throw wire.unreadable() }
        var found = Dictionary(uniqueKeysWithValues: Set(ids).map { ($0, PostReading.gone) })
        for film in list {
            guard let id = film["id"]?.label, found[id] != nil else { continue }
            func number(_ name: String) -> Int? { film[name]?.int.map { Int($0) } }
            var figures = PostFigures()
            (figures.impressions, figures.likes) = (number("view_count"), number("like_count"))
            (figures.comments, figures.shares) = (number("comment_count"), number("share_count"))
            found[id] = .figures(figures)
        }
        return found
    }
}
