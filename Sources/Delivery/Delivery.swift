package import Database
package import Platform
package import Records
package import Runtime

/// Whom the agency works for, and the work itself.
package func deliveryRoutes(
    _ routes: inout Routes, references: [TransferReference], uploads: String
) {
    routes.standard(Client.resource, read: "clients:read", write: "clients:write")
    routes.transfer(Client.transfer(references), folder: uploads)
}

package func deliveryJobs(_ registration: inout JobRegistration, references: [TransferReference]) {
    registration.add(Client.transfer(references))
    registration.add(Client.resource, read: "clients:read", write: "clients:write")
}

package let deliverySandboxTables: [SandboxTable] = [.copied(Client.resource)]

package let deliveryMigrations: [Migration] = [
    Migration(number: 600, name: "clients") { dialect in
        [
            """
            CREATE TABLE clients (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                name TEXT NOT NULL, tier TEXT NOT NULL, status TEXT NOT NULL, lifecycle TEXT NOT NULL, package_id TEXT,
                contact_id TEXT, contact_email TEXT, lead_id TEXT, deal_id TEXT, monthly_fee_amount INTEGER,
                monthly_fee_currency TEXT, health TEXT, satisfaction REAL, notes TEXT, handover TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX clients_status ON clients (tenant_id, status, id)",
            "CREATE INDEX clients_contact ON clients (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
        ] + dialect.searchTable("clients_search")
    },
    Migration(number: 611, name: "clients are found by what files call them") { _ in
        [
            "CREATE INDEX clients_name ON clients (tenant_id, name)",
            "CREATE INDEX clients_email ON clients (tenant_id, contact_email) WHERE contact_email IS NOT NULL",
        ]
    },
    Migration(number: 782, name: "clients by the lead that they were") { _ in
        ["CREATE INDEX clients_lead ON clients (tenant_id, lead_id) WHERE lead_id IS NOT NULL"]
    },
]
