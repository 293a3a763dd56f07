package import Database

/// The audit log: `tx.auditLog`.
package struct AuditLogStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var auditLog: AuditLogStore<Self> { AuditLogStore(tx: self) }
}
