import Foundation
import JSON
import StandIns
import TestDatabases
import Testing

/// Sentences of the product's own that are stored are told in the language of whoever reads them.
@Suite(.ownThread) struct ToldSentences {
    let server = BureauProcess.shared

    /// Returns an answer as it is read in English and in German.
    private func both(_ caller: Caller, _ path: String) throws -> (english: JSON, german: JSON) {
        try caller.patch("/v1/me", ["locale": "en"]).ok()
        let english = try caller.get(path).ok()
        try caller.patch("/v1/me", ["locale": "de"]).ok()
        return (english, try caller.get(path).ok())
    }

    @Test func `why a message was written is told in the reader's language, not in its recipient's`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeContact(1, ["locale": "fr"])
        let message = try agency.send(contact, ["purpose": "transactional"])
        let (english, german) = try both(agency.owner, "/v1/messages/\(message.id)")
        #expect(english.text("why") == "Asked for by Olive Owner.")
        #expect(german.text("why") == "Auf Wunsch von Olive Owner.")
        #expect(english["said"] == nil && german["said"] == nil)
        let lists = ["/v1/messages", "/v1/conversations/\(german.text("conversation_id"))/messages"]
        for list in lists {
            let told = try agency.owner.every(list).first { $0.id == message.id }
            #expect(told?.text("why") == "Auf Wunsch von Olive Owner.", "\(list)")
        }
        // A caller who asks for some fields alone gets these, and no other.
        let narrow = try agency.owner.every("/v1/messages?fields=id,why").first { $0.id == message.id }
        #expect(narrow == ["id": .string(message.id), "why": "Auf Wunsch von Olive Owner."])
    }

    @Test func `why a message was cancelled is told to each reader, and a person's own words as they are`()
        throws
    {
        let agency = try server.quietAgency(), contact = try agency.makeContact(1)
        func told(_ body: JSON?) throws -> [JSON?] {
            let message = try agency.send(contact, ["not_before": "2999-01-01T00:00:00Z"])
            let path = "/v1/messages/\(message.id)"
            try agency.owner.post("\(path)/cancel", body).ok()
            let (english, german) = try both(agency.owner, path)
            return [english, german].map { $0["reasons"]?[0]["detail"] }
        }
        #expect(
            try told(nil) == [
                "A person cancelled the message.",
                "Die Nachricht, oder wofür sie geschrieben war, wurde abgebrochen.",
            ])
        #expect(try told(["reason": "Not today."]) == ["Not today.", "Not today."])
    }

    @Test func `what the gate has against a message is told in the reader's language`() throws {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn()), owner = agency.owner
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        func sent(_ number: Int) throws -> JSON {
            try agency.send(try agency.makeContact(number), ["purpose": "transactional"])
        }
        /// The code of what holds it, and how that is told.
        func held(_ message: JSON) throws -> [JSON?] {
            try agency.message(message, "held")
            let (english, german) = try both(owner, "/v1/messages/\(message.id)")
            return [
                english["reasons"]?[0]["code"], english["reasons"]?[0]["detail"],
                german["reasons"]?[0]["detail"],
            ]
        }
        try owner.post("/v1/budgets", ["kind": "sends", "limit": 0, "per": "month"]).ok(201)
        let told = try held(try sent(1))
        #expect(told[0] == "budget_exhausted" && told[2] == "Das Budget dafür ist aufgebraucht.")
        #expect(told[1]?.text?.contains("is spent until") == true)
    }

    @Test func `the test of an integration answers in the reader's language, and says what to do`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try agency.connect(
            "wordpress", web.service.url, credentials: web.credentials, capability: "blog_publishing")
        func tested(_ locale: String) throws -> JSON {
            try owner.patch("/v1/me", ["locale": .string(locale)]).ok()
            return try owner.post("/v1/integrations/\(blog.id)/test").ok()
        }
        #expect(try tested("en").text("detail") == "The user may publish.")
        #expect(try tested("de").text("detail") == "Der Dienst antwortet und nimmt die Zugangsdaten an.")
        try owner.patch(
            "/v1/integrations/\(blog.id)",
            ["credentials": ["username": "misha", "application_password": "wrong"]]
        ).ok()
        let refused = try tested("de")
        #expect(refused["ok"] == false && refused["code"] == "unauthenticated", "\(refused)")
        #expect(refused.text("detail") == "Der Dienst nimmt die Zugangsdaten nicht an.")
        #expect(refused.text("recommended_action").hasPrefix("Geben Sie gültige Zugangsdaten ein"))
    }

    @Test func `why an enrolment waits is told in the reader's language, and a person's words as they are`()
        throws
    {
        let agency = try server.quietAgency()
        let contact = try agency.makeContact(1)
        let sequence = try #require(try agency.owner.every("/v1/sequences").first)
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let made = try agency.owner.post(
            path, ["contact_id": .string(contact.id), "why": "We met in Berlin."]
        ).ok(201)
        try agency.owner.post("\(path)/\(made.id)/pause").ok()
        let (english, german) = try both(agency.owner, "\(path)/\(made.id)")
        #expect(english.text("reason") == "A person paused it." && english.text("why") == "We met in Berlin.")
        #expect(german.text("reason").hasPrefix("Jemand hat") && german.text("why") == "We met in Berlin.")
        #expect(try agency.owner.every(path).first?.text("reason") == german.text("reason"))
    }

    @Test
    func `a client reads in their language that sending was stopped and goes on, and exports the chain`()
        throws
    {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let brake = try client.admin.post("/v1/portal/brake").ok(201)
        try agency.owner.post("/v1/brakes/\(brake.id)/release").ok()
        func titles(_ language: String) throws -> [String] {
            try client.admin.get("/v1/portal/activity", ["Accept-Language": language]).ok().items.map {
                $0.text("title")
            }
        }
        let (english, german) = (try titles("en"), try titles("de"))
        #expect(english.count == 2 && zip(english, german).allSatisfy { $0 != $1 }, "\(english) \(german)")
        #expect(german[0] == "Der Versand in Ihrem Namen geht weiter.")
        let export = try client.admin.get(
            "/v1/portal/activity/export", ["Accept-Language": "de"]
        ).ok()
        #expect(export["valid"] == true)
        #expect(Set(export["entries"]?.array?.map { $0.text("title") } ?? []) == Set(english))
    }

    @Test func `what an agent's settings are for is told in every language`() throws {
        let owner = try server.quietAgency().owner
        /// The explanations by the setting that they are of.
        func explanations(_ schema: JSON, _ path: String) -> [(String, String)] {
            let own = schema["description"]?.text.map { [(path, $0)] } ?? []
            let items = schema["items"].map { explanations($0, path + "[]") } ?? []
            let inner = (schema["properties"]?.object?.members ?? []).flatMap { name, property in
                explanations(property, path.isEmpty ? name : "\(path).\(name)")
            }
            return own + items + inner
        }
        let agents = try owner.every("/v1/agents").map { $0.text("name") }
        func read(_ language: String) throws -> [String: String] {
            try owner.patch("/v1/me", ["locale": .string(language)]).ok()
            return try agents.reduce(into: [:]) { all, agent in
                let config = try owner.get("/v1/agents/\(agent)/config").ok()
                for (name, text) in explanations(config["schema"] ?? .null, "") {
                    all["\(agent) \(name)"] = text
                }
            }
        }
        let english = try read("en")
        #expect(english.count > 50, "all are found")
        for language in ["de", "es", "fr", "it", "nl", "pt"] {
            let own = try read(language)
            #expect(own.keys == english.keys)
            let left = own.filter { english[$0.key] == $0.value }
            #expect(left.isEmpty, "\(language): \(left.keys.sorted())")
        }
    }

    @Test(.ofFiles) func `operators read how the installation is in their language`()
        throws
    {
        let server = BureauProcess()
        let login: JSON = ["email": "root@example.com", "password": "correct horse battery"]
        let made = try server.command(
            "admin", "create", "--email", "root@example.com", "--password", "correct horse battery")
        try #require(made.status == 0, "\(made.output)")
        try server.start()
        let root = server.caller(
            try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        let health = "/v1/admin/health"
        let english = try root.get(health).ok()
        let german = try root.get(health, ["Accept-Language": "de"]).ok()
        func details(_ health: JSON) -> [String: String] {
            let nodes = (health["nodes"]?.array ?? []).flatMap { $0["checks"]?.array ?? [] }
            return ((health["checks"]?.array ?? []) + nodes).reduce(into: [:]) { all, check in
                all[check.text("name")] = "\(check.text("detail")) \(check["remedy"]?.text ?? "")"
            }
        }
        let (told, same) = (details(german), details(english))
        #expect(told.count > 8)
        let left = told.filter { same[$0.key] == $0.value }
        #expect(left.isEmpty, "\(left)")
    }
}
