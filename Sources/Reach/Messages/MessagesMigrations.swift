package import Database
internal import Records

/// Makes the tables of messages. Some began in steps that made tables of other modules, too.
package let messagesMigrations: [Migration] =
    [
        Migration(number: 400, place: 1, name: "messages, and what may be sent") { dialect in
            let record = """
                \(dialect.identity()),
                    tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
                """
            let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
            return [
                """
                CREATE TABLE conversations (\(record),
                    channel TEXT NOT NULL, contact_id TEXT NOT NULL, client_id TEXT, subject TEXT, status TEXT NOT NULL,
                    handler TEXT NOT NULL, assignee_id TEXT, unread INTEGER NOT NULL, messages INTEGER NOT NULL,
                    last_message_at INTEGER, last_inbound_at INTEGER, token TEXT NOT NULL\(end)
                """,
                "CREATE INDEX conversations_contact ON conversations (tenant_id, contact_id, channel, last_message_at)",
                "CREATE INDEX conversations_recent ON conversations (tenant_id, status, last_message_at)",
                "CREATE UNIQUE INDEX conversations_token ON conversations (tenant_id, token)",
                """
                CREATE TABLE messages (\(record),
                    direction TEXT NOT NULL, channel TEXT NOT NULL, conversation_id TEXT, contact_id TEXT, client_id TEXT,
                    purpose TEXT NOT NULL, status TEXT NOT NULL, reasons TEXT NOT NULL, subject TEXT, text TEXT NOT NULL,
                    html TEXT, template_id TEXT, template_version INTEGER, author TEXT, cause TEXT, why TEXT, sender TEXT,
                    recipient TEXT, integration_id TEXT, provider_id TEXT, internet_id TEXT, in_reply_to TEXT,
                    captured INTEGER NOT NULL, class TEXT, confidence REAL, evidence TEXT, attachments TEXT NOT NULL,
                    approval_id TEXT, campaign_id TEXT, topic TEXT, not_before INTEGER, sent_at INTEGER,
                    delivered_at INTEGER, opened_at INTEGER, clicked_at INTEGER, replied_at INTEGER, error_code TEXT,
                    error_detail TEXT, attempts INTEGER NOT NULL, body TEXT, send_key TEXT, held_code TEXT, brake_id TEXT,
                    is_automatic INTEGER NOT NULL, fence INTEGER, reference_ids TEXT NOT NULL, sealed_link TEXT\(end)
                """,
                // However a message is asked for twice, it is one.
                "CREATE UNIQUE INDEX messages_key ON messages (tenant_id, send_key) WHERE send_key IS NOT NULL",
                "CREATE INDEX messages_contact ON messages (tenant_id, contact_id, id)",
                "CREATE INDEX messages_conversation ON messages (tenant_id, conversation_id, id)",
                "CREATE INDEX messages_status ON messages (tenant_id, status, id)",
                "CREATE INDEX messages_held ON messages (tenant_id, held_code, id) WHERE held_code IS NOT NULL",
                "CREATE INDEX messages_sent ON messages (tenant_id, sent_at) WHERE sent_at IS NOT NULL",
                "CREATE INDEX messages_internet ON messages (tenant_id, internet_id) WHERE internet_id IS NOT NULL",
                "CREATE INDEX messages_provider ON messages (tenant_id, provider_id) WHERE provider_id IS NOT NULL",
                """
                CREATE TABLE message_events (
                    tenant_id TEXT NOT NULL, message_id TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,
                    detail TEXT, at INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, message_id, number)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE message_locks (
                    tenant_id TEXT NOT NULL, contact_id TEXT NOT NULL, holder TEXT NOT NULL, priority INTEGER NOT NULL,
                    owner TEXT NOT NULL, fence INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, contact_id)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE send_counts (
                    tenant_id TEXT NOT NULL, scope TEXT NOT NULL, day INTEGER NOT NULL, sent INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, scope, day)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE send_pace (
                    tenant_id TEXT NOT NULL, scope TEXT NOT NULL, next_at INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, scope)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE brakes (\(record),
                    scope TEXT NOT NULL, target TEXT, reason TEXT NOT NULL, sent_before INTEGER NOT NULL,
                    released_at INTEGER, actor TEXT NOT NULL, release_votes TEXT NOT NULL\(end)
                """,
                "CREATE INDEX brakes_open ON brakes (tenant_id, scope) WHERE released_at IS NULL",
                """
                CREATE TABLE templates (\(record),
                    name TEXT NOT NULL, channel TEXT NOT NULL, subject TEXT, body TEXT NOT NULL, locale TEXT,
                    variant_of TEXT, kind TEXT, tags TEXT NOT NULL, client_id TEXT\(end)
                """,
                "CREATE INDEX templates_variant ON templates (tenant_id, variant_of) WHERE variant_of IS NOT NULL",
                "CREATE INDEX templates_kind ON templates (tenant_id, kind) WHERE kind IS NOT NULL",
                """
                CREATE TABLE template_versions (
                    tenant_id TEXT NOT NULL, template_id TEXT NOT NULL, number INTEGER NOT NULL, subject TEXT,
                    body TEXT NOT NULL, created_at INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, template_id, number)
                ) \(dialect.keyedTableOptions)
                """,
            ] + dialect.searchTable("templates_search")
        },
        searchMigration,
    ] + mailboxMigrations + [
        retentionMigration, chatMigration, bookingMigration, portalChatMigration, portalThreadMigration,
        approvedTextMigration, inboxOrderMigration, fewConversationsMigration, clientConversationsMigration,
        clientMessagesMigration, categoryMigration, messageOriginMigration, priorityMigration,
        messageSayingMigration, segmentsMigration, answerWindowMigration, staffMigration, batchMigration,
        wordingRulesMigration, unreadIndexMigration,
    ] + marketingMigrations + [commentMigration, campaignIndexMigration, modelWordsMigration]

private let modelWordsMigration = Migration(number: 1560, name: "messages that a model has written") { _ in
    Message.resource.addition(in: 1560)
}

private let campaignIndexMigration = Migration(number: 1340, name: "messages by the campaign that they are of") { _ in
    [
        """
        CREATE INDEX messages_campaign ON messages (tenant_id, campaign_id, id) WHERE campaign_id IS NOT NULL
        """
    ]
}

private let wordingRulesMigration = Migration(number: 961, name: "rules about words, by industry") {
    dialect in
    WordingRule.resource.creation(dialect) + [
        "CREATE INDEX wording_rules_industry ON wording_rules (tenant_id, industry, id)"
    ]
}

private let batchMigration = Migration(number: 953, name: "messages that wait for one yes") { _ in
    [
        """
        CREATE INDEX messages_batch ON messages (tenant_id, approval_id, id)
        WHERE approval_id IS NOT NULL AND held_code = 'approval'
        """
    ]
}

private let answerWindowMigration = Migration(number: 891, name: "until when services take answers") { _ in
    ContactIdentity.resource.addition(in: 891)
}

/// A file's planner does not look at a bound value, so that it cannot know that the asked priority is not `normal`.
private let unreadIndexMigration = Migration(
    number: 1300, place: 1, name: "indexes that no statement reads are gone"
) { dialect in
    dialect == .sqlite ? ["DROP INDEX conversations_priority"] : []
}

private let segmentsMigration = Migration(number: 890, name: "as how many messages texts are charged") { _ in
    Message.resource.addition(in: 890)
}

private let priorityMigration = Migration(number: 649, name: "how urgent conversations are") { _ in
    Conversation.resource.addition(in: 649) + [
        """
        CREATE INDEX conversations_priority ON conversations (tenant_id, priority, id)
        WHERE priority <> 'normal'
        """
    ]
}

private let searchMigration = Migration(number: 400, place: 3, name: "messages, and what may be sent") {
    dialect in
    dialect.searchTable("messages_search") + dialect.searchTable("conversations_search")
}

private let clientConversationsMigration = Migration(
    number: 646, place: 1, name: "what a client's people have said"
) { _ in
    [
        "CREATE INDEX conversations_client ON conversations (tenant_id, client_id, id) WHERE client_id IS NOT NULL"
    ]
}

/// Indexes messages by their client, for the lists and counts of members who are limited to some clients.
private let clientMessagesMigration = Migration(number: 648, name: "what was said for a client") { _ in
    ["CREATE INDEX messages_client ON messages (tenant_id, client_id, id) WHERE client_id IS NOT NULL"]
}
