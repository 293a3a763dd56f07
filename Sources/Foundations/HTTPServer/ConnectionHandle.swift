internal import CMicroHTTPD
internal import Glibc

/// The library's connection, as far as other threads need it. Unchecked: suspending and resuming is
/// allowed from any thread, as long as the connection lives, and a suspended one does.
@safe struct ConnectionHandle: @unchecked Sendable {
    private let connection: OpaquePointer
    /// Where the answer goes in chunks.
    private let chunked: Int32?

    init(_ connection: OpaquePointer, chunked: Int32? = nil) {
        unsafe self.connection = connection
        self.chunked = chunked
    }

    /// On the connection's own thread, inside a callback.
    func suspend() { unsafe MHD_suspend_connection(connection) }
    func resume() { unsafe MHD_resume_connection(connection) }

    enum Sent { case whole, none, part }

    /// Above it, what is sent might not fit the smallest buffer that a socket has.
    private static let directMax = 4096

    /// Sends a chunk past the library, which walks over all its suspended connections to resume one. Only while it is
    /// suspended, and has nothing of its own left to send.
    func send(chunk bytes: [UInt8]) -> Sent {
        guard let chunked, bytes.count <= Self.directMax, mhd_is_drained(chunked) != 0 else { return .none }
        let frame = Array(String(bytes.count, radix: 16).utf8) + [13, 10] + bytes + [13, 10]
        let count = unsafe frame.withUnsafeBytes {
            unsafe Glibc.send(chunked, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        return count == frame.count ? .whole : count > 0 ? .part : .none
    }
}
