internal import CMicroHTTPD

/// The library's connection, as far as other threads need it. Unchecked: suspending and resuming is
/// allowed from any thread, as long as the connection lives, and a suspended one does.
@safe struct ConnectionHandle: @unchecked Sendable {
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer) { unsafe self.connection = connection }

    /// On the connection's own thread, inside a callback.
    func suspend() { unsafe MHD_suspend_connection(connection) }
    func resume() { unsafe MHD_resume_connection(connection) }
}
