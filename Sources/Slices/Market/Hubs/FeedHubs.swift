internal import Agents
internal import Crawling
internal import Cryptography
internal import Database
internal import Jobs
internal import Markup
internal import Records
internal import Telemetry
internal import Tenancy

/// Asks the hubs of feeds to tell when these change, so that nobody has to wait for the next look.
struct FeedHubs: Sendable {
    private static let lease: Duration = .seconds(10 * 86_400)

    let services: PlatformServices
    let pages: PublicPages

    /// Asks the hub that a feed names, unless it was asked lately. Where it cannot be reached, the feed is looked at as
    /// often as ever.
    func ask(about feed: Feed, at address: PageAddress, watchedAs url: String, _ run: AgentRun) async throws {
        // A server that cannot be called from outside asks no hub to call it.
        guard services.settings.publicURL.hasPrefix("https://"), let hub = feed.hub, hub.port == nil else {
            return
        }
        let topic = feed.topic ?? address
        if let known = try run.read({ try $0.market.hub(ofFeed: url) }), known.isOf(hub, topic) {
            return try await ask(known, run)
        }
        let secret = RandomToken.make(characters: 40)
        let row = FeedHubRow(
            RandomToken.make(characters: 20), url, hub, topic,
            sealedSecret: try services.secrets.closeText(secret, run.tenant), askedAt: run.now)
        try await send(row, hub, topic, secret, run)
    }

    /// Asks the hub of a feed that has not changed once more, before its lease ends.
    func renew(watchedAs url: String, _ run: AgentRun) async throws {
        guard let known = try run.read({ try $0.market.hub(ofFeed: url) }) else { return }
        try await ask(known, run)
    }

    /// Asks a hub anew, with the secret that it knows: that stays valid, whether it answers or not.
    private func ask(_ known: FeedHubRow, _ run: AgentRun) async throws {
        guard known.isDue(at: run.now), let hub = PageAddress(known.hub),
            let topic = PageAddress(known.topic)
        else { return }
        var row = known
        row.askedAt = run.now
        let secret = try services.secrets.openText(row.sealedSecret, run.tenant)
        try await send(row, hub, topic, secret, run)
    }

    private func send(
        _ row: FeedHubRow, _ hub: PageAddress, _ topic: PageAddress, _ secret: String, _ run: AgentRun
    ) async throws {
        // The hub may call before it has answered.
        try await run.write { tx in try tx.market.keep(row) }
        await pages.subscribe(
            FeedSubscription(
                hub, topic, callback: try services.links.url(.feed, run.tenant, row.id), secret: secret,
                lease: Self.lease))
    }
}

/// The proof that a hub's word is the hub's (W3C, WebSub, "Authenticated Content Distribution").
enum HubSignature {
    /// Returns whether a header `X-Hub-Signature` is the code of a body under a secret. Many hubs still sign
    /// with SHA-1.
    static func isValid(_ header: String?, of body: [UInt8], by secret: String) -> Bool {
        let parts = (header ?? "").split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let code = Hex.decode(parts[1]) else { return false }
        let key = Array(secret.utf8)
        return switch parts[0].lowercased() {
        case "sha256": constantTimeEqual(code, HMAC.sha256(key: key, body))
        case "sha1": constantTimeEqual(code, HMAC.sha1(key: key, body))
        default: false
        }
    }
}
