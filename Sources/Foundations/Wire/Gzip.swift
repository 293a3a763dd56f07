internal import CZlib
internal import Glibc

/// A gzip stream being written. Unchecked: its owner, a stream under its lock, is the only one to use it.
@safe package final class GzipEncoder: @unchecked Sendable {
    // Behind a pointer, because zlib keeps the address of its stream.
    private let stream: UnsafeMutablePointer<z_stream>
    package private(set) var isDone = false

    package init(level: Int32) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe zlib_gzip_init(stream, level)
        precondition(code == Z_OK, "zlib: out of memory")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    package func encode(
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
    package static func encode(_ input: UnsafeRawBufferPointer, level: Int32 = 4) -> OutputBuffer? {
        let encoder = GzipEncoder(level: level)
        let output = unsafe OutputBuffer(capacity: input.count) { space in
            unsafe encoder.encode(input, into: space, last: true).written
        }
        return encoder.isDone ? output : nil
    }
}

/// Bytes that are compressed with gzip (RFC 1952).
package enum Gzip {
    package enum Fault: Error, Equatable {
        case damaged, tooLarge
    }

    private static let step = 64 * 1024

    /// Returns the bytes of a text, compressed as far as it goes.
    package static func encoded(_ text: String) -> [UInt8] { encoded(Array(text.utf8)) }

    /// Returns bytes, compressed as far as they go.
    package static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let encoder = GzipEncoder(level: 9)
        return unsafe bytes.withUnsafeBytes { input in
            // Incompressible bytes grow by a head, and by five bytes for each block.
            let output = unsafe OutputBuffer(capacity: input.count + input.count / 1000 + 64) { space in
                unsafe encoder.encode(input, into: space, last: true).written
            }
            precondition(encoder.isDone, "zlib: a text has grown")
            return output.bytes
        }
    }

    /// Returns what a body holds. Throws where it is no whole stream of gzip, or holds more than `limit` bytes: then no
    /// more than these are unpacked.
    package static func decoded(_ body: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        // Behind a pointer, because zlib keeps the address of its stream.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe zlib_gunzip_init(stream)
        precondition(code == Z_OK, "zlib: out of memory")
        defer {
            unsafe inflateEnd(stream)
            unsafe stream.deallocate()
        }
        var output: [UInt8] = [], fault: Fault?
        unsafe body.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            var isOver = false
            while !isOver, fault == nil {
                let space = min(step, limit + 1 - output.count)
                let more = unsafe [UInt8](unsafeUninitializedCapacity: space) { buffer, count in
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(space)
                    let code = unsafe inflate(stream, Z_NO_FLUSH)
                    unsafe count = space - Int(stream.pointee.avail_out)
                    isOver = code == Z_STREAM_END
                    // Without a byte in or out there is no end to wait for.
                    if code != Z_OK, !isOver { fault = .damaged }
                    if code == Z_OK, unsafe stream.pointee.avail_in == 0, count < space { fault = .damaged }
                }
                output += more
                if output.count > limit { fault = .tooLarge }
            }
        }
        if let fault { throw fault }
        return output
    }
}
