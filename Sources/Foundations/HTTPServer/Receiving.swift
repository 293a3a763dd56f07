internal import CReceiving
internal import Glibc

/// The connections, indexed by their sockets' numbers. Each entry is written and read only on its connection's thread.
@safe enum ReceivingConnections {
    /// The number of entries: the most sockets that the kernel allows a process by default. Untouched pages take no
    /// memory.
    private static let capacity = 1 << 20
    // The entries are never freed, since the library may still ask for them while the process ends.
    private nonisolated(unsafe) static let entries = unsafe calloc(
        capacity, MemoryLayout<UnsafeMutableRawPointer?>.stride)!
        .assumingMemoryBound(to: UnsafeMutableRawPointer?.self)

    /// Starts checking what sockets receive; it is called before the first connection is accepted.
    static func watch() { unsafe bureau_set_receiver(check) }

    /// Adds a connection, which the caller keeps alive until it is removed.
    static func insert(_ connection: Connection) {
        guard connection.socket < capacity else { return }
        unsafe entries[Int(connection.socket)] = Unmanaged.passUnretained(connection).toOpaque()
    }

    static func remove(_ socket: Int32) {
        guard socket < capacity else { return }
        unsafe entries[Int(socket)] = nil
    }

    @unsafe static func held(_ socket: Int32) -> UnsafeMutableRawPointer? {
        guard socket >= 0, socket < capacity else { return nil }
        return unsafe entries[Int(socket)]
    }
}

/// Checks what a socket of the process has received; bytes of a socket that is no connection stay unchanged.
@unsafe private func check(
    _ socket: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ size: Int
) -> Int {
    guard let buffer = unsafe buffer, let held = unsafe ReceivingConnections.held(socket) else {
        return count
    }
    let bytes = unsafe buffer.assumingMemoryBound(to: UInt8.self)
    let checked = unsafe Unmanaged<Connection>.fromOpaque(held)._withUnsafeGuaranteedRef {
        unsafe $0.framing.read(bytes, count, capacity: size)
    }
    switch checked {
    case .some(0):
        errno = EAGAIN
        return -1
    case .some(let count): return count
    case nil:
        errno = ECONNRESET
        return -1
    }
}
