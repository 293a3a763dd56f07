import Foundation
import Glibc
import JSON
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

        /// One of the server's own programs, as the user that it runs as.
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

    @Test func `while the server is away every request is refused with 503 at once, and after it all go on`()
        throws
    {
        let database = try Server()
        defer { database.remove() }
        let place = NSTemporaryDirectory() + "bureau-away-data-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: place) }
        let server = try BureauProcess.start(["database.url": database.url], folder: place)
        defer { server.kill() }
        let agency = try server.quietAgency()
        let kept = try agency.makeLead().id
        for round in 1...3 {
            // Many at once, so that there are connections to lose.
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
            try eventuallyTrue("a write after round \(round)", every: .milliseconds(20)) {
                try agency.owner.post("/v1/leads", lead(100 + round)).status == 201
            }
            try agency.owner.get("/v1/leads/\(kept)").ok()
        }
        #expect(try agency.owner.total() == 4)
    }
}
