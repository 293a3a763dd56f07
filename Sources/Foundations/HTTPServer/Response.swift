package import Wire

/// A response to a request. Content-Length, Transfer-Encoding and Date are the server's affair; a header whose value is
/// empty or holds a line break is left out.
package struct Response: Sendable {
    /// 200...599.
    package var status: Int
    package var headers: [(String, String)]
    package var body: ResponseBody

    package init(status: Int, headers: [(String, String)] = [], body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { equalIgnoringCase($0.0, name) }?.1
    }

    /// Makes a body that is still to be made.
    package mutating func settle() {
        if case .deferred(let make) = body { body = .output(make()) }
    }

    /// It will not be sent.
    func abandon() {
        if case .stream(let stream) = body { stream.close() }
    }

    /// Replaces all headers of that name.
    package mutating func setHeader(_ name: String, _ value: String) {
        headers.removeAll { equalIgnoringCase($0.0, name) }
        headers.append((name, value))
    }
}

/// The body of a response: nothing, a whole text, or one that is still being made.
package enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// Handed over without a copy; the buffer is empty afterwards.
    case output(OutputBuffer)
    case stream(ResponseStream)
    /// Made when it is about to be sent, on the connection's thread.
    case deferred(@Sendable () -> OutputBuffer)

    /// The bytes of one that is whole; none of a stream, and of what is still to be made.
    package var bytes: [UInt8] {
        switch self {
        case .bytes(let bytes): bytes
        case .output(let buffer): buffer.bytes
        case .empty, .stream, .deferred: []
        }
    }

    /// nil where it is not known beforehand.
    package var count: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .output(let buffer): buffer.count
        case .stream, .deferred: nil
        }
    }
}

/// ASCII letters in any case; the rest must be equal.
func equalIgnoringCase(_ a: String, _ b: String) -> Bool {
    let (a, b) = (a.utf8, b.utf8)
    return a.count == b.count && zip(a, b).allSatisfy { lowercased($0) == lowercased($1) }
}

@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
