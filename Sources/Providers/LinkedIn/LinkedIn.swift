package import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Jobs
internal import Records
package import Social
package import Telemetry

/// Pages and people at LinkedIn: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
package struct LinkedIn: SocialPublishing, OAuthProvider {
    package let name = "linkedin"
    package let title = "LinkedIn"
    package let network = SocialNetwork.linkedin
    package let capabilities: Set<Capability> = [.socialPublishing, .chat]
    package let credentials = SocialConsent.credentials
    package let settings =
        [
            SettingField(
                "author", .text(max: 120), required: true,
                "In whose name posts stand, as urn:li:organization:123 or urn:li:person:abc."),
            SettingField(
                "api_version", .text(max: 10),
                "The month of the API, as 202607; that of /v1/social-networks otherwise."),
            SettingField(
                "poll_minutes", .integer(1...1440),
                "How often it is asked for comments; every 60 minutes unless said."),
            SettingField(
                LinkedIn.adAccountSetting, .text(max: 80),
                "The account of advertisements whose forms are read, too, as urn:li:sponsoredAccount:9."),
        ] + LinkedIn.leadSettings + SocialConsent.settings
    package let baseURL: String? = "https://api.linkedin.com"
    package var endpoint: (any HookEndpoint)? { self }

    private static let skew: Duration = .seconds(120)
    let wire: LookupWire
    private let refusals = LinkedInRefusals()

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: settings["authorize_url"]?.text ?? "https://www.linkedin.com/oauth/v2/authorization",
            token: settings["token_url"]?.text ?? "https://www.linkedin.com/oauth/v2/accessToken",
            scopes: [
                "openid", "profile", "w_member_social", "w_organization_social", "r_organization_social",
                "rw_organization_admin",
            ] + (settings[LeadFormSetting.isOn]?.flag == true ? Self.leadScopes : []))
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        SocialConsent.renewal(access)
    }
    package func wantsConsent(given names: [String]) -> Bool { SocialConsent.isWanted(given: names) }
    package let ways = SocialConsent.ways

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            _ = try await posts(access, ConnectorCall())
            return "Posts stand in the name of \(author(access))."
        }
    }

    // MARK: Steps

    enum Act: Equatable { case upload(Int), await(Int), post }

    func next(_ post: OutgoingPost, _ progress: PostProgress) -> Act? {
        guard progress.standing.isEmpty else { return nil }
        for index in post.media.indices {
            if progress.notes["medium\(index)"] == nil { return .upload(index) }
            if progress.notes["ready\(index)"] == nil { return .await(index) }
        }
        return .post
    }

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        next(post, progress) != .post
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var progress = progress
        switch next(post, progress) {
        case nil: return .published(progress)
        case .upload(let index)?:
            progress.notes["medium\(index)"] = try await upload(post.media[index], access, reach)
            return .next(progress, after: .zero)
        case .await(let index)?:
            let medium = progress.notes["medium\(index)"] ?? ""
            guard try await isReady(medium, access, reach) else { return .next(progress, after: .seconds(5)) }
            progress.notes["ready\(index)"] = "true"
            return .next(progress, after: .zero)
        case .post?:
            let answer = try await ask(
                "/rest/posts", access, reach, method: "POST", body: body(of: post, progress, access),
                changes: true)
            guard let id = answer.header("x-restli-id") ?? answer.header("x-linkedin-id") else {
                throw ToolFailure(
                    "unknown", "LinkedIn has answered without an id", isRetryable: true, isAmbiguous: true)
            }
            return .published(standing(id))
        }
    }

    private func body(of post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess) -> JSON {
        var body: JSONObject = [
            "author": .string(author(access)),
            "commentary": .string(LittleText.escaped(post.parts.first ?? "")),
            "visibility": "PUBLIC",
            "distribution": [
                "feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": [],
            ],
            "lifecycleState": "PUBLISHED", "isReshareDisabledByAuthor": false,
        ]
        let media = post.media.enumerated().map { index, medium -> JSON in
            var one: JSONObject = ["id": .string(progress.notes["medium\(index)"] ?? "")]
            if !medium.altText.isEmpty, medium.probe.isImage { one["altText"] = .string(medium.altText) }
            return .object(one)
        }
        if media.count > 1 {
            body["content"] = ["multiImage": ["images": .array(media)]]
        } else if let only = media.first {
            body["content"] = ["media": only]
        }
        return .object(body)
    }

    private func standing(_ id: String) -> PostProgress {
        var progress = PostProgress()
        progress.standing = [id]
        progress.url = "https://www.linkedin.com/feed/update/\(id)"
        return progress
    }

    /// Looks for the same words among what the author has said last.
    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        let words = LittleText.escaped(post.parts.first ?? "")
        guard next(post, progress) == .post, !words.isEmpty else { return nil }
        let found = try await posts(access, reach).first { one in
            one["commentary"]?.text == words
                && one["createdAt"]?.int.map { Instant(milliseconds: $0) > start - Self.skew } ?? false
        }
        return found?["id"]?.text.map { .published(standing($0)) }
    }

    func posts(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [JSON] {
        let answer = try await ask(
            "/rest/posts?author=\(author(access).percentEncoded)&q=author&count=10", access, reach)
        guard let list = answer.body["elements"]?.array else { throw wire.unreadable }
        return list
    }

    func author(_ access: IntegrationAccess) -> String { access.setting("author") ?? "" }

    // MARK: Requests

    func ask(
        _ path: String, _ access: IntegrationAccess, _ reach: ConnectorCall, method: String = "GET",
        body: JSON? = nil, changes: Bool = false, more: [(name: String, value: String)] = []
    ) async throws(ToolFailure) -> LookupWire.Answer {
        let answer = try await wire.ask(
            access.baseURL + path, access, reach, method: method,
            headers: [
                ("Authorization", "Bearer \(access.credential("access_token"))"),
                ("LinkedIn-Version", access.setting("api_version") ?? network.rules.apiVersion ?? ""),
                ("X-Restli-Protocol-Version", "2.0.0"),
            ] + more, body: body, changes: changes)
        if let failure = failure(answer, access, reach, changes: changes) { throw failure }
        return answer
    }

    private func failure(
        _ answer: LookupWire.Answer, _ access: IntegrationAccess, _ reach: ConnectorCall, changes: Bool
    ) -> ToolFailure? {
        let words = access.redacted(answer.body["message"]?.words ?? "LinkedIn answers \(answer.status)")
        switch answer.status {
        case 403: return ToolFailure(IntegrationCheck.permissionCode, words, isRetryable: false)
        case 426:
            return ToolFailure(
                "version_gone", "LinkedIn no longer has this version of its API: set api_version",
                isRetryable: false)
        case 429:
            return wire.pause(
                reach, for: answer.retryAfter ?? refusals.pause(for: author(access), at: wire.now()))
        case 400, 409, 422:
            let isTwice = answer.body["code"]?.text == "DUPLICATE_POST"
            return ToolFailure(isTwice ? MetaGraph.duplicate : "refused", words, isRetryable: false)
        default:
            var failure = wire.usualFailure(answer, reach)
            failure?.isAmbiguous = changes && answer.status >= 500
            return failure
        }
    }
}
