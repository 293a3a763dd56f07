import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting

/// A file from before its audit and its events had places.
@Suite(.ofFiles) struct Placing {
    private let tenants = [TenantID.acme, .globex]

    /// Rows of two agencies, which have come in turns, as the program before kept them.
    private func old() async throws -> TestRuntime {
        let test = try TestRuntime()
        for row in 1...30 {
            for tenant in tenants {
                try await test.write(tenant) { tx in
                    let lead = Subject(type: "lead", id: "lead_\(row)")
                    try tx.auditLog.add(.system, "lead.updated", lead, ["n": .integer(Int64(row))])
                    try tx.publish("lead.updated", lead)
                }
            }
        }
        try await test.database.acrossTenantsWrite { tx in
            for statement in oldTables { try tx.run("\(trusted: statement)") }
        }
        return test
    }

    private func entries(_ test: TestRuntime) throws -> [[String]] {
        try tenants.map { tenant in
            try test.read(tenant) { reader in
                let found = try reader.all(
                    "SELECT \(AuditEntry.columns) FROM audit WHERE tenant_id = \(reader.tenant) ORDER BY row",
                    AuditEntry.init)
                return try found.map { entry in
                    var writer = JSONWriter()
                    try reader.auditLog.linked(entry).write(into: &writer)
                    return String(decoding: writer.bytes, as: UTF8.self)
                }
            }
        }
    }

    private func events(_ test: TestRuntime) throws -> [[String]] {
        try tenants.map { tenant in
            try test.read(tenant) { reader in
                let found = try reader.all(
                    "SELECT \(Event.columns) FROM events WHERE tenant_id = \(reader.tenant) ORDER BY row",
                    Event.init)
                return found.map { "\($0.row) \(String(decoding: $0.json, as: UTF8.self))" }
            }
        }
    }

    private func indexes(_ test: TestRuntime) throws -> [String] {
        try test.database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT sql FROM sqlite_schema
                WHERE type = 'index' AND tbl_name IN ('audit', 'events') AND sql IS NOT NULL ORDER BY name
                """
            ) { $0.text(0) }
        }
    }

    private func tables(_ test: TestRuntime) throws -> [String] {
        try test.database.acrossTenantsRead { reader in
            try reader.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%placed' ORDER BY name"
            ) { $0.text(0) }
        }
    }

    @Test func `keeps every row, also where a start was cut short`() async throws {
        let test = try await old()
        let (audit, told) = (try entries(test), try events(test))
        let share = try await test.database.acrossTenantsWrite { tx in
            try acrossTenantsMove(tx, atMost: 37)
        }
        #expect(share.map { $0 > 0 && $0 < 1 } == true)
        #expect(try entries(test) == audit && events(test) == told, "nothing is taken away before the end")
        try test.database.migrate(testMigrations)
        #expect(try entries(test) == audit && events(test) == told)
        #expect(try tables(test) == [])
        let advised = "CREATE INDEX advised_audit_actor_id ON audit (\"actor_id\")"
        #expect(try indexes(test) == [advised] + indexes(TestRuntime()))
        for tenant in tenants {
            let found = try test.runtime.verifyAudit(tenant)
            #expect(found == AuditVerification(valid: true, entries: 30, firstInvalid: nil))
            let rows = try test.read(tenant) { try $0.events.after(28, limit: 9).map(\.row) }
            #expect(rows == [29, 30])
            try await test.write(tenant) { tx in
                try tx.auditLog.add(.system, "a", Subject(type: "lead", id: "lead_1"))
                try tx.publish("lead.updated", Subject(type: "lead", id: "lead_1"))
            }
            #expect(try test.runtime.verifyAudit(tenant).entries == 31)
            #expect(try test.read(tenant) { try $0.events.lastRow() } == 31)
        }
        let kept = try test.database.acrossTenantsRead {
            try $0.int("SELECT count(*) FROM audit WHERE previous_hash IS NOT NULL OR length(hash) <> 32")
        }
        #expect(kept == 2, "the first of each chain")
    }

    @Test func `gets what the program before has written and removed in between`() async throws {
        let test = try await old()
        let chain = try entries(test)[0]
        _ = try await test.database.acrossTenantsWrite { tx in try acrossTenantsMove(tx, atMost: 1000) }
        try await test.database.acrossTenantsWrite { tx in
            try tx.run("DELETE FROM events WHERE tenant_id = \(TenantID.acme) AND row < 10")
            try tx.run(
                """
                INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at)
                VALUES (\(TenantID.acme), 31, 'evt_z', 'lead.updated', 'lead', 'lead_1', '{}', 31)
                """)
        }
        let told = try events(test)
        try test.database.migrate(testMigrations)
        #expect(try events(test) == told && told[0].count == 22)
        #expect(try entries(test)[0] == chain)
    }

    @Test func `gets an agency whose rows are counted anew in between`() async throws {
        let test = try await old()
        _ = try await test.database.acrossTenantsWrite { tx in try acrossTenantsMove(tx, atMost: 1000) }
        try await test.database.acrossTenantsWrite { tx in
            for table in ["events", "audit", "audit_heads"] {
                try tx.run("DELETE FROM \(trusted: table) WHERE tenant_id = \(TenantID.globex)")
            }
            for row in 1...2 {
                try tx.run(
                    """
                    INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at)
                    VALUES (\(TenantID.globex), \(row), \("evt_new\(row)"), 'lead.created', 'lead', 'lead_9', '{}', 9)
                    """)
                try tx.run(
                    """
                    INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id,
                        changes, created_at, previous_hash, hash)
                    VALUES (\(TenantID.globex), \(row), \("aud_new\(row)"), 'system', 'bureau', 'lead.created',
                        'lead', 'lead_9', '{}', 9, \(row == 1 ? "0000" : "ab01"), \("ab0\(row)"))
                    """)
            }
        }
        let (audit, told) = (try entries(test), try events(test))
        try test.database.migrate(testMigrations)
        #expect(try entries(test) == audit && events(test) == told)
        #expect(audit[1].count == 2 && told.map(\.count) == [30, 2])
        #expect(try test.runtime.verifyAudit(.acme).valid)
    }

    @Test func `leaves a chain whole whose beginning was gone already`() async throws {
        let test = try await old()
        try await test.database.acrossTenantsWrite { tx in
            try tx.run("DELETE FROM audit WHERE tenant_id = \(TenantID.acme) AND row < 4")
        }
        let audit = try entries(test)
        try test.database.migrate(testMigrations)
        #expect(try entries(test) == audit)
        let found = try test.runtime.verifyAudit(.acme)
        #expect(found == AuditVerification(valid: true, entries: 27, firstInvalid: nil))
    }

    @Test func `of a folder without rows are new tables`() async throws {
        let test = try await old()
        try await test.database.acrossTenantsWrite { tx in
            for table in ["events", "audit", "audit_heads"] { try tx.run("DELETE FROM \(trusted: table)") }
        }
        try test.database.migrate(testMigrations)
        #expect(try tables(test) == [])
        try await test.write { try $0.auditLog.add(.system, "a", Subject(type: "lead", id: "lead_1")) }
        let found = try test.runtime.verifyAudit(.acme)
        #expect(found == AuditVerification(valid: true, entries: 1, firstInvalid: nil))
    }

    @Test func `goes on where the disk was full, and loses nothing wherever that was`() async throws {
        let test = try await old()
        let (audit, told) = (try entries(test), try events(test))
        // No page of the file is free.
        let pages = try await test.database.acrossTenantsWrite { tx in
            try tx.run("CREATE TABLE filler (bytes BLOB) STRICT")
            while try tx.int("PRAGMA freelist_count") != 0 {
                try tx.run("INSERT INTO filler VALUES (zeroblob(4000))")
            }
            return try tx.int("PRAGMA page_count") ?? 0
        }
        func limit(to most: Int64) async throws {
            try await test.database.acrossTenantsWrite { tx in
                _ = try tx.int("PRAGMA max_page_count = \(trusted: "\(most)")")
            }
        }
        func movePart() async throws -> Double? {
            try await test.database.acrossTenantsWrite { tx in try acrossTenantsMove(tx, atMost: 7) }
        }
        var room: Int64 = 0
        // As soon as there is room for some rows, more follow until there is none.
        while try tables(test) == [], room < 100 {
            try await limit(to: pages + room)
            _ = try? await movePart()
            room += 1
        }
        await #expect(throws: DatabaseError.unavailable(.diskFull)) {
            while try await movePart() != nil {}
        }
        #expect(try tables(test) == ["audit_placed", "events_placed"])
        var refusals = 0
        while refusals < 200 {
            #expect(try entries(test) == audit && events(test) == told, "after \(refusals)")
            do {
                try test.database.migrate(testMigrations)
                break
            } catch DatabaseError.unavailable(.diskFull) {
                refusals += 1
                try await limit(to: pages + room)
                room += 1
            }
        }
        #expect((1..<200).contains(refusals), "\(refusals)")
        #expect(try entries(test) == audit && events(test) == told)
        #expect(try tables(test) == [] && test.database.integrityCheck() == [])
        #expect(try tenants.allSatisfy { try test.runtime.verifyAudit($0).valid })
    }

    @Test(arguments: [
        "UPDATE events_placed SET data = '{}' || ' ' WHERE row = 3",
        "UPDATE audit_placed SET hash = zeroblob(32) WHERE row = 30",
        "UPDATE audit_placed SET previous_hash = hash WHERE row = 4",
        "DELETE FROM audit_placed WHERE row = 12",
    ])
    func `is left as it was where a copy differs, and copied again by the next start`(
        fault: String
    ) async throws {
        let test = try await old()
        let (audit, told) = (try entries(test), try events(test))
        _ = try await test.database.acrossTenantsWrite { tx in try acrossTenantsMove(tx, atMost: 1000) }
        try await test.database.acrossTenantsWrite { tx in try tx.run("\(trusted: fault)") }
        await #expect(throws: DatabaseError.self) {
            try await test.database.acrossTenantsWrite { tx in try acrossTenantsMove(tx) }
        }
        #expect(try entries(test) == audit && events(test) == told)
        try test.database.migrate(testMigrations)
        #expect(try entries(test) == audit && events(test) == told)
        #expect(try tenants.allSatisfy { try test.runtime.verifyAudit($0).valid })
    }
}

private let oldTables =
    [
        """
        CREATE TABLE audit_old (
            place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL,
            actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, action TEXT NOT NULL, subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL, changes TEXT NOT NULL, created_at INTEGER NOT NULL,
            previous_hash TEXT NOT NULL, hash TEXT NOT NULL, run_id TEXT, decision_id TEXT, outcome TEXT,
            UNIQUE (tenant_id, row)) STRICT
        """,
        """
        INSERT INTO audit_old (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes,
            created_at, previous_hash, hash, run_id, decision_id, outcome)
        SELECT tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes, created_at,
            lower(hex(coalesce(previous_hash, (SELECT b.hash FROM audit b WHERE b.place = a.place - 1)))),
            lower(hex(hash)), run_id, decision_id, outcome
        FROM audit a ORDER BY row, tenant_id
        """,
        """
        CREATE TABLE events_old (
            place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL,
            type TEXT NOT NULL, subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, data TEXT NOT NULL,
            created_at INTEGER NOT NULL, UNIQUE (tenant_id, row)) STRICT
        """,
        """
        INSERT INTO events_old (tenant_id, row, id, type, subject_type, subject_id, data, created_at)
        SELECT tenant_id, row, id, type, subject_type, subject_id, data, created_at
        FROM events ORDER BY row, tenant_id
        """,
        "DROP TABLE audit", "DROP TABLE events", "DROP TABLE tenant_numbers",
        "ALTER TABLE audit_old RENAME TO audit", "ALTER TABLE events_old RENAME TO events",
        "CREATE UNIQUE INDEX audit_id ON audit (tenant_id, id)",
        "CREATE INDEX audit_subject ON audit (tenant_id, subject_id, row)",
        "CREATE INDEX audit_action ON audit (tenant_id, action, row)",
        "CREATE INDEX audit_run ON audit (tenant_id, run_id, row) WHERE run_id IS NOT NULL",
        "CREATE INDEX audit_outcome ON audit (tenant_id, outcome, row) WHERE outcome IS NOT NULL",
        "CREATE INDEX events_subject ON events (tenant_id, subject_id, row)",
        "CREATE INDEX advised_audit_actor_id ON \"audit\" (\"actor_id\")",
        "DELETE FROM schema_migrations WHERE number IN (1620, 1621)",
    ]
