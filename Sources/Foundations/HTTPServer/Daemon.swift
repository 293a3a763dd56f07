internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// The library's event loops. Unchecked: the library takes these calls from any thread, and `stop` is
/// the last.
@safe struct Daemon: @unchecked Sendable {
    private let daemon: OpaquePointer
    private let core: Unmanaged<ServerCore>

    /// nil where the library refuses. The listening socket stays the caller's.
    init?(_ core: ServerCore, listener: Int32) {
        let configuration = core.configuration
        let limits = configuration.limits
        // The pool is larger than our own limits, so that the library never refuses a head; the rest is for its list
        // of fields (64 bytes each) and the response's head.
        let pool = limits.headBytesMax + limits.targetBytesMax + limits.headFieldsMax * 64 + 4 * 1024
        let idle = UInt32(max(1, (limits.idleTimeout.nanoseconds + 999_999_999) / 1_000_000_000))
        // Released by `stop` only: the library's threads call back until then.
        unsafe self.core = Unmanaged.passRetained(core)
        ReceivingConnections.watch()
        guard
            let daemon = unsafe mhd_start(
                listener, UInt32(configuration.threads), UInt32(limits.connectionsMax), pool, idle,
                self.core.toOpaque(), answerRequest, noteTarget, endRequest, noteConnection)
        else {
            unsafe self.core.release()
            return nil
        }
        unsafe self.daemon = daemon
    }

    /// Stops accepting.
    func quiesce() { unsafe MHD_quiesce_daemon(daemon) }

    /// Takes one connection out of the kernel's queue; false where there is none.
    func takeWaiting(from listener: Int32) -> Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let socket = unsafe accept(listener, address, &length)
                if socket < 0 { return errno == EINTR || errno == ECONNABORTED }
                let core = unsafe core.takeUnretainedValue()
                core.connections.withLock { _ = $0.arriving.insert(socket) }
                if unsafe mhd_add_connection(daemon, socket, address, length) == 0 {
                    core.connections.withLock { _ = $0.arriving.remove(socket) }
                }
                return true
            }
        }
    }

    /// Closes what is open and joins the threads. No connection may be suspended.
    func stop() {
        unsafe MHD_stop_daemon(daemon)
        unsafe core.release()
    }
}

// MARK: Called by the library, on its threads. A connection is kept alive by its socket's context.

private func noteConnection(
    _ context: UnsafeMutableRawPointer?, _ mhd: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ event: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let mhd = unsafe mhd, let slot = unsafe slot else { return }
    let core = unsafe Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    if mhd_has_started(event) != 0 {
        let connection = unsafe Connection(
            core: core, socket: mhd_socket(mhd), peer: RemoteAddress(mhd_peer(mhd)))
        core.connections.withLock {
            $0.open[ObjectIdentifier(connection)] = connection
            $0.arriving.remove(connection.socket)
        }
        unsafe slot.pointee = Unmanaged.passRetained(connection).toOpaque()
        ReceivingConnections.insert(connection)
    } else if let held = unsafe slot.pointee {
        let connection = unsafe Unmanaged<Connection>.fromOpaque(held).takeRetainedValue()
        unsafe slot.pointee = nil
        ReceivingConnections.remove(connection.socket)
        connection.close()
        core.connections.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(connection)) }
    }
}

private func noteTarget(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ mhd: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let mhd = unsafe mhd, let target = unsafe target, let held = unsafe mhd_socket_context(mhd) else {
        return nil
    }
    unsafe Unmanaged<Connection>.fromOpaque(held)._withUnsafeGuaranteedRef { unsafe $0.noteTarget(target) }
    return unsafe held
}

private func answerRequest(
    _ context: UnsafeMutableRawPointer?, _ mhd: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ bytes: UnsafePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let mhd = unsafe mhd, let method = unsafe method, let version = unsafe version,
        let size = unsafe size,
        let held = unsafe slot?.pointee
    else { return .NO }
    return unsafe Unmanaged<Connection>.fromOpaque(held)._withUnsafeGuaranteedRef {
        unsafe $0.handle(mhd, method, version, bytes, size)
    } ? .YES : .NO
}

private func endRequest(
    _ context: UnsafeMutableRawPointer?, _ mhd: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ reason: MHD_RequestTerminationCode
) {
    guard let held = unsafe slot?.pointee else { return }
    unsafe Unmanaged<Connection>.fromOpaque(held)._withUnsafeGuaranteedRef { $0.end() }
    unsafe slot?.pointee = nil
}
