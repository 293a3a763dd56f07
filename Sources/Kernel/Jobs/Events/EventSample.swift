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
            SELECT \(Event.columns) FROM events \(Places.path(dialect))
            WHERE tenant_id = \(tenant) AND \(Places.between(0, in: self)) AND subject_type = \(resource)
            ORDER BY CASE WHEN type = \(type) THEN 0 ELSE 1 END, row DESC LIMIT 1
            """, Event.init)
        let subject = known?.subject ?? Subject(type: resource, id: "\(resource)_\(nextID())")
        var data =
            known?.type == type
            ? JSON(stored: known?.data ?? "{}").object ?? [:] : runtime.eventCatalog?.sample(type) ?? [:]
        data["test"] = true
        let id = try publish(type, subject, .object(data), isTest: true)
        guard let row = try events.row(of: id), let event = try events.after(row - 1, limit: 1).first else {
            throw RuntimeError.notFound
        }
        return event
    }
}
