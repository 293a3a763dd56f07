import Foundation
import Testing

@testable import Database

@Suite(.ofFiles) struct BackupTests {
    @Test func `a backup under write load is one moment of the database, and restores equal`() throws {
        let fixture = try Fixture()
        let database = fixture.database
        try database.writeAndWait(acme) { tx in
            for number in 0..<3000 { try tx.addLead("\(number)@example.com") }
        }
        let (isDone, stopped) = (Shared(false), Signal())
        let load = try OwnThread {
            var number = 0
            while !isDone.current {
                // Two rows in each commit: a copy with an odd number of them is torn.
                try? database.writeAndWait(other) { [number] tx in
                    try tx.addLead("\(number)a@example.com")
                    try tx.addLead("\(number)b@example.com")
                }
                number += 1
            }
            stopped.raise()
        }
        let path = fixture.folder.path + "/copy.db"
        try database.backup(to: path)
        isDone.update { $0 = true }
        stopped.wait()
        load.join()
        let report = try Database.verify(file: path, hashes: true)
        #expect(report.isSound)
        #expect(report.migrations.map(\.number) == [1])
        let leads = try #require(report.tables.first { $0.name == "leads" })
        #expect(leads.rows >= 3000 && leads.rows % 2 == 0)

        let target = TemporaryFolder()
        try Database.restore(from: path, into: target.path)
        let restored = try Database.open(target.configuration())
        try restored.migrate([.leads])
        #expect(try restored.read(acme) { try $0.emails().count } == 3000)
        restored.close()
        #expect(try Database.verify(file: target.path + "/bureau.db", hashes: true).tables == report.tables)
    }

    @Test func `a backup overwrites nothing, and leaves nothing when it fails`() throws {
        let fixture = try Fixture()
        let path = fixture.folder.path + "/copy.db"
        try fixture.database.backup(to: path)
        guard case .invalid = error({ try fixture.database.backup(to: path) }) else {
            Issue.record("overwritten")
            return
        }
        #expect(error { try fixture.database.backup(to: fixture.folder.path + "/missing/copy.db") } != nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).filter {
                $0.contains("partial")
            } == [])
    }

    @Test func `a backup is restored into an empty folder only`() throws {
        let fixture = try Fixture()
        let path = fixture.folder.path + "/copy.db"
        try fixture.database.backup(to: path)
        let full = try Fixture()
        full.database.close()
        guard case .invalid = error({ try Database.restore(from: path, into: full.folder.path) }) else {
            Issue.record("a database was overwritten")
            return
        }
        guard case .inUse = error({ try Database.restore(from: path, into: fixture.folder.path) }) else {
            Issue.record("a folder in use was written to")
            return
        }
    }

    @Test func `a damaged file is found and not restored`() throws {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            for number in 0..<2000 { try tx.addLead("\(number)@example.com") }
        }
        let path = fixture.folder.path + "/copy.db"
        try fixture.database.backup(to: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in stride(from: 8 * 4096, to: bytes.count - 4096, by: 4096) {
            bytes.replaceSubrange(index..<index + 200, with: [UInt8](repeating: 0xAB, count: 200))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try Database.verify(file: path).isSound == false)
        guard
            case .unavailable(.corrupt) = error({
                try Database.restore(from: path, into: TemporaryFolder().path)
            })
        else {
            Issue.record("restored")
            return
        }
    }

    @Test func `the doctor's figures are there`() throws {
        let fixture = try Fixture()
        #expect(try fixture.database.integrityCheck() == [])
        #expect(Database.libraryVersion.hasPrefix("SQLite 3."))
        #expect(fixture.database.size.log > 0)
    }
}
