internal import Database
internal import Jobs
internal import Records

/// Makes the tables of accounts on social networks, and of what stands there.
let postsMigrations = [
    Migration(number: 1100, name: "accounts on social networks, and their posts") { dialect in
        SocialAccount.resource.creation(dialect) + SocialPost.resource.creation(dialect)
            + [
                "CREATE INDEX social_accounts_status ON social_accounts (tenant_id, status, id)",
                """
                CREATE INDEX social_accounts_integration ON social_accounts (tenant_id, integration_id)
                    WHERE integration_id IS NOT NULL
                """,
                "CREATE INDEX social_posts_status ON social_posts (tenant_id, status, id)",
                "CREATE INDEX social_posts_account ON social_posts (tenant_id, account_id, scheduled_at)",
                "CREATE INDEX social_posts_scheduled ON social_posts (tenant_id, scheduled_at, id)",
                """
                CREATE INDEX social_posts_text ON social_posts (tenant_id, account_id, text_hash)
                    WHERE text_hash IS NOT NULL
                """,
                """
                CREATE INDEX social_posts_campaign ON social_posts (tenant_id, campaign_id, id)
                    WHERE campaign_id IS NOT NULL
                """,
                """
                CREATE INDEX social_posts_client ON social_posts (tenant_id, client_id, id)
                    WHERE client_id IS NOT NULL
                """,
                """
                CREATE INDEX social_posts_item ON social_posts (tenant_id, content_item_id, id)
                    WHERE content_item_id IS NOT NULL
                """,
            ]
    },
    Migration(number: 1200, name: "figures of posts") { dialect in
        SocialPost.resource.addition(in: 1200) + SocialAccount.resource.addition(in: 1200)
            + PostMeasure.resource.creation(dialect) + [
                """
                CREATE INDEX social_posts_reading ON social_posts (tenant_id, account_id, next_reading_at)
                    WHERE next_reading_at IS NOT NULL
                """,
                "CREATE INDEX post_measures_post ON post_measures (tenant_id, post_id, measured_at)",
                """
                CREATE INDEX post_measures_counting ON post_measures (tenant_id, published_at, id)
                    WHERE counts = 1
                """,
                """
                CREATE INDEX post_measures_account ON post_measures (tenant_id, account_id, published_at)
                    WHERE counts = 1
                """,
                """
                CREATE INDEX post_measures_unjudged ON post_measures (tenant_id, published_at, id)
                    WHERE counts = 1 AND judged = 0
                """,
            ]
    },
    Migration(number: 1210, name: "what only people do on networks") { _ in
        SocialPost.resource.addition(in: 1210)
    },
    Migration(number: 1240, name: "posts by the moment since which they stand") { _ in
        [
            """
            CREATE INDEX social_posts_published ON social_posts (tenant_id, published_at, id)
                WHERE published_at IS NOT NULL
            """
        ]
    },
    Migration(number: 1241, name: "changes of posts that stand") { dialect in
        PostChange.resource.creation(dialect) + [
            "CREATE INDEX post_changes_post ON post_changes (tenant_id, post_id, status, id)",
            """
            CREATE INDEX post_changes_client ON post_changes (tenant_id, client_id, id)
                WHERE client_id IS NOT NULL
            """,
        ]
    },
    Migration(number: 1310, name: "what films earn") { _ in PostMeasure.resource.addition(in: 1310) },
    Migration(number: 1326, name: "posts by what networks call them") { _ in
        [
            """
            CREATE INDEX social_posts_remote ON social_posts (tenant_id, remote_id)
                WHERE remote_id IS NOT NULL
            """
        ]
    },
    Migration(number: 1343, name: "what people speak of on networks") { dialect in
        SocialAccount.resource.addition(in: 1343) + NetworkTrend.resource.creation(dialect) + [
            """
            CREATE UNIQUE INDEX network_trends_name ON network_trends (tenant_id, account_id, place, name_key)
            """,
            "CREATE INDEX network_trends_seen ON network_trends (tenant_id, seen_at, id)",
            """
            CREATE INDEX network_trends_drafted ON network_trends (tenant_id, name_key, drafted_at)
                WHERE drafted_at IS NOT NULL
            """,
        ]
    },
    Migration(number: 1344, name: "live talks of accounts") { dialect in
        SocialAccount.resource.addition(in: 1344) + NetworkSpace.resource.creation(dialect) + [
            "CREATE UNIQUE INDEX network_spaces_remote ON network_spaces (tenant_id, account_id, remote_id)",
            "CREATE INDEX network_spaces_at ON network_spaces (tenant_id, at, id)",
        ]
    },
    Migration(number: 1481, name: "posts that a model has made, or somebody pays for") { _ in
        SocialPost.resource.addition(in: 1481)
    },
    Migration(number: 1570, name: "how what people say to accounts sounds") { dialect in
        Mention.resource.creation(dialect) + [
            "CREATE INDEX social_mentions_day ON social_mentions (tenant_id, day, id)",
            "CREATE INDEX social_mentions_integration ON social_mentions (tenant_id, integration_id, day)",
            "CREATE INDEX social_mentions_account ON social_mentions (tenant_id, account_id, day)",
        ]
    },
    Migration(number: 1571, name: "the sounds with which films stand") { _ in
        SocialPost.resource.addition(in: 1571)
    },
    Migration(number: 1605, name: "the effects with which films stand") { _ in
        Sound.resource.addition(in: 1605) + SocialPost.resource.addition(in: 1605)
    },
]

let postsSandboxTables: [SandboxTable] = [
    .copied(SocialAccount.resource),
    .left("social_mentions", because: "they are of messages, which are left behind"),
    .left("social_posts", because: "what is planned outside leaves outside, and not twice"),
    .left("network_spaces", because: "a sandbox asks no networks"),
    .left("network_trends", because: "a sandbox asks no networks"),
    .left("post_changes", because: "they are of posts, which are left behind"),
    .left("post_measures", because: "they are of posts, which are left behind"),
]
