import Foundation
import Telemetry
import TestDatabases
import Testing

@testable import Database

@Suite struct WritingTests {
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

    @Test func `a table that was made by a closure that throws is gone, and its neighbours commit`() throws {
        let fixture = try Fixture()
        let release = holdWriter(fixture.database)
        let answers = Signal()
        for number in 0..<3 {
            fixture.database.submit(acme) { tx in
                guard number == 1 else { return try tx.addLead("\(number)@example.com") }
                try tx.run("CREATE TABLE spare (id INTEGER PRIMARY KEY)")
                throw Refusal()
            } completion: { _ in
                answers.raise()
            }
        }
        release.raise()
        for _ in 0..<3 { answers.wait() }
        #expect(try fixture.emails == ["0@example.com", "2@example.com"])
        #expect(throws: DatabaseError.self) {
            try fixture.database.read(acme) { reader in
                try reader.all("SELECT count(*) FROM spare") { $0.int(0) }
            }
        }
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
}
