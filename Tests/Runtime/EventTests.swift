import Cryptography
import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting

private let lead = Subject(type: "lead", id: "lead_1")

struct Events {
    @Test func `events are listed in the order of their commits, per tenant`() async throws {
        let test = try TestRuntime()
        for n in 1...3 {
            try await test.write { try $0.publish("lead.updated", lead, ["n": .integer(Int64(n))]) }
        }
        try await test.write(.globex) { try $0.publish("lead.created", lead) }
        let events = try test.read { try $0.events.after(0, limit: 10) }
        #expect(events.map(\.row) == [1, 2, 3])
        #expect(events.map(\.data) == [#"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#])
        let first = try #require(events.first)
        #expect(
            String(decoding: first.json, as: UTF8.self)
                == #"{"id":"\#(first.id)","type":"lead.updated","subject":{"type":"lead","id":"lead_1"},"#
                + #""data":{"n":1},"created_at":"2027-01-05T10:00:00.000Z"}"#
        )
        #expect(try test.read(.globex) { try $0.events.lastRow() } == 1)
    }

    @Test func `an event is found by its id, also where some were swept or a clock was set back`()
        async throws
    {
        let test = try TestRuntime()
        let ids = try await test.write { tx in try (1...40).map { _ in try tx.publish("lead.updated", lead) }
        }
        try await test.write { tx in
            try tx.run("DELETE FROM events WHERE tenant_id = \(tx.tenant) AND (row < 8 OR row = 20)")
        }
        for (row, id) in zip(1..., ids) {
            let found = try test.read { try $0.events.row(of: id) }
            #expect(found == (row < 8 || row == 20 ? nil : Int64(row)), "row \(row)")
        }
        try await test.write { tx in
            try tx.run("UPDATE events SET id = 'evt_0' WHERE tenant_id = \(tx.tenant) AND row = 30")
        }
        #expect(try test.read { try $0.events.row(of: "evt_0") } == 30)
        #expect(try test.read { try $0.events.row(of: "evt_z") } == nil)
        // On a file nobody has all that ever happened read for an id.
        try await test.write { tx in
            try tx.run(
                """
                UPDATE events SET row = row + 10000, place = place + 10000
                WHERE tenant_id = \(tx.tenant) AND row > 30
                """)
        }
        let far = try test.read { ($0.dialect, try $0.events.row(of: "evt_0")) }
        #expect(far.1 == (far.0 == .sqlite ? nil : 30))
    }

    @Test func `a subscriber gets what is committed, and nothing that is not`() async throws {
        struct Undone: Error {}
        let test = try TestRuntime()
        let subscription = try test.runtime.events.subscribe(.acme)
        await #expect(throws: Undone.self) {
            try await test.write { tx in
                try tx.publish("lead.lost", lead)
                throw Undone()
            }
        }
        try await test.write(.globex) { try $0.publish("lead.created", lead) }
        try await test.write { try $0.publish("lead.created", lead) }
        let events = try #require(try await subscription.next())
        #expect(events.map(\.type) == ["lead.created"] && events.map(\.row) == [1])
        subscription.cancel()
        #expect(try await subscription.next() == nil)
        #expect(!test.runtime.events.hasSubscribers(.acme))
    }

    @Test func `a reader that comes back gets exactly what it missed`() async throws {
        let test = try TestRuntime()
        let ids = try await test.write { tx in
            try (1...450).map { try tx.publish("lead.updated", Subject(type: "lead", id: "\($0)")) }
        }
        let subscription = try test.runtime.events.subscribe(.acme, lastEventID: ids[9])
        var got: [String] = []
        while got.count < 440 { got += try #require(try await subscription.next()).map(\.id) }
        #expect(got == Array(ids[10...]))
        let more = try await test.write { try $0.publish("lead.updated", lead) }
        #expect(try await subscription.next()?.map(\.id) == [more])
        subscription.cancel()
    }

    @Test func `a slow reader falls back to the table and misses nothing`() async throws {
        let test = try TestRuntime()
        let subscription = try test.runtime.events.subscribe(.acme)
        // The first one makes the subscription live.
        try await test.write { try $0.publish("lead.created", lead) }
        var rows = try #require(try await subscription.next()).map(\.row)
        let reading = Task { try await subscription.next()?.map(\.row) ?? [] }
        try await test.write { try $0.publish("lead.updated", lead) }
        rows += try await reading.value
        for _ in 0..<20 {
            try await test.write { tx in for _ in 0..<50 { try tx.publish("lead.updated", lead) } }
        }
        while rows.count < 1002 { rows += try #require(try await subscription.next()).map(\.row) }
        #expect(rows == Array(1...1002))
        subscription.cancel()
    }

    @Test func `a cancelled reader is let go`() async throws {
        let test = try TestRuntime()
        let subscription = try test.runtime.events.subscribe(.acme)
        let reading = Task { try await subscription.next() }
        reading.cancel()
        #expect(try await reading.value == nil)
    }
}

struct Auditing {
    private func fill(_ test: TestRuntime, _ count: Int) async throws {
        try await test.write { tx in
            for n in 0..<count {
                try tx.auditLog.add(
                    Actor(.user, id: "usr_1"), "lead.updated", Subject(type: "lead", id: "lead_\(n)"),
                    ["score": [.integer(Int64(n)), .null]])
            }
        }
    }

    @Test func `entries form a chain that verifies`() async throws {
        let test = try TestRuntime()
        try await fill(test, 1200)
        try await test.write(.globex) { try $0.auditLog.add(.system, "a", lead) }
        #expect(
            try test.runtime.verifyAudit(.acme)
                == AuditVerification(valid: true, entries: 1200, firstInvalid: nil))
        let entries = try test.read { reader in
            try reader.all(
                "SELECT \(AuditEntry.columns) FROM audit WHERE tenant_id = \(reader.tenant) ORDER BY row LIMIT 3",
                AuditEntry.init
            ).map(reader.auditLog.linked)
        }
        #expect(entries.allSatisfy { $0.hash.utf8.count == 64 })
        #expect(entries[0].previousHash == String(repeating: "0", count: 64))
        #expect(entries[1].previousHash == entries[0].hash && entries[2].previousHash == entries[1].hash)
        #expect(try test.runtime.verifyAudit(TenantID(rawValue: "none")).valid)
    }

    @Test(arguments: [
        "UPDATE audit SET action = 'nothing.happened' WHERE tenant_id = 'ten_acme' AND row = 7",
        "UPDATE audit SET actor_id = 'usr_2' WHERE tenant_id = 'ten_acme' AND row = 7",
        "UPDATE audit SET created_at = created_at + 1 WHERE tenant_id = 'ten_acme' AND row = 7",
        "DELETE FROM audit WHERE tenant_id = 'ten_acme' AND row = 6",
        "UPDATE audit SET row = -row, place = -place WHERE tenant_id = 'ten_acme' AND row = 6",
    ])
    func `what is changed, taken out or moved is found`(tampering: String) async throws {
        let test = try TestRuntime()
        try await fill(test, 12)
        try await test.write { try $0.run("\(trusted: tampering)") }
        let result = try test.runtime.verifyAudit(.acme)
        let seventh = try test.read {
            try $0.first("SELECT id FROM audit WHERE tenant_id = \($0.tenant) AND row = 7") { $0.text(0) }
        }
        #expect(!result.valid && result.firstInvalid == seventh)
    }

    @Test(arguments: [
        "outcome = 'sent'", "outcome = NULL", "run_id = 'run_2'", "decision_id = NULL", "decision_id = ''",
        "run_id = NULL, decision_id = 'run_1'", "run_id = NULL, decision_id = NULL, outcome = NULL",
    ])
    func `another run, decision or outcome of an entry is found`(change: String) async throws {
        let test = try TestRuntime()
        try await fill(test, 1)
        try await test.write {
            try $0.auditLog.add(
                .agent("writer"), "message.sent", lead, run: .numbered(1), decision: .numbered(1),
                outcome: "held")
        }
        try await fill(test, 1)
        #expect(
            try test.runtime.verifyAudit(.acme)
                == AuditVerification(valid: true, entries: 3, firstInvalid: nil))
        try await test.write {
            try $0.run(
                "\(trusted: "UPDATE audit SET \(change) WHERE tenant_id = 'ten_acme' AND row = 2")")
        }
        let result = try test.runtime.verifyAudit(.acme)
        #expect(!result.valid && result.entries == 2)
    }

    @Test func `an entry that goes back to nothing cannot be given a run`() async throws {
        let test = try TestRuntime()
        try await fill(test, 2)
        try await test.write {
            try $0.run("UPDATE audit SET run_id = 'run_1' WHERE tenant_id = 'ten_acme' AND row = 1")
        }
        #expect(try test.runtime.verifyAudit(.acme).entries == 1)
    }

    @Test(arguments: [
        "DELETE FROM audit WHERE tenant_id = 'ten_acme' AND row > 9",
        "DELETE FROM audit_heads WHERE tenant_id = 'ten_acme'",
        "UPDATE audit_heads SET row = 9, hash = (SELECT hash FROM audit WHERE tenant_id = 'ten_acme' AND row = 9) WHERE tenant_id = 'ten_acme'",
        "UPDATE audit_heads SET keyed_from = 13 WHERE tenant_id = 'ten_acme'",
        "UPDATE audit_heads SET keyed_from = 13, code = '' WHERE tenant_id = 'ten_acme'",
    ])
    func `what is cut off at the end is found, also when entries have followed`(
        tampering: String
    ) async throws {
        let test = try TestRuntime()
        try await fill(test, 12)
        // A file has hashes as bytes.
        let shown =
            test.database.dialect == .sqlite
            ? tampering.replacing("SELECT hash", with: "SELECT lower(hex(hash))") : tampering
        try await test.write { try $0.run("\(trusted: shown)") }
        #expect(try !test.runtime.verifyAudit(.acme).valid)
        try await fill(test, 1)
        #expect(try !test.runtime.verifyAudit(.acme).valid, "going on does not heal it")
    }

    @Test func `an entry that is rewritten with all that follow is found, since its hash needs the key`()
        async throws
    {
        let test = try TestRuntime()
        try await fill(test, 3)
        let other = try TestRuntime(configure: { $0.auditKey = HMACKey([9]) })
        try await fill(other, 3)
        let forged = try other.read { reader in
            try reader.all(
                "SELECT row, hash, previous_hash, id FROM audit WHERE tenant_id = \(reader.tenant) ORDER BY row"
            ) { ($0.int64(0), $0.value(1), $0.value(2), $0.text(3)) }
        }
        try await test.write { tx in
            for (row, hash, previous, id) in forged {
                try tx.run(
                    """
                    UPDATE audit SET hash = \(hash), previous_hash = \(previous), id = \(id)
                    WHERE tenant_id = \(tx.tenant) AND row = \(row)
                    """)
            }
        }
        #expect(try !test.runtime.verifyAudit(.acme).valid)
    }

    @Test func `entries from before there was a key still verify, and the next ones use it`() async throws {
        let test = try TestRuntime()
        try await test.write { tx in
            // The entries are written as they were then.
            try tx.run(
                """
                INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes,
                    created_at, previous_hash, hash)
                VALUES (\(tx.tenant), 1, 'aud_1', 'system', 'bureau', 'a', 'lead', 'lead_1', '{}', 0,
                    \(String(repeating: "0", count: 64)),
                    '\(raw: plainHash)')
                """)
            if tx.dialect == .sqlite {
                let place = try Places.place(of: 1, in: tx)
                try tx.run("UPDATE audit SET place = \(place) WHERE tenant_id = \(tx.tenant) AND row = 1")
            }
            try tx.run(
                """
                INSERT INTO audit_heads (tenant_id, row, hash, keyed_from, code)
                VALUES (\(tx.tenant), 1, '\(raw: plainHash)', 2, '')
                """)
        }
        #expect(
            try test.runtime.verifyAudit(.acme)
                == AuditVerification(valid: true, entries: 1, firstInvalid: nil))
        try await fill(test, 2)
        #expect(
            try test.runtime.verifyAudit(.acme)
                == AuditVerification(valid: true, entries: 3, firstInvalid: nil))
        try await test.write {
            try $0.run("UPDATE audit SET action = 'b' WHERE tenant_id = \($0.tenant) AND row = 1")
        }
        #expect(try !test.runtime.verifyAudit(.acme).valid)
    }

    @Test(.ofFiles) func `a file keeps the hash before only where its entry is not there`() async throws {
        let test = try TestRuntime()
        func kept() throws -> [Int64] {
            try test.read { reader in
                try reader.all(
                    """
                    SELECT row FROM audit WHERE tenant_id = \(reader.tenant) AND previous_hash IS NOT NULL
                    ORDER BY row
                    """
                ) { $0.int64(0) }
            }
        }
        try await fill(test, 2)
        try await fill(test, 2)
        #expect(try kept() == [1])
        try await test.write { try $0.run("DELETE FROM audit WHERE tenant_id = \($0.tenant) AND row = 4") }
        try await fill(test, 1)
        #expect(try kept() == [1, 5])
        let entries = try test.read { reader in
            try reader.all(
                "SELECT \(AuditEntry.columns) FROM audit WHERE tenant_id = \(reader.tenant) ORDER BY row",
                AuditEntry.init
            ).map(reader.auditLog.linked)
        }
        #expect(entries.map(\.row) == [1, 2, 3, 5] && !entries.contains { $0.previousHash == nil })
        #expect(try test.runtime.verifyAudit(.acme).firstInvalid == entries[3].id)
        try await test.write { try $0.run("DELETE FROM audit WHERE tenant_id = \($0.tenant) AND row = 1") }
        #expect(try test.runtime.verifyAudit(.acme).firstInvalid == entries[1].id)
    }

    @Test func `agencies that write in turns have rows and chains of their own`() async throws {
        let test = try TestRuntime()
        let tenants = [TenantID.acme, .globex]
        var ids: [TenantID: [String]] = [:]
        for _ in 0..<5 {
            for tenant in tenants {
                let id = try await test.write(tenant) { tx in
                    try tx.auditLog.add(.system, "a", lead)
                    return try tx.publish("lead.updated", lead)
                }
                ids[tenant, default: []].append(id)
            }
        }
        for tenant in tenants {
            #expect(
                try test.runtime.verifyAudit(tenant)
                    == AuditVerification(valid: true, entries: 5, firstInvalid: nil))
            let events = try test.read(tenant) { try $0.events.after(0, limit: 100) }
            #expect(events.map(\.row) == [1, 2, 3, 4, 5] && events.map(\.id) == ids[tenant])
            #expect(try test.read(tenant) { try $0.events.lastRow() } == 5)
            let subjects = try test.read(tenant) {
                try $0.events.subjects(of: ["lead.updated"], after: 4, limit: 9)
            }
            #expect(subjects.map(\.id) == ["lead_1"])
        }
        let strange = try #require(ids[.globex]?.last)
        #expect(try test.read { try $0.events.row(of: strange) } == nil)
        // One agency loses an entry; the other keeps its own.
        try await test.write { try $0.run("DELETE FROM audit WHERE tenant_id = \($0.tenant) AND row = 2") }
        #expect(try !test.runtime.verifyAudit(.acme).valid)
        #expect(try test.runtime.verifyAudit(.globex).valid)
    }

    @Test func `swapped contents are found`() async throws {
        let test = try TestRuntime()
        try await fill(test, 5)
        try await test.write { tx in
            try tx.run(
                """
                UPDATE audit SET changes = (SELECT changes FROM audit WHERE tenant_id = 'ten_acme' AND row = 4)
                WHERE tenant_id = 'ten_acme' AND row = 2
                """)
        }
        #expect(try test.runtime.verifyAudit(.acme).entries == 2)
    }
}

struct Counting {
    @Test func `counters add up inside the transaction`() async throws {
        let test = try TestRuntime()
        try await test.write { tx in
            try tx.counters.count("leads.total", 3)
            try tx.counters.count("leads.total", -1)
            try tx.counters.count("leads.status.new", 2)
        }
        #expect(try test.read { try $0.counters.find("leads.total") } == 2)
        #expect(try test.read { try $0.counters.find("leads.none") } == 0)
        #expect(try test.read { try $0.counters.all(prefix: "leads.status.") } == ["leads.status.new": 2])
        #expect(try test.read(.globex) { try $0.counters.find("leads.total") } == 0)
    }
}

/// Computes SHA-256 over the entry and its predecessor's hash, as it was done before there was a key.
private let plainHash: StaticString = "e2204381ea99fdbf9fbccbe772b3facaea652f9152c4dbb677788bcd56d53bbb"
