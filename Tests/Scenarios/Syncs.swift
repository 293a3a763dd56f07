import JSON
import StandIns
import Testing

/// Leads are kept in step with a CRM.
@Suite(.ownThread) struct Syncs {
    let server = BureauProcess.shared

    @Test func `a sync that could not work is refused when it is saved, with each fault at its place`() throws
    {
        let syncing = try Syncing(server), owner = syncing.agency.owner
        func faults(_ more: JSONObject) throws -> [String: String] {
            try owner.post("/v1/syncs", Syncing.body(syncing.integration, more)).faults()
        }
        let key: JSON = ["local": "email", "remote": "email", "key": true]
        #expect(
            try faults(["mapping": [["local": "email", "remote": "nonsense", "key": true]]]) == [
                "/mapping/0/remote": "unknown_field"
            ])
        #expect(
            try faults(["mapping": [key, ["local": "nonsense", "remote": "name"]]]) == [
                "/mapping/1/local": "unknown_field"
            ])
        #expect(
            try faults(["mapping": [["local": "company", "remote": "company"]]]) == [
                "/mapping": "key_required"
            ])
        #expect(
            try faults(["mapping": [key, ["local": "employee_count", "remote": "rank"]]]) == [
                "/mapping/1/remote": "read_only"
            ])
        #expect(
            try faults(["mapping": [key, ["local": "score", "remote": "tier"]]]) == [
                "/mapping/1/local": "read_only"
            ])
        #expect(try faults(["object": "nothing"]) == ["/object": "invalid_choice"])
        #expect(try faults(["every": "soon"]) == ["/every": "invalid_duration"])
        #expect(try faults(["filter": ["nonsense": "x"]]) == ["/filter": "unknown_filter"])
        #expect(try faults(["defaults": ["score": 5, "website": "no"]])["/defaults/score"] == "read_only")
        let only: JSON = ["local": "employee_count", "remote": "rank", "direction": "pull"]
        let made = try owner.post("/v1/syncs", Syncing.body(syncing.integration, ["mapping": [key, only]]))
            .ok(201)
        #expect(made.text("status") == "idle" && made["backfill"]?.text("state") == "waiting")
        // Without a mapping the suggested one is taken.
        var plain = Syncing.body(syncing.integration).object ?? [:]
        plain.remove("mapping")
        let suggested = try owner.post("/v1/syncs", .object(plain)).ok(201)["mapping"]?.array ?? []
        #expect(suggested.contains { $0.text("local") == "email" && $0["key"] == true })
        _ = try owner.delete("/v1/syncs/\(made.id)").ok(204)
        try owner.get("/v1/syncs/\(made.id)").problem(404, "not_found")
    }

    @Test func `a preview tells what a run would do, record by record, and touches neither side`() throws {
        let syncing = try Syncing(server), crm = syncing.crm
        for number in 0..<3 { crm.add(person("r\(number)")) }
        crm.add(["email": "not an address", "name": "Bad", "company": "X"])
        crm.add(person("both", ["name": "Both", "company": "Y"]))
        _ = try syncing.agency.makeLead(1, ["email": "mine@x.example"])
        _ = try syncing.agency.makeLead(
            2, ["email": "both@x.example", "contact_name": "Both", "company": "Y"])
        let preview = try syncing.agency.owner.post(syncing.path + "/preview").ok()
        #expect(preview["pull"]?["create"] == 3 && preview["push"]?["create"] == 1, "\(preview)")
        let fault = preview["faults"]?.array?.first
        #expect(fault?.text("side") == "remote" && fault?.text("field") == "email")
        #expect(fault?.text("code") == "invalid_email" && preview["complete"] == true)
        let sample = preview["samples"]?.array?.first { $0.text("side") == "remote" }
        #expect(sample?.text("action") == "create" && sample?["before"] == .null)
        #expect(sample?["after"]?.text("email") == "mine@x.example")
        #expect(try syncing.leads().count == 2 && crm.writes.isEmpty)
        #expect(try syncing.lead("mine@x.example")["external_ids"] == [:])
    }

    @Test
    func `records come in page by page, known people are joined, and then only what changed is asked for`()
        throws
    {
        let syncing = try Syncing(server, size: 20, ["direction": "pull"]), crm = syncing.crm
        for number in 0..<90 {
            crm.add(person("p\(number)", ["tier": number % 2 == 0 ? "silver" : "gold"]))
        }
        let known = try syncing.agency.makeLead(
            1, ["email": "P7@x.example", "company": "X", "contact_name": "p7"])
        let first = try syncing.run()
        #expect(first["pulled"]?["created"] == 89)
        let all = try syncing.leads()
        #expect(all.count == 90 && all["p7@x.example"]?.id == known.id)
        #expect(all["p7@x.example"]?["external_ids"] == ["acme_crm": "c00008"])
        #expect(all["p9@x.example"]?["custom"] == ["tier": "gold"])
        #expect(try syncing.sync["backfill"] == ["state": "done", "done": 90, "total": 90])
        let asked = crm.lists.count
        let second = try syncing.run()
        #expect(second["pulled"]?["created"] == 0 && second["pulled"]?["updated"] == 0)
        #expect(crm.lists.last?.contains("updated_since=") == true && crm.lists.count - asked <= 5)
        // Of one second with the last one that was seen, and later.
        let cursor = try syncing.sync.text("cursor")
        crm.add(person("late"), at: cursor)
        crm.change("c00012", ["name": "Renamed"], at: CRMStandIn.stamp(2))
        let third = try syncing.run()
        #expect(third["pulled"]?["created"] == 1 && third["pulled"]?["updated"] == 1)
        #expect(try syncing.lead("p11@x.example").text("contact_name") == "Renamed")
        #expect(crm.writes.isEmpty)
    }

    @Test func `each change crosses once, and then both sides are still`() throws {
        let syncing = try Syncing(server), crm = syncing.crm
        crm.add(person("one"))
        let mine = try syncing.agency.makeLead(1, ["email": "mine@x.example", "phone": "+14155552671"])
        let first = try syncing.run()
        #expect(first["pulled"]?["created"] == 1 && first["pushed"]?["created"] == 1)
        #expect(crm.writes.map(\.method) == ["POST"] && crm.writes[0].body.text("phone") == "+14155552671")
        #expect(try syncing.lead("mine@x.example")["external_ids"]?["acme_crm"] == "c00002")
        try syncing.change(mine, ["contact_name": "New Name"])
        #expect(try syncing.run()["pushed"]?["updated"] == 1)
        #expect(crm.writes.last?.body == ["name": "New Name"])
        let (version, writes) = (try syncing.lead("mine@x.example")["version"], crm.writes.count)
        for _ in 0..<3 {
            let run = try syncing.run()
            for side in ["pulled", "pushed"] {
                #expect(run[side]?["created"] == 0 && run[side]?["updated"] == 0, "\(run)")
            }
        }
        #expect(try syncing.lead("mine@x.example")["version"] == version && crm.writes.count == writes)
        // All records compared: nothing differs.
        let full = try syncing.run(full: true)
        #expect(full["pulled"]?["updated"] == 0 && crm.writes.count == writes)
    }

    @Test func `a field that only comes in never goes out, and a filter says what is made there`() throws {
        var mapping = Syncing.mapping.array ?? []
        mapping[1] = ["local": "contact_name", "remote": "name", "direction": "pull"]
        let syncing = try Syncing(
            server, ["mapping": .array(mapping), "filter": ["industry": "technology"]])
        syncing.crm.add(person("theirs"))
        _ = try syncing.agency.makeLead(1, ["email": "tech@x.example"])
        _ = try syncing.agency.makeLead(2, ["email": "farm@x.example", "industry": "farming"])
        try syncing.run()
        let made = syncing.crm.writes.filter { $0.method == "POST" }.map { $0.body.text("email") }
        #expect(made == ["tech@x.example"])
        try syncing.change(try syncing.lead("theirs@x.example"), ["contact_name": "Ours", "company": "Y"])
        try syncing.run()
        #expect(syncing.crm.writes.last?.body == ["company": "Y"])
    }

    @Test(arguments: [
        ("local", "Local", 2), ("remote", "Remote", -30), ("newest", "Remote", 2), ("newest", "Local", -30),
    ])
    func `where both sides have changed a field, the rule decides`(
        _ rule: String, _ winner: String, _ later: Int
    ) throws {
        let syncing = try Syncing(server, ["conflict": .string(rule)]), crm = syncing.crm
        let id = crm.add(person("c", ["name": "Base"]), at: CRMStandIn.stamp(-60))
        try syncing.run()
        let lead = try syncing.lead("c@x.example")
        try syncing.change(lead, ["contact_name": "Local", "phone": "+14155552671"])
        crm.change(id, ["name": "Remote"], at: CRMStandIn.stamp(later))
        try syncing.run()
        try syncing.run()
        let now = try syncing.lead("c@x.example")
        #expect(now.text("contact_name") == winner && crm.records[id]?["name"] == .string(winner))
        #expect(crm.records[id]?["phone"] == "+14155552671" && now.text("phone") == "+14155552671")
    }

    @Test func `a person decides about a conflict, which is asked once and holds up no other field`() throws {
        let syncing = try Syncing(server, ["conflict": "review"]), crm = syncing.crm
        let owner = syncing.agency.owner
        let ids = ["a", "b", "c"].map { crm.add(person($0, ["name": "Base"])) }
        try syncing.run()
        for (name, id) in zip(["a", "b", "c"], ids) {
            let lead = try syncing.lead("\(name)@x.example")
            try syncing.change(lead, ["contact_name": "Local", "company": "Only local"])
            crm.change(id, ["name": "Remote"], at: CRMStandIn.stamp(2))
        }
        #expect(try syncing.run()["conflicts"] == 3)
        let open = try owner.every("/v1/sync-conflicts?status=open").reversed().map { $0 }
        #expect(open.count == 3)
        #expect(open[0].text("field") == "contact_name" && open[0].text("base") == "Base")
        #expect(open[0]["local"]?.text("value") == "Local" && open[0]["remote"]?.text("value") == "Remote")
        #expect(crm.records[ids[0]]?["name"] == "Remote" && crm.records[ids[0]]?["company"] == "Only local")
        #expect(try syncing.run()["conflicts"] == 0)
        func resolve(_ index: Int, _ body: JSON) throws {
            try owner.post("/v1/sync-conflicts/\(open[index].id)/resolve", body).ok()
        }
        #expect(
            try owner.post("/v1/sync-conflicts/\(open[0].id)/resolve", [:]).faults() == ["/take": "required"])
        try resolve(0, ["take": "remote"])
        try resolve(1, ["take": "local"])
        try resolve(2, ["value": "Neither"])
        try owner.post("/v1/sync-conflicts/\(open[0].id)/resolve", ["take": "local"]).problem(
            409, "already_decided")
        try syncing.run()
        try syncing.run()
        for (name, id, value) in zip3(["a", "b", "c"], ids, ["Remote", "Local", "Neither"]) {
            #expect(try syncing.lead("\(name)@x.example").text("contact_name") == value)
            #expect(crm.records[id]?["name"] == .string(value))
        }
        #expect(try owner.every("/v1/sync-conflicts?status=open").isEmpty)
    }

    private func zip3(_ a: [String], _ b: [String], _ c: [String]) -> [(String, String, String)] {
        zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
    }

    @Test func `a run goes back as a whole, and does not return with the next one`() throws {
        let syncing = try Syncing(server, ["direction": "pull", "conflict": "remote"])
        let lead = try syncing.agency.makeLead(
            1, ["email": "u0@x.example", "contact_name": "Before", "company": "X"])
        for number in 0..<3 { syncing.crm.add(person("u\(number)", ["name": "After"])) }
        let run = try syncing.run(), owner = syncing.agency.owner
        #expect(try owner.get("/v1/leads/\(lead.id)").ok().text("contact_name") == "After")
        let set = try owner.get("/v1/change-sets/\(run.text("change_set_id"))").ok()
        #expect(set.text("kind") == "sync" && set.text("status") == "applied" && set["records"] == 3)
        let undone = try owner.post("/v1/change-sets/\(set.id)/undo").ok()
        #expect(undone.text("status") == "undone", "\(undone)")
        func live() throws -> [String] {
            try owner.every("/v1/leads").filter { $0.text("status") != "archived" }.map {
                $0.text("contact_name")
            }
        }
        #expect(try live() == ["Before"])
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try live() == ["Before"])
        }
    }

    @Test func `in a sandbox nobody is asked, and what would be sent is told`() throws {
        let syncing = try Syncing(server)
        syncing.crm.add(person("one"))
        try syncing.run()
        let (box, asked) = (try syncing.agency.sandbox("live"), syncing.crm.asked.count)
        try box.owner.post("/v1/leads", lead(5, ["email": "box@x.example"])).ok(201)
        let preview = try box.owner.post(syncing.path + "/preview").ok()
        #expect(preview["push"]?["create"] == 1 && preview["pull"]?["unchanged"] == 1, "\(preview)")
        let run = try box.owner.post(syncing.path + "/run").ok(202)
        try box.advance("PT0S")
        let over = try box.owner.get("/v1/sync-runs/\(run.id)").ok()
        #expect(over.text("status") == "completed" && over["calls"] == 0)
        #expect(syncing.crm.asked.count == asked && syncing.crm.writes.isEmpty)
    }

    @Test func `who unsubscribes on one side is unsubscribed on both, and is never subscribed again`() throws
    {
        let mapping: JSON = [
            ["local": "email", "remote": "email", "key": true], ["local": "company", "remote": "company"],
            ["local": "unsubscribed", "remote": "opted_out"],
        ]
        let syncing = try Syncing(server, ["mapping": mapping]), crm = syncing.crm
        let ids = ["there", "here", "both"].map { crm.add(person($0, ["opted_out": false])) }
        try syncing.run()
        let owner = syncing.agency.owner
        func suppressed() throws -> Set<String> {
            Set(try owner.every("/v1/suppressions").map { $0.text("address") })
        }
        #expect(try suppressed().isEmpty)
        crm.change(ids[0], ["opted_out": true], at: CRMStandIn.stamp(2))
        try syncing.run()
        #expect(try suppressed() == ["there@x.example"])
        try owner.post(
            "/v1/suppressions", ["channel": "email", "address": "here@x.example", "reason": "unsubscribe"]
        ).ok(201)
        // At once, although the sync only runs on demand.
        try eventuallyTrue("the service knows") { crm.records[ids[1]]?["opted_out"] == true }
        crm.change(ids[1], ["opted_out": false], at: CRMStandIn.stamp(4))
        try syncing.run()
        try syncing.run()
        #expect(crm.records[ids[1]]?["opted_out"] == true)
        #expect(try suppressed() == ["there@x.example", "here@x.example"])
        #expect(crm.writes.allSatisfy { $0.body["opted_out"] != false })
    }

    @Test func `with a period, changes here go out at once, and the service is asked by itself`() throws {
        let syncing = try Syncing(server)
        syncing.crm.add(person("one"))
        try syncing.run()
        let sync = try syncing.agency.owner.patch(syncing.path, ["every": "PT1H"]).ok()
        #expect(sync["next_run_at"] != .null)
        try syncing.change(try syncing.lead("one@x.example"), ["contact_name": "At once"])
        try eventuallyTrue("the change is there") {
            syncing.crm.records["c00001"]?["name"] == "At once"
        }
        let paused = try syncing.agency.owner.post(syncing.path + "/pause").ok()
        #expect(paused.text("status") == "paused" && paused["next_run_at"] == .null)
        try syncing.agency.owner.post(syncing.path + "/run").problem(409, "invalid_transition")
        let resumed = try syncing.agency.owner.post(syncing.path + "/resume").ok()
        #expect(resumed.text("status") == "idle" && resumed["next_run_at"] != .null)
    }

    @Test func `clients of a CRM are joined with those that are known, and twins there are no two here`()
        throws
    {
        let mapping: JSON = [
            ["local": "contact_email", "remote": "email", "key": true],
            ["local": "name", "remote": "company"],
        ]
        let syncing = try Syncing(server, ["local": "clients", "mapping": mapping, "direction": "pull"])
        let owner = syncing.agency.owner
        let known = try owner.post(
            "/v1/clients", ["name": "Acme", "tier": "growth", "contact_email": "acme@x.example"]
        ).ok(201)
        for company in ["Acme", "Acme twice"] {
            syncing.crm.add(person("acme", ["company": .string(company)]))
        }
        syncing.crm.add(person("other", ["company": "Other"]))
        // One that nothing identifies, and that is called nearly as one here, is for people to look at.
        let alike = try owner.post("/v1/clients", ["name": "Blue River Ltd"]).ok(201)
        let river = syncing.crm.add(person("river", ["company": "Blue River Limited"]))
        let run = try syncing.run()
        #expect(run["pulled"]?["created"] == 2 && run["pulled"]?["skipped"] == 1, "\(run)")
        let clients = try owner.every("/v1/clients")
        let names: Set = ["Acme", "Other", "Blue River Ltd", "Blue River Limited"]
        #expect(Set(clients.map { $0.text("name") }) == names && clients.count == 4)
        #expect(clients.contains { $0.id == known.id && $0.text("tier") == "growth" })
        let twin = try #require(clients.first { $0.text("name") == "Blue River Limited" })
        func areTold() throws -> Bool {
            try owner.every("/v1/clients/duplicates").contains { pair in
                Set(pair["clients"]?.array?.compactMap(\.text) ?? []) == [alike.id, twin.id]
            }
        }
        #expect(try areTold())
        #expect(try syncing.run()["pulled"]?["created"] == 0)
        // The one of the two that is put away is told no more, and does not come back when it changes there.
        try owner.delete("/v1/clients/\(twin.id)").ok(204)
        #expect(try !areTold())
        syncing.crm.change(river, ["company": "Blue River Group"], at: CRMStandIn.stamp(5))
        #expect(try syncing.run()["pulled"]?["created"] == 0)
        #expect(try owner.every("/v1/clients").count == 3)
    }

    @Test func `companies and tasks are kept in step, too, with fixed values for what the service lacks`()
        throws
    {
        let names: JSON = [["local": "name", "remote": "company", "key": true]]
        let companies = try Syncing(server, ["local": "companies", "mapping": names])
        let owner = companies.agency.owner
        companies.crm.add(person("a", ["company": "From there"]))
        try owner.post("/v1/companies", ["name": "From here"]).ok(201)
        try companies.run()
        #expect(Set(try owner.every("/v1/companies").map { $0.text("name") }) == ["From here", "From there"])
        #expect(companies.crm.writes.map { $0.body } == [["company": "From here"]])

        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let project = try owner.post("/v1/projects", ["client_id": .string(client.id), "name": "Site"]).ok(
            201)
        let titles: JSON = [
            ["local": "title", "remote": "name", "key": true], ["local": "description", "remote": "tier"],
        ]
        let made = try owner.post(
            "/v1/syncs",
            Syncing.body(
                companies.integration,
                [
                    "local": "tasks", "mapping": titles, "direction": "pull",
                    "defaults": ["project_id": .string(project.id)],
                ])
        ).ok(201)
        let run = try owner.ended("/v1/syncs/\(made.id)/run")
        #expect(run.text("status") == "completed", "\(run)")
        let tasks = try owner.every("/v1/tasks?project_id=\(project.id)")
        #expect(tasks.map { $0.text("title") } == ["a"])
    }

    @Test func `a value that came in with a sync is told as the service's`() throws {
        let syncing = try Syncing(server, ["direction": "pull"])
        syncing.crm.add(person("one"))
        try syncing.run()
        let lead = try syncing.lead("one@x.example")
        let facts = try syncing.agency.owner.every("/v1/leads/\(lead.id)/facts?field=company")
        #expect(facts.first?["source"]?.text("kind") == "crm", "\(facts)")
        #expect(facts.first?["source"]?.text("integration_id") == syncing.integration.id)
    }
}
