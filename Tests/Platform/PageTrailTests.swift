import Integrations
import Testing

/// Pages that lead in circles, by the places that they name and by what is on them.
struct PageTrailTests {
    @Test func `a page is repeated when it is the one before, or leads back to a place that was there`() {
        let pages: [(entries: [String], next: String?, isRepeated: Bool)] = [
            (["a"], "2", false), (["b"], "3", false),
            // Entries may come again behind another page; pages without any say nothing.
            (["a"], "4", false), ([], "5", false), ([], nil, false), (["a"], nil, false),
            (["a"], "6", true), (["c"], "3", true),
        ]
        var trail = PageTrail()
        for page in pages {
            let isRepeated = trail.isRepeated(page.entries, next: page.next)
            #expect(isRepeated == page.isRepeated, "\(page)")
        }
        #expect(trail.count == 4)
    }

    @Test func `a place was there before from its second time on`() {
        var trail = PageTrail()
        let isBack = ["/1", "/2", "/1"].map { trail.leadsBack(to: $0) }
        #expect(isBack == [false, false, true] && trail.count == 2)
    }
}
