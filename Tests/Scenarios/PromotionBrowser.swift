import JSON
import StandIns
import Testing

/// Posts that are shown for money, as people see to them on the page, in a real browser with axe looking on.
@Suite(.ownThread) struct PromotionBrowser {
    @Test func `a post is promoted on its page, started once it is ready, and stopped`() throws {
        let story = try PromotedPosts.Story(BureauProcess.shared), agency = story.agency
        let found = try inBrowser(
            "promoting.py",
            [
                "url": .string("http://127.0.0.1:\(agency.server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "post": .string(story.post.id),
                "ad": story.ad["name"] ?? .null,
                "end": .string(String(PromotedPosts.Story.moment(9).text?.prefix(16) ?? "")),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        let made = try #require(try story.owner.every("/v1/post-promotions").first)
        #expect(made["lifetime_budget"] == cents(5000, "EUR") && made["countries"] == ["DE", "AT"])
        try story.promotion(made.id, is: "stopped")
        #expect(story.shelf.all("ad").map { $0.fields["status"] } == ["PAUSED"])
    }
}
