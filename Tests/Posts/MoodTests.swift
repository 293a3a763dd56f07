import Testing

@testable import Posts

/// Moods and subjects are told only where chance would hardly bring them about.
@Suite struct MoodTests {
    private func counts(bad: Int, good: Int) -> MoodCounts {
        var counts = MoodCounts()
        counts.add(.negative, bad, sum: -0.5 * Double(bad))
        counts.add(.positive, good, sum: 0.5 * Double(good))
        return counts
    }

    @Test func `chances are those of the hypergeometric distribution`() {
        // (C(10,8) C(20,2) + C(10,9) C(20,1) + C(10,10)) / C(30,10)
        let rare = Rarity.chance(of: 8, in: 10, besides: 2, in: 20)
        #expect(abs(rare - 8751.0 / 30_045_015) < 1e-15)
        #expect(Rarity.chance(of: 0, in: 10, besides: 5, in: 20) == 1, "none at least is certain")
        // C(6,5) / C(18,5)
        #expect(abs(Rarity.chance(of: 5, in: 6, besides: 0, in: 12) - 6.0 / 8568) < 1e-15)
        #expect(Rarity.chance(of: 3, in: 3, besides: 4, in: 4) == 1, "all are hits")
        let many = Rarity.chance(of: 900, in: 1000, besides: 0, in: 3000)
        #expect(many >= 0 && many < 1e-200)
    }

    @Test func `a week that sounds worse is a fall, with enough said by enough people`() throws {
        let before = counts(bad: 2, good: 20)
        let fall = try #require(MoodFall(counts(bad: 8, good: 4), after: before, people: 5))
        #expect(fall.chance < 0.01 && fall.recent.badShare == 8.0 / 12)
        #expect(MoodFall(counts(bad: 8, good: 4), after: before, people: 2) == nil, "two are no mood")
        #expect(MoodFall(counts(bad: 8, good: 1), after: before, people: 8) == nil, "nine are few")
        #expect(MoodFall(counts(bad: 8, good: 4), after: counts(bad: 0, good: 19), people: 5) == nil)
        #expect(MoodFall(counts(bad: 2, good: 10), after: before, people: 2) == nil, "that happens")
        #expect(MoodFall(counts(bad: 3, good: 9), after: counts(bad: 30, good: 10), people: 3) == nil)
    }

    private func said(_ people: Range<Int>, _ words: Set<String>, late: Bool) -> [RisingWord.Said] {
        people.map { RisingWord.Said(conversation: "person \($0)", isLate: late, words: words) }
    }

    @Test func `a word is a subject once more people say it, however often one does`() throws {
        let before = said(0..<12, ["design"], late: false)
        let now = said(20..<25, ["delivery", "design"], late: true) + said(25..<26, ["design"], late: true)
        let found = RisingWord.all(before + now, limit: 10)
        let word = try #require(found.first)
        #expect(found.count == 1 && word.word == "delivery")
        #expect(word.people == 5 && word.before == 0 && word.conversations.count == 5)
        let one = (0..<9).flatMap { _ in said(30..<31, ["refund"], late: true) }
        #expect(RisingWord.all(before + now + one, limit: 10).map(\.word) == ["delivery"])
        #expect(RisingWord.all(now, limit: 10).isEmpty, "nobody was listened to before")
    }
}
