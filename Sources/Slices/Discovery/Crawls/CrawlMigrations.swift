internal import Database
internal import Records

/// Makes the tables of crawls: the pages that were found with what became of them, and the rules of the hosts.
let crawlMigration = Migration(number: 340, name: "crawls and their pages") { dialect in
    Crawl.resource.creation(dialect) + [
        """
        CREATE TABLE crawl_pages (
            tenant_id TEXT NOT NULL, crawl_id TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,
            state TEXT NOT NULL, url TEXT NOT NULL, depth INTEGER NOT NULL, attempts INTEGER NOT NULL,
            final_url TEXT, final_key TEXT, status INTEGER, outcome TEXT, reason TEXT, content_type TEXT,
            charset TEXT, title TEXT, bytes INTEGER NOT NULL, etag TEXT, last_modified TEXT, content_hash TEXT,
            links TEXT NOT NULL, body_text TEXT, fetched_at INTEGER,
            PRIMARY KEY (tenant_id, crawl_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE INDEX crawl_pages_kept ON crawl_pages (tenant_id, final_key, fetched_at)
        WHERE final_key IS NOT NULL
        """,
        """
        CREATE TABLE crawl_hosts (
            tenant_id TEXT NOT NULL, crawl_id TEXT NOT NULL, origin TEXT NOT NULL, status INTEGER,
            is_refused INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (tenant_id, crawl_id, origin)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

/// Keeps with each page what it says of its company, and the run that wanted to know.
let crawlFactsMigration = Migration(number: 852, name: "what pages say of their companies") { _ in
    ["ALTER TABLE crawl_pages ADD COLUMN facts TEXT"] + Crawl.resource.addition(in: 852) + [
        "CREATE INDEX crawls_run ON crawls (tenant_id, run_id) WHERE run_id IS NOT NULL"
    ]
}

/// Finds what pages said longest ago, and drops what crawls that are over have left behind.
let crawlRetentionMigration = Migration(number: 859, name: "what pages said is kept for a time") { _ in
    [
        "CREATE INDEX crawl_pages_age ON crawl_pages (tenant_id, fetched_at) WHERE facts IS NOT NULL",
        """
        UPDATE crawl_pages SET body_text = NULL WHERE body_text IS NOT NULL AND EXISTS (
            SELECT 1 FROM crawls WHERE crawls.tenant_id = crawl_pages.tenant_id
                AND crawls.id = crawl_pages.crawl_id AND crawls.status NOT IN ('queued', 'running'))
        """,
    ]
}

/// Keeps the language of each page.
let crawlLanguageMigration = Migration(number: 1501, name: "the language of pages") { _ in
    ["ALTER TABLE crawl_pages ADD COLUMN language TEXT"]
}

/// Keeps the turns at hosts and servers that several processes ask, for all agencies: until when one has it, and until
/// when the place rests.
let crawlTurnsMigration = Migration(number: 346, name: "turns at hosts") { dialect in
    [
        """
        CREATE TABLE crawl_turns (
            tenant_id TEXT NOT NULL, place TEXT NOT NULL, holder TEXT NOT NULL, held_until INTEGER NOT NULL,
            free_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, place)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// Keeps what tells a page's likeness to others in place of its text, which nothing else was made of.
let crawlLikenessMigration = Migration(number: 1520, name: "the likeness of pages in place of their texts") {
    _ in
    [
        "ALTER TABLE crawl_pages DROP COLUMN body_text",
        "ALTER TABLE crawl_pages ADD COLUMN likeness INTEGER",
        "ALTER TABLE crawl_pages ADD COLUMN words INTEGER",
    ]
}
