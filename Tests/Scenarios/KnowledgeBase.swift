import JSON
import Testing

@Suite(.ownThread) struct KnowledgeBase {
    let server = BureauProcess.shared

    private func article(
        _ owner: Caller, _ title: String, _ body: String, _ status: String = "published"
    ) throws -> JSON {
        try owner.post(
            "/v1/articles", ["title": .string(title), "body": .string(body), "status": .string(status)]
        ).ok(201)
    }

    @Test func `an article is found by its words, has versions, and is shown when it is published`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let logo = try article(
            owner, "Changing your logo", "Open *Settings*, then Branding. <script>x</script>")
        let draft = try article(owner, "Old logo", "A draft", "draft")
        #expect(Set(try owner.every("/v1/articles?q=logo").map(\.id)) == [logo.id, draft.id])
        #expect(try owner.every("/v1/articles?q=logo&status=published").map(\.id) == [logo.id])
        let page = "/kb/\(agency.tenant.text("slug"))"
        let shown = try server.anonymous.get("\(page)/\(logo.id)", ["Accept": "text/html"])
        #expect(shown.status == 200 && shown.text.contains("<em>Settings</em>"))
        #expect(!shown.text.contains("<script>"), "what is written is no script")
        for path in ["\(page)/\(draft.id)", "/kb/nobody-here/\(logo.id)", "\(page)/article_1"] {
            #expect(try server.anonymous.get(path).status == 404, "\(path)")
        }
        let other = try server.signUp()
        #expect(try server.anonymous.get("/kb/\(other.tenant.text("slug"))/\(logo.id)").status == 404)
        try owner.patch("/v1/articles/\(logo.id)", ["body": "Ask us."]).ok()
        try owner.patch("/v1/articles/\(logo.id)", ["category": "brand"]).ok()
        let versions = try owner.get("/v1/articles/\(logo.id)/versions").ok().items
        #expect(versions.map { $0["number"] } == [2, 1] && versions[0].text("body") == "Ask us.")
        let hidden = try owner.patch("/v1/articles/\(logo.id)", ["status": "draft"]).ok()
        #expect(hidden["published_at"] == .null)
        #expect(try server.anonymous.get("\(page)/\(logo.id)").status == 404)
    }

    @Test func `a question finds the articles that answer it, and no others`() throws {
        let owner = try server.quietAgency().owner
        let logo = try article(owner, "Changing your logo", "Open Settings, then Branding.")
        let bill = try article(
            owner, "Paying an invoice", "Open the invoice, and choose a card or a transfer.")
        _ = try article(owner, "How invoices are taxed", "A draft about paying an invoice.", "draft")
        func ask(_ question: String) throws -> [JSON] {
            try owner.post("/v1/articles/answers", ["question": .string(question)]).ok().items
        }
        func answers(_ question: String) throws -> [String] {
            try ask(question).filter { $0["answers"] == true }.compactMap { $0["article"]?.id }
        }
        #expect(try answers("How do I change my logo?") == [logo.id])
        #expect(try answers("How can I pay my invoice by card?") == [bill.id])
        #expect(try answers("What was the revenue of my company in 1994?").isEmpty)
        #expect(try ask("What was the revenue of my company in 1994?").isEmpty)
        #expect(try answers("How do I?").isEmpty)
        let stranger = try server.signUp().owner
        #expect(
            try stranger.post("/v1/articles/answers", ["question": "change my logo"]).ok().items.isEmpty)
    }
}
