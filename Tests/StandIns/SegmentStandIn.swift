import Cryptography
package import JSON
import Synchronization

/// Segment: takes events in batches, and answers 200 for almost everything. An event that comes twice counts once.
package final class SegmentStandIn: Sendable {
    package let writeKey = "bureau_write_key"
    package let service: ServiceStandIn
    private let kept = Kept()

    private final class Kept: Sendable {
        let events = Mutex<[(id: String, event: JSON)]>([])
    }

    package init() throws {
        let kept = kept, sign = "Basic " + Base64.encode(Array("\(writeKey):".utf8))
        service = try ServiceStandIn { request in
            guard let body = try? JSONParser.parse(request.body), body.object != nil,
                request.body.count <= 512_000
            else { return .json(400, ["success": false, "message": "malformed JSON"]) }
            // Of another key it says nothing, and keeps nothing.
            guard request.header("Authorization") == sign else { return .json(200, ["success": true]) }
            kept.events.withLock { events in
                for event in body["batch"]?.array ?? [body] {
                    let id = event["messageId"]?.text ?? ""
                    if !events.contains(where: { $0.id == id }) { events.append((id, event)) }
                }
            }
            return .json(200, ["success": true])
        }
    }

    package var events: [JSON] { kept.events.withLock { $0.map(\.event) } }
}
