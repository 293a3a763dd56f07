import JSON
import StandIns

/// A mailbox at a large service: the page on which its owner lets Bureau in, and the two servers that the
/// tokens open.
struct ConsentMailbox {
    let provider: String
    let consent: OAuthStandIn, smtp: SMTPStandIn, mailbox: ReplyMailbox
    private let reading: String

    /// A refresh token of Google's is good until it is taken back.
    static func google() throws -> ConsentMailbox {
        let all = "https://mail.google.com/"
        return try ConsentMailbox(
            "google_mail", owner: "olive@workspace.example", sending: all, reading: all,
            replacesRefreshTokens: false)
    }

    static func microsoft() throws -> ConsentMailbox {
        try ConsentMailbox(
            "microsoft_mail", owner: "olive@organisation.example",
            sending: "https://outlook.office.com/SMTP.Send",
            reading: "https://outlook.office.com/IMAP.AccessAsUser.All", replacesRefreshTokens: true)
    }

    private init(
        _ provider: String, owner: String, sending: String, reading: String, replacesRefreshTokens: Bool
    ) throws {
        let consent = try OAuthStandIn { settings in
            settings.owner = owner
            settings.replacesRefreshTokens = replacesRefreshTokens
        }
        (self.provider, self.consent, self.reading) = (provider, consent, reading)
        smtp = try SMTPStandIn { settings in
            settings.mechanisms = ["XOAUTH2"]
            settings.admits = { consent.admits($0, $1, to: sending) }
        }
        mailbox = try ReplyMailbox { consent.admits($0, $1, to: reading) }
    }

    var service: Service {
        func text(_ text: String) -> JSON { .string(text) }
        return Service(
            provider: provider, capability: "email_sending",
            settings: [
                "mailbox": text(consent.settings.owner), "authorize_url": text(consent.authorizeURL),
                "token_url": text(consent.tokenURL), "smtp_url": text(smtp.url),
                "imap_url": text(mailbox.server.url), "security": "none", "receive": true,
                "poll_minutes": 1, "from_start": true,
            ],
            credentials: [
                "client_id": text(consent.settings.clientID),
                "client_secret": text(consent.settings.clientSecret),
            ])
    }

    /// Lets something go wrong; says what has.
    func spoil(_ how: String) throws -> String {
        switch how {
        case "expired":
            consent.endAccess()
            return "its access tokens are over before their time"
        case "refused":
            consent.endRenewal()
            return "no refresh token is good any more"
        case "revoked":
            consent.revoke()
            return "its owner has taken the consent back"
        case "narrowed":
            consent.withhold([reading])
            return "whoever says yes on its page from now on says no to reading"
        case "whole":
            consent.withhold([])
            return "whoever says yes on its page from now on says yes to all"
        case "broken":
            consent.service.next(.answer(503))
            return "its page or its tokens, whichever is asked for next, answer 503"
        default:
            throw Refusal("A mailbox is spoilt as: expired, refused, revoked, narrowed, whole or broken.")
        }
    }
}
