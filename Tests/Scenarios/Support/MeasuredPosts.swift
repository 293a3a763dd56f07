import Foundation
import JSON
import StandIns
import Testing

/// An agency whose posts grow old: its clock is moved on, and its server killed as it is.
final class MeasuringAgency {
    let agency: Agency
    /// Outlives the days, as tokens of people do not.
    let hand: Caller
    private let clock: MovedClock
    private var now: Date
    /// The time by its clock when it was last moved.
    var time: Date { now }

    static let hour = 3600.0, day = 86_400.0
    /// All servers open the same credentials.
    private static let key = ["master_key": Data((0..<32).map { UInt8($0) }).base64EncodedString()]

    init() throws {
        now = try Date(iso: "2027-03-01T08:00:00.000Z")
        clock = try MovedClock(at: now)
        agency = try BureauProcess.start(Self.key, variables: clock.variables).quietAgency()
        hand = try agency.key([
            "social_posts:read", "social_posts:write", "social_accounts:read", "social_accounts:write",
            "alerts:read", "tools:read", "events:read",
        ])
    }

    /// Another server beside the first, by the same clock.
    func secondServer() throws -> BureauProcess {
        let other = BureauProcess(Self.key, beside: agency.server, variables: clock.variables)
        try other.start()
        return other
    }

    /// Lets some time pass, at whose end the server is killed and started again.
    func pass(_ seconds: Double) throws {
        now += seconds
        agency.server.kill()
        try clock.move(to: now)
        try agency.server.start()
    }

    func post(_ id: String) throws -> JSON { try hand.get("/v1/social-posts/\(id)").ok() }

    func measures(_ id: String) throws -> [JSON] {
        try hand.every("/v1/post-measures?post_id=\(id)&sort=measured_at")
    }

    /// Waits until the figures of a post are of its last reading.
    @discardableResult
    func read(
        _ id: String, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try eventually("reading \(count) of a post", sourceLocation: sourceLocation) {
            let all = try measures(id)
            return all.count == count ? try post(id) : nil
        }
    }
}

/// The results of 56 posts of an account on X by hand: those of Tuesdays at nine have brought 10 each, and those of
/// Saturdays at eight in the evening 40, most of them with a hashtag. Tests share it, and change none of its figures.
struct PostBook {
    let agency: Agency
    let account: JSON
    let posts: [String]
    /// The account's best times, and what is foretold of its second post, as they were when so many were measured.
    private(set) var times: [Int: JSON] = [:], foretold: [Int: JSON] = [:]

    /// The owner, signed in anew: the first test may have been a quarter of an hour ago.
    var owner: Caller {
        get throws { agency.server.caller(try agency.signIn().text("access_token")) }
    }
    /// The post whose result is foretold.
    var predict: String { "/v1/social-posts/\(posts[1])/predict" }

    private static let made = Result { try PostBook(BureauProcess.shared) }
    static var shared: PostBook { get throws { try made.get() } }

    private init(_ server: BureauProcess) throws {
        agency = try server.quietAgency()
        let owner = agency.owner
        account = try owner.post(
            "/v1/social-accounts", ["network": "x", "name": "Acme", "time_zone": "UTC"]
        ).ok(201)
        let account = account
        posts = try (0..<56).map { number in
            let tag = number % 2 == 1 && number < 40 ? " #Roses" : ""
            return try owner.post(
                "/v1/social-posts",
                ["account_id": .string(account.id), "text": .string("News \(number)\(tag)")]
            ).ok(201).id
        }
        for id in posts { try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202) }
        for (number, id) in posts.enumerated() {
            try agency.post(id, is: "awaiting_person")
            let published = Self.moment(of: number)
            try owner.post(
                "/v1/social-posts/\(id)/done",
                ["url": "https://x.com/acme/status/1", "published_at": .string(published.iso)]
            ).ok()
        }
        var known = 0
        for count in [29, 30, 50, 51, posts.count] {
            try measure(known..<count)
            times[count] = try owner.get("/v1/social-accounts/\(account.id)/best-times").ok()
            foretold[count] = try owner.post(predict, [:]).ok()
            known = count
        }
    }

    /// A Tuesday, thirty weeks ago.
    static let begin: Date = {
        let days = (Date.now.timeIntervalSince1970 / 86_400).rounded(.down)
        // The first Tuesday of all was the sixth day.
        let week = ((days - 5) / 7).rounded(.down) - 30
        return Date(timeIntervalSince1970: (week * 7 + 5) * 86_400)
    }()

    static func moment(of number: Int) -> Date {
        let tuesday = begin + 9.25 * 3600 + Double(number / 2) * 7 * 86_400
        return number % 2 == 0 ? tuesday : tuesday + 4 * 86_400 + 11 * 3600
    }

    /// Returns that hour of a week to come.
    static func next(_ number: Int) -> String { (moment(of: number) + 40 * 7 * 86_400).iso }

    /// Has a person say how some of the posts have done.
    private func measure(_ range: Range<Int>) throws {
        for number in range {
            let figures: JSONObject =
                number % 2 == 0
                ? ["likes": 8, "shares": 2, "impressions": 1000]
                : ["likes": 30, "shares": 10, "impressions": 1000]
            try agency.owner.post("/v1/social-posts/\(posts[number])/metrics", .object(figures)).ok(201)
        }
    }
}
