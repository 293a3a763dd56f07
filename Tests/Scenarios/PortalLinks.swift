import JSON
import StandIns
import Testing

/// Decisions that wait for clients come to them by mail, with a link that does that one thing.
@Suite(.ownThread) struct PortalLinks {
    let server = BureauProcess.shared

    /// The links to deliverables in a text, as paths.
    private func links(in text: String) -> [String] {
        text.matches(of: /\/d\/[A-Za-z0-9_-]+/).map { String($0.0) }
    }

    private func page(_ path: String) throws -> Answer {
        try server.anonymous.request("GET", path, headers: ["Accept": "text/html"])
    }

    private func press(_ path: String, _ form: String = "") throws -> Answer {
        try server.anonymous.request(
            "POST", path, raw: Array(form.utf8),
            headers: ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"])
    }

    /// A sandbox with a client, one person of theirs, and how much of what waits was mailed.
    private struct Desk {
        let sandbox: SandboxCaller
        let client: JSON
        let person: Caller

        var owner: Caller { sandbox.owner }

        func mails() throws -> [JSON] {
            try owner.every("/v1/messages?channel=email&purpose=transactional").filter {
                $0["cause"]?["type"] == "portal"
            }
        }

        func waiting(_ name: String) throws -> JSON {
            let made = try owner.deliverable(
                try owner.project(client), ["name": .string(name), "text": "Here"])
            _ = try owner.step(made, "submit")
            return try owner.step(made, "review", ["passed": true])
        }
    }

    private func desk(_ frequency: String = "immediate") throws -> Desk {
        let sandbox = try server.signUp().sandbox()
        try sandbox.quieten()
        let client = try sandbox.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let invited = try sandbox.owner.post(
            "/v1/invitations",
            [
                "email": .string("cleo-\(client.id.suffix(10))@acme.example"), "role": "client",
                "client_id": .string(client.id),
            ]
        ).ok(201)
        #expect(invited.text("link").contains("/portal/?agency="), "it leads to the portal")
        let accepted = try server.anonymous.post(
            "/v1/invitations/accept",
            ["token": invited["token"] ?? .null, "name": "Cleo", "password": "correct horse battery"]
        ).ok(201)
        let person = server.caller(accepted.text("access_token"))
        try person.patch("/v1/portal/preferences", ["frequency": .string(frequency)]).ok()
        return Desk(sandbox: sandbox, client: client, person: person)
    }

    @Test func `a deliverable is mailed to who may approve it, and looking at its link changes nothing`()
        throws
    {
        let (agency, mail) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        let client = try agency.portalClient("Acme")
        let project = try agency.owner.project(client.record)
        let deliverable = try agency.owner.step(
            try agency.submitted(project, "Logo <1>"), "review", ["passed": true])
        let bodies = try eventually("the mails") { () -> [JSON]? in
            let found = mail.service.requests.compactMap { try? JSONParser.parse($0.body) }.filter {
                $0.text("TextBody").contains("/d/")
            }
            return found.count >= 2 ? found : nil
        }
        let approvers = try ["admin", "approver"].map {
            try client.people[$0]!.get("/v1/me").ok()["user"]?.text("email") ?? ""
        }
        #expect(bodies.count == 2)
        for address in approvers {
            #expect(bodies.contains { $0.text("To").contains(address) }, "\(address) is told")
        }
        let paths = bodies.compactMap { links(in: $0.text("TextBody")).first }
        #expect(Set(paths).count == 2, "each has a link of their own")
        for _ in 0..<3 {
            let shown = try page(paths[0])
            #expect(shown.status == 200 && shown.text.contains("Logo &lt;1&gt;"))
            #expect(!shown.text.contains("<script") && shown.text.contains("<form method=\"post\""))
        }
        let place = "/v1/deliverables/\(deliverable.id)"
        #expect(try agency.owner.get(place).ok()["version"] == deliverable["version"])
        #expect(try press("\(paths[0])/request-changes", "text=+").status == 422)
        #expect(try agency.owner.get(place).ok().text("status") == "with_client")
        let altered = paths[0].dropLast() + (paths[0].last == "A" ? "B" : "A")
        for path in [String(altered), "/d/x", "\(paths[0])/nothing"] {
            #expect(try press(path.hasSuffix("nothing") ? path : "\(path)/approve").status == 404, "\(path)")
        }
        #expect(try press("\(paths[0])/approve").status == 200)
        let approved = try agency.owner.get(place).ok()
        #expect(approved.text("status") == "approved")
        #expect(approved["evidence"]?["evidence"]?.text?.contains("link") == true)
        #expect(try press("\(paths[1])/request-changes", "text=Bigger").status == 409)
        #expect(try page(paths[1]).text.contains("approved"))
    }

    @Test func `a link decides on the version that it came with, and on no later one`() throws {
        let desk = try desk()
        let deliverable = try desk.waiting("Logo")
        try desk.sandbox.advance("PT1M")
        let first = try #require(links(in: try desk.mails()[0].text("text")).first)
        #expect(
            try server.anonymous.post("\(first)/request-changes", ["text": "Bigger"]).ok()
                == ["status": "changes_requested"])
        try desk.owner.patch("/v1/deliverables/\(deliverable.id)", ["text": "Bigger now"]).ok()
        _ = try desk.owner.step(deliverable, "submit")
        try server.anonymous.post("\(first)/approve").problem(404)
        _ = try desk.owner.step(deliverable, "review", ["passed": true])
        try server.anonymous.post("\(first)/approve").problem(409, "conflict")
        #expect(!(try page(first).text.contains("<form")))
        try desk.sandbox.advance("PT1M")
        let mails = try desk.mails()
        let second = try #require(mails.flatMap { links(in: $0.text("text")) }.first { $0 != first })
        #expect(mails.count == 2)
        #expect(try page(second).text.contains("Bigger now"))
        #expect(try server.anonymous.post("\(second)/approve").ok() == ["status": "approved"])
        // A person who is no client any more decides nothing.
        let other = try desk.waiting("Text")
        try desk.sandbox.advance("PT1M")
        let last = try #require(
            try desk.mails().first { $0.text("subject").contains("Text") }.flatMap {
                links(in: $0.text("text")).first
            })
        try desk.owner.patch("/v1/clients/\(desk.client.id)", ["status": "former"]).ok()
        try server.anonymous.post("\(last)/approve").problem(404)
        #expect(try desk.owner.get("/v1/deliverables/\(other.id)").ok().text("status") == "with_client")
    }

    @Test func `who wishes so hears of it over Telegram, and by mail where that fails`() throws {
        let agency = try server.quietAgency()
        let both = try TelegramBesideMail(agency)
        let (mail, telegram, chat) = (both.mail, both.telegram, both.chat)
        let client = try agency.portalClient("Acme", roles: ["approver"])
        let person = try #require(client.people["approver"]), path = "/v1/portal/preferences"
        let wish: JSON = ["notice_channel": "telegram"]
        #expect(try person.get(path).ok()["notice_channels"] == ["email"])
        #expect(try person.patch(path, wish).faults() == ["/notice_channel": "not_reachable"])
        let unknown: JSON = ["notice_channel": "pigeon"]
        #expect(try person.patch(path, unknown).faults() == ["/notice_channel": "invalid_choice"])

        let address = try #require(try person.get("/v1/me").ok()["user"]).text("email")
        let contact = try #require(
            try agency.owner.every("/v1/contacts").first { $0["email"] == .string(address) })
        try both.isWrittenTo(by: contact.id)
        #expect(try person.patch(path, wish).ok()["notice_channels"] == ["email", "telegram"])

        func finish(_ name: String) throws -> JSON {
            let project = try agency.owner.project(client.record)
            return try agency.owner.step(try agency.submitted(project, name), "review", ["passed": true])
        }
        func told(_ service: ServiceStandIn) -> [String] { both.told(service, "/d/") }
        let logo = try finish("Logo")
        let short = try eventually("the message") { told(telegram.service).first }
        #expect(short.contains("Please look at: Logo") && !short.contains("](") && told(mail.service).isEmpty)
        #expect(try press("\(try #require(links(in: short).first))/approve").status == 200)
        #expect(try agency.owner.get("/v1/deliverables/\(logo.id)").ok().text("status") == "approved")

        try agency.owner.delete("/v1/integrations/\(chat.id)").ok(204)
        _ = try finish("Site")
        let long = try eventually("the mail") { told(mail.service).first }
        #expect(long.contains("Site") && told(telegram.service).count == 1)
    }

    @Test func `who wants a digest gets one mail a day, of what still waits then`() throws {
        let desk = try desk("daily")
        let logo = try desk.waiting("Logo")
        _ = try desk.waiting("Text")
        let site = try desk.waiting("Site")
        try desk.sandbox.advance("PT30M")
        #expect(try desk.mails().isEmpty)
        try desk.person.post("/v1/portal/deliverables/\(logo.id)/approve").ok()
        try desk.sandbox.advance("P1D")
        let mails = try desk.mails()
        #expect(mails.count == 1)
        let text = mails.first?.text("text") ?? ""
        #expect(text.contains("Text") && text.contains("Site") && !text.contains("Logo"))
        #expect(links(in: text).count == 2)
        try desk.sandbox.advance("P3D")
        #expect(try desk.mails().count == 1, "nothing new, nothing said")
        try desk.person.post("/v1/portal/deliverables/\(site.id)/request-changes", ["text": "x"]).ok()
        _ = try desk.waiting("Film")
        try desk.sandbox.advance("P1D")
        #expect(try desk.mails().count == 2)
    }

    @Test func `an answer in the portal is mailed about only when nobody has read it there`() throws {
        let desk = try desk()
        try desk.person.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let conversation = try #require(try desk.owner.every("/v1/conversations?channel=portal").first)
        let say = "/v1/conversations/\(conversation.id)/messages"
        try desk.owner.post(say, ["text": "Hello Acme"]).ok(201)
        try desk.person.post("/v1/portal/messages/read").ok()
        try desk.sandbox.advance("PT1H")
        #expect(try desk.mails().isEmpty)
        for text in ["Are you there?", "We have a question."] {
            try desk.owner.post(say, ["text": .string(text)]).ok(201)
        }
        try desk.sandbox.advance("PT5M")
        #expect(try desk.mails().isEmpty)
        try desk.sandbox.advance("PT1H")
        let mails = try desk.mails()
        #expect(mails.count == 1 && mails[0].text("text").contains("#/messages"))
    }

    @Test func `a client without people of its own is written to by its contact`() throws {
        let sandbox = try server.signUp().sandbox()
        try sandbox.readyToSend()
        let contact = try sandbox.owner.post(
            "/v1/contacts", ["name": "Ann", "email": "ann@solo.example"]
        ).ok(201)
        let client = try sandbox.owner.post(
            "/v1/clients", ["name": "Solo", "contact_id": .string(contact.id)]
        ).ok(201)
        func finish() throws -> JSON {
            let made = try sandbox.owner.deliverable(try sandbox.owner.project(client), ["text": "Here"])
            _ = try sandbox.owner.step(made, "submit")
            let done = try sandbox.owner.step(made, "review", ["passed": true])
            try sandbox.advance("PT1M")
            return done
        }
        let made = try finish()
        let mail = try #require(try sandbox.owner.every("/v1/messages?recipient=ann@solo.example").first)
        let path = try #require(links(in: mail.text("text")).first)
        #expect(try server.anonymous.post("\(path)/approve").ok() == ["status": "approved"])
        let evidence = try sandbox.owner.get("/v1/deliverables/\(made.id)").ok()["evidence"]
        #expect(evidence?["name"] == "Ann")
        // A contact who has asked for another channel gets the next one there.
        let person = "/v1/contacts/\(contact.id)"
        try sandbox.owner.patch(person, ["phone": "+15550000002"]).ok()
        try sandbox.owner.patch("\(person)/preferences", ["channel": "sms"]).ok()
        _ = try finish()
        let word = try #require(try sandbox.owner.every("/v1/messages?channel=sms").first)
        #expect(word.text("recipient") == "+15550000002" && word.text("text").contains("Logo"))
        #expect(links(in: word.text("text")).count == 1)
    }
}
