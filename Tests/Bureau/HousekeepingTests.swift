import Cryptography
import Database
import Jobs
import Records
import Telemetry
import Tenancy
import Testing

@testable import Bureau

struct HousekeepingTests {
    @Test func `writes down when sessions were last seen, and changes nothing else of them`() async throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let agency = TenantID(rawValue: "tenant_1"), other = TenantID(rawValue: "tenant_2")
        let session = try await app.database.write(agency) { tx in
            var session = UserSession.new(id: tx.nextID(), now: tx.now)
            try UserSession.resource.insert(&session, in: tx)
            return session
        }
        let seen = Instant.wallClock()
        for tenant in [agency, other] { app.services.sessionUse.note(session.id, of: tenant, at: seen) }
        await app.housekeeping.tidyUp()
        let found = try app.database.read(agency) { try UserSession.resource.get(session.id, in: $0) }
        #expect(found.lastSeenAt == seen && found.version == session.version)
    }
}
