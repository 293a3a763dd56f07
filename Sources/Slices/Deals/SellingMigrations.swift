internal import Database
internal import Records

/// Packages, deals, proposals, contracts, what is negotiated, and meetings.
let sellingMigrations: [Migration] = [
    Migration(number: 500, name: "packages and deals") { dialect in
        let (record, end) = recordColumns(dialect)
        return [
            """
            CREATE TABLE packages (\(record),
                name TEXT NOT NULL, price_amount INTEGER NOT NULL, price_currency TEXT NOT NULL,
                budget_from_amount INTEGER, budget_from_currency TEXT, budget_to_amount INTEGER,
                budget_to_currency TEXT, contents TEXT NOT NULL, services TEXT NOT NULL, report_cadence TEXT NOT NULL,
                audience TEXT, tier TEXT, cost_amount INTEGER, cost_currency TEXT, position INTEGER NOT NULL,
                archived INTEGER NOT NULL\(end)
            """,
            "CREATE INDEX packages_order ON packages (tenant_id, archived, position)",
            """
            CREATE TABLE deals (\(record),
                lead_id TEXT NOT NULL, contact_id TEXT, name TEXT NOT NULL, value_amount INTEGER, value_currency TEXT,
                stage TEXT NOT NULL, probability REAL, has_own_probability INTEGER NOT NULL,
                weighted_value_amount INTEGER, weighted_value_currency TEXT, expected_close TEXT, package_id TEXT,
                owner_id TEXT, client_id TEXT, lost_reason TEXT, stage_entered_at INTEGER NOT NULL, closed_at INTEGER,
                needs TEXT NOT NULL, preferences TEXT, notes TEXT\(end)
            """,
            "CREATE INDEX deals_lead ON deals (tenant_id, lead_id, stage)",
            "CREATE INDEX deals_stage ON deals (tenant_id, stage, stage_entered_at)",
            "CREATE INDEX deals_package ON deals (tenant_id, package_id) WHERE package_id IS NOT NULL",
            "CREATE INDEX deals_contact ON deals (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
            "CREATE INDEX deals_owner ON deals (tenant_id, owner_id) WHERE owner_id IS NOT NULL",
        ] + dialect.searchTable("packages_search") + dialect.searchTable("deals_search")
    },
    Migration(number: 501, name: "proposals and case studies") { dialect in
        let (record, end) = recordColumns(dialect)
        return [
            """
            CREATE TABLE proposals (\(record),
                lead_id TEXT NOT NULL, deal_id TEXT, contact_id TEXT, package_id TEXT, status TEXT NOT NULL, title TEXT,
                introduction TEXT, needs TEXT NOT NULL, services TEXT NOT NULL, items TEXT NOT NULL,
                price_amount INTEGER, price_currency TEXT, total_amount INTEGER, total_currency TEXT,
                price_factors TEXT NOT NULL, pricing_justification TEXT, case_studies TEXT NOT NULL,
                call_to_action TEXT, valid_until INTEGER, locale TEXT, notes TEXT, public_url TEXT, message_id TEXT,
                sent_at INTEGER, viewed_at INTEGER, accepted_at INTEGER, accepted_by TEXT, declined_at INTEGER,
                decline_reason TEXT, expired_at INTEGER, evidence TEXT\(end)
            """,
            "CREATE INDEX proposals_deal ON proposals (tenant_id, deal_id)",
            "CREATE INDEX proposals_lead ON proposals (tenant_id, lead_id)",
            "CREATE INDEX proposals_status ON proposals (tenant_id, status, id)",
            "CREATE INDEX proposals_package ON proposals (tenant_id, package_id) WHERE package_id IS NOT NULL",
            """
            CREATE TABLE case_studies (\(record),
                title TEXT NOT NULL, client TEXT, industry TEXT, result TEXT, text TEXT, locale TEXT,
                archived INTEGER NOT NULL\(end)
            """,
            "CREATE INDEX case_studies_shown ON case_studies (tenant_id, archived, row)",
        ] + dialect.searchTable("proposals_search") + dialect.searchTable("case_studies_search")
    },
    Migration(number: 502, name: "contracts") { dialect in
        let (record, end) = recordColumns(dialect)
        return [
            """
            CREATE TABLE contracts (\(record),
                proposal_id TEXT NOT NULL, lead_id TEXT NOT NULL, deal_id TEXT, package_id TEXT, contact_id TEXT,
                client_id TEXT, client_name TEXT NOT NULL, status TEXT NOT NULL, title TEXT, terms TEXT,
                services TEXT NOT NULL, items TEXT NOT NULL, price_amount INTEGER, price_currency TEXT,
                sla TEXT NOT NULL, milestones TEXT NOT NULL, starts_on TEXT, months INTEGER,
                notice_days INTEGER NOT NULL, locale TEXT, notes TEXT, public_url TEXT, message_id TEXT,
                sent_at INTEGER, signed_at INTEGER, signed_by TEXT, declined_at INTEGER, decline_reason TEXT,
                file_id TEXT, document_hash TEXT, signed_file_id TEXT, signed_hash TEXT, evidence TEXT,
                CHECK (status <> 'signed' OR (document_hash IS NOT NULL AND client_id IS NOT NULL))\(end)
            """,
            "CREATE INDEX contracts_proposal ON contracts (tenant_id, proposal_id)",
            "CREATE INDEX contracts_deal ON contracts (tenant_id, deal_id)",
            "CREATE INDEX contracts_client ON contracts (tenant_id, client_id) WHERE client_id IS NOT NULL",
            "CREATE INDEX contracts_status ON contracts (tenant_id, status, id)",
            // Files are looked up by what they claim to be, in all agencies.
            "CREATE INDEX contracts_id ON contracts (id)",
        ] + dialect.searchTable("contracts_search")
    },
    Migration(number: 503, name: "negotiation") { dialect in
        let (record, end) = recordColumns(dialect)
        return [
            """
            CREATE TABLE selling_rules (
                tenant_id TEXT NOT NULL, max_discount_percent INTEGER NOT NULL, min_margin_percent INTEGER NOT NULL,
                max_free_months INTEGER NOT NULL, min_prices TEXT NOT NULL, version INTEGER NOT NULL,
                updated_at INTEGER NOT NULL, PRIMARY KEY (tenant_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE deal_offers (\(record),
                deal_id TEXT NOT NULL, discount_percent INTEGER, price_amount INTEGER, price_currency TEXT,
                free_months INTEGER NOT NULL, scope TEXT, reason TEXT, status TEXT NOT NULL, beyond TEXT NOT NULL,
                approval_id TEXT, decided_at INTEGER\(end)
            """,
            "CREATE INDEX deal_offers_deal ON deal_offers (tenant_id, deal_id, id)",
            """
            CREATE TABLE objections (\(record),
                name TEXT NOT NULL, kind TEXT NOT NULL, reply TEXT NOT NULL, locale TEXT, position INTEGER NOT NULL,
                archived INTEGER NOT NULL\(end)
            """,
            "CREATE INDEX objections_kind ON objections (tenant_id, kind, position)",
            """
            CREATE TABLE deal_objections (\(record),
                deal_id TEXT NOT NULL, kind TEXT NOT NULL, objection_id TEXT, text TEXT, reply TEXT,
                message_id TEXT, outcome TEXT NOT NULL, resolved_at INTEGER\(end)
            """,
            "CREATE INDEX deal_objections_deal ON deal_objections (tenant_id, deal_id, id)",
        ] + dialect.searchTable("objections_search")
    },
    Migration(number: 504, name: "meetings") { dialect in
        let (record, end) = recordColumns(dialect)
        return [
            """
            CREATE TABLE meetings (\(record),
                contact_id TEXT, deal_id TEXT, title TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER,
                location TEXT, status TEXT NOT NULL, cancel_reason TEXT, notes TEXT, invitee_email TEXT,
                external_id TEXT, rescheduled_from TEXT, rescheduled_to TEXT, reschedule_url TEXT, cancel_url TEXT\(end)
            """,
            "CREATE INDEX meetings_contact ON meetings (tenant_id, contact_id, starts_at)",
            "CREATE INDEX meetings_deal ON meetings (tenant_id, deal_id)",
            "CREATE INDEX meetings_time ON meetings (tenant_id, status, starts_at)",
            "CREATE UNIQUE INDEX meetings_external ON meetings (tenant_id, external_id) WHERE external_id IS NOT NULL",
        ] + dialect.searchTable("meetings_search")
    },
    Migration(number: 505, name: "contracts by what was kept of them") { _ in
        [
            "CREATE INDEX contracts_hash ON contracts (document_hash)",
            "CREATE INDEX contracts_signed_hash ON contracts (signed_hash)",
        ]
    },
    Migration(number: 506, name: "what contracts bill once") { _ in
        [
            "ALTER TABLE contracts ADD COLUMN one_off_amount INTEGER",
            "ALTER TABLE contracts ADD COLUMN one_off_currency TEXT",
        ]
    },
    Migration(number: 507, name: "packages in other languages") { _ in
        ["ALTER TABLE packages ADD COLUMN translations TEXT NOT NULL DEFAULT '[]'"]
    },
    Migration(number: 508, name: "objections before there is a deal") { dialect in
        let free =
            dialect == .sqlite
            ? [
                "DROP INDEX deal_objections_deal",
                "ALTER TABLE deal_objections ADD COLUMN of_deal TEXT",
                "UPDATE deal_objections SET of_deal = deal_id",
                "ALTER TABLE deal_objections DROP COLUMN deal_id",
                "ALTER TABLE deal_objections RENAME COLUMN of_deal TO deal_id",
                "CREATE INDEX deal_objections_deal ON deal_objections (tenant_id, deal_id, id)",
            ] : ["ALTER TABLE deal_objections ALTER COLUMN deal_id DROP NOT NULL"]
        return free + [
            "ALTER TABLE deal_objections ADD COLUMN lead_id TEXT",
            """
            UPDATE deal_objections SET lead_id = (
                SELECT d.lead_id FROM deals d
                WHERE d.tenant_id = deal_objections.tenant_id AND d.id = deal_objections.deal_id)
            """,
            "CREATE INDEX deal_objections_lead ON deal_objections (tenant_id, lead_id, outcome)",
        ]
    },
    Migration(number: 520, name: "proposals of clients") { _ in
        [
            "ALTER TABLE proposals ADD COLUMN client_id TEXT",
            """
            UPDATE proposals SET client_id = (
                SELECT c.client_id FROM contracts c
                WHERE c.tenant_id = proposals.tenant_id AND c.proposal_id = proposals.id AND c.client_id IS NOT NULL
                LIMIT 1)
            """,
            "CREATE INDEX proposals_client ON proposals (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
        ]
    },
    Migration(number: 521, name: "what was withdrawn") { _ in
        Proposal.resource.addition(in: 521) + Contract.resource.addition(in: 521)
    },
    Migration(number: 1045, name: "case studies that their clients agree to") { _ in
        CaseStudy.resource.addition(in: 1045) + [
            "CREATE INDEX case_studies_client ON case_studies (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
            "CREATE INDEX case_studies_status ON case_studies (tenant_id, status, id)",
        ]
    },
    Migration(number: 1042, name: "contracts with a fixed term") { _ in
        Contract.resource.addition(in: 1042) + [
            """
            CREATE INDEX contracts_end ON contracts (tenant_id, ends_on, id) WHERE ends_on IS NOT NULL
            """
        ]
    },
    Migration(number: 1430, name: "clients' own words") { _ in CaseStudy.resource.addition(in: 1430) },
    Migration(number: 1610, name: "packages with a plan for new clients") { _ in
        ServicePackage.resource.addition(in: 1610)
    },
]

/// Returns the columns that every record has, and the end of its table.
private func recordColumns(_ dialect: Dialect) -> (record: String, end: String) {
    (
        """
        \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
        """, ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
    )
}
