internal import Wire

extension Response {
    /// Smaller bodies cost more to compress than to send.
    static let compressedBytesMin = 1024

    /// Compresses a body of text for a client that takes gzip. An event stream is left alone: its
    /// messages would wait for the compressor.
    mutating func compress(for head: RequestHead?) {
        if let count = body.count, count < Self.compressedBytesMin { return }
        guard status != 204, status != 206, status != 304, let type = header("Content-Type"), isText(type),
            header("Content-Encoding") == nil
        else { return }
        headers.append(("Vary", "Accept-Encoding"))
        guard let head, head.acceptsGzip else { return }
        switch body {
        case .empty, .deferred: return
        case .bytes(let bytes):
            guard let packed = unsafe bytes.withUnsafeBytes({ unsafe GzipEncoder.encode($0) }) else {
                return
            }
            body = .output(packed)
        case .output(let buffer):
            guard let packed = unsafe buffer.withUnsafeBytes({ unsafe GzipEncoder.encode($0) }) else {
                return
            }
            body = .output(packed)
        case .stream(let stream): stream.compress()
        }
        headers.append(("Content-Encoding", "gzip"))
    }
}

/// Content types that gzip is good for, except event streams.
func isText(_ type: String) -> Bool {
    if type == "application/json" { return true }
    let essence = trimmed(type.prefix { $0 != ";" }).lowercased()
    if essence == "text/event-stream" { return false }
    return essence.hasPrefix("text/") || essence.hasSuffix("json") || essence.hasSuffix("+xml")
        || ["application/javascript", "application/xml", "application/csv", "application/x-ndjson"]
            .contains(essence)
}
