package import Nouns
package import Records
internal import Cryptography
package import Database
package import JSON
package import Telemetry

/// Records who did what: one link of a tenant's chain. Each entry's hash covers its content and the hash of its
/// predecessor, with a key that is not in the database, so that nothing can be changed, inserted or removed without a
/// trace. The end of the chain is stored apart (`audit_heads`), so that its last entries cannot be cut off either.
package struct AuditEntry: StoredRow {
    package let row: Int64
    package let id: String
    package let actor: (type: String, id: String)
    package let action: String
    package let subject: Subject
    /// JSON text.
    package let changes: String
    package let createdAt: Instant
    /// `nil` in a file, where it is the hash of the entry before, which is there: `AuditLogStore.linked`.
    package fileprivate(set) var previousHash: String?
    package let hash: String
    /// The run and the decision of an agent's action, and the action's outcome. The identifiers are kept as the texts
    /// from which the hash was made.
    package let run: String?, decision: String?, outcome: String?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (self.row, id) = (row.int64("row"), row.text("id"))
        (actor, action) = ((row.text("actor_type"), row.text("actor_id")), row.text("action"))
        subject = row.subject()
        (changes, createdAt) = (row.text("changes"), row.instant("created_at"))
        (previousHash, hash) = (row.hash("previous_hash"), row.hash("hash") ?? "")
        (run, decision) = (row.optionalText("run_id"), row.optionalText("decision_id"))
        outcome = row.optionalText("outcome")
    }

    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", .string(id))
        writer.member("actor", ["type": .string(actor.type), "id": .string(actor.id)])
        writer.member("action", .string(action))
        writer.member("subject", subject.json)
        writer.key("changes")
        writer.raw(changes.utf8)
        writer.member("run_id", JSON(run))
        writer.member("decision_id", JSON(decision))
        writer.member("outcome", JSON(outcome))
        writer.member("created_at", .string(createdAt.description))
        writer.member("previous_hash", .string(previousHash ?? ""))
        writer.member("hash", .string(hash))
        writer.endObject()
    }

    /// Returns whether the hash matches the content and the hash before; entries from before there was a key have
    /// a hash without it.
    func isSound(after previous: String, by key: HMACKey?) -> Bool {
        constantTimeEqual(hash, Hex.encode(auditHash(previous, row, fields, origin, createdAt, key)))
    }

    private var fields: [String] { [id, actor.type, actor.id, action, subject.type, subject.id, changes] }
    private var origin: [String?] { [run, decision, outcome] }
}

/// Returns a hash as a file keeps it: its bytes, unless they would not give the text again.
func storedHash(_ hash: String) -> SQLValue {
    guard let bytes = Hex.decode(hash), Hex.encode(bytes) == hash else { return .text(hash) }
    return .blob(bytes)
}

/// Returns the hash in a column, which a file has as its bytes and a server as text.
private func shownHash(_ row: Row, _ column: Int) -> String? {
    switch row.value(column) {
    case .blob(let bytes): Hex.encode(bytes)
    case .text(let text): text
    default: nil
    }
}

extension ColumnReader {
    fileprivate mutating func hash(_ name: String) -> String? { value(name, shownHash) }
}

/// Computes HMAC-SHA-256 over the predecessor's hash, the place in the chain, the time, and each field with its
/// length. What an entry goes back to follows where there is any of it, so that the hashes of all others are what they
/// were before entries had it.
private func auditHash(
    _ previous: String, _ row: Int64, _ fields: [String], _ origin: [String?], _ createdAt: Instant,
    _ key: HMACKey?
) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    bytes.append(contentsOf: previous.utf8)
    withUnsafeBytes(of: row.bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: createdAt.microseconds.bigEndian) { bytes.append(contentsOf: $0) }
    var parts: [String?] = fields
    if origin.contains(where: { $0 != nil }) { parts += origin }
    for part in parts {
        // No text is as long as what stands for none.
        let length = part.map { UInt32(truncatingIfNeeded: $0.utf8.count) } ?? .max
        withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
        if let part { bytes.append(contentsOf: part.utf8) }
    }
    return key?.code(of: bytes) ?? SHA256.hash(bytes)
}

/// The newest link of a tenant's chain.
private struct AuditHead: StoredRow {
    let row: Int64
    let hash: String
    /// Its entry is there, and has this hash.
    let isStored: Bool

    static let columns = Columns(of: Self.self)

    init(row: Int64, hash: String, isStored: Bool) {
        (self.row, self.hash, self.isStored) = (row, hash, isStored)
    }

    init(_ row: inout ColumnReader) {
        (self.row, hash, isStored) = (row.int64("row"), row.hash("hash") ?? "", true)
    }
}

/// The seal of a chain, stored apart from its entries: its last link, the first entry whose hash has a key (0 when the
/// rest was lost once), and a code over these and the tenant. Entries need not name their tenant, since the hash of
/// the last one stands for all before it; therefore sandboxes that do the same have the same audit.
private struct AuditSeal: StoredRow {
    let row: Int64
    let hash: String
    let keyedFrom: Int64
    let code: String

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (self.row, hash) = (row.int64("row"), row.text("hash"))
        (keyedFrom, code) = (row.int64("keyed_from"), row.text("code"))
    }

    /// Returns whether the seal is unchanged. A chain from before there was a key gets its first code with
    /// its next entry.
    func isSound(_ tenant: TenantID, _ key: HMACKey) -> Bool {
        code.isEmpty && keyedFrom > row
            || keyedFrom > 0 && constantTimeEqual(code, Self.code(tenant, row, hash, keyedFrom, key))
    }

    static func code(
        _ tenant: TenantID, _ row: Int64, _ hash: String, _ keyedFrom: Int64, _ key: HMACKey
    ) -> String {
        Hex.encode(key.code(of: Array("head \(tenant) \(row) \(keyedFrom) \(hash)".utf8)))
    }
}

extension AuditLogStore {
    fileprivate func currentSeal() throws -> AuditSeal? {
        try tx.first(auditSealStatement, [tx.tenant.sqlValue], AuditSeal.init)
    }

    fileprivate func lastEntry() throws -> AuditHead? {
        let statement = tx.dialect == .sqlite ? placedHead : auditHead
        return try tx.first(statement, [tx.tenant.sqlValue], AuditHead.init)
    }
}

private let firstPreviousHash = String(repeating: "0", count: 64)

extension AuditLogStore where Base == Transaction {
    /// Adds an entry to the tenant's audit. `run` and `decision`: what an agent's action goes back to, without them the
    /// agent's run that writes; `outcome`: what came of it.
    package func add(
        _ actor: Actor, _ action: String, _ subject: Subject, _ changes: JSON = [:], run: RunID? = nil,
        decision: DecisionID? = nil, outcome: String? = nil
    ) throws {
        try add(
            actor, action, subject, text: changes.serialized, run: run, decision: decision, outcome: outcome)
    }

    /// Adds an entry to the tenant's audit, with changes that are JSON text already.
    package func add(
        _ actor: Actor, _ action: String, _ subject: Subject, text changes: String, run origin: RunID? = nil,
        decision: DecisionID? = nil, outcome: String? = nil
    ) throws {
        let acting = tx.pending.acting.flatMap { actor == .agent($0.agent) ? RunID.agent($0.run) : nil }
        let origin = origin ?? acting
        let runtime = tx.runtime
        let head = try tx.noted(AuditHead.self) ?? end()
        let row = head.row + 1
        let id = tx.makeID("aud_")
        let fields = [
            id, actor.kind.rawValue, actor.id, action, subject.type, subject.id, changes,
        ]
        let code = auditHash(
            head.hash, row, fields, [origin?.text, decision?.text, outcome], tx.now,
            runtime.configuration.auditKey)
        let hash = Hex.encode(code)
        let place = try tx.dialect == .sqlite ? Places.place(of: row, in: tx) : nil
        try tx.withValues { values in
            values.append(tx.tenant.sqlValue)
            values.append(row.sqlValue)
            for field in fields { values.append(field.sqlValue) }
            values.append(tx.now.sqlValue)
            if place == nil {
                values.append(head.hash.sqlValue)
                values.append(hash.sqlValue)
            } else {
                values.append(head.isStored ? .null : storedHash(head.hash))
                values.append(code.sqlValue)
            }
            values.append(origin.sqlValue)
            values.append(decision.sqlValue)
            values.append(outcome.sqlValue)
            if let place { values.append(place.sqlValue) }
            try tx.run(place == nil ? insertAudit : placeAudit, values)
        }
        tx.note(AuditHead(row: row, hash: hash, isStored: true))
        tx.add(1, to: "audit \(tx.tenant)") { count in try seal(count) }
    }

    /// Returns the end of the chain as the seal states it, so that a chain which was cut off shows a gap.
    private func end() throws -> AuditHead {
        let (seal, last) = (try currentSeal(), try lastEntry())
        if let seal, seal.row >= last?.row ?? 0 {
            let isStored = last.map { $0.row == seal.row && $0.hash == seal.hash } ?? false
            return AuditHead(row: seal.row, hash: seal.hash, isStored: isStored)
        }
        return last ?? AuditHead(row: 0, hash: firstPreviousHash, isStored: false)
    }

    /// Writes the seal, unless the present one is broken or does not fit the entry before these: then it stays broken.
    private func seal(_ count: Int) throws {
        guard let last = try lastEntry() else { return }
        let (key, before) = (tx.runtime.configuration.auditKey, last.row - Int64(count))
        let keyedFrom: Int64 =
            if let seal = try currentSeal() {
                seal.row == before && seal.isSound(tx.tenant, key) ? seal.keyedFrom : 0
            } else {
                before == 0 ? 1 : 0
            }
        let code = AuditSeal.code(tx.tenant, last.row, last.hash, keyedFrom, key)
        try tx.run(
            sealAuditStatement,
            [tx.tenant.sqlValue, last.row.sqlValue, last.hash.sqlValue, keyedFrom.sqlValue, code.sqlValue])
    }
}

extension AuditLogStore {
    package func entry(_ id: String) throws -> AuditEntry? {
        try tx.first(
            "SELECT \(AuditEntry.columns) FROM audit WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            AuditEntry.init
        ).map(linked)
    }

    /// Returns the entry with the hash of the one before it.
    package func linked(_ entry: AuditEntry) throws -> AuditEntry {
        guard entry.previousHash == nil else { return entry }
        var linked = entry
        let before = entry.row - 1
        linked.previousHash =
            try tx.first(hashOfRow, [tx.tenant.sqlValue, before.sqlValue]) { shownHash($0, 0) } ?? nil
        return linked
    }
}

package struct AuditVerification: Equatable, Sendable {
    package let valid: Bool
    package let entries: Int
    /// The id of the first entry that does not follow from its predecessor, or not from its own content.
    package let firstInvalid: String?
}

extension Runtime {
    /// Reads a tenant's whole chain page by page, and checks every link, every content and the end.
    package func verifyAudit(_ tenant: TenantID) throws -> AuditVerification {
        let key = configuration.auditKey
        var (row, hash, count): (Int64, String?, Int) = (0, nil, 0)
        var last: String?
        while true {
            let (page, seal) = try database.read(tenant) { reader in
                (
                    try reader.all(
                        reader.dialect == .sqlite ? placedPage : auditPage,
                        [tenant.sqlValue, row.sqlValue], AuditEntry.init),
                    try reader.auditLog.currentSeal()
                )
            }
            let keyedFrom = seal?.keyedFrom ?? 1
            for entry in page {
                count += 1
                // Without a hash of its own an entry follows the one that was read before it.
                let previous = entry.previousHash ?? hash ?? ""
                // Nothing of the product's takes the beginning. Where somebody has, when entries had that hash
                // themselves, what is left starts with any predecessor.
                let follows =
                    hash.map { previous == $0 && entry.row == row + 1 }
                    ?? (entry.row > 1 || previous == firstPreviousHash)
                guard follows, entry.isSound(after: previous, by: entry.row >= keyedFrom ? key : nil) else {
                    return AuditVerification(valid: false, entries: count, firstInvalid: entry.id)
                }
                (row, hash, last) = (entry.row, entry.hash, entry.id)
            }
            guard page.count < 500 else { continue }
            let ends =
                if let seal {
                    seal.row == row && seal.hash == hash ?? firstPreviousHash && seal.isSound(tenant, key)
                } else {
                    count == 0
                }
            // Where the end is missing, the last entry found is the first one that is invalid.
            return AuditVerification(valid: ends, entries: count, firstInvalid: ends ? nil : last)
        }
    }
}

private let auditHead = Statement(
    "SELECT \(AuditHead.columns) FROM audit WHERE tenant_id = $1 ORDER BY row DESC LIMIT 1")

private let auditSealStatement = Statement(
    "SELECT \(AuditSeal.columns) FROM audit_heads WHERE tenant_id = $1")

private let sealAuditStatement = Statement(
    """
    INSERT INTO audit_heads (tenant_id, row, hash, keyed_from, code) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant_id) DO UPDATE SET row = excluded.row, hash = excluded.hash,
        keyed_from = excluded.keyed_from, code = excluded.code
    """)

private let insertAudit = Statement(
    """
    INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes,
        created_at, previous_hash, hash, run_id, decision_id, outcome)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    """)

private let auditPage = Statement(
    """
    SELECT \(AuditEntry.columns) FROM audit WHERE tenant_id = $1 AND row > $2 ORDER BY row LIMIT 500
    """)

// A file's, which has entries by their places.

private let placedHead = Statement(
    """
    SELECT \(AuditHead.columns) FROM audit NOT INDEXED WHERE tenant_id = $1 AND \(Places.textAfter("0"))
    ORDER BY place DESC LIMIT 1
    """)

private let placeAudit = Statement(
    """
    INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes,
        created_at, previous_hash, hash, run_id, decision_id, outcome, place)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    """)

private let placedPage = Statement(
    """
    SELECT \(AuditEntry.columns) FROM audit NOT INDEXED
    WHERE tenant_id = $1 AND \(Places.textAfter("$2")) ORDER BY place LIMIT 500
    """)

private let hashOfRow = Statement(
    """
    SELECT hash FROM audit NOT INDEXED WHERE tenant_id = $1
        AND place = (SELECT number << 40 FROM tenant_numbers WHERE tenant = $1) + $2
    """)
