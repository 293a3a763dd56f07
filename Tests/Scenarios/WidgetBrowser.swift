import JSON
import Testing

/// The chat on anybody's page in a real browser, with axe looking on.
@Suite(.ownThread) struct WidgetBrowser {
    @Test func `a visitor is answered on a page of another host, and nothing is kept until they agree`()
        throws
    {
        let server = BureauProcess.shared, agency = try server.signUp()
        try agency.owner.post(
            "/v1/articles",
            ["title": "Changing your logo", "body": "Open Documents, and upload it.", "status": "published"]
        ).ok(201)
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        var open = JSONObject()
        for language in ["en", "de", "fr", "es", "it", "pt", "nl"] {
            let words = try server.anonymous.get("/v1/chat/\(key)/words?languages=\(language)").ok()
            #expect(words.text("language") == language)
            open.append(language, .string(words.text("open")))
        }
        let found = try inBrowser(
            "widget.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "key": .string(key),
                "question": "How do I change my logo?", "answer": "Open Documents",
                "open": .object(open),
            ])
        #expect(found == ["violations": [], "faults": []], "\(found.serialized)")
    }
}
