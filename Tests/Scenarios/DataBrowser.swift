import JSON
import StandIns
import Testing

/// The pages about what is known, whence it comes, and how good it is, in a real browser with axe looking on.
@Suite(.ownThread) struct DataBrowser {
    @Test func `leads are found, known, kept clean and kept in step on the page`() throws {
        let site = try Searching(), syncing = try Syncing(.shared, ["conflict": "review"])
        let found = try inBrowser(
            "data.py",
            [
                "finding": try finding(site), "knowing": try knowing(site), "cleaning": try cleaning(site),
                "syncing": try keepingInStep(syncing),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        // The deeds on the page have come about.
        let searches = try site.agency.owner.every("/v1/searches")
        #expect(searches.first?["countries"] == ["AT"])
        let conflicts = try syncing.agency.owner.every("/v1/sync-conflicts")
        #expect(conflicts.map { $0.text("resolution") } == ["remote"])
        #expect(try syncing.lead("a@x.example").text("contact_name") == "Remote")
        #expect(try syncing.sync.text("status") == "paused")
    }

    private func place(_ agency: Agency, _ more: JSON) -> JSON {
        let entry: JSON = [
            "url": .string("http://127.0.0.1:\(agency.server.port)"), "email": .string(agency.email),
            "password": .string(agency.password),
        ]
        return entry.merging(more)
    }

    /// A directory that nobody has declared yet.
    private func finding(_ site: Searching) throws -> JSON {
        site.directory("firms.example", ["Alder Works", "Birch Works", "Cedar Works"])
        return place(
            site.agency, ["address": "http://firms.example/list", "firms": ["Alder Works", "Cedar Works"]])
    }

    /// A lead of which a site has said something, and a service that takes 5 cents a question, $50 a thousand.
    private func knowing(_ site: Searching) throws -> JSON {
        let agency = try site.agency.server.readingAgency()
        site.web.company("known.example")
        let lead = try agency.bareLead("known.example")
        _ = try agency.owner.enriched(lead)
        let service = try agency.connect(
            "abstract_company", credentials: ["api_key": "secret-key-of-tests"],
            capability: "company_enrichment")
        let price: JSON = ["amount": 5000, "currency": "USD"]
        try agency.owner.patch("/v1/integrations/\(service.id)", ["price": price]).ok()
        return place(agency, ["lead": .string(lead.id)])
    }

    /// Leads with a slip in their addresses.
    private func cleaning(_ site: Searching) throws -> JSON {
        let agency = try site.agency.server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        for number in 1...3 {
            let email = JSON.string("q\(number)@gmial.com")
            _ = try agency.makeLead(number, ["email": email, "contact_name": .string("Jane \(number)")])
        }
        return place(agency, ["slips": 3])
    }

    /// A sync with a field that both sides have changed, and a record that is yet to come.
    private func keepingInStep(_ syncing: Syncing) throws -> JSON {
        let crm = syncing.crm, first = crm.add(person("a", ["name": "Base"]))
        try syncing.run()
        try syncing.change(try syncing.lead("a@x.example"), ["contact_name": "Local"])
        crm.change(first, ["name": "Remote"], at: CRMStandIn.stamp(2))
        try syncing.run()
        // After the change above, up to which the sync has read.
        crm.add(person("b", ["name": "Bea New"]), at: CRMStandIn.stamp(4))
        return place(syncing.agency, ["sync": .string(try syncing.sync.id), "new": "Bea New"])
    }
}
