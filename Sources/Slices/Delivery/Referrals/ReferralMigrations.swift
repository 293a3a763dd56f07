internal import Database
internal import Records

let referralMigration = Migration(number: 1041, name: "referrals") { dialect in
    Referral.resource.creation(dialect) + [
        "CREATE INDEX referrals_lead ON referrals (tenant_id, lead_id, row)",
        "CREATE INDEX referrals_client ON referrals (tenant_id, client_id, id)",
        "CREATE INDEX referrals_status ON referrals (tenant_id, status, id)",
        "CREATE INDEX referrals_rewarded ON referrals (tenant_id, client_id, rewarded_at)",
        """
        CREATE INDEX referrals_invoice ON referrals (tenant_id, first_invoice) WHERE first_invoice IS NOT NULL
        """,
        """
        CREATE UNIQUE INDEX referrals_person ON referrals (tenant_id, referred_key) WHERE referred_key IS NOT NULL
        """,
    ]
}
