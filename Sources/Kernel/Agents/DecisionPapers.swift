internal import Database
internal import Jobs
internal import Telemetry
internal import Wire

/// The longest texts of a decision: what spoke for its outcome, and all that was known. Decisions are kept for good,
/// and those of long ago are read seldom: these texts of theirs are then compressed (`decisions.papers`), which leaves
/// about a quarter. Whoever reads a decision gets them as they were, so that it is shown, exported and replayed as
/// ever.
struct DecisionPapers: Equatable {
    /// Shorter ones stay as they are: they would hardly become smaller.
    static let packedMin = 512
    /// More than any decision holds.
    private static let bytesMax = 64 * 1024 * 1024
    /// JSON texts hold no such character.
    private static let separator: UInt8 = 0

    let factors: String, inputs: String

    init(factors: String, inputs: String) { (self.factors, self.inputs) = (factors, inputs) }

    init(packed: [UInt8]) throws {
        let bytes: [UInt8]
        do throws(Gzip.Fault) {
            bytes = try Gzip.decoded(packed, limit: Self.bytesMax)
        } catch {
            throw DatabaseError.unavailable(.corrupt("the papers of a decision cannot be unpacked"))
        }
        let end = bytes.firstIndex(of: Self.separator) ?? bytes.endIndex
        factors = String(decoding: bytes[..<end], as: UTF8.self)
        inputs = String(decoding: bytes[end...].dropFirst(), as: UTF8.self)
    }

    var packed: [UInt8] { Gzip.encoded("\(factors)\u{0}\(inputs)") }
}

extension Sweep {
    /// Compresses the papers of decisions that are older than the runs which are kept.
    func packDecisions() async throws {
        let age = retention.runs
        try await inChunks { tx in
            let old = try tx.all(unpackedDecisions, [(tx.now - age).sqlValue, Sweep.chunk.sqlValue]) { row in
                (
                    tenant: row.text(0), id: row.text(1),
                    papers: DecisionPapers(factors: row.text(2), inputs: row.text(3))
                )
            }
            for (tenant, id, papers) in old {
                try tx.run(packDecision, [papers.packed.sqlValue, tenant.sqlValue, id.sqlValue])
            }
            return old.count
        }
    }
}

/// Says by which decisions the index `decisions_unpacked` has.
let unpackedDecision = "papers IS NULL AND length(inputs) + length(factors) >= \(DecisionPapers.packedMin)"

private let unpackedDecisions = Sweep.acrossTenantsRemoval(
    """
    SELECT tenant_id, id, factors, inputs FROM decisions WHERE \(unpackedDecision) AND created_at < $1
        AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = \(literal: Realm.sandbox))
    ORDER BY created_at LIMIT $2
    """)

private let packDecision = Statement(
    "UPDATE decisions SET papers = $1, factors = '', inputs = '' WHERE tenant_id = $2 AND id = $3")
