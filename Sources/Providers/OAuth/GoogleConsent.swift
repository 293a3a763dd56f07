package import Integrations
package import JSON
internal import Records
package import Telemetry

/// A service of Google that is asked with an access token: one that a person gives, or one that comes by the owner's
/// consent or a service account's key, and is renewed by itself.
package protocol GoogleService: OAuthProvider {
    /// The scope that the token has to permit.
    var scope: String { get }
}

/// Where Google asks for consent and gives tokens, and what is needed for that.
enum GoogleConsent {
    static let tokens = "https://oauth2.googleapis.com/token"

    static func endpoints(_ settings: JSONObject, scopes: [String]) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: settings["authorize_url"]?.text ?? "https://accounts.google.com/o/oauth2/v2/auth",
            token: settings["token_url"]?.text ?? tokens, scopes: scopes,
            // Without both a returning owner gives no refresh token.
            extra: [("access_type", "offline"), ("prompt", "consent")])
    }

    static let credentials = [
        CredentialField(
            OAuthCredential.access, required: false,
            "A token with the service's scope; comes by itself where one of the other ways is given."),
        CredentialField(
            OAuthCredential.clientID, required: false, "The application's name at Google, to be connected."),
        CredentialField(OAuthCredential.clientSecret, required: false, "The application's secret."),
        CredentialField(OAuthCredential.email, required: false, "The service account's address."),
        CredentialField(OAuthCredential.key, required: false, "The service account's key, as PEM."),
        CredentialField(
            OAuthCredential.refresh, required: false, "Comes by itself when the integration is connected."),
        CredentialField(OAuthCredential.expiry, required: false, "The same."),
    ]

    static let settings = [
        SettingField(
            "authorize_url", .text(max: 300), "Where the owner is asked, if not at the usual place."),
        SettingField("token_url", .text(max: 300), "Where tokens come from, likewise."),
    ]
}

extension GoogleService {
    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        GoogleConsent.endpoints(settings, scopes: [scope])
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        if let renewal = OAuthRenewal.serviceAccount(
            access, audience: GoogleConsent.tokens, scope: scope, at: now)
        {
            return renewal
        }
        let refresh = access.credential(OAuthCredential.refresh)
        if !refresh.isEmpty { return .refresh(refresh) }
        return access.credential(OAuthCredential.clientID).isEmpty ? .none : .unusable
    }

    package func wantsConsent(given names: [String]) -> Bool {
        names.contains(OAuthCredential.clientID) && !names.contains(OAuthCredential.refresh)
            && !names.contains(OAuthCredential.access) && !names.contains(OAuthCredential.key)
    }

    package var ways: [[String]] {
        [
            [OAuthCredential.access], [OAuthCredential.clientID, OAuthCredential.clientSecret],
            [OAuthCredential.email, OAuthCredential.key],
        ]
    }
}
