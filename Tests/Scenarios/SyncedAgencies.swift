import JSON
import TestRandomness
import Testing

/// Two agencies on two servers, of which one knows the other by a connector that it has declared itself.
@Suite(.ownThread) struct SyncedAgencies {
    private static let names = ["contact_name", "company", "contact_title", "industry"]

    /// The other agency's API, as a connector.
    private func connector(to other: Agency) -> JSON {
        let fields = (["email"] + Self.names).map { name -> JSON in
            ["name": .string(name), "type": name == "email" ? "email" : "text"]
        }
        return [
            "name": "other_bureau", "auth": ["kind": "bearer", "credential": "token"],
            "base_url": .string("http://127.0.0.1:\(other.server.port)"),
            "objects": [
                [
                    "name": "leads", "id": "/id", "updated_at": "/updated_at",
                    "list": [
                        "path": "/v1/leads",
                        "query": [
                            "updated_at[gte]": "{{ since }}", "sort": "updated_at", "limit": "20",
                        ],
                        "items": "/data",
                        "next": ["kind": "token", "at": "/next_cursor", "parameter": "cursor"],
                    ],
                    "find": ["path": "/v1/leads", "query": ["email": "{{ key }}"], "items": "/data"],
                    "create": ["path": "/v1/leads"], "update": ["path": "/v1/leads/{{ id }}"],
                    "fields": .array(fields),
                ]
            ],
        ]
    }

    private func sync(of agency: Agency, with other: Agency) throws -> String {
        let key = try other.owner.post(
            "/v1/api-keys", ["name": "sync", "scopes": ["leads:read", "leads:write"]]
        ).ok(201)
        try agency.owner.post("/v1/connectors", connector(to: other)).ok(201)
        let integration = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "custom.other_bureau", "capability": "crm", "settings": [:],
                "credentials": ["token": .string(key.text("secret"))],
            ]
        ).ok(201)
        let mapping = (["email"] + Self.names).map { name -> JSON in
            ["local": .string(name), "remote": .string(name), "key": .bool(name == "email")]
        }
        let made = try agency.owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(integration.id), "object": "leads", "local": "leads",
                "direction": "both", "conflict": "newest", "mapping": .array(mapping),
            ]
        ).ok(201)
        return "/v1/syncs/\(made.id)"
    }

    private func state(of agency: Agency) throws -> [String: [String]] {
        let leads = try agency.owner.every("/v1/leads")
        return Dictionary(
            leads.map { lead in (lead.text("email"), Self.names.map { lead.text($0) }) },
            uniquingKeysWith: { first, second in first + second })
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `after random edits on both sides, and kills, both are equal`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let (here, there) = (try BureauProcess.start(), try BureauProcess.start())
        let (agency, other) = (try here.quietAgency(), try there.quietAgency())
        let path = try sync(of: agency, with: other)
        for number in 0..<30 { _ = try agency.makeLead(number) }
        for number in 20..<50 { _ = try other.makeLead(number, ["contact_name": "There"]) }
        func run() throws -> String {
            try agency.owner.ended("\(path)/run").text("status")
        }
        for round in 0..<6 {
            for side in [agency, other] {
                let leads = try side.owner.every("/v1/leads")
                for _ in 0..<8 where !leads.isEmpty {
                    let lead = leads[random.below(leads.count)]
                    let name = Self.names[random.below(Self.names.count)]
                    try side.owner.patch(
                        "/v1/leads/\(lead.id)", [name: .string("Value \(random.below(1000))")]
                    ).ok()
                }
            }
            _ = try other.makeLead(100 + round)
            _ = try agency.makeLead(200 + round)
            if random.below(2) == 0 {
                _ = try agency.owner.post("\(path)/run").ok(202)
                here.kill()
                try here.start()
            } else {
                #expect(try run() == "completed")
            }
        }
        for _ in 0..<3 { #expect(try run() == "completed") }
        let (ours, theirs) = (try state(of: agency), try state(of: other))
        #expect(ours.count == 62 && ours == theirs)
        #expect(ours.values.allSatisfy { $0.count == Self.names.count }, "somebody is there twice")
        let last = try agency.owner.ended("\(path)/run")
        for side in ["pulled", "pushed"] {
            #expect(last[side]?["updated"] == 0 && last[side]?["created"] == 0, "\(last)")
        }
        #expect(try agency.owner.every("/v1/sync-conflicts").isEmpty)
    }
}
