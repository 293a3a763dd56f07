import Foundation
import Tenancy
import Testing

@testable import Bureau
@testable import Database

/// A database that has applied a migration is refused by a version that has another text under its number: what was
/// released is not changed, and stays.
struct ReleasedMigrationTests {
    private static let path = #filePath.replacing(
        "ReleasedMigrationTests.swift", with: "released-migrations.txt")

    /// The number, the checksums on SQLite and on PostgreSQL, and the name.
    private static func line(_ migration: Migration) -> String {
        let sums = "\(migration.checksum(.sqlite)) \(migration.checksum(.postgreSQL))"
        return "\(migration.number) \(sums) \(migration.name)"
    }

    /// With BUREAU_RELEASE_MIGRATIONS=1 those that are new are added to the file.
    @Test func `a migration that was released is as it was`() throws {
        let text = (try? String(contentsOfFile: Self.path, encoding: .utf8)) ?? ""
        let released = text.split(separator: "\n").map(String.init)
        let present = try Migration.ordered(Module.allMigrations).map(Self.line)
        let changed = Set(released).subtracting(present).sorted()
        #expect(changed == [], "a change of a released migration is another migration")
        if changed.isEmpty, ProcessInfo.processInfo.environment["BUREAU_RELEASE_MIGRATIONS"] == "1" {
            let all = present.joined(separator: "\n") + "\n"
            try all.write(toFile: Self.path, atomically: true, encoding: .utf8)
        } else {
            #expect(!released.isEmpty, "run `make migrations` and commit")
        }
    }
}
