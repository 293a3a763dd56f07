import Database
import Jobs
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import People

/// The time for which the register keeps the privacy requests that were answered.
@Suite struct PrivacyRetentionTests {
    private func pass(_ days: Int, _ rig: MessagingRig) async throws {
        try await rig.test.advance(by: .seconds(Int64(days) * 86_400))
        try await rig.test.given { try PrivacyRetention.remove(in: $0) }
    }

    private func names(_ rig: MessagingRig) throws -> [String] {
        try rig.test.read {
            try SubjectRequest.resource.all(where: "TRUE", suffix: "ORDER BY name", in: $0).map(\.name)
        }
    }

    @Test func `closed requests go after three years, and open ones stay`() async throws {
        let rig = try await MessagingRig.started(at: "2020-01-05T10:00:00Z") { _ in }
        try await rig.test.given { tx in
            for name in ["Answered", "Open"] {
                var request = SubjectRequest.new(id: tx.nextID(), now: tx.now)
                request.name = name
                if name == "Answered" { (request.status, request.closedAt) = (.completed, tx.now) }
                try SubjectRequest.resource.insert(&request, in: tx)
            }
        }
        try await pass(1094, rig)
        #expect(try names(rig) == ["Answered", "Open"])
        #expect(try rig.test.read { try PrivacyRetention.due(in: $0) } == rig.test.now + .seconds(86_400))
        try await pass(1, rig)
        #expect(try names(rig) == ["Open"])
        #expect(try rig.test.read { try PrivacyRetention.due(in: $0) } == nil)
    }
}
