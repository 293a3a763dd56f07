import JSON
import StandIns
import Testing

/// Leads that other systems have, by one service for all of them.
@Suite(.ownThread) struct CRMLeads {
    @Test func `a CRM's leads come in by Apideck in one form, once, and are scored and judged as all others`()
        throws
    {
        let site = try Searching(["outbound.allow_private": "true"])
        let owner = site.agency.owner, deck = try ApideckStandIn()
        #expect(try site.source("apideck").text("state") == "needs_credentials")
        deck.leads.add([
            "name": "Ann Lead", "company_name": "Lead Works", "title": "Owner", "status": "qualified",
            "emails": [["email": "Ann@Lead-Works.example", "type": "primary"]],
            "phone_numbers": [["number": "+49 30 901820", "type": "primary"]],
            "websites": [["url": "https://www.lead-works.example/", "type": "primary"]],
        ])
        deck.leads.add([
            "name": "Kim Known", "company_name": "Known Works",
            "emails": [["email": "kim@known.example", "type": "primary"]],
        ])
        deck.leads.add([
            "name": "Fay Far", "company_name": "Far Works",
            "emails": [["email": "fay@far.example", "type": "primary"]],
            "addresses": [["country": "FR", "type": "primary"]],
        ])
        let known = try site.agency.makeLead(1, ["email": "kim@known.example"])
        _ = try site.agency.connect(
            "apideck", deck.service.url,
            credentials: ["api_key": .string(deck.apiKey), "app_id": .string(deck.appID)], settings: [:],
            capability: "lead_source")
        #expect(try site.source("apideck").text("state") == "active")
        let wanted: JSON = ["countries": ["DE"]], result = try site.searched(["apideck"], wanted)
        #expect(result["found"] == 3 && result["created"] == 1 && result["duplicates"] == 1, "\(result)")
        #expect(result["by_source"]?.array?.first?["reasons"] == ["other_country": 1])
        let lead = try #require(try site.leads.first { $0.id != known.id })
        #expect(lead.text("company") == "Lead Works" && lead.text("contact_name") == "Ann Lead")
        #expect(lead.text("contact_title") == "Owner" && lead.text("email") == "ann@lead-works.example")
        #expect(lead.text("phone") == "+4930901820")
        #expect(lead.text("website") == "https://www.lead-works.example")
        #expect(lead.text("source") == "apideck")
        // The other system's opinion of it is no judgement of the agency's.
        #expect(lead.text("status") == "new" && lead["score"] == .null)
        #expect(lead["tags"]?.array?.contains("apideck:qualified") == true)
        let fact = try owner.fact(lead, "contact_title")
        #expect(fact["source"]?["kind"] == "crm" && fact["source"]?["name"] == "apideck")
        #expect(fact["source"]?["integration_id"]?.isNull == false && fact["evidence"]?["quote"] == "Owner")
        for agent in ["lead_scoring", "lead_qualification"] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
            let run = try owner.ended(
                "/v1/agents/\(agent)/runs", ["parameters": ["lead_id": .string(lead.id)]])
            #expect(run.text("status") == "succeeded", "\(run)")
        }
        #expect(try owner.lead(lead)["score"]?.int != nil)
        let decisions = try owner.every(
            "/v1/decisions?agent=lead_qualification&subject_id=\(lead.id)")
        #expect(!decisions.isEmpty)
        let again = try site.searched(["apideck"], wanted)
        #expect(again["created"] == 0 && again["duplicates"] == 2, "\(again)")
    }

    @Test func `a CRM that gives one page for ever is left soon, whatever cursors it names`() throws {
        let site = try Searching(["outbound.allow_private": "true"]), deck = try ApideckStandIn()
        _ = try site.agency.connect(
            "apideck", deck.service.url,
            credentials: ["api_key": .string(deck.apiKey), "app_id": .string(deck.appID)], settings: [:],
            capability: "lead_source")
        for number in 1...20 {
            let page: JSON = [
                "status_code": 200, "status": "OK",
                "data": [["id": "l_1", "name": "Ann Lead", "company_name": "Lead Works"]],
                "meta": ["cursors": ["next": .string("em\(number)")]],
            ]
            deck.service.next(.answer(200, page.serialized)) { $0.target.hasPrefix("/lead/leads") }
        }
        #expect(Searching.error(try site.searched(["apideck"])) == "paging_loop")
        #expect(deck.service.requests.count { $0.target.hasPrefix("/lead/leads") } == 2)
    }
}
