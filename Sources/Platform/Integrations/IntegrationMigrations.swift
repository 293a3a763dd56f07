package import Database
internal import Records

package let integrationsMigrations: [Migration] = [
    modelMigration, integrationMigration, publicKeyMigration, retentionMigration, credentialMigration,
    planMigration, pacingMigration, DeclaredConnector.migration, lookupMigration,
    DeclaredConnector.partsMigration, forwardingMigration, describedFieldsMigration, sayingMigration,
    networkHookMigration,
]

private let sayingMigration = Migration(number: 928, name: "why integrations fail, by key") { _ in
    Integration.resource.addition(in: 928)
}

private let integrationMigration = Migration(number: 241, name: "integrations and what comes in by hooks") {
    dialect in
    [
        """
        CREATE TABLE integrations (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            provider TEXT NOT NULL, capability TEXT NOT NULL, name TEXT, settings TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'disabled', 'failing')),
            priority INTEGER NOT NULL, client_id TEXT, hook_url TEXT, has_credentials TEXT NOT NULL, error TEXT,
            checked_at INTEGER, hook_token TEXT NOT NULL, sealed_credentials TEXT,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE INDEX integrations_hook ON integrations (hook_token)",
        "CREATE INDEX integrations_capability ON integrations (tenant_id, capability, priority, id)",
        """
        CREATE TABLE hook_receipts (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, integration_id TEXT NOT NULL, provider TEXT NOT NULL,
            event_key TEXT NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('received', 'processed', 'ignored', 'failed')),
            note TEXT, received_at INTEGER NOT NULL, processed_at INTEGER,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX hook_receipts_key ON hook_receipts (tenant_id, integration_id, event_key)",
    ]
}

private let publicKeyMigration = Migration(number: 640, name: "keys that pages name") { _ in
    ["ALTER TABLE integrations ADD COLUMN public_key TEXT"]
}

private let planMigration = Migration(number: 802, name: "plans of integrations, and changes of their price")
{ _ in
    ["plan TEXT", "plans TEXT NOT NULL DEFAULT '[]'", "price_change TEXT"]
        .map { "ALTER TABLE integrations ADD COLUMN \($0)" }
}

private let credentialMigration = Migration(
    number: 800, name: "what integrations cost and may, and their credentials' dates"
) {
    dialect in
    [
        "environment TEXT NOT NULL DEFAULT 'live' CHECK (environment IN ('live', 'test'))",
        "price_amount INTEGER", "price_currency TEXT", "limits TEXT NOT NULL DEFAULT '{}'",
        "credentials TEXT NOT NULL DEFAULT '[]'", "credentials_expire_at INTEGER",
        "former_credentials_until INTEGER", "sealed_former_credentials TEXT",
    ].map { "ALTER TABLE integrations ADD COLUMN \($0)" } + [
        """
        CREATE TABLE integration_uses (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, last_used_at INTEGER NOT NULL,
            last_used_by_type TEXT NOT NULL, last_used_by TEXT NOT NULL,
            PRIMARY KEY (tenant_id, integration_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

private let pacingMigration = Migration(number: 806, name: "how calls go within the limits of integrations") {
    _ in
    [
        """
        ALTER TABLE integrations ADD COLUMN pacing TEXT NOT NULL DEFAULT 'spread'
            CHECK (pacing IN ('spread', 'burst', 'bucket'))
        """
    ]
}

private let retentionMigration = Migration(
    number: 620, place: 1, name: "how long an agency keeps what was said"
) { _ in
    ["CREATE INDEX hook_receipts_age ON hook_receipts (tenant_id, received_at)"]
}

private let networkHookMigration = Migration(number: 1328, name: "networks have hooks that had none") { _ in
    [
        """
        UPDATE integrations SET hook_url = '/v1/hooks/' || provider || '/' || hook_token
        WHERE provider IN ('linkedin', 'facebook') AND hook_url IS NULL
        """
    ]
}
