internal import CZlib
internal import Glibc

/// Bodies that come compressed with gzip (RFC 1952).
package enum Gzip {
    package enum Fault: Error, Equatable {
        case damaged, tooLarge
    }

    private static let step = 64 * 1024

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
