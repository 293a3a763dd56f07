internal import Agents
package import Database
internal import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
package import Routing
package import Tenancy
internal import Transfer

/// Leads: how they come in, what is known of them, and who of them fits.
/// Capabilities: `leadRoutes`, `leadImportRoute`, `leadAgentRoutes`; agents: `discoveryAgents`; jobs:
/// `ImportJob`; tables: `discoveryMigrations`.
package func discoveryRoutes(_ routes: inout Routes, _ runtime: Runtime, uploads: String) {
    discoveryEvents(&routes)
    leadRoutes(&routes)
    mergeRoutes(&routes)
    lifecycleRoutes(&routes)
    leadAgentRoutes(&routes, runtime)
    leadImportRoute(&routes, folder: uploads)
    privacyRoutes(&routes, runtime)
    routes.openToLimited(
        "POST /v1/leads/upsert", "POST /v1/leads/bulk", "POST /v1/leads/merge", "GET /v1/leads/export")
}

/// Registers the records that tools may change here, and what they are guarded from.
package func discoveryRecords(_ registration: inout JobRegistration) {
    registration.add(DuplicateJob<Lead>())
    registration.questions.leadsReached = { try $0.reading.leads.reached(by: $1, since: $2) }
    registration.add(Lead.resource, read: "leads:read", write: "leads:write")
    registration.add(MergeData())
    registration.guardDeletion(of: Contact.self) { tx, id in
        if try tx.exists("SELECT 1 FROM leads WHERE tenant_id = \(tx.tenant) AND contact_id = \(id)") {
            throw Problem(.conflict, "The contact still has leads: give them another contact first.")
        }
        // Nothing leads to those who were merged into it once the merges are forgotten.
        for gone in try tx.merging.all(into: [id.keyText]).flatMap(\.merged) {
            if let contact = gone.id(of: Nouns.Contact.self) { try tx.preferences.forget(contact) }
        }
        try tx.merging.forget(into: [id.keyText])
    }
    registration.guardDeletion(of: Company.self) { tx, id in
        if try tx.exists("SELECT 1 FROM leads WHERE tenant_id = \(tx.tenant) AND company_id = \(id)") {
            throw Problem(.conflict, "The company still has leads: give them another company first.")
        }
        try tx.merging.forget(into: [id.keyText])
    }
}

/// Returns the setup items of leads and their outcomes, each with whether it is done.
package func discoverySetup(_ reader: Reader) throws -> [SetupItem] {
    let hasLeads = try reader.exists("SELECT 1 FROM leads WHERE tenant_id = \(reader.tenant)")
    let (won, lost) = (
        try reader.counters.find("leads.status.won"), try reader.counters.find("leads.status.lost")
    )
    let canLearn = min(won, lost) >= ScoringKnowledge.outcomesMin
    return [
        SetupItem(
            "leads", "Import your leads", isDone: hasLeads,
            reason: "Agents have nothing to work on until there are leads.", link: "/v1/leads/import"),
        SetupItem(
            "outcomes", "Record which leads were won and lost", isDone: canLearn,
            reason:
                "With 50 won and 50 lost leads, scores are learned from your own outcomes. So far: \(won) and \(lost).",
            link: "/v1/leads?status=won,lost"),
    ]
}
