internal import Agents
internal import ChangeSets
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry

/// The plan of enrichment, what waits for it, and how well sources do: `tx.enrichment`.
package struct EnrichmentStore<Base: Queryable> {
    let tx: Base

    func document() throws -> JSONObject {
        try tx.first("SELECT document FROM enrichment_plans WHERE tenant_id = \(tx.tenant)") {
            JSON(stored: $0.text(0)).object ?? [:]
        } ?? [:]
    }

    /// Returns the agency's plan as it stands, over what the sources suggest.
    func plan(_ sources: EnrichmentSources) throws -> EnrichmentPlan {
        var plan = EnrichmentPlan(sources), faults = Faults()
        plan.apply(try document(), sources, &faults)
        return plan
    }

    /// Returns how often sources knew what they were asked, by source and field.
    func yields() throws -> [String: SourceYield] {
        var yields: [String: SourceYield] = [:]
        try tx.each("SELECT source, field, asked, found FROM source_yields WHERE tenant_id = \(tx.tenant)") {
            yields["\($0.text(0))/\($0.text(1))"] = SourceYield(asked: $0.int(2), found: $0.int(3))
        }
        return yields
    }

    /// Returns leads that wait for their first enrichment, in the order in which they came: those that may be
    /// enriched, or those that bad data holds back.
    func waiting(_ limit: Int, held: Bool = false) throws -> [LeadID] {
        let condition = held ? "NOT " + isFree : isFree
        return try tx.all(
            """
            SELECT enrichment_states.lead_id FROM enrichment_states
            LEFT JOIN leads ON leads.tenant_id = enrichment_states.tenant_id AND leads.id = enrichment_states.lead_id
            WHERE enrichment_states.tenant_id = \(tx.tenant) AND enrichment_states.enriched_at IS NULL
                AND \(condition)
            ORDER BY enrichment_states.wanted_at, enrichment_states.lead_id LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }

    /// The condition that no bad data stops the enrichment of a lead: its own, its company's or its person's.
    private var isFree: SQL {
        tx.recordHolds.noneStops(
            .enrichment, of: "enrichment_states.lead_id, leads.company_id, leads.contact_id")
    }

    /// Returns leads about which only free sources were asked.
    func begun(_ limit: Int) throws -> [LeadID] {
        try tx.all(
            """
            SELECT enrichment_states.lead_id FROM enrichment_states
            LEFT JOIN leads ON leads.tenant_id = enrichment_states.tenant_id AND leads.id = enrichment_states.lead_id
            WHERE enrichment_states.tenant_id = \(tx.tenant) AND enrichment_states.completed_at IS NULL
                AND enrichment_states.enriched_at IS NOT NULL AND \(isFree)
            ORDER BY enrichment_states.enriched_at, enrichment_states.lead_id LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }

    /// Returns open leads that nobody has asked sources about.
    func unseen(after place: LeadID, _ limit: Int) throws -> [LeadID] {
        try tx.all(
            """
            SELECT id FROM leads WHERE tenant_id = \(tx.tenant) AND id > \(place)
                AND status NOT IN ('archived', 'lost', 'disqualified')
                AND NOT EXISTS (SELECT 1 FROM enrichment_states
                    WHERE enrichment_states.tenant_id = leads.tenant_id AND lead_id = leads.id)
            ORDER BY id LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }

    /// Returns leads of which a fact has become stale since they were last asked about.
    func stale(_ limit: Int) throws -> [LeadID] {
        try tx.all(
            """
            SELECT facts.subject_id FROM facts
            JOIN enrichment_states ON enrichment_states.tenant_id = facts.tenant_id
                AND enrichment_states.lead_id = facts.subject_id
            LEFT JOIN leads ON leads.tenant_id = facts.tenant_id AND leads.id = facts.subject_id
            WHERE facts.tenant_id = \(tx.tenant) AND facts.status = 'current'
                AND facts.expires_at <= \(tx.now) AND enrichment_states.enriched_at < facts.expires_at
                AND \(isFree)
            GROUP BY facts.subject_id ORDER BY min(facts.expires_at) LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }
}

extension Queryable {
    package var enrichment: EnrichmentStore<Self> { EnrichmentStore(tx: self) }
}

package extension EnrichmentStore where Base == Transaction {
    internal func save(_ document: JSONObject) throws {
        let text = JSON.object(document).serialized
        try tx.run(
            """
            INSERT INTO enrichment_plans (tenant_id, document) VALUES (\(tx.tenant), \(text))
            ON CONFLICT (tenant_id) DO UPDATE SET document = excluded.document
            """)
    }

    /// Has leads enriched soon that a search has found, unless the agency wants that of none.
    func want(_ leads: [LeadID]) throws {
        guard !leads.isEmpty, try tx.enrichment.mode() != .none else { return }
        for lead in leads { try wait(lead) }
        try startSoon()
    }

    /// Has those that wait and may be enriched be enriched soon.
    internal func startSoon() throws {
        try tx.jobs.enqueue(
            EnrichmentStart.self, EnrichmentStart.Payload(),
            JobOptions(uniqueKey: "start", uniqueness: .untilStarted))
    }

    /// Notes that sources were asked; `wholly`: also those that are paid.
    internal func noteEnriched(_ lead: LeadID, wholly: Bool) throws {
        try tx.run(
            """
            INSERT INTO enrichment_states (tenant_id, lead_id, wanted_at, enriched_at, completed_at)
            VALUES (\(tx.tenant), \(lead), \(tx.now), \(tx.now), \(wholly ? tx.now : nil))
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET enriched_at = excluded.enriched_at,
                completed_at = coalesce(excluded.completed_at, enrichment_states.completed_at)
            """)
    }

    /// Has a lead wait for its first enrichment.
    internal func wait(_ lead: LeadID) throws {
        try tx.run(
            """
            INSERT INTO enrichment_states (tenant_id, lead_id, wanted_at) VALUES (\(tx.tenant), \(lead), \(tx.now))
            ON CONFLICT (tenant_id, lead_id) DO NOTHING
            """)
    }

    @discardableResult
    internal func forget(_ leads: [some Key]) throws -> Int {
        guard !leads.isEmpty else { return 0 }
        let leads = leads.map(\.keyText)
        try tx.run(
            "DELETE FROM held_enrichments WHERE tenant_id = \(tx.tenant) AND lead_id IN \(list: leads)")
        try tx.run(
            "DELETE FROM research_claims WHERE tenant_id = \(tx.tenant) AND lead_id IN \(list: leads)")
        return try tx.run(
            "DELETE FROM enrichment_states WHERE tenant_id = \(tx.tenant) AND lead_id IN \(list: leads)")
    }

    /// Counts that a source was asked for fields, and which of them it knew.
    internal func count(_ source: String, asked: Set<String>, found: Set<String>) throws {
        for field in asked.sorted() {
            let hit = found.contains(field) ? 1 : 0
            try tx.run(
                """
                INSERT INTO source_yields (tenant_id, source, field, asked, found)
                VALUES (\(tx.tenant), \(source), \(field), 1, \(hit))
                ON CONFLICT (tenant_id, source, field) DO UPDATE SET asked = source_yields.asked + 1,
                    found = source_yields.found + excluded.found
                """)
        }
    }

    internal func mode() throws -> ResearchSettings.Mode {
        let agent = try tx.runtime.agents.definition(ProspectResearchAgent.agent)
        let values = try tx.agentConfigurations.published(agent).values
        return values["enrich_new"]?.text.flatMap(ResearchSettings.Mode.init(rawValue:)) ?? .found
    }
}
