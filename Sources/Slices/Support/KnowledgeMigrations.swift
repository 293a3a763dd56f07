internal import Database
internal import Records

let knowledgeMigrations: [Migration] = [
    Migration(number: 701, name: "articles, and what they do not answer") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE articles (\(record),
                title TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL, category TEXT, locale TEXT,
                tags TEXT NOT NULL, published_at INTEGER\(end)
            """,
            "CREATE INDEX articles_status ON articles (tenant_id, status, id)",
            """
            CREATE TABLE article_versions (
                tenant_id TEXT NOT NULL, article_id TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL,
                body TEXT NOT NULL, actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, article_id, number)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE knowledge_gaps (\(record),
                key TEXT NOT NULL, question TEXT NOT NULL, asked INTEGER NOT NULL, last_asked_at INTEGER NOT NULL,
                status TEXT NOT NULL, article_id TEXT\(end)
            """,
            "CREATE UNIQUE INDEX knowledge_gaps_key ON knowledge_gaps (tenant_id, key)",
            "CREATE INDEX knowledge_gaps_asked ON knowledge_gaps (tenant_id, status, asked)",
        ] + dialect.searchTable("articles_search")
    },
    Migration(number: 702, name: "forms, and what was answered to them") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE forms (\(record),
                name TEXT NOT NULL, public_key TEXT NOT NULL, status TEXT NOT NULL, creates TEXT NOT NULL,
                fields TEXT NOT NULL, category TEXT, priority TEXT, team_id TEXT, acknowledges INTEGER NOT NULL,
                thanks TEXT\(end)
            """,
            "CREATE UNIQUE INDEX forms_public_key ON forms (public_key)",
            """
            CREATE TABLE form_submissions (\(record),
                form_id TEXT, answers TEXT NOT NULL, contact_id TEXT, ticket_id TEXT, lead_id TEXT\(end)
            """,
            "CREATE INDEX form_submissions_form ON form_submissions (tenant_id, form_id, id)",
            "CREATE INDEX form_submissions_contact ON form_submissions (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
            "CREATE INDEX form_submissions_ticket ON form_submissions (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL",
            "CREATE INDEX form_submissions_lead ON form_submissions (tenant_id, lead_id) WHERE lead_id IS NOT NULL",
        ] + dialect.searchTable("forms_search")
    },
    Migration(number: 703, name: "macros, canned replies and surveys") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE macros (\(record),
                name TEXT NOT NULL, reply TEXT, note TEXT, status TEXT, priority TEXT, category TEXT,
                add_tags TEXT NOT NULL, assignee_id TEXT, team_id TEXT\(end)
            """,
            """
            CREATE TABLE canned_replies (\(record),
                name TEXT NOT NULL, text TEXT NOT NULL, category TEXT, locale TEXT\(end)
            """,
            """
            CREATE TABLE surveys (\(record),
                name TEXT NOT NULL, kind TEXT NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL\(end)
            """,
            """
            CREATE TABLE survey_responses (\(record),
                survey_id TEXT NOT NULL, ticket_id TEXT, client_id TEXT, contact_id TEXT, score INTEGER NOT NULL,
                comment TEXT\(end)
            """,
            "CREATE INDEX survey_responses_survey ON survey_responses (tenant_id, survey_id, id)",
            """
            CREATE UNIQUE INDEX survey_responses_ticket ON survey_responses (tenant_id, ticket_id, survey_id)
                WHERE ticket_id IS NOT NULL
            """,
            "CREATE INDEX survey_responses_client ON survey_responses (tenant_id, client_id) WHERE client_id IS NOT NULL",
            "CREATE INDEX survey_responses_contact ON survey_responses (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
        ]
    },
    Migration(number: 709, name: "in what words an article's question was asked") { _ in
        ["ALTER TABLE articles ADD COLUMN wordings TEXT NOT NULL DEFAULT '[]'"]
    },
    Migration(number: 710, name: "translations of articles, and whom they have helped") { dialect in
        Article.resource.addition(in: 710) + [
            "CREATE INDEX articles_translation ON articles (tenant_id, translation_of, id) WHERE translation_of IS NOT NULL",
            """
            CREATE TABLE article_votes (
                tenant_id TEXT NOT NULL, article_id TEXT NOT NULL, user_id TEXT NOT NULL, helpful INTEGER NOT NULL,
                at INTEGER NOT NULL, PRIMARY KEY (tenant_id, article_id, user_id)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
]
