import Foundation
import JSON
import Synchronization
import Testing

/// A call that somebody logs by hand is one activity with one entry in the audit, however often it is told.
@Suite(.ownThread) struct LoggedCalls {
    @Test func `told at once, told again and killed in between, each logged call is there once`() throws {
        let server = try BureauProcess.start(), agency = try server.quietAgency(), owner = agency.owner
        let contact = try agency.makeLead(1).text("contact_id"), path = "/v1/contacts/\(contact)/activities"
        @Sendable func log(_ number: Int, _ type: JSON = "call") throws -> Answer {
            try server.caller(agency.token).post(
                path, ["type": type], ["Idempotency-Key": "call-\(number)"])
        }
        let first = try together(6) { _ in try log(0) }
        for answer in first where answer.status != 201 {
            try answer.problem(409, "idempotency_in_progress")
        }
        #expect(Set(first.filter { $0.status == 201 }.map(\.json.id)).count == 1)
        try log(0, "demo_request").problem(422, "idempotency_key_reused")
        let told = Mutex(1)
        for round in 1...2 {
            let isOver = DispatchGroup()
            for _ in 0..<2 {
                isOver.enter()
                Thread {
                    repeat {
                        let number = told.withLock { told in
                            told += 1
                            return told - 1
                        }
                        guard let answer = try? log(number), answer.status == 201 else { break }
                    } while true
                    isOver.leave()
                }.start()
            }
            try eventuallyTrue("calls of round \(round)", every: .milliseconds(1)) {
                told.withLock { $0 } > 15 * round
            }
            server.kill()
            isOver.wait()
            try server.start()
        }
        let count = told.withLock { $0 }
        // Nobody knows which of them were heard: all are told again.
        let ids = try (0..<count).map { try log($0).ok(201).id }
        let again = try log(count - 1)
        #expect(try again.ok(201).id == ids.last && again.header("Idempotency-Replayed") == "true")
        let kept = try owner.every(path)
        #expect(kept.count == count && Set(kept.map(\.id)) == Set(ids))
        let entries = try owner.every("/v1/audit?action=contact_activity.recorded")
        #expect(entries.compactMap { $0["subject"]?.id }.sorted() == ids.sorted())
        #expect(try owner.every("/v1/events?type=contact_activity.recorded").count == count)
        #expect(try owner.get("/v1/contacts/\(contact)/engagement").ok()["activities"] == JSON(count))
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
    }
}
