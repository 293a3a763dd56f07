/// How the rows of a table belong to clients: what a caller who is limited to some clients may see of it.
package indirect enum RowRule: Sendable {
    /// Limited callers see none of them.
    case hidden
    /// The agency's own, as templates and articles are: limited callers see all of them, and change none.
    case everyone
    /// A column names the client. Rows without one are the agency's own: hidden, unless `orAgency`.
    case client(_ column: String = "client_id", orAgency: Bool = false)
    /// A column names the caller: what is a person's own.
    case person(_ column: String = "user_id")
    /// A column names a row of another table, and belongs to whom that belongs.
    case parent(_ column: String, of: String)
    /// Columns name the type and the id of what the row is about, which says whose it is.
    case subject(type: String = "subject_type", id: String = "subject_id")
    /// Whichever of these holds first: the next is asked where the column of the one before is null.
    case first(of: [RowRule])
}

/// The rules of all tables, and the tables of the types that subjects have.
package struct RowRules: Sendable {
    package private(set) var tables: [String: RowRule] = [:]
    package private(set) var subjects: [String: String] = [:]

    package init() {}

    /// Says what limited callers see of a table; `subject` is the type by which others refer to its rows.
    package mutating func add(_ table: String, _ rule: RowRule, subject: String? = nil) {
        tables[table] = rule
        if let subject { subjects[subject] = table }
    }
}

/// The clients that a caller is limited to. It travels with the reader or the transaction of the caller's request;
/// what the server does by itself has none.
package final class RowLimit: Sendable {
    package enum Use: Sendable {
        case read, change
        /// What is new must not belong to others by any of its columns.
        case make
    }

    package let clients: [String]
    private let person: String
    private let rules: RowRules

    package init(clients: [String], person: String, rules: RowRules) {
        (self.clients, self.person, self.rules) = (clients, person, rules)
    }

    package func rule(of table: String) -> RowRule { rules.tables[table] ?? .hidden }

    /// What a row of `table` has to meet to be seen, or to be changed.
    package func condition(on table: String, of tenant: TenantID, to use: Use = .read) -> SQL {
        condition(rule(of: table), on: table, tenant, use)
    }

    private func condition(_ rule: RowRule, on table: String, _ tenant: TenantID, _ use: Use) -> SQL {
        switch rule {
        case .hidden: return "1 = 0"
        case .everyone: return use == .read ? "1 = 1" : "1 = 0"
        case .client(let column, let orAgency):
            let name: SQL = "\(trusted: table).\(trusted: column)"
            let isTheirs: SQL = name + " IN \(list: clients)"
            return orAgency && use == .read ? "(" + name + " IS NULL OR " + isTheirs + ")" : isTheirs
        case .person(let column): return "\(trusted: table).\(trusted: column) = \(person)"
        case .parent(let column, let parent): return names(parent, column, of: table, tenant, .read)
        case .subject(let type, let id): return subjects(type, id, on: table, tenant)
        case .first(let rules):
            var sql: SQL = "CASE"
            for rule in rules {
                guard let column = rule.column else { continue }
                sql += " WHEN \(trusted: table).\(trusted: column) IS NOT NULL THEN "
                sql += condition(rule, on: table, tenant, use)
            }
            sql += " ELSE 1 = 0 END"
            guard use == .make else { return sql }
            for rule in rules {
                guard let column = rule.column else { continue }
                sql += " AND (\(trusted: table).\(trusted: column) IS NULL OR "
                sql += condition(rule, on: table, tenant, use) + ")"
            }
            return sql
        }
    }

    /// Whether a column of `table` names a row of `parent` that may be used so.
    private func names(
        _ parent: String, _ column: String, of table: String, _ tenant: TenantID, _ use: Use
    ) -> SQL {
        let row: SQL = """
            \(trusted: parent).tenant_id = \(tenant) AND \(trusted: parent).id = \(trusted: table).\(trusted: column)
            """
        return "EXISTS (SELECT 1 FROM \(trusted: parent) WHERE " + row + " AND "
            + condition(on: parent, of: tenant, to: use) + ")"
    }

    /// What is told about the agency's own is the agency's, even where that itself may be read.
    private func subjects(_ type: String, _ id: String, on table: String, _ tenant: TenantID) -> SQL {
        var sql: SQL = "CASE \(trusted: table).\(trusted: type)"
        for (subject, parent) in rules.subjects.sorted(by: { $0.key < $1.key }) where isBound(parent) {
            sql += " WHEN \(subject) THEN "
            sql += names(parent, id, of: table, tenant, .change)
        }
        return sql + " ELSE 1 = 0 END"
    }

    /// Whether the rows of a table belong to clients.
    package func isBound(_ table: String) -> Bool {
        switch rule(of: table) {
        case .hidden, .everyone: false
        default: true
        }
    }

    /// Whether the caller may see what is told about a record. What is gone is nobody's.
    package func sees(subject type: String, _ id: String, in reader: some Queryable) throws -> Bool {
        guard let table = rules.subjects[type], isBound(table) else { return false }
        return try holds(table, id, .change, in: reader)
    }

    /// Whether there is such a row that the caller may see, or change.
    package func holds(_ table: String, _ id: String, _ use: Use, in reader: some Queryable) throws -> Bool {
        let row: SQL = "\(trusted: table).tenant_id = \(reader.tenant) AND \(trusted: table).id = \(id)"
        return try reader.exists(
            "SELECT 1 FROM \(trusted: table) WHERE " + row + " AND "
                + condition(on: table, of: reader.tenant, to: use))
    }
}

extension RowRule {
    fileprivate var column: String? {
        switch self {
        case .client(let column, _), .person(let column), .parent(let column, _): column
        case .subject(_, let id): id
        case .hidden, .everyone, .first: nil
        }
    }
}

extension Queryable {
    /// What follows the conditions of a statement on `table`: nothing where the caller is not limited.
    package func limit(on table: String) -> SQL {
        guard let limit else { return "" }
        return " AND " + limit.condition(on: table, of: tenant)
    }
}

extension Reader {
    /// The same read, of what a limited caller may see.
    package func limited(by limit: RowLimit?) -> Reader {
        Reader(session: session, tenant: tenant, limit: limit)
    }
}

extension Transaction {
    /// The same transaction, of what a limited caller may see and change.
    package func limited(by limit: RowLimit?) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: now, limit: limit)
    }

    /// The same transaction without a limit: for what follows from a change by the agency's own rules.
    package var unlimited: Transaction { limit == nil ? self : limited(by: nil) }
}
