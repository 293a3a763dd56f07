internal import Synchronization

/// A rule of a network that an installation has otherwise than this program, such as `x.text_max=400`: what networks
/// change by themselves waits for no new version of it.
package struct NetworkChange: Equatable, Sendable, LosslessStringConvertible {
    private enum Rule: String {
        case textMax = "text_max", hashtagsMax = "hashtags_max", mentionsMax = "mentions_max"
        case imagesMax = "images_max", dayMax = "posts_per_day"
        case imageSideMax = "image_side_max", imageBytesMax = "image_bytes_max"
        case videoSecondsMax = "video_seconds_max", videoBytesMax = "video_bytes_max", titleMax = "title_max"
        case price, apiVersion = "api_version"
    }

    private let network: SocialNetwork, rule: Rule, value: String

    /// `nil` where there is no such network or rule, or where it cannot be so.
    package init?(_ text: String) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let names = (sides.first ?? "").split(separator: ".").map(String.init)
        guard sides.count == 2, names.count == 2, let network = SocialNetwork(rawValue: names[0]),
            let rule = Rule(rawValue: names[1])
        else { return nil }
        (self.network, self.rule, value) = (network, rule, sides[1])
        let rules = network.rules, number = Int(value) ?? -1
        let isGood =
            switch rule {
            case .apiVersion:
                rules.apiVersion != nil && (1...10).contains(value.utf8.count)
                    && value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }
            case .price: rules.price != nil && (0...10_000_000).contains(number)
            case .hashtagsMax, .mentionsMax, .imagesMax: (0...1000).contains(number)
            case .textMax, .dayMax: (1...1_000_000).contains(number)
            case .imageSideMax: !rules.image.types.isEmpty && (1...100_000).contains(number)
            case .imageBytesMax: !rules.image.types.isEmpty && Self.bytes.contains(number)
            case .videoSecondsMax:
                rules.video != nil && (1...86_400).contains(number)
                    && Self.films.allSatisfy { Double(number) >= rules[keyPath: $0]?.seconds?.lowerBound ?? 0 }
            case .videoBytesMax: rules.video != nil && Self.bytes.contains(number)
            case .titleMax: rules.changes != nil && (1...1000).contains(number)
            }
        guard isGood else { return nil }
    }

    private static let bytes = 1...1_099_511_627_776

    /// The rules of all films, of shorts and of reels.
    private static var films: [WritableKeyPath<NetworkRules, NetworkRules.VideoRules?>] {
        [\.video, \.short, \.reel]
    }

    package var description: String { "\(network.rawValue).\(rule.rawValue)=\(value)" }

    private func apply(to rules: inout NetworkRules) {
        let number = Int(value)
        switch rule {
        case .textMax:
            rules.textMax = number ?? rules.textMax
            rules.adapting.length = min(rules.adapting.length, rules.textMax)
        case .hashtagsMax:
            rules.hashtagsMax = number
            rules.adapting.hashtags = min(rules.adapting.hashtags, number ?? rules.adapting.hashtags)
        case .mentionsMax: rules.mentionsMax = number
        case .imagesMax: rules.imagesMax = number ?? rules.imagesMax
        case .dayMax: rules.dayMax = number
        case .price: rules.price = number
        case .apiVersion: rules.apiVersion = value
        case .imageSideMax: rules.image.sideMax = number
        case .imageBytesMax: rules.image.bytesMax = number ?? rules.image.bytesMax
        case .videoSecondsMax: rules.haveFilms(last: Double(number ?? 0))
        case .videoBytesMax:
            for films in Self.films { rules[keyPath: films]?.bytesMax = number ?? 0 }
        case .titleMax: rules.changes?.titleMax = number ?? 0
        }
    }

    // MARK: The installation's

    /// Networks are the same for all that runs here.
    private static let table = Mutex<[SocialNetwork: NetworkRules]>([:])

    /// Has the rules of networks be so from now on: once, when the process begins.
    package static func install(_ changes: [NetworkChange]) {
        for change in changes {
            var rules = change.network.rules
            change.apply(to: &rules)
            table.withLock { $0[change.network] = rules }
        }
    }

    /// The rules of a network of which something was changed.
    static func changed(_ network: SocialNetwork) -> NetworkRules? { table.withLock { $0[network] } }
}

extension NetworkRules {
    /// Has films last so many seconds at most: shorts and reels, too, where theirs are not fewer.
    fileprivate mutating func haveFilms(last most: Double) {
        video?.last(most)
        if short?.seconds?.upperBound ?? .infinity > most { short?.last(most) }
        if reel?.seconds?.upperBound ?? .infinity > most { reel?.last(most) }
    }
}

extension NetworkRules.VideoRules {
    fileprivate mutating func last(_ most: Double) { seconds = min(seconds?.lowerBound ?? 0, most)...most }
}
