internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// Scores the engagement of a contact who has done 10,000 things within a month, beside another who has done
/// as many.
struct EngagementBenchmark {
    private static let chunk = 500, looks = 1000
    private let bench: Bench
    private let count = number("ACTIVITIES", 10_000)

    init(_ folder: String) throws {
        bench = try Bench(folder, tables: tenancyMigrations + peopleMigrations, register: { _ in })
    }

    func run() async throws -> JSON {
        try await bench.write { tx in
            _ = try tx.run(
                """
                INSERT INTO tenants
                    (tenant_id, id, version, created_at, updated_at, name, slug, time_zone, currency, status,
                    allowed_origins)
                VALUES
                    (\(tx.tenant), \(tx.tenant.rawValue), 1, \(tx.now), \(tx.now), 'Bench', 'bench', 'UTC', 'EUR',
                    'active', '[]')
                """)
        }
        let people = try await bench.write { tx in (0..<2).map { _ in tx.makeID(Nouns.Contact.self) } }
        let kinds = ContactActivity.Kind.allCases
        for person in people {
            for start in stride(from: 0, to: count, by: Self.chunk) {
                let end = min(start + Self.chunk, count)
                try await bench.write { tx in
                    for number in start..<end {
                        try tx.engagement.record(
                            kinds[number % kinds.count], of: person, on: .email,
                            fact: "bench/\(person)/\(number)", at: tx.now - .seconds(number * 200))
                    }
                }
            }
        }
        var times: [Duration] = [], found = 0
        for _ in 0..<Self.looks {
            let began = systemSteadyClock()
            let engagement = try bench.database.read(tenant) { try $0.engagement.find(people[0]) }
            times.append(systemSteadyClock() - began)
            found = engagement.activities
        }
        bench.database.close()
        return [
            "activities": JSON(count), "found": JSON(found), "p50": .number(percentile(0.5, of: times)),
            "p99": .number(percentile(0.99, of: times)), "memory": .number(residentMegabytes()),
        ]
    }
}
