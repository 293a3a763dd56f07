internal import Database
internal import Records

let portalMigrations: [Migration] = [
    Migration(number: 780, name: "clients' people") { dialect in
        [
            "ALTER TABLE users ADD COLUMN client_role TEXT",
            "ALTER TABLE users ADD COLUMN contact_id TEXT",
            "ALTER TABLE users ADD COLUMN notifications TEXT",
            "UPDATE users SET client_role = 'admin' WHERE role = 'client'",
            "CREATE INDEX users_client ON users (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
            "ALTER TABLE tenants ADD COLUMN portal_host TEXT",
            "CREATE UNIQUE INDEX tenants_portal_host ON tenants (portal_host) WHERE portal_host IS NOT NULL",
            "ALTER TABLE invitations ADD COLUMN client_role TEXT",
            "ALTER TABLE files ADD COLUMN shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1))",
            "CREATE INDEX files_client ON files (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
            """
            CREATE TABLE client_activity (
                tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
                actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, action TEXT NOT NULL,
                subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, title TEXT NOT NULL, why TEXT,
                created_at INTEGER NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
                PRIMARY KEY (tenant_id, client_id, number)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 781, name: "notifications") { dialect in
        [
            """
            CREATE TABLE notifications (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                user_id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, body TEXT, subject TEXT,
                urgency TEXT NOT NULL CHECK (urgency IN ('low', 'normal', 'high')), read_at INTEGER,
                delivered_at INTEGER, notice_id TEXT NOT NULL,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX notifications_user ON notifications (tenant_id, user_id, id)",
            "CREATE INDEX notifications_unread ON notifications (tenant_id, user_id, id) WHERE read_at IS NULL",
            "CREATE INDEX notifications_notice ON notifications (tenant_id, notice_id)",
            """
            CREATE TABLE notification_deliveries (
                tenant_id TEXT NOT NULL, notification_id TEXT NOT NULL, channel TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'captured')),
                detail TEXT, created_at INTEGER NOT NULL, finished_at INTEGER,
                PRIMARY KEY (tenant_id, notification_id, channel)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 790, name: "notifications by what they are about") { _ in
        ["CREATE INDEX notifications_subject ON notifications (tenant_id, subject)"]
    },
    Migration(number: 822, name: "notifications in the language of who reads them") { _ in
        Notification.resource.addition(in: 822)
    },
    Migration(number: 927, name: "what was done for clients, in the language of who reads it") { _ in
        ["ALTER TABLE client_activity ADD COLUMN said TEXT"]
    },
]
