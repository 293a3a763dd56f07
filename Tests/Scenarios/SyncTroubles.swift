import Dispatch
import Foundation
import JSON
import StandIns
import Testing

/// A CRM that has bad days, and what becomes of a sync with it.
@Suite(.ownThread) struct SyncTroubles {
    let server = BureauProcess.shared

    private func error(of run: JSON) -> String? { run["error"]?.text("code") }

    @Test
    func `limits, faults and broken answers are tried again, and nothing is lost or doubled`()
        throws
    {
        let syncing = try Syncing(server, size: 20, ["direction": "pull"]), crm = syncing.crm
        for number in 0..<60 { crm.add(person("b\(number)")) }
        crm.misbehave { request, number in
            switch number {
            case 2: StandInAnswer(429, "{}", headers: [("Retry-After", "1")])
            case 4: StandInAnswer(500, "<html>oops")
            case 5: StandInAnswer(200, "{\"data\": [{\"id\"")
            default: nil
            }
        }
        let run = try syncing.run()
        #expect(run["pulled"]?["created"] == 60 && (run["calls"]?.int ?? 0) >= 6, "\(run)")
        #expect(try syncing.leads().count == 60)
        let cursor = try syncing.sync["cursor"]
        crm.misbehave { _, _ in StandInAnswer(200, #"{"data": "none", "meta": {}}"#) }
        let failed = try syncing.run("failed")
        #expect(error(of: failed) == "invalid_answer")
        let sync = try syncing.sync
        #expect(sync["cursor"] == cursor && sync.text("status") == "failing")
        #expect(try syncing.alerts().count == 1 && syncing.leads().count == 60)
        crm.misbehave(nil)
        try syncing.run()
        #expect(try syncing.alerts().isEmpty && syncing.sync.text("status") == "idle")
    }

    @Test func `pages that never end are noticed soon, and the cursor stays`() throws {
        let syncing = try Syncing(server, size: 5, ["direction": "pull"]), crm = syncing.crm
        for number in 0..<10 { crm.add(person("l\(number)")) }
        try syncing.run()
        let (cursor, asked) = (try syncing.sync["cursor"], crm.asked.count)
        let page = crm.records.values.prefix(5).map { JSON.object($0) }
        crm.misbehave { _, _ in
            let body: JSON = ["data": .array(page), "meta": ["next": "5", "total": 10]]
            return StandInAnswer(200, body.serialized)
        }
        let run = try syncing.run("failed")
        #expect(error(of: run) == "cursor_loop" && crm.asked.count - asked <= 10)
        #expect(try syncing.sync["cursor"] == cursor && syncing.leads().count == 10)
        #expect(try !syncing.alerts().isEmpty)
    }

    @Test func `what does not fit is told with field and code, and holds up nothing else`() throws {
        let syncing = try Syncing(server, ["direction": "pull"]), crm = syncing.crm
        for number in 0..<5 { crm.add(person("g\(number)")) }
        let long = crm.add(person("g9", ["name": .string(String(repeating: "x", count: 5000))]))
        let nameless = crm.add(["email": "no address", "name": "N", "company": "X"])
        let odd = crm.add(person("g8", ["name": ["a": 1]]))
        let bare = crm.add(person("g7", ["company": nil]))
        let twin = crm.add(person("g1", ["name": "Twin"]))
        crm.add(
            person("g6", ["email": "G6@X.Example", "name": "  Ann Other ", "phone": "+1 (415) 555-2671"]))
        let run = try syncing.run()
        #expect(run["pulled"]?["created"] == 6 && run["pulled"]?["failed"] == 4, "\(run)")
        // A value that fits once it is written as all is here is stored so.
        let clean = try syncing.lead("g6@x.example")
        #expect(clean.text("contact_name") == "Ann Other" && clean.text("phone") == "+14155552671")
        let path = "/v1/sync-runs/\(run.id)/records"
        let rows = try syncing.agency.owner.every("\(path)?outcome=failed")
        let told = Dictionary(
            rows.map { ($0.id, [$0.text("field"), $0.text("code")]) }, uniquingKeysWith: { first, _ in first }
        )
        #expect(told[long] == ["contact_name", "too_long"])
        #expect(told[nameless] == ["email", "invalid_email"])
        #expect(told[odd] == ["contact_name", "wrong_type"])
        #expect(told[bare] == ["company", "required"])
        let skipped = try syncing.agency.owner.every("\(path)?outcome=skipped")
        #expect(skipped.first?.id == twin && skipped.first?.text("code") == "duplicate")
        crm.change(long, ["name": "Short enough"], at: CRMStandIn.stamp(2))
        #expect(try syncing.run()["pulled"]?["created"] == 1)
    }

    @Test func `pages behind one with a refused record are taken in once each`() throws {
        let syncing = try Syncing(server, size: 10, ["direction": "pull"]), crm = syncing.crm
        for number in 0..<75 {
            crm.add(person("p\(number)", number % 20 == 13 ? ["company": nil] : [:]))
        }
        let run = try syncing.run()
        #expect(run["pulled"]?["created"] == 71 && run["pulled"]?["failed"] == 4, "\(run)")
        let rows = try syncing.agency.owner.every("/v1/sync-runs/\(run.id)/records")
        #expect(rows.count == 75 && Set(rows.map(\.id)) == Set(crm.records.keys))
        #expect(try syncing.sync["backfill"]?["done"] == 75 && syncing.leads().count == 71)
        let again = try syncing.run(full: true)
        #expect(again["pulled"]?["unchanged"] == 71 && again["pulled"]?["created"] == 0, "\(again)")
    }

    @Test func `what is deleted there is archived here, and a flood of deletions stops the sync instead`()
        throws
    {
        let syncing = try Syncing(server, ["direction": "pull", "deletes": "archive"]), crm = syncing.crm
        let ids = (0..<40).map { crm.add(person("d\($0)")) }, owner = syncing.agency.owner
        try syncing.run()
        func archived() throws -> Int { try owner.every("/v1/leads?status=archived").count }
        crm.change(ids[3], ["deleted": true], at: CRMStandIn.stamp(1))
        #expect(try syncing.run()["pulled"]?["archived"] == 1 && archived() == 1)
        for id in ids[10..<30] { crm.change(id, ["deleted": true], at: CRMStandIn.stamp(2)) }
        let run = try syncing.run("failed")
        #expect(error(of: run) == "too_many_deletes")
        #expect(try archived() == 1 && syncing.sync.text("status") == "paused")
        #expect(try syncing.alerts().map { $0.text("severity") } == ["critical"])
        try owner.post("\(syncing.path)/resume", ["deletes": "archive"]).ok()
        #expect(try syncing.run()["pulled"]?["archived"] == 20 && archived() == 21)
        #expect(try syncing.alerts().isEmpty)
    }

    @Test func `what a run archived comes back when the run is undone, each where it stood`() throws {
        let syncing = try Syncing(server, ["direction": "both", "deletes": "archive"]), crm = syncing.crm
        let ids = (0..<4).map { crm.add(person("z\($0)")) }, owner = syncing.agency.owner
        try syncing.run()
        let leads = try owner.every("/v1/leads")
        let known = try #require(leads.first { $0.text("email").hasPrefix("z1@") })
        for status in ["researched", "scored", "qualified"] {
            try owner.patch("/v1/leads/\(known.id)", ["status": .string(status)]).ok()
        }
        try syncing.run()
        let before = try owner.get("/v1/lead-figures").ok()
        for id in ids[0...1] { crm.change(id, ["deleted": true], at: CRMStandIn.stamp(1)) }
        let run = try syncing.run()
        #expect(run["pulled"]?["archived"] == 2)
        let set = run.text("change_set_id")
        // A record that somebody touches meanwhile keeps it as it is; nobody has.
        let undone = try owner.post("/v1/change-sets/\(set)/undo").ok()
        #expect(undone.text("status") == "undone" && undone["undone"] == 2, "\(undone)")
        #expect(try owner.get("/v1/leads/\(known.id)").ok().text("status") == "qualified")
        #expect(try owner.every("/v1/leads").count == 4)
        #expect(try owner.every("/v1/leads?status=archived").isEmpty)
        #expect(try owner.get("/v1/lead-figures").ok() == before)
        // By hand no lead leaves the archive, and no later run archives it, nor makes it in the service again.
        let writes = crm.writes.count
        for full in [false, true] {
            #expect(try syncing.run(full: full)["pulled"]?["archived"] == 0)
            #expect(try owner.every("/v1/leads").count == 4 && crm.writes.count == writes)
        }
        try owner.delete("/v1/leads/\(known.id)").ok(204)
        try owner.patch("/v1/leads/\(known.id)", ["status": "qualified"]).problem(409, "invalid_transition")
    }

    @Test func `a record that the service takes without saying so is looked up, and not made again`() throws {
        let syncing = try Syncing(server), crm = syncing.crm
        crm.add(person("one"))
        try syncing.run()
        let lead = try syncing.agency.makeLead(1, ["email": "once@x.example"])
        crm.misbehave { [crm] request, _ in
            guard request.method == "POST", crm.writes.isEmpty else { return nil }
            crm.add((try? JSONParser.parse(request.body))?.object ?? [:])
            crm.misbehave(nil)
            return StandInAnswer(504, "")
        }
        try syncing.run()
        try syncing.run()
        let found = crm.records.filter { $0.value["email"] == "once@x.example" }.map(\.key)
        #expect(found.count == 1 && !crm.writes.contains { $0.method == "POST" })
        let now = try syncing.agency.owner.get("/v1/leads/\(lead.id)").ok()
        #expect(now["external_ids"]?.text("acme_crm") == found.first)
    }

    @Test func `one that the service neither confirms nor finds is looked for in its list, and made once`()
        throws
    {
        let listing: JSON = .array(
            (CRMStandIn.document["objects"]?.array ?? []).map { $0.merging(["find": nil]) })
        let syncing = try Syncing(
            server, size: 2, ["direction": "push"],
            document: CRMStandIn.document.merging(["objects": listing]))
        let crm = syncing.crm
        for number in 0..<5 { crm.add(person("f\(number)")) }
        try syncing.run()
        let once = try syncing.agency.makeLead(1, ["email": "once@x.example"])
        _ = try syncing.agency.makeLead(2, ["email": "lost@x.example"])
        crm.misbehave { [crm] request, _ in
            guard request.method == "POST" else { return nil }
            let fields = (try? JSONParser.parse(request.body))?.object ?? [:]
            // Its clock is slow: what has changed since the last run does not show the new record.
            if fields["email"] == "once@x.example" { crm.add(fields, at: CRMStandIn.stamp(-3600)) }
            return StandInAnswer(504, "")
        }
        try syncing.run()
        crm.misbehave(nil)
        // A change since then goes out, too.
        try syncing.change(once, ["contact_name": "Renamed"])
        for _ in 0..<2 { try syncing.run() }
        #expect(crm.records.values.contains { $0["name"] == "Renamed" })
        for name in ["once", "lost"] {
            let found = crm.records.filter { $0.value["email"] == .string("\(name)@x.example") }.map(\.key)
            let lead = try syncing.lead("\(name)@x.example")
            #expect(found.count == 1 && lead["external_ids"]?.text("acme_crm") == found.first, "\(name)")
        }
        #expect(crm.writes.filter { $0.method == "POST" }.count == 1)
    }

    @Test func `killed in the middle of the first reading, a sync goes on there and doubles nothing`() throws
    {
        let server = try BureauProcess.start()
        let syncing = try Syncing(server, size: 10), crm = syncing.crm
        for number in 0..<60 { crm.add(person("k\(number)")) }
        for number in 0..<5 {
            _ = try syncing.agency.makeLead(number, ["email": .string("m\(number)@x.example")])
        }
        let (isHeld, mayGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        crm.misbehave { request, number in
            if number == 4 {
                isHeld.signal()
                mayGo.wait()
            }
            return nil
        }
        _ = try syncing.agency.owner.post("\(syncing.path)/run").ok(202)
        try #require(isHeld.wait(timeout: .now() + 60) == .success)
        try eventuallyTrue("some are in") { (try syncing.sync["backfill"]?["done"]?.int ?? 0) >= 20 }
        server.kill()
        mayGo.signal()
        crm.misbehave(nil)
        try server.start()
        try eventuallyTrue("all are in") { try syncing.sync["backfill"]?.text("state") == "done" }
        let leads = try syncing.agency.owner.every("/v1/leads")
        #expect(leads.count == 65 && crm.records.count == 65)
        #expect(Set(leads.map { $0.text("email") }).count == 65)
        #expect(leads.allSatisfy { $0["external_ids"]?["acme_crm"] != nil })
        let writes = crm.writes.count
        try syncing.run()
        #expect(crm.writes.count == writes)
    }

    @Test func `refused credentials fail a run, and with new ones it goes on where it was`() throws {
        let syncing = try Syncing(server, ["direction": "pull"]), crm = syncing.crm
        let id = crm.add(person("one"))
        try syncing.run()
        let cursor = try syncing.sync["cursor"]
        crm.misbehave { _, _ in StandInAnswer(401, #"{"error": "the token has expired"}"#) }
        crm.change(id, ["name": "Later"], at: CRMStandIn.stamp(1))
        let failed = try syncing.run("failed")
        #expect(error(of: failed) == "unauthenticated", "\(failed)")
        #expect(try syncing.sync["cursor"] == cursor && syncing.sync.text("status") == "failing")
        #expect(try syncing.alerts().count == 1 && syncing.lead("one@x.example")["contact_name"] == "one")
        crm.misbehave(nil)
        let service = "/v1/integrations/\(syncing.integration.id)"
        try syncing.agency.owner.patch(
            service, ["credentials": ["token": .string(CRMStandIn.token)], "status": "active"]
        ).ok()
        let run = try syncing.run()
        #expect(run["pulled"]?["updated"] == 1, "\(run)")
        #expect(try syncing.lead("one@x.example")["contact_name"] == "Later" && syncing.alerts().isEmpty)
    }

    @Test func `a hook starts a run, and another once it has settled, and a weekly sync runs when it is due`()
        throws
    {
        let start = Date.now, clock = try MovedClock(at: start)
        let server = try BureauProcess.start([:], variables: clock.variables)
        let syncing = try Syncing(server, ["every": "P7D", "direction": "pull"], isTold: true)
        let crm = syncing.crm, id = crm.add(person("one"))
        try syncing.run()
        func arrives(_ name: String, _ owner: Caller) throws {
            try eventuallyTrue("\(name) is here") {
                try owner.every("/v1/leads").map { $0.text("contact_name") } == [name]
            }
        }
        let told = syncing.agency.server
        crm.change(id, ["name": "Told"], at: CRMStandIn.stamp(1))
        try told.deliver(Syncing.hook("e1", about: id), to: syncing.integration).ok()
        try arrives("Told", syncing.agency.owner)
        // A record that the service did not show at once is found when it has settled, without another hook.
        crm.change(id, ["name": "Settled"], at: CRMStandIn.stamp(2))
        func move(by time: TimeInterval) throws -> Caller {
            _ = server.stop()
            try clock.move(to: start.addingTimeInterval(time))
            try server.start()
            return server.caller(try syncing.agency.signIn().text("access_token"))
        }
        try arrives("Settled", move(by: 120))
        crm.change(id, ["name": "Weekly"], at: CRMStandIn.stamp(3))
        try arrives("Weekly", move(by: 8 * 86_400))
    }

    @Test func `a service that has enough is asked less often`() throws {
        let syncing = try Syncing(server, ["every": "PT1H", "direction": "pull"]), crm = syncing.crm
        crm.add(person("one"))
        crm.misbehave { _, number in
            number == 1 ? StandInAnswer(429, "{}", headers: [("Retry-After", "1")]) : nil
        }
        /// The hours from the end of a run to the next one.
        func pause() throws -> Double {
            try syncing.run()
            let next = try Date(iso: syncing.sync.text("next_run_at"))
            return (next.timeIntervalSinceNow / 360).rounded() / 10
        }
        #expect(try pause() == 2)
        #expect(try pause() == 1, "nothing was too much for it meanwhile")
    }
}
