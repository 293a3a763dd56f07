import Foundation
import Telemetry
import TestDatabases
import TestRandomness
import Testing

@testable import Database

@Suite struct WriteFlushTests {
    @Test(.ofFiles) func `only a commit of lazy writes alone does not wait for the disk`() throws {
        let flushes = Shared(0)
        let fixture = try Fixture { $0.observer.flushed = { _ in flushes.update { $0 += 1 } } }
        func isFlushed(_ priority: WritePriority) throws -> Bool {
            let before = flushes.current
            try fixture.database.writeAndWait(acme, priority) {
                try $0.addLead("\(before) \(priority)@example.com")
            }
            return flushes.current > before
        }
        #expect(
            try [.lazy, .early, .request, .lazy, .batch].map(isFlushed) == [false, false, true, false, true])
        let release = holdWriter(fixture.database)
        let (before, answers) = (Shared(0), Signal())
        before.update { $0 = flushes.current }
        for priority in [WritePriority.lazy, .request] {
            fixture.database.submit(acme, priority) { tx in
                try tx.addLead("\(priority)@example.org")
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        answers.wait()
        answers.wait()
        #expect(flushes.current > before.current)
    }

    @Test(.ofFiles) func `when the disk fails, what waits for it is refused, and so is all that comes after`()
        throws
    {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { try $0.addLead("kept@example.com") }
        let told = Shared(false)
        // A pipe is nothing that could be brought to the disk.
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let flushed = try descriptors(of: fixture.folder.path + "/bureau.db-wal", O_RDONLY)
        try #require(flushed.count == 1)
        try #require(dup2(ends[0], flushed[0]) == flushed[0])
        for _ in 0..<2 {
            let refused = error {
                try fixture.database.writeAndWait(acme) { tx in
                    try tx.addLead("lost@example.com")
                    tx.onCommit { told.update { $0 = true } }
                }
            }
            #expect("\(String(describing: refused))".contains("the log did not get to the disk"))
        }
        #expect(!told.current)
        #expect(try fixture.emails.contains("kept@example.com"))
        fixture.database.close()
        let reopened = try Database.open(fixture.configuration)
        defer { reopened.close() }
        try reopened.writeAndWait(acme) { try $0.addLead("after@example.com") }
        #expect(try reopened.read(acme) { try $0.emails() }.contains("after@example.com"))
    }

    @Test(.ofFiles, arguments: ["bureau.db-wal", "bureau.db"])
    func `a log is not copied, nor begun anew, when a disk fails beside the commits`(_ failing: String) throws
    {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        // The files that the copying thread syncs are open from its first copy on. When the writer says that it has
        // ended, no other has begun: only then is it known what the next one finds.
        let (firstCopy, notADisk) = (Shared<Result<Data, any Error>?>(nil), ends[1])
        let fixture = try Fixture { configuration in
            (configuration.checkpointFrames, configuration.idleTime) = (50, .seconds(600))
            let folder = configuration.folder
            configuration.observer.checkpointed = { _, _ in
                firstCopy.update { first in
                    guard first == nil else { return }
                    first = Result {
                        let before = try content("\(folder)/bureau.db")
                        let synced = try descriptors(of: "\(folder)/\(failing)", O_WRONLY)
                        try #require(synced.count == 1)
                        try #require(dup2(notADisk, synced[0]) == synced[0])
                        return before
                    }
                }
            }
        }
        var number = 0
        func add() throws {
            number += 1
            try fixture.add("\(number)@example.com")
        }
        let (file, logFile) = (fixture.folder.path + "/bureau.db", fixture.folder.path + "/bureau.db-wal")
        let refused = error { while number < 20_000 { try add() } }
        let before = try #require(firstCopy.current).get()
        let named = failing == "bureau.db" ? "file" : "log"
        #expect("\(String(describing: refused))".contains("the \(named) did not get to the disk"))
        let copied = try content(file), log = try content(logFile)
        #expect((copied == before) == (named == "log"))
        fixture.database.close()
        #expect(fileSize(logFile) > 0)
        let reopened = try Database.open(fixture.configuration)
        defer { reopened.close() }
        // The one that was refused may have been committed.
        #expect(try [number - 1, number].contains(reopened.read(acme) { try $0.emails().count }))
        #expect(try reopened.integrityCheck() == [])
        guard named == "file" else { return }
        // The power may fail before the file is synced, and after the log was: any part of what was copied is lost.
        var random = SeededGenerator(5)
        for round in 0..<12 {
            let place = TemporaryFolder()
            try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
            let file = mixed(before, copied, using: &random)
            for (name, bytes) in [("bureau.db", file), ("bureau.db-wal", log)] {
                try bytes.write(to: URL(fileURLWithPath: "\(place.path)/\(name)"))
            }
            let survivor = try Database.open(place.configuration())
            defer { survivor.close() }
            let found = try survivor.read(acme) { try $0.emails() }
            #expect([number - 1, number].contains(found.count), "round \(round): \(found.count)")
            #expect(try survivor.integrityCheck() == [], "round \(round)")
        }
    }

    /// Returns a file of which each sector is as it was, or as it was written since.
    private func mixed(_ old: Data, _ new: Data, using random: inout SeededGenerator) -> Data {
        var file = old + Data(count: Bool.random(using: &random) ? max(0, new.count - old.count) : 0)
        for start in stride(from: 0, to: min(file.count, new.count), by: 512) {
            guard Bool.random(using: &random) else { continue }
            let sector = start..<min(start + 512, file.count, new.count)
            file.replaceSubrange(sector, with: new[sector])
        }
        return file
    }

    private func content(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// Returns those that this process has open for such use.
    private func descriptors(of path: String, _ use: Int32) throws -> [Int32] {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init).filter {
            descriptor in
            guard (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
            else { return false }
            return fcntl(descriptor, F_GETFL) & O_ACCMODE == use
        }
    }

    @Test(.ofFiles) func `who is answered may close the database`() throws {
        for _ in 0..<20 {
            let fixture = try Fixture()
            let answers = Signal()
            let release = holdWriter(fixture.database)
            for name in ["a", "b", "c", "d"] {
                fixture.database.submit(acme) { tx in
                    try tx.addLead("\(name)@example.com")
                } completion: { _ in
                    fixture.database.close()
                    answers.raise()
                }
            }
            release.raise()
            for _ in 0..<4 { answers.wait() }
            let reopened = try #require(try opened(fixture.configuration))
            #expect(try reopened.read(acme) { try $0.emails() }.count == 4)
            reopened.close()
        }
    }

    /// Opens a database once the one who had it open has let go of it.
    private func opened(_ configuration: DatabaseConfiguration) throws -> Database? {
        for _ in 0..<500 {
            if let database = try? Database.open(configuration) { return database }
            CallingThread.pause(milliseconds: 10)
        }
        return nil
    }

    @Test func `what changes nothing does not wait for the disk`() throws {
        let flushes = Shared(0)
        let fixture = try Fixture { $0.observer.flushed = { _ in flushes.update { $0 += 1 } } }
        let before = flushes.current
        try fixture.database.writeAndWait(acme) { _ = try $0.int("SELECT count(*) FROM leads") }
        #expect(flushes.current == before)
    }

    @Test(.ofFiles) func `what was answered survives a crash`() throws {
        let fixture = try Fixture()
        for number in 0..<30 { try fixture.add("\(number)@example.com") }
        // The files as they are at this moment, neither closed nor checkpointed.
        let copy = TemporaryFolder()
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        for file in ["bureau.db", "bureau.db-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.folder.path + "/" + file, toPath: copy.path + "/" + file)
        }
        let survivor = try Database.open(copy.configuration())
        defer { survivor.close() }
        #expect(try survivor.read(acme) { try $0.emails().count } == 30)
        #expect(try survivor.integrityCheck() == [])
    }

    @Test(.ofFiles) func `the log is copied into the file above its limit, and starts anew`() throws {
        let (copied, frames) = (Signal(), Shared(0))
        let fixture = try Fixture {
            $0.checkpointFrames = 50
            $0.observer.checkpointed = { _, _ in copied.raise() }
            $0.observer.committed = { _, _, pages in frames.update { $0 = pages } }
        }
        var number = 0
        func add() throws -> Int {
            number += 1
            try fixture.add("\(number)@example.com")
            return frames.current
        }
        // Its growth meanwhile depends on how fast the disk and the copying thread are (Benchmarks/).
        for round in 0..<3 {
            while try add() <= 50 {}
            copied.wait()
            var last = frames.current
            let hasBegunAnew = try (0..<5000).contains { _ in
                let now = try add()
                defer { last = now }
                return now < last
            }
            #expect(hasBegunAnew, "round \(round): it has \(last) pages and goes on")
        }
    }

    @Test(.ofFiles) func `in a quiet moment the log is copied, and kept at no more than it may grow to`()
        throws
    {
        let emptied = Signal()
        let fixture = try Fixture {
            $0.idleTime = .milliseconds(5)
            $0.checkpointFrames = 100
            $0.observer.checkpointed = { frames, _ in if frames == 0 { emptied.raise() } }
        }
        try fixture.database.writeAndWait(acme) { tx in
            for number in 0..<20_000 { try tx.addLead("\(number)@example.com") }
        }
        emptied.wait()
        #expect(fixture.database.size.file > 0 && fixture.database.size.log > 401 * 4120)
        try fixture.add("ada@example.com")
        #expect(fixture.database.size.log <= 401 * 4120, "what it had grown far beyond that is given back")
        emptied.wait()
    }
}
