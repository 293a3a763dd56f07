import JSON
import StandIns
import Testing

/// People who are found are told apart by how they can be reached, and whatever is changed is told with its source.
@Suite(.ownThread) struct FoundPeople {
    static let web = try! CrawledWeb()
    static let names = try! MailNames()
    static let server = try! BureauProcess.start(web.settings.merging(names.settings) { $1 })
    let web = Self.web, server = Self.server

    @Test func `a person is found with where it stands, and the address that is found is judged at once`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        // One domain takes mail, and one does not.
        for (host, status) in [
            ("shop.example", ["unknown", "risky"]), ("nowhere.example", ["undeliverable"]),
        ] {
            web.company(host, ["email": .string("erika@\(host)")])
            let lead = try agency.bareLead(host)
            #expect(lead["email"] == .null)
            _ = try owner.enriched(lead)
            let person = try owner.fact(lead, "decision_makers")
            let told = person["value"]?.array?.first
            #expect(told?.text("name") == "Erika Beispiel" && told?.text("title") == "Managing Director")
            #expect(person["evidence"]?["url"]?.text == "http://\(host)/about", "\(person)")
            #expect(person["evidence"]?["quote"]?.text?.contains("Erika Beispiel") == true)
            #expect(try owner.fact(lead, "email")["source"]?["kind"] == "website")
            try eventuallyTrue("the judgement of \(host)") {
                let found = try owner.lead(lead)
                return found.text("email") == "erika@\(host)" && status.contains(found.text("email_status"))
            }
            // Beside the people, the ways to reach them: the one that comes first is the one to use.
            let channel = try owner.fact(lead, "preferred_channel")["value"]
            #expect(channel?["channel"] == "email" && channel?.text("reasoning").isEmpty == false)
        }
    }

    @Test
    func `the channel to use is the one that somebody writes on most, whatever machines answer for them`()
        throws
    {
        // The services that she writes by are on this machine.
        let reached = web.settings.merging(["outbound.allow_private": "true"]) { $1 }
        let server = try BureauProcess.start(reached), postmark = try PostmarkStandIn()
        let agency = try server.readingAgency(), owner = agency.owner
        try agency.readyToMail()
        try owner.patch("/v1/agents/prospect_research", ["state": "active"]).ok()
        let door = try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials)
        let line = try TextLine(agency), host = "channels.example", address = "ann@channels.example"
        web.company(host)
        let lead = try agency.bareLead(
            host, ["contact_name": "Ann", "email": .string(address), "phone": "+15550000002"])
        var count = 0
        /// Returns the best way to reach her, once she has written.
        func channel(mails: Int = 0, automatic: Int = 0, texts: Int = 0) throws -> JSON {
            for kind in [String](repeating: "mail", count: mails)
                + [String](repeating: "absence", count: automatic)
            {
                count += 1
                let hook =
                    kind == "mail"
                    ? postmark.mail("m\(count)", from: address, text: "We look at your offer. \(count)")
                    : postmark.mail(
                        "m\(count)", from: address, text: "I am out of office. \(count)",
                        subject: "Automatic reply: Hello", headers: [("Auto-Submitted", "auto-replied")])
                try server.deliver(hook, to: door).ok()
            }
            for _ in 0..<texts {
                count += 1
                try line.hears("Please call us. \(count)", "SM\(count)")
            }
            let person = lead.text("contact_id")
            try eventuallyTrue("what she wrote") {
                try owner.every("/v1/messages?direction=inbound").count {
                    $0.text("contact_id") == person
                } == count
            }
            _ = try owner.enriched(lead)
            return try owner.fact(lead, "preferred_channel")["value"] ?? .null
        }
        // A person who has written nothing is reached in the first way that is known; an absence is not
        // writing.
        #expect(try channel()["channel"] == "email")
        #expect(try !channel(automatic: 4).text("reasoning").contains("wrote"))
        // One mail of her own and four of a machine are fewer than two text messages.
        let texts = try channel(mails: 1, texts: 2)
        #expect(texts["channel"] == "sms" && texts.text("reasoning").contains("2 messages"), "\(texts)")
        let mails = try channel(mails: 2)
        #expect(mails["channel"] == "email" && mails.text("reasoning").contains("3 messages"), "\(mails)")
        // Three of each: where she wrote last.
        #expect(try channel(texts: 1)["channel"] == "sms")
        // The decision makers stand beside it, and what else is known of the business.
        #expect(try owner.fact(lead, "decision_makers")["value"]?.serialized.contains("Erika") == true)
        #expect(try owner.fact(lead, "revenue_range")["value"] != nil)
    }

    @Test
    func `each change of a record is in the audit with who made it, and each value says how fresh it is`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("traced.example")
        let lead = try agency.bareLead("traced.example", ["contact_name": "Ann"])
        try owner.patch("/v1/leads/\(lead.id)", ["contact_name": "Ann Other"]).ok()
        let result = try owner.enriched(lead)
        let set = result.text("change_set_id")
        let filled = (result["filled"]?.array ?? []).compactMap { $0.text ?? $0["field"]?.text }
        #expect(filled.contains("phone"), "\(result)")
        #expect(try owner.lead(lead).text("phone") == "+4930901820")
        let fact = try owner.fact(lead, "founded_year")
        let (read, end) = (fact.text("observed_at"), fact.text("expires_at"))
        #expect(!read.isEmpty && read < end, "read then, and stale from then on")
        try owner.post("/v1/change-sets/\(set)/undo").ok()
        try eventuallyTrue("the way back") { try owner.lead(lead)["phone"] == .null }

        let entries = try owner.every("/v1/audit?subject_id=\(lead.id)")
        let changed = entries.filter { $0.text("action") == "lead.updated" }
        func changes(_ field: String) -> [JSON] { changed.filter { $0["changes"]?[field] != nil } }
        // By a person, by the agent with its run, and by the one who took it back.
        #expect(changes("contact_name").map { $0["actor"]?["type"] ?? .null } == ["user"])
        let actors = changes("phone").compactMap { $0["actor"]?["type"]?.text }
        #expect(actors.count >= 2 && actors.contains("agent"), "\(changed)")
        let told = try #require(entries.first { $0.text("action") == "lead.enriched" })
        #expect(told["changes"]?["phone"] == "website" && told["run_id"]?.text?.isEmpty == false)
        #expect(entries.contains { $0.text("action") == "lead.created" })
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(try owner.fact(lead, "contact_name")["source"]?["kind"] == "person")
    }
}
