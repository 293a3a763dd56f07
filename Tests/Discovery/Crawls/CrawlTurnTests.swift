import Database
import Foundation
import TestDatabases
import Testing

@testable import Discovery

/// The turns at hosts among servers that share a database: each is one server's, and ends with its lease.
@Suite(.enabled(if: TestDatabases.isOnServer, "about a database's server")) struct CrawlTurnTests {
    private static let lease = Duration.seconds(60)
    /// The time after which one that waits for another looks again.
    private static let look = Duration.milliseconds(200)

    /// Servers that share a database.
    private final class Servers {
        let turns: [CrawlTurns]
        private let databases: [Database]
        private let address: String?
        private let folder: String

        init(_ count: Int) throws {
            let server = try TestDatabases.make()
            let place = NSTemporaryDirectory() + "bureau-turns-" + UUID().uuidString
            (address, folder) = (server, place)
            databases = try (0..<count).map { number in
                var configuration = DatabaseConfiguration(folder: "\(place)-\(number)")
                configuration.server = server
                let database = try Database.open(configuration)
                if number == 0 { try database.migrate([crawlTurnsMigration]) }
                return database
            }
            turns = databases.compactMap { CrawlTurns($0) }
        }

        deinit {
            for (number, database) in databases.enumerated() {
                database.close()
                try? FileManager.default.removeItem(atPath: "\(folder)-\(number)")
            }
            TestDatabases.drop(address)
        }
    }

    @Test func `of those that take a free turn at once one has it, and the others have nothing of it`()
        async throws
    {
        let servers = try Servers(4), turns = servers.turns
        defer { withExtendedLifetime(servers) {} }
        for round in 1...20 {
            // Four hosts on one machine: whoever asks one of them has the machine, too.
            let places = turns.indices.map { ["h\(round)-\($0).example", "192.0.2.\(round)"] }
            let waits = try await withThrowingTaskGroup(of: (Int, Duration?).self) { group in
                for (number, one) in turns.enumerated() {
                    group.addTask { (number, try await one.take(places[number], for: Self.lease)) }
                }
                return try await group.reduce(into: [(Int, Duration?)]()) { $0.append($1) }
            }
            let winners = waits.filter { $0.1 == nil }.map(\.0)
            try #require(winners.count == 1, "\(waits)")
            #expect(waits.allSatisfy { ($0.1 ?? Self.look) > .zero && ($0.1 ?? Self.look) <= Self.look })
            // Given back, it is another's at once; its own host was never taken meanwhile.
            let winner = winners[0], next = (winner + 1) % turns.count
            await turns[winner].leave([places[winner][0]: .zero, places[winner][1]: .zero])
            #expect(try await turns[next].take(places[next], for: Self.lease) == nil)
        }
    }

    @Test func `one that has died loses its turn with the lease, and what it says later counts for nothing`()
        async throws
    {
        let servers = try Servers(3)
        defer { withExtendedLifetime(servers) {} }
        let (dead, other, third) = (servers.turns[0], servers.turns[1], servers.turns[2])
        #expect(try await dead.take(["a.example"], for: Self.lease) == nil)
        let wait = try #require(try await other.take(["a.example"], for: Self.lease))
        #expect(wait > .zero && wait <= Self.look, "it has its time still")
        // A lease that is over as soon as it begins.
        #expect(try await dead.take(["b.example"], for: .zero) == nil)
        #expect(try await other.take(["b.example"], for: Self.lease) == nil)
        await dead.leave(["b.example": .seconds(3600)])
        let taken = try #require(try await third.take(["b.example"], for: Self.lease))
        #expect(taken > .zero && taken <= Self.look, "the other one has it, and no host rests")
        await other.leave(["b.example": .seconds(30)])
        let rest = try #require(try await third.take(["b.example"], for: Self.lease))
        #expect(rest > .seconds(20) && rest <= .seconds(30))
    }
}
