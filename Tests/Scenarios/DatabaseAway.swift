import Foundation
import Glibc
import JSON
import Synchronization
import TestDatabases
import Testing

/// A PostgreSQL server of the test's own, which dies and comes back.
@Suite(.ownThread, .ofServers) struct DatabaseAway {
    private struct Server {
        let folder: String, url: String

        init() throws {
            folder = NSTemporaryDirectory() + "bureau-away-" + UUID().uuidString.prefix(8)
            let started = try BureauProcess.run([BureauProcess.root + "/scripts/postgres", "start", folder])
            let administrator = try #require(
                started.output.firstMatch(of: /postgresql:\S+/), "\(started.output)"
            ).output
            url = "postgresql:///bureau?user=bureau&" + administrator.split(separator: "?")[1]
            try run(
                "psql", "--quiet", "--command=CREATE DATABASE bureau OWNER bureau_owner",
                String(administrator))
        }

        /// Runs one of the server's own programs, as the user that the server runs as.
        func run(_ program: String, _ arguments: String...) throws {
            let versions = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").sorted()
            let path = "/usr/lib/postgresql/\(versions.last ?? "")/bin/\(program)"
            let user =
                getuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
            let ended = try BureauProcess.run(["/usr/bin/env", "-C", folder] + user + [path] + arguments)
            try #require(ended.status == 0, "\(program): \(ended.output)")
        }

        func die() throws {
            try run("pg_ctl", "stop", "--mode=immediate", "--silent", "--pgdata=\(folder)/data")
        }
        func comeBack() throws {
            try run(
                "pg_ctl", "start", "--wait", "--silent", "--pgdata=\(folder)/data",
                "--log=\(folder)/server.log", "-o",
                "-p 54329 -k \(folder) -c listen_addresses= -c fsync=off")
        }

        func remove() {
            _ = try? BureauProcess.run([BureauProcess.root + "/scripts/postgres", "stop", folder])
        }
    }

    /// Runs `body` with an agency on a database server of its own, and the id of its only lead.
    private func withAgency(
        _ body: (_ database: Server, _ server: BureauProcess, _ agency: Agency, _ kept: String) throws -> Void
    ) throws {
        let database = try Server()
        defer { database.remove() }
        let place = NSTemporaryDirectory() + "bureau-away-data-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: place) }
        let server = try BureauProcess.start(["database.url": database.url], folder: place)
        defer { server.kill() }
        let agency = try server.quietAgency()
        let kept = try agency.makeLead().id
        try body(database, server, agency, kept)
    }

    @Test func `while the database server is away, requests get 503 at once, and afterwards all go on`()
        throws
    {
        try withAgency { database, server, agency, kept in
            for round in 1...3 {
                // Many requests at once make sure that there are connections to lose.
                _ = try together(20) { _ in try server.caller(agency.token).get("/v1/leads") }
                try database.die()
                let answers = try together(30) { number in
                    let caller = server.caller(agency.token)
                    return number % 3 == 0
                        ? try caller.post("/v1/leads", lead(number))
                        : try caller.get(number % 3 == 1 ? "/v1/leads/\(kept)" : "/v1/leads?total=true")
                }
                for answer in answers {
                    try answer.problem(503, "unavailable")
                    #expect(
                        answer.header("Retry-After") == "1" && answer.text.contains("cannot be reached"),
                        "\(answer)")
                }
                try database.comeBack()
                // The first of each at once, on whichever connection: all that were kept are dead.
                try agency.owner.post("/v1/leads", lead(100 + round)).ok(201)
                for answer in try together(
                    20, { _ in try server.caller(agency.token).get("/v1/leads/\(kept)") })
                {
                    try answer.ok()
                }
            }
            #expect(try agency.owner.total() == 4)
        }
    }

    @Test
    func `who is served while the server dies is never answered 500, and nothing is lost or done twice`()
        throws
    {
        try withAgency { database, server, agency, kept in
            var written = 1
            for round in 1...3 {
                let crowd = Crowd(server, agency, kept, from: round * 100_000)
                try crowd.work(until: { try database.die() })
                #expect(crowd.refused.count >= 9 && !crowd.acknowledged.isEmpty)
                for answer in crowd.refused {
                    try answer.problem(503, "unavailable")
                    #expect(
                        answer.header("Retry-After") == "1"
                            && (answer.text.contains("Nothing was written")
                                || answer.text.contains("not known")),
                        "\(answer)")
                }
                try database.comeBack()
                for id in crowd.acknowledged { try agency.owner.get("/v1/leads/\(id)").ok() }
                try crowd.sendAgain()
                written += crowd.writes
                #expect(try agency.owner.total() == Int64(written), "after round \(round)")
            }
        }
    }

    /// Readers and writers who do not stop before each has been refused a few times.
    private final class Crowd: Sendable {
        private struct State {
            var next = 0, served = 0
            var refused: [Answer] = [], acknowledged: [String] = []
            /// Numbers of those that were refused.
            var unsaved: [Int] = []
        }

        private let server: BureauProcess, agency: Agency, kept: String, start: Int
        private let state = Mutex(State())

        init(_ server: BureauProcess, _ agency: Agency, _ kept: String, from start: Int) {
            (self.server, self.agency, self.kept, self.start) = (server, agency, kept, start)
        }

        var refused: [Answer] { state.withLock { $0.refused } }
        var acknowledged: [String] { state.withLock { $0.acknowledged } }
        var writes: Int { state.withLock { $0.next } }

        /// `die` is called once many are served.
        func work(until die: @escaping @Sendable () throws -> Void) throws {
            let end = ContinuousClock.now + .seconds(180)
            _ = try together(10) { [self] index in
                guard index > 0 else {
                    try eventuallyTrue("many served", every: .milliseconds(5)) {
                        state.withLock { $0.served >= 60 && !$0.acknowledged.isEmpty }
                    }
                    return try die()
                }
                let caller = server.caller(agency.token)
                var refusals = 0
                while refusals < 5 {
                    try #require(ContinuousClock.now < end, "nobody is refused")
                    let isRefused = index % 2 == 0 ? try write(caller) : try read(caller)
                    if isRefused { refusals += 1 }
                }
            }
        }

        private func read(_ caller: Caller) throws -> Bool {
            let answer = try caller.get("/v1/leads/\(kept)")
            return state.withLock { state in
                state.served += 1
                if answer.status != 200 { state.refused.append(answer) }
                return answer.status != 200
            }
        }

        private func write(_ caller: Caller) throws -> Bool {
            let number = state.withLock { state in
                state.next += 1
                return state.next
            }
            let answer = try send(number, caller)
            return state.withLock { state in
                state.served += 1
                guard answer.status != 201 else {
                    state.acknowledged.append(answer.json.id)
                    return false
                }
                state.refused.append(answer)
                state.unsaved.append(number)
                return true
            }
        }

        private func send(_ number: Int, _ caller: Caller) throws -> Answer {
            try caller.post("/v1/leads", lead(start + number), ["Idempotency-Key": "away-\(start + number)"])
        }

        /// Each that was refused, under its own key: the first of them finds the server just back.
        func sendAgain() throws {
            for number in state.withLock({ $0.unsaved }) { try send(number, agency.owner).ok(201) }
        }
    }
}
