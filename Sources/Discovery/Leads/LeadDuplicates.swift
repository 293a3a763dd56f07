internal import Database
internal import JSON
internal import Platform
internal import Records

/// Two leads that seem to be the same, and why.
struct DuplicatePair {
    let leads: [String]
    let confidence: Double
    let reasons: [String]

    var json: JSON {
        ["leads": JSON(leads), "confidence": .number(confidence), "reasons": JSON(reasons)]
    }
}

extension Queryable {
    /// The surest pairs. Both look-ups walk an index of the tenant's own range.
    func duplicates(limit: Int) throws -> [DuplicatePair] {
        var pairs: [String: DuplicatePair] = [:]
        func add(_ a: String, _ b: String, _ confidence: Double, _ reason: String) {
            let key = a < b ? "\(a) \(b)" : "\(b) \(a)"
            let known = pairs[key]
            pairs[key] = DuplicatePair(
                leads: [a, b].sorted(), confidence: max(known?.confidence ?? 0, confidence),
                reasons: (known?.reasons ?? []) + [reason])
        }
        try each(
            """
            SELECT a.id, b.id FROM leads a JOIN leads b
            ON b.tenant_id = a.tenant_id AND b.email = a.email AND b.id > a.id AND b.status <> 'archived'
            WHERE a.tenant_id = \(tenant) AND a.email IS NOT NULL AND a.status <> 'archived' LIMIT \(limit)
            """
        ) { add($0.text(0), $0.text(1), 0.98, "same e-mail") }
        try each(
            """
            SELECT a.id, b.id FROM leads a JOIN leads b
            ON b.tenant_id = a.tenant_id AND b.identity_key = a.identity_key AND b.id > a.id AND b.status <> 'archived'
            WHERE a.tenant_id = \(tenant) AND a.identity_key IS NOT NULL AND a.status <> 'archived' LIMIT \(limit)
            """
        ) { add($0.text(0), $0.text(1), 0.9, "same firm and name") }
        return pairs.values.sorted { ($1.confidence, $0.leads[0]) < ($0.confidence, $1.leads[0]) }.prefix(
            limit
        ).map { $0 }
    }
}
