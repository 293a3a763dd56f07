package import JSON
package import Jobs
internal import Records
internal import Telemetry

/// The message about an event that an endpoint is sent: what has happened, and to what. Small on purpose; the rest is
/// read over the API.
package enum WebhookMessage {
    /// Data that would make a message larger than this is left out.
    private static let dataBytesMax = 16 * 1024

    /// `{type, timestamp, data}`; `data` begins with the id and type of what the event is about.
    package static func body(of event: Event) -> [UInt8] {
        let data = event.data.utf8.count <= dataBytesMax ? JSON(stored: event.data).object : nil
        return body(
            type: event.type, timestamp: event.createdAt.description, subject: event.subject,
            data: data ?? [:])
    }

    package static func body(
        type: String, timestamp: String, subject: Subject, data: JSONObject
    ) -> [UInt8] {
        var all: JSONObject = ["id": .string(subject.id), "object": .string(subject.type)]
        for (name, value) in data.members where all[name] == nil { all[name] = value }
        let message: JSON = ["type": .string(type), "timestamp": .string(timestamp), "data": .object(all)]
        return Array(message.serialized.utf8)
    }
}
