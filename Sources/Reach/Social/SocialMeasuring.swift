package import Agents
package import Integrations
package import JSON

/// A network that tells how posts do.
package protocol SocialMeasuring: SocialPublishing {
    /// The most posts of one question.
    var postsAtOnce: Int { get }

    /// Returns what the network has of posts, by their identifiers there. A post that the answer leaves out is asked
    /// for another time.
    func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading]
    /// Returns the price of a question for some posts, in millionths of a minor unit, where any call costs `call`.
    func price(ofReading posts: Int, _ settings: JSONObject, call: Int64) -> Int64
}

extension SocialMeasuring {
    package func price(ofReading posts: Int, _ settings: JSONObject, call: Int64) -> Int64 { call }
}

/// A post that stands at its network.
package struct StandingPost: Sendable {
    /// The identifier that the network has given it.
    package let id: String
    package let format: PostFormat
    /// The time for which it has stood.
    package let age: Duration

    package init(id: String, format: PostFormat, age: Duration) {
        (self.id, self.format, self.age) = (id, format, age)
    }
}

package enum PostReading: Sendable {
    case figures(PostFigures)
    /// It stands there no more.
    case gone
}

/// The figures of a post so far. What the network does not tell is `nil`: that is not 0.
package struct PostFigures: Hashable, Sendable {
    /// The number of times that it was shown; of a film, that it was begun.
    package var impressions: Int?
    /// The number of people it was shown to.
    package var reach: Int?
    package var likes: Int?, comments: Int?, shares: Int?, saves: Int?, clicks: Int?
    /// The time for which all together have watched it.
    package var watchSeconds: Int?
    /// The money that it has earned, in US cents.
    package var earnings: Int?

    package init() {}

    package var isEmpty: Bool { self == PostFigures() }

    /// The number of times that readers did something with it: likes, comments, shares and saves, as far as the network
    /// has them.
    package var engagements: Int? {
        let known = [likes, comments, shares, saves].compactMap(\.self)
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    /// Returns which figures are smaller than they were, by their names in the API.
    package func fallen(since old: PostFigures) -> [String] {
        PostFigure.allCases.filter { figure in
            guard let now = self[figure], let before = old[figure] else { return false }
            return now < before
        }.map(\.rawValue)
    }

    package subscript(_ figure: PostFigure) -> Int? {
        get { self[keyPath: figure.path] }
        set { self[keyPath: figure.path] = newValue }
    }
}

/// A figure of a post, by its name in the API.
package enum PostFigure: String, CaseIterable, Sendable {
    case impressions, reach, likes, comments, shares, saves, clicks
    case watchSeconds = "watch_seconds"
    case earnings = "earnings_us_cents"

    package static let range: ClosedRange<Int64> = 0...1_000_000_000_000

    package var about: String {
        switch self {
        case .impressions: "How often it was shown, or a film begun."
        case .reach: "How many people it was shown to."
        case .likes: "How many have liked it, in whatever way."
        case .comments: "How often something was said below it."
        case .shares: "How often it was passed on."
        case .saves: "How often it was kept for later."
        case .clicks: "How often its link was followed."
        case .watchSeconds: "For how long all together have watched it."
        case .earnings: "Its earnings in US cents, as far as the network estimates them."
        }
    }

    fileprivate var path: WritableKeyPath<PostFigures, Int?> {
        switch self {
        case .impressions: \.impressions
        case .reach: \.reach
        case .likes: \.likes
        case .comments: \.comments
        case .shares: \.shares
        case .saves: \.saves
        case .clicks: \.clicks
        case .watchSeconds: \.watchSeconds
        case .earnings: \.earnings
        }
    }
}
