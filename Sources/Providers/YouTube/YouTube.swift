internal import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Social
package import Telemetry

/// YouTube's Data API, as far as films of a channel: https://developers.google.com/youtube/v3
package struct YouTube: SocialPublishing, OAuthProvider {
    package let name = "youtube"
    package let title = "YouTube"
    package let network = SocialNetwork.youtube
    package let capabilities: Set<Capability> = [.socialPublishing, .chat]
    package let credentials = SocialConsent.credentials
    package let settings =
        [
            SettingField(
                "channel_id", .text(max: 40),
                "The channel, UC…; a test of the integration says if the owner let us into another one."),
            SettingField(
                "poll_minutes", .integer(1...1440),
                "How often it is asked for comments; every 10 minutes unless said."),
            SettingField(
                YouTube.earningsSetting, .boolean,
                "Reads what films have earned, too; the consent then asks for yt-analytics-monetary.readonly."
            ),
        ] + SocialConsent.settings
    package let baseURL: String? = "https://www.googleapis.com"

    private static let scopes = [
        "https://www.googleapis.com/auth/youtube.upload", "https://www.googleapis.com/auth/youtube.readonly",
        "https://www.googleapis.com/auth/yt-analytics.readonly",
        // Films that stand are changed, and comments answered, by these alone.
        "https://www.googleapis.com/auth/youtube", "https://www.googleapis.com/auth/youtube.force-ssl",
    ]
    private static let earningsScope = "https://www.googleapis.com/auth/yt-analytics-monetary.readonly"
    /// Only channels of YouTube's partner programme earn.
    static let earningsSetting = "earnings"
    let wire: ServiceWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        do throws(ToolFailure) {
            let answer = try await ask(
                get("/youtube/v3/channels?part=snippet&mine=true", access), access, access.reach)
            guard let channels = answer["items"]?.array else { throw wire.unreadable() }
            let wanted = access.setting("channel_id")
            guard let channel = channels.first(where: { wanted == nil || $0["id"]?.text == wanted }) else {
                return .bad(
                    code: "invalid_setting", detail: "The account has no channel that channel_id names.")
            }
            return .good("The channel \(channel["snippet"]?["title"]?.words ?? "") can be reached.")
        } catch {
            return .failed(error)
        }
    }

    // MARK: Consent

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: NetworkAddress.known(
                "authorize_url", settings, usual: "https://accounts.google.com/o/oauth2/v2/auth"),
            token: NetworkAddress.known("token_url", settings, usual: GoogleConsent.tokens),
            scopes: Self.scopes + (settings[Self.earningsSetting]?.flag == true ? [Self.earningsScope] : []),
            // Without both a returning owner gives no refresh token.
            extra: [("access_type", "offline"), ("prompt", "consent")])
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        SocialConsent.renewal(access)
    }

    package func wantsConsent(given names: [String]) -> Bool { SocialConsent.isWanted(given: names) }

    package let ways = SocialConsent.ways
}
