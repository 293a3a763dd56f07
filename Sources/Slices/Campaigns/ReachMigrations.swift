internal import Database
internal import Jobs
internal import Records
internal import Tenancy

/// Makes the tables of how campaigns reach people: links and mails.
let reachMigrations = [
    Migration(number: 1170, name: "links that are counted") { dialect in
        TrackedLink.resource.creation(dialect)
            + [
                """
                CREATE INDEX tracked_links_campaign ON tracked_links (tenant_id, campaign_id, id)
                    WHERE campaign_id IS NOT NULL
                """
            ]
    },
    Migration(number: 1171, name: "e-mail campaigns, and whom they go to") { dialect in
        EmailCampaign.resource.creation(dialect)
            + [
                "CREATE INDEX email_campaigns_status ON email_campaigns (tenant_id, status, id)",
                "CREATE INDEX email_campaigns_at ON email_campaigns (tenant_id, send_at, started_at)",
                """
                CREATE INDEX email_campaigns_campaign ON email_campaigns (tenant_id, campaign_id, id)
                    WHERE campaign_id IS NOT NULL
                """,
                // Nobody gets the same campaign twice.
                """
                CREATE TABLE email_recipients (
                    tenant_id TEXT NOT NULL, email_campaign_id TEXT NOT NULL, contact_id TEXT NOT NULL,
                    variant TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER NOT NULL, message_id TEXT,
                    sent_at INTEGER, clicked_at INTEGER, replied_at INTEGER, bounced_at INTEGER,
                    machine_clicked_at INTEGER,
                    PRIMARY KEY (tenant_id, email_campaign_id, contact_id)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE INDEX email_recipients_due
                    ON email_recipients (tenant_id, email_campaign_id, state, due_at)
                """,
                """
                CREATE INDEX email_recipients_message ON email_recipients (tenant_id, message_id)
                    WHERE message_id IS NOT NULL
                """,
            ]
    },
    Migration(number: 1320, name: "which campaigns write to somebody") { _ in
        ["CREATE INDEX email_recipients_contact ON email_recipients (tenant_id, contact_id)"]
    },
    Migration(number: 1342, name: "when people follow links") { dialect in
        let source = dialect == .sqlite ? "json_extract(utm, '$.source')" : "utm::jsonb ->> 'source'"
        return TrackedLink.resource.addition(in: 1342) + [
            "UPDATE tracked_links SET source = \(source) WHERE utm IS NOT NULL",
            """
            CREATE INDEX tracked_links_source ON tracked_links (tenant_id, source, id)
                WHERE source IS NOT NULL
            """,
            """
            CREATE TABLE link_clicks (
                tenant_id TEXT NOT NULL, link_id TEXT NOT NULL, quarter INTEGER NOT NULL,
                people INTEGER NOT NULL, PRIMARY KEY (tenant_id, link_id, quarter)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
]

let reachSandboxTables: [SandboxTable] = [
    .left("tracked_links", because: "their addresses count in the live agency"),
    .left("link_clicks", because: "they are of links, which are left behind"),
    .left("email_campaigns", because: "what is under way outside must not reach people twice"),
    .left("email_recipients", because: "they belong to email campaigns, which are left behind"),
]

let reachPermissions: [DeclaredPermission] = [
    .init("email_campaigns:read", for: .viewer, "Read email campaigns, whom they reach, and their results."),
    .init("email_campaigns:send", for: .manager, "Schedule email campaigns, and let them go on."),
    .init(
        "email_campaigns:write", for: .member,
        "Create, update, delete, pause and cancel email campaigns."),
    .init("tracked_links:read", for: .viewer, "Read tracked links, and how often they were followed."),
    .init("tracked_links:write", for: .member, "Create, update and delete tracked links."),
]
