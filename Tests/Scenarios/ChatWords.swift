import JSON
import Testing

/// The words of a chat's agents may be the agency's.
@Suite(.ownThread) struct ChatWords {
    let server = BureauProcess.shared
    private static let path = "/v1/agents/primary_agent/config"

    private func say(_ owner: Caller, _ words: [JSON]) throws {
        try owner.patch(Self.path, ["words": .array(words)]).ok()
        try owner.post("\(Self.path)/publish").ok()
    }

    private func word(_ occasion: String, _ text: String, _ language: JSON = .null) -> JSON {
        ["occasion": .string(occasion), "text": .string(text), "language": language]
    }

    @Test func `the agency's own words go before the standard ones, in the language of whoever writes`()
        throws
    {
        let chat = try HandoverChat(
            server.signUp().sandbox(startAt: "2027-01-05T10:00:00.000Z"), server,
            booking: "https://calendly.com/check/priority-support")
        let owner = chat.box.owner
        try owner.post(
            "/v1/articles",
            ["title": "Opening hours", "body": "We are open from nine to five.", "status": "published"]
        ).ok(201)
        try say(
            owner,
            [
                word("greeting", "Welcome, {{ name }}!"), word("asked_for_human", "Sofort!", "de"),
                word("answer", "{{ passage }} ({{ title }})"), word("still_waiting", "Nearly there."),
            ])
        let said = try chat.say("Hello!", ["name": "Vera Visitor"])
        try chat.box.advance("PT0S")
        _ = try chat.say("When are you open?")
        try chat.box.advance("PT0S")
        _ = try chat.say("I want to speak to a human")
        _ = try chat.waiting(said)
        try chat.box.advance("PT30M")
        let words = try chat.spoken(said).map { $0.text("text") }
        #expect(words.count == 4, "\(words)")
        #expect(
            Array(words.prefix(2)) == ["Welcome, Vera!", "We are open from nine to five. (Opening hours)"])
        #expect(words[2] == "Of course. I have asked a colleague, who will answer you here.")
        #expect(words[3] == "Nearly there.")
        let german = try chat.say("Ich möchte bitte mit einem Menschen sprechen", visitor: "v2")
        _ = try chat.waiting(german)
        #expect(try chat.spoken(german).map { $0.text("text") } == ["Sofort!"])
    }

    @Test func `the chat on a page says its own words in the visitor's language, as the agency has them`()
        throws
    {
        let agency = try server.quietAgency()
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        func words(_ languages: String) throws -> JSON {
            try server.anonymous.get("/v1/chat/\(key)/words?languages=\(languages)").ok()
        }
        #expect(try words("fr-CA,de").text("title") == "Écrivez-nous")
        #expect(try words("sv,nl").text("language") == "nl", "the first that there are words in")
        #expect(try words("it").text("typing") == "{name} sta scrivendo…", "the page puts the name in")
        let own = String(try agency.owner.get("/v1/settings").ok().text("locale").prefix(2))
        for none in ["", "sv", ",", "x-y-z"] { #expect(try words(none).text("language") == own) }
        try agency.owner.put("/v1/wordings/fr/widget.title", ["text": "Une question ?"]).ok()
        try agency.owner.put("/v1/wordings/sv/widget.title", ["text": "Chatta med oss"]).ok()
        #expect(try words("fr").text("title") == "Une question ?")
        #expect(try words("sv").text("title") == "Chatta med oss", "a language of the agency's own")
        try agency.owner.put("/v1/wordings/ar/widget.title", ["text": "اكتب لنا"]).ok()
        #expect(try words("ar-EG").text("direction") == "rtl" && words("sv").text("direction") == "ltr")
        try server.anonymous.get("/v1/chat/nobody/words").problem(404, "not_found")
    }

    @Test func `words are checked: an answer never leaves out what it rests on`() throws {
        let owner = try server.quietAgency().owner
        let faults = try owner.patch(Self.path, ["words": [word("hello", "Hi")]]).faults()
        #expect(faults.keys.contains { $0.hasSuffix("/words/0/occasion") }, "\(faults)")
        let others = try owner.patch(
            Self.path, ["words": [word("answer", "{{ passage }}"), word("thanks", "Dear {{ name }}")]]
        ).faults()
        #expect(others.filter { $0.key.hasSuffix("/words/0/text") }.values.first == "required", "\(others)")
        #expect(others.filter { $0.key.hasSuffix("/words/1/text") }.values.first == "invalid_choice")
    }
}
