import JSON
import TestDatabases
import Testing

/// A folder as the versions before had it: the audit and the events with rows of their own, and hashes as text.
@Suite(.ownThread, .ofFiles) struct OlderFolders {
    private static let count = 100_000

    @Test func `a start that is killed while it moves the audit and the events is gone on with`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        for number in 0..<5 { _ = try agency.makeLead(number) }
        try #require(own.stop() == 0)
        try own.start()
        let audit = try agency.owner.every("/v1/audit")
        let events = try agency.owner.every("/v1/events?subject_type=lead").map(\.id)
        try #require(own.stop() == 0)
        try own.runPython(makeOld, "\(Self.count)", agency.tenant.id)
        for moment in [
            "SELECT count(*) >= 10000 FROM events_placed", "SELECT count(*) >= 30000 FROM events_placed",
            "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'audit_subject' AND tbl_name = 'audit'",
            "SELECT count(*) <= 60000 FROM events_unplaced",
        ] {
            let end = try own.runPython(
                killWhen, moment, BureauProcess.binary, "serve", "--listen", "127.0.0.1:0", "--data",
                own.folder)
            #expect(end.contains("killed"), "\(moment): \(end.suffix(2000))")
        }
        try own.start()
        #expect(try Array(agency.owner.every("/v1/audit").suffix(audit.count)) == audit)
        let told = try agency.owner.every("/v1/events?subject_type=lead").map(\.id)
        #expect(Array(told.prefix(events.count)) == events)
        let bulk = try agency.owner.get("/v1/events?subject_type=bulk&limit=1&total=true").ok()
        #expect(bulk["total"]?.int == Int64(Self.count))
        let made = try agency.makeLead(9).id
        let newest = try agency.owner.get("/v1/events?subject_id=\(made)").ok().items
        #expect(newest.first?["type"] == "lead.created")
        #expect(try agency.owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(try own.runPython(leftOver).contains("nothing left"))
    }
}

extension BureauProcess {
    /// Runs a program with the path of the database, and returns what it has written.
    @discardableResult
    fileprivate func runPython(_ program: String, _ arguments: String...) throws -> String {
        let run = try Self.run(
            ["/usr/bin/env", "python3", "-c", program, "\(folder)/bureau.db"] + arguments, environment)
        try #require(run.status == 0, "\(run.output.suffix(2000))")
        return run.output
    }
}

/// Makes the tables what they were, with many events more of one agency.
private let makeOld = """
    import sqlite3, sys
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    count, tenant = int(sys.argv[2]), sys.argv[3]
    db.execute("BEGIN")
    audit = '''id, actor_type, actor_id, action, subject_type, subject_id, changes, created_at, {}, run_id,
        decision_id, outcome'''
    events = "id, type, subject_type, subject_id, data, created_at"
    db.execute('''CREATE TABLE audit_old (
        place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL,
        actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, action TEXT NOT NULL, subject_type TEXT NOT NULL,
        subject_id TEXT NOT NULL, changes TEXT NOT NULL, created_at INTEGER NOT NULL, previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL, run_id TEXT, decision_id TEXT, outcome TEXT, UNIQUE (tenant_id, row)) STRICT''')
    db.execute('''CREATE TABLE events_old (
        place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL,
        type TEXT NOT NULL, subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, data TEXT NOT NULL,
        created_at INTEGER NOT NULL, UNIQUE (tenant_id, row)) STRICT''')
    before = "coalesce(previous_hash, (SELECT b.hash FROM audit b WHERE b.place = a.place - 1))"
    hashes = f"lower(hex({before})), lower(hex(hash))"
    db.execute(f'''INSERT INTO audit_old (tenant_id, row, {audit.format("previous_hash, hash")})
        SELECT tenant_id, row, {audit.format(hashes)} FROM audit a ORDER BY row, tenant_id''')
    db.execute(f'''INSERT INTO events_old (tenant_id, row, {events})
        SELECT tenant_id, row, {events} FROM events ORDER BY row, tenant_id''')
    db.execute(f'''INSERT INTO events_old (tenant_id, row, {events})
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        SELECT ?2, (SELECT max(row) FROM events WHERE tenant_id = ?2) + i, printf('evt_zz%08d', i), 'bulk.made',
            'bulk', 'bulk_' || i, '{{}}', (SELECT max(created_at) FROM events) + i FROM n''', (count, tenant))
    for table in ("audit", "events"):
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}_old RENAME TO {table}")
    db.execute("DROP TABLE tenant_numbers")
    for index in (
        "UNIQUE INDEX audit_id ON audit (tenant_id, id)",
        "INDEX audit_subject ON audit (tenant_id, subject_id, row)",
        "INDEX audit_action ON audit (tenant_id, action, row)",
        "INDEX audit_run ON audit (tenant_id, run_id, row) WHERE run_id IS NOT NULL",
        "INDEX audit_outcome ON audit (tenant_id, outcome, row) WHERE outcome IS NOT NULL",
        "INDEX events_subject ON events (tenant_id, subject_id, row)",
    ):
        db.execute(f"CREATE {index}")
    db.execute("DELETE FROM schema_migrations WHERE number IN (1620, 1621)")
    db.execute("COMMIT")
    """

/// Starts a server, and kills it as soon as a statement gives 1.
private let killWhen = """
    import sqlite3, subprocess, sys, time
    path, statement = sys.argv[1:3]
    server = subprocess.Popen(sys.argv[3:])
    end = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < end:
        try:
            db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            isDue = db.execute(statement).fetchone()[0]
            db.close()
        except sqlite3.OperationalError:
            isDue = 0
        if isDue:
            server.kill()
            server.wait()
            print("killed")
            break
        time.sleep(0.002)
    server.kill()
    """

/// Tells whether anything of the move is still in the file.
private let leftOver = """
    import sqlite3, sys
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    names = db.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%placed'").fetchall()
    print(names or "nothing left")
    """
