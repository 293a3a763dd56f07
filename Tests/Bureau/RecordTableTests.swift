import Agents
import Cryptography
import Database
import Jobs
import Records
import Routing
import Telemetry
import Tenancy
import TestDatabases
import Testing
import Wire

@testable import Bureau
@testable import Discovery

/// The tables as the migrations leave them, on the engine of the tests, beside what the resources declare.
struct RecordTables {
    /// Columns that are not as a field declares them, and why.
    private static let exceptions = [
        "clients.matched_version INTEGER NOT NULL": "the version that was last compared with the others",
        "companies.matched_version INTEGER NOT NULL": "the same",
        "contacts.matched_version INTEGER NOT NULL": "the same",
        "leads.matched_version INTEGER NOT NULL": "the same",
        "leads.scored_version INTEGER NOT NULL": "the version that was last scored",
        "leads.qualified_version INTEGER NOT NULL": "the version that was last qualified",
        "brakes.actor TEXT NOT NULL": "set when the brake is created",
        "contact_identities.contact_id TEXT NOT NULL": "set when the identity is created",
        "conversations.agents TEXT NOT NULL": "those of a new conversation",
        "conversations.contact_id TEXT NOT NULL": "set when the conversation is created",
        "invoices.currency TEXT NOT NULL": "the agency's, where none is given",
        "lead_merges.merged_before TEXT NOT NULL": "set when the merge is created",
        "payments.received_on TEXT NOT NULL": "today, where no day is given",
        "subscriptions.starts_on TEXT NOT NULL": "today, where no day is given",
        "subscriptions.billing_day INTEGER NOT NULL": "that of the start, where none is given",
        "support_reports.figures TEXT NOT NULL": "set when the report is created",
        "suppressions.scope TEXT NOT NULL": "that of the reason, where none is given",
        "ticket_messages.ticket_id TEXT NOT NULL": "set when the message is created",
        "ticket_messages.findings TEXT": "added later; null reads as none",
        "workflows.edges TEXT NOT NULL": "none, where none are given",
    ]
    /// Columns that name a contact or a company, and do not change when one is merged into another, and why.
    private static let unmoved = [
        "ad_audience_members.contact_id": "told anew, since the contact is gone",
        "message_locks.contact_id": "over within seconds",
        "preference_counts.contact_id": "added to those of the kept contact",
        "record_merges.company_id": "undone before a later merge of the kept one",
        "record_merges.contact_id": "the same",
    ]
    /// Tables with all columns of a record's head whose rows are no resource.
    private static let others = ["decisions"]

    @Test func `every resource has the table that it declares`() throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        configuration.databaseURL = try TestDatabases.make() ?? ""
        configuration.databaseConnections = 6
        defer {
            removeFolder(configuration.data)
            TestDatabases.drop(configuration.databaseURL)
        }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        // The resources that no route serves.
        let (merges, others) = (LeadMerge.resource, RecordMerge.resource)
        let declared = Dictionary(
            uniqueKeysWithValues: app.routes.tables.map { ($0.name, $0.columns.value) } + [
                (merges.table, merges.columnDefinitions), (others.table, others.columnDefinitions),
            ])
        #expect(declared.count >= 70)
        var differences: [String: String] = [:], faults: [String] = []
        for (table, definitions) in declared {
            let columns = try app.database.acrossTenantsRead { try $0.columns(of: table) }
            if columns.filter(\.isIdentity).map(\.name) != ["row"] { faults.append("\(table) has no row") }
            if try !isKeyed(table, columns, app.database) { faults.append("\(table) has another key") }
            let found = byName(columns.filter { !$0.isIdentity }.map(\.definition))
            let wanted = byName(definitions)
            for name in Set(found.keys).union(wanted.keys) where found[name] != wanted[name] {
                differences["\(table).\(found[name] ?? name)"] = wanted[name] ?? "no field"
            }
        }
        for (column, wanted) in differences where Self.exceptions[column] == nil {
            faults.append("\(column), declared: \(wanted)")
        }
        #expect(faults.sorted() == [])
        let settled = Self.exceptions.keys.filter { differences[$0] == nil }
        #expect(settled.sorted() == [], "no exception any more")

        let head: Set = ["row", "id", "version", "created_at", "updated_at"]
        let undeclared = try app.database.acrossTenantsRead { reader in
            try reader.tables(withColumn: "tenant_id").filter { table in
                try declared[table] == nil && head.isSubset(of: reader.columns(of: table).map(\.name))
            }
        }
        #expect(undeclared == Self.others, "a resource that no route declares")

        let kinds = ["contacts", "companies"]
        let moved = Set(kinds.flatMap { app.runtime.referringColumns(to: $0).map(\.place) })
        let left = try app.database.acrossTenantsRead { reader in
            try ["contact_id", "company_id"].flatMap { column in
                try reader.tables(withColumn: column).map { "\($0).\(column)" }
            }
        }.filter { !moved.contains($0) }
        #expect(left.sorted() == Self.unmoved.keys.sorted(), "declare it, for merges")
    }

    @Test func `every filter and every order of a list finds its column`() throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        configuration.databaseURL = try TestDatabases.make() ?? ""
        configuration.databaseConnections = 6
        defer {
            removeFolder(configuration.data)
            TestDatabases.drop(configuration.databaseURL)
        }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        var count = 0
        for type in app.routes.records { count += try ask(type, app.database) }
        #expect(count > 1000)
    }

    @Test(.enabled(if: !TestDatabases.isOnServer, "only a file holds answers"))
    func `whatever sets a column of a stored answer takes it away`() throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        var tables: [String] = []
        for type in app.routes.records {
            guard let (table, answer) = Self.storedAnswer(of: type) else { continue }
            tables.append(table)
            let trigger = try app.database.acrossTenantsRead { reader in
                try reader.first(
                    """
                    SELECT sql FROM sqlite_schema
                    WHERE type = 'trigger' AND name = \("\(table)_stored_answer")
                    """
                ) { $0.text(0) }
            }
            #expect(trigger == answer.trigger(), "a migration has to drop the trigger, and to make it anew")
            // A copy is no change.
            for copied in Module.allSandboxTables where copied.name == table {
                #expect(Set(copied.changed.keys).isDisjoint(with: answer.storedColumns))
            }
        }
        #expect(tables == ["leads"])
    }

    private static func storedAnswer<R: Record>(of type: R.Type) -> (table: String, StoredAnswer)? {
        R.resource.stored.map { (R.resource.table, $0) }
    }

    /// Asks for a list by each of its filters and orders. Returns how many these are.
    private func ask<R: Record>(_ type: R.Type, _ database: Database) throws -> Int {
        let values = ["true", "1", "2027-03-01", "2027-03-01T08:00:00Z", "x", "DE", "USD"]
        var count = 0
        try database.read(TenantID(rawValue: "tenant_1")) { reader in
            func read(_ name: String, _ value: String) throws -> Bool {
                let item = QueryItem(name: name, value: value)
                guard let list = try? ListQuery(R.resource, [item], dialect: reader.dialect) else {
                    return false
                }
                _ = try reader.all(list.select(["id"], limit: 1, after: nil, in: reader)) { $0.text(0) }
                count += 1
                return true
            }
            for field in R.resource.fields where !field.isSecret {
                if field.isSortable { #expect(try read("sort", "-\(field.name)")) }
                guard field.isFilterable else { continue }
                let choices = if case .choice(let choices) = field.kind { choices } else { values }
                // A field with members is filtered by one of them.
                let isObject = if case .json = field.kind.storage { true } else { false }
                for name in [field.name, "\(field.name)[ne]"] {
                    let isAsked = try choices.contains { try read(name, $0) }
                    #expect(isAsked || isObject, "\(R.resource.table) takes no \(name)")
                }
            }
        }
        return count
    }

    private func byName(_ definitions: [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: definitions.map { (String($0.prefix { $0 != " " }), $0) })
    }

    /// Returns whether a tenant's rows are told apart by their ids: on a server by the primary key, in a file
    /// by the constraint that stands for it beside the row's number.
    private func isKeyed(_ table: String, _ columns: [TableColumn], _ database: Database) throws -> Bool {
        if TestDatabases.isOnServer {
            return Set(columns.filter(\.isKey).map(\.name)) == ["tenant_id", "id"]
        }
        let keys = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT (SELECT group_concat(name, ' ') FROM pragma_index_info(i.name))
                FROM pragma_index_list(\(table)) AS i WHERE i.origin = 'u'
                """
            ) { $0.text(0) }
        }
        return keys.contains("tenant_id id")
    }
}
