import Testing

@testable import Content

/// Pieces are known again by the words that they share.
@Suite struct LikenessTests {
    private let roses =
        "Pruning roses in late winter keeps them healthy. Cut above an outward bud, remove dead wood, and clear fallen leaves so that black spot does not come back. Water deeply once a week in summer."

    private func shingles(_ text: String) throws -> Shingles { try #require(Shingles(ScannedText(text))) }

    @Test func `words that were turned a little are found, and those of the same subject are not`() throws {
        let again = roses.replacing("late winter", with: "February").replacing("healthy", with: "strong")
        let other =
            "Roses love sun. Plant them in spring where the soil drains well, and give each one room. In the first year let them settle, and pick only a few flowers for the table."
        let (old, new) = (try shingles(roses), try shingles(again))
        let likeness = new.likeness(to: old)
        #expect(likeness.share > 0.7 && likeness.share < 1)
        let place = String(String.UnicodeScalarView(Array(again.unicodeScalars)[likeness.place]))
        #expect(place.hasPrefix("Cut above") && place.hasSuffix("in summer"))
        #expect(!Set(old.bands).isDisjoint(with: new.bands))
        #expect(Set(old.bands).isDisjoint(with: try shingles(other).bands))
        #expect(try shingles(other).likeness(to: old).share < 0.1)
    }

    @Test func `a text of a few words is like none`() {
        #expect(Shingles(ScannedText("We have news about gardens.")) == nil)
    }

    /// Half of the runs are shared by the texts of which one sentence in four is another.
    @Test func `texts that share half of their runs have a band in common`() throws {
        var found = 0
        for number in 0..<200 {
            let words = (0..<60).map { "word\(number)x\($0)" }
            var changed = words
            for place in stride(from: 4, to: 60, by: 10) { changed[place] = "other\(place)" }
            let (one, two) = (
                try shingles(words.joined(separator: " ")), try shingles(changed.joined(separator: " "))
            )
            if !Set(one.bands).isDisjoint(with: two.bands) { found += 1 }
        }
        #expect(found >= 196, "\(found) of 200")
    }
}
