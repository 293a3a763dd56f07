package import Agents
package import Integrations
internal import JSON
internal import Records
package import Social
package import Telemetry

/// Publishes at Instagram: a container is made, for which the network fetches pictures and films; once that
/// is finished, it is published: https://developers.facebook.com/docs/instagram-platform/content-publishing
extension Instagram {
    enum Act: Equatable { case shop, child(Int), container, await, quota, publish, address, comment }

    /// The most times that a container is built which the network could not read.
    private static let containersMax = 3
    private static let skew: Duration = .seconds(120)

    /// Returns what comes next; `nil`: all of it stands.
    func next(_ post: OutgoingPost, _ progress: PostProgress) -> Act? {
        let notes = progress.notes
        if progress.standing.isEmpty {
            // A container lives no longer than the day that may have to be waited for.
            if notes["quota"] == nil { return .quota }
            if notes["container"] == nil {
                let tags = post.media.contains { !$0.products.isEmpty }
                if tags, notes["shop"] == nil { return .shop }
                let children = post.media.count > 1 ? post.media.indices : 0..<0
                return children.first { notes["child\($0)"] == nil }.map { .child($0) } ?? .container
            }
            return notes["finished"] == nil ? .await : .publish
        }
        if progress.url == nil { return .address }
        let isOver = post.firstComment?.isEmpty ?? true || notes["comment"] != nil
        return isOver ? nil : .comment
    }

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        let act = next(post, progress)
        return act != .publish && act != .comment
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        guard let act = next(post, progress) else { return .published(progress) }
        var progress = progress
        var pause: Duration = .zero
        switch act {
        case .shop:
            // An account that may not tag is told so by no error: its tags are not shown.
            let mayTag = try await tagsProducts(access, reach)
            progress.notes["shop"] = "\(mayTag)"
            if !mayTag { progress.notes[PostProgress.untagged] = "true" }
        case .child(let index):
            var fields = media(post.media[index], in: post, progress)
            fields.append(("is_carousel_item", "true"))
            progress.notes["child\(index)"] = try await id(
                place("media", access), fields, access, reach, isSilent: true)
        case .container:
            let fields = container(post, progress)
            progress.notes["container"] = try await id(
                place("media", access), fields, access, reach, isSilent: true)
        case .await: pause = try await awaitContainer(post, &progress, access, reach)
        case .quota: try await checkQuota(&progress, access, reach)
        case .publish:
            let fields = [("creation_id", progress.notes["container"] ?? "")]
            progress.standing = [try await id(place("media_publish", access), fields, access, reach)]
        case .address:
            let known = try await graph.get(node(progress.standing[0], access), "id,permalink", access, reach)
            progress.url = known["permalink"]?.words ?? "https://www.instagram.com/"
        case .comment:
            let fields = [("message", post.firstComment ?? "")]
            let address = "\(node(progress.standing[0], access))/comments"
            progress.notes["comment"] = try await id(address, fields, access, reach)
        }
        return next(post, progress) == nil ? .published(progress) : .next(progress, after: pause)
    }

    // MARK: Containers

    private func container(_ post: OutgoingPost, _ progress: PostProgress) -> [(String, String)] {
        let caption = ("caption", post.parts.first ?? "")
        guard post.media.count > 1 else {
            return post.media.first.map { media($0, in: post, progress) + [caption] } ?? [caption]
        }
        let children = post.media.indices.compactMap { progress.notes["child\($0)"] }
        return [("media_type", "CAROUSEL"), ("children", children.joined(separator: ",")), caption]
    }

    private func media(
        _ medium: OutgoingPost.Medium, in post: OutgoingPost, _ progress: PostProgress
    ) -> [(String, String)] {
        var fields: [(String, String)] = []
        if post.format == .story {
            fields.append(("media_type", "STORIES"))
        } else if medium.probe.isVideo {
            fields.append(("media_type", post.media.count > 1 ? "VIDEO" : "REELS"))
        }
        fields.append((medium.probe.isVideo ? "video_url" : "image_url", medium.url))
        if !medium.altText.isEmpty, !medium.probe.isVideo { fields.append(("alt_text", medium.altText)) }
        if !medium.products.isEmpty, progress.notes["shop"] == "true" {
            fields.append(("product_tags", JSON.array(medium.products.map(\.json)).serialized))
        }
        return fields
    }

    /// Looks whether the network has fetched and read all, and returns when to look again.
    private func awaitContainer(
        _ post: OutgoingPost, _ progress: inout PostProgress, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Duration {
        let container = progress.notes["container"] ?? ""
        let known = try await graph.get(node(container, access), "status_code,status", access, reach)
        switch known["status_code"]?.text {
        case "FINISHED": progress.notes["finished"] = "true"
        case "IN_PROGRESS": return post.media.contains(where: \.probe.isVideo) ? .seconds(30) : .seconds(5)
        case "PUBLISHED":
            throw ToolFailure(
                "unknown", "Instagram has published it already", isRetryable: true, isAmbiguous: true)
        default:
            let built = (progress.notes["built"].flatMap { Int($0) } ?? 0) + 1
            guard built < Self.containersMax else {
                throw ToolFailure(
                    "refused", access.redacted(known["status"]?.words ?? "Instagram cannot read the media"),
                    isRetryable: false)
            }
            progress.notes = ["built": "\(built)"]
            return .seconds(60)
        }
        return .zero
    }

    /// Asks how much the account may still publish today, which the network alone knows.
    private func checkQuota(
        _ progress: inout PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let answer = try await graph.get(
            place("content_publishing_limit", access), "quota_usage,config", access, reach)
        let quota = answer["data"]?.array?.first
        if let used = quota?["quota_usage"]?.int, let total = quota?["config"]?["quota_total"]?.int,
            used >= total
        {
            // It stands in the way of posts alone: whatever else Instagram is asked goes on.
            throw ToolFailure(
                "rate_limited", "Instagram takes \(total) posts of an account within a day, and has them.",
                isRetryable: true, retryAfter: .seconds(3600))
        }
        progress.notes["quota"] = "true"
    }

    // MARK: Answers that were lost

    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        var progress = progress
        switch next(post, progress) {
        case .publish:
            let container = try await graph.get(
                node(progress.notes["container"] ?? "", access), "status_code", access, reach)
            switch container["status_code"]?.text {
            // It was not published: that may be asked for again.
            case "FINISHED": return .next(progress, after: .zero)
            case "EXPIRED", "ERROR":
                progress.notes = [:]
                return .next(progress, after: .zero)
            case "PUBLISHED": break
            default: return nil
            }
            let list = try await graph.get(
                place("media", access), "id,caption,permalink,timestamp", access, reach)
            let found = list["data"]?.array?.first { one in
                (one["caption"]?.text ?? "") == post.parts.first ?? ""
                    && MetaGraph.moment(one["timestamp"]).map { $0 > start - Self.skew } ?? false
            }
            guard let found, let id = found["id"]?.label else { return nil }
            progress.standing = [id]
            progress.url = found["permalink"]?.words
        case .comment:
            let list = try await graph.get(
                "\(node(progress.standing[0], access))/comments", "id,text", access, reach)
            guard let found = list["data"]?.array?.first(where: { $0["text"]?.text == post.firstComment })
            else { return nil }
            progress.notes["comment"] = found["id"]?.label ?? ""
        default: return nil
        }
        return next(post, progress) == nil ? .published(progress) : .next(progress, after: .zero)
    }

    // MARK: Addresses

    private func place(_ edge: String, _ access: IntegrationAccess) -> String {
        "\(node(access.setting("ig_user_id") ?? access.setting("ig_id") ?? "me", access))/\(edge)"
    }

    func node(_ id: String, _ access: IntegrationAccess) -> String {
        "\(chat.base(access))/\(id.percentEncoded)"
    }

    private func id(
        _ url: String, _ fields: [(String, String)], _ access: IntegrationAccess, _ reach: ConnectorCall,
        isSilent: Bool = false
    ) async throws(ToolFailure) -> String {
        let answer = try await graph.post(url, fields, access, reach, isSilent: isSilent)
        guard let id = answer["id"]?.label else {
            throw ToolFailure(
                "unknown", "Instagram has answered without an id", isRetryable: true, isAmbiguous: !isSilent)
        }
        return id
    }
}
