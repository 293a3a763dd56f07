internal import CMicroHTTPD
internal import Synchronization
internal import Wire

/// A response in the library's form, ready to be queued once. Unchecked: made on one thread and given to the
/// connection's, never in two hands.
@safe struct PreparedResponse: ~Copyable, @unchecked Sendable {
    /// Of streams to readers who know no chunks; the others' go through the connection's own memory. Each stream holds
    /// one for as long as it is open.
    private static let blockSize = 1024

    let response: OpaquePointer
    let status: UInt32
    let stream: ResponseStream?

    init(_ source: consuming Response, isHead: Bool, closing: Bool) {
        status = UInt32(source.status)
        var stream: ResponseStream?
        var made: OpaquePointer?
        switch source.body {
        case .empty, .deferred: unsafe made = mhd_response_empty()
        case .bytes(let bytes):
            unsafe made = bytes.withUnsafeBytes { unsafe mhd_response_copying($0.baseAddress, $0.count) }
        case .output(let buffer):
            let count = buffer.count
            unsafe made = mhd_response_owning(buffer.surrender(), count)
        case .stream(let body):
            if isHead {
                // The library never reads the body of an answer to HEAD; its producer must not wait.
                body.close()
                unsafe made = mhd_response_empty()
            } else {
                stream = body
                let context = unsafe Unmanaged.passRetained(body).toOpaque()
                unsafe made = mhd_response_stream(Self.blockSize, readStream, context, releaseStream)
            }
        }
        guard let made = unsafe made else { fatalError("out of memory") }
        unsafe response = made
        self.stream = stream
        for (name, value) in source.headers where !Self.isOurs(name) {
            // Spelled out: a string that is passed for a pointer is copied to the heap first.
            unsafe name.withCString { name in
                unsafe value.withCString { value in _ = unsafe mhd_add_header(made, name, value) }
            }
        }
        if closing { _ = unsafe mhd_add_header(made, "Connection", "close") }
    }

    /// Length and framing follow from the body.
    static func isOurs(_ name: String) -> Bool {
        switch name.utf8.count {
        case 14: equalIgnoringCase(name, "Content-Length")
        case 17: equalIgnoringCase(name, "Transfer-Encoding")
        default: false
        }
    }

    deinit { unsafe MHD_destroy_response(response) }
}

extension ServerCore {
    /// Decorates, compresses and converts a response.
    func prepare(
        _ response: consuming Response, _ head: RequestHead?, closing: Bool = false
    )
        -> PreparedResponse
    {
        configuration.decorate?(head, &response)
        response.settle()
        precondition((200...599).contains(response.status), "a response's status is 200...599")
        response.compress(for: head)
        return PreparedResponse(
            response, isHead: head?.isHead ?? false, closing: closing || isDraining.load(ordering: .relaxed)
        )
    }

    /// A whole response for a connection that ends, in bytes. It has no stream.
    func render(_ response: consuming Response, _ head: RequestHead?) -> [UInt8] {
        configuration.decorate?(head, &response)
        response.settle()
        var body: [UInt8] = []
        switch response.body {
        case .empty, .deferred: break
        case .bytes(let bytes): body = bytes
        case .output(let buffer): body = buffer.bytes
        case .stream(let stream): stream.close()
        }
        let reason = unsafe MHD_get_reason_phrase_for(UInt32(response.status)).map {
            unsafe String(cString: $0)
        }
        var text = "HTTP/1.1 \(response.status) \(reason ?? "Unknown")\r\n"
        for (name, value) in response.headers where !PreparedResponse.isOurs(name) && !value.isEmpty {
            guard !value.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { continue }
            text += "\(name): \(value)\r\n"
        }
        text += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        return Array(text.utf8) + (head?.isHead == true ? [] : body)
    }
}
