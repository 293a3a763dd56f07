internal import Database
internal import Records

let serviceMigrations: [Migration] = [
    Migration(number: 704, name: "what customer service does by itself, and an index for every filter") {
        dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        func index(_ table: String, _ columns: [String]) -> [String] {
            columns.map { column in
                "CREATE INDEX \(table)_\(column) ON \(table) (tenant_id, \(column), id) WHERE \(column) IS NOT NULL"
            }
        }
        return [
            "ALTER TABLE tickets ADD COLUMN message_id TEXT",
            "ALTER TABLE tickets ADD COLUMN acknowledged_at INTEGER",
            "ALTER TABLE tickets ADD COLUMN follow_up_at INTEGER",
            "ALTER TABLE tickets ADD COLUMN assistance TEXT",
            "ALTER TABLE ticket_messages ADD COLUMN sources TEXT",
            "ALTER TABLE ticket_messages ADD COLUMN findings TEXT",
            "ALTER TABLE sla_policies ADD COLUMN remind_every TEXT",
            "ALTER TABLE sla_policies ADD COLUMN escalation_path TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE sla_policies ADD COLUMN standard INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE surveys ADD COLUMN asked TEXT NOT NULL DEFAULT 'by_hand'",
            "ALTER TABLE surveys ADD COLUMN delay TEXT",
            "ALTER TABLE surveys ADD COLUMN every TEXT",
            "ALTER TABLE surveys ADD COLUMN next_at INTEGER",
            "ALTER TABLE survey_responses ADD COLUMN invitation TEXT",
            "CREATE UNIQUE INDEX survey_responses_invitation ON survey_responses (tenant_id, invitation) WHERE invitation IS NOT NULL",
            """
            CREATE TABLE support_addresses (\(record),
                name TEXT NOT NULL, status TEXT NOT NULL, address TEXT NOT NULL, category TEXT, priority TEXT,
                team_id TEXT, acknowledges INTEGER NOT NULL\(end)
            """,
            "CREATE UNIQUE INDEX support_addresses_address ON support_addresses (tenant_id, address)",
        ]
            + index(
                "tickets",
                [
                    "sentiment", "language", "intent", "tier", "source", "resolved_at", "message_id",
                    "follow_up_at",
                ])
            + index("ticket_messages", ["message_id"])
            + index("sla_policies", ["status", "priority", "tier", "kind"])
            + index("triage_rules", ["status"]) + index("teams", ["name"])
            + index("skills", ["name"]) + index("articles", ["category", "locale", "published_at"])
            + index("forms", ["status", "creates"]) + index("macros", ["name"])
            + index("canned_replies", ["name", "category", "locale"])
            + index("surveys", ["status", "kind"]) + index("survey_responses", ["score"])
            + index("support_addresses", ["status"])
    },
    Migration(number: 705, name: "files of tickets, and a client's last answers") { _ in
        [
            "ALTER TABLE tickets ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]'",
            "CREATE INDEX survey_responses_of_client ON survey_responses (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
        ]
    },
    Migration(number: 706, name: "who gets a form's tickets, by what was answered") { _ in
        ["ALTER TABLE forms ADD COLUMN routes TEXT NOT NULL DEFAULT '[]'"]
    },
    Migration(number: 708, name: "what does not work, and who has asked about it") { dialect in
        [
            """
            CREATE TABLE service_incidents (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                title TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, words TEXT NOT NULL,
                client_id TEXT, expected_at INTEGER, resolution TEXT, resolved_at INTEGER,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX service_incidents_status ON service_incidents (tenant_id, status, id)",
            "CREATE INDEX service_incidents_client ON service_incidents (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
            "ALTER TABLE tickets ADD COLUMN incident_id TEXT",
            "CREATE INDEX tickets_incident ON tickets (tenant_id, incident_id, id) WHERE incident_id IS NOT NULL",
        ]
    },
    Migration(number: 707, name: "what is done by itself with tickets of a sort") { dialect in
        [
            """
            CREATE TABLE ticket_triggers (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                name TEXT NOT NULL, status TEXT NOT NULL, occasion TEXT NOT NULL, words TEXT NOT NULL,
                categories TEXT NOT NULL, priorities TEXT NOT NULL, sources TEXT NOT NULL, tiers TEXT NOT NULL,
                languages TEXT NOT NULL, client_id TEXT, macro_id TEXT, template_id TEXT, answers INTEGER NOT NULL,
                confirmed INTEGER NOT NULL, denied INTEGER NOT NULL,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX ticket_triggers_occasion ON ticket_triggers (tenant_id, occasion, status, id)",
        ]
            + ["status", "client_id", "macro_id", "template_id"].map { column in
                "CREATE INDEX ticket_triggers_\(column) ON ticket_triggers (tenant_id, \(column), id) WHERE \(column) IS NOT NULL"
            }
    },
    Migration(number: 795, name: "how many tickets are open by category and team") { _ in
        [("category", "coalesce(category, 'general')", "1 = 1"), ("team", "team_id", "team_id IS NOT NULL")]
            .map {
                kind, value, condition in
                """
                INSERT INTO counters (tenant_id, name, value)
                SELECT tenant_id, 'tickets.open.\(kind).' || \(value), count(*) FROM tickets
                WHERE status NOT IN ('resolved', 'closed') AND \(condition)
                GROUP BY tenant_id, \(value)
                """
            }
    },
    Migration(number: 796, name: "who watches tickets, and which were escalated") { _ in
        Ticket.resource.addition(in: 796) + TicketMessage.resource.addition(in: 796) + [
            "UPDATE tickets SET escalated = 1 WHERE escalation IS NOT NULL",
            "CREATE INDEX tickets_escalated ON tickets (tenant_id, id) WHERE escalated = 1",
        ]
    },
    Migration(number: 798, name: "what is done better because of what clients have said") { dialect in
        [
            """
            CREATE TABLE improvements (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                title TEXT NOT NULL, description TEXT, sources TEXT NOT NULL, category TEXT, status TEXT NOT NULL,
                owner_id TEXT, done_at INTEGER,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """
        ]
            + ["category", "status", "owner_id"].map { column in
                "CREATE INDEX improvements_\(column) ON improvements (tenant_id, \(column), id) WHERE \(column) IS NOT NULL"
            }
    },
]
