import Foundation
import Testing

@testable import Database

@Suite struct FolderTests {
    @Test func `a folder is opened once, and the refusal says by whom`() throws {
        let folder = TemporaryFolder()
        let database = try Database.open(folder.configuration())
        database.describeOwner("listening on 127.0.0.1:8080")
        #expect(
            error { try Database.open(folder.configuration()) }
                == .inUse(
                    by: "process \(ProcessInfo.processInfo.processIdentifier), listening on 127.0.0.1:8080")
        )
        database.close()
        let again = try Database.open(folder.configuration())
        again.close()
    }

    @Test(.ofFiles) func `the folder and its files are the owner's alone`() throws {
        let fixture = try Fixture()
        try fixture.add("ada@example.com")
        func mode(_ path: String) throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(try mode(fixture.folder.path) == 0o700)
        for file in ["bureau.db", "bureau.db-wal", "bureau.db-shm", "bureau.lock"] {
            #expect(try mode(fixture.folder.path + "/" + file) == 0o600, "\(file)")
        }
    }

    @Test(.ofFiles) func `a file of another program is refused`() throws {
        let fixture = try Fixture()
        let path = fixture.folder.path + "/bureau.db"
        try fixture.database.acrossTenantsWriteAndWait { tx in try tx.run("PRAGMA application_id = 7") }
        fixture.database.close()
        #expect(
            error { try Database.open(fixture.folder.configuration()) }
                == .incompatible("the file was not written by Bureau (application id 7)"))
        try Data("This is a text of some length, and by no means a database. ".utf8).write(
            to: URL(fileURLWithPath: path))
        guard case .unavailable(.corrupt) = error({ try Database.open(fixture.folder.configuration()) })
        else {
            Issue.record("a text file was opened")
            return
        }
    }

    @Test(.ofFiles) func `the file has the settings that durability needs`() throws {
        let fixture = try Fixture()
        let settings = try fixture.database.acrossTenantsWriteAndWait { tx in
            try ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "page_size", "mmap_size"]
                .map { name in
                    try tx.first("PRAGMA \(trusted: name)") { $0.text(0) } ?? ""
                }
        }
        #expect(settings == ["wal", "1", "1", "0", "4096", "0"])
    }
}
