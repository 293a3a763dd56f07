import Foundation
import JSON
import StandIns
import TestRandomness
import Testing

/// The days of a client's quarter, one after another.
extension QuarterStory {
    func live() throws {
        var due: [(at: Date, act: () throws -> Void)] = (0..<QuarterPlan.pieces).map { piece in
            (QuarterPlan.moment(of: piece), { try self.comeOut(piece) })
        }
        for number in mailings.indices where number != 2 {
            due.append((Self.hour(ofMailing: number), { try self.mailLeaves(number) }))
        }
        for week in [2.0, 5, 8, 11] {
            let monday = QuarterPlan.begin + week * 7 * QuarterPlan.day + 7 * 3600
            due.append((monday, { try self.countMoney(monday) }))
        }
        for (at, act) in due.sorted(by: { $0.at < $1.at }) {
            if at > now { try pass(to: at) }
            try act()
        }
        try pass(2 * QuarterPlan.day)
    }

    // MARK: Posts

    /// The posts of a piece, as they are now.
    func records(of piece: Int) throws -> [JSON] {
        try owner.get("/v1/social-posts?content_item_id=\(pieces[piece].id)&limit=20").ok().items
    }

    private func comeOut(_ piece: Int) throws {
        switch QuarterPlan.Turn(rawValue: piece) {
        case .lateYes: try lateYes(piece)
        case .silence: try silence(piece)
        case .oldPosts, .cancelled: try stayAway(piece)
        case .shortBrake: try shortBrake(piece)
        case .longBrake: try longBrake(piece)
        case .spent: try spentBudget(piece)
        case .moved:
            try stayAway(piece)
            try pass(to: QuarterPlan.moment(of: piece) + QuarterPlan.day)
            try settle(piece)
        case .newWords, nil: try settle(piece)
        }
        try prepareNext(piece)
    }

    /// Waits until all posts of a piece stand, and has a person look for those of which nobody knows.
    private func settle(_ piece: Int) throws {
        if chance.below(3) == 0 { try crash(within: 400) }
        try until("the posts of piece \(piece)") {
            let records = try records(of: piece)
            for record in records where record["status"] == "unknown" { try look(for: record) }
            // A server that dies three times at one post leaves it to people.
            for record in records where record["status"] == "failed" {
                try #require(record["reasons"]?[0]["code"] == "not_published", "\(record.serialized)")
                try owner.post("/v1/social-posts/\(record.id)/retry", [:]).ok(202)
            }
            return records.allSatisfy { $0["status"] == "published" }
        }
    }

    /// Says whether a post stands, and has it leave where it does not.
    private func look(for record: JSON) throws {
        let path = "/v1/social-posts/\(record.id)"
        let account = try #require(accounts.values.first { $0.id == record.text("account_id") })
        let said = networks.said(at: account.text("network"))
        let rest = record["thread"]?.array?.compactMap(\.text) ?? []
        var stands = ([record.text("text")] + rest).allSatisfy(said.contains)
        // Where the post was known to stand, the answer to its comment was lost.
        if stands, record["remote_id"]?.text != nil, let comment = record["first_comment"]?.text {
            stands = networks.comments(at: account.text("network")).contains(comment)
        }
        let outcome: JSON = ["outcome": stands ? "published" : "not_published"]
        try owner.post("\(path)/resolve", outcome).ok()
        if !stands { try owner.post("\(path)/retry", [:]).ok(202) }
    }

    /// Lets the hour of a piece pass of which nothing may leave.
    private func stayAway(_ piece: Int) throws {
        let count = networks.count
        try crash(within: 200)
        try pass(90 * 60)
        try until("an end of piece \(piece)") {
            try records(of: piece).allSatisfy {
                ["missed", "cancelled", "needs_approval", "scheduled"].contains($0.text("status"))
            }
        }
        #expect(networks.count == count, "piece \(piece)")
    }

    /// Changes the words of a piece, and those of its posts as far as somebody looks at them.
    private func rewrite(_ piece: Int, withPosts: Bool = true) throws {
        let body: JSON = ["body": .string(QuarterPlan.words(piece, " anew"))]
        try owner.patch("/v1/content-items/\(pieces[piece].id)", body).ok()
        let new = QuarterPlan.posts(of: piece, " anew")
        posts.removeAll { $0.piece == piece }
        posts += new
        guard withPosts else { return }
        for record in try records(of: piece) {
            let post = try #require(new.first { accounts[$0.account]?.id == record.text("account_id") })
            try owner.patch(
                "/v1/social-posts/\(record.id)",
                [
                    "text": .string(post.text), "thread": JSON(post.thread),
                    "first_comment": JSON(post.comment),
                ]
            ).ok()
        }
    }

    // MARK: A client who edits

    private func lateYes(_ piece: Int) throws {
        let count = networks.count
        try crash(within: 300)
        try pass(20 * 60)
        #expect(networks.count == count, "nobody has agreed to piece \(piece)")
        try agree(to: piece)
        for record in try records(of: piece) {
            try owner.post("/v1/social-posts/\(record.id)/publish", [:]).ok(202)
        }
        for place in posts.indices where posts[place].piece == piece { posts[place].at = now }
        try settle(piece)
    }

    private func silence(_ piece: Int) throws {
        posts.removeAll { $0.piece == piece }
        try stayAway(piece)
    }

    /// Sees to what comes before the next piece.
    private func prepareNext(_ piece: Int) throws {
        let next = piece + 1
        switch QuarterPlan.Turn(rawValue: next) {
        case .lateYes, .silence:
            // They were asked again, and want it warmer.
            let title: JSON = ["title": .string("Piece \(next), again")]
            try owner.patch("/v1/content-items/\(pieces[next].id)", title).ok()
            let link = try ask(about: next)
            try agency.server.anonymous.post("\(link)/request-changes", ["text": "Warmer, please"]).ok()
            try rewrite(next)
        case .newWords:
            try rewrite(next)
            try agree(to: next)
            try plan(next, at: QuarterPlan.moment(of: next))
        case .oldPosts:
            try rewrite(next, withPosts: false)
            posts.removeAll { $0.piece == next }
            try agree(to: next)
        case .moved:
            try plan(next, at: QuarterPlan.moment(of: next) + QuarterPlan.day)
        case .cancelled:
            for record in try records(of: next) {
                try owner.post("/v1/social-posts/\(record.id)/cancel", [:]).ok()
            }
            posts.removeAll { $0.piece == next }
        case .shortBrake, .longBrake: try stop()
        case .spent:
            let number = try #require(QuarterPlan.campaign(of: next)), money = campaigns[number]
            let rest = money.budget - money.spent.values.reduce(0, +)
            try spend(rest, on: QuarterMoney.channels[0], of: number, String(now.iso.prefix(10)))
        case nil: break
        }
    }

    /// Plans the posts of a piece for another moment.
    private func plan(_ piece: Int, at moment: Date) throws {
        for record in try records(of: piece) {
            try owner.post(
                "/v1/social-posts/\(record.id)/schedule", ["at": .string(moment.iso)]
            ).ok()
        }
        for place in posts.indices where posts[place].piece == piece { posts[place].at = moment }
    }

    // MARK: Brakes

    private func stop() throws {
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        stopped = (brake.id, networks.count, sink.mailCount)
    }

    /// Looks whether anything has left while the brake was on, and releases it.
    private func goOn() throws {
        let stopped = try #require(stopped)
        #expect(networks.count == stopped.posts && sink.mailCount == stopped.mails, "a brake is on")
        try owner.post("/v1/brakes/\(stopped.brake)/release", [:]).ok()
        self.stopped = nil
    }

    private func shortBrake(_ piece: Int) throws {
        try crash(within: 300)
        try pass(20 * 60)
        try crash(within: 300)
        try goOn()
        for place in posts.indices where posts[place].piece == piece { posts[place].at = now }
        try pass(31)
        try settle(piece)
    }

    private func longBrake(_ piece: Int) throws {
        try crash(within: 300)
        try pass(35 * 60)
        try crash(within: 500)
        try pass(55 * 60)
        try until("the posts of piece \(piece) are missed") {
            try records(of: piece).allSatisfy { $0["status"] == "missed" }
        }
        try goOn()
        try mailLeaves(2)
        let at = QuarterPlan.moment(of: piece) + QuarterPlan.day
        try plan(piece, at: at)
        try pass(to: at)
        try settle(piece)
    }

    // MARK: Money

    private func spentBudget(_ piece: Int) throws {
        posts.removeAll { $0.piece == piece }
        try stayAway(piece)
        let number = try #require(QuarterPlan.campaign(of: piece)), path = campaigns[number].path
        #expect(try owner.get(path).ok()["paused_because"] == "budget_exhausted")
        campaigns[number].budget += 50_000
        try owner.patch(path, ["budget": cents(campaigns[number].budget)]).ok()
        try owner.post("\(path)/resume").ok()
    }

    /// Notes what a channel has cost on a day: the server dies, and as nobody knows whether it is kept, it is said
    /// again.
    private func spend(_ amount: Int64, on channel: String, of number: Int, _ day: String) throws {
        let body: JSON = ["channel": .string(channel), "date": .string(day), "amount": cents(amount)]
        try owner.post("\(campaigns[number].path)/spend", body).ok()
        if chance.below(4) == 0 {
            try crash(within: 20)
            try owner.post("\(campaigns[number].path)/spend", body).ok()
        }
        campaigns[number].spent[channel, default: 0] += amount
    }

    private func countMoney(_ monday: Date) throws {
        let day = String((monday - QuarterPlan.day).iso.prefix(10))
        for number in campaigns.indices {
            for (place, channel) in QuarterMoney.channels.enumerated() {
                try spend(Int64(2000 + chance.below(4001)), on: channel, of: number, day)
                try owner.post(
                    "/v1/metrics",
                    [
                        "campaign_id": .string(campaigns[number].id), "source": .string(channel),
                        "metric": "conversions", "date": .string(day),
                        "value": JSON(10 + chance.below(20 + 40 * place)),
                    ]
                ).ok(201)
            }
        }
        let run = try owner.post("/v1/agents/budget_allocation/runs", ["parameters": [:]])
        let place = try #require(run.header("Location"), "\(run)")
        try crash(within: 150)
        try eventuallyTrue("the end of the run") { try owner.get(place).ok()["status"] == "succeeded" }
    }

    // MARK: Mails

    private func mailLeaves(_ number: Int) throws {
        let path = "/v1/email-campaigns/\(mailings[number].id)"
        try until("the mail of campaign \(number)", within: 1500) {
            guard try owner.get(path).ok()["status"] == "sent" else { return false }
            let unknown = try owner.every("/v1/messages?direction=outbound&status=unknown")
            for message in unknown { try look(forMail: message) }
            return unknown.isEmpty
        }
        try until("what was said again") {
            try ["queued", "sending", "held"].allSatisfy {
                try owner.get("/v1/messages?direction=outbound&purpose=marketing&status=\($0)").ok().items
                    .isEmpty
            }
        }
    }

    /// Says whether a mail has arrived of which nobody knows; it leaves again where it has not.
    private func look(forMail message: JSON) throws {
        let id = message.text("internet_id")
        let arrived = !id.isEmpty && sink.mails.contains { $0.text.contains(id) }
        try owner.post(
            "/v1/messages/\(message.id)/resolve", ["outcome": arrived ? "sent" : "not_sent"]
        ).ok()
    }
}
