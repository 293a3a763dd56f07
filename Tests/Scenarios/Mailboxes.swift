import Dispatch
import Foundation
import JSON
import StandIns
import Testing

@Suite(.ownThread) struct Mailboxes {
    let server = BureauProcess.shared

    private func reply(_ number: Int, to message: String?, _ text: String = "Yes, please call me.") -> String
    {
        """
        From: Jane <jane@customer.example>
        To: bot@bureau.test
        Subject: Re: A word \(number)
        Date: Tue, 05 Jan 2027 10:00:00 +0000
        Message-ID: <reply-\(number)@customer.example>
        \(message.map { "In-Reply-To: \($0)\nReferences: \($0)" } ?? "X-None: 1")
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        \(text)

        """
    }

    /// Looks into the mailbox now, instead of in a minute.
    private func look(_ agency: Agency, _ mailbox: JSON) throws {
        let trial = try agency.owner.post("/v1/integrations/\(mailbox.id)/test").ok()
        #expect(trial["ok"] == true, "\(trial.serialized)")
    }

    private func inbound(_ agency: Agency) throws -> [JSON] {
        try agency.owner.every("/v1/messages?direction=inbound")
    }

    @Test func `an answer in the mailbox is in its thread, with what it means`() throws {
        let (agency, box, post) = (try server.mailAgency(), try DovecotServer(), try SMTPStandIn())
        try box.deliver(reply(0, to: nil, "From before we came."))
        let sender = try agency.connect(
            "smtp", "email_sending", ["base_url": .string(post.url), "security": "none"])
        #expect(try agency.owner.post("/v1/integrations/\(sender.id)/test").ok()["ok"] == true)
        #expect(post.mails.isEmpty && post.commands.contains { $0.hasPrefix("NOOP") })
        let mailbox = try agency.connectMailbox(box)
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@customer.example"]
        ).ok(201)
        let sent = try agency.write(to: contact.id)
        let mail = try eventually("the mail") { post.mails.first }
        let name = try #require(mail.header("Message-ID"))
        try eventuallyTrue("its settlement") {
            try agency.owner.get("/v1/messages/\(sent.id)").ok().text("status") == "sent"
        }
        // The mails that lay there before stay there.
        try eventuallyTrue("the first look") { try agency.polls(of: mailbox) > 0 }
        try box.deliver(reply(1, to: name))
        try look(agency, mailbox)
        let answer = try eventually("the answer") { try inbound(agency).first }
        #expect(answer.text("in_reply_to") == name.dropFirst().dropLast())
        #expect(
            answer["conversation_id"] == sent["conversation_id"]
                && answer["contact_id"] == .string(contact.id))
        #expect(answer.text("class") == "interested" && answer["integration_id"] == .string(mailbox.id))
        #expect(try agency.owner.get("/v1/messages/\(sent.id)").ok()["replied_at"]?.text != nil)
        #expect(try inbound(agency).count == 1)
        // Numbers change: nothing comes twice, with or without a name of its own, and what is new comes.
        let unnamed = reply(2, to: nil).replacing(
            "Message-ID: <reply-2@customer.example>", with: "X-No-Name: 1")
        try box.deliver(unnamed)
        try look(agency, mailbox)
        try eventuallyTrue("the mail without a name") { try inbound(agency).count == 2 }
        let before = try agency.polls(of: mailbox)
        try look(agency, mailbox)
        try eventuallyTrue("another look") { try agency.polls(of: mailbox) > before }
        try box.renumber()
        try box.deliver(reply(3, to: name), at: Date(timeIntervalSinceNow: 2))
        try look(agency, mailbox)
        try eventuallyTrue("the mail after the change") { try inbound(agency).count == 3 }
        #expect(try inbound(agency).map { $0.text("subject") }.sorted() == (1...3).map { "Re: A word \($0)" })
    }

    @Test func `a mailbox for tests is signed in to, and read only once it is live`() throws {
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        try box.deliver(reply(1, to: nil))
        let mailbox = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "imap", "capability": "email_receiving", "environment": "test",
                "settings": [
                    "base_url": .string("imap://127.0.0.1:\(box.port)"), "security": "none",
                    "poll_minutes": 1, "from_start": true,
                ],
                "credentials": [
                    "username": .string(DovecotServer.user), "password": .string(DovecotServer.password),
                ],
            ]
        ).ok(201)
        try look(agency, mailbox)
        // A poll is planned with the change that it follows.
        let polls = "/v1/jobs?kind=mailbox.poll"
        #expect(try agency.owner.every(polls).isEmpty)
        try agency.owner.patch("/v1/integrations/\(mailbox.id)", ["environment": "live"]).ok()
        #expect(try agency.owner.every(polls).isEmpty == false)
        try eventuallyTrue("the mail") { try inbound(agency).count == 1 }
    }

    @Test func `a server of SMTP is greeted and signed in to by a test, and gets no mail`() throws {
        let (agency, post) = (try server.mailAgency(), try SMTPStandIn { $0.mechanisms = ["PLAIN"] })
        func trial(_ password: String) throws -> JSON {
            let made = try agency.connect(
                "smtp", "email_sending", ["base_url": .string(post.url), "security": "none"],
                ["username": "bot@bureau.test", "password": .string(password)])
            return try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        }
        #expect(try trial("pa55")["ok"] == true)
        let refused = try trial("wrong")
        #expect(refused["ok"] == false && refused["code"] == "smtp_535")
        post.stop()
        let gone = try trial("pa55")
        #expect(gone["ok"] == false && gone["code"] == "unreachable")
        #expect(post.mails.isEmpty && !post.commands.contains { $0.hasPrefix("MAIL") })
    }

    @Test func `within an overlap a mailbox is read with the password before`() throws {
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        let mailbox = try agency.connectMailbox(box), path = "/v1/integrations/\(mailbox.id)"
        try eventuallyTrue("the first look") { try agency.polls(of: mailbox) > 0 }
        try box.deliver(reply(1, to: nil))
        try agency.owner.post("\(path)/rotate", ["credentials": ["password": "mistyped"]]).ok()
        try eventuallyTrue("the mail") { try inbound(agency).count == 1 }
        #expect(try agency.owner.get(path).ok().text("status") == "active")
    }

    @Test func `a server that is killed within a look loses nothing and doubles nothing`() throws {
        let own = try BureauProcess.start()
        let (agency, box) = (try own.mailAgency(), try DovecotServer())
        for number in 1...60 { try box.deliver(reply(number, to: nil)) }
        let mailbox = try agency.connectMailbox(box, ["from_start": true])
        var kills = 0
        while true {
            let count = try inbound(agency).count
            if count == 60 { break }
            if kills < 2, count > kills * 20 {
                try own.killAndRestart()
                kills += 1
            }
        }
        #expect(kills > 0)
        let before = try agency.polls(of: mailbox)
        try look(agency, mailbox)
        try eventuallyTrue("another look") { try agency.polls(of: mailbox) > before }
        #expect(Set(try inbound(agency).map { $0.text("subject") }).count == 60)
        #expect(try inbound(agency).count == 60)
    }

    @Test func `a wrong password ends the looks with an alert, and the right one begins them anew`() throws {
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        let mailbox = try agency.connectMailbox(box, [:], password: "wrong")
        try eventuallyTrue("its failure") {
            try agency.owner.get("/v1/integrations/\(mailbox.id)").ok().text("status") == "failing"
        }
        let alerts = try agency.owner.get("/v1/alerts?kind=integration_failing").ok().items
        #expect(alerts.count == 1 && alerts[0]["subject"]?["id"] == .string(mailbox.id))
        let failed = try agency.owner.every("/v1/tool-calls?tool=read_mailbox&integration_id=\(mailbox.id)")
        #expect(failed.map { $0.text("state") } == ["failed"])
        #expect(failed.first?["error"]?.text("code") == "sign_in_refused")
        let trial = try agency.owner.post("/v1/integrations/\(mailbox.id)/test").ok()
        #expect(trial["ok"] == false && trial["code"] == "sign_in_refused")
        let before = try agency.polls(of: mailbox)
        try agency.owner.patch(
            "/v1/integrations/\(mailbox.id)",
            ["status": "active", "credentials": ["password": .string(DovecotServer.password)]]
        ).ok()
        try eventuallyTrue("a look") { try agency.polls(of: mailbox) > before }
        try box.deliver(reply(1, to: nil))
        try look(agency, mailbox)
        try eventuallyTrue("the mail") { try inbound(agency).count == 1 }
        // Switched off, it is left alone.
        try agency.owner.patch("/v1/integrations/\(mailbox.id)", ["status": "disabled"]).ok()
        try box.deliver(reply(2, to: nil))
        try look(agency, mailbox)
        #expect(try inbound(agency).count == 1)
    }

    @Test
    func `what is read from a mailbox is a call of its integration, and looks that find nothing are counted`()
        throws
    {
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        let mailbox = try agency.connectMailbox(box)
        try eventuallyTrue("the first look") { try agency.polls(of: mailbox) > 0 }
        func looks() throws -> [JSON] { try agency.owner.every("/v1/tool-calls?tool=read_mailbox") }
        #expect(try looks().isEmpty)
        try box.deliver(reply(1, to: nil))
        try look(agency, mailbox)
        let call = try eventually("the call") { try looks().first }
        #expect(call.text("integration_id") == mailbox.id && call.text("state") == "succeeded")
        #expect((call["bytes"]?.int ?? 0) > 100 && (call["duration_ms"]?.double ?? 0) > 0)
        let use = try agency.use(of: mailbox)["by"]?["tools"]?.array ?? []
        let reads = try #require(use.first { $0["id"] == "read_mailbox" })
        #expect((reads["calls"]?.int ?? 0) >= 2 && reads["failures"] == 0)
        let tool = try agency.owner.get("/v1/tools/read_mailbox").ok()
        #expect(tool["class"] == "reads" && (tool["use_today"]?["calls"]?.int ?? 0) >= 2)
        // Switched off, nothing is looked into.
        try agency.owner.patch("/v1/tools/read_mailbox", ["enabled": false]).ok()
        let before = try agency.polls(of: mailbox)
        try box.deliver(reply(2, to: nil))
        try look(agency, mailbox)
        try eventuallyTrue("a look that is not made") { try agency.polls(of: mailbox) > before }
        #expect(try inbound(agency).count == 1 && looks().count == 1)
    }

    @Test func `looks cost nothing, and take none of the calls that a plan includes`() throws {
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        let mailbox = try agency.connectMailbox(box)
        try eventuallyTrue("the first look") { try agency.polls(of: mailbox) > 0 }
        try box.deliver(reply(1, to: nil))
        try look(agency, mailbox)
        try eventuallyTrue("the mail") { try inbound(agency).count == 1 }
        try agency.owner.patch(
            "/v1/integrations/\(mailbox.id)",
            ["price": dollars(1000), "plan": ["name": "Basic", "included": 2]]
        ).ok()
        let month = try #require(try agency.use(of: mailbox)["month"])
        #expect((month["calls"]?.int ?? 0) >= 2 && month["cost"] == cents(0))
        #expect(month["included_left"] == 2 && month["expected_cost"] == cents(0))
        #expect(try agency.owner.get("/v1/costs/summary").ok()["month"]?["expected"] == cents(0))
    }

    @Test func `a refusal that comes late says nothing of the password given meanwhile`() throws {
        let agency = try server.mailAgency()
        let (late, wrong) = (
            DispatchSemaphore(value: 0), Data("\0ann\0wrong".utf8).base64EncodedString()
        )
        let box = try IMAPStandIn { settings in
            settings.answer = { command, _ in
                guard command.contains(wrong) else { return nil }
                _ = late.wait(timeout: .now() + 60)
                return ["NO [AUTHENTICATIONFAILED] who are you"]
            }
        }
        let mailbox = try agency.connect(
            "imap", "email_receiving",
            ["base_url": .string(box.url), "security": "none", "poll_minutes": 1],
            ["username": "ann", "password": "wrong"])
        try eventuallyTrue("the first look") { box.commands.contains { $0.contains(wrong) } }
        let path = "/v1/integrations/\(mailbox.id)"
        try agency.owner.patch(path, ["credentials": ["password": "right"]]).ok()
        let before = try agency.polls(of: mailbox)
        late.signal()
        // The one that was refused, and one that is not.
        try eventuallyTrue("another look") { try agency.polls(of: mailbox) > before + 1 }
        #expect(box.commands.count { $0.contains(wrong) } == 1)
        let now = try agency.owner.get(path).ok()
        #expect(now["status"] == "active" && now["error"]?.text == nil)
    }
}

extension Agency {
    /// The end of the jobs that looked into a mailbox.
    func polls(of mailbox: JSON) throws -> Int {
        try owner.every("/v1/jobs?kind=mailbox.poll&state=completed")
            .count { $0["subject"]?["id"] == .string(mailbox.id) }
    }

    func connectMailbox(
        _ box: DovecotServer, _ more: JSONObject = [:], password: String = DovecotServer.password
    ) throws -> JSON {
        var settings: JSONObject = [
            "base_url": .string("imap://127.0.0.1:\(box.port)"), "security": "none", "poll_minutes": 1,
        ]
        for (name, value) in more.members { settings[name] = value }
        return try connect(
            "imap", "email_receiving", .object(settings),
            ["username": .string(DovecotServer.user), "password": .string(password)])
    }

    func connect(
        _ provider: String, _ capability: String, _ settings: JSON, _ credentials: JSON = [:]
    ) throws -> JSON {
        try owner.post(
            "/v1/integrations",
            [
                "provider": .string(provider), "capability": .string(capability), "settings": settings,
                "credentials": credentials,
            ]
        ).ok(201)
    }

    func write(to contact: String, _ purpose: String = "transactional") throws -> JSON {
        try owner.post(
            "/v1/messages",
            [
                "contact_id": .string(contact), "channel": "email", "purpose": .string(purpose),
                "subject": "A word", "body": "May we call you?",
            ]
        ).ok(202)
    }
}

extension BureauProcess {
    /// A quiet agency that may send mail.
    func mailAgency(domain: String = "agency.example") throws -> Agency {
        let agency = try quietAgency()
        try agency.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Main Street, Springfield",
                "sender": ["name": "Ann", "email": .string("ann@\(domain)")], "quiet_hours": nil,
            ]
        ).ok()
        return agency
    }
}

extension SMTPStandIn.Mail {
    /// A header of one line.
    func header(_ name: String) -> String? {
        text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name.lowercased()):") }
            .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
    }
}
