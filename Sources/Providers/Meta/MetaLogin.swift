internal import Agents
package import Integrations
package import JSON
internal import Records
internal import Social
package import Telemetry

/// A service of Meta's that is let in by a token that a person gives, or by its owner's consent.
package protocol MetaService: OAuthProvider {
    func login(_ settings: JSONObject) -> MetaLogin
}

/// The way in which a service of Meta's asks for consent, and whose token it keeps: Facebook Login with the user's own
/// token or that of a page, or Instagram Login.
/// https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
package struct MetaLogin: Sendable {
    enum Kind: Sendable {
        case user
        /// `task`: what the owner has to be allowed to do there.
        case page(id: String, task: String?)
        /// An account of Instagram that signs in by itself.
        case account
    }

    let kind: Kind, scopes: [String]
    let graph: MetaGraph

    /// The app's number, and its secret, by which calls are proven and webhooks are signed.
    static let secretField = "app_secret"
    static let credentials = [
        CredentialField(
            OAuthCredential.clientID, required: false,
            "The application's name at the network, to be connected."),
        CredentialField(OAuthCredential.expiry, required: false, "Comes by itself."),
    ]
    private static let tokens = "/oauth/access_token"
    private static let pagesMax = 10

    fileprivate func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        // They want commas between them.
        let scopes = [scopes.joined(separator: ",")]
        if case .account = kind {
            return OAuthEndpoints(
                authorize: NetworkAddress.known(
                    "authorize_url", settings, usual: "https://www.instagram.com/oauth/authorize"),
                token: NetworkAddress.known(
                    "token_url", settings, usual: "https://api.instagram.com" + Self.tokens),
                scopes: scopes, secretField: Self.secretField)
        }
        let version = settings["api_version"]?.text ?? SocialNetwork.facebook.rules.apiVersion ?? ""
        return OAuthEndpoints(
            authorize: NetworkAddress.known(
                "authorize_url", settings, usual: "https://www.facebook.com/\(version)/dialog/oauth"),
            token: NetworkAddress.known(
                "token_url", settings, usual: "https://graph.facebook.com/\(version)" + Self.tokens),
            scopes: scopes, isQuery: true, secretField: Self.secretField)
    }

    /// Tokens of pages last; those of users are good until a person consents anew. Instagram's own are renewed by
    /// themselves.
    fileprivate func renewal(_ access: IntegrationAccess) -> OAuthRenewal {
        let token = access.credential(OAuthCredential.access)
        guard !token.isEmpty else { return .unusable }
        guard case .account = kind, !access.credential(OAuthCredential.expiry).isEmpty else { return .none }
        return .address(
            ownAddress("refresh_access_token", access),
            [("grant_type", "ig_refresh_token"), (OAuthCredential.access, token)])
    }

    /// Instagram's addresses for tokens have no version.
    private func ownAddress(_ path: String, _ access: IntegrationAccess) -> String {
        "\(access.setting("base_url") ?? "https://graph.instagram.com")/\(path)"
    }

    // MARK: What a code has brought

    /// Exchanges the token of an hour or so for the one that lasts, and that for the page's.
    fileprivate func settled(
        _ answer: OAuthAnswer, _ access: IntegrationAccess
    ) async throws(ToolFailure) -> OAuthAnswer {
        let secret = access.credential(Self.secretField), first = access.with(token: answer.access)
        guard case .account = kind else {
            let base = base(access)
            var long = try await answer.replaced(
                by: ask(
                    base + Self.tokens,
                    [
                        ("grant_type", "fb_exchange_token"),
                        (OAuthCredential.clientID, access.credential(OAuthCredential.clientID)),
                        (OAuthCredential.clientSecret, secret), ("fb_exchange_token", answer.access),
                    ], first), graph)
            if case .page(let id, let task) = kind {
                let user = access.with(token: long.access)
                (long.access, long.lifetime) = (try await pageToken(id, task, base, user), nil)
            }
            let told = try await inspected(access.with(token: long.access))
            long.scopes = told.scopes
            if let end = told.end { long.consentLifetime = max(end - graph.wire.now(), .seconds(1)) }
            return long
        }
        return try await answer.replaced(
            by: ask(
                ownAddress("access_token", access),
                [
                    ("grant_type", "ig_exchange_token"), (OAuthCredential.clientSecret, secret),
                    (OAuthCredential.access, answer.access),
                ], first), graph)
    }

    private func base(_ access: IntegrationAccess) -> String {
        String(endpoints(access.settings).token.dropLast(Self.tokens.count))
    }

    /// A question that proves itself by what is in it.
    private func ask(
        _ url: String, _ query: [(String, String)], _ access: IntegrationAccess
    ) async throws(ToolFailure) -> JSON {
        let pairs = query.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        let reach = ConnectorCall()
        return try graph.read(try await graph.wire.ask("\(url)?\(pairs)", access, reach), access, reach)
    }

    /// Asks what a token permits, and until when its owner's data may be read.
    fileprivate func inspected(_ access: IntegrationAccess) async throws(ToolFailure) -> OAuthStanding {
        let app = access.credential(OAuthCredential.clientID) + "|" + access.credential(Self.secretField)
        let answer = try await ask(
            base(access) + "/debug_token",
            [("input_token", access.credential(OAuthCredential.access)), ("access_token", app)], access)
        guard let told = answer["data"], let scopes = told["scopes"]?.array else {
            throw graph.wire.unreadable
        }
        // 0: never.
        let ends = [told["expires_at"]?.int, told["data_access_expires_at"]?.int].compactMap(\.self)
        return OAuthStanding(
            scopes: Set(scopes.compactMap(\.text)),
            end: ends.filter { $0 > 0 }.min().map { Instant(seconds: $0) })
    }

    /// Returns whether it can be asked what the token permits.
    fileprivate func canInspect(_ access: IntegrationAccess) -> Bool {
        if case .account = kind { return false }
        return [OAuthCredential.access, OAuthCredential.clientID, Self.secretField].allSatisfy {
            !access.credential($0).isEmpty
        }
    }

    // MARK: Pages

    /// Returns the token of the page that was chosen. Tokens of pages do not end with the user's.
    private func pageToken(
        _ id: String, _ task: String?, _ base: String, _ user: IntegrationAccess
    ) async throws(ToolFailure) -> String {
        var found: [JSON] = [], cursor: String?
        for _ in 0..<Self.pagesMax {
            var query = [("fields", "id,name,access_token,tasks"), ("limit", "100")]
            if let cursor { query.append(("after", cursor)) }
            let answer = try await graph.get("\(base)/me/accounts", query, user, ConnectorCall())
            guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
            found += list
            cursor = answer["paging"]?["next"] == nil ? nil : answer["paging"]?["cursors"]?["after"]?.text
            guard cursor != nil else { break }
        }
        guard let page = found.first(where: { $0["id"]?.label == id }) else {
            return try await businessPageToken(id, among: found, base, user)
        }
        if let task, let tasks = page["tasks"]?.array, !tasks.contains(.string(task)) {
            throw refused("The owner may not do what is needed on the page \(name(of: page)): \(task).")
        }
        guard let token = page["access_token"]?.text, !token.isEmpty else { throw graph.wire.unreadable }
        return token
    }

    /// Pages of a business may be in no list of its people.
    private func businessPageToken(
        _ id: String, among pages: [JSON], _ base: String, _ user: IntegrationAccess
    ) async throws(ToolFailure) -> String {
        let page = try? await graph.get("\(base)/\(id.percentEncoded)", "access_token", user, ConnectorCall())
        if let token = page?["access_token"]?.text, !token.isEmpty { return token }
        let names = pages.prefix(20).map { name(of: $0) }.joined(separator: ", ")
        throw refused(
            names.isEmpty
                ? "the owner has chosen no page: begin again, and choose one there"
                : "the owner lets us into \(names), and page_id names another: correct it, and begin again"
        )
    }

    private func name(of page: JSON) -> String {
        "\(page["name"]?.words ?? "?") (\(page["id"]?.label ?? "?"))"
    }

    private func refused(_ words: String) -> ToolFailure {
        ToolFailure("refused", words, isRetryable: false)
    }
}

extension OAuthAnswer {
    /// Returns another token in place of this one, which permits the same unless it says otherwise.
    fileprivate func replaced(by body: JSON, _ graph: MetaGraph) throws(ToolFailure) -> OAuthAnswer {
        guard var other = OAuthAnswer(body) else { throw graph.wire.unreadable }
        other.scopes = other.scopes ?? scopes
        return other
    }
}

extension IntegrationAccess {
    fileprivate func with(token: String) -> IntegrationAccess {
        IntegrationAccess(
            integrationID: integrationID, baseURL: baseURL, settings: settings,
            credentials: credentials.merging([OAuthCredential.access: token]) { $1 },
            environment: environment, hook: hook)
    }
}

extension MetaService {
    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints { login(settings).endpoints(settings) }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        login(access.settings).renewal(access)
    }

    package func wantsConsent(given names: [String]) -> Bool { !names.contains(OAuthCredential.access) }
    /// Only Instagram's own tokens are renewed, which live for sixty days, and can be as long as they do.
    package var headStart: Duration { .seconds(5 * 86_400) }

    package var ways: [[String]] {
        [[OAuthCredential.access], [OAuthCredential.clientID, MetaLogin.secretField]]
    }

    /// The name of the consent, or of the token in its place, where there is neither.
    func missingConsent(_ credentials: [String]) -> [String] {
        guard wantsConsent(given: credentials) else { return [] }
        return [
            credentials.contains(OAuthCredential.clientID)
                ? "the consent of the account's owner" : OAuthCredential.access
        ]
    }

    package func missing(_ settings: JSONObject, _ credentials: [String]) -> [String] {
        requiredAndAbsent(settings, credentials) + missingConsent(credentials)
    }

    package func settled(
        _ answer: OAuthAnswer, _ access: IntegrationAccess
    ) async -> Result<OAuthAnswer, OAuthFailure> {
        do throws(ToolFailure) {
            return .success(try await login(access.settings).settled(answer, access))
        } catch {
            return .failure(error.isRetryable ? .unreachable(error.detail) : .refused(error.detail))
        }
    }

    package func standing(_ access: IntegrationAccess) async -> OAuthStanding? {
        let login = login(access.settings)
        return login.canInspect(access) ? try? await login.inspected(access) : nil
    }
}
