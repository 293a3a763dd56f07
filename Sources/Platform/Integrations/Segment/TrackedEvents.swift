internal import Cryptography
internal import JSON
internal import Records
internal import Telemetry

/// A fault of events that are sent in the form of Segment's Tracking API.
struct TrackingFault: Error, Equatable {
    let status: Int, code: String

    static let invalidJSON = TrackingFault(status: 400, code: "invalid_json")
    static let tooLarge = TrackingFault(status: 400, code: "too_large")
    static let noUser = TrackingFault(status: 400, code: "no_user_anon_id")
    static let invalidEvent = TrackingFault(status: 400, code: "invalid_event")
    static let unknownCoding = TrackingFault(status: 415, code: "unsupported_encoding")
    static let invalidKey = TrackingFault(status: 401, code: "invalid_write_key")
}

/// The events of one request: those that are as they should be, and those that are not, by their places.
struct TrackedEvents {
    private(set) var items: [HookItem] = []
    private(set) var rejected: [(index: Int, code: String)] = []

    static let batchMax = 2500, batchBytesMax = 500 * 1024
    private static let eventBytesMax = 32 * 1024, depthMax = 20, keysMax = 500
    private static let futureMax: Duration = .seconds(300)
    private static let types: Set<String> = ["identify", "track", "page", "screen", "group", "alias"]

    /// `type`: of the one event, as its path says; `nil`: the body is a batch.
    init(_ body: JSON, type: String?, receivedAt now: Instant) throws(TrackingFault) {
        guard let object = body.object else { throw .invalidJSON }
        if let type {
            items = [try Self.item(object, type: type, sentAt: object["sentAt"], at: now)]
            return
        }
        guard let batch = object["batch"]?.array else { throw .invalidEvent }
        guard batch.count <= Self.batchMax else { throw .tooLarge }
        for (index, one) in batch.enumerated() {
            do throws(TrackingFault) {
                guard var event = one.object else { throw .invalidEvent }
                // Members at the top hold for each event that does not say otherwise.
                for name in ["context", "integrations"] {
                    guard let common = object[name] else { continue }
                    event[name] = common.merging(event[name] ?? [:])
                }
                items.append(
                    try Self.item(
                        event, type: event["type"]?.text ?? "", sentAt: object["sentAt"] ?? event["sentAt"],
                        at: now))
            } catch {
                rejected.append((index, error.code))
            }
        }
    }

    private static func item(
        _ event: JSONObject, type: String, sentAt: JSON?, at now: Instant
    ) throws(TrackingFault) -> HookItem {
        var event = event
        for name in ["writeKey", "receivedAt", "sentAt", "originalTimestamp"] { event.remove(name) }
        guard types.contains(type) else { throw .invalidEvent }
        guard JSON.object(event).bytes.count <= eventBytesMax, isFlat(.object(event), depthMax) else {
            throw .tooLarge
        }
        guard [event["userId"], event["anonymousId"]].contains(where: { $0?.identifier != nil }) else {
            throw .noUser
        }
        switch type {
        case "track" where event["event"]?.identifier == nil,
            "group" where event["groupId"]?.identifier == nil,
            "alias" where event["previousId"]?.identifier == nil:
            throw .invalidEvent
        default: break
        }
        // Of nobody's address is anything kept.
        if event["context"]?["ip"]?.text == "0.0.0.0" {
            event["context"] = event["context"]?.merging(["ip": nil])
        }
        event["type"] = .string(type)
        event["timestamp"] = .string(moment(event["timestamp"], sentAt: sentAt, at: now).description)
        event["receivedAt"] = .string(now.description)
        let given = event["messageId"]?.identifier.map { String($0.prefix(100)) }
        let key = given ?? "api-" + RandomToken.make(characters: 32)
        event["messageId"] = .string(key)
        let name = type == "track" ? event["event"]?.identifier : type
        return HookItem(
            key: key, type: String((name ?? type).prefix(100)),
            payload: ["type": .string(type), "data": .object(event)])
    }

    /// When it happened by our clock: the sender's may be wrong, which the time of sending shows.
    private static func moment(_ given: JSON?, sentAt: JSON?, at now: Instant) -> Instant {
        guard let original = given?.identifier.flatMap({ ConnectorTime.instant($0) }) else { return now }
        guard let sent = sentAt?.identifier.flatMap({ ConnectorTime.instant($0) }) else {
            return original - now > futureMax ? now : original
        }
        let moment = now - (sent - original)
        return moment - now > futureMax ? now : moment
    }

    private static func isFlat(_ value: JSON, _ depth: Int) -> Bool {
        guard depth >= 0 else { return false }
        if let items = value.array { return items.allSatisfy { isFlat($0, depth - 1) } }
        guard let object = value.object else { return true }
        return object.count <= keysMax && object.members.allSatisfy { isFlat($0.value, depth - 1) }
    }
}
