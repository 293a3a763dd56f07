internal import CZlib
internal import Glibc
internal import Wire

/// A gzip stream being written. Unchecked: its owner, a stream under its lock, is the only one to use it.
@safe final class GzipEncoder: @unchecked Sendable {
    // Behind a pointer, because zlib keeps the address of its stream.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isDone = false

    init(level: Int32) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe zlib_gzip_init(stream, level)
        precondition(code == Z_OK, "zlib: out of memory")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, last: Bool
    ) -> (read: Int, written: Int) {
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(output.count)
        isDone = unsafe CZlib.deflate(stream, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
        return unsafe (
            input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
        )
    }

    /// nil where compressing would not make it smaller.
    static func encode(_ input: UnsafeRawBufferPointer, level: Int32 = 4) -> OutputBuffer? {
        let encoder = GzipEncoder(level: level)
        let output = unsafe OutputBuffer(capacity: input.count) { space in
            unsafe encoder.encode(input, into: space, last: true).written
        }
        return encoder.isDone ? output : nil
    }
}

extension Response {
    /// Smaller bodies cost more to compress than to send.
    private static let compressedBytesMin = 1024

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
