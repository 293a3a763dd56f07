package import Database

package let supportMigrations: [Migration] =
    [
        Migration(number: 700, name: "tickets") { dialect in
            let record = """
                \(dialect.identity()),
                    tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
                """
            let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
            let ticketIndexes = [
                "number", "status", "priority", "category", "client_id", "contact_id", "assignee_id",
                "team_id",
                "conversation_id", "next_due_at", "merged_into",
            ].map { column in
                let isOften = ["number", "status", "priority", "category"].contains(column)
                return "CREATE INDEX tickets_\(column) ON tickets (tenant_id, \(column), id)"
                    + (isOften ? "" : " WHERE \(column) IS NOT NULL")
            }
            return [
                """
                CREATE TABLE tickets (\(record),
                    number INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, category TEXT, priority TEXT,
                    priority_set_by TEXT, sentiment TEXT, language TEXT, intent TEXT, status TEXT NOT NULL, tier TEXT,
                    source TEXT NOT NULL, client_id TEXT, contact_id TEXT, assignee_id TEXT, team_id TEXT,
                    conversation_id TEXT, sla TEXT NOT NULL, next_due_at INTEGER, escalation TEXT, resolution TEXT,
                    tags TEXT NOT NULL, related_ids TEXT NOT NULL, merged_into TEXT, fields TEXT NOT NULL,
                    messages INTEGER NOT NULL, reopened INTEGER NOT NULL, first_response_at INTEGER,
                    resolved_at INTEGER, closed_at INTEGER\(end)
                """,
                "CREATE INDEX tickets_client_time ON tickets (tenant_id, client_id, created_at) WHERE client_id IS NOT NULL",
                """
                CREATE TABLE ticket_messages (\(record),
                    ticket_id TEXT NOT NULL, text TEXT NOT NULL, internal INTEGER NOT NULL, direction TEXT NOT NULL,
                    author TEXT, message_id TEXT, attachments TEXT NOT NULL\(end)
                """,
                "CREATE INDEX ticket_messages_ticket ON ticket_messages (tenant_id, ticket_id, id)",
                """
                CREATE TABLE sla_policies (\(record),
                    name TEXT NOT NULL, status TEXT NOT NULL, priority TEXT, tier TEXT, kind TEXT,
                    first_response TEXT NOT NULL, resolution TEXT NOT NULL, hours TEXT NOT NULL, escalates_to TEXT\(end)
                """,
                """
                CREATE TABLE triage_rules (\(record),
                    name TEXT NOT NULL, status TEXT NOT NULL, words TEXT NOT NULL, category TEXT, priority TEXT\(end)
                """,
                """
                CREATE TABLE teams (\(record),
                    name TEXT NOT NULL, categories TEXT NOT NULL, tiers TEXT NOT NULL, lead_id TEXT,
                    members TEXT NOT NULL\(end)
                """,
                """
                CREATE TABLE skills (\(record),
                    user_id TEXT NOT NULL, name TEXT NOT NULL, level INTEGER NOT NULL\(end)
                """,
                "CREATE UNIQUE INDEX skills_once ON skills (tenant_id, user_id, name)",
            ] + ticketIndexes + dialect.searchTable("tickets_search")
        }
    ] + knowledgeMigrations + serviceMigrations + [
        supportReportMigration, troubleMigration, unreadIndexMigration,
    ]

/// Whether a ticket was escalated is asked with a bound value, from which a file's planner concludes nothing.
private let unreadIndexMigration = Migration(
    number: 1300, place: 4, name: "indexes that no statement reads are gone"
) { dialect in
    // `survey_responses_of_client` has its columns, and one more.
    ["DROP INDEX survey_responses_client"] + (dialect == .sqlite ? ["DROP INDEX tickets_escalated"] : [])
}
