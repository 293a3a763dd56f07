import JSON
import StandIns
import Testing

/// Clients are kept in step with several systems, each at its own pace.
@Suite(.ownThread) struct ClientSyncs {
    let server = BureauProcess.shared
    private static let own: JSONObject = [
        "local": "clients",
        "mapping": [
            ["local": "contact_email", "remote": "email", "key": true],
            ["local": "name", "remote": "company"],
        ],
    ]

    private func syncing(_ more: JSONObject, isTold: Bool = false) throws -> Syncing {
        let body = JSON.object(Self.own).adding(more).object ?? [:]
        return try Syncing(server, body, isTold: isTold)
    }

    @Test func `what is new of a client crosses both ways at once, and contradictions are put before people`()
        throws
    {
        let syncing = try syncing(["conflict": "review", "every": "PT1H"], isTold: true)
        let (crm, owner) = (syncing.crm, syncing.agency.owner)
        let id = crm.add(person("acme", ["company": "Acme"]))
        try syncing.run()
        let client = try #require(try owner.every("/v1/clients").first), path = "/v1/clients/\(client.id)"
        func name() throws -> String { try owner.get(path).ok().text("name") }

        try owner.patch(path, ["name": "Acme Works"]).ok()
        try eventuallyTrue("it is there") { crm.records[id]?["company"] == "Acme Works" }
        crm.change(id, ["company": "Acme Group"], at: CRMStandIn.stamp(1))
        try server.deliver(Syncing.hook("e1", about: id), to: syncing.integration).ok()
        try eventuallyTrue("it is here") { try name() == "Acme Group" }

        try owner.post("\(syncing.path)/pause").ok()
        try owner.patch(path, ["name": "Ours"]).ok()
        crm.change(id, ["company": "Theirs"], at: CRMStandIn.stamp(3))
        try owner.post("\(syncing.path)/resume").ok()
        try syncing.run()
        let open = try owner.every("/v1/sync-conflicts?status=open")
        let conflict = try #require(open.first)
        #expect(open.count == 1 && conflict.text("field") == "name" && conflict.text("base") == "Acme Group")
        #expect(conflict["local"]?.text("value") == "Ours" && conflict["remote"]?.text("value") == "Theirs")
        #expect(try name() == "Ours" && crm.records[id]?["company"] == "Theirs", "nobody has decided yet")
        try owner.post("/v1/sync-conflicts/\(conflict.id)/resolve", ["value": "Acme Holding"]).ok()
        for _ in 0..<2 { try syncing.run() }
        #expect(try name() == "Acme Holding" && crm.records[id]?["company"] == "Acme Holding")
    }

    /// Another CRM of the agency's, whose sync of clients has run once.
    private func another(
        _ name: String, beside first: Syncing, every: JSON
    ) throws -> (crm: CRMStandIn, path: String) {
        let crm = try CRMStandIn(), owner = first.agency.owner
        let named: JSON = ["name": .string(name)]
        try owner.post("/v1/connectors", CRMStandIn.document.merging(named)).ok(201)
        let made = try first.agency.connect(
            "custom.\(name)", crm.url, credentials: ["token": .string(CRMStandIn.token)], capability: "crm")
        var more = Self.own
        more["every"] = every
        let sync = try owner.post("/v1/syncs", Syncing.body(made, more)).ok(201)
        let path = "/v1/syncs/\(sync.id)"
        try owner.ended("\(path)/run", [:])
        return (crm, path)
    }

    @Test func `what one system tells of a client goes on to the others at once, unless they run on demand`()
        throws
    {
        let first = try syncing(["every": "PT1H"]), owner = first.agency.owner
        let id = first.crm.add(person("acme", ["company": "Acme"]))
        try first.run()
        let quick = try another("quick_crm", beside: first, every: "PT1H")
        let slow = try another("slow_crm", beside: first, every: nil)
        func told(_ crm: CRMStandIn) -> [JSON] { crm.records.values.compactMap { $0["company"] } }
        #expect(told(quick.crm) == ["Acme"] && told(slow.crm) == ["Acme"])
        func runs(_ path: String) throws -> Int {
            try owner.every("/v1/sync-runs?sync_id=\(path.split(separator: "/").last ?? "")").count
        }

        first.crm.change(id, ["company": "Acme Group"], at: CRMStandIn.stamp(1))
        try first.run()
        try eventuallyTrue("the other system has it") { told(quick.crm) == ["Acme Group"] }
        // It shows what it is told in a form of its own, which is no reason to have anybody run at once.
        first.crm.misbehave { [crm = first.crm] request, _ in
            guard request.method == "PATCH" else { return nil }
            crm.change(id, ["company": "ACME WORKS"], at: CRMStandIn.stamp(2))
            return StandInAnswer(200, "{}")
        }
        let client = try #require(try owner.every("/v1/clients").first)
        try owner.patch("/v1/clients/\(client.id)", ["name": "Acme Works"]).ok()
        try eventuallyTrue("both have it") {
            told(first.crm) == ["ACME WORKS"] && told(quick.crm) != ["Acme Group"]
        }
        try first.run()
        #expect(try owner.every("/v1/clients").map { $0.text("name") } == ["ACME WORKS"])
        let planned = try owner.every("/v1/jobs?kind=sync.at_once").filter { $0["finished_at"] == .null }
        #expect(planned.isEmpty, "\(planned)")
        #expect(try told(slow.crm) == ["Acme"] && runs(slow.path) == 1, "that one waits for its run")
        // Nobody is told what it has told, and then all are still.
        for _ in 0..<2 {
            for path in [first.path, quick.path, slow.path] { try owner.ended("\(path)/run", [:]) }
        }
        #expect(told(quick.crm) == ["ACME WORKS"] && told(slow.crm) == ["ACME WORKS"])
        #expect(first.crm.asked.count { $0 == "/contacts/\(id)" } == 1)
        #expect(quick.crm.writes.count <= 4, "\(quick.crm.writes)")
        #expect(slow.crm.writes.map(\.method) == ["POST", "PATCH"])
    }
}
