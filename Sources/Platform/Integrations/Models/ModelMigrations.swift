internal import Database

let modelMigration = Migration(number: 227, name: "models") { dialect in
    [
        """
        CREATE TABLE models (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            name TEXT NOT NULL, base_url TEXT NOT NULL, model TEXT NOT NULL,
            has_key INTEGER NOT NULL CHECK (has_key IN (0, 1)), sealed_key TEXT,
            input_price_amount INTEGER, input_price_currency TEXT,
            output_price_amount INTEGER, output_price_currency TEXT,
            timeout TEXT NOT NULL,
            supports_tools INTEGER NOT NULL CHECK (supports_tools IN (0, 1)),
            supports_schema INTEGER NOT NULL CHECK (supports_schema IN (0, 1)),
            supports_temperature INTEGER NOT NULL CHECK (supports_temperature IN (0, 1)),
            position INTEGER NOT NULL, agents TEXT NOT NULL,
            redact INTEGER NOT NULL CHECK (redact IN (0, 1)),
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
            \(dialect.key("tenant_id, id")),
            CHECK ((has_key = 1) = (sealed_key IS NOT NULL))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX models_name ON models (tenant_id, name)",
        "CREATE INDEX models_place ON models (tenant_id, position, id)",
    ]
}
