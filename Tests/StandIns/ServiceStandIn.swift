import Foundation
import Synchronization

/// A service of the world outside. It answers as the service does, unless its next turns are told, and keeps what it
/// was asked.
package final class ServiceStandIn: Sendable {
    /// The treatment of a request.
    package enum Turn: Sendable {
        case answer(StandInAnswer)
        /// The connection ends in the middle of the answer's body.
        case cutWithin(StandInAnswer)
        /// The connection ends when the request has come, before it is read.
        case cutBefore
        /// The connection ends when the request has been read.
        case cutAfter
        /// The service does what it is asked, and the connection ends before it says so.
        case cutDone
        /// The service does what it is asked, and says so twice.
        case twice
        /// The request is read, and nothing is said until the client leaves.
        case silence
        /// Blocks, and answers as it does.
        case wait(@Sendable () -> Void)

        package static func answer(
            _ status: Int, _ text: String = "", headers: [(String, String)] = []
        ) -> Turn {
            .answer(StandInAnswer(status, text, headers: headers))
        }
    }

    private final class Turns: Sendable {
        let queue = Mutex<[Turn]>([])
        let meant = Mutex<[(request: @Sendable (ReceivedRequest) -> Bool, turn: Turn)]>([])
        let answers = Mutex<[StandInAnswer]>([])

        func take(for request: ReceivedRequest) -> Turn? {
            let special = meant.withLock { meant in
                meant.firstIndex { $0.request(request) }.map { meant.remove(at: $0).turn }
            }
            return special ?? queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }

        func takeCut() -> Bool {
            queue.withLock { queue in
                guard case .cutBefore? = queue.first else { return false }
                queue.removeFirst()
                return true
            }
        }
    }

    private let server: StandIn
    private let turns: Turns

    /// `answer` is what the service does when it behaves.
    package init(
        isUp: Bool = true, answering answer: @escaping @Sendable (ReceivedRequest) -> StandInAnswer
    ) throws {
        let turns = Turns()
        self.turns = turns
        let behave = { @Sendable (request: ReceivedRequest) -> StandInAnswer in
            let told = answer(request)
            turns.answers.withLock { $0.append(told) }
            return told
        }
        server = try StandIn(isUp: isUp) { conversation in
            while true {
                // A connection that nothing comes on takes no turn from the one that is meant.
                guard (try? conversation.waitForByte()) != nil else { return }
                if turns.takeCut() { return conversation.reset() }
                guard let request = try conversation.readRequest() else { return }
                switch turns.take(for: request) {
                case .answer(let told)?: try conversation.send(told)
                case .cutWithin(let told)?:
                    let head =
                        "HTTP/1.1 \(told.status) Status\r\nContent-Length: \(told.body.count + 1)\r\n\r\n"
                    try conversation.send(Array(head.utf8) + told.body)
                    return
                case .cutBefore?, .cutAfter?: return conversation.reset()
                case .cutDone?:
                    _ = behave(request)
                    return conversation.reset()
                case .twice?: try conversation.send(behave(request), times: 2)
                case .silence?: return conversation.waitForEnd()
                case .wait(let wait)?:
                    wait()
                    try conversation.send(behave(request))
                case nil: try conversation.send(behave(request))
                }
            }
        }
    }

    package var url: String { server.url }
    /// Every request that was read, in the order in which they came.
    package var requests: [ReceivedRequest] { server.requests }
    package var connections: Int { server.connections }
    /// The answers that it has given as the service does, in order.
    package var answers: [StandInAnswer] { turns.answers.withLock { $0 } }

    /// Sets the treatment of the next requests, one after another; after that it behaves.
    package func next(_ turns: Turn...) { self.turns.queue.withLock { $0 += turns } }

    /// Decides about the next request that `isMeant` picks.
    package func next(_ turn: Turn, when isMeant: @escaping @Sendable (ReceivedRequest) -> Bool) {
        turns.meant.withLock { $0.append((isMeant, turn)) }
    }

    /// Behaves from now on, whatever should have become of the next requests.
    package func behaveAgain() { turns.queue.withLock { $0 = [] } }

    /// Takes connections from now on, where it was not up.
    package func start() throws { try server.start() }

    /// Takes no connection any more.
    package func stop() { server.stop() }
}

/// A request as a service makes it of our hook.
package struct StandInHook: Sendable {
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(_ headers: [(name: String, value: String)], _ body: [UInt8]) {
        (self.headers, self.body) = (headers, body)
    }
}

/// A form of `multipart/form-data`, as services post it.
struct StandInForm {
    private static let boundary = "xYzZY-standin"
    private var bytes: [UInt8] = []

    mutating func add(_ name: String, _ value: [UInt8]) {
        bytes += Array("--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
        bytes += value + [13, 10]
    }

    mutating func add(_ file: StandInFile, as name: String) {
        let head = "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(file.name)\""
        bytes += Array("--\(Self.boundary)\r\n\(head)\r\nContent-Type: \(file.mediaType)\r\n\r\n".utf8)
        bytes += file.bytes + [13, 10]
    }

    var header: (name: String, value: String) {
        ("Content-Type", "multipart/form-data; boundary=\(Self.boundary)")
    }
    var body: [UInt8] { bytes + Array("--\(Self.boundary)--\r\n".utf8) }
}

/// A file that a mail brings.
package struct StandInFile: Sendable {
    package var name: String, mediaType: String
    package var bytes: [UInt8]
    package var contentID: String?

    package init(_ name: String, _ mediaType: String, _ text: String, contentID: String? = nil) {
        (self.name, self.mediaType, bytes) = (name, mediaType, Array(text.utf8))
        self.contentID = contentID
    }
}

extension ReceivedRequest {
    var path: String { String(target.prefix { $0 != "?" }) }

    /// A parameter of the query, as it stands there.
    package func query(_ name: String) -> String? {
        target.drop { $0 != "?" }.dropFirst().split(separator: "&").first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.utf8.count + 1)) }
    }

    /// The bytes of a file in a form of several parts.
    package func formFile(_ name: String) -> [UInt8]? {
        guard let type = header("Content-Type"), let mark = type.firstRange(of: "boundary=")?.upperBound,
            let head = body.place(of: "name=\"\(name)\"; filename="),
            let start = body.place(of: "\r\n\r\n", from: head.upperBound)?.upperBound,
            let end = body.place(of: "\r\n--\(type[mark...])", from: start)?.lowerBound
        else { return nil }
        return Array(body[start..<end])
    }

    /// A field of a form of several parts.
    package func formField(_ name: String) -> String? {
        guard let start = body.place(of: "name=\"\(name)\"\r\n\r\n")?.upperBound,
            let end = body.place(of: "\r\n--", from: start)?.lowerBound
        else { return nil }
        return String(decoding: body[start..<end], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Returns where words stand first from a place on. C's library looks for them: a search by what all collections
    /// have in common takes seconds for each megabyte of a film.
    fileprivate func place(of words: String, from start: Int = 0) -> Range<Int>? {
        let wanted = Array(words.utf8)
        return withUnsafeBytes { all in
            guard let front = all.baseAddress, let first = wanted.first else { return nil }
            var place = start
            while place + wanted.count <= all.count,
                let found = memchr(front + place, Int32(first), all.count - place - wanted.count + 1)
            {
                place = UnsafeRawPointer(found) - front
                if memcmp(found, wanted, wanted.count) == 0 { return place..<place + wanted.count }
                place += 1
            }
            return nil
        }
    }
}
