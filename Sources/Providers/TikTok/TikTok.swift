internal import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Social
package import Telemetry

/// TikTok's Content Posting API: https://developers.tiktok.com/doc/content-posting-api-get-started
package struct TikTok: SocialPublishing, OAuthProvider {
    package let name = "tiktok"
    package let title = "TikTok"
    package let network = SocialNetwork.tiktok
    package let capabilities: Set<Capability> = [.socialPublishing]
    package let credentials = [
        CredentialField(
            OAuthCredential.access, required: false,
            "A token of the creator's; comes by itself when the integration is connected."),
        CredentialField(
            OAuthCredential.refresh, required: false, "Comes by itself when the integration is connected."),
        CredentialField(
            clientField, required: false, "The app's client key, to be connected and renewed."),
        CredentialField(OAuthCredential.clientSecret, required: false, "The app's client secret."),
        CredentialField(OAuthCredential.expiry, required: false, "Comes by itself."),
    ]
    package let settings = SocialConsent.settings
    package let baseURL: String? = "https://open.tiktokapis.com"

    private static let clientField = "client_key"
    let wire: ServiceWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        do throws(ToolFailure) {
            return .good("Signed in as @\(try await creator(access, access.reach).name).")
        } catch {
            return .failed(error)
        }
    }

    // MARK: Consent

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: NetworkAddress.known(
                "authorize_url", settings, usual: "https://www.tiktok.com/v2/auth/authorize/"),
            token: NetworkAddress.known(
                "token_url", settings, usual: "https://open.tiktokapis.com/v2/oauth/token/"),
            // It wants commas between them.
            scopes: ["user.info.basic,video.publish,video.list"], clientField: Self.clientField,
            hasHexChallenge: true)
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        SocialConsent.renewal(access)
    }

    package func wantsConsent(given names: [String]) -> Bool { SocialConsent.isWanted(given: names) }

    package let ways = [[OAuthCredential.access], [Self.clientField, OAuthCredential.clientSecret]]
}
