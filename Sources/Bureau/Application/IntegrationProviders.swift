internal import HTTPClient
internal import Integrations
internal import Providers
internal import Telemetry

/// The outside services that agencies can connect.
func integrationProviders(
    _ outbound: HTTPClient, _ mail: SMTPClient, _ mailboxes: IMAPClient
) -> IntegrationProviders {
    // Limits of services are moments of real time, in sandboxes, too.
    let now: @Sendable () -> Instant = { .wallClock() }
    return IntegrationProviders([
        SMTPConnector(mail), IMAPConnector(mailboxes), OAuthMailbox.google(mail, mailboxes),
        OAuthMailbox.microsoft(mail, mailboxes), Mailgun(outbound, now: now), SendGrid(outbound, now: now),
        Postmark(outbound, now: now), Maileroo(outbound, now: now), GenericHooks(),
        Calendly(outbound, now: now),
        Stripe(outbound, now: now), WhatsApp(outbound, now: now), Telegram(outbound, now: now), WebChat(),
        WebService(outbound, now: now),
    ])
}

/// The names of these services.
var builtInProviders: Set<String> {
    let settings = HTTPClientConfiguration(AddressGuard(allowsPrivate: false))
    return Set(
        integrationProviders(
            HTTPClient(settings), SMTPClient(settings, name: "localhost"), IMAPClient(settings)
        ).names)
}
