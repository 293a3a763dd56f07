package import Database
package import Jobs
package import Nouns

// The worth of a connection shows in the records that it has told something of. Each has a row of `reached_subjects`,
// which is kept for longer than calls are.

package extension IntegrationStore where Base == Transaction {
    /// Notes that a service has told something of a record, or brought it.
    func note(_ subject: Subject, reachedBy connector: some Key) throws {
        try tx.run(
            """
            INSERT INTO reached_subjects (tenant_id, connector, subject_id, subject_type, at)
            VALUES (\(tx.tenant), \(connector.keyText), \(subject.id), \(subject.type), \(tx.now))
            ON CONFLICT (tenant_id, connector, subject_id) DO NOTHING
            """)
    }

    internal func forgetReached(by connector: some Key) throws {
        try tx.run(
            "DELETE FROM reached_subjects WHERE tenant_id = \(tx.tenant) AND connector = \(connector.keyText)"
        )
    }
}
