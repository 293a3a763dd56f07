internal import Agents
package import HTTPClient
package import Integrations
package import JSON
package import Records
package import Social
package import Telemetry

/// X, as far as posts of an account: https://docs.x.com/x-api
package struct XNetwork: SocialPublishing, OAuthProvider {
    package let name = "x"
    package let title = "X"
    package let network = SocialNetwork.x
    package let capabilities: Set<Capability> = [.socialPublishing, .chat]
    package let credentials =
        SocialConsent.credentials + [
            CredentialField(
                "consumer_secret", required: false,
                "The app's consumer secret, with which X signs its webhooks; posts leave without it."),
            CredentialField(
                XNetwork.appToken, required: false,
                "The app's own bearer token, with which X is asked for trends; all else goes without it."),
        ]
    package let settings =
        [
            SettingField(
                "user_id", .text(max: 30),
                "The number of the account; X is asked for it where it is not said."),
            SettingField(
                SocialNetwork.linkPrice, .integer(0...100_000_000),
                "The price of a thousand posts with a link, in minor units; 13⅓ times that of others unless said."
            ),
            SettingField(
                XNetwork.readPrice, .integer(0...100_000_000),
                "The price of reading the figures of a thousand posts, in minor units; a third of a thousand posts unless said."
            ),
            SettingField(
                "poll_minutes", .integer(1...1440),
                "How often it is asked for comments; every 15 minutes unless said."),
        ] + SocialConsent.settings
    package let baseURL: String? = "https://api.x.com"
    /// The price of a thousand posts without a link, where X is paid by use.
    package var price: Money? { network.rules.price.map { Money(amount: Int64($0), currency: "USD") } }
    /// Each look at the account is paid for.
    package let isTestCounted = true

    private static let scopes = [
        "tweet.read", "tweet.write", "users.read", "media.write", "space.read", "offline.access",
    ]
    let wire: ServiceWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        do throws(ToolFailure) {
            let user = try await me(access, access.reach)
            guard let wanted = access.setting("user_id"), wanted != user.id else {
                return .good("Signed in as @\(user.name).")
            }
            return .bad(
                code: "invalid_setting",
                detail: "The token is of @\(user.name) (\(user.id)), and user_id names another account.")
        } catch {
            return .failed(error)
        }
    }

    // MARK: Consent

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: NetworkAddress.known(
                "authorize_url", settings, usual: "https://x.com/i/oauth2/authorize"),
            token: NetworkAddress.known(
                "token_url", settings, usual: "https://api.x.com/2/oauth2/token"),
            scopes: Self.scopes, namesClientInHeader: true)
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        SocialConsent.renewal(access)
    }

    package func wantsConsent(given names: [String]) -> Bool { SocialConsent.isWanted(given: names) }

    /// An app that can keep no secret has none.
    package var ways: [[String]] { [[OAuthCredential.access], [OAuthCredential.clientID]] }
}
