internal import Agents
internal import Crawling
internal import Facts
internal import JSON
internal import Markup
internal import Records
internal import Telemetry

/// A company's activity in networks, by what these show to everybody: the public feeds of its profiles, where
/// the networks' rules allow it. Of the others it is said why nothing is known.
struct SocialActivity {
    static let field = FactField.socialActivity.rawValue
    private static let days = 90, activeFrom = 3, profilesMax = 8
    private static let confidence = 0.8, quoteMax = 300
    /// Networks that tell nobody without a key what was posted.
    private static let closed: Set = [
        "linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "tiktok.com", "threads.net",
        "threads.com", "xing.com",
    ]

    let crawler: Crawler
    let now: Instant

    /// Returns what the profiles that a site has told show of their activity; nothing where it has told none.
    func statements(by said: [CompanyStatement]) async throws -> [CompanyStatement] {
        let told = said.first { $0.field == FactField.socialURLs.rawValue }?.value.array ?? []
        let profiles = told.compactMap(\.text).prefix(Self.profilesMax)
        var seen: [JSON] = [], newest: (at: Instant, quote: String, url: String)?
        for profile in profiles {
            try Task.checkCancellation()
            guard let address = PageAddress(profile) else { continue }
            let host = Self.host(of: address)
            guard let feed = Self.feed(of: address, host) else {
                let reason = Self.isClosed(host) ? "needs_key" : "no_public_feed"
                seen.append(json(host, profile, nil, reason))
                continue
            }
            switch try await PublicVisit(crawler: crawler).ask(PublicQuestion(feed)) {
            case .content(let content):
                guard case .feed(let feed) = content.kind else {
                    seen.append(json(host, profile, nil, "no_public_feed"))
                    continue
                }
                seen.append(json(host, profile, feed, nil))
                for entry in feed.entries {
                    guard let at = entry.published ?? entry.updated, at <= now,
                        newest.map({ at > $0.at }) ?? true
                    else { continue }
                    let words = entry.title.isEmpty ? entry.text : entry.title
                    newest = (at, String(words.prefix(Self.quoteMax)), content.address.description)
                }
            case .none(let reason, _): seen.append(json(host, profile, nil, reason))
            case .unchanged: continue
            }
        }
        guard let first = profiles.first, !seen.isEmpty else { return [] }
        return [
            CompanyStatement(
                Self.field, .array(seen), quote: newest?.quote ?? first, at: newest?.url ?? first,
                confidence: Self.confidence)
        ]
    }

    private func json(_ host: String, _ profile: String, _ feed: Feed?, _ reason: String?) -> JSON {
        let since = now - .seconds(Int64(Self.days) * 86_400)
        let times = feed?.entries.compactMap { $0.published ?? $0.updated }.filter { $0 <= now }
        let posts = times?.count { $0 >= since }
        let state = posts.map { $0 >= Self.activeFrom ? "active" : $0 > 0 ? "quiet" : "silent" }
        return [
            "network": .string(host), "url": .string(profile), "state": .string(state ?? "unknown"),
            "posts": JSON(posts), "days": JSON(Self.days), "last_post_at": JSON(times?.max()?.description),
            "reason": JSON(reason),
        ]
    }

    private static func host(of address: PageAddress) -> String {
        address.host.hasPrefix("www.") ? String(address.host.dropFirst(4)) : address.host
    }

    /// Networks have hosts for countries and telephones, too: `de-de.facebook.com`, `m.tiktok.com`.
    private static func isClosed(_ host: String) -> Bool {
        closed.contains { host == $0 || host.hasSuffix("." + $0) }
    }

    /// The feed in which a network shows a profile's posts; `nil` where it has none for everybody.
    private static func feed(of profile: PageAddress, _ host: String) -> PageAddress? {
        let steps = profile.path.split(separator: "/").map(String.init)
        guard let name = steps.last else { return nil }
        switch host {
        case "youtube.com":
            guard steps.count == 2, steps[0] == "channel" else { return nil }
            return PageAddress("https://www.youtube.com/feeds/videos.xml?channel_id=\(name)")
        case "bsky.app": return profile.with(path: profile.path + "/rss")
        case "github.com": return profile.with(path: profile.path + ".atom")
        case "vimeo.com": return profile.with(path: profile.path + "/videos/rss")
        case "pinterest.com": return profile.with(path: profile.path + "/feed.rss")
        case _ where isClosed(host): return nil
        // Mastodon, and what speaks like it, wherever it stands.
        case _ where steps.count == 1 && name.hasPrefix("@"):
            return profile.with(path: profile.path + ".rss")
        default: return nil
        }
    }
}
