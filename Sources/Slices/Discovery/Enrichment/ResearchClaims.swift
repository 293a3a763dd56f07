internal import Database
internal import Nouns
internal import Records
internal import Telemetry

/// Makes the table of the leads that runs of research have taken.
let researchClaimMigration = Migration(number: 854, name: "leads that runs of research have taken") {
    dialect in
    [
        """
        CREATE TABLE research_claims (
            tenant_id TEXT NOT NULL, lead_id TEXT NOT NULL, run_id TEXT NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, lead_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// The leads that runs of research have taken, so that their sources are asked once, however many runs there are at
/// the same time: `tx.researchClaims`.
struct ResearchClaimStore<Base: Queryable> {
    let tx: Base

    /// Returns the leads that other runs are at.
    func others(than run: AgentRunID) throws -> Set<LeadID> {
        Set(
            try tx.all(
                """
                SELECT lead_id FROM research_claims
                WHERE tenant_id = \(tx.tenant) AND run_id <> \(run) AND until > \(tx.now)
                """
            ) { LeadID($0, 0) })
    }

    /// Returns the leads that a run has taken, in all of its attempts.
    func leads(of run: AgentRunID) throws -> [LeadID] {
        try tx.all(
            "SELECT lead_id FROM research_claims WHERE tenant_id = \(tx.tenant) AND run_id = \(run)"
        ) { LeadID($0, 0) }
    }
}

extension Queryable {
    var researchClaims: ResearchClaimStore<Self> { ResearchClaimStore(tx: self) }
}

extension ResearchClaimStore where Base == Transaction {
    /// The time for which a run has its leads: as long as it may take. Interrupted, it finds them again.
    private static var time: Duration { .seconds(3600) }

    /// Takes leads for a run; returns those that no other run is at.
    func take(_ leads: [LeadID], for run: AgentRunID) throws -> [LeadID] {
        try tx.run(
            "DELETE FROM research_claims WHERE tenant_id = \(tx.tenant) AND until <= \(tx.now)")
        return try leads.filter { lead in
            try tx.run(
                """
                INSERT INTO research_claims (tenant_id, lead_id, run_id, until)
                VALUES (\(tx.tenant), \(lead), \(run), \(tx.now + Self.time))
                ON CONFLICT (tenant_id, lead_id) DO UPDATE SET until = excluded.until
                WHERE research_claims.run_id = excluded.run_id
                """) > 0
        }
    }

    /// Lets go of the leads of a run that is over: another one may take them.
    func release(_ run: AgentRunID) throws {
        try tx.run("DELETE FROM research_claims WHERE tenant_id = \(tx.tenant) AND run_id = \(run)")
    }
}
