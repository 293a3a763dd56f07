import JSON
import StandIns
import Synchronization
import Testing

/// Whether mail to an address arrives: by itself, by the services in their order, as records come in, and before mail
/// leaves.
@Suite(.ownThread) struct EmailChecks {
    static let names = try! MailNames()
    static let server = try! BureauProcess.start(names.settings)
    let server = Self.server

    // MARK: By itself

    @Test(
        arguments: [
            ("not an address", "format", false, "undeliverable"),
            ("x@mailinator.com", "disposable", true, "risky"),
            ("x@sub.mailinator.com", "disposable", true, "risky"),
            ("x@nowhere.example", "mx", false, "undeliverable"), ("info@acme.com", "role", true, "risky"),
            ("jane@gmail.com", "free", true, "unknown"), ("jane@acme.com", "mx", true, "unknown"),
            ("jane@acme.com\r\nBcc: x@y.example", "format", false, "undeliverable"),
        ] as [(String, String, Bool, String)])
    func `an address is judged without a service, and what is not known is null`(
        email: String, check: String, value: Bool, deliverability: String
    ) throws {
        let told = try server.signUp().owner.checked(email)
        #expect(told["checks"]?[check] == .bool(value) && told.text("deliverability") == deliverability)
        #expect(told.text("source") == "local" && told["cached"] == false && told.tried.isEmpty)
        #expect(told["checks"]?["smtp"] == .null && told["checks"]?["catch_all"] == .null)
        let score = told["quality_score"]?.double ?? -1
        #expect(score >= 0 && score <= 1 && told["cost"]?["amount"] == 0)
    }

    @Test func `a slip is told with the address that was meant`() throws {
        let owner = try server.signUp().owner
        #expect(try owner.checked("jane@gmial.com").text("suggestion") == "jane@gmail.com")
        #expect(try owner.checked("jane@gmail.com")["suggestion"] == .null)
    }

    @Test func `names that are reserved say nothing where the public name servers are asked`() throws {
        let told = try BureauProcess.shared.signUp().owner.checked("jane@nowhere.example")
        #expect(told["checks"]?["mx"] == .null && told.text("deliverability") == "unknown")
    }

    // MARK: By services

    @Test func `the first service is asked, the next when its month is over, and kept answers serve`() throws
    {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let one = try agency.owner.checked("one@shop.example")
        #expect(one.text("source") == "abstract_email" && one.text("deliverability") == "deliverable")
        #expect(one["quality_score"] == 0.9 && one["checks"]?["smtp"] == true)
        let again = try agency.owner.checked("ONE@shop.example")
        #expect(again["cached"] == true && again.tried == ["abstract_email skipped fresh"])
        #expect(services.abstract.service.requests.count == 1)
        #expect(!services.abstract.service.requests[0].text.contains("ok-email"))

        services.abstract.service.next(
            .answer(422, #"{"error":{"message":"Quota reached.","code":"quota_reached","details":null}}"#))
        let two = try agency.owner.checked("two@shop.example")
        #expect(two.text("source") == "maileroo_verify" && two.text("deliverability") == "unknown")
        #expect(two.tried == ["abstract_email failed quota_exhausted", "maileroo_verify found"])
        for number in 1...4 {
            let more = try agency.owner.checked("n\(number)@shop.example")
            #expect(more.tried == ["abstract_email skipped quota_exhausted", "maileroo_verify found"])
        }
        #expect(services.abstract.service.requests.count == 2, "the exhausted one was asked again")
        let refreshed = try agency.owner.checked("one@shop.example", refresh: true)
        #expect(refreshed.text("source") == "maileroo_verify")
    }

    @Test func `a service that is slow, cut, wrong or down is told, and the next one answers`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let turns: [(ServiceStandIn.Turn, String)] = [
            (.answer(500), "unavailable"), (.answer(200, "<html>"), "invalid_answer"),
            (.answer(200, AbstractStandIn.told("other@shop.example").serialized), "invalid_answer"),
            (.cutAfter, ""), (.answer(400), "refused"),
        ]
        for (number, (turn, code)) in turns.enumerated() {
            services.abstract.service.next(turn)
            let told = try agency.owner.checked("x\(number)@exmaple.com")
            #expect(
                told.text("source") == "maileroo_verify"
                    && told.text("suggestion") == "x\(number)@example.com")
            #expect(told.tried.first?.hasPrefix("abstract_email failed \(code)") == true, "\(told.tried)")
            #expect(told.text("deliverability") == "risky")
        }
        services.abstract.service.next(.answer(429, "", headers: [("Retry-After", "600")]))
        #expect(
            try agency.owner.checked("a@shop.example").tried.first == "abstract_email failed rate_limited")
        #expect(
            try agency.owner.checked("b@shop.example").tried.first
                == "abstract_email skipped quota_exhausted",
            "it is left alone for as long as it asks")
    }

    @Test func `a refused key ends the use of its integration, and is shown nowhere`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency, key: "very-secret-key")
        let told = try agency.owner.checked("a@shop.example")
        #expect(told.tried == ["abstract_email failed unauthenticated", "maileroo_verify found"])
        #expect(
            try agency.owner.get("/v1/integrations/\(services.first.id)").ok().text("status") == "failing")
        #expect(try agency.owner.checked("b@shop.example").tried == ["maileroo_verify found"])
        let shown = try ["integrations", "tool-calls", "alerts", "audit", "events"].flatMap {
            try agency.owner.every("/v1/\($0)")
        }
        #expect(
            !JSON.array(shown).serialized.contains("very-secret-key") && !server.log.contains("very-secret"))
    }

    @Test func `Hunter's answer is waited for, and whom it may not tell of is left alone`() throws {
        let agency = try server.quietAgency(), hunter = try HunterStandIn()
        let made = try agency.connect(
            "hunter", hunter.service.url, credentials: ["api_key": .string(hunter.apiKey)],
            capability: "email_verification")
        #expect(try agency.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        let good = try agency.owner.checked("jane@shop.example")
        #expect(good.text("source") == "hunter" && good.text("deliverability") == "deliverable")
        let claimed = try agency.owner.checked("claimed@shop.example")
        #expect(claimed.text("deliverability") == "undeliverable")
        let suppressed = try agency.owner.every("/v1/suppressions")
        #expect(suppressed.map { $0.text("reason") } == ["manual"])
        hunter.service.next(.answer(429, #"{"errors":[{"id":"usage_limit","code":429,"details":""}]}"#))
        #expect(try agency.owner.checked("late@shop.example").tried == ["hunter failed quota_exhausted"])
        #expect(try agency.owner.checked("later@shop.example").tried == ["hunter skipped quota_exhausted"])
    }

    // MARK: As records come in

    private func status(_ agency: Agency, _ path: String) throws -> String {
        try agency.owner.get(path).ok().text("email_status")
    }

    @Test func `the address of a lead and its contact is judged as it comes in, and as it changes`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let lead = try agency.makeLead(1, ["email": "gone@shop.example"])
        let (path, contact) = ("/v1/leads/\(lead.id)", "/v1/contacts/\(lead.text("contact_id"))")
        try eventuallyTrue("the judgement") { try status(agency, path) == "undeliverable" }
        #expect(try status(agency, contact) == "undeliverable")
        let version = try agency.owner.get(path).ok()["version"]
        #expect(version == lead["version"], "it is no change of the lead's")
        try agency.owner.patch(path, ["email": "there@shop.example"]).ok()
        try eventuallyTrue("the other judgement") { try status(agency, path) == "deliverable" }
        #expect(
            try agency.owner.patch(path, ["email_status": "risky"]).faults() == ["/email_status": "read_only"]
        )
        #expect(try agency.owner.every("/v1/leads?email_status=deliverable").map(\.id) == [lead.id])
        #expect(services.abstract.service.requests.count == 2, "a lead and its contact cost one call")
        let use = try agency.owner.get("/v1/integrations/\(services.first.id)/use").ok()
        #expect(use["return"]?["leads"] == 1 && use["return"]?["calls"] == 2)
    }

    @Test func `without a service an address is judged as it comes in, too`() throws {
        let agency = try server.quietAgency()
        let dead = try agency.makeContact(1, ["email": "x@nowhere.example"])
        let live = try agency.makeContact(2, ["email": "x@shop.example"])
        try eventuallyTrue("the judgements") {
            try status(agency, "/v1/contacts/\(dead.id)") == "undeliverable"
                && status(agency, "/v1/contacts/\(live.id)") == "unknown"
        }
    }

    @Test func `a domain that takes no mail is looked at again each night`() throws {
        let isRepaired = Mutex(false)
        let names = try DNSStandIn { question in
            guard isRepaired.withLock({ $0 }) else { return .code(3) }
            return .records(question.type == 15 ? [.mx(10, "mx.late.example")] : [])
        }
        let server = try BureauProcess.start(["dns.servers": "127.0.0.1:\(names.port)"])
        let agency = try server.quietAgency()
        let contact = try agency.makeContact(1, ["email": "x@late.example"])
        let path = "/v1/contacts/\(contact.id)"
        try eventuallyTrue("the judgement") { try status(agency, path) == "undeliverable" }
        // A process remembers for an hour what name servers have said.
        isRepaired.withLock { $0 = true }
        _ = server.stop()
        try server.start()
        let again = try #require(
            try agency.owner.every("/v1/jobs?kind=addresses.again").first { $0.text("state") == "scheduled" })
        try agency.owner.post("/v1/jobs/\(again.id)/cancel").ok()
        try agency.owner.post("/v1/jobs/\(again.id)/retry").ok()
        try eventuallyTrue("the better judgement") { try status(agency, path) == "unknown" }
    }

    @Test func `many addresses at once are judged at once, and asked about in batches in the quiet hours`()
        throws
    {
        let agency = try server.quietAgency()
        try agency.moveToNoon()
        let services = try AddressServices(agency)
        try agency.makeLeads((1...30).map { lead($0, ["email": .string("n\($0)@shop.example")]) })
        try eventuallyTrue("the judgements") {
            try agency.owner.every("/v1/leads").allSatisfy { $0["email_status"] != .null }
        }
        let batch = try eventually("the batch") {
            try agency.owner.every("/v1/jobs?kind=addresses.batch").first
        }
        // By day it waits for the night; a person may have it done now.
        #expect(batch.text("state") == "scheduled" && batch.text("waiting_for").contains("hour"))
        let before = services.abstract.service.requests.count
        #expect(before < 30)
        try agency.owner.post("/v1/jobs/\(batch.id)/cancel").ok()
        try agency.owner.post("/v1/jobs/\(batch.id)/retry").ok()
        try eventuallyTrue("the batch") {
            try agency.owner.get("/v1/jobs/\(batch.id)").ok().text("state") == "completed"
        }
        let asked = services.abstract.service.requests.count - before
        #expect(asked >= 10, "a batch is as large as the service has shown to take")
    }

    // MARK: Before mail leaves

    @Test func `what would bounce is not mailed, says why, and leaves once the address is right`() throws {
        let agency = try server.signUp(), sink = try SMTPStandIn()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        _ = try AddressServices(agency)
        let contact = try agency.makeContact(1, ["email": "gone@shop.example"]),
            path = "/v1/contacts/\(contact.id)"
        try eventuallyTrue("the judgement") { try status(agency, path) == "undeliverable" }
        #expect(try agency.reasons(contact) == ["undeliverable"])
        #expect(try agency.reasons(contact, "transactional") == ["undeliverable"])
        let held = try agency.message(try agency.send(contact), "held")
        #expect(held["reasons"]?[0].text("code") == "undeliverable" && sink.mails.isEmpty)
        try agency.owner.patch(path, ["email": "there@shop.example"]).ok()
        let sent = try agency.message(held, "sent")
        #expect(sent.text("recipient") == "there@shop.example")
        #expect(try eventually("the mail") { sink.mails.first }.recipients == ["there@shop.example"])
    }

    @Test func `outreach leaves whom a service finds risky or unreachable, and writes to the others`() throws
    {
        let agency = try server.signUp(), sink = try SMTPStandIn()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        let services = try AddressServices(agency)
        // Nothing that is known without a service speaks against the first of them.
        let leads = try ["ann@brief.example", "gone@shop.example", "there@shop.example"].enumerated().map {
            try agency.makeLead($0, ["email": .string($1), "status": "qualified"])
        }
        for (lead, word) in zip(leads, ["risky", "undeliverable", "deliverable"]) {
            try eventuallyTrue("\(word)") {
                try status(agency, "/v1/contacts/\(lead.text("contact_id"))") == word
            }
        }
        let told = try agency.owner.checked("ann@brief.example")
        #expect(told["checks"]?["disposable"] == true && told.text("deliverability") == "risky", "\(told)")
        // Mail to one that is thrown away may arrive, and is wasted.
        let brief = AbstractStandIn.told("eva@shop.example", ["is_disposable_email": ["value": true]])
        services.abstract.service.next(.answer(200, brief.serialized))
        #expect(try agency.owner.checked("eva@shop.example").text("deliverability") == "risky")
        let agent: JSON = ["state": "active", "autonomy": "autopilot"]
        try agency.owner.patch("/v1/agents/outreach_automation", agent).ok()
        let result = try agency.owner.runAgent("outreach_automation")
        #expect(result["refused"] == ["risky_address": 1, "undeliverable": 1], "\(result)")
        #expect(result["processed"] == 3 && result["chosen"] == 1, "\(result)")
        let chosen = try agency.owner.every("/v1/decisions?agent=outreach_automation")
        #expect(chosen.map { $0["subject"]?.id } == [leads[2].id])
    }

    // MARK: Kept answers

    @Test func `in a sandbox nobody is asked, and what is kept still serves`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        _ = try agency.owner.checked("one@shop.example")
        let made = try agency.owner.post("/v1/sandboxes", ["from": "live", "name": "Test"]).ok(201)
        let box = SandboxCaller(
            id: made.id, tenantID: made.text("tenant_id"), owner: server.caller(made.text("token")))
        let kept = try box.owner.checked("one@shop.example")
        #expect(kept.text("source") == "abstract_email" && kept["cached"] == true)
        #expect(try box.owner.checked("two@shop.example").text("source") == "local")
        try box.quieten()
        try box.advance("P31D")
        #expect(try box.owner.checked("one@shop.example").text("source") == "local")
        #expect(services.abstract.service.requests.count == 1)
    }

    @Test func `who is erased is forgotten here, too`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let contact = try agency.makeContact(1, ["email": "Jane@shop.example"])
        try eventuallyTrue("the judgement") {
            try status(agency, "/v1/contacts/\(contact.id)") == "deliverable"
        }
        let report = try agency.owner.post("/v1/privacy/erase", ["contact_id": .string(contact.id)]).ok()
        #expect(report["erased"]?["email_checks"] == 1, "\(report)")
        _ = try agency.owner.checked("jane@shop.example")
        #expect(services.abstract.service.requests.count == 2)
    }
}
