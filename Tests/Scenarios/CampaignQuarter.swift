import Foundation
import JSON
import StandIns
import Testing

/// A client's quarter as a whole: whatever dies, waits, is stopped or is changed meanwhile, all that was agreed to
/// comes out once, at its minute, and nothing else.
@Suite(.ownThreadFirst) struct CampaignQuarter {
    /// The seed of the crashes.
    private static let seed = ProcessInfo.processInfo.environment["BUREAU_TEST_SEED"].flatMap { UInt64($0) }

    @Test(.enabled(if: seed != nil, "takes minutes: make quarter"))
    func `a quarter of posts, mails and money, with a server that dies at random moments`() throws {
        let seed = try #require(Self.seed)
        let story = try QuarterStory(seed: seed)
        try story.prepare()
        try story.live()
        #expect(story.kills > 40, "seed \(seed)")
        checkPosts(story)
        try checkCalendar(story)
        try checkMails(story)
        try checkMoney(story)
        #expect(try story.owner.get("/v1/audit/verify").ok()["valid"] == true)
        // A run at which the server dies several times is left to people.
        let failed = try story.owner.every("/v1/agent-runs?status=failed")
        #expect(failed.allSatisfy { $0["error"]?["code"] == "quarantined" }, "\(failed)")
    }

    /// Each text stands once at its network, each comment once below it, and nothing that was not agreed to.
    private func checkPosts(_ story: QuarterStory) {
        #expect(story.posts.count == 12 * (QuarterPlan.pieces - 4))
        for network in QuarterNetworks.names {
            let own = story.posts.filter { $0.network == network }
            #expect(story.networks.said(at: network).sorted() == own.flatMap(\.parts).sorted(), "\(network)")
            #expect(story.networks.comments(at: network).sorted() == own.compactMap(\.comment).sorted())
        }
    }

    /// The posts that the calendar of the quarter has as published were published, each at its minute.
    private func checkCalendar(_ story: QuarterStory) throws {
        let range = "from=\(QuarterPlan.first)&to=\(QuarterPlan.last)"
        let entries = try story.owner.get("/v1/content-calendar?\(range)").ok()["entries"]?.array ?? []
        let published = entries.filter { $0["kind"] == "post" && $0["status"] == "published" }
        let planned = Dictionary(
            uniqueKeysWithValues: story.posts.map { ("\($0.network) \($0.text)", $0.at) })
        #expect(
            published.map { "\($0.text("network")) \($0.text("title"))" }.sorted() == planned.keys.sorted())
        for entry in published {
            let at = try Date(iso: entry.text("at"))
            let wanted = try #require(planned["\(entry.text("network")) \(entry.text("title"))"])
            #expect(abs(at.timeIntervalSince(wanted)) < 300, "\(entry.serialized) at \(wanted.iso)")
            #expect(entry.text("date") == at.iso.prefix(10))
        }
        let records = try story.owner.every("/v1/social-posts?status=published")
        #expect(Set(records.map(\.id)) == Set(published.map(\.id)))
        let mails = entries.filter { $0["kind"] == "email" }
        #expect(mails.count == story.mailings.count && mails.allSatisfy { $0["status"] == "sent" })
        #expect(
            entries.count { $0["kind"] == "post" } == 12 * QuarterPlan.pieces, "what did not come out, too")
    }

    /// People who were drawn to get a mail have got it once.
    private func checkMails(_ story: QuarterStory) throws {
        let arrived = Dictionary(grouping: story.sink.mails) { header("Subject", of: $0.text) ?? "" }
        for (number, mailing) in story.mailings.enumerated() {
            let results = try story.owner.results(ofMailCampaign: mailing)
            let mails = arrived["Mail \(number)"] ?? [], people = mails.flatMap(\.recipients)
            #expect(Set(people).count == people.count, "nobody gets two of mail \(number)")
            let members = QuarterPlan.contacts / 80
            #expect(results["members"] == JSON(members))
            let held = results["holdout"]?["people"]?.int ?? 0
            #expect(number == 1 ? held > 0 : held == 0)
            #expect(people.count == members - Int(held), "mail \(number)")
            #expect(results["sent"] == JSON(people.count))
        }
    }

    /// The channels of each campaign may spend what they had together, and each cent that was spent is told
    /// once.
    private func checkMoney(_ story: QuarterStory) throws {
        for money in story.campaigns {
            let record = try story.owner.get(money.path).ok()
            let shares = (record["channels"]?.array ?? []).compactMap { $0.cents("budget") }
            // Where a person has added to the budget, the next move shares that out, too.
            let wholes = [money.shares.reduce(0, +), money.budget]
            #expect(wholes.contains(shares.reduce(0, +)))
            #expect(record.cents("budget") == money.budget)
            let spent = money.spent.values.reduce(0, +)
            #expect(try story.owner.get("\(money.path)/pacing").ok().cents("spent") == spent)
            let noted = try story.owner.every("\(money.path)/spend").compactMap { $0.cents("amount") }
            #expect(noted.reduce(0, +) == spent)
            // Each move begins where the one before has ended: none was booked twice, and none was lost.
            let moves = try story.owner.every("/v1/audit?action=campaign.budget_moved").filter {
                $0["subject"]?["id"] == .string(money.id)
            }.sorted { $0.id < $1.id }.compactMap { $0["changes"]?["channels"] }
            #expect(!moves.isEmpty)
            var before = money.shares
            for move in moves {
                #expect(budgets(move["from"]) == before)
                before = budgets(move["to"])
                #expect(wholes.contains(before.reduce(0, +)))
            }
            #expect(shares == before)
        }
    }

    private func budgets(_ channels: JSON?) -> [Int64] {
        (channels?.array ?? []).compactMap { $0.cents("budget") }
    }
}
