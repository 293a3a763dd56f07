import Jobs
import Testing

@testable import Deals

struct `A document of a sale` {
    private static let end = "01jd8v6z3m9q4t7x2b5n8c1f0g"

    @Test(arguments: ["prop", "contract"])
    func `is stored by its id in the job that sends it`(prefix: String) throws {
        let stored = #"{"document":"\#(prefix)_\#(Self.end)"}"#
        let payload = try decodePayload(SaleStepJob.Payload.self, stored)
        let isProposal = if case .proposal = payload.document { true } else { false }
        #expect(isProposal == (prefix == "prop"))
        #expect(try encodePayload(payload) == stored)
    }

    @Test func `is nothing but a proposal or a contract`() {
        #expect(throws: (any Error).self) {
            try decodePayload(SaleStepJob.Payload.self, #"{"document":"lead_\#(Self.end)"}"#)
        }
    }
}
