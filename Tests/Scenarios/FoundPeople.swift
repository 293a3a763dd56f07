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
        let agency = try server.researchingAgency(), owner = agency.owner
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
    func `each change of a record is in the audit with who made it, and each value says how fresh it is`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
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
