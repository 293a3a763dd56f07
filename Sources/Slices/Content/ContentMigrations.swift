internal import Database
internal import Jobs
internal import Records

/// Makes the tables of segments, of content, and of whom these have in common.
let contentMigrations = [
    Migration(number: 1000, name: "segments of leads, contacts and clients") { dialect in
        Segment.resource.creation(dialect)
            + [
                "CREATE INDEX segments_of ON segments (tenant_id, of, id)",
                """
                CREATE TABLE segment_members (
                    tenant_id TEXT NOT NULL, segment_id TEXT NOT NULL, record_id TEXT NOT NULL,
                    added_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, segment_id, record_id)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX segment_members_record ON segment_members (tenant_id, record_id)",
                """
                CREATE TABLE segment_changes (
                    tenant_id TEXT NOT NULL, segment_id TEXT NOT NULL, record_id TEXT NOT NULL,
                    due_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, segment_id, record_id)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX segment_changes_due ON segment_changes (tenant_id, due_at)",
            ]
    },
    Migration(number: 1001, name: "content, and whom it has reached") { dialect in
        // Each had a type then, which only messages have now.
        ContentItem.resource.creation(dialect).map {
            $0.replacing(" type TEXT,", with: " type TEXT NOT NULL,")
        }
            + Distribution.resource.creation(dialect)
            + [
                "CREATE INDEX content_items_status ON content_items (tenant_id, status, type, id)",
                """
                CREATE INDEX content_items_segment ON content_items (tenant_id, segment_id)
                    WHERE segment_id IS NOT NULL
                """,
                "CREATE INDEX distributions_status ON distributions (tenant_id, status, id)",
                "CREATE INDEX distributions_item ON distributions (tenant_id, content_item_id, id)",
                // Nobody gets the same item twice.
                """
                CREATE TABLE content_deliveries (
                    tenant_id TEXT NOT NULL, content_item_id TEXT NOT NULL, contact_id TEXT NOT NULL,
                    distribution_id TEXT NOT NULL, variant TEXT NOT NULL, state TEXT NOT NULL,
                    due_at INTEGER NOT NULL, message_id TEXT, sent_at INTEGER, delivered_at INTEGER,
                    opened_at INTEGER, clicked_at INTEGER, replied_at INTEGER,
                    PRIMARY KEY (tenant_id, content_item_id, contact_id)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE INDEX content_deliveries_due
                    ON content_deliveries (tenant_id, distribution_id, state, due_at)
                """,
                """
                CREATE INDEX content_deliveries_message ON content_deliveries (tenant_id, message_id)
                    WHERE message_id IS NOT NULL
                """,
                "CREATE INDEX content_deliveries_contact ON content_deliveries (tenant_id, contact_id)",
            ]
    },
    Migration(number: 1300, place: 3, name: "indexes that no statement reads are gone") { _ in
        ["DROP INDEX content_deliveries_contact"]
    },
    Migration(number: 1002, name: "the content calendar: its rules, what filled its slots, and links to it") {
        dialect in
        CalendarRule.resource.creation(dialect) + CalendarFeed.resource.creation(dialect)
            + [
                """
                CREATE TABLE content_slots (
                    tenant_id TEXT NOT NULL, date TEXT NOT NULL, rule_id TEXT NOT NULL,
                    content_item_id TEXT NOT NULL, distribution_id TEXT NOT NULL,
                    PRIMARY KEY (tenant_id, date, rule_id)
                ) \(dialect.keyedTableOptions)
                """
            ]
    },
    Migration(number: 1003, name: "the stage that readers of content are in") { _ in
        [
            "ALTER TABLE content_deliveries ADD COLUMN stage TEXT",
            """
            CREATE INDEX content_deliveries_sent ON content_deliveries (tenant_id, sent_at)
                WHERE sent_at IS NOT NULL
            """,
        ]
    },
    Migration(number: 1057, name: "why the agent sends what it sends") { _ in
        Distribution.resource.addition(in: 1057)
    },
    Migration(number: 1070, name: "the variant of content that everybody gets") { _ in
        ContentItem.resource.addition(in: 1070) + [
            """
            CREATE INDEX content_items_tried ON content_items (tenant_id, id)
                WHERE settled_at IS NULL AND status = 'published'
            """
        ]
    },
    Migration(number: 1072, name: "what came back of content, and what programs opened") { _ in
        [
            "ALTER TABLE content_deliveries ADD COLUMN bounced_at INTEGER",
            "ALTER TABLE content_deliveries ADD COLUMN machine_opened_at INTEGER",
        ]
    },
    Migration(number: 1130, name: "content of every format, its review and its versions") { dialect in
        let free =
            dialect == .sqlite
            ? [
                "DROP INDEX content_items_status",
                "ALTER TABLE content_items ADD COLUMN of_type TEXT",
                "UPDATE content_items SET of_type = type",
                "ALTER TABLE content_items DROP COLUMN type",
                "ALTER TABLE content_items RENAME COLUMN of_type TO type",
                "CREATE INDEX content_items_status ON content_items (tenant_id, status, type, id)",
            ] : ["ALTER TABLE content_items ALTER COLUMN type DROP NOT NULL"]
        return free + ContentItem.resource.addition(in: 1130) + [
            "CREATE INDEX content_items_format ON content_items (tenant_id, format, status, id)",
            """
            CREATE INDEX content_items_client ON content_items (tenant_id, client_id, status, id)
                WHERE client_id IS NOT NULL
            """,
            """
            CREATE INDEX content_items_campaign ON content_items (tenant_id, campaign_id, id)
                WHERE campaign_id IS NOT NULL
            """,
            """
            CREATE INDEX content_items_planned ON content_items (tenant_id, planned_at, id)
                WHERE planned_at IS NOT NULL
            """,
            """
            CREATE TABLE content_versions (
                tenant_id TEXT NOT NULL, content_item_id TEXT NOT NULL, number INTEGER NOT NULL,
                title TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, media TEXT NOT NULL,
                actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, at INTEGER NOT NULL,
                review TEXT, decision TEXT, PRIMARY KEY (tenant_id, content_item_id, number)
            ) \(dialect.keyedTableOptions)
            """,
            """
            INSERT INTO content_versions
                (tenant_id, content_item_id, number, title, subject, body, media, actor_type, actor_id, at)
            SELECT tenant_id, id, 1, title, subject, body, '[]', 'system', 'bureau', updated_at
            FROM content_items
            """,
        ]
    },
    Migration(number: 1160, name: "where content stands on blogs") { _ in
        ContentItem.resource.addition(in: 1160)
    },
    Migration(number: 1321, name: "free tools and resources that content offers") { _ in
        ContentItem.resource.addition(in: 1321) + [
            """
            CREATE INDEX content_items_resource ON content_items (tenant_id, status, id)
                WHERE resource IS NOT NULL
            """
        ]
    },
    Migration(number: 1341, name: "the campaigns of content that was sent") { _ in
        [
            """
            UPDATE messages SET campaign_id = (
                SELECT i.campaign_id FROM content_deliveries d
                JOIN content_items i ON i.tenant_id = d.tenant_id AND i.id = d.content_item_id
                WHERE d.tenant_id = messages.tenant_id AND d.message_id = messages.id)
            WHERE campaign_id IS NULL AND (tenant_id, id) IN (
                SELECT d.tenant_id, d.message_id FROM content_deliveries d
                JOIN content_items i ON i.tenant_id = d.tenant_id AND i.id = d.content_item_id
                WHERE i.campaign_id IS NOT NULL AND d.message_id IS NOT NULL)
            """
        ]
    },
    Migration(number: 1480, name: "what models have made, and how brands say so") { _ in
        ContentItem.resource.addition(in: 1480) + Brand.resource.addition(in: 1480)
    },
    Migration(number: 1580, name: "what variants of content are compared by") { _ in
        ContentItem.resource.addition(in: 1580)
    },
    Migration(number: 1640, name: "the countries whose days links to the calendar have") { _ in
        CalendarFeed.resource.addition(in: 1640)
    },
]

let contentSandboxTables: [SandboxTable] = [
    .copied(Segment.resource), .copied("segment_members"),
    .copied("segment_changes") { tx, _ in try tx.segments.awaitNextChange() },
    .copied(ContentItem.resource), .copied("content_versions"), .copied(CalendarRule.resource),
    .copied("content_slots"),
    .left("content_calendar_feeds", because: "their links show the live calendar"),
    .left("distributions", because: "what is under way outside must not reach people twice"),
    .left("content_deliveries", because: "they belong to distributions, which are left behind"),
]
