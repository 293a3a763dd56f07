internal import Database
internal import Records

/// Clients get an account manager, and the day they left: of those who have, the day of their last change.
let clientTermMigration = Migration(number: 1043, name: "who looks after clients, and when they left") { _ in
    Client.resource.addition(in: 1043) + [
        "UPDATE clients SET ended_at = updated_at WHERE status = 'former'",
        "CREATE INDEX clients_manager ON clients (tenant_id, manager_id, id) WHERE manager_id IS NOT NULL",
        "CREATE INDEX clients_ended ON clients (tenant_id, ended_at, id) WHERE ended_at IS NOT NULL",
    ]
}

/// Clients whose leaving is foretold count as at risk.
let foretoldMigration = Migration(number: 1410, name: "clients whose leaving is foretold") { _ in
    Client.resource.addition(in: 1410)
}

let outlookModelMigration = Migration(number: 1046, name: "what clients teach of who leaves") { dialect in
    [
        """
        CREATE TABLE client_snapshots (
            tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, month TEXT NOT NULL, at INTEGER NOT NULL,
            facts TEXT NOT NULL, PRIMARY KEY (tenant_id, client_id, month)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX client_snapshots_at ON client_snapshots (tenant_id, at)",
        """
        CREATE TABLE client_models (
            tenant_id TEXT NOT NULL, version TEXT NOT NULL, document TEXT NOT NULL, in_use INTEGER NOT NULL,
            learned_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, version)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}
