import Cryptography
import Database
import Foundation
import Records
import Routing
import Telemetry
import TestDatabases
import Testing

@testable import Bureau

/// An index is written with every row, so there is none that no statement reads. Unique ones hold a rule, and are
/// needed for it.
struct IndexReaderTests {
    private static let path = #filePath.replacing("IndexReaderTests.swift", with: "index-readers.txt")

    /// The statements that read indexes for which no filter and no order of a list does: `index: statement` by line.
    private static func named() throws -> [(index: String, statement: String)] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            line.firstRange(of: ": ").map { (String(line[..<$0.lowerBound]), String(line[$0.upperBound...])) }
        }
    }

    /// Indexes that the planner passes over in a new file, and why.
    private static let unread = [
        "budget_holds_held": "the order of the key makes holds distinct",
        "contracts_id": "of a new file's few agencies it tries each; of many it takes the index",
        "file_contents_age": "the order of the key makes the bytes distinct",
        "messages_portal": "it takes `messages_portal_client`: without figures of the rows both are as good",
        "messages_portal_unread": "as of `messages_portal`",
        "sandboxes_unfinished": "it does not see that what is being made is not ready",
        "sync_links_deleted": "it takes the table's key, which has the same columns",
        "sync_links_dirty": "the same",
        "users_by_email": "as of `contracts_id`",
    ]

    @Test(.enabled(if: !TestDatabases.isOnServer, "reads a file's plans"))
    func `every index is read by a list, or by the statement that is named`() throws {
        try withApp { app in
            let lists = app.routes.records.flatMap { Self.lists(of: $0) }
            var read: Set<String> = []
            for statement in lists { try read.formUnion(Self.indexes(in: statement, app)) }
            let named = try Self.named()
            var faults: [String] = []
            for (index, statement) in named {
                let found = try Self.indexes(in: statement, app)
                if !found.contains(index) { faults.append("\(index) is not read by \(statement)") }
            }
            read.formUnion(named.map(\.index))
            read.formUnion(Self.unread.keys)
            let present = try app.database.acrossTenantsRead { reader in
                try reader.all(
                    "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'"
                ) { $0.text(0) }
            }
            for index in Set(present).subtracting(read) {
                faults.append(
                    "\(index) is read by no list: name the statement in index-readers.txt, or drop it")
            }
            for index in Set(named.map(\.index)).union(Self.unread.keys).subtracting(present) {
                faults.append("\(index) is gone")
            }
            #expect(faults.sorted() == [])
            #expect(present.count > 300)
        }
    }

    /// Returns the statements of lists with a filter or an order.
    private static func lists<R: Record>(of type: R.Type) -> [String] {
        R.resource.fields.filter { $0.isFilterable || $0.isSortable }.flatMap { field in
            let column = field.columns[0]
            return [
                "= $2 ORDER BY id DESC", ">= $2 ORDER BY \(column), id", "IS NOT NULL ORDER BY \(column), id",
            ].map {
                "SELECT row, id, version FROM \(R.resource.table) WHERE tenant_id = $1 AND \(column) \($0) LIMIT 50"
            }
        }
    }

    private static func indexes(in statement: String, _ app: App) throws -> Set<String> {
        let count = statement.matches(of: /\$(\d+)/).compactMap { Int($0.1) }.max() ?? 0
        let plan = try app.database.acrossTenantsRead { reader in
            try reader.all(
                Statement("EXPLAIN QUERY PLAN " + statement), Array(repeating: SQLValue.null, count: count)
            ) { $0.text(3) }
        }
        return Set(plan.flatMap { $0.matches(of: /USING (?:COVERING )?INDEX (\w+)/).map { String($0.1) } })
    }

    private func withApp(_ body: (App) throws -> Void) throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        try body(app)
    }
}
