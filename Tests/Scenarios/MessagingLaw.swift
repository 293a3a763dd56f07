import Cryptography
import Foundation
import JSON
import StandIns
import Testing

/// The law's demands on whoever writes to people (docs/law.md).
@Suite(.ownThread) struct MessagingLaw {
    let server = BureauProcess.shared

    private func sendability(_ owner: Caller, _ contact: JSON, _ purpose: String = "marketing") throws -> JSON
    {
        try owner.get("/v1/contacts/\(contact.id)/sendability?purpose=\(purpose)").ok()
    }

    private func codes(_ answer: JSON, _ list: String = "reasons") -> [String] {
        (answer[list]?.array ?? []).map { $0.text("code") }
    }

    /// An agency from which mail may leave.
    private func ready(
        _ settings: JSONObject = [:], on server: BureauProcess? = nil
    ) throws -> (Agency, SMTPStandIn) {
        let (agency, sink) = (try (server ?? self.server).signUp("Northwind"), try SMTPStandIn())
        try agency.readyToMail(settings)
        try agency.connect("smtp", sink.url)
        return (agency, sink)
    }

    // MARK: Consent

    @Test(arguments: ["AT", "DE", "DK", "ES", "IT", "PL"])
    func `where the law asks for consent first, the answer names the country and whose rule it is`(
        country: String
    ) throws {
        let (agency, _) = try ready()
        let contact = try agency.makeContact(1, ["country": .string(country)])
        let answer = try sendability(agency.owner, contact)
        #expect(codes(answer) == ["no_consent"])
        #expect(answer["reasons"]?[0].text("detail").contains("in \(country) ") == true)
        let basis = answer["basis"]
        #expect(basis?["needs"] == "consent" && basis?["rule"] == "standard" && basis?["consent_id"] == .null)
        try agency.owner.post(
            "/v1/consents",
            ["contact_id": .string(contact.id), "source": "fair", "evidence": "a form, signed"]
        ).ok(201)
        let given = try sendability(agency.owner, contact)
        #expect(codes(given).isEmpty && given["basis"]?["lawful_basis"] == "consent")
        try agency.owner.post(
            "/v1/consents", ["contact_id": .string(contact.id), "source": "mail", "status": "withdrawn"]
        ).ok(201)
        #expect(try codes(sendability(agency.owner, contact)) == ["no_consent"])
        let transactional = try sendability(agency.owner, contact, "transactional")
        #expect(codes(transactional).isEmpty && transactional["basis"]?["needs"] == .null)
    }

    @Test func `elsewhere legitimate interest does, and the agency's own rule comes before the table`() throws
    {
        let (agency, _) = try ready()
        let (here, there) = (try agency.makeContact(1), try agency.makeContact(2, ["country": "DE"]))
        let answer = try sendability(agency.owner, here)
        #expect(codes(answer).isEmpty && answer["basis"]?["needs"] == "legitimate_interest")
        try agency.owner.patch(
            "/v1/settings", ["consent_rules": ["US": "consent", "DE": "legitimate_interest"]]
        ).ok()
        let changed = try sendability(agency.owner, here)
        #expect(codes(changed) == ["no_consent"] && changed["basis"]?["rule"] == "agency")
        #expect(changed["reasons"]?[0].text("detail").contains("the agency's own rule") == true)
        #expect(try codes(sendability(agency.owner, there)).isEmpty)
    }

    @Test func `who unsubscribed stays so however much time passes, until they agree anew`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let contact = try box.owner.post(
            "/v1/contacts", ["name": "Ann", "email": "ann@example.com", "country": "US"]
        ).ok(201)
        let suppressed: JSON = ["channel": "email", "address": "Ann@Example.com", "reason": "unsubscribe"]
        try box.owner.post("/v1/suppressions", suppressed).ok(201)
        try box.advance("P45D")
        #expect(try codes(sendability(box.owner, contact)) == ["unsubscribed"])
        #expect(try codes(sendability(box.owner, contact, "transactional")).isEmpty)
        let old: JSON = [
            "contact_id": .string(contact.id), "source": "form", "given_at": "2020-01-01T00:00:00.000Z",
        ]
        try box.owner.post("/v1/consents", old).ok(201)
        #expect(try codes(sendability(box.owner, contact)) == ["unsubscribed"], "an older consent is none")
        try box.owner.post("/v1/consents", ["contact_id": .string(contact.id), "source": "form"]).ok(201)
        #expect(try codes(sendability(box.owner, contact)).isEmpty)
    }

    // MARK: Whose words they are

    /// The mail that selling writes by itself to somebody in a country.
    private func written(_ country: String?, _ settings: JSONObject) throws -> String {
        let (agency, postmark) = (try server.signUp("Northwind"), try PostmarkStandIn())
        try agency.readyToMail(settings)
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        try agency.owner.patch(
            "/v1/agents/sales_automation", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let lead = try agency.makeLead(1, ["country": JSON(country)])
        let hook = postmark.mail("w1", from: lead.text("email"), text: "Sounds good, tell me more.")
        try server.deliver(hook, to: door).ok()
        let request = try eventually("the mail") {
            postmark.service.requests.first { $0.target == "/email" }
        }
        return try JSONParser.parse(request.body).text("TextBody")
    }

    @Test(
        arguments: [
            ("DE", [:], true), ("US", [:], true), ("JP", [:], false), (nil, [:], false),
            ("JP", ["country": "FR"], true),
            ("JP", ["ai_disclosure": "always"], true), ("US", ["ai_disclosure": "never"], false),
        ] as [(String?, JSONObject, Bool)])
    func `a mail that software wrote says so where the law or the agency asks for it`(
        country: String?, settings: JSONObject, isTold: Bool
    ) throws {
        let text = try written(country, settings)
        #expect(text.contains("software of Northwind") == isTold, "\(text)")
        #expect(text.contains("1 Example Street"), "a true address, whoever wrote")
    }

    @Test func `what a person writes says nothing of software`() throws {
        let (agency, sink) = try ready(["ai_disclosure": "always"])
        try agency.message(try agency.send(try agency.makeContact(1)), "sent")
        #expect(sink.mails.first?.text.contains("software of") == false)
    }

    // MARK: Addresses

    @Test(
        arguments: [
            ("info@example.com", ["role_address"]), ("jane@mailinator.com", ["disposable_address"]),
            ("jane@gmail.com", ["free_mail"]), ("jane@example.com", []),
            ("noreply@mailinator.com", ["disposable_address", "role_address"]),
        ] as [(String, [String])])
    func `what speaks against an address is told, and forbids nothing`(
        address: String, codes: [String]
    ) throws {
        let (agency, _) = try ready()
        let contact = try agency.makeContact(1, ["email": .string(address)])
        let answer = try sendability(agency.owner, contact)
        let told = self.codes(answer, "warnings").filter { $0 != "no_mail_host" }
        #expect(told == codes && answer["sendable"] == true)
        #expect(answer["warnings"]?.array?.allSatisfy { !$0.text("detail").isEmpty } == true)
    }

    @Test func `a domain that takes no mail is told, once that is known`() throws {
        let hosts: [String: DNSStandIn.Record] = [
            "good.example": .mx(10, "mx.good.example"), "null.example": .mx(0, ""),
        ]
        let answers = try DNSStandIn { question in
            guard let host = hosts[question.name.lowercased()] else { return .code(3) }
            return .records(question.type == host.type ? [host] : [])
        }
        let server = try BureauProcess.start(["dns.servers": "127.0.0.1:\(answers.port)"])
        let (agency, _) = try ready(on: server)
        func warns(_ domain: String, _ number: Int) throws -> JSON {
            try agency.makeContact(number, ["email": .string("jane@\(domain)")])
        }
        let (good, null, gone) = (
            try warns("good.example", 1), try warns("null.example", 2), try warns("gone.example", 3)
        )
        for contact in [null, gone] {
            try eventuallyTrue("what is told of \(contact.text("email"))") {
                try codes(sendability(agency.owner, contact), "warnings") == ["no_mail_host"]
            }
        }
        #expect(try codes(sendability(agency.owner, good), "warnings").isEmpty)
        func asked() -> Int { answers.questions.count { $0.name.lowercased() == "gone.example" } }
        let before = asked()
        _ = try sendability(agency.owner, gone)
        #expect(before > 0 && asked() == before, "what is known is not asked again")
    }

    @Test func `a new agency's templates look like no spam, and one that does is told why`() throws {
        let (agency, _) = try ready()
        let lead = try agency.makeLead(1, ["pain_points": ["too few leads"], "industry": "retail"])
        func spam(_ template: JSON) throws -> JSON {
            try agency.owner.post("/v1/templates/\(template.id)/preview", ["lead_id": .string(lead.id)])
                .ok()["spam"] ?? .null
        }
        let seeded = try agency.owner.every("/v1/templates?channel=email").filter {
            $0.text("kind") == "outreach" || $0.text("kind") == "sales_follow_up"
        }
        #expect(seeded.count >= 10)
        for template in seeded {
            #expect(try spam(template)["score"]?.double ?? 10 < 2, "\(template.text("name"))")
        }
        let loud = try agency.owner.post(
            "/v1/templates",
            [
                "name": "loud", "channel": "email", "subject": "RE: FREE MONEY!!! ACT NOW",
                "body": "CLICK HERE NOW!!! 100% FREE, NO RISK, WINNER, BUY NOW",
            ]
        ).ok(201)
        let told = try spam(loud)
        #expect(told["score"]?.double ?? 0 >= 5)
        #expect(told["parts"]?.array?.allSatisfy { !$0.text("why").isEmpty } == true)
    }

    // MARK: What is kept

    @Test func `words, files and what services brought are forgotten when their time is over`() throws {
        let (agency, postmark) = (try server.quietAgency(), try PostmarkStandIn())
        let box = try agency.sandbox()
        try box.quieten()
        try box.owner.patch("/v1/settings", ["retention": ["message_days": 0]]).problem(422, "out_of_range")
        try box.owner.patch(
            "/v1/settings", ["retention": ["message_days": 20, "attachment_days": 10, "hook_days": 5]]
        ).ok()
        let door = try box.owner.post(
            "/v1/integrations",
            ["provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials]
        ).ok(201)
        let hook = postmark.mail(
            "k1", from: "ann@example.com", text: "A secret: the fair is in May. Please unsubscribe me.",
            subject: "The fair", name: "Ann",
            attachments: [
                [
                    "Name": "plan.txt", "ContentType": "text/plain", "ContentLength": 4,
                    "Content": .string(Base64.encode(Array("plan".utf8))),
                ]
            ])
        try server.deliver(hook, to: door).ok()
        try box.advance("PT1M")
        let message = try #require(try box.owner.every("/v1/messages").first)
        let file = "/v1/files/\(message["attachments"]?[0].text ?? "")"
        func kept() throws -> [Bool] {
            let now = try box.owner.get("/v1/messages/\(message.id)").ok()
            return [
                try !box.owner.every("/v1/hook-receipts").isEmpty, try box.owner.get(file).status == 200,
                now.serialized.contains("secret") || now.serialized.contains("The fair"),
            ]
        }
        #expect(try kept() == [true, true, true])
        try box.advance("P4D")
        #expect(try kept() == [true, true, true])
        try box.advance("P2D")
        #expect(try kept() == [false, true, true])
        try box.advance("P5D")
        #expect(try kept() == [false, false, true])
        try box.advance("P10D")
        #expect(try kept() == [false, false, false])
        let left = try box.owner.get("/v1/messages/\(message.id)").ok()
        #expect(left.text("class") == message.text("class") && left["contact_id"] == message["contact_id"])
        #expect(left["attachments"] == [] && left["created_at"] == message["created_at"])
        #expect(try box.owner.every("/v1/messages?q=secret").isEmpty, "nor is it found")
        #expect(try box.owner.every("/v1/suppressions").count == 1, "that they unsubscribed is kept")
    }
}
