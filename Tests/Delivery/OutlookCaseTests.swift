import Database
import Foundation
import JSON
import Telemetry
import Testing

@testable import Delivery

/// The months that a model of who leaves is learned from.
@Suite struct OutlookCaseTests {
    private static let now = Instant("2029-01-01T00:00:00Z")!

    private func days(_ count: Int64) -> Instant { Self.now - .seconds(count * 86_400) }

    @Test func `only months whose year is over teach, and who leaves within that year has left`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try Database.open(DatabaseConfiguration(folder: folder.path) { _ in Self.now })
        let clients = Migration(number: 1, name: "clients") { _ in
            ["CREATE TABLE clients (tenant_id TEXT NOT NULL, id TEXT NOT NULL, ended_at INTEGER)"]
        }
        try database.migrate([clients, outlookModelMigration])
        let acme = TenantID(rawValue: "ten_acme"), other = TenantID(rawValue: "ten_other")
        /// Days ago of a month that is known, and of the client's end.
        let known: [(name: String, month: Int64, end: Int64?)] = [
            ("left", 366, 10), ("stayed", 366, nil), ("left later", 400, 10), ("running, left", 30, 5),
            ("running", 30, nil), ("just over", 365, nil),
        ]
        for tenant in [acme, other] {
            try database.writeAndWait(tenant) { tx in
                for (number, one) in known.enumerated() {
                    let facts = JSON.object(["tenure_months": JSON(number)]).serialized
                    try tx.run(
                        """
                        INSERT INTO clients (tenant_id, id, ended_at)
                        VALUES (\(tx.tenant), \(one.name), \(one.end.map(days)))
                        """)
                    try tx.run(
                        """
                        INSERT INTO client_snapshots (tenant_id, client_id, month, at, facts)
                        VALUES (\(tx.tenant), \(one.name), '2028-01', \(days(one.month)), \(facts))
                        """)
                }
            }
        }
        let cases = try database.read(acme) { try $0.outlooks.cases() }
        let names = cases.map { known[Int($0.facts.json["tenure_months"]?.int ?? 0)].name }
        let told = Dictionary(uniqueKeysWithValues: zip(names, cases.map(\.hasLeft)))
        #expect(told == ["left": true, "stayed": false, "left later": false, "just over": false])
        #expect(names.first == "left later" && names.last == "just over")
    }
}
