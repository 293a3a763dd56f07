package import Nouns

/// Says which client each row of a table belongs to, and so what a caller who is limited to some clients may see of
/// it.
package indirect enum RowRule: Sendable {
    /// Limited callers see no row.
    case hidden
    /// The rows are the agency's own, as templates and articles are: limited callers see all of them and change none.
    case everyone
    /// A column names the client. Rows without a client are the agency's own, and are hidden unless `orAgency` is set.
    case client(_ column: String = "client_id", orAgency: Bool = false)
    /// The rows are personal: a column names the user who may see each.
    case person(_ column: String = "user_id")
    /// A column names a row of another table; the row belongs to the same client as that one.
    case parent(_ column: String, of: String)
    /// Two columns name the type and the id of the row's subject; the row belongs to the same client as its subject.
    case subject(type: String = "subject_type", id: String = "subject_id")
    /// The first rule whose column is not null decides.
    case first(of: [RowRule])
}

/// The rules of all tables, and the table that the subjects of each type are in.
package struct RowRules: Sendable {
    package private(set) var tables: [String: RowRule] = [:]
    package private(set) var subjects: [String: String] = [:]

    package init() {}

    /// Sets the rule of a table; `subject` is the type under which other tables refer to its rows.
    package mutating func add(_ table: String, _ rule: RowRule, subject: String? = nil) {
        tables[table] = rule
        if let subject { subjects[subject] = table }
    }
}

/// The clients that a caller is limited to. The limit travels with the reader or the transaction of the caller's
/// request; what the server does by itself has no limit.
package final class RowLimit: Sendable {
    package enum Use: Sendable {
        case read, change
        /// Creating is stricter than changing: none of the new row's columns may name another client's record.
        case make
    }

    package let clients: [ClientID]
    private let person: UserID
    private let rules: RowRules

    package init(clients: [ClientID], person: UserID, rules: RowRules) {
        (self.clients, self.person, self.rules) = (clients, person, rules)
    }

    package func rule(of table: String) -> RowRule { rules.tables[table] ?? .hidden }

    /// Returns the condition that a row of `table` must meet for the caller to see it, change it or create it.
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

    /// Returns the condition that a column of `table` names a row of `parent` which the caller may use.
    private func names(
        _ parent: String, _ column: String, of table: String, _ tenant: TenantID, _ use: Use
    ) -> SQL {
        let row: SQL = """
            \(trusted: parent).tenant_id = \(tenant) AND \(trusted: parent).id = \(trusted: table).\(trusted: column)
            """
        return "EXISTS (SELECT 1 FROM \(trusted: parent) WHERE " + row + " AND "
            + condition(on: parent, of: tenant, to: use) + ")"
    }

    /// Returns the condition that the subject of a row belongs to one of the caller's clients. A row about one of the
    /// agency's own records, say an event about a template, is hidden even where the record itself may be read.
    private func subjects(_ type: String, _ id: String, on table: String, _ tenant: TenantID) -> SQL {
        var sql: SQL = "CASE \(trusted: table).\(trusted: type)"
        for (subject, parent) in rules.subjects.sorted(by: { $0.key < $1.key }) where isBound(parent) {
            sql += " WHEN \(subject) THEN "
            sql += names(parent, id, of: table, tenant, .change)
        }
        return sql + " ELSE 1 = 0 END"
    }

    /// Returns whether the rows of a table belong to clients, and not to the agency as a whole.
    package func isBound(_ table: String) -> Bool {
        switch rule(of: table) {
        case .hidden, .everyone: false
        default: true
        }
    }

    /// Returns whether the caller may see rows about a subject, such as its events. They are hidden once the
    /// subject is deleted.
    package func sees(subject type: String, _ id: String, in reader: some Queryable) throws -> Bool {
        guard let table = rules.subjects[type], isBound(table) else { return false }
        return try holds(table, id, .change, in: reader)
    }

    /// Returns whether the row exists and the caller may use it.
    package func holds(
        _ table: String, _ id: some SQLConvertible, _ use: Use, in reader: some Queryable
    ) throws -> Bool {
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
    /// Returns the condition that a statement on `table` has to add for a limited caller, starting with AND; empty
    /// where the caller is not limited.
    package func limit(on table: String) -> SQL {
        guard let limit else { return "" }
        return " AND " + limit.condition(on: table, of: tenant)
    }
}

extension Reader {
    /// Returns this reader, restricted to what a caller with the limit may see.
    package func limited(by limit: RowLimit?) -> Reader {
        Reader(session: session, tenant: tenant, limit: limit)
    }
}

extension Transaction {
    /// Returns this transaction, restricted to what a caller with the limit may see and change.
    package func limited(by limit: RowLimit?) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: now, limit: limit)
    }

    /// This transaction without a limit, for what the agency's own rules do after a limited caller's change.
    package var unlimited: Transaction { limit == nil ? self : limited(by: nil) }
}
