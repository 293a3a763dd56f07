import JSON
import StandIns
import Testing

/// Fields that a service's account has of its own are told by the service, and mapped like those that are declared.
@Suite(.ownThread) struct DescribedFields {
    let server = BureauProcess.shared

    private func body(_ integration: JSON, _ remote: String, _ direction: String = "both") -> JSON {
        [
            "integration_id": .string(integration.id), "object": "contacts", "local": "leads",
            "direction": .string(direction), "conflict": "newest", "every": nil,
            "mapping": [
                ["local": "email", "remote": "email", "key": true],
                ["local": "company", "remote": "company"],
                ["local": "custom.shoe_size", "remote": .string(remote)],
            ],
        ]
    }

    @Test func `a property of the account's own is mapped once the service has described it, and crosses`()
        throws
    {
        let (agency, hub) = (try server.quietAgency(), try HubSpotStandIn()), owner = agency.owner
        let made = try agency.connect(
            "hubspot", hub.service.url, credentials: ["access_token": .string(hub.token)], capability: "crm")
        // Nobody knows of it before the service was asked.
        #expect(
            try owner.post("/v1/syncs", body(made, "shoe_size")).faults()
                == ["/mapping/2/remote": "unknown_field"])
        let told = try owner.post("/v1/integrations/\(made.id)/describe").ok()
        for objects in [
            try owner.every("/v1/integrations/\(made.id)/objects"), told["objects"]?.array ?? [],
        ] {
            let fields = objects.first { $0.text("name") == "contacts" }?["fields"]?.array ?? []
            let own = try #require(fields.first { $0.text("name") == "shoe_size" })
            #expect(own["label"] == "Shoe size" && own["type"] == "number" && own["read_only"] == false)
            #expect(fields.count { $0.text("name") == "email" } == 1, "declared and described, it is one")
        }
        #expect(
            try owner.post("/v1/syncs", body(made, "churn_score")).faults()
                == ["/mapping/2/remote": "read_only"])
        let there = hub.contacts.add(["email": "ana@acme.example", "company": "Acme", "shoe_size": "44"])
        let sync = try owner.post("/v1/syncs", body(made, "shoe_size")).ok(201)
        func run() throws {
            let run = try owner.ended("/v1/syncs/\(sync.id)/run", [:])
            #expect(run.text("status") == "completed", "\(run)")
        }
        try run()
        let lead = try #require(try owner.every("/v1/leads").first)
        #expect(lead.text("email") == "ana@acme.example" && lead["custom"]?["shoe_size"]?.double == 44)
        // Only what is mapped is asked for.
        let lists = hub.service.requests.filter { $0.target.contains("properties=") }
        #expect(!lists.isEmpty && lists.allSatisfy { $0.target.contains("shoe_size") })
        #expect(lists.allSatisfy { !$0.target.contains("churn_score") })
        try owner.patch("/v1/leads/\(lead.id)", ["custom": ["shoe_size": 45]]).ok()
        try run()
        #expect(hub.contacts[there.id]?.fields["shoe_size"]?.text.flatMap { Double($0) } == 45)
    }

    @Test func `a service that describes nothing, and one that fails, are told`() throws {
        let (agency, pipe, hub) = (try server.quietAgency(), try PipedriveStandIn(), try HubSpotStandIn())
        let plain = try agency.connect(
            "pipedrive", pipe.service.url, credentials: ["api_token": .string(pipe.token)], capability: "crm")
        try agency.owner.post("/v1/integrations/\(plain.id)/describe").problem(409, "conflict")
        let made = try agency.connect(
            "hubspot", hub.service.url, credentials: ["access_token": .string(hub.token)], capability: "crm")
        hub.service.next(.answer(StandInAnswer(200, #"{"results":"none"}"#)))
        let refused = try agency.owner.post("/v1/integrations/\(made.id)/describe").problem(409, "conflict")
        #expect(refused["error"]?["code"] == "invalid_answer")
        let box = try agency.sandbox()
        try box.owner.post("/v1/integrations/\(made.id)/describe").problem(409, "conflict")
    }
}
