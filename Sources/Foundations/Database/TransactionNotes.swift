/// The facts that a transaction knows of a tenant without reading them again, such as the last number that it gave: one
/// value of each type. Forgotten when the transaction ends and when a part of it is undone. In a file they last for all
/// closures of a commit's group, which follow one another.
struct TransactionNotes {
    private struct Key: Hashable {
        let tenant: TenantID
        let type: ObjectIdentifier
    }

    private var values: [Key: Any] = [:]

    func value<T>(_ type: T.Type, of tenant: TenantID) -> T? {
        values[Key(tenant: tenant, type: ObjectIdentifier(type))] as? T
    }

    mutating func set<T>(_ value: T, of tenant: TenantID) {
        values[Key(tenant: tenant, type: ObjectIdentifier(T.self))] = value
    }

    mutating func forget() { values.removeAll(keepingCapacity: true) }
}

extension Transaction {
    /// Returns what was noted before in this transaction. Code that notes something changes the note with what it is
    /// about.
    package func noted<T>(_ type: T.Type) -> T? {
        switch session.engine {
        case .sqlite(let connection): connection.notes.value(type, of: tenant)
        case .postgreSQL(let connection): connection.notes.value(type, of: tenant)
        }
    }

    package func note<T>(_ value: T) {
        switch session.engine {
        case .sqlite(let connection): connection.notes.set(value, of: tenant)
        case .postgreSQL(let connection): connection.notes.set(value, of: tenant)
        }
    }
}
