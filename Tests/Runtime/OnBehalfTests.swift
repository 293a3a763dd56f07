import Jobs
import Records
import Testing

/// Payloads of jobs that are worked for somebody.
struct `On behalf` {
    private struct Work: Codable, Sendable { let title: String, zone: Int }

    private static let stored = #"{"actorID":"user_7","actorKind":"user","title":"Report","zone":3}"#

    @Test func `the actor stands among the members of the work`() throws {
        let payload = OnBehalf(Work(title: "Report", zone: 3), of: Actor(.user, id: "user_7"))
        #expect(try encodePayload(payload) == Self.stored)
    }

    @Test func `jobs that were stored before are read`() throws {
        let payload = try decodePayload(OnBehalf<Work>.self, Self.stored)
        #expect(payload.actor == Actor(.user, id: "user_7"))
        #expect(payload.title == "Report" && payload.zone == 3)
    }

    @Test func `a payload without an actor is none`() {
        #expect(throws: (any Error).self) {
            try decodePayload(OnBehalf<Work>.self, #"{"title":"Report","zone":3}"#)
        }
    }
}
