import Foundation
import JSON
import StandIns
import TestRandomness
import Testing

/// An agency that lives through a client's quarter: its clock is moved on from one minute that counts to the next, and
/// its server is killed at every one of them, and at random moments in between.
final class QuarterStory {
    let agency: Agency
    let networks: QuarterNetworks
    let sink: SMTPStandIn
    /// The owner of the agency, signed in anew each time that the clock was moved.
    private(set) var owner: Caller
    private(set) var kills = 0
    /// When it dies, and what is spent.
    var chance: SeededGenerator
    let client: JSON
    /// By their names.
    let accounts: [String: JSON]
    var pieces: [JSON] = []
    /// The posts that are to stand in the end, and those that are not.
    var posts: [QuarterPost] = []
    var campaigns: [QuarterMoney] = []
    var mailings: [JSON] = []
    /// The brake that is on, with what had left before.
    var stopped: (brake: String, posts: Int, mails: Int)?
    private let clock: MovedClock
    private var shown: Date, moved = ContinuousClock.now

    init(seed: UInt64) throws {
        chance = SeededGenerator(seed)
        shown = QuarterPlan.begin
        clock = try MovedClock(at: shown)
        agency = try BureauProcess.start(variables: clock.variables).quietAgency()
        owner = agency.owner
        (networks, sink) = (try QuarterNetworks(), try SMTPStandIn())
        try agency.readyToMail(["frequency_caps": []])
        try agency.connect("smtp", sink.url)
        client = try owner.post(
            "/v1/clients",
            ["name": "Acme", "contact_email": "ann@acme.example", "content_approval": true]
        ).ok(201)
        accounts = try networks.connect(agency, of: client.id)
    }

    // MARK: Time

    /// The time of the agency's clock.
    var now: Date { shown + (ContinuousClock.now - moved) / .seconds(1) }

    /// Kills the server, and starts it at another moment.
    func pass(to date: Date) throws {
        agency.server.kill()
        (kills, shown, moved) = (kills + 1, date, .now)
        try clock.move(to: date)
        try agency.server.start()
        owner = agency.server.caller(try agency.signIn().text("access_token"))
    }

    func pass(_ seconds: Double) throws { try pass(to: now + seconds) }

    /// Kills the server within so many milliseconds, and starts it again.
    func crash(within milliseconds: Int) throws {
        usleep(UInt32(chance.below(milliseconds * 1000)))
        kills += 1
        try agency.server.killAndRestart()
    }

    // MARK: Asking until it holds

    /// Lets time pass in small steps, each with a crash, until a condition holds: what waits for some seconds is due
    /// again at each.
    func until(
        _ what: String, every seconds: Double = 2.5, within milliseconds: Int = 600,
        sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
    ) throws {
        for round in 0..<40 {
            // A machine that is busy gets more and more time between two crashes.
            let end = ContinuousClock.now + .milliseconds(250 + chance.below(milliseconds) + 300 * round)
            while ContinuousClock.now < end {
                if try condition() { return }
                usleep(20_000)
            }
            try pass(seconds)
        }
        let dead = try owner.every("/v1/jobs?state=dead").map { $0.text("kind") }
        try #require(
            Bool(false), "\(what) never came about; dead jobs: \(dead)", sourceLocation: sourceLocation)
    }

    /// A file that is killed in the middle of coming in.
    func bringIn(_ resource: String, _ file: String) throws -> JSON {
        let answer = try owner.post("/v1/\(resource)/import", raw: Array(file.utf8), type: "text/csv")
        let place = try #require(answer.header("Location"))
        try eventuallyTrue("some of the file", every: .milliseconds(2)) {
            (try owner.get(place).ok()["processed"]?.int ?? 0) > 0
        }
        try crash(within: 100)
        return try agency.finished(answer)
    }
}

/// Returns a campaign's parts, and what was spent on it.
struct QuarterMoney {
    static let channels = ["google_ads", "meta_ads"]

    let id: String
    var budget: Int64
    let shares: [Int64]
    var spent: [String: Int64] = [:]
    var path: String { "/v1/campaigns/\(id)" }
}
