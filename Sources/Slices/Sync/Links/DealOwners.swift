internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Nouns
internal import Records

extension SyncPlan {
    /// The fields by which a deal of the service's names its person and its company.
    var references: [ConnectorField] {
        sync.local == .deals ? object.fields.filter { $0.refers != nil } : []
    }

    /// Whether a new deal has to find its lead by what it names; one that the sync gives to all counts before.
    var needsLead: Bool { sync.local == .deals && sync.defaults["lead_id"] == nil }

    /// Returns whether a record names nobody.
    func namesNobody(_ record: RemoteRecord) -> Bool {
        references.allSatisfy { record.fields[$0.name]?.identifier == nil }
    }
}

extension SyncAsking {
    /// A listing of changes may leave out to whom a deal belongs: returns a page with what is asked for by itself in
    /// place of each new one that names nobody.
    func completed(
        _ page: RemotePage, _ plan: SyncPlan, known: [String: SyncLink]
    ) async throws -> RemotePage {
        let object = plan.object
        guard object.get != nil else { return page }
        var records: [RemoteRecord] = []
        for record in page.records {
            let isBare = !record.isDeleted && known[record.id] == nil && plan.namesNobody(record)
            let whole = isBare ? try await ask { try await $0.get(object, record.id) } : nil
            records.append(whole ?? record)
        }
        return RemotePage(records, total: page.total, next: page.next)
    }
}

extension SyncLinkStore {
    /// Returns the pairs of a page's records.
    func all(of page: RemotePage, _ plan: SyncPlan) throws -> [String: SyncLink] {
        try all(plan.sync.id, remote: page.records.map(\.id))
    }

    /// Returns the lead that a deal of the service's belongs to: its person, else the newest lead of its company, as
    /// other syncs of the same service know these.
    func lead(of record: RemoteRecord, _ plan: SyncPlan) throws -> String? {
        for field in plan.references {
            guard let object = field.refers, let there = record.fields[field.name]?.identifier else { continue }
            let known = try tx.all(
                """
                SELECT sync_links.local_id FROM sync_links
                JOIN syncs ON syncs.tenant_id = sync_links.tenant_id AND syncs.id = sync_links.sync_id
                WHERE sync_links.tenant_id = \(tx.tenant) AND sync_links.remote_id = \(there)
                    AND syncs.integration_id = \(plan.sync.integrationID) AND syncs.object = \(object)
                    AND sync_links.state = 'linked'
                """
            ) { $0.text(0) }
            for id in known {
                let lead = try tx.first(
                    """
                    SELECT id FROM leads
                    WHERE tenant_id = \(tx.tenant) AND (id = \(id) OR company_id = \(id))
                        AND status <> 'archived'
                    ORDER BY row DESC LIMIT 1
                    """
                ) { $0.text(0) }
                if let lead { return lead }
            }
        }
        return nil
    }

    /// Returns the values by which a new deal in the service names the person and the company of its lead.
    func owners(of deal: LocalRecord, _ plan: SyncPlan) throws -> JSONObject {
        guard let lead = deal.values["lead_id"]?.text else { return [:] }
        var values: JSONObject = [:]
        for field in plan.references where !field.isReadOnly && plan[remote: field.name] == nil {
            guard let object = field.refers else { continue }
            let there = try tx.first(
                """
                SELECT sync_links.remote_id FROM sync_links
                JOIN syncs ON syncs.tenant_id = sync_links.tenant_id AND syncs.id = sync_links.sync_id
                WHERE sync_links.tenant_id = \(tx.tenant) AND syncs.integration_id = \(plan.sync.integrationID)
                    AND syncs.object = \(object) AND sync_links.state = 'linked'
                    AND sync_links.remote_id IS NOT NULL AND sync_links.local_id IN (
                        SELECT id FROM leads WHERE tenant_id = \(tx.tenant) AND id = \(lead)
                        UNION ALL
                        SELECT company_id FROM leads WHERE tenant_id = \(tx.tenant) AND id = \(lead))
                ORDER BY sync_links.local_id LIMIT 1
                """
            ) { $0.text(0) }
            guard let there else { continue }
            values[field.name] = field.type == "integer" ? Int64(there).map { .integer($0) } : .string(there)
        }
        return values
    }
}
