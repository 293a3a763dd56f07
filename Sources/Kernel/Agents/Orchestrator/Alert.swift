package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry
package import Templates
package import Wording

/// Something that a person should know of, and what to do about it: a row of `alerts`. It stays open until its
/// cause is gone or someone resolves it.
package struct Alert: StoredRow, Identified {
    package static let idPrefix = "alert", table = "alerts"

    package enum Severity: String, CaseIterable, Comparable, Sendable {
        case info, warning, critical

        package static func < (a: Severity, b: Severity) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    package let id: ID<Alert>, kind: String
    package let severity: Severity
    /// The agent whose affair it is.
    package let agent: String?
    /// The texts in English; `said` is what they are made of, where the alert has that.
    package let title: String, action: String
    private let said: (title: Saying, action: Saying)?
    package let subject: Subject
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant, resolvedAt: Instant?
    /// The actor who resolved it; `system` when its cause was gone.
    package let resolvedBy: String?
    /// The time at which the alert was acknowledged, and the person who did it, with their note. A worse severity
    /// clears all three.
    package let acknowledgedAt: Instant?, acknowledgedBy: String?, note: String?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, kind) = (row.id("id"), row.text("kind"))
        severity = Severity(rawValue: row.text("severity")) ?? .warning
        (agent, title, action) = (
            row.optionalText("agent"), row.text("title"), row.text("recommended_action")
        )
        (subject, version) = (row.subject(), row.int("version"))
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
        (resolvedAt, resolvedBy) = (row.optionalInstant("resolved_at"), row.optionalText("resolved_by"))
        acknowledgedAt = row.optionalInstant("acknowledged_at")
        acknowledgedBy = row.optionalText("acknowledged_by")
        note = row.optionalText("note")
        let stored = row.optionalText("said").map { JSON(stored: $0) }
        if let title = Saying(json: stored?["title"]), let action = Saying(json: stored?["action"]) {
            said = (title, action)
        } else {
            said = nil
        }
    }

    /// Returns the alert in the reader's words, with times by the zone.
    package func json(in words: Wording, _ zone: TimeZoneRules) -> JSON {
        let title = said?.title.said(in: words, zone) ?? self.title
        let action = said?.action.said(in: words, zone) ?? self.action
        return [
            "id": JSON(id), "severity": .string(severity.rawValue), "kind": .string(kind),
            "agent": JSON(agent), "title": .string(title),
            "details": .object(said?.title.details ?? [:]), "recommended_action": .string(action),
            "subject": subject.json, "version": JSON(version), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description), "resolved_at": JSON(resolvedAt?.description),
            "resolved_by": JSON(resolvedBy), "acknowledged_at": JSON(acknowledgedAt?.description),
            "acknowledged_by": JSON(acknowledgedBy), "note": JSON(note),
        ]
    }
}

extension AlertStore where Base == Transaction {
    /// Raises an alert in this transaction. While one of the same kind and subject is open it is only brought
    /// up to date, so that a cause that lasts is told once. Without a subject it is about the agent, or else
    /// about the agency. `action` says what a person should do about it. Returns its id.
    @discardableResult
    package func raise(
        kind: String, severity: Alert.Severity, subject: Subject? = nil, agent: String? = nil,
        title saidTitle: Saying,
        action saidAction: Saying
    ) throws -> ID<Alert> {
        let subject = self.subject(subject, agent)
        let (title, action) = (saidTitle.english, saidAction.english)
        let said: JSON = ["title": saidTitle.json, "action": saidAction.json]
        if let open = try open(kind: kind, subject: subject) {
            guard (open.severity, open.title, open.action) != (severity, title, action) else {
                return open.id
            }
            try tx.run(
                updateAlert,
                [
                    tx.tenant.sqlValue, open.id.sqlValue, severity.rawValue.sqlValue, title.sqlValue,
                    action.sqlValue, tx.now.sqlValue, said.serialized.sqlValue,
                ])
            if severity > open.severity, open.acknowledgedAt != nil {
                try tx.run(takeBackAcknowledgement, [tx.tenant.sqlValue, open.id.sqlValue])
            }
            return open.id
        }
        let id = tx.makeID(Alert.self)
        try tx.run(
            insertAlert,
            [
                tx.tenant.sqlValue, id.sqlValue, severity.rawValue.sqlValue, kind.sqlValue, agent.sqlValue,
                title.sqlValue, action.sqlValue, subject.type.sqlValue, subject.id.sqlValue, tx.now.sqlValue,
                said.serialized.sqlValue,
            ])
        try tx.publish(
            "alert.raised", Subject(id),
            [
                "kind": .string(kind), "severity": .string(severity.rawValue), "title": .string(title),
                "subject": subject.json,
            ])
        return id
    }

    /// Resolves the open alert of that kind about that subject, because its cause is gone; false when there is
    /// none.
    @discardableResult
    package func resolve(kind: String, subject: Subject? = nil, agent: String? = nil) throws -> Bool {
        let subject = self.subject(subject, agent)
        guard let alert = try open(kind: kind, subject: subject) else { return false }
        return try end(alert, by: .system) != nil
    }

    /// Resolves an alert by hand. Throws when it is resolved already.
    package func resolve(_ id: ID<Alert>, by actor: Actor) throws -> Alert {
        guard let alert = try find(id) else { throw RuntimeError.notFound }
        guard let resolved = try end(alert, by: actor) else {
            throw RuntimeError.invalidTransition(of: "alert", from: "resolved", allowed: [])
        }
        try tx.auditLog.add(
            actor, "alert.resolved", Subject(id), ["kind": .string(alert.kind)])
        return resolved
    }

    /// Acknowledges an alert, which stays open, and records who did so, when, and their note. A second acknowledgement
    /// replaces the first. Throws when the alert is already resolved.
    package func acknowledge(_ id: ID<Alert>, note: String?, by actor: Actor) throws -> Alert {
        let changed = try tx.run(
            acknowledgeOpenAlert,
            [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue, actor.id.sqlValue, note.sqlValue])
        guard let alert = try find(id) else { throw RuntimeError.notFound }
        guard changed == 1 else {
            throw RuntimeError.invalidTransition(of: "alert", from: "resolved", allowed: [])
        }
        try tx.auditLog.add(
            actor, "alert.acknowledged", Subject(id), ["kind": .string(alert.kind)])
        try tx.publish(
            "alert.acknowledged", Subject(id),
            ["kind": .string(alert.kind), "by": .string(actor.id), "subject": alert.subject.json])
        return alert
    }

    private func end(_ alert: Alert, by actor: Actor) throws -> Alert? {
        let by = actor == .system ? "system" : actor.id
        let changed = try tx.run(
            resolveOpenAlert, [tx.tenant.sqlValue, alert.id.sqlValue, tx.now.sqlValue, by.sqlValue])
        guard changed == 1 else { return nil }
        try tx.publish(
            "alert.resolved", Subject(alert.id),
            ["kind": .string(alert.kind), "by": .string(by), "subject": alert.subject.json])
        return try self.find(alert.id)
    }

    private func subject(_ subject: Subject?, _ agent: String?) -> Subject {
        subject ?? agent.map { Subject(type: "agent", id: $0) }
            ?? Subject(type: "tenant", id: tx.tenant.rawValue)
    }
}

extension AlertStore {
    package func find(_ id: ID<Alert>) throws -> Alert? {
        try tx.first(
            "SELECT \(Alert.columns) FROM alerts WHERE tenant_id = \(tx.tenant) AND id = \(id)", Alert.init)
    }

    package func open(kind: String, subject: Subject) throws -> Alert? {
        try tx.first(
            openAlertOf, [tx.tenant.sqlValue, kind.sqlValue, subject.type.sqlValue, subject.id.sqlValue],
            Alert.init)
    }

    /// The open alerts of a kind, at most `limit`.
    package func open(kind: String, limit: Int = 200) throws -> [Alert] {
        try tx.all(openAlertsOfKind, [tx.tenant.sqlValue, kind.sqlValue, limit.sqlValue], Alert.init)
    }

    /// The open alerts of some kinds, at most `limit`.
    func open(kinds: [String], limit: Int = 1000) throws -> [Alert] {
        try tx.all(
            """
            SELECT \(Alert.columns) FROM alerts
            WHERE tenant_id = \(tx.tenant) AND kind IN \(list: kinds) AND resolved_at IS NULL
            ORDER BY kind, subject_type, subject_id LIMIT \(limit)
            """, Alert.init)
    }
}

private let insertAlert = Statement(
    """
    INSERT INTO alerts (tenant_id, id, severity, kind, agent, title, recommended_action, subject_type, subject_id,
        version, created_at, updated_at, said)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10, $11)
    """)

private let updateAlert = Statement(
    """
    UPDATE alerts SET severity = $3, title = $4, recommended_action = $5, version = version + 1, updated_at = $6,
        said = $7
    WHERE tenant_id = $1 AND id = $2
    """)

private let takeBackAcknowledgement = Statement(
    """
    UPDATE alerts SET acknowledged_at = NULL, acknowledged_by = NULL, note = NULL
    WHERE tenant_id = $1 AND id = $2
    """)

private let acknowledgeOpenAlert = Statement(
    """
    UPDATE alerts SET acknowledged_at = $3, acknowledged_by = $4, note = $5, version = version + 1, updated_at = $3
    WHERE tenant_id = $1 AND id = $2 AND resolved_at IS NULL
    """)

private let resolveOpenAlert = Statement(
    """
    UPDATE alerts SET resolved_at = $3, resolved_by = $4, version = version + 1, updated_at = $3
    WHERE tenant_id = $1 AND id = $2 AND resolved_at IS NULL
    """)

private let openAlertOf = Statement(
    """
    SELECT \(Alert.columns) FROM alerts
    WHERE tenant_id = $1 AND kind = $2 AND subject_type = $3 AND subject_id = $4
        AND resolved_at IS NULL
    """)

private let openAlertsOfKind = Statement(
    """
    SELECT \(Alert.columns) FROM alerts WHERE tenant_id = $1 AND kind = $2 AND resolved_at IS NULL
    ORDER BY subject_type, subject_id LIMIT $3
    """)
