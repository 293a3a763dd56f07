internal import HTTPClient
internal import Integrations
internal import Providers
internal import Telemetry

/// The outside services that agencies can connect.
func integrationProviders(
    _ outbound: HTTPClient, _ mail: SMTPClient, _ mailboxes: IMAPClient, agent: String = "BureauBot/1.0"
) -> IntegrationProviders {
    // Limits of services are moments of real time, in sandboxes, too.
    let now: @Sendable () -> Instant = { .wallClock() }
    return IntegrationProviders(
        services(outbound, mail, mailboxes, now) + openServices(outbound, agent: agent, now)
            + leadServices(outbound, now) + clientServices(outbound, now) + socialNetworks(outbound, now)
            + BuiltInConnectors.providers(outbound))
}

/// Registers, maps, news and communities that answer everybody, and want to know who asks.
private func openServices(
    _ outbound: HTTPClient, agent: String, _ now: @escaping @Sendable () -> Instant
) -> [any IntegrationProvider] {
    [
        GLEIF(outbound, agent: agent, now: now), RechercheEntreprises(outbound, agent: agent, now: now),
        Wikidata(outbound, agent: agent, now: now), OpenStreetMap(outbound, agent: agent, now: now),
        RDAP(outbound, agent: agent, now: now), GDELTNews(outbound, agent: agent, now: now),
        HackerNews(outbound, agent: agent, now: now), StackExchange(outbound, agent: agent, now: now),
        Mastodon(outbound, agent: agent, now: now), Discourse(outbound, agent: agent, now: now),
    ]
}

/// Services that list companies, or tell of them or of their addresses, for those who have a key.
private func leadServices(
    _ outbound: HTTPClient, _ now: @escaping @Sendable () -> Instant
) -> [any IntegrationProvider] {
    [
        GooglePlaces(outbound, now: now), Apollo(outbound, now: now), AbstractCompany(outbound, now: now),
        PeopleDataLabs(outbound, now: now), AbstractEmail(outbound, now: now),
        MailerooVerify(outbound, now: now), Hunter(outbound, now: now),
    ]
}

/// Services in which the work for clients is seen: signatures, lists, analytics, advertisements, blogs.
private func clientServices(
    _ outbound: HTTPClient, _ now: @escaping @Sendable () -> Instant
) -> [any IntegrationProvider] {
    [
        DropboxSign(outbound, now: now), Docusign(outbound, now: now), Mailchimp(outbound, now: now),
        ActiveCampaign(outbound, now: now), GoogleAnalytics(outbound, now: now),
        AdobeAnalytics(outbound, now: now), GoogleAds(outbound, now: now), MetaAds(outbound, now: now),
        WordPress(outbound, now: now),
    ]
}

/// Networks on which posts stand.
private func socialNetworks(
    _ outbound: HTTPClient, _ now: @escaping @Sendable () -> Instant
) -> [any IntegrationProvider] {
    [
        Instagram(outbound, now: now), Facebook(outbound, now: now), LinkedIn(outbound, now: now),
        XNetwork(outbound, now: now), TikTok(outbound, now: now), YouTube(outbound, now: now),
    ]
}

private func services(
    _ outbound: HTTPClient, _ mail: SMTPClient, _ mailboxes: IMAPClient,
    _ now: @escaping @Sendable () -> Instant
) -> [any IntegrationProvider] {
    [
        SMTPConnector(mail), IMAPConnector(mailboxes), OAuthMailbox.google(mail, mailboxes),
        OAuthMailbox.microsoft(mail, mailboxes), Mailgun(outbound, now: now), SendGrid(outbound, now: now),
        Postmark(outbound, now: now), Maileroo(outbound, now: now), GenericHooks(),
        Calendly(outbound, now: now), Stripe(outbound, now: now), WhatsApp(outbound, now: now),
        Telegram(outbound, now: now), MetaChat.messenger(outbound, now: now),
        Twilio(outbound, now: now), Slack(outbound, now: now),
        WebChat(),
        WebService(outbound, now: now),
        SegmentSource(),
    ]
}

/// The names of these services.
let builtInProviders = Set(describedProviders.names)

/// These services as they describe themselves; nothing is asked of them.
var describedProviders: IntegrationProviders {
    let settings = HTTPClientConfiguration(AddressGuard(allowsPrivate: false))
    return integrationProviders(
        HTTPClient(settings), SMTPClient(settings, name: "localhost"), IMAPClient(settings))
}
