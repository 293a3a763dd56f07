/// The roles whose rights statements have. The server signs in as a role that owns nothing and cannot see
/// around row level security; of two other roles it borrows the rights: of one that owns the tables, to
/// migrate them, and of one that sees every tenant's rows, for the functions that reach across tenants.
struct PostgreSQLRoles: Sendable {
    /// As which the connection string signs in.
    let login: String

    var owner: String { login + "_owner" }
    var across: String { login + "_across" }

    /// Refuses roles for which row level security would be no wall.
    init(_ connection: PostgreSQLConnection) throws {
        var found: (login: String, isSuperuser: Bool, bypasses: Bool)?
        try connection.rows(
            "SELECT rolname::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user", []
        ) { row in
            found = (row.text(0), row.bool(1), row.bool(2))
            return false
        }
        guard let found else { throw DatabaseError.incompatible("the role of the connection is not known") }
        login = found.login
        if found.isSuperuser {
            throw refusal("the role \(login) is a superuser, whom row level security does not bind")
        }
        if found.bypasses { throw refusal("the role \(login) bypasses row level security (BYPASSRLS)") }
        for role in [owner, across] {
            var membership: (exists: Bool, canSet: Bool, inherits: Bool, isMighty: Bool) = (
                false, false, false, false
            )
            try connection.rows(
                """
                SELECT pg_has_role(current_user, oid, 'MEMBER'), pg_has_role(current_user, oid, 'USAGE'),
                    rolsuper OR rolbypassrls
                FROM pg_roles WHERE rolname = $1
                """, [.text(role)]
            ) { row in
                membership = (true, row.bool(0), row.bool(1), row.bool(2))
                return false
            }
            guard membership.exists, membership.canSet else {
                throw refusal("the role \(login) may not act as \(role), or \(role) does not exist")
            }
            if membership.inherits {
                throw refusal(
                    "the role \(login) inherits the rights of \(role), instead of taking them on where it must"
                )
            }
            if membership.isMighty { throw refusal("the role \(role) is not bound by row level security") }
        }
    }

    /// For a URL whose server was asked already.
    init(login: String) { self.login = login }

    private func refusal(_ reason: String) -> DatabaseError { .incompatible("\(reason). \(remedy)") }

    /// The statements that an administrator types to make the roles.
    private var remedy: String {
        let name = login == "postgres" ? "bureau" : login
        return """
            As an administrator of the server, make a role that is bound by it, and sign in as that one \
            (docs/postgresql.md): CREATE ROLE \(name)_owner; CREATE ROLE \(name)_across; \
            CREATE ROLE \(name) LOGIN NOINHERIT PASSWORD '…'; GRANT \(name)_owner, \(name)_across TO \(name); \
            CREATE DATABASE \(name) OWNER \(name)_owner ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0
            """
    }

    // MARK: How transactions begin

    /// One moment of the database, for one tenant or across all.
    func beginRead(_ tenant: TenantID?, _ limit: Duration, memory kilobytes: Int?) -> String {
        var timeout = "set_config('statement_timeout', '\(max(1, limit.nanoseconds / 1_000_000))', true)"
        if let kilobytes { timeout += ", set_config('work_mem', '\(kilobytes)kB', true)" }
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
        guard let tenant else { return begin + "SET LOCAL ROLE \(across.asIdentifier); SELECT \(timeout)" }
        return begin + "SELECT set_config('bureau.tenant', \(tenant.rawValue.asLiteral), true), \(timeout)"
    }

    /// A write takes its locks before its snapshot. All share one lock, which a write has alone that has met others too
    /// often, or asks for it. A tenant's writes take the tenant's: one at a time, so that the snapshot of each shows
    /// what all before it have done. The server's own account of who read what would add nothing to that, and take
    /// tenants for each other's where their rows share a page.
    func beginWrite(
        _ tenant: TenantID?, _ isolation: WriteIsolation, isAlone: Bool, waitsForDisk: Bool
    ) -> String {
        let level =
            switch isolation {
            case .serializable where tenant == nil: "SERIALIZABLE"
            case .serializable, .alone: "REPEATABLE READ"
            case .readCommitted: "READ COMMITTED"
            }
        var locks = "SELECT pg_advisory_lock\(isAlone ? "" : "_shared")(\(Self.writers), 0)"
        var asWhom = "SET LOCAL ROLE \(across.asIdentifier)"
        if let tenant {
            var lock = Fingerprint()
            lock.add(bytes: tenant.rawValue.utf8)
            locks += "; SELECT pg_advisory_lock(\(Int64(bitPattern: lock.value)))"
            asWhom = "SELECT set_config('bureau.tenant', \(tenant.rawValue.asLiteral), true)"
        }
        let lazily = waitsForDisk ? "" : "; SET LOCAL synchronous_commit = off"
        return "BEGIN; \(locks); COMMIT; BEGIN ISOLATION LEVEL \(level); \(asWhom)\(lazily)"
    }

    static let commit = "COMMIT; SELECT pg_advisory_unlock_all()"
    static let rollBack = "ROLLBACK; SELECT pg_advisory_unlock_all()"
    private static let writers = 1_651_860_851

    // MARK: The second wall

    /// Binds every table that has a tenant to its rows, and lets the server's roles use what there is. As the owner,
    /// in the transaction of the migrations.
    func secure(_ connection: PostgreSQLConnection) throws {
        for table in try tenantTables(connection) {
            try connection.command(
                """
                ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY;
                ALTER TABLE \(table) FORCE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS one_tenant ON \(table);
                DROP POLICY IF EXISTS across_tenants ON \(table);
                CREATE POLICY one_tenant ON \(table) TO \(login.asIdentifier)
                    USING (tenant_id = nullif(current_setting('bureau.tenant', true), ''));
                CREATE POLICY across_tenants ON \(table) TO \(across.asIdentifier) USING (true)
                """)
        }
        let both = "\(login.asIdentifier), \(across.asIdentifier)"
        try connection.command(
            """
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \(both);
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO \(both)
            """)
    }

    /// Migrations may change every tenant's rows, which the owner could not see either.
    func open(_ connection: PostgreSQLConnection) throws {
        for table in try tenantTables(connection) {
            try connection.command("ALTER TABLE \(table) NO FORCE ROW LEVEL SECURITY")
        }
    }

    private func tenantTables(_ connection: PostgreSQLConnection) throws -> [String] {
        var tables: [String] = []
        try connection.rows(
            """
            SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname
            """, []
        ) { row in
            tables.append(row.text(0))
            return true
        }
        return tables
    }
}
