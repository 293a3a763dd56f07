import Foundation
import JSON
import StandIns
import Testing

/// The catalogue lists every type of event, with its meaning and the schema of its data.
@Suite(.ownThread) struct EventCatalog {
    let server = BureauProcess.shared

    private func catalog(_ caller: Caller) throws -> [String: JSON] {
        let types = try caller.every("/v1/meta/events")
        return Dictionary(types.map { ($0.text("name"), $0) }) { first, _ in first }
    }

    /// Finds the names given to `publish` and to `EventDraft` in the source, or the beginnings of names that are
    /// composed.
    private func written() throws -> [(place: String, name: String, isWhole: Bool)] {
        let folder = BureauProcess.root + "/Sources"
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var found: [(place: String, name: String, isWhole: Bool)] = []
        for file in files.sorted() where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            for call in text.matches(of: /(?:publish|EventDraft)\(\s*([^,]*?),/) {
                for literal in call.1.matches(of: /"([a-z_]+\.)(\\\([^"]*|[a-z_]+)"/) {
                    let isWhole = !literal.2.hasPrefix("\\")
                    found.append((file, String(literal.1) + (isWhole ? String(literal.2) : ""), isWhole))
                }
            }
        }
        return found
    }

    @Test func `every type that is published is declared, with a schema, and stands in OpenAPI`() throws {
        let agency = try server.signUp()
        let types = try catalog(agency.owner)
        let written = try written()
        #expect(written.count > 80)
        for (place, name, isWhole) in written {
            let isKnown = isWhole ? types[name] != nil : types.keys.contains { $0.hasPrefix(name) }
            #expect(isKnown, "\(place) publishes \(name), which no module declares")
        }
        for noun in ["lead", "deal", "ticket", "contact", "invoice", "workflow"] {
            for turn in ["created", "updated", "deleted"] { #expect(types["\(noun).\(turn)"] != nil) }
        }
        let document = try server.anonymous.get("/openapi.json").ok()
        for (name, type) in types {
            #expect(type.text("description").hasSuffix(".") && type["data"]?["type"] == "object", "\(name)")
            let isStored = type["stored"] == true
            #expect((document["webhooks"]?[name] != nil) == isStored, "\(name)")
        }
        #expect(types["lead.created"]?["data"]?["properties"]?["record"] != nil)
    }

    @Test func `the events of the sample agency match their types`() throws {
        let demo = try BureauProcess.demo()
        let owner = try demo.sampleOwner()
        let types = try catalog(owner)
        let check = SchemaCheck(document: try demo.anonymous.get("/openapi.json").ok())
        var seen: Set<String> = [], faults: Set<String> = []
        for event in try owner.every("/v1/events") {
            let name = event.text("type")
            seen.insert(name)
            guard let type = types[name], let schema = type["data"] else {
                faults.insert("\(name): unknown")
                continue
            }
            if event["subject"]?.text("type") != type.text("about") {
                faults.insert("\(name): about \(event["subject"]?.text("type") ?? "")")
            }
            for fault in check.faults(of: event["data"] ?? .null, against: schema, at: name) {
                faults.insert(fault)
            }
        }
        #expect(faults.isEmpty, "\(faults.sorted().prefix(40).joined(separator: "\n"))")
        #expect(seen.count >= 40, "\(seen.sorted())")
    }

    @Test func `an unknown event type is refused where it is written, with the one that was meant`() throws {
        let agency = try server.quietAgency()
        let hooks = try StandIn { _ in StandInAnswer(200) }
        for (name, meant) in [
            ("lead.creatd", "lead.created"), ("leed.*", "lead.*"), ("deal.wonn", "deal.won"),
        ] {
            let problem = try agency.owner.post(
                "/v1/webhooks", ["url": .string(hooks.url), "events": ["lead.created", .string(name)]]
            ).problem(422, "invalid_event_type")
            let fault = try #require(problem["errors"]?.array?.first)
            #expect(fault.text("pointer") == "/events/1")
            #expect(fault.text("detail").contains("did you mean \(meant)?"))
            let ended = try server.command("trigger", name, "--tenant", agency.tenant.text("slug"))
            #expect(ended.status != 0)
        }
        let ended = try server.command("trigger", "lead.creatd", "--tenant", agency.tenant.text("slug"))
        #expect(ended.output.contains("did you mean lead.created?"), "\(ended.output)")
        let made = try agency.owner.post(
            "/v1/webhooks", ["url": .string(hooks.url), "events": ["lead.*", "*", "message.replied"]]
        ).ok(201)
        try agency.owner.patch("/v1/webhooks/\(made.id)", ["events": ["nothing.happened"]]).problem(
            422, "invalid_event_type")
        let experiment: JSONObject = [
            "agent": "lead_qualification", "name": "Sooner",
            "variants": [["name": "sooner", "settings": ["timeline_days_max": 90]]],
        ]
        for goal in ["lead.qualifid", "lead.*"] {
            let body = JSON.object(experiment.merging(goal: goal))
            try agency.owner.post("/v1/agent-experiments", body).problem(422, "invalid_event_type")
        }
        try agency.owner.post(
            "/v1/agent-experiments", .object(experiment.merging(goal: "lead.qualified"))
        ).ok(201)
    }

    @Test func `an event includes its record for those who may read it, and so does a webhook`()
        throws
    {
        let agency = try server.quietAgency()
        let hooks = try StandIn { _ in StandInAnswer(200) }
        try agency.owner.post(
            "/v1/webhooks", ["url": .string(hooks.url), "events": ["lead.created"]]
        ).ok(201)
        let stream = try EventStream(agency.owner)
        let lead = try agency.makeLead()
        let streamed = try stream.wait(for: "lead.created")[0].data
        #expect(streamed["data"]?["record"]?["company"] == lead["company"])
        let listed = try #require(try agency.owner.every("/v1/events?type=lead.created").first)
        #expect(listed["data"]?["record"] == (try agency.owner.get("/v1/leads/\(lead.id)").ok()))
        _ = try eventually("the delivery") { hooks.requests.isEmpty ? Bool?.none : true }
        let sent = try JSONParser.parse(hooks.requests[0].body)
        #expect(sent["data"]?.id == lead.id && sent["data"]?["record"]?["email"] == lead["email"])
        let narrow = try agency.key(["events:read"]).every("/v1/events?type=lead.created")
        #expect(narrow.first?["data"]?["record"] == .null, "who may not read leads is not told them so")
        let sample = try server.command(
            "trigger", "lead.scored", "--tenant", agency.tenant.text("slug"), "--json")
        let schema = try #require(try catalog(agency.owner)["lead.scored"]?["data"])
        let check = SchemaCheck(document: try server.anonymous.get("/openapi.json").ok())
        var data = try JSONParser.parse(sample.output)["data"]?.object ?? [:]
        data["record"] = .null
        #expect(check.faults(of: .object(data), against: schema) == [], "a sample is as the real ones are")
    }

    @Test func `an import tells of each lead that it makes and changes`() throws {
        let agency = try server.quietAgency()
        let known = try agency.makeLead(1)
        let stream = try EventStream(agency.owner)
        var rows = (0..<150).map { csvRow($0) }
        rows.append(
            csvRow(500, ["E-Mail": known.text("email"), "Company": "Another Name"]))
        let state = try agency.imported(csv(csvHeader, rows), query: "?dedupe=update")
        #expect(counts(state) == [150, 1, 0, 0])
        let leads = Set(try agency.owner.every("/v1/leads").map(\.id)).subtracting([known.id])
        let created = try agency.owner.every("/v1/events?type=lead.created").compactMap {
            $0["subject"]?.id
        }
        #expect(Set(created) == leads.union([known.id]) && created.count == 151, "each once")
        let updated = try agency.owner.every("/v1/events?type=lead.updated").filter {
            $0["subject"]?.id == known.id
        }
        let changed = updated.first?["data"]?["changed"]?.array ?? []
        #expect(updated.count == 1 && changed.contains("company"))
        #expect(try stream.wait(for: "lead.created", count: 150).count == 150)
        let ids = try agency.owner.every("/v1/events").map(\.id)
        #expect(Set(ids).count == ids.count && ids == ids.sorted())
    }
}

extension JSONObject {
    fileprivate func merging(goal: String) -> JSONObject {
        var body = self
        body["goal"] = .string(goal)
        return body
    }
}
