internal import Database

let bookingMigration = Migration(number: 642, name: "who asked for a person, and may book a time") { _ in
    [
        "ALTER TABLE conversations ADD COLUMN human_requested_at INTEGER",
        "ALTER TABLE conversations ADD COLUMN booking_until INTEGER",
        "ALTER TABLE conversations ADD COLUMN preview TEXT",
    ]
}

let approvedTextMigration = Migration(number: 643, name: "places in texts that services approve") { _ in
    [
        "ALTER TABLE templates ADD COLUMN components TEXT",
        "ALTER TABLE messages ADD COLUMN components TEXT",
    ]
}

/// A page of an inbox is read off its index, and not sorted.
let inboxOrderMigration = Migration(number: 644, name: "inboxes in their order") { dialect in
    let order = "status, last_message_at \(dialect.nullsFirst), id"
    return [
        "DROP INDEX conversations_recent",
        "DROP INDEX conversations_handler",
        "DROP INDEX conversations_assignee",
        "DROP INDEX conversations_team",
        "CREATE INDEX conversations_recent ON conversations (tenant_id, \(order))",
        "CREATE INDEX conversations_handler ON conversations (tenant_id, handler, \(order))",
        """
        CREATE INDEX conversations_assignee ON conversations (tenant_id, assignee_id, \(order))
        WHERE assignee_id IS NOT NULL
        """,
        """
        CREATE INDEX conversations_team ON conversations (tenant_id, team_id, \(order))
        WHERE team_id IS NOT NULL
        """,
    ]
}

/// Indexes for the conversations of one person, unsorted: these are few, and an index that each message moves costs
/// more than sorting them.
let fewConversationsMigration = Migration(number: 645, name: "conversations of one person, unsorted") { _ in
    [
        "DROP INDEX conversations_contact",
        "DROP INDEX conversations_identity",
        "CREATE INDEX conversations_contact ON conversations (tenant_id, contact_id, channel)",
        """
        CREATE INDEX conversations_identity ON conversations (tenant_id, identity_id)
        WHERE identity_id IS NOT NULL
        """,
    ]
}

/// The category, tags and calls of conversations. A message changes none of them, so nothing of theirs is written
/// again.
let categoryMigration = Migration(number: 647, name: "what conversations are about") { _ in
    [
        "ALTER TABLE conversations ADD COLUMN category TEXT",
        "ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE conversations ADD COLUMN calls TEXT NOT NULL DEFAULT '[]'",
        "CREATE INDEX conversations_category ON conversations (tenant_id, category, id) WHERE category IS NOT NULL",
    ]
}

let chatMigration = Migration(number: 641, name: "who writes over which channel, and who answers") {
    dialect in
    [
        """
        CREATE TABLE contact_identities (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            contact_id TEXT NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL, name TEXT,
            verified INTEGER NOT NULL, claimed_email TEXT, previous_contact_id TEXT, integration_id TEXT,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX contact_identities_address ON contact_identities (tenant_id, channel, address)",
        "CREATE INDEX contact_identities_contact ON contact_identities (tenant_id, contact_id, channel)",
        "ALTER TABLE conversations ADD COLUMN identity_id TEXT",
        "ALTER TABLE conversations ADD COLUMN integration_id TEXT",
        "ALTER TABLE conversations ADD COLUMN team_id TEXT",
        "ALTER TABLE conversations ADD COLUMN snoozed_until INTEGER",
        "ALTER TABLE conversations ADD COLUMN fence INTEGER NOT NULL DEFAULT 0",
        """
        ALTER TABLE conversations ADD COLUMN agents TEXT NOT NULL DEFAULT
        '{"primary_agent":"active","handover_monitor":"standby","calendly_bridge":"standby"}'
        """,
        "ALTER TABLE conversations ADD COLUMN handover TEXT",
        """
        CREATE INDEX conversations_identity ON conversations (tenant_id, identity_id, last_message_at)
        WHERE identity_id IS NOT NULL
        """,
        "CREATE INDEX conversations_handler ON conversations (tenant_id, handler, status, last_message_at)",
        """
        CREATE INDEX conversations_assignee ON conversations (tenant_id, assignee_id, status, last_message_at)
        WHERE assignee_id IS NOT NULL
        """,
        """
        CREATE INDEX conversations_team ON conversations (tenant_id, team_id, status, last_message_at)
        WHERE team_id IS NOT NULL
        """,
        "CREATE INDEX conversations_channel ON conversations (tenant_id, channel, last_message_at)",
        "ALTER TABLE messages ADD COLUMN internal INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE messages ADD COLUMN sources TEXT",
        "ALTER TABLE message_locks ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0",
    ]
}
