import Foundation
import Telemetry
import TestDatabases
import Testing

@testable import Database

@Suite struct WritingTests {
    /// Keeps the writer in a closure of its own until `release` is raised, so that what is submitted
    /// meanwhile goes into one group.
    private func holdWriter(_ database: Database) -> Signal {
        let (held, release) = (Signal(), Signal())
        database.submit(acme) { _ in
            held.raise()
            release.wait()
        } completion: { _ in
        }
        held.wait()
        return release
    }

    @Test func `a row that was written is read`() async throws {
        let fixture = try Fixture()
        try await fixture.database.write(acme) { tx in try tx.addLead("ada@example.com") }
        #expect(try fixture.emails == ["ada@example.com"])
    }

    @Test(.ofFiles) func `closures that wait are committed together, in order`() throws {
        let commits = Shared<[Int]>([])
        let fixture = try Fixture {
            $0.observer.committed = { closures, _, _ in commits.update { $0.append(closures) } }
        }
        let release = holdWriter(fixture.database)
        let answers = Signal()
        for number in 0..<50 {
            fixture.database.submit(acme) { tx in
                try tx.addLead("\(number)@example.com")
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<50 { answers.wait() }
        #expect(commits.current == [1, 50])
        #expect(try fixture.emails == (0..<50).map { "\($0)@example.com" })
    }

    @Test func `a closure that throws is undone alone, and its neighbours commit`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let results = Shared<[String]>([])
        let answers = Signal()
        for number in 0..<3 {
            fixture.database.submit(acme) { tx in
                try tx.addLead("\(number)@example.com")
                if number == 1 { throw Refusal() }
            } completion: { result in
                results.update { [result = "\(result)"] in
                    $0.append(result.contains("Refusal") ? "refused" : "done")
                }
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<3 { answers.wait() }
        #expect(results.current == ["done", "refused", "done"])
        #expect(try fixture.emails == ["0@example.com", "2@example.com"])
    }

    @Test(.ofFiles, arguments: [false, true])
    func `only a closure that fails with changes behind it makes its group run again`(changes: Bool) throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let (runs, answers) = (Shared<[Int]>([]), Signal())
        for number in 0..<4 {
            fixture.database.submit(acme) { tx in
                runs.update { $0.append(number) }
                if number != 2 || changes { try tx.addLead("\(number)@example.com") }
                if number == 2 { throw Refusal() }
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<4 { answers.wait() }
        #expect(runs.current == (changes ? [0, 1, 2, 0, 1, 2, 3] : [0, 1, 2, 3]))
        #expect(try fixture.emails == ["0@example.com", "1@example.com", "3@example.com"])
    }

    @Test func `a closure that throws while alone is undone too`() async throws {
        let fixture = try Fixture()
        await #expect(throws: Refusal.self) {
            try await fixture.database.write(acme) { tx in
                try tx.addLead("ada@example.com")
                throw Refusal()
            }
        }
        #expect(try fixture.emails == [])
    }

    @Test func `a failed part of a closure is undone, and the rest commits`() throws {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            try tx.addLead("one@example.com")
            for email in ["two@example.com", "one@example.com"] {
                _ = try? tx.attempt {
                    tx.onCommit { #expect(email == "two@example.com") }
                    try tx.run(
                        "UPDATE leads SET score = 1 WHERE tenant_id = \(tx.tenant) AND email = \(email)")
                    try tx.addLead(email)
                }
            }
        }
        #expect(try fixture.emails == ["one@example.com", "two@example.com"])
        #expect(
            try fixture.database.read(acme) { reader in
                try reader.int(
                    "SELECT count(*) FROM leads WHERE tenant_id = \(reader.tenant) AND score = 1")
            } == 0)
    }

    @Test func `readers see only what was committed`() throws {
        let fixture = try Fixture()
        let (written, release, answered) = (Signal(), Signal(), Signal())
        fixture.database.submit(acme) { tx in
            try tx.addLead("ada@example.com")
            #expect(try tx.emails() == ["ada@example.com"])
            written.raise()
            release.wait()
        } completion: { _ in
            answered.raise()
        }
        written.wait()
        #expect(try fixture.emails == [])
        release.raise()
        answered.wait()
        #expect(try fixture.emails == ["ada@example.com"])
    }

    @Test(.ofFiles) func `deferred work runs after every closure of the group, and hooks after the commit`()
        throws
    {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let order = Shared<[String]>([])
        let answers = Signal()
        for name in ["a", "b"] {
            fixture.database.submit(acme) { tx in
                order.update { $0.append("run \(name)") }
                tx.afterSavepoints {
                    try tx.addLead("\(name)@example.com")
                    order.update { $0.append("after \(name)") }
                }
                tx.onCommit { order.update { $0.append("committed \(name)") } }
            } completion: { _ in
                order.update { $0.append("answer \(name)") }
                answers.raise()
            }
        }
        release.raise()
        answers.wait()
        answers.wait()
        #expect(
            order.current == [
                "run a", "run b", "after a", "after b", "committed a", "committed b", "answer a",
                "answer b",
            ])
        #expect(try fixture.emails == ["a@example.com", "b@example.com"])
    }

    @Test func `a closure that throws leaves neither deferred work nor hooks behind`() throws {
        let fixture = try Fixture()
        for isAlone in [true, false] {
            let release = holdWriter(fixture.database)
            let answers = Signal()
            fixture.database.submit(acme) { tx in
                tx.afterSavepoints { Issue.record("deferred work of a closure that threw") }
                tx.onCommit { Issue.record("hook of a closure that threw") }
                throw Refusal()
            } completion: { _ in
                answers.raise()
            }
            if !isAlone {
                fixture.database.submit(acme) { _ in
                } completion: { _ in
                    answers.raise()
                }
            }
            release.raise()
            answers.wait()
            if !isAlone { answers.wait() }
        }
    }

    @Test func `deferred work that throws fails its own closure only`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let (answers, failures) = (Signal(), Shared<[String]>([]))
        for name in ["a", "b", "c"] {
            fixture.database.submit(acme) { tx in
                try tx.addLead("\(name)@example.com")
                tx.afterSavepoints { if name == "b" { throw Refusal() } }
            } completion: { result in
                if case .failure = result { failures.update { $0.append(name) } }
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<3 { answers.wait() }
        #expect(failures.current == ["b"])
        #expect(try fixture.emails == ["a@example.com", "c@example.com"])
    }

    @Test func `a reference left open until the commit fails the closure that left it`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let (answers, errors) = (Signal(), Shared<[DatabaseError]>([]))
        for owner in ["nobody", "self"] {
            fixture.database.submit(acme) { tx in
                try tx.run(
                    "INSERT INTO companies (tenant_id, id, owner) VALUES (\(tx.tenant), \("self"), \(owner))"
                )
            } completion: { result in
                if case .failure(let error as DatabaseError) = result { errors.update { $0.append(error) } }
                answers.raise()
            }
        }
        release.raise()
        answers.wait()
        answers.wait()
        #expect(errors.current == [.constraint(.foreignKey)])
        #expect(try fixture.database.read(acme) { try $0.int("SELECT count(*) FROM companies") } == 1)
    }

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
        let flushed = try readOnlyDescriptors(of: fixture.folder.path + "/bureau.db-wal")
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

    /// Of those that this process has open.
    private func readOnlyDescriptors(of path: String) throws -> [Int32] {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init).filter {
            descriptor in
            guard (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
            else { return false }
            return fcntl(descriptor, F_GETFL) & O_ACCMODE == O_RDONLY
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

    /// Once the one who had it open has let go of it.
    private func opened(_ configuration: DatabaseConfiguration) throws -> Database? {
        for _ in 0..<500 {
            if let database = try? Database.open(configuration) { return database }
            pause(milliseconds: 10)
        }
        return nil
    }

    @Test func `amounts are stored once for all who add to them, without those who failed`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let (stored, answers) = (Shared<[Int]>([]), Signal())
        for amount in [1, 10, 100, 1000] {
            fixture.database.submit(acme) { tx in
                tx.add(amount, to: "leads") { sum in
                    stored.update { $0.append(sum) }
                    try tx.addLead("\(sum)@example.com")
                }
                tx.add(amount, to: "leads") { sum in
                    stored.update { $0.append(sum) }
                    try tx.addLead("\(sum)@example.com")
                }
                _ = try? tx.attempt {
                    tx.add(5, to: "leads") { _ in Issue.record("kept from a part that failed") }
                    throw Refusal()
                }
                if amount == 100 { throw Refusal() }
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<4 { answers.wait() }
        #expect(stored.current.reduce(0, +) == 2 * 1011)
        // A file's writer has the whole group.
        #expect(TestDatabases.isOnServer || stored.current.count <= 2)
        #expect(try fixture.emails.count == stored.current.count)
    }

    @Test func `what is noted is forgotten with the transaction, and when a part of it is undone`() throws {
        struct Number: Equatable { let value: Int }
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            #expect(tx.noted(Number.self) == nil)
            tx.note(Number(value: 1))
            #expect(tx.noted(Number.self) == Number(value: 1))
            _ = try? tx.attempt {
                tx.note(Number(value: 2))
                throw Refusal()
            }
            #expect(tx.noted(Number.self) == nil)
            tx.note(Number(value: 3))
        }
        try fixture.database.writeAndWait(acme) { #expect($0.noted(Number.self) == nil) }
        try fixture.database.writeAndWait(acme) { $0.note(Number(value: 4)) }
        try fixture.database.writeAndWait(other) { #expect($0.noted(Number.self) == nil) }
    }

    @Test func `what changes nothing does not wait for the disk`() throws {
        let flushes = Shared(0)
        let fixture = try Fixture { $0.observer.flushed = { _ in flushes.update { $0 += 1 } } }
        let before = flushes.current
        try fixture.database.writeAndWait(acme) { _ = try $0.int("SELECT count(*) FROM leads") }
        #expect(flushes.current == before)
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
        // How soon it begins anew is the disk's business.
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
        // How far it grows meanwhile is a matter of how fast the disk and the copying thread are (Benchmarks/).
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

    @Test func `a transaction has the time of its tenant's clock`() throws {
        let fixture = try Fixture {
            $0.clock = { tenant in Instant(seconds: tenant == acme ? 100 : tenant == nil ? 1 : 200) }
        }
        let times = try fixture.database.acrossTenantsWriteAndWait { tx in
            [tx.now, tx.scoped(to: acme).now, tx.scoped(to: other).now]
        }
        #expect(times == [Instant(seconds: 1), Instant(seconds: 100), Instant(seconds: 200)])
        #expect(try fixture.database.writeAndWait(acme) { $0.now } == Instant(seconds: 100))
        #expect(try fixture.database.read(other) { $0.now } == Instant(seconds: 200))
    }

    @Test func `a transaction kept beyond its closure is refused`() throws {
        let fixture = try Fixture()
        nonisolated(unsafe) var kept: Transaction?
        try fixture.database.writeAndWait(acme) { tx in kept = tx }
        let stale = try #require(kept)
        guard case .invalid = error({ try stale.run("DELETE FROM leads WHERE tenant_id = \(acme)") }) else {
            Issue.record("a stale transaction was used")
            return
        }
    }

    @Test func `writes from many tasks all arrive`() async throws {
        let fixture = try Fixture()
        try await withThrowingTaskGroup { group in
            for worker in 0..<20 {
                group.addTask {
                    for number in 0..<20 {
                        try await fixture.database.write(acme) { tx in
                            try tx.addLead("\(worker).\(number)@example.com")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try fixture.emails.count == 400)
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
