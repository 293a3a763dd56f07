internal import CCurl
internal import Glibc
internal import Telemetry

/// The library's side of a thread that makes connections: its transfers, and what is kept. Unchecked: all but
/// `wake` is called on that thread, and `wake` may be called on any while this lives.
@safe final class Multi: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    init() {
        precondition(curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, "libcurl cannot be used")
        guard let handle = unsafe curl_multi_init() else { preconditionFailure("libcurl has no memory") }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_multi_cleanup(handle) }

    func limit(connections: Int, perHost: Int) {
        unsafe bureau_curl_multi_set(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
        unsafe bureau_curl_multi_set(handle, CURLMOPT_MAX_HOST_CONNECTIONS, perHost)
        unsafe bureau_curl_multi_set(handle, CURLMOPT_MAXCONNECTS, connections / 4)
    }

    func wake() { unsafe curl_multi_wakeup(handle) }

    func add(_ easy: CurlHandle) { unsafe curl_multi_add_handle(handle, easy.handle) }

    func remove(_ easy: CurlHandle) { unsafe curl_multi_remove_handle(handle, easy.handle) }

    func perform() {
        var running: Int32 = 0
        unsafe curl_multi_perform(handle, &running)
    }

    /// The context of a transfer that has ended, and how.
    func nextEnded() -> (context: UnsafeMutableRawPointer, result: CURLcode)? {
        var result = CURLE_OK
        guard let easy = unsafe bureau_curl_ended(handle, &result) else { return nil }
        return unsafe (bureau_curl_context(easy), result)
    }

    /// Until something happens, is due, or `wake` is called.
    func wait(until: Instant) { unsafe curl_multi_poll(handle, nil, 0, Self.milliseconds(until), nil) }

    /// Waits at most until then for a connection that is ours to read and write: whether it can be, or has ended.
    func wait(for socket: Int32, toWrite: Bool, until: Instant) -> Bool {
        let events = Int16(toWrite ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN)
        var waited = curl_waitfd(fd: socket, events: events, revents: 0)
        unsafe curl_multi_poll(handle, &waited, 1, Self.milliseconds(until), nil)
        return waited.revents != 0
    }

    private static func milliseconds(_ until: Instant) -> Int32 {
        Int32(min(max(0, (until - .steadyClock()).milliseconds), 600_000))
    }
}
