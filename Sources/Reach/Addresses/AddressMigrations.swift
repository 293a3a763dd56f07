internal import Database
internal import Jobs

let addressMigrations = [
    Migration(number: 858, name: "which addresses are to be checked") { dialect in
        [
            """
            CREATE TABLE address_marks (
                tenant_id TEXT NOT NULL, name TEXT NOT NULL, mark TEXT NOT NULL,
                PRIMARY KEY (tenant_id, name)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE awaited_addresses (
                tenant_id TEXT NOT NULL, email TEXT NOT NULL, since INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, email)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    }
]

let addressSandboxTables: [SandboxTable] = [
    .left("address_marks", because: "they are places among events, which are left behind"),
    .left("awaited_addresses", because: "a sandbox asks no service"),
]
