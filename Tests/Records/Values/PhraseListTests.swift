import Records
import Testing

@Suite struct PhraseListTests {
    private let list = PhraseList(["new market", "new market share", "grow", "new", "by hand"])

    @Test(
        arguments: [
            ("We grow into a NEW market.", "grow"), ("A new-market share", "new market share"),
            ("a new marketing plan", "new"), ("done by hand", "by hand"), ("by handy", nil), ("", nil),
            ("growth", nil),
        ] as [(String, String?)])
    func `the first phrase of whole words is found, and the longest that begins there`(
        text: String, found: String?
    ) {
        #expect(list.first(in: Words(text)) == found)
    }

    @Test func `an empty phrase is never found`() {
        #expect(!PhraseList(["", " "]).isFound(in: Words("anything")))
    }
}
