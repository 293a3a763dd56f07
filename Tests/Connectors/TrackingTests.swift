import JSON
import Telemetry
import Testing

@testable import Integrations

struct TrackingTests {
    private let now = Instant("2026-01-15T12:00:07.000Z")!

    private func events(_ body: JSON, _ type: String? = nil) throws -> TrackedEvents {
        try TrackedEvents(body, type: type, receivedAt: now)
    }

    private func fault(_ body: JSON, _ type: String?) -> String? {
        do throws(TrackingFault) {
            _ = try TrackedEvents(body, type: type, receivedAt: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `an event has its time by our clock, and the key by which it counts once`() throws {
        let event: JSON = [
            "userId": "ld_1", "event": "Lead Created", "messageId": "m1", "writeKey": "k",
            "timestamp": "2026-01-15T10:00:00.000Z", "sentAt": "2026-01-15T10:00:05.000Z",
            "receivedAt": "2020-01-01T00:00:00Z", "context": ["ip": "0.0.0.0", "locale": "de"],
        ]
        let item = try #require(try events(event, "track").items.first)
        #expect(item.key == "m1" && item.type == "Lead Created" && item.payload["type"] == "track")
        let data = try #require(item.payload["data"])
        #expect(data["timestamp"] == "2026-01-15T12:00:02.000Z" && data["writeKey"] == nil)
        #expect(data["receivedAt"] == "2026-01-15T12:00:07.000Z" && data["context"] == ["locale": "de"])
        let late = try events(["anonymousId": 7, "event": "X", "timestamp": "2026-01-15T13:00:00Z"], "track")
            .items
        #expect(late[0].payload["data"]?["timestamp"] == "2026-01-15T12:00:07.000Z")
        #expect(late[0].key.hasPrefix("api-"))
    }

    @Test func `what is no event is refused by its code, in a batch alone`() throws {
        #expect(fault(["event": "X"], "track") == "no_user_anon_id")
        #expect(fault(["userId": "u"], "track") == "invalid_event")
        #expect(
            fault(["userId": "u"], "group") == "invalid_event"
                && fault(["userId": "u"], "alias") == "invalid_event")
        #expect(fault([1], "track") == "invalid_json" && fault(["userId": "u"], nil) == "invalid_event")
        let long = String(repeating: "x", count: 33_000)
        #expect(fault(["userId": "u", "traits": ["a": .string(long)]], "identify") == "too_large")
        let deep = (0..<25).reduce(JSON.null) { value, _ in ["a": value] }
        #expect(fault(["userId": "u", "traits": deep], "identify") == "too_large")
        #expect(fault(["batch": .array([JSON](repeating: [:], count: 2501))], nil) == "too_large")
        let batch = try events([
            "context": ["library": ["name": "x"]],
            "batch": [
                ["type": "identify", "userId": "u", "messageId": "m1", "context": ["locale": "de"]],
                ["type": "track", "event": "X"], ["type": "sing", "userId": "u"], "text",
            ],
        ])
        #expect(batch.items.map(\.key) == ["m1"])
        #expect(batch.items[0].payload["data"]?["context"] == ["library": ["name": "x"], "locale": "de"])
        #expect(batch.rejected.map(\.index) == [1, 2, 3])
        #expect(batch.rejected.map(\.code) == ["no_user_anon_id", "invalid_event", "invalid_event"])
    }
}
