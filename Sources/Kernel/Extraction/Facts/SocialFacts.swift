internal import JSON
internal import Markup
internal import Records

/// The company's own places in networks, told from those of others that it links to.
struct SocialFacts {
    let text: PageText

    struct Profile: Hashable {
        let network: String
        let name: String
        /// Without parameters.
        let address: String
        let isCompanyOnLinkedIn: Bool
    }

    /// A page of more profiles is a list of others: of these, half are read at its beginning and half at its end.
    private static let linksMax = 300

    func read() -> [FoundFact] {
        let all = text.page.nodes.indices.filter { node in
            text.page.nodes[node].name == .a
                && (text.page.attribute(.href, of: node).map(Self.mayBeOfNetwork) == true || isOwn(node))
        }
        let isMany = all.count > Self.linksMax
        let near = isMany ? all.prefix(Self.linksMax / 2) + all.suffix(Self.linksMax / 2) : all[...]
        let links = near.compactMap { node -> (profile: Profile, node: Int, href: String)? in
            guard let href = text.page.attribute(.href, of: node),
                let profile = Self.profile(href) ?? (isOwn(node) ? Self.independent(href) : nil)
            else { return nil }
            return (profile, node, href)
        }
        let counts = Dictionary(grouping: links, by: \.profile.network).mapValues {
            Set($0.map(\.profile.name)).count
        }
        var context = BlockContext(text.page)
        return links.flatMap { link -> [FoundFact] in
            let block = text.block(of: link.node)
            guard !text.page.isUnseen(link.node), !context.place(of: link.node).isOfOthers,
                !(block?.isOfOthers ?? false)
            else { return [] }
            let isFitting =
                isOwn(link.node) || text.identity.fits(link.profile.name.replacing("-", with: " "))
                || text.identity.fitsLabel(link.profile.name)
            let isOfSite =
                counts[link.profile.network] == 1 && isNamedAsNetwork(link.node, link.profile)
                && context.place(of: link.node).isInFrame
            guard isFitting || isOfSite else { return [] }
            let confidence = isFitting ? 0.9 : 0.7, value = JSON.string(link.profile.address)
            let social = text.fact(.social, value, link.href, confidence, .labelled)
            return link.profile.isCompanyOnLinkedIn
                ? [social, text.fact(.linkedIn, value, link.href, confidence, .labelled)] : [social]
        }
    }

    /// The link says that who is found there is who speaks here (`rel=me`).
    private func isOwn(_ node: Int) -> Bool {
        text.page.attribute(.rel, of: node)?.lowercased().split(separator: " ").contains("me") == true
    }

    /// A profile on a server of no network's own, as Mastodon's are: `/@name`.
    private static func independent(_ href: String) -> Profile? {
        guard href.utf8.count < 2000, let address = PageAddress(href), address.port == nil else { return nil }
        let steps = address.path.split(separator: "/")
        guard steps.count == 1, let name = steps.first, name.hasPrefix("@"), name.count > 1 else {
            return nil
        }
        return Profile(
            network: "mastodon", name: String(name.dropFirst()), address: address.origin + address.path,
            isCompanyOnLinkedIn: false)
    }

    /// The link says no more than where it leads.
    private func isNamedAsNetwork(_ node: Int, _ profile: Profile) -> Bool {
        let shown = text.page.text(of: node, bytesMax: 100).lowercased()
        return shown.utf8.count <= 2 || shown.contains(profile.network)
    }

    /// Networks by the ends of their hosts, and the step of the path that has the name.
    private static let networks: [(host: String, network: String, steps: [String])] = [
        ("linkedin.com", "linkedin", ["company", "school", "showcase"]), ("facebook.com", "facebook", [""]),
        ("instagram.com", "instagram", [""]), ("twitter.com", "twitter", [""]), ("x.com", "x", [""]),
        ("youtube.com", "youtube", ["c", "user", "channel", ""]),
        ("xing.com", "xing", ["companies", "pages"]),
        ("tiktok.com", "tiktok", [""]), ("pinterest.com", "pinterest", [""]), ("github.com", "github", [""]),
        ("mastodon.social", "mastodon", [""]), ("threads.net", "threads", [""]),
        ("threads.com", "threads", [""]), ("vimeo.com", "vimeo", [""]), ("bsky.app", "bluesky", ["profile"]),
    ]
    private static let notNames: Set = [
        "sharer", "sharer.php", "share", "intent", "home", "search", "watch", "embed", "hashtag", "login",
        "legal", "about",
        "policies", "policy", "privacy", "pin", "plugins", "dialog", "tr", "explore", "p", "status", "in",
        "feed", "help",
    ]

    /// The letters before the end of each network's host.
    private static let ends = Set(networks.map { Array($0.host.utf8.suffix(6)) })

    /// Most links lead elsewhere, and are not worth being taken apart.
    private static func mayBeOfNetwork(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count > 12, let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return false }
        let rest = bytes[slash...].drop { $0 == UInt8(ascii: "/") }
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        if host.suffix(5).elementsEqual("x.com".utf8) { return true }
        return host.count >= 6 && ends.contains(host.suffix(6).map { $0 | 0x20 })
    }

    static func profile(_ text: String) -> Profile? {
        guard text.utf8.count < 2000, mayBeOfNetwork(text),
            let address = PageAddress(text.replacing(" ", with: "%20"))
        else {
            return nil
        }
        let host = address.host.hasPrefix("www.") ? String(address.host.dropFirst(4)) : address.host
        guard let known = networks.first(where: { host == $0.host || host.hasSuffix("." + $0.host) }) else {
            return nil
        }
        var steps = address.path.split(separator: "/").map(String.init)
        guard let first = steps.first, let step = known.steps.first(where: { $0 == first || $0.isEmpty })
        else { return nil }
        if !step.isEmpty { steps.removeFirst() }
        guard let name = steps.first, !notNames.contains(name.lowercased()), steps.count <= 2 else {
            return nil
        }
        let path = (step.isEmpty ? "/" : "/\(step)/") + name
        let shownHost = known.network == "linkedin" ? "www.linkedin.com" : address.host
        return Profile(
            network: known.network, name: name.hasPrefix("@") ? String(name.dropFirst()) : name,
            address: "https://\(shownHost)\(path)", isCompanyOnLinkedIn: known.network == "linkedin")
    }
}
