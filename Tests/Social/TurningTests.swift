import Social
import Testing

/// A post comes again in other words, which say no more than the first ones.
@Suite struct Turning {
    private static let words = PostTurning.Words(
        openings: ["In case you missed it:"], leaning: ["it", "this", "they"])

    private func turns(
        _ text: String, _ others: [String] = [], on network: SocialNetwork = .linkedin
    ) -> [String] {
        PostTurning(text, others: others, words: Self.words, on: network).turns
    }

    /// The sentences of a text, without its links, hashtags and beginnings.
    private func sentences(_ text: String) -> Set<String> {
        Set(
            text.replacing("In case you missed it: ", with: "").split(separator: "\n\n").flatMap {
                $0.split(separator: ". ").map { String($0.hasSuffix(".") ? $0.dropLast() : $0) }
            })
    }

    @Test func `another sentence of the piece comes first, and the link stays last`() {
        let found = turns(
            "We report by the hour. Clients see it at once.\n\nhttps://acme.example #Reports",
            [
                "Nobody waits for Monday any more.", "It saves time.", "See https://acme.example/more",
                "{{ name }}!",
            ])
        #expect(
            found[0]
                == "Nobody waits for Monday any more. We report by the hour. Clients see it at once.\n\n"
                + "https://acme.example #Reports")
        #expect(
            found.contains("Clients see it at once. We report by the hour.\n\nhttps://acme.example #Reports"))
        #expect(
            found.last
                == "In case you missed it: We report by the hour. Clients see it at once.\n\n"
                + "https://acme.example #Reports")
        #expect(found.count == 3, "\(found)")
    }

    @Test func `sentences that lean on others stay where they are`() {
        #expect(
            turns("We report by the hour. It helps.") == [
                "In case you missed it: We report by the hour. It helps."
            ])
    }

    @Test func `no turn is the post itself, is there twice, or has no room`() {
        let text = "A" + String(repeating: "a", count: 137) + ". B" + String(repeating: "b", count: 137) + "."
        let found = turns(text, ["Short one.", String(repeating: "c", count: 300) + "."], on: .x)
        // The openings have no room on X, and the piece's sentence takes that of the second.
        #expect(found.count == 2 && found.allSatisfy { $0.count <= 280 })
        #expect(found[0].hasPrefix("Short one. Aaa") && !found[0].contains("b"))
        #expect(!turns("One.", ["ONE."]).contains("One."))
    }

    @Test func `every turn says only what was said`() {
        let own = "Seven of ten clients stay. The first year is free of charge. Support answers in a day."
        let others = ["Reports come by mail.", "Prices hold until May.", "The office is in Bern."]
        let all = sentences(own).union(sentences(others.joined(separator: " ")))
        let found = turns(own, others)
        #expect(found.count == 6)
        for turn in found { #expect(sentences(turn).isSubset(of: all), "\(turn)") }
        #expect(Set(found).count == found.count)
    }
}
