import Foundation
import Telemetry
import TestDatabases
import Testing

@testable import Database

@Suite struct WriteOrderTests {
    @Test(.ofFiles) func `requests go before batches, and batches are not starved`() throws {
        let fixture = try Fixture { $0.groupLimit = 2 }
        let release = holdWriter(fixture.database)
        let (order, answers) = (Shared(""), Signal())
        func submit(_ priority: WritePriority, _ mark: String) {
            fixture.database.submit(acme, priority) { _ in
                order.update { $0 += mark }
            } completion: { _ in
                answers.raise()
            }
        }
        for _ in 0..<3 { submit(.batch, "b") }
        for _ in 0..<10 { submit(.request, "r") }
        release.raise()
        for _ in 0..<13 { answers.wait() }
        #expect(order.current == "rrrrrrbrrrrbb")
    }

    @Test(.ofFiles)
    func `an early write is run by its caller when nobody is at work, and waits its turn otherwise`()
        throws
    {
        let fixture = try Fixture()
        func isOwn() throws -> Bool {
            let caller = UInt(pthread_self())
            return try fixture.database.writeAndWait(acme, .early) { _ in UInt(pthread_self()) == caller }
        }
        // The writer may still be winding up what made the table.
        #expect(try (0..<1000).contains { _ in try isOwn() })
        let release = holdWriter(fixture.database)
        let (order, answers) = (Shared(""), Signal())
        for (priority, mark) in [(WritePriority.request, "r"), (.early, "e")] {
            fixture.database.submit(acme, priority) { _ in
                order.update { $0 += mark }
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        answers.wait()
        answers.wait()
        #expect(order.current == "re")
        #expect(throws: DatabaseError.self) {
            try fixture.database.writeAndWait(acme, .early) { [database = fixture.database] _ in
                try database.writeAndWait(acme, .early) { _ in }
            }
        }
        #expect(try (0..<1000).contains { _ in try isOwn() }, "one that failed leaves the way free")
    }

    @Test(.ofFiles)
    func `early writes of many threads beside others are each there once, and the log stays small`()
        throws
    {
        let (log, ended, emptied) = (Shared((last: 0, highest: 0, written: 0)), Signal(), Signal())
        let fixture = try Fixture {
            $0.checkpointFrames = 50
            $0.idleTime = .milliseconds(5)
            $0.observer.committed = { _, _, frames in
                log.update {
                    $0.written += frames < $0.last ? frames : frames - $0.last
                    ($0.last, $0.highest) = (frames, max($0.highest, frames))
                }
            }
            $0.observer.checkpointed = { frames, _ in if frames == 0 { emptied.raise() } }
        }
        for lane in 0..<6 {
            Thread {
                for number in 0..<100 {
                    let priority: WritePriority = lane < 4 ? .early : lane == 4 ? .request : .lazy
                    _ = try? fixture.database.writeAndWait(acme, priority) {
                        try $0.addLead("\(lane)-\(number)@example.com")
                    }
                }
                ended.raise()
            }.start()
        }
        for _ in 0..<6 { ended.wait() }
        #expect(try Set(fixture.emails).count == 600 && fixture.emails.count == 600)
        // The moment of its new beginning is the disk's business.
        #expect(log.current.highest < log.current.written / 2, "\(log.current)")
        emptied.wait()
        try fixture.database.writeAndWait(acme, .early) { try $0.addLead("last@example.com") }
        emptied.wait()
    }

    @Test(.ofFiles) func `a batch gives way to a request that came meanwhile`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let (order, answers) = (Shared(""), Signal())
        for index in 0..<3 {
            fixture.database.submit(acme, .batch) { [database = fixture.database] _ in
                order.update { $0 += "b" }
                guard index == 0 else { return }
                database.submit(acme) { _ in
                    order.update { $0 += "r" }
                } completion: { _ in
                    answers.raise()
                }
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<4 { answers.wait() }
        #expect(order.current == "brbb")
    }

    @Test(.ofFiles, arguments: [(Duration.zero, [1, 1, 1, 1, 1]), (.seconds(60), [1, 4])])
    func `a group ends when its closures have had their time`(limit: Duration, expected: [Int]) throws {
        let commits = Shared<[Int]>([])
        let fixture = try Fixture {
            $0.groupTimeLimit = limit
            $0.observer.committed = { closures, _, _ in commits.update { $0.append(closures) } }
        }
        let release = holdWriter(fixture.database)
        let answers = Signal()
        for _ in 0..<4 {
            fixture.database.submit(acme) { _ in
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<4 { answers.wait() }
        #expect(commits.current == expected)
    }

    @Test func `a full queue refuses at once`() throws {
        let fixture = try Fixture { $0.queueLimit = 2 }
        let release = holdWriter(fixture.database)
        let (refused, answers) = (Shared<[DatabaseError]>([]), Signal())
        for _ in 0..<3 {
            fixture.database.submit(acme) { _ in
            } completion: { result in
                if case .failure(let error as DatabaseError) = result {
                    refused.update { $0.append(error) }
                }
                answers.raise()
            }
        }
        answers.wait()
        #expect(refused.current == [.unavailable(.queueFull)])
        release.raise()
        answers.wait()
        answers.wait()
        #expect(refused.current.count == 1)
    }

    @Test(arguments: [(Duration.zero, ["import"]), (.seconds(60), [])])
    func `slow closures are reported with the function they came from`(
        limit: Duration, expected: [String]
    ) throws {
        let slow = Shared<[String]>([])
        let fixture = try Fixture {
            $0.slowClosureTime = limit
            $0.observer.closureWasSlow = { caller, _ in slow.update { $0.append(caller.description) } }
        }
        try fixture.database.writeAndWait(acme, from: "import") { _ in }
        #expect(slow.current == expected)
    }

    @Test func `closing writes what waits and refuses what comes later`() throws {
        let fixture = try Fixture()
        let database = fixture.database
        let release = holdWriter(database)
        let answers = Signal()
        for number in 0..<20 {
            database.submit(acme) { tx in
                try tx.addLead("\(number)@example.com")
            } completion: { result in
                #expect(throws: Never.self) { try result.get() }
                answers.raise()
            }
        }
        release.raise()
        database.close()
        for _ in 0..<20 { answers.wait() }
        #expect(error { try database.writeAndWait(acme) { _ in } } == .unavailable(.closed))
        #expect(error { try database.read(acme) { _ in } } == .unavailable(.closed))
        #expect(fileSize(fixture.folder.path + "/bureau.db-wal") == 0)
        let again = try Database.open(fixture.configuration)
        #expect(try again.read(acme) { try $0.emails().count } == 20)
        again.close()
    }

    @Test func `the writer's thread cannot wait for itself`() throws {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { [database = fixture.database] _ in
            guard case .invalid = error({ try database.writeAndWait(acme) { _ in } }) else {
                Issue.record("it would have waited for ever")
                return
            }
        }
    }
}
