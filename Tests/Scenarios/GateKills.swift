import Foundation
import JSON
import StandIns
import Testing

/// The server dies between asking a service and noting its answer: what leaves, and what is kept of it.
@Suite(.ownThread) struct GateKills {
    @Test(arguments: WayOut.Kind.allCases)
    func `killed on the way out, nothing is lost, and what is in doubt says so`(_ kind: WayOut.Kind) throws {
        let server = try BureauProcess.start()
        let way = try WayOut.make(kind, on: server)
        way.end.hold()
        // The caller who waits for an answer is cut off with the server.
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

    @Test func `killed while somebody's chat is told, it is told again, and both are calls`() throws {
        let server = try BureauProcess.start()
        let owner = try server.quietAgency().owner, end = WayOut.End()
        let chat = try StandIn { (request: ReceivedRequest) -> StandInAnswer in
            _ = end.take(request, counts: request.text.contains("Test notification"))
            return StandInAnswer()
        }
        try owner.patch(
            "/v1/notifications/preferences", ["mail": "never", "webhook_url": .string(chat.url)]
        ).ok()
        func states(of notification: JSON) throws -> [String] {
            try owner.every("/v1/tool-calls?tool=post_notification")
                .filter { $0["subject"]?.id == notification.id }
                .sorted { $0.id < $1.id }.map { $0.text("state") }
        }
        end.hold()
        try owner.post("/v1/notifications/test").ok(202)
        try eventuallyTrue("the request", within: .seconds(60), every: .milliseconds(2)) { end.arrived == 1 }
        let told = try #require(try owner.every("/v1/notifications").first { $0.text("kind") == "test" })
        #expect(try states(of: told) == ["held"])
        server.kill()
        end.letGo()
        try server.start()
        let ends = try eventually("the end of what was under way", within: .seconds(120)) {
            let states = try states(of: told)
            return states.last == "succeeded" ? states : nil
        }
        // Of the first nobody can say whether it was read.
        #expect(ends.count == 2 && ["held", "unknown"].contains(ends[0]), "\(ends)")
        #expect(end.arrived == 2)
        try eventuallyTrue("the delivery", within: .seconds(60)) {
            let deliveries = try owner.get("/v1/notifications/\(told.id)").ok()["deliveries"]?.array ?? []
            return deliveries.contains {
                $0.text("channel") == "webhook" && $0.text("status") == "delivered"
            }
        }
    }
}
