internal import Database
internal import Records

/// Clients get an account manager, and the day they left: of those who have, the day of their last change.
let clientTermMigration = Migration(number: 1043, name: "who looks after clients, and when they left") { _ in
    Client.resource.addition(in: 1043) + [
        "UPDATE clients SET ended_at = updated_at WHERE status = 'former'",
        "CREATE INDEX clients_manager ON clients (tenant_id, manager_id, id) WHERE manager_id IS NOT NULL",
        "CREATE INDEX clients_ended ON clients (tenant_id, ended_at, id) WHERE ended_at IS NOT NULL",
    ]
}
