import Cryptography
import Database
import Foundation
import Nouns
import Telemetry
import Testing

@testable import Records

/// A record that got fields when its table was there already.
private struct Shelf: Record {
    var head = Head<Shelf>()
    var name = ""
    var labels: [String] = []
    var width = 80
    var mark = "it's new"
    var price: Money?
    var place: String?

    static let idPrefix = "shelf"
    static let resource = Resource<Shelf>(
        "shelves", named: "Shelf",
        [
            .text("name", \.name, .required),
            .texts("labels", \.labels, .added(in: 2)),
            .integer("width", \.width, in: 1...500, .added(in: 2)),
            .text("mark", \.mark, .added(in: 2)),
            .money("price", \.price, .added(in: 3)),
            .text("place", \.place, .required, .added(in: 3)),
        ])
}

struct TableTests {
    private let folder = NSTemporaryDirectory() + "bureau-tables-" + UUID().uuidString

    @Test func `a table is made of the head, the fields and the checks`() {
        #expect(
            Shelf.resource.creation(.sqlite, checks: ["name <> ''"]) == [
                """
                CREATE TABLE shelves (
                    row INTEGER PRIMARY KEY,
                    tenant_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    created_at INTEGER NOT NULL,
                    updated_at INTEGER NOT NULL,
                    CHECK (name <> ''),
                    UNIQUE (tenant_id, id)
                ) STRICT
                """
            ])
        let search = Book.resource.creation(.sqlite).dropFirst()
        #expect(Array(search) == Dialect.sqlite.searchTable("books_search"))
    }

    @Test func `rows that were there have the values of a new record in fields that are added`() throws {
        let database = try Database.open(DatabaseConfiguration(folder: folder))
        defer {
            database.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
        let first = Migration(number: 1, name: "shelves") { Shelf.resource.creation($0) }
        try database.migrate([first])
        let id = ID<Shelf>(UniqueIDGenerator().next(at: Instant(seconds: 1_800_000_000)))
        try database.writeAndWait(tenant) { tx in
            try tx.run(
                """
                INSERT INTO shelves (tenant_id, id, name, version, created_at, updated_at)
                VALUES (\(tx.tenant), \(id), 'Poems', 3, 1, 2)
                """)
        }
        let later = [2, 3].map { number in
            Migration(number: number, name: "more") { _ in Shelf.resource.addition(in: number) }
        }
        try database.migrate([first] + later)
        try database.read(tenant) { reader in
            let shelf = try Shelf.resource.get(id, in: reader)
            #expect(shelf.id == id && shelf.row == 1 && shelf.version == 3)
            #expect(shelf.createdAt.microseconds == 1 && shelf.updatedAt.microseconds == 2)
            #expect(shelf.name == "Poems" && shelf.labels == [] && shelf.width == 80)
            #expect(shelf.mark == "it's new" && shelf.price == nil && shelf.place == nil)
            let columns = try reader.columns(of: "shelves").filter { !$0.isIdentity }
            #expect(Set(columns.map(\.definition)) == Set(Shelf.resource.columnDefinitions))
        }
    }
}
