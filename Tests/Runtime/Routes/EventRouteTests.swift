import Database
import HTTPServer
import JSON
import Jobs
import Nouns
import Records
import Routing
import Synchronization
import Testing

@testable import RuntimeTesting

@Suite struct EventRouteTests {
    @Test func `events are listed oldest first, by type, prefix and subject`() async throws {
        let bench = try RouteBench()
        try await bench.publish("lead.created", "lead_1")
        try await bench.publish("import.completed", "imp_1")
        try await bench.publish("lead.updated", "lead_2")
        try await bench.publish("leads", "lead_1")
        func types(_ query: String) async throws -> [String] {
            try await bench.call("GET", "/v1/events\(query)").body["data"]?.array?.compactMap {
                $0["type"]?.text
            } ?? []
        }
        #expect(try await types("") == ["lead.created", "import.completed", "lead.updated", "leads"])
        #expect(try await types("?type=lead.*") == ["lead.created", "lead.updated"])
        #expect(
            try await types("?type=lead.*,import.completed") == [
                "lead.created", "import.completed", "lead.updated",
            ])
        #expect(try await types("?subject_id=lead_1") == ["lead.created", "leads"])
        #expect(try await types("?created_at[lt]=2020-01-01") == [])
        #expect(try await types("?sort=-created_at&limit=1") == ["leads"])
        let first = try await bench.call("GET", "/v1/events?limit=3")
        let cursor = try #require(first.body["next_cursor"]?.text)
        #expect(try await types("?limit=3&cursor=\(cursor)") == ["leads"])
        // Cursors are kept by others, and go on meaning the row.
        #expect(cursor == "WyJyb3ciLDNd")
        #expect(try await types("?sort=-id&limit=1&cursor=WyItcm93IiwzXQ") == ["import.completed"])
        #expect(try await types("?sort=-id&subject_id=lead_1&cursor=WyItcm93IiwzXQ") == ["lead.created"])
        #expect(
            try await bench.call("GET", "/v1/events?sort=-id&cursor=\(cursor)").body["code"]
                == "invalid_cursor")
    }

    @Test func `a stream brings what is committed after it was opened, of the types asked for`() async throws
    {
        let bench = try RouteBench()
        try await bench.publish("lead.created", "before")
        let reader = try await StreamReader(bench, "/v1/events/stream?types=lead.*")
        try await bench.publish("import.completed", "imp_1")
        for number in 1...500 { try await bench.publish("lead.updated", "lead_\(number)") }
        let events = try await reader.events(500)
        #expect(events.map { $0.data["subject"]?["id"]?.text } == (1...500).map { "lead_\($0)" })
        #expect(events.allSatisfy { $0.type == "lead.updated" && $0.id == $0.data["id"]?.text })
        reader.close()
    }

    @Test func `a reader that comes back gets exactly what it has missed`() async throws {
        let bench = try RouteBench()
        let first = try await StreamReader(bench, "/v1/events/stream")
        try await bench.publish("lead.created", "lead_0")
        let last = try #require(try await first.events(1).first?.id)
        first.close()
        for number in 1...5 { try await bench.publish("lead.created", "lead_\(number)") }
        let wanted = (1...5).map { "lead_\($0)" }
        let byHeader = try await StreamReader(bench, "/v1/events/stream", headers: [("Last-Event-ID", last)])
        #expect(try await byHeader.events(5).map { $0.data["subject"]?["id"]?.text } == wanted)
        let byQuery = try await StreamReader(bench, "/v1/events/stream?last_event_id=\(last)")
        #expect(try await byQuery.events(5).map { $0.data["subject"]?["id"]?.text } == wanted)
        byHeader.close()
        byQuery.close()
    }

    @Test func `when a session ends, then its streams are closed, and no other`() async throws {
        let bench = try RouteBench()
        let one = try await StreamReader(
            bench, "/v1/events/stream", headers: [("X-Session", SessionID.numbered(1).text)])
        let two = try await StreamReader(
            bench, "/v1/events/stream", headers: [("X-Session", SessionID.numbered(2).text)])
        bench.sessions.end(.numbered(1))
        try await bench.write { $0.notify("credentials", $0.tenant.rawValue) }
        try await one.closed()
        try await bench.publish("lead.created", "lead_1")
        #expect(try await two.events(1).count == 1 && one.count == 0)
        #expect(
            try await bench.call(
                "GET", "/v1/events/stream", headers: [("X-Session", SessionID.numbered(1).text)]
            ).status == 401)
        two.close()
    }

    @Test func `wrong types and unknown parameters are refused`() async throws {
        let bench = try RouteBench()
        for query in ["types=", "types=lead.created,", "types=LEAD", "types=*.created", "colour=red"] {
            #expect(
                try await bench.call("GET", "/v1/events/stream?\(query)").body["code"] == "invalid_parameter",
                "\(query)")
        }
    }
}

@Suite struct AuditRouteTests {
    @Test func `the audit is listed newest first, filtered and read`() async throws {
        let bench = try RouteBench()
        for number in 1...3 {
            try await bench.write {
                try $0.auditLog.add(.agent("a"), "lead.updated", Subject(type: "lead", id: "lead_\(number)"))
            }
        }
        try await bench.write {
            try $0.auditLog.add(.system, "deal.won", Subject(type: "deal", id: "deal_1"))
        }
        func subjects(_ query: String) async throws -> [String] {
            let list = try await bench.call("GET", "/v1/audit\(query)")
            return list.body["data"]?.array?.compactMap { $0["subject"]?["id"]?.text } ?? []
        }
        #expect(try await subjects("") == ["deal_1", "lead_3", "lead_2", "lead_1"])
        #expect(try await subjects("?action=lead.updated&subject_id=lead_2") == ["lead_2"])
        #expect(try await subjects("?actor_id=bureau") == ["deal_1"])
        #expect(try await subjects("?subject_type=lead&limit=1") == ["lead_3"])
        #expect(try await subjects("?action=lead.*&sort=id") == ["lead_1", "lead_2", "lead_3"])
        let newest = try await bench.call("GET", "/v1/audit?limit=2&total=true").body
        let cursor = try #require(newest["next_cursor"]?.text)
        #expect(newest["total"] == 4 && cursor == "WyItcm93IiwzXQ")
        #expect(try await subjects("?cursor=\(cursor)") == ["lead_2", "lead_1"])
        #expect(try await subjects("?action=lead.updated&cursor=\(cursor)") == ["lead_2", "lead_1"])
        let (entryOfDeal, before) = (newest["data"]?.array?.first, newest["data"]?.array?.last)
        #expect(entryOfDeal?["previous_hash"] == before?["hash"] && before?["hash"] != nil)
        let entry = try #require(try await bench.call("GET", "/v1/audit?limit=1").body["data"]?.array?.first)
        #expect(try await bench.call("GET", "/v1/audit/\(entry["id"]?.text ?? "")").body == entry)
        #expect(try await bench.call("GET", "/v1/audit/aud_absent").status == 404)
        let verified = try await bench.call("GET", "/v1/audit/verify")
        #expect(verified.body == ["valid": true, "entries": 4, "first_invalid": .null])

        try await bench.write { tx in
            try tx.run(
                "UPDATE audit SET action = 'nothing.happened' WHERE tenant_id = \(tx.tenant) AND row = 2")
        }
        let tampered = try await bench.call("GET", "/v1/audit/verify").body
        #expect(tampered["valid"] == false && tampered["entries"] == 2 && tampered["first_invalid"] != .null)
    }

    @Test func `entries are found by their run and by their outcome`() async throws {
        let bench = try RouteBench()
        try await bench.write { tx in
            for (number, outcome) in ["held", "sent"].enumerated() {
                try tx.auditLog.add(
                    .agent("a"), "message.sent", Subject(type: "message", id: "msg_\(number)"),
                    run: .numbered(UInt64(number)), decision: .numbered(1), outcome: outcome)
            }
            try tx.auditLog.add(.system, "deal.won", Subject(type: "deal", id: "deal_1"))
        }
        func entries(_ query: String) async throws -> [JSON] {
            try await bench.call("GET", "/v1/audit\(query)").body["data"]?.array ?? []
        }
        let ofRun = try await entries("?run_id=\(RunID.numbered(1))")
        let held = try await entries("?outcome=held")
        #expect(ofRun.count == 1 && ofRun.first?["subject"]?["id"] == "msg_1")
        #expect(
            ofRun.first?["decision_id"]?.id() == DecisionID.numbered(1) && ofRun.first?["outcome"] == "sent")
        #expect(held.count == 1 && held.first?["run_id"] == JSON(RunID.numbered(0)))
        let other = try #require(try await entries("?action=deal.won").first)
        #expect(other["run_id"] == .null && other["decision_id"] == .null && other["outcome"] == .null)
    }

    @Test func `nothing of the audit can be written`() async throws {
        let bench = try RouteBench()
        let methods = Set(bench.routes.filter { $0.pattern.hasPrefix("/v1/audit") }.map(\.method))
        #expect(methods == ["GET"])
    }
}

extension RouteBench {
    func publish(_ type: String, _ subject: String) async throws {
        try await write { tx in _ = try tx.publish(type, Subject(type: "lead", id: subject)) }
    }
}
