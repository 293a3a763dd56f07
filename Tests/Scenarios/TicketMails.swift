import JSON
import StandIns
import Testing

/// Mails that become tickets, and go on with them.
@Suite(.ownThread) struct TicketMails {
    let server = BureauProcess.shared

    private struct Box {
        let agency: Agency, postmark: PostmarkStandIn, door: JSON
        var owner: Caller { agency.owner }

        func mail(
            _ id: String, _ subject: String, _ text: String, to: String = "help@agency.example",
            from: String = "jane@client.example", headers: [(String, String)] = []
        ) throws {
            let hook = postmark.mail(id, from: from, text: text, to: to, subject: subject, headers: headers)
            try agency.server.deliver(hook, to: door).ok()
        }

        func tickets(_ count: Int) throws -> [JSON] {
            try eventually("\(count) tickets") {
                let all = try owner.every("/v1/tickets")
                return all.count == count ? all.sorted { $0.text("id") < $1.text("id") } : nil
            }
        }

        func thread(_ ticket: JSON, _ count: Int) throws -> [JSON] {
            try eventually("\(count) messages of the ticket") {
                let all = try owner.every("/v1/tickets/\(ticket.id)/messages")
                return all.count == count ? all : nil
            }
        }
    }

    private func open() throws -> Box {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let door = try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials,
            settings: ["reply_domain": "in.agency.example"])
        return Box(agency: agency, postmark: postmark, door: door)
    }

    @Test func `a mail to a support address becomes a ticket, once, and goes on by its headers`() throws {
        let box = try open()
        try box.owner.post(
            "/v1/support-addresses",
            ["name": "Billing", "address": "bills@agency.example", "category": "billing", "priority": "high"]
        ).ok(201)
        try box.mail("m1", "Invoice 7", "The sum is wrong.", to: "bills@agency.example")
        let ticket = try #require(try box.tickets(1).first)
        #expect(ticket.text("subject") == "Invoice 7" && ticket.text("body") == "The sum is wrong.")
        #expect(ticket.text("source") == "email" && ticket.text("category") == "billing")
        #expect(ticket.text("priority") == "high" && ticket["acknowledged_at"] != .null)
        try box.mail("m1", "Invoice 7", "The sum is wrong.", to: "bills@agency.example")
        // They go on with their own mail, and answer ours.
        try box.mail(
            "m2", "Re: Invoice 7", "It should be 70.", to: "bills@agency.example",
            headers: [("In-Reply-To", "<m1@mail.example>")])
        _ = try box.thread(ticket, 1)
        let answer = try box.owner.post(
            "/v1/tickets/\(ticket.id)/messages", ["text": "We look into it."]
        ).ok(201)
        let sent = try box.agency.message(["id": .string(answer.text("message_id"))], "sent", "delivered")
        #expect(sent.text("conversation_id") == ticket.text("conversation_id"))
        try box.owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Corrected."]).ok()
        try box.mail(
            "m3", "Re: Invoice 7", "It is still wrong.", to: "bills@agency.example",
            headers: [("References", "<m1@mail.example> <\(sent.text("internet_id"))>")])
        let thread = try box.thread(ticket, 3)
        #expect(thread.map { $0.text("direction") } == ["inbound", "outbound", "inbound"])
        #expect(try box.owner.get("/v1/tickets/\(ticket.id)").ok().text("status") == "open")
        #expect(try box.tickets(1).count == 1)
        // A merged ticket goes on in the other.
        let other = try box.owner.ticket("Other", "Another matter")
        try box.owner.post("/v1/tickets/\(ticket.id)/merge", ["into": .string(other.id)]).ok()
        try box.mail(
            "m4", "Re: Invoice 7", "One more.", to: "bills@agency.example",
            headers: [("In-Reply-To", "<m3@mail.example>")])
        let joined = try box.thread(other, 5)
        #expect(joined.last?.text("text") == "One more.")
    }

    @Test func `mails of one thread stay in one ticket, in which each side reads them in their order`() throws
    {
        let box = try open()
        try box.owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"]).ok(
            201)
        try box.mail("t1", "Our logo", "It is the old one.")
        let ticket = try #require(try box.tickets(1).first)
        try box.owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "Which page is it?"]).ok(201)
        try box.mail(
            "t2", "Re: Our logo", "The first one.", headers: [("In-Reply-To", "<t1@mail.example>")])
        let thread = try box.thread(ticket, 2)
        #expect(thread.map { $0.text("text") } == ["Which page is it?", "The first one."])
        _ = try box.agency.message(
            ["id": .string(try #require(thread.first).text("message_id"))], "sent", "delivered")
        try box.mail("t3", "Another matter", "The price is wrong.")
        #expect(try box.tickets(2).count == 2, "a mail without the thread's headers begins another")
    }

    @Test func `each support address gives its tickets a category and a priority of its own`() throws {
        let box = try open()
        let addresses = [
            ("help", "general", "normal"), ("bills", "billing", "high"), ("tech", "technical", "urgent"),
        ]
        for (name, category, priority) in addresses {
            try box.owner.post(
                "/v1/support-addresses",
                [
                    "name": .string(name), "address": .string("\(name)@agency.example"),
                    "category": .string(category), "priority": .string(priority),
                ]
            ).ok(201)
            try box.mail("a-\(name)", name, "Please look.", to: "\(name)@agency.example")
        }
        let tickets = try box.tickets(3)
        for (name, category, priority) in addresses {
            let ticket = try #require(tickets.first { $0.text("subject") == name })
            #expect(ticket.text("category") == category && ticket.text("priority") == priority, "\(name)")
        }
    }

    @Test func `a mail is categorised by its words and goes to the team for its category`() throws {
        let box = try open()
        try box.owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"]).ok(
            201)
        let team = try box.owner.post(
            "/v1/teams",
            [
                "name": "Accounts", "categories": ["billing"],
                "members": [["user_id": .string(box.agency.user.id)]],
            ]
        ).ok(201)
        try box.mail("w1", "Invoice", "We were charged twice, please refund one payment.")
        let ticket = try #require(try box.tickets(1).first)
        #expect(ticket.text("category") == "billing" && ticket.text("team_id") == team.id)
        #expect(!ticket.text("priority").isEmpty)
    }

    @Test func `a mail of a client's person becomes a ticket, one of a stranger does not`() throws {
        let box = try open()
        let client = try box.owner.post("/v1/clients", ["name": "Acme", "tier": "enterprise"]).ok(201)
        try box.owner.post(
            "/v1/contacts",
            ["name": "Jane", "email": "jane@client.example", "client_id": .string(client.id)]
        ).ok(201)
        try box.mail("s1", "Offer", "We sell pens.", from: "seller@pens.example")
        try box.mail("c1", "Our site", "The site is down since this morning.")
        let ticket = try #require(try box.tickets(1).first)
        #expect(ticket.text("subject") == "Our site" && ticket.text("client_id") == client.id)
        #expect(ticket.text("tier") == "enterprise" && ticket.text("priority") == "urgent")
        #expect(try box.owner.every("/v1/messages?direction=inbound").count == 2)
        let profile = try box.owner.get("/v1/clients/\(client.id)/profile").ok()
        #expect(profile["tickets"]?.array?.map { $0.text("subject") } == ["Our site"])
        #expect(profile["conversations"]?.array?.map(\.id) == [ticket.text("conversation_id")])
        let jane = try #require(profile["people"]?.array?.first)
        #expect(jane.text("name") == "Jane" && jane.text("last_channel") == "email")
    }

    @Test func `who says that an answer helped is done, and who says that it did not gets a person`() throws {
        let box = try open()
        try box.owner.patch("/v1/agents/customer_service", ["state": "active"]).ok()
        try box.owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"]).ok(
            201)
        let article = try box.owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo", "body": "Open Settings, then Branding.", "status": "published",
            ]
        ).ok(201)
        func answered(_ number: Int) throws -> (ticket: JSON, mail: JSON) {
            try box.mail(
                "q\(number)", "Logo \(number)", "How do I change my logo?", from: "p\(number)@client.example")
            let ticket = try eventually("the answer to \(number)") {
                try box.owner.every("/v1/tickets").first {
                    $0.text("subject") == "Logo \(number)" && $0.text("status") == "waiting_on_client"
                }
            }
            let said = try #require(try box.owner.every("/v1/tickets/\(ticket.id)/messages").first)
            #expect(said["sources"]?.array?.first?.text("id") == article.id)
            let mail = try eventually("the mail to leave") {
                let mail = try box.owner.get("/v1/messages/\(said.text("message_id"))").ok()
                return ["sent", "delivered"].contains(mail.text("status")) ? mail : .none
            }
            return (ticket, mail)
        }
        func outcome(_ number: Int, _ reply: String, _ status: String) throws -> String {
            let (ticket, mail) = try answered(number)
            try box.mail(
                "r\(number)", "Re: Logo", reply, from: "p\(number)@client.example",
                headers: [("In-Reply-To", "<\(mail.text("internet_id"))>")])
            let after = try eventually("what follows from \(reply)") {
                let now = try box.owner.get("/v1/tickets/\(ticket.id)").ok()
                return now["assistance"]?.text("outcome") == "" ? .none : now
            }
            #expect(after.text("status") == status, "\(reply)")
            return after["assistance"]?.text("outcome") ?? ""
        }
        #expect(try outcome(1, "Yes, that worked, thank you!", "resolved") == "confirmed")
        let practices = try box.owner.get("/v1/ticket-figures/coaching").ok()["best_practices"]
        #expect(practices?["articles"]?[0]["record"] == 1 && practices?["reason"] == .null)
        #expect(try outcome(2, "No, there is no Branding there.", "open") == "denied")
        #expect(try outcome(3, "Thanks, but where is that?", "open") == "denied")
        let gaps = try box.owner.every("/v1/knowledge-gaps").map { $0.text("question") }
        #expect(gaps.contains("Logo 2"))
        // The criteria for automatic answers, with their targets.
        func helped() throws -> JSON {
            let judged = try box.owner.get("/v1/ticket-figures/coaching").ok()["responses"]
            #expect(judged?["human"]?.array?.count == 5)
            return try #require(judged?["automated"]?.array?.first { $0.text("name") == "helped" })
        }
        #expect(try helped()["sample"] == 3 && helped()["met"] == .null, "three are too few to say")
        #expect(try outcome(4, "Yes, solved, thanks!", "resolved") == "confirmed")
        #expect(try outcome(5, "Perfect, thank you", "resolved") == "confirmed")
        let known = try helped()
        #expect(known["value"]?.double == 0.6 && known["target"]?.double == 0.8 && known["met"] == false)
        let config = "/v1/agents/customer_service/config"
        try box.owner.patch(config, ["target_helped": 0.5]).ok()
        try box.owner.post("\(config)/publish").ok()
        #expect(try helped()["met"] == true)
        let figures = try box.owner.get("/v1/ticket-figures").ok()
        #expect(figures["by_itself"] == ["answered": 5, "confirmed": 3, "silent": 0, "denied": 2])
        let told = try box.owner.every("/v1/notifications").map { $0.text("title") }
        #expect(told.contains { $0.hasSuffix("the answer did not help") })
    }

    @Test func `a rule that does not help is not relied on any more, and what is said may pull a trigger`()
        throws
    {
        let box = try open()
        try box.owner.patch("/v1/agents/customer_service", ["state": "active"]).ok()
        try box.owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"]).ok(
            201)
        func make(_ path: String, _ body: JSON) throws -> JSON { try box.owner.post(path, body).ok(201) }
        let macro = try make("/v1/macros", ["name": "Copies", "reply": "It lies under Documents."])
        let rule = try make(
            "/v1/ticket-triggers",
            ["name": "Copies", "words": ["copy"], "answers": true, "macro_id": .string(macro.id)])
        let tagging = try make("/v1/macros", ["name": "Missing", "add_tags": ["missing"]])
        _ = try make(
            "/v1/ticket-triggers",
            [
                "name": "Missing", "occasion": "replied", "words": ["not there"],
                "macro_id": .string(tagging.id),
            ])
        func ticket(_ number: Int) throws -> JSON {
            try box.mail(
                "q\(number)", "Invoice \(number)", "I need a copy.", from: "p\(number)@client.example")
            return try #require(try box.tickets(number).last)
        }
        for (number, reply) in [
            (1, "Yes, that worked."), (2, "No."), (3, "It is not there."), (4, "No!"), (5, "No."),
        ] {
            let asked = try ticket(number), said = try #require(try box.thread(asked, 1).first)
            let mail = try eventually("the mail to leave") {
                let mail = try box.owner.get("/v1/messages/\(said.text("message_id"))").ok()
                return ["sent", "delivered"].contains(mail.text("status")) ? mail : .none
            }
            try box.mail(
                "r\(number)", "Re: Invoice", reply, from: "p\(number)@client.example",
                headers: [("In-Reply-To", "<\(mail.text("internet_id"))>")])
            try eventuallyTrue("what follows from \(reply)") {
                try box.owner.get("/v1/tickets/\(asked.id)").ok()["assistance"]?.text("outcome") != ""
            }
            if number == 1 {
                let practices = try box.owner.get("/v1/ticket-figures/coaching").ok()["best_practices"]
                #expect(practices?["rules"]?[0].text("trigger_id") == rule.id)
            }
            try eventuallyTrue("the tag of what is missing") {
                try (box.owner.get("/v1/tickets/\(asked.id)").ok()["tags"] == ["missing"]) == (number == 3)
            }
        }
        let failed = try box.owner.get("/v1/ticket-triggers/\(rule.id)").ok()
        #expect(failed["confirmed"] == 1 && failed["denied"] == 4)
        let last = try ticket(6)
        let decided = try eventually("what is decided about the last") {
            try box.owner.every("/v1/decisions?subject_id=\(last.id)").first {
                $0["outcome"]?.text("action") == "leave_to_person"
            }
        }
        #expect(decided["outcome"]?.text("reason") == "rule_fails")
        #expect(try box.owner.every("/v1/tickets/\(last.id)/messages").isEmpty)
    }

    @Test func `a support address is the agency's own and stands once`() throws {
        let box = try open()
        let made = try box.owner.post(
            "/v1/support-addresses", ["name": "Help", "address": "Help@Agency.example"]
        ).ok(201)
        try box.owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"])
            .problem(409, "already_exists")
        #expect(
            try box.owner.post(
                "/v1/support-addresses",
                ["name": "x", "address": "nobody", "team_id": "team_00000000000000000000000000"]
            ).faults()["/address"] == "invalid_email")
        try server.signUp().owner.get("/v1/support-addresses/\(made.id)").problem(404)
        try box.owner.patch("/v1/support-addresses/\(made.id)", ["status": "off"]).ok()
        try box.mail("h1", "Help", "Please help me.")
        _ = try box.agency.owner.every("/v1/tickets")
        try eventuallyTrue("the mail") { try box.owner.every("/v1/messages?direction=inbound").count == 1 }
        #expect(try box.owner.every("/v1/tickets").isEmpty)
    }
}
