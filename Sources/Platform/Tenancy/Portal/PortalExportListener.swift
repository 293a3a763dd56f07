package import Database
package import JSON
package import Records

/// Hears that a client's person has got their own data in the portal.
package protocol PortalExportListener: Sendable {
    /// Hears what was handed out, and to whom, in the transaction that audits it.
    func exported(_ body: JSON, to user: User, by actor: Actor, in tx: Transaction) throws
}
