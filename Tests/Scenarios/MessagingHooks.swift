import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// Events come in: what became of our mails, and mails.
@Suite(.ownThread) struct MessagingHooks {
    let server = BureauProcess.shared

    enum Service: String, CaseIterable, CustomTestStringConvertible {
        case mailgun, sendgrid, postmark, maileroo
        var testDescription: String { rawValue }
    }

    /// A service as one of its customers sees it.
    private struct Connected {
        let service: ServiceStandIn
        let credentials: JSON, settings: JSONObject
        /// Tells of a mail: of which kind, whom, by what it knows the mail.
        let tell: (_ kind: String, _ message: JSON) throws -> StandInHook
    }

    /// The program that services name beside what became of a mail: Gmail's proxy, or a person's.
    private func agent(_ kind: String) -> JSON {
        kind == "proxied"
            ? "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
            : "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    }

    private func start(_ service: Service) throws -> Connected {
        switch service {
        case .mailgun:
            let standIn = try MailgunStandIn()
            return Connected(
                service: standIn.service,
                credentials: [
                    "api_key": .string(standIn.apiKey), "webhook_signing_key": .string(standIn.signingKey),
                ], settings: ["domain": .string(standIn.domain)]
            ) { kind, message in
                var data: JSONObject = [
                    "event": .string(["bounced": "failed", "proxied": "opened"][kind] ?? kind),
                    "client-info": ["user-agent": agent(kind), "bot": kind == "proxied" ? "gmail" : ""],
                    "recipient": message["recipient"] ?? .null, "id": .string(UUID().uuidString),
                    "timestamp": JSON(Int(unixSeconds)),
                    "message": ["headers": ["message-id": message["internet_id"] ?? .null]],
                ]
                if kind == "bounced" {
                    data["severity"] = "permanent"
                    data["delivery-status"] = ["code": 550, "message": "5.1.1 no such user"]
                }
                return standIn.event(.object(data), at: unixSeconds)
            }
        case .sendgrid:
            let standIn = try SendGridStandIn()
            return Connected(
                service: standIn.service,
                credentials: [
                    "api_key": .string(standIn.apiKey), "webhook_public_key": .string(standIn.publicKey),
                ], settings: [:]
            ) { kind, message in
                let names = [
                    "delivered": "delivered", "bounced": "bounce", "opened": "open", "clicked": "click",
                    "proxied": "open", "complained": "spamreport", "unsubscribed": "unsubscribe",
                ]
                return try standIn.events(
                    [
                        [
                            "event": .string(names[kind] ?? kind), "email": message["recipient"] ?? .null,
                            "timestamp": JSON(Int(unixSeconds)), "sg_event_id": .string(UUID().uuidString),
                            "sg_message_id": .string("\(message.text("provider_id")).filter-1"),
                            "useragent": agent(kind), "status": "5.1.1", "reason": "550 5.1.1 no such user",
                        ]
                    ], at: unixSeconds)
            }
        case .postmark:
            let standIn = try PostmarkStandIn()
            return Connected(service: standIn.service, credentials: standIn.credentials, settings: [:]) {
                kind, message in
                let names = [
                    "delivered": "Delivery", "bounced": "Bounce", "opened": "Open", "clicked": "Click",
                    "proxied": "Open", "complained": "SpamComplaint", "unsubscribed": "SubscriptionChange",
                ]
                return standIn.hook([
                    "RecordType": .string(names[kind] ?? kind), "MessageID": message["provider_id"] ?? .null,
                    "Recipient": message["recipient"] ?? .null, "Email": message["recipient"] ?? .null,
                    "UserAgent": agent(kind), "Type": kind == "bounced" ? "HardBounce" : .null, "Inactive": true,
                    "SuppressSending": true, "SuppressionReason": "ManualSuppression",
                    "Details": "no such user", "ID": JSON(Int.random(in: 1...1_000_000_000)),
                ])
            }
        case .maileroo:
            let standIn = try MailerooStandIn()
            return Connected(
                service: standIn.service,
                credentials: [
                    "sending_key": .string(standIn.sendingKey), "webhook_secret": .string(standIn.secret),
                ], settings: [:]
            ) { kind, message in
                standIn.event([
                    "event_id": .string(UUID().uuidString),
                    "event_type": .string(["bounced": "failed", "proxied": "opened"][kind] ?? kind),
                    "event_time": JSON(Int(unixSeconds)), "message_id": message["internet_id"] ?? .null,
                    "message_reference_id": message["provider_id"] ?? .null,
                    "event_data": [
                        "to": message["recipient"] ?? .null, "reason": "550 5.1.1 no such user",
                        "user_agent": agent(kind),
                    ],
                ])
            }
        }
    }

    @Test(arguments: Service.allCases)
    func `each service's own words tell what became of a mail`(_ name: Service) throws {
        let (agency, connected) = (try server.signUp(), try start(name))
        try agency.readyToMail()
        let door = try agency.connect(
            name.rawValue, connected.service.url, credentials: connected.credentials,
            settings: connected.settings)
        #expect(try agency.owner.post("/v1/integrations/\(door.id)/test").ok()["ok"] == true)
        func told(_ kind: String, of message: JSON) throws {
            let hook = try connected.tell(kind, message)
            #expect(try server.deliver(hook, to: door).ok() == ["received": true], "\(kind)")
            #expect(try server.deliver(hook, to: door).ok() == ["received": true, "duplicate": true])
        }
        let read = try agency.makeContact(1)
        let first = try agency.message(try agency.send(read), "sent")
        try told("delivered", of: first)
        try agency.message(first, "delivered")
        try told("proxied", of: first)
        try eventuallyTrue("the proxy's opening") {
            try agency.owner.every("/v1/contacts/\(read.id)/activities?source=machine").count == 1
        }
        #expect(try agency.owner.get("/v1/messages/\(first.id)").ok()["opened_at"] == .null)
        for (kind, field) in [("opened", "opened_at"), ("clicked", "clicked_at")] {
            try told(kind, of: first)
            try eventuallyTrue(kind) {
                try agency.owner.get("/v1/messages/\(first.id)").ok()[field] != .null
            }
        }
        try told("complained", of: first)
        try eventuallyTrue("the complaint") { try agency.reasons(read, "transactional") == ["suppressed"] }
        #expect(try agency.owner.every("/v1/events?type=message.complained").count == 1)
        let gone = try agency.makeContact(2)
        let second = try agency.message(try agency.send(gone), "sent")
        try told("bounced", of: second)
        #expect(try !agency.message(second, "bounced").text("error_detail").isEmpty)
        #expect(try agency.reasons(gone, "transactional") == ["suppressed"])
        let tired = try agency.makeContact(3)
        let third = try agency.message(try agency.send(tired), "sent")
        try told("unsubscribed", of: third)
        try eventuallyTrue("the unsubscribing") { try agency.reasons(tired) == ["unsubscribed"] }
        #expect(try agency.owner.every("/v1/events?type=contact.unsubscribed").count == 1)
        let history = try agency.owner.get("/v1/messages/\(first.id)").ok()["history"]?.array ?? []
        #expect(
            history.map { $0.text("kind") } == ["sent", "delivered", "opened", "clicked", "complained"])
        // Marketing that does not arrive is nobody's to mend; an answer is, until something arrives.
        func undelivered() throws -> [JSON] {
            try agency.owner.every("/v1/alerts?open=true").filter {
                $0.text("kind") == "message_undelivered"
            }
        }
        #expect(try undelivered().isEmpty)
        let waiting = try agency.makeContact(4)
        let answer = try agency.message(try agency.send(waiting, ["purpose": "transactional"]), "sent")
        try told("bounced", of: answer)
        try agency.message(answer, "bounced")
        #expect(
            try undelivered().map { $0.text("title") } == [
                "Hello was not delivered to \(waiting.text("email"))."
            ])
        let figures = try agency.owner.get("/v1/communication-figures").ok()
        let mail = try #require(figures["by_channel"]?.array?.first)
        #expect(mail.text("channel") == "email" && mail == figures["total"]?.merging(["channel": "email"]))
        for (name, count) in [
            "sent": 4, "delivered": 1, "bounced": 2, "opened": 1, "clicked": 1, "replied": 0,
        ] {
            #expect(mail[name] == .integer(Int64(count)), "\(name)")
        }
        #expect(mail["delivery_rate"]?.double == 0.25 && mail["response_rate"] == 0)
        #expect(figures["by_purpose"]?.array?.map { $0.text("purpose") } == ["marketing", "transactional"])
        #expect(figures["by_hour"]?.array?.count == 1 || figures["by_hour"]?.array?.count == 2)
        #expect(figures["by_day"]?.array?.isEmpty == false && figures["best_hours"] == [])
    }

    @Test func `what is not the service's is not let in, and an old address ends at once`() throws {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let hook = postmark.mail("one", from: "a@example.com", text: "Hello")
        try server.deliver(postmark.hook(["RecordType": "Open"], password: "no"), to: door).problem(
            401, "signature_invalid")
        try server.anonymous.post("/v1/hooks/postmark/\(String(repeating: "x", count: 40))", [:]).problem(404)
        try server.anonymous.post(
            door.text("hook_url").replacingOccurrences(of: "postmark", with: "mailgun"), [:]
        ).problem(404)
        try server.deliver(hook, to: door).ok()
        let rotated = try agency.owner.post("/v1/integrations/\(door.id)/rotate").ok()
        #expect(rotated.text("hook_url") != door.text("hook_url"))
        try server.deliver(hook, to: door).problem(404)
        #expect(try server.deliver(hook, to: rotated).ok()["duplicate"] == true)
        try agency.owner.patch("/v1/integrations/\(door.id)", ["status": "disabled"]).ok()
        try server.deliver(hook, to: rotated).problem(404)
    }

    @Test func `receipts are listed and read, and what failed is worked on again`() throws {
        let agency = try server.quietAgency()
        let door = try GenericDoor(
            agency,
            on: [
                "lead.submitted": [
                    "upsert_lead": [
                        "match_on": "email", "fields": ["company": "firm.name", "email": "mail"],
                    ]
                ]
            ])
        try door.post(
            "e1", ["type": "lead.submitted", "data": ["firm": ["name": "Acme"], "mail": "x@acme.com"]]
        )
        .ok()
        try eventuallyTrue("the lead") { try agency.owner.every("/v1/leads").count == 1 }
        try door.post(
            "e2", ["type": "lead.submitted", "data": ["firm": ["name": "Acme 2"], "mail": "x@acme.com"]]
        ).ok()
        try eventuallyTrue("its change") {
            try agency.owner.every("/v1/leads").map { $0.text("company") } == ["Acme 2"]
        }
        try door.post("e3", ["type": "lead.submitted", "data": ["mail": "nobody"]]).ok()
        let failed = try agency.receipt(door.integration, "failed")
        #expect(!failed.text("note").isEmpty && failed["payload"] == nil)
        let whole = try agency.owner.get("/v1/hook-receipts/\(failed.id)").ok()
        #expect(whole["payload"]?["data"]?["mail"] == "nobody")
        try agency.owner.patch(
            "/v1/integrations/\(door.integration.id)", ["settings": ["on_event": ["lead.submitted": nil]]]
        ).ok()
        // Of several who ask for it at once, one is heard.
        let replays = try together(6) { _ in
            try agency.owner.post("/v1/hook-receipts/\(failed.id)/replay").status
        }
        #expect(replays.sorted() == [200, 409, 409, 409, 409, 409])
        try eventuallyTrue("the second try") {
            try agency.owner.get("/v1/hook-receipts/\(failed.id)").ok().text("status") == "processed"
        }
        try agency.owner.post("/v1/hook-receipts/\(failed.id)/replay").problem(409, "invalid_transition")
        #expect(try agency.owner.every("/v1/hook-receipts").count == 3)
        #expect(try agency.owner.every("/v1/events?type=hook.received").count == 4)
        let other = try server.quietAgency()
        try other.owner.get("/v1/hook-receipts/\(failed.id)").problem(404)
        try other.owner.post("/v1/hook-receipts/\(failed.id)/replay").problem(404)
    }

    @Test func `a hook of any program can start a workflow`() throws {
        let agency = try server.quietAgency()
        let workflow = try agency.owner.post(
            "/v1/workflows",
            [
                "name": "on hook", "start": "make", "state": ["plan": ["type": "string", "required": true]],
                "nodes": [
                    [
                        "id": "make", "type": "tool", "tool": "create_record",
                        "input": ["type": "lead", "fields": ["company": "Wants {{plan}}"]],
                    ]
                ],
            ]
        ).ok(201)
        let door = try GenericDoor(
            agency,
            on: [
                "plan.chosen": [
                    "start_workflow": ["workflow_id": .string(workflow.id), "state": ["plan": "tier"]]
                ]
            ])
        try door.post("w", ["type": "plan.chosen", "data": ["tier": "gold"]]).ok()
        try eventuallyTrue("the workflow's lead") {
            try agency.owner.every("/v1/leads").map { $0.text("company") } == ["Wants gold"]
        }
        #expect(try agency.receipt(door.integration, "processed").text("note").contains("workflow run"))
    }

    @Test func `events that come together are each kept once, and each worked on by itself`() throws {
        let agency = try server.quietAgency()
        let door = try GenericDoor(
            agency,
            on: [
                "lead.submitted": [
                    "upsert_lead": ["match_on": "email", "fields": ["company": "mail", "email": "mail"]]
                ]
            ])
        let answers = try together(6) { turn in
            try (0..<40).map { n in
                let event = (n + turn * 7) % 40
                let mail: JSON = event % 10 == 3 ? "nobody" : .string("person\(event)@acme.example")
                return try door.post("e\(event)", ["type": "lead.submitted", "data": ["mail": mail]]).ok()
            }
        }.flatMap(\.self)
        #expect(answers.count { $0["duplicate"] == nil } == 40)
        try eventuallyTrue("all worked on") {
            try agency.owner.every("/v1/hook-receipts").count { $0.text("status") != "received" } == 40
        }
        let receipts = try agency.owner.every("/v1/hook-receipts")
        #expect(receipts.count == 40 && Set(receipts.map { $0.text("key") }).count == 40)
        for receipt in receipts {
            let kept = try agency.owner.get("/v1/hook-receipts/\(receipt.id)").ok()
            let isBad = kept["payload"]?["data"]?["mail"] == "nobody"
            #expect(receipt.text("status") == (isBad ? "failed" : "processed"), "\(kept)")
        }
        let events = try agency.owner.every("/v1/events?type=hook.received")
        #expect(Set(events.map { $0["data"]?.text("receipt_id") }).count == 40)
    }

    @Test func `killed while many wait to be written, what was answered is kept, and each is there once`()
        throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let door = try GenericDoor(
            agency,
            on: [
                "lead.submitted": [
                    "upsert_lead": ["match_on": "email", "fields": ["company": "mail", "email": "mail"]]
                ]
            ])
        let sent = Mutex(0)
        let answered = Mutex(Set<Int>())
        @Sendable func post(_ number: Int) throws -> Answer {
            let mail = JSON.string("person\(number)@acme.example")
            return try door.post("e\(number)", ["type": "lead.submitted", "data": ["mail": mail]])
        }
        // Fewer kills than make a job that is at work each time look like their cause.
        for round in 1...2 {
            let target = answered.withLock { $0.count } + 30 * round
            let senders = DispatchGroup()
            for _ in 0..<8 {
                senders.enter()
                Thread {
                    defer { senders.leave() }
                    while true {
                        let number = sent.withLock {
                            $0 += 1
                            return $0
                        }
                        guard let answer = try? post(number) else { return }
                        if answer.status == 200 { answered.withLock { _ = $0.insert(number) } }
                    }
                }.start()
            }
            try eventuallyTrue("round \(round)", every: .milliseconds(1)) {
                answered.withLock { $0.count } >= target
            }
            server.kill()
            senders.wait()
            try server.start()
        }
        let keys = try agency.owner.every("/v1/hook-receipts").map { $0.text("key") }
        #expect(Set(keys).count == keys.count, "one was kept twice")
        let all = 1...sent.withLock { $0 }
        let kept = all.filter { number in keys.contains { $0.hasSuffix("e\(number)") } }
        #expect(answered.withLock { $0 }.isSubset(of: kept), "answered, and not kept")
        #expect(kept.count == keys.count)
        // A service that had no answer sends it again.
        for number in all {
            let isKnown = try post(number).ok()["duplicate"] == true
            #expect(isKnown == kept.contains(number), "e\(number)")
        }
        try eventuallyTrue("all worked on", every: .milliseconds(200)) {
            try agency.owner.total() ?? 0 >= Int64(all.count)
        }
        let mails = try agency.owner.every("/v1/leads?fields=id,email").map { $0.text("email") }
        #expect(mails.sorted() == all.map { "person\($0)@acme.example" }.sorted())
        #expect(try agency.owner.every("/v1/events?type=hook.received").count == all.count)
    }
}
