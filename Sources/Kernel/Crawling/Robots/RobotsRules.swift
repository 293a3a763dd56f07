/// The rules of a site's `robots.txt` for one program (RFC 9309), and what else it tells.
package struct RobotsRules: Sendable {
    /// More is not read.
    package static let bytesMax = 500 * 1024

    /// The pause between two requests that the site asks for, at most 30 seconds.
    package private(set) var crawlDelay: Duration?
    /// The addresses of its sitemaps, as written.
    package private(set) var sitemaps: [String] = []
    private var rules: [(isAllowed: Bool, pattern: RobotsPattern)] = []

    private struct Group {
        var names: [String] = []
        var rules: [(Bool, RobotsPattern)] = []
        var delay: Duration?
    }

    /// Rules that forbid nothing.
    package static let none = RobotsRules()

    private init() {}

    /// Reads a file for the program that calls itself `name`: all groups that name it, or else all for everybody.
    package init(_ bytes: [UInt8], for name: String) {
        let groups = Self.groups(of: bytes, &sitemaps)
        let name = name.lowercased()
        let own = groups.filter { $0.names.contains(name) }
        for group in own.isEmpty ? groups.filter({ $0.names.contains("*") }) : own {
            rules += group.rules
            if let delay = group.delay { crawlDelay = max(crawlDelay ?? .zero, delay) }
        }
    }

    /// Returns whether a path with its query may be asked for. The longest pattern that fits decides, and of
    /// two that are as long the one that allows.
    package func allows(_ target: String) -> Bool {
        if target == "/robots.txt" { return true }
        guard !rules.isEmpty else { return true }
        let bytes = RobotsPattern.normalized(target)
        var longest = -1, isAllowed = true
        for rule in rules where rule.pattern.length >= longest {
            guard rule.pattern.length > longest || rule.isAllowed && !isAllowed, rule.pattern.matches(bytes)
            else {
                continue
            }
            (longest, isAllowed) = (rule.pattern.length, rule.isAllowed)
        }
        return isAllowed
    }

    // MARK: Reading

    private static func groups(of bytes: [UInt8], _ sitemaps: inout [String]) -> [Group] {
        var groups: [Group] = [], group = Group(), hasRules = false
        var text = bytes.prefix(bytesMax)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let (field, value) = split(line) else { continue }
            switch field {
            case "user-agent", "useragent", "user agent":
                if hasRules {
                    groups.append(group)
                    (group, hasRules) = (Group(), false)
                }
                group.names.append(product(of: value))
            case "allow", "disallow":
                hasRules = true
                if let pattern = RobotsPattern(value) { group.rules.append((field == "allow", pattern)) }
            case "crawl-delay":
                guard let seconds = Double(value), seconds > 0 else { continue }
                group.delay = .milliseconds(Int64(min(seconds, 30) * 1000))
            case "sitemap": if sitemaps.count < 100 { sitemaps.append(value) }
            default: break
            }
        }
        groups.append(group)
        return groups
    }

    private static func split(_ line: ArraySlice<UInt8>) -> (String, String)? {
        let bare = line.prefix { $0 != UInt8(ascii: "#") }
        guard let colon = bare.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return (trimmed(bare[..<colon]).lowercased(), trimmed(bare[(colon + 1)...]))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.drop { $0 <= 0x20 }
        guard let end = start.lastIndex(where: { $0 > 0x20 }) else { return "" }
        return String(decoding: start[...end], as: UTF8.self)
    }

    /// `BureauBot` of `BureauBot/1.0`.
    private static func product(of value: String) -> String {
        if value.hasPrefix("*") { return "*" }
        let name = value.utf8.prefix {
            (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80 || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: "-")
        }
        return String(Substring(name)).lowercased()
    }
}

/// The meaning of a site's answer to the question for its `robots.txt` (RFC 9309 §2.3.1), stricter than it in
/// two ways: who must not read the rules must not read the site, and one who asks too often waits.
package enum RobotsVerdict: Sendable {
    case rules(RobotsRules)
    /// Nothing is asked of the site.
    case closed
    /// There is no answer, so nothing is asked until there is one.
    case unreachable

    package init(status: Int?, body: [UInt8], for name: String) {
        switch status {
        case .some(200..<300): self = .rules(RobotsRules(body, for: name))
        case 401, 403: self = .closed
        case 429, .none: self = .unreachable
        // Further than redirects are followed counts as absent, like every other answer of this kind.
        case .some(300..<500): self = .rules(.none)
        case .some: self = .unreachable
        }
    }
}
