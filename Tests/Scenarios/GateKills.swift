import Foundation
import JSON
import Testing

/// The server dies between asking a service and noting its answer: what leaves, and what is kept of it.
@Suite(.ownThread) struct GateKills {
    @Test(arguments: WayOut.Kind.allCases)
    func `killed on the way out, nothing is lost, and what is in doubt says so`(_ kind: WayOut.Kind) throws {
        let server = try BureauProcess.start()
        let way = try WayOut.make(kind, on: server)
        way.end.hold()
        // Who waits for an answer is cut off with the server.
        let asking = Thread { _ = try? way.stir(1) }
        asking.start()
        try eventuallyTrue("the request", every: .milliseconds(2)) {
            way.end.arrived == 1
        }
        #expect(try way.calls().map { $0.text("state") } == ["held"])
        server.kill()
        way.end.letGo()
        try server.start()
        // A client who was cut off asks again; all else goes on by itself.
        if kind == .payment { #expect(try way.stir(1) == nil) }
        let ends = try eventually("the end of what was under way") {
            let states = try way.calls().map { $0.text("state") }
            return ["succeeded", "unknown"].contains(states.last ?? "") ? states : nil
        }
        switch kind {
        case .mail, .chat:
            // Nobody can say whether it has left: a person decides.
            #expect(ends == ["unknown"] && way.end.arrived == 1)
            let doubtful = try #require(try way.calls().first?["subject"]?.id)
            try eventuallyTrue("an alert") {
                let alerts = try way.owner.every("/v1/alerts?kind=message_unknown&open=true")
                return alerts.contains { $0["subject"]?.id == doubtful }
            }
        case .request, .webhook, .payment, .model:
            // It is asked again, under the key by which the service knows it.
            #expect(ends.count { $0 == "succeeded" } == 1, "\(ends)")
            #expect(way.end.arrived == 2 && Set(way.end.keys).count <= 1, "\(way.end.keys)")
            #expect(way.end.keys.count == (kind == .model ? 0 : 2))
        }
    }
}
