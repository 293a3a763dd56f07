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

    @Test func `what is published has a page of all and a search, for everybody`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let logo = try article(owner, "Changing your logo", "Open *Settings*, then Branding.")
        _ = try article(owner, "Paying by <card>", "Choose Card on the invoice's page.")
        _ = try article(owner, "Secret prices", "Nobody reads this.", "draft")
        let path = "/kb/\(agency.tenant.text("slug"))"
        func page(_ path: String) throws -> Answer { try server.anonymous.get(path, ["Accept": "text/html"]) }
        let all = try page(path)
        #expect(
            all.status == 200 && all.header("Content-Security-Policy")?.contains("default-src 'none'") == true
        )
        #expect(all.text.contains("Changing your logo") && all.text.contains("Paying by &lt;card&gt;"))
        #expect(!all.text.contains("Secret prices") && all.text.contains("\(path)/\(logo.id)"))
        let found = try page("\(path)?q=where%20do%20I%20swap%20the%20picture%20of%20our%20brand")
        #expect(found.text.contains("Changing your logo") && !found.text.contains("Paying by"))
        let script = try page("\(path)?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        #expect(script.status == 200 && !script.text.contains("<script>"))
        #expect(script.text.contains("No article answers this."))
        #expect(try page("/kb/no-such-agency").status == 404)
        let other = try server.signUp()
        #expect(try !page("/kb/\(other.tenant.text("slug"))").text.contains("logo"))
        try owner.patch("/v1/articles/\(logo.id)", ["status": "draft"]).ok()
        #expect(try !page("\(path)?q=logo").text.contains("Changing your logo"))
    }

    @Test func `naming the article for a gap lets it answer the same words the next time`() throws {
        let owner = try server.quietAgency().owner
        let logo = try article(owner, "Changing your logo", "Open Settings, then Branding.")
        let chat = try owner.post(
            "/v1/integrations", ["provider": "web_chat", "capability": "chat"]
        ).ok(201).text("public_key")
        try owner.patch("/v1/agents/primary_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        try server.anonymous.post(
            "/v1/chat/\(chat)/messages",
            [
                "visitor_id": "visitor-of-this-page",
                "text": "Can the fox on the van be repainted? Mail me: v@x.example",
            ]
        ).ok(201)
        let gap = try eventually("the gap is noted") { try owner.every("/v1/knowledge-gaps").first }
        let asked: JSON = ["question": "Can the fox on the van be repainted?"]
        func answers() throws -> [JSON] {
            try owner.post("/v1/articles/answers", asked).ok().items.filter { $0["answers"] == true }
        }
        #expect(try answers().isEmpty)
        let closed = try owner.patch("/v1/knowledge-gaps/\(gap.id)", ["article_id": .string(logo.id)]).ok()
        #expect(closed.text("status") == "closed")
        let wordings = try owner.get("/v1/articles/\(logo.id)").ok()["wordings"]?.array ?? []
        #expect(wordings.count == 1 && wordings[0].text?.contains("fox") == true)
        #expect(wordings[0].text?.contains("v@x.example") == false, "addresses are blacked out")
        #expect(try answers().compactMap { $0["article"]?.id } == [logo.id])
    }
}
