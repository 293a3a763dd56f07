import Foundation
import JSON
import Synchronization
import Testing

/// Follows a stream of server-sent events on a thread of its own.
final class EventStream: Sendable {
    struct Event: Sendable { let id: String, type: String, data: JSON }

    private struct State {
        var events: [Event] = []
        var isEnded = false
    }

    let head: Answer
    private let connection: Connection
    private let state = Mutex(State())

    init(_ caller: Caller, _ path: String = "/v1/events/stream", after lastID: String? = nil) throws {
        connection = try Connection(port: caller.server.port, patience: 120)
        var text = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        if let token = caller.token { text += "Authorization: Bearer \(token)\r\n" }
        if let lastID { text += "Last-Event-ID: \(lastID)\r\n" }
        try connection.send(text + "\r\n")
        head = try connection.receiveHead()
        Thread { [self] in follow() }.start()
    }

    deinit { connection.shutdown() }

    private func follow() {
        var pending: [UInt8] = [], frame: [String: String] = [:]
        while let chunk = try? connection.receiveChunk() {
            pending += chunk
            while let end = pending.firstIndex(of: 10) {
                let line = String(decoding: pending[..<end].filter { $0 != 13 }, as: UTF8.self)
                pending.removeSubrange(...end)
                if line.isEmpty {
                    if let data = frame["data"] {
                        let json = (try? JSONParser.parse(data)) ?? .null
                        let event = Event(id: frame["id"] ?? "", type: frame["event"] ?? "", data: json)
                        state.withLock { $0.events.append(event) }
                    }
                    frame = [:]
                } else if !line.hasPrefix(":"), let colon = line.firstIndex(of: ":") {
                    let value = line[line.index(after: colon)...]
                    frame[String(line[..<colon])] = String(value.first == " " ? value.dropFirst() : value)
                }
            }
        }
        state.withLock { $0.isEnded = true }
    }

    var events: [Event] { state.withLock { $0.events } }
    var isEnded: Bool { state.withLock { $0.isEnded } }
    func of(_ type: String) -> [Event] { events.filter { $0.type == type } }

    /// Waits for that many events of a type.
    @discardableResult
    func wait(
        for type: String, count: Int = 1, within limit: Duration = .seconds(180),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Event] {
        try eventually(
            "\(count) × \(type)", within: limit, every: .milliseconds(10), sourceLocation: sourceLocation
        ) {
            let found = of(type)
            return found.count >= count ? found : nil
        }
    }

    func close() { connection.shutdown() }
}
