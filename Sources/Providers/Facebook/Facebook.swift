package import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Social
package import Telemetry

/// Pages of Facebook: https://developers.facebook.com/docs/pages-api/posts
package struct Facebook: SocialPublishing, MetaService {
    package let name = "facebook"
    package let title = "Facebook"
    package let network = SocialNetwork.facebook
    package let capabilities: Set<Capability> = [.socialPublishing]
    package let credentials =
        [
            CredentialField(
                "access_token", required: false, "The page's token, with the permission pages_manage_posts."),
            CredentialField("app_secret", required: false, "The app's secret, by which calls are proven."),
            CredentialField(
                "verify_token", required: false, provesHooks: true,
                "The token that the webhook's subscription repeats to us."),
        ] + MetaLogin.credentials
    package let settings =
        [
            SettingField("page_id", .text(max: 64), required: true, "The page on which posts stand."),
            SettingField(
                "api_version", .text(max: 10),
                "The version of the API; that of /v1/social-networks otherwise."),
        ] + Facebook.leadSettings + SocialConsent.settings
    package var endpoint: (any HookEndpoint)? { self }
    package let baseURL: String? = "https://graph.facebook.com"

    /// The most that the network's clock may be behind ours.
    static let skew: Duration = .seconds(120)
    let graph: MetaGraph

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        graph = MetaGraph("Facebook", outbound, now, deadline)
    }

    package func login(_ settings: JSONObject) -> MetaLogin {
        var scopes = [
            "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_manage_engagement",
            "read_insights", "business_management",
        ]
        if settings[LeadFormSetting.isOn]?.flag == true {
            scopes += ["leads_retrieval", "pages_manage_metadata"]
        }
        return MetaLogin(
            kind: .page(id: settings["page_id"]?.text ?? "", task: "CREATE_CONTENT"), scopes: scopes,
            graph: graph)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await graph.wire.check { () async throws(ToolFailure) in
            let page = try await graph.get(place("", access), "id,name", access, ConnectorCall())
            guard let name = page["name"]?.words else { throw graph.wire.unreadable }
            return "Posts stand on \(name)."
        }
    }

    /// The address of something of the page's.
    func place(_ edge: String, _ access: IntegrationAccess) -> String {
        node(access.setting("page_id") ?? "me", access) + (edge.isEmpty ? "" : "/\(edge)")
    }

    func node(_ id: String, _ access: IntegrationAccess) -> String {
        let version = access.setting("api_version") ?? network.rules.apiVersion ?? ""
        return "\(access.baseURL)/\(version)/\(id.percentEncoded)"
    }

    // MARK: Steps

    /// The step that a post needs next.
    enum Act: Equatable { case photo(Int), film, startReel, sendReel, finishReel, awaitReel, feed, comment }

    /// Returns what comes next; `nil`: all of it stands.
    func next(_ post: OutgoingPost, _ progress: PostProgress) -> Act? {
        guard progress.standing.isEmpty else {
            let isOver = post.firstComment?.isEmpty ?? true || progress.notes["comment"] != nil
            return isOver ? nil : .comment
        }
        if post.format == .reel {
            if progress.notes["video"] == nil { return .startReel }
            if progress.notes["sent"] == nil { return .sendReel }
            return progress.notes["finished"] == nil ? .finishReel : .awaitReel
        }
        if post.media.contains(where: \.probe.isVideo) { return .film }
        return post.media.indices.first { progress.notes["photo\($0)"] == nil }.map { .photo($0) } ?? .feed
    }

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        switch next(post, progress) {
        case .film, .finishReel, .feed, .comment: false
        default: true
        }
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        guard let act = next(post, progress) else { return .published(progress) }
        var progress = progress
        var pause: Duration = .zero
        switch act {
        case .photo(let index):
            progress.notes["photo\(index)"] = try await sendPhoto(post.media[index], access, reach)
        case .film:
            let fields = [
                ("file_url", post.media[0].url), ("description", message(of: post)), ("published", "true"),
            ]
            stands(try await change(place("videos", access), fields, access, reach), &progress)
        case .feed:
            stands(try await change(place("feed", access), feed(post, progress), access, reach), &progress)
        case .comment:
            let node = node(progress.standing[0], access)
            let said = try await graph.post(
                "\(node)/comments", [("message", post.firstComment ?? "")], access, reach)
            progress.notes["comment"] = said["id"]?.label ?? ""
        case .startReel: try await startReel(&progress, access, reach)
        case .sendReel: try await sendReel(post, &progress, access, reach)
        case .finishReel: try await finishReel(post, &progress, access, reach)
        case .awaitReel: pause = try await awaitReel(&progress, access, reach)
        }
        return next(post, progress) == nil ? .published(progress) : .next(progress, after: pause)
    }

    /// A picture that nobody sees before the post that it belongs to.
    private func sendPhoto(
        _ photo: OutgoingPost.Medium, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        var form = MultipartForm()
        form.add("published", "false")
        form.add("alt_text_custom", photo.altText)
        form.add(
            "source", fileName: photo.name, mediaType: photo.probe.type ?? "application/octet-stream",
            photo.bytes)
        let answer = try await graph.upload(form, to: place("photos", access), access, reach)
        guard let id = answer["id"]?.label else { throw graph.wire.unreadable }
        return id
    }

    private func feed(_ post: OutgoingPost, _ progress: PostProgress) -> [(String, String)] {
        var fields = [("message", message(of: post)), ("fields", "id,permalink_url")]
        if let link = post.link, !link.isEmpty, post.media.isEmpty { fields.append(("link", link)) }
        for index in post.media.indices {
            let photo: JSON = ["media_fbid": .string(progress.notes["photo\(index)"] ?? "")]
            fields.append(("attached_media[\(index)]", photo.serialized))
        }
        return fields
    }

    /// The words, without a link that the network shows below them by itself.
    private func message(of post: OutgoingPost) -> String {
        let words = post.parts.first ?? ""
        guard post.media.isEmpty, let link = post.link, !link.isEmpty, words.hasSuffix("\n\n\(link)") else {
            return words
        }
        return String(words.dropLast(link.count + 2))
    }

    private func change(
        _ url: String, _ fields: [(String, String)], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await graph.post(url, fields, access, reach)
        guard answer["id"]?.label != nil else {
            throw ToolFailure(
                "unknown", "Facebook has answered without an id", isRetryable: true, isAmbiguous: true)
        }
        return answer
    }

    private func stands(_ answer: JSON, _ progress: inout PostProgress) {
        guard let id = answer["id"]?.label else { return }
        progress.standing = [id]
        progress.url = answer["permalink_url"]?.words ?? "https://www.facebook.com/\(id)"
    }

    // MARK: Answers that were lost

    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        var progress = progress
        switch next(post, progress) {
        case .feed, .film:
            let words = message(of: post)
            // Posts without words cannot be told apart.
            guard !words.isEmpty else { return nil }
            let list = try await graph.get(
                place("published_posts", access), "id,message,created_time,permalink_url", access, reach)
            let found = list["data"]?.array?.first { one in
                one["message"]?.text == words
                    && MetaGraph.moment(one["created_time"]).map { $0 > start - Self.skew } ?? false
            }
            guard let found else { return nil }
            stands(found, &progress)
        case .comment:
            let list = try await graph.get(
                "\(node(progress.standing[0], access))/comments", "id,message", access, reach)
            guard let found = list["data"]?.array?.first(where: { $0["message"]?.text == post.firstComment })
            else { return nil }
            progress.notes["comment"] = found["id"]?.label ?? ""
        case .finishReel:
            guard let isThere = try await isPublished(progress, access, reach) else { return nil }
            if isThere { progress.notes["finished"] = "true" }
        default: return nil
        }
        return next(post, progress) == nil ? .published(progress) : .next(progress, after: .zero)
    }
}
