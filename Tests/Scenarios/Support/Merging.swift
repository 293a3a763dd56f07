import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

/// Two contacts that are merged and parted again, each time under a key of its own, until the server is gone.
final class Merging: Sendable {
    private let kept: String, gone: String
    private let state = Mutex<(merges: [String], isMerged: Bool)>(([], false))

    init(_ owner: Caller) throws {
        func contact(_ name: String) throws -> String {
            try owner.post(
                "/v1/contacts", ["name": .string(name), "email": .string("\(name)@merging.example")]
            ).ok(201).id
        }
        (kept, gone) = (try contact("kept"), try contact("gone"))
    }

    /// Goes on until nobody answers. Wait for the group.
    func start(_ caller: Caller) -> DispatchGroup {
        let group = DispatchGroup()
        group.enter()
        Thread { [self] in
            while (try? step(caller)) == true {}
            group.leave()
        }.start()
        return group
    }

    /// Asks for what comes next, or again for what was not answered. Returns whether it is done.
    func step(_ caller: Caller) throws -> Bool {
        let (merges, isMerged) = state.withLock { ($0.merges, $0.isMerged) }
        let place = isMerged ? "merges/\(merges[merges.count - 1])/undo" : "\(kept)/merge"
        let answer = try caller.post(
            "/v1/contacts/\(place)", isMerged ? JSON?.none : ["merge": [.string(gone)]],
            ["Idempotency-Key": "\(isMerged ? "undo" : "merge")-\(merges.count)"])
        guard answer.status == 200 else { return false }
        state.withLock {
            $0.isMerged = !isMerged
            if !isMerged { $0.merges.append(answer.json.text("merge_id")) }
        }
        return true
    }

    /// Expects that each merge has happened once, also where it was cut off and asked for again.
    func expectOnce(_ owner: Caller) throws {
        if !state.withLock({ $0.isMerged }) { #expect(try step(owner)) }
        let merges = state.withLock { $0.merges }
        let audit = try owner.every("/v1/audit?subject_id=\(kept)").filter {
            $0.text("action") == "contact.merged"
        }
        #expect(audit.compactMap { $0["changes"]?.text("merge_id") }.sorted() == Set(merges).sorted())
        for event in ["contact.created", "contact.deleted"] {
            let told = try owner.every("/v1/events?type=\(event)&subject_id=\(gone)")
            #expect(told.count == merges.count, "\(event)")
        }
        try owner.get("/v1/contacts/\(kept)").ok()
        try owner.get("/v1/contacts/\(gone)").problem(404)
    }
}
