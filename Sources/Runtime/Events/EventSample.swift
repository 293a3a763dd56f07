package import Database
internal import JSON
internal import Records

extension Transaction {
    /// Publishes an event as it could have happened, marked with `test`, which starts no agent: about the subject
    /// of the last one of its type, or of its resource, or else about one that does not exist.
    package func publishSample(_ type: String) throws -> Event {
        let resource = String(type.prefix { $0 != "." })
        let known = try first(
            """
            SELECT \(raw: Event.columns) FROM events WHERE tenant_id = \(tenant) AND subject_type = \(resource)
            ORDER BY CASE WHEN type = \(type) THEN 0 ELSE 1 END, row DESC LIMIT 1
            """, Event.init)
        let subject = known?.subject ?? Subject(type: resource, id: "\(resource)_\(nextID())")
        var data = known?.type == type ? JSON(stored: known?.data ?? "{}").object ?? [:] : sampleData(type)
        data["test"] = true
        let id = try publish(type, subject, .object(data), isTest: true)
        guard let row = try events.row(of: id), let event = try events.after(row - 1, limit: 1).first else {
            throw RuntimeError.notFound
        }
        return event
    }
}

/// What events of the commoner types tell beside their subject.
private func sampleData(_ type: String) -> JSONObject {
    switch type {
    case "lead.updated", "contact.updated", "company.updated": ["changed": ["status", "next_action"]]
    case "lead.scored": ["score": 82, "priority": "hot", "conversion_probability": 0.41]
    case "lead.qualified": ["status": "qualified", "score": 82, "reasons": ["budget", "timeline"]]
    case "lead.disqualified": ["status": "disqualified", "score": 12, "reasons": ["no_budget"]]
    case "import.completed": ["created": 120, "updated": 8, "skipped": 2, "failed": 1]
    case "agent_run.succeeded": ["agent": "lead_scoring", "duration_ms": 420]
    case "agent_run.failed": ["agent": "lead_scoring", "error": ["code": "agent_timeout"]]
    case "webhook.disabled": ["reason": "it answered 410: gone"]
    default: [:]
    }
}
