package import Database
internal import Records

package let tenancyMigrations: [Migration] =
    tenantMigrations + sandboxMigrations + portalMigrations + [
        Migration(number: 240, name: "an agency's sender, hours, look, limits") { _ in
            [
                "locale TEXT NOT NULL DEFAULT 'en'", "postal_address TEXT", "sender TEXT",
                "quiet_hours TEXT DEFAULT '{\"from\":\"20:00\",\"to\":\"08:00\"}'", "business_hours TEXT",
                "booking_url TEXT", "brand TEXT", "sending TEXT", "tracking TEXT", "billing TEXT",
                "consent_rules TEXT NOT NULL DEFAULT '{}'",
                "ai_disclosure TEXT NOT NULL DEFAULT 'auto' CHECK (ai_disclosure IN ('auto', 'always', 'never'))",
            ].map { "ALTER TABLE tenants ADD COLUMN \($0)" }
        },
        fileMigration, fileVariantMigration,
        Migration(number: 243, name: "links that sign in") { _ in
            ["ALTER TABLE password_resets ADD COLUMN purpose TEXT NOT NULL DEFAULT 'reset'"]
        },
        learningMigration,
        Migration(number: 620, name: "how long an agency keeps what was said") { _ in
            ["ALTER TABLE tenants ADD COLUMN retention TEXT"]
        },
        wordingMigration,
        viewMigration,
        Migration(number: 251, name: "the language that a user reads") { _ in User.resource.addition(in: 251)
        },
        Migration(number: 256, name: "when a session last sent a request") { _ in
            UserSession.resource.addition(in: 256)
        },
        Migration(number: 952, name: "how often one person is written to") { dialect in
            // The daily cap of agencies that have set one already.
            let limit =
                dialect == .sqlite
                ? "json_extract(sending, '$.per_contact_per_day')"
                : "sending::json ->> 'per_contact_per_day'"
            return Tenant.resource.addition(in: 952) + [
                """
                UPDATE tenants
                SET frequency_caps = replace(frequency_caps, '"max":2,', '"max":' || (\(limit)) || ',')
                WHERE sending IS NOT NULL AND (\(limit)) IS NOT NULL
                """
            ]
        },
        Migration(number: 1048, name: "an overview of the agency in two minutes") { _ in
            Tenant.resource.addition(in: 1048)
        },
    ]

private let tenantMigrations: [Migration] = [
    Migration(number: 200, name: "tenants, users, sessions, keys") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL,
                id TEXT NOT NULL,
                version INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE tenants (\(record),
                name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE, time_zone TEXT NOT NULL, currency TEXT NOT NULL,
                country TEXT, status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
                allowed_origins TEXT NOT NULL, requests_per_minute INTEGER\(end)
            """,
            """
            CREATE TABLE users (\(record),
                name TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL, status TEXT NOT NULL,
                client_id TEXT, password_hash TEXT\(end)
            """,
            "CREATE UNIQUE INDEX users_email ON users (tenant_id, email)",
            "CREATE INDEX users_by_email ON users (email)",
            "CREATE INDEX users_role ON users (tenant_id, role)",
            """
            CREATE TABLE roles (\(record), name TEXT NOT NULL, title TEXT, permissions TEXT NOT NULL\(end)
            """,
            "CREATE UNIQUE INDEX roles_name ON roles (tenant_id, name)",
            """
            CREATE TABLE sessions (\(record),
                user_id TEXT NOT NULL, last_used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER,
                user_agent TEXT, address TEXT\(end)
            """,
            "CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id) WHERE ended_at IS NULL",
            """
            CREATE TABLE refresh_tokens (
                tenant_id TEXT NOT NULL, digest BLOB NOT NULL, session_id TEXT NOT NULL,
                created_at INTEGER NOT NULL, used_at INTEGER,
                PRIMARY KEY (tenant_id, digest)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE UNIQUE INDEX refresh_tokens_digest ON refresh_tokens (digest)",
            """
            CREATE TABLE password_resets (
                tenant_id TEXT NOT NULL, digest BLOB NOT NULL, user_id TEXT NOT NULL,
                created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER,
                PRIMARY KEY (tenant_id, digest)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE UNIQUE INDEX password_resets_digest ON password_resets (digest)",
            """
            CREATE TABLE api_keys (\(record),
                name TEXT NOT NULL, scopes TEXT NOT NULL, prefix TEXT NOT NULL, expires_at INTEGER,
                allowed_addresses TEXT NOT NULL, last_used_at INTEGER, created_by TEXT,
                digest TEXT NOT NULL UNIQUE, previous_digest TEXT, previous_expires_at INTEGER\(end)
            """,
            "CREATE INDEX api_keys_previous ON api_keys (previous_digest) WHERE previous_digest IS NOT NULL",
            """
            CREATE TABLE invitations (\(record),
                email TEXT NOT NULL, role TEXT NOT NULL, client_id TEXT, status TEXT NOT NULL,
                expires_at INTEGER NOT NULL, invited_by TEXT, digest TEXT NOT NULL UNIQUE\(end)
            """,
            """
            CREATE TABLE idempotency (
                tenant_id TEXT NOT NULL, principal TEXT NOT NULL, idempotency_key TEXT NOT NULL,
                fingerprint BLOB NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, principal, idempotency_key)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX idempotency_age ON idempotency (created_at)",
            "CREATE INDEX refresh_tokens_age ON refresh_tokens (created_at)",
            """
            CREATE TABLE data_keys (
                tenant_id TEXT NOT NULL, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE signing_keys (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
        ] + dialect.searchTable("users_search")
    },
    Migration(number: 201, name: "addresses that an agency's users may come from") { _ in
        ["ALTER TABLE tenants ADD COLUMN allowed_addresses TEXT NOT NULL DEFAULT '[]'"]
    },
    Migration(number: 220, name: "webhooks") { dialect in
        [
            """
            CREATE TABLE webhooks (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                url TEXT NOT NULL, events TEXT NOT NULL, description TEXT,
                status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
                disabled_reason TEXT, disabled_at INTEGER, failing_since INTEGER,
                previous_secret_expires_at INTEGER, sealed_secret TEXT NOT NULL, previous_sealed_secret TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX webhooks_enabled ON webhooks (tenant_id, id) WHERE status = 'enabled'",
            """
            CREATE TABLE webhook_deliveries (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, webhook_id TEXT NOT NULL, event_id TEXT NOT NULL,
                event_type TEXT NOT NULL, body BLOB NOT NULL, is_test INTEGER NOT NULL,
                status TEXT NOT NULL
                    CHECK (status IN ('pending', 'delivered', 'failed', 'cancelled', 'captured')),
                attempts INTEGER NOT NULL, tries INTEGER NOT NULL, status_code INTEGER, error TEXT,
                next_attempt_at INTEGER, created_at INTEGER NOT NULL, finished_at INTEGER,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (tenant_id, webhook_id, id)",
            "CREATE INDEX webhook_deliveries_event ON webhook_deliveries (tenant_id, event_id, id)",
            "CREATE INDEX webhook_deliveries_type ON webhook_deliveries (tenant_id, event_type, id)",
            "CREATE INDEX webhook_deliveries_status ON webhook_deliveries (tenant_id, status, id)",
            "CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at)",
            """
            CREATE TABLE webhook_attempts (
                tenant_id TEXT NOT NULL, delivery_id TEXT NOT NULL, number INTEGER NOT NULL,
                started_at INTEGER NOT NULL, duration_ms INTEGER NOT NULL, status_code INTEGER, error TEXT,
                detail TEXT, excerpt TEXT,
                PRIMARY KEY (tenant_id, delivery_id, number)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX webhook_attempts_age ON webhook_attempts (started_at)",
        ]
    },
]
