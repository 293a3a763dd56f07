internal import Database
internal import Records

let opportunityMigration = Migration(number: 1044, name: "opportunities") { dialect in
    Opportunity.resource.creation(dialect) + [
        "CREATE INDEX opportunities_client ON opportunities (tenant_id, client_id, kind, status)",
        "CREATE INDEX opportunities_of ON opportunities (tenant_id, client_id, id)",
        "CREATE INDEX opportunities_status ON opportunities (tenant_id, status, id)",
        "CREATE INDEX opportunities_due ON opportunities (tenant_id, due_on, id)",
        """
        CREATE INDEX opportunities_proposal ON opportunities (tenant_id, proposal_id) WHERE proposal_id IS NOT NULL
        """,
        "CREATE UNIQUE INDEX opportunities_key ON opportunities (tenant_id, key) WHERE key IS NOT NULL",
    ]
}

let retentionMigration = Migration(number: 1411, name: "how clients are kept") { _ in
    Opportunity.resource.addition(in: 1411)
}
