internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Findings about content items that people let pass: `tx.qualityOverrides`.
struct QualityOverrideStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var qualityOverrides: QualityOverrideStore<Self> { QualityOverrideStore(tx: self) }
}

extension QualityOverrideStore {
    /// The marks of the findings of an item that people let pass.
    func marks(of item: ContentItemID) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT mark FROM content_overrides
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item)
                """
            ) { $0.text(0) })
    }
}

extension QualityOverrideStore where Base == Transaction {
    /// Returns the findings of a code about an item that are still looked at; throws where there are none.
    func findings(
        _ code: QualityFinding.Code, evidence: String?, of item: ContentItem
    ) throws -> [QualityFinding] {
        let found = QualityReport(try tx.contentQuality.input(for: item)).findings.filter { finding in
            finding.code == code && !finding.isOverridden
                && (evidence ?? finding.evidence) == finding.evidence
        }
        guard !found.isEmpty else {
            throw Problem(.conflict, "The item has no such finding now: check it again.")
        }
        return found
    }

    /// Lets findings pass, wherever in the piece the same words stand. The agency's later pieces learn from it.
    func override(
        _ findings: [QualityFinding], of item: ContentItem, because reason: String, by actor: Actor
    ) throws {
        for finding in findings {
            try tx.run(
                """
                INSERT INTO content_overrides
                    (tenant_id, content_item_id, mark, code, reason, decided_by, decided_at)
                VALUES (\(tx.tenant), \(item.id), \(finding.mark), \(finding.code.rawValue), \(reason),
                    \(actor.id), \(tx.now))
                ON CONFLICT (tenant_id, content_item_id, mark) DO NOTHING
                """)
        }
        try tx.auditLog.add(
            actor, "content_item.finding_overridden", item.subject,
            ["code": JSON(findings.first?.code.rawValue), "reason": .string(reason)])
    }

    /// Looks at the findings of a code again.
    func end(_ code: QualityFinding.Code, of item: ContentItem, by actor: Actor) throws {
        let ended = try tx.run(
            """
            DELETE FROM content_overrides WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id)
                AND code = \(code.rawValue)
            """)
        guard ended > 0 else { return }
        try tx.auditLog.add(
            actor, "content_item.override_ended", item.subject, ["code": .string(code.rawValue)])
    }
}
