internal import Database
internal import Jobs
internal import Records

/// Makes the tables of campaigns, of what is spent on them, and of what was told of them.
let campaignMigrations = [
    Migration(number: 1150, name: "campaigns, their spending, and what was told of them") { dialect in
        Campaign.resource.creation(dialect)
            + [
                "CREATE INDEX campaigns_status ON campaigns (tenant_id, status, id)",
                "CREATE INDEX campaigns_objective ON campaigns (tenant_id, objective, id)",
                "CREATE INDEX campaigns_client ON campaigns (tenant_id, client_id, status, id)",
                "CREATE INDEX campaigns_start ON campaigns (tenant_id, start_on, id)",
                "CREATE INDEX campaigns_end ON campaigns (tenant_id, end_on, id)",
                """
                CREATE TABLE campaign_spend (
                    tenant_id TEXT NOT NULL, campaign_id TEXT NOT NULL, channel TEXT NOT NULL, date TEXT NOT NULL,
                    id TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, noted_at INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, campaign_id, channel, date)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE UNIQUE INDEX campaign_spend_id ON campaign_spend (tenant_id, campaign_id, id)",
                """
                CREATE TABLE campaign_triggers (
                    tenant_id TEXT NOT NULL, campaign_id TEXT NOT NULL, metric TEXT NOT NULL, op TEXT NOT NULL,
                    value REAL NOT NULL, action TEXT NOT NULL, fired_at INTEGER,
                    PRIMARY KEY (tenant_id, campaign_id, metric, op, value, action)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE INDEX campaign_triggers_metric ON campaign_triggers (tenant_id, metric)
                    WHERE fired_at IS NULL
                """,
                """
                CREATE TABLE campaign_milestones (
                    tenant_id TEXT NOT NULL, due_on TEXT NOT NULL, campaign_id TEXT NOT NULL, name TEXT NOT NULL,
                    PRIMARY KEY (tenant_id, due_on, campaign_id, name)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX campaign_milestones_campaign ON campaign_milestones (tenant_id, campaign_id)",
                """
                CREATE TABLE campaign_milestones_told (
                    tenant_id TEXT NOT NULL, campaign_id TEXT NOT NULL, due_on TEXT NOT NULL, name TEXT NOT NULL,
                    told_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, campaign_id, due_on, name)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
    Migration(number: 1152, name: "campaigns of advertising services") { dialect in
        AdCampaign.resource.creation(dialect)
            + [
                """
                CREATE UNIQUE INDEX ad_campaigns_remote ON ad_campaigns (tenant_id, integration_id, remote_id)
                """,
                "CREATE INDEX ad_campaigns_network ON ad_campaigns (tenant_id, network, status, id)",
                "CREATE INDEX ad_campaigns_client ON ad_campaigns (tenant_id, client_id, id)",
                """
                CREATE TABLE ad_days (
                    tenant_id TEXT NOT NULL, ad_campaign_id TEXT NOT NULL, date TEXT NOT NULL,
                    spend INTEGER NOT NULL, clicks INTEGER NOT NULL, impressions INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, ad_campaign_id, date)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
    Migration(number: 1161, name: "audiences of advertising services, and who is on them") { dialect in
        AdAudience.resource.creation(dialect)
            + [
                "CREATE INDEX ad_audiences_status ON ad_audiences (tenant_id, status, id)",
                """
                CREATE TABLE ad_audience_members (
                    tenant_id TEXT NOT NULL, audience_id TEXT NOT NULL, digest TEXT NOT NULL,
                    contact_id TEXT NOT NULL, round INTEGER NOT NULL, is_told INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, audience_id, digest)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX ad_audience_members_contact ON ad_audience_members (tenant_id, contact_id)",
                """
                CREATE INDEX ad_audience_members_round
                    ON ad_audience_members (tenant_id, audience_id, round, is_told, digest)
                """,
            ]
    },
    Migration(
        number: 1215, name: "campaigns of services as parts of campaigns, and where spending comes from"
    ) {
        _ in
        AdCampaign.resource.addition(in: 1215) + [
            "ALTER TABLE campaign_spend ADD COLUMN source TEXT NOT NULL DEFAULT 'person'",
            """
            CREATE INDEX ad_campaigns_campaign ON ad_campaigns (tenant_id, campaign_id, id)
                WHERE campaign_id IS NOT NULL
            """,
        ]
    },
    Migration(number: 1216, name: "differences between what systems tell of campaigns") { dialect in
        [
            """
            CREATE TABLE campaign_differences (
                tenant_id TEXT NOT NULL, campaign_id TEXT NOT NULL, metric TEXT NOT NULL, date TEXT NOT NULL,
                figures TEXT NOT NULL, told_at INTEGER, source TEXT, reason TEXT, settled_at INTEGER,
                settled_by TEXT, PRIMARY KEY (tenant_id, campaign_id, metric, date)
            ) \(dialect.keyedTableOptions)
            """
        ]
    },
    Migration(number: 1217, name: "shifts of budgets between channels") { dialect in
        [
            """
            CREATE TABLE campaign_shifts (
                tenant_id TEXT NOT NULL, campaign_id TEXT NOT NULL, id TEXT NOT NULL, day TEXT NOT NULL,
                moved INTEGER NOT NULL, currency TEXT NOT NULL, channels TEXT NOT NULL, agent TEXT,
                decision_id TEXT, made_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, campaign_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX campaign_shifts_day ON campaign_shifts (tenant_id, campaign_id, day)",
        ]
    },
    Migration(number: 1327, name: "posts that are shown as advertisements") { dialect in
        PostPromotion.resource.creation(dialect) + [
            "CREATE INDEX post_promotions_post ON post_promotions (tenant_id, post_id, id)",
            """
            CREATE INDEX post_promotions_campaign ON post_promotions (tenant_id, campaign_id, id)
                WHERE campaign_id IS NOT NULL
            """,
        ]
    },
]

let campaignSandboxTables: [SandboxTable] = [
    .copied(Campaign.resource), .copied("campaign_spend"), .copied("campaign_triggers"),
    .copied("campaign_milestones"), .copied("campaign_differences"), .copied("campaign_shifts"),
    .copied("campaign_milestones_told") { tx, _ in try tx.campaignWatch.planAllMilestones() },
    .left("ad_campaigns", because: "a sandbox asks no services, and sets no budgets there"),
    .left("post_promotions", because: "they are of posts and campaigns that are left behind"),
    .left("ad_days", because: "they belong to campaigns of services, which are left behind"),
    .left("ad_audiences", because: "a sandbox tells services nothing of people"),
    .left("ad_audience_members", because: "they belong to audiences, which are left behind"),
]
