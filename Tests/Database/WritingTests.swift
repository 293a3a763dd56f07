import Telemetry
import Testing

@testable import Database

@Suite struct WritingTests {
    @Test func `a row that was written is read`() async throws {
        let fixture = try Fixture()
        try await fixture.database.write(acme) { tx in try tx.addLead("ada@example.com") }
        #expect(try fixture.emails == ["ada@example.com"])
    }
}
