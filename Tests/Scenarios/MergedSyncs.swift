import Dispatch
import JSON
import StandIns
import Testing

/// Records that are merged while a CRM has them twice, or does not say whether it has them.
@Suite(.ownThread) struct MergedSyncs {
    let server = BureauProcess.shared

    /// The addresses of all that the CRM has.
    private func there(_ crm: CRMStandIn) -> [String] {
        crm.records.values.compactMap { $0["email"]?.text }.sorted()
    }

    private func ids(_ table: String, _ syncing: Syncing) throws -> [String] {
        try syncing.agency.owner.every("/v1/\(table)").map(\.id).sorted()
    }

    private func address(_ name: String) -> JSON { .string("\(name)@x.example") }

    /// Has the CRM make records without saying so, but for those that are `lost`, and find none for a while.
    private func silence(_ crm: CRMStandIn, lost: JSON = .null) {
        crm.misbehave { [crm] request, _ in
            if request.query("email") != nil { return StandInAnswer(200, #"{"data": [], "meta": {}}"#) }
            guard request.method == "POST" else { return nil }
            let fields = (try? JSONParser.parse(request.body))?.object ?? [:]
            if fields["email"] != lost { crm.add(fields) }
            return StandInAnswer(504, "")
        }
    }

    @Test func `leads in doubt that are merged are not made twice there, and do not come back`() throws {
        let syncing = try Syncing(server)
        let (crm, owner) = (syncing.crm, syncing.agency.owner)
        let kept = try syncing.agency.makeLead(1, ["email": address("kept")])
        try syncing.run()
        let gone = try ["made", "lost"].enumerated().map { number, name in
            try syncing.agency.makeLead(number + 2, ["email": address(name)])
        }
        silence(crm, lost: address("lost"))
        try syncing.run()
        let body: JSON = ["keep": .string(kept.id), "merge": .array(gone.map { .string($0.id) })]
        let merged = try owner.post("/v1/leads/merge", body).ok().text("merge_id")
        crm.misbehave(nil)
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("leads", syncing) == [kept.id])
            #expect(there(crm) == ["kept@x.example", "made@x.example"], "full: \(full)")
        }
        try owner.post("/v1/leads/merges/\(merged)/undo").ok()
        for full in [false, true] { try syncing.run(full: full) }
        #expect(try ids("leads", syncing) == ([kept] + gone).map(\.id).sorted())
        #expect(there(crm) == ["kept@x.example", "lost@x.example", "made@x.example"])
    }

    @Test func `a merged lead's record there, and its twin, bring nobody back`() throws {
        let syncing = try Syncing(server)
        let (crm, owner) = (syncing.crm, syncing.agency.owner)
        let record = crm.add(person("gone"))
        crm.add(person("kept"))
        try syncing.run()
        let (kept, gone) = (try syncing.lead("kept@x.example"), try syncing.lead("gone@x.example"))
        let body: JSON = ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        let merged = try owner.post("/v1/leads/merge", body).ok().text("merge_id")
        crm.add(person("gone", ["name": "Twin"]))
        crm.change(record, ["name": "Later"], at: CRMStandIn.stamp(1))
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("leads", syncing) == [kept.id], "full: \(full)")
        }
        #expect(crm.records[record]?["name"] == "Later")
        try owner.post("/v1/leads/merges/\(merged)/undo").ok()
        try syncing.run(full: true)
        #expect(try syncing.lead("gone@x.example").text("contact_name") == "Later")
        #expect(try ids("leads", syncing) == [kept.id, gone.id].sorted())
        #expect(crm.writes.allSatisfy { $0.method != "POST" } && crm.records.count == 3)
    }

    @Test func `a merged lead's pair goes over to one that the CRM does not have, and back`() throws {
        let syncing = try Syncing(server)
        let (crm, owner) = (syncing.crm, syncing.agency.owner)
        let record = crm.add(person("gone"))
        try syncing.run()
        let gone = try syncing.lead("gone@x.example").id
        // Without an address it is not sent.
        let kept = try owner.post(
            "/v1/leads", ["company": "X", "contact_name": "Kept", "phone": "+14155552671"]
        ).ok(201).id
        let body: JSON = ["keep": .string(kept), "merge": [.string(gone)]]
        let merged = try owner.post("/v1/leads/merge", body).ok().text("merge_id")
        crm.change(record, ["tier": "gold"], at: CRMStandIn.stamp(1))
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("leads", syncing) == [kept] && there(crm) == ["gone@x.example"], "full: \(full)")
        }
        let now = try owner.get("/v1/leads/\(kept)").ok()
        #expect(now["custom"] == ["tier": "gold"] && now["external_ids"]?.text("acme_crm") == record)
        #expect(crm.records[record]?["name"] == "Kept" && crm.records[record]?["phone"] == "+14155552671")
        try owner.post("/v1/leads/merges/\(merged)/undo").ok()
        for full in [false, true] { try syncing.run(full: full) }
        #expect(try ids("leads", syncing) == [kept, gone].sorted() && there(crm) == ["gone@x.example"])
        #expect(crm.records[record]?["name"] == "gone" && crm.writes.allSatisfy { $0.method == "PATCH" })
    }

    // MARK: Companies

    /// A sync of companies, which have addresses for names, with a CRM that finds records by these or only lists them.
    private func companies(_ isFound: Bool) throws -> Syncing {
        let objects = (CRMStandIn.document["objects"]?.array ?? []).map { $0.merging(["find": nil]) }
        let mapping: JSON = [
            ["local": "name", "remote": "email", "key": true], ["local": "industry", "remote": "company"],
        ]
        return try Syncing(
            server, ["local": "companies", "mapping": mapping],
            document: isFound
                ? CRMStandIn.document : CRMStandIn.document.merging(["objects": .array(objects)]))
    }

    private func company(_ name: String, _ syncing: Syncing) throws -> String {
        try syncing.agency.owner.post("/v1/companies", ["name": address(name)]).ok(201).id
    }

    private func merge(_ gone: String, into kept: String, _ syncing: Syncing) throws -> String {
        let body: JSON = ["merge": [.string(gone)]]
        return try syncing.agency.owner.post("/v1/companies/\(kept)/merge", body).ok().text("merge_id")
    }

    @Test(arguments: [true, false])
    func `companies in doubt that are merged are not made twice there, and do not come back`(
        _ isFound: Bool
    ) throws {
        let syncing = try companies(isFound), crm = syncing.crm
        let paired = try company("paired", syncing)
        try syncing.run()
        let gone = try ["first", "second"].map { try company($0, syncing) }
        silence(crm)
        try syncing.run()
        crm.misbehave(nil)
        // One goes into a company that the CRM does not have, the other into one that it has.
        let alone = try company("alone", syncing)
        let merges = try [merge(gone[0], into: alone, syncing), merge(gone[1], into: paired, syncing)]
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("companies", syncing) == [alone, paired].sorted())
            #expect(
                there(crm) == ["alone@x.example", "paired@x.example", "second@x.example"], "full: \(full)")
        }
        for merge in merges { try syncing.agency.owner.post("/v1/companies/merges/\(merge)/undo").ok() }
        for full in [false, true] { try syncing.run(full: full) }
        #expect(try ids("companies", syncing) == ([alone, paired] + gone).sorted())
        #expect(
            there(crm) == ["alone@x.example", "first@x.example", "paired@x.example", "second@x.example"])
    }

    @Test func `a company that the CRM has made twice does not come back when it is merged`() throws {
        let syncing = try companies(true), crm = syncing.crm
        let kept = try company("kept", syncing)
        try syncing.run()
        let gone = try company("gone", syncing)
        crm.misbehave { [crm] request, _ in
            if request.method == "POST" { crm.add((try? JSONParser.parse(request.body))?.object ?? [:]) }
            return nil
        }
        try syncing.run()
        crm.misbehave(nil)
        let merged = try merge(gone, into: kept, syncing)
        let all = ["gone@x.example", "gone@x.example", "kept@x.example"]
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("companies", syncing) == [kept] && there(crm) == all, "full: \(full)")
        }
        try syncing.agency.owner.post("/v1/companies/merges/\(merged)/undo").ok()
        for full in [false, true] { try syncing.run(full: full) }
        #expect(try ids("companies", syncing) == [kept, gone].sorted() && there(crm) == all)
    }

    @Test(arguments: [true, false])
    func `a company that is merged while the CRM makes it is made once, whether that answers or not`(
        _ isAnswered: Bool
    ) throws {
        let syncing = try companies(true), crm = syncing.crm
        try syncing.run()
        let gone = try company("gone", syncing)
        let (isHeld, mayGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        crm.misbehave { [crm] request, _ in
            guard request.method == "POST" else { return nil }
            isHeld.signal()
            mayGo.wait()
            crm.misbehave(nil)
            guard !isAnswered else { return nil }
            crm.add((try? JSONParser.parse(request.body))?.object ?? [:])
            return StandInAnswer(504, "")
        }
        _ = try syncing.agency.owner.post("\(syncing.path)/run").ok(202)
        try #require(isHeld.wait(timeout: .now() + 60) == .success)
        let kept = try company("kept", syncing)
        _ = try merge(gone, into: kept, syncing)
        mayGo.signal()
        try eventuallyTrue("the run is over") { try syncing.sync.text("status") == "idle" }
        for full in [false, true] {
            try syncing.run(full: full)
            #expect(try ids("companies", syncing) == [kept])
        }
        #expect(there(crm) == ["kept@x.example"])
    }
}
