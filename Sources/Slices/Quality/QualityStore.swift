internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Issues, scores and places of data quality: `tx.quality`.
struct QualityStore<Base: Queryable> {
    let tx: Base

    func hasRule(_ name: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM quality_rules WHERE tenant_id = \(tx.tenant) AND name = \(name)")
    }

    func hasRules(for table: String) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM quality_rules
            WHERE tenant_id = \(tx.tenant) AND resource = \(table) AND enabled = 1 LIMIT 1
            """)
    }

    /// Returns the records whose open issues have to do with some others.
    func dependents(of ids: [String]) throws -> [Subject] {
        try tx.all(
            """
            SELECT subject_type, subject_id FROM quality_issues
            WHERE tenant_id = \(tx.tenant) AND other_id IN \(list: ids) AND status = 'open'
            """
        ) { Subject(type: $0.text(0), id: $0.text(1)) }
    }

    func scores(of subjects: [String]) throws -> [String: Int] {
        var scores: [String: Int] = [:]
        try tx.each(
            """
            SELECT subject_id, score FROM quality_scores
            WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects)
            """
        ) { scores[$0.text(0)] = $0.int(1) }
        return scores
    }

    /// Returns a place that was kept under a name.
    func place(of name: String) throws -> String? {
        try tx.first("SELECT place FROM quality_places WHERE tenant_id = \(tx.tenant) AND name = \(name)") {
            $0.text(0)
        }
    }

    func usualNumbers(of rule: ID<QualityRule>) throws -> UsualNumbers? {
        try place(of: "usual/\(rule)").flatMap { UsualNumbers(JSON(stored: $0)) }
    }
}

extension Queryable {
    var quality: QualityStore<Self> { QualityStore(tx: self) }
}

extension QualityStore where Base == Transaction {
    func setPlace(of name: String, to place: String) throws {
        try tx.run(
            """
            INSERT INTO quality_places (tenant_id, name, place) VALUES (\(tx.tenant), \(name), \(place))
            ON CONFLICT (tenant_id, name) DO UPDATE SET place = excluded.place
            """)
    }

    /// Forgets the places whose names begin so.
    func forgetPlaces(under prefix: String) throws {
        try tx.run(
            """
            DELETE FROM quality_places
            WHERE tenant_id = \(tx.tenant) AND name >= \(prefix) AND name < \(prefix + "\u{10FFFF}")
            """)
    }

    /// Ends the open issues of a rule that is no longer in force.
    func resolve(rule: ID<QualityRule>) throws {
        for id in try openIssues(of: rule) { try tx.recordHolds.release(cause: id) }
        try tx.run(
            """
            UPDATE quality_issues SET status = 'resolved', closed_at = \(tx.now), version = version + 1,
                updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND rule_id = \(rule) AND status = 'open'
            """)
    }

    /// Stops what a rule is to stop from now on, for all records that do not meet it.
    func holdAnew(_ rule: QualityRule) throws {
        for id in try openIssues(of: rule.id) {
            try tx.recordHolds.release(cause: id)
            guard rule.isEnabled, let id = ID<QualityIssue>(id),
                let issue = try QualityIssue.resource.find(id, in: tx)
            else { continue }
            try hold(issue, for: rule.uses)
        }
    }

    private func openIssues(of rule: ID<QualityRule>) throws -> [String] {
        try tx.all(
            """
            SELECT id FROM quality_issues
            WHERE tenant_id = \(tx.tenant) AND rule_id = \(rule) AND status = 'open' ORDER BY id
            """
        ) { $0.text(0) }
    }

    /// Stops uses of the record that an open issue is about.
    func hold(_ issue: QualityIssue, for uses: [RecordUse]) throws {
        guard !uses.isEmpty else { return }
        let detail = issue.remedy["detail"]?.text ?? "The record does not meet the rule \(issue.rule)."
        try tx.recordHolds.hold(
            issue.record, for: uses, field: issue.field, because: "Data quality (\(issue.rule)): \(detail)",
            cause: issue.id, by: DataManagementAgent.id)
    }

    func set(_ severity: QualityRule.Severity, ofRule rule: ID<QualityRule>) throws {
        try tx.run(
            """
            UPDATE quality_issues SET severity = \(severity.rawValue), version = version + 1,
                updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND rule_id = \(rule)
            """)
    }

    /// Forgets issues that were over before a time; what is ignored is kept as long as the value is the same.
    func removeClosed(before instant: Instant) throws {
        try tx.run(
            """
            DELETE FROM quality_issues WHERE tenant_id = \(tx.tenant) AND id IN (
                SELECT id FROM quality_issues
                WHERE tenant_id = \(tx.tenant) AND status IN ('fixed', 'resolved') AND closed_at < \(instant)
                ORDER BY id LIMIT 1000)
            """)
    }

    /// Takes away what is kept about records that are gone.
    func forget(_ subjects: [String]) throws {
        guard !subjects.isEmpty else { return }
        try tx.recordHolds.forget(subjects)
        try tx.run(
            "DELETE FROM quality_issues WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects)")
        try tx.run(
            "DELETE FROM quality_scores WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects)")
    }

    func save(_ old: QualityIssue, _ new: inout QualityIssue) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try QualityIssue.resource.update(old, to: new, in: tx)
        if old.status == .open, new.status != .open { try tx.recordHolds.release(cause: old.id) }
    }

    func ignore(_ old: QualityIssue, because reason: String, by actor: Actor) throws -> QualityIssue {
        guard old.status == .open else {
            throw Problem(
                .invalidTransition, "The issue is \(old.status.rawValue): only an open one is ignored.",
                extra: ["allowed": []])
        }
        var issue = old
        (issue.status, issue.reason, issue.closedAt) = (.ignored, reason, tx.now)
        try save(old, &issue)
        try tx.auditLog.add(
            actor, "quality_issue.ignored", issue.subject,
            ["rule": .string(issue.rule), "subject_id": .string(issue.subjectID), "reason": .string(reason)])
        return issue
    }
}
