internal import Integrations
internal import Records

/// The ways in which social networks let us in: by a token that a person gives, or by the owner's consent.
enum SocialConsent {
    static let credentials = [
        CredentialField(
            OAuthCredential.access, required: false,
            "A token of the account's; comes by itself when the integration is connected."),
        CredentialField(
            OAuthCredential.clientID, required: false,
            "The application's name at the network, to be connected."),
        CredentialField(OAuthCredential.clientSecret, required: false, "The application's secret."),
        CredentialField(
            OAuthCredential.refresh, required: false, "Comes by itself when the integration is connected."),
        CredentialField(OAuthCredential.expiry, required: false, "The same."),
    ]

    static let ways = [
        [OAuthCredential.access], [OAuthCredential.clientID, OAuthCredential.clientSecret],
    ]

    static let settings = [
        SettingField(
            "authorize_url", .text(max: 300), "Where the owner is asked, if not at the usual place."),
        SettingField("token_url", .text(max: 300), "Where tokens come from, likewise."),
    ]

    static func renewal(_ access: IntegrationAccess) -> OAuthRenewal {
        let token = access.credential(OAuthCredential.refresh)
        if !token.isEmpty { return .refresh(token) }
        return access.credential(OAuthCredential.access).isEmpty ? .unusable : .none
    }

    static func isWanted(given names: [String]) -> Bool {
        !names.contains(OAuthCredential.access) && !names.contains(OAuthCredential.refresh)
    }
}
