internal import CCurl
internal import Glibc
internal import Telemetry

/// The library's side of one transfer. Unchecked: the loop's thread alone has it.
@safe final class EasyHandle: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>?] = unsafe []
    // The library keeps its address for as long as it works.
    private let body: UnsafeMutableBufferPointer<UInt8>

    /// `pinned`: the addresses that the host's name was found to have, which it then has for the library, too.
    init?(_ transfer: Transfer, _ configuration: HTTPClientConfiguration, pinned: [IPAddress]?) {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
        let bytes = transfer.request.body ?? []
        unsafe body = .allocate(capacity: max(1, bytes.count))
        _ = unsafe body.initialize(from: bytes)
        direct(transfer.request, configuration, pinned)
        limit(transfer)
        describe(transfer, configuration.userAgent)
        connect(transfer)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe lists.forEach { unsafe curl_slist_free_all($0) }
        unsafe body.deallocate()
    }

    var status: Int { Int(unsafe bureau_curl_status(handle)) }
    /// Whether a byte of the request has left; before that it cannot have reached anybody.
    var hasSent: Bool { unsafe bureau_curl_request_size(handle) > 0 }
    var isPooled: Bool { unsafe bureau_curl_connects(handle) == 0 }

    /// Goes on after the reader has taken something.
    func resume() { unsafe curl_easy_pause(handle, CURLPAUSE_CONT) }

    // MARK: Settings

    private func set(_ option: CURLoption, _ value: Int) {
        must(unsafe bureau_curl_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ text: String) {
        must(unsafe text.withCString { unsafe bureau_curl_set(handle, option, $0) })
    }

    private func set(_ option: CURLoption, _ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { unsafe list = curl_slist_append(list, line) }
        unsafe lists.append(list)
        must(unsafe bureau_curl_set(handle, option, list))
    }

    // Values are checked before; what is left is a library without a feature that is taken for granted.
    private func must(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl refuses a setting (\(code.rawValue))")
    }

    /// Where to, and how to trust it.
    private func direct(
        _ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration, _ pinned: [IPAddress]?
    ) {
        set(CURLOPT_URL, request.url.text)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PATH_AS_IS, 1)
        // Not even from the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let certificates = configuration.certificates { set(CURLOPT_CAINFO, certificates) }
        if request.isSentOnce {
            set(CURLOPT_FRESH_CONNECT, 1)
            set(CURLOPT_FORBID_REUSE, 1)
        }
        if let pinned {
            let found = pinned.map(\.description).joined(separator: ",")
            // With the plus it ages like any other name that the library knows.
            set(CURLOPT_RESOLVE, ["+\(request.url.host):\(request.url.port):\(found)"])
        }
    }

    private func limit(_ transfer: Transfer) {
        let left = max(1, (transfer.deadline - .steadyClock()).milliseconds)
        set(CURLOPT_TIMEOUT_MS, Int(left))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(left, transfer.request.connectDeadline.milliseconds)))
        if let silence = transfer.request.silenceMax {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, Int(max(1, silence.components.seconds)))
        }
    }

    private func describe(_ transfer: Transfer, _ userAgent: String) {
        let request = transfer.request
        if let bytes = request.body {
            must(unsafe bureau_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
            must(unsafe bureau_curl_set(handle, CURLOPT_POSTFIELDS, body.baseAddress))
        } else if request.method == "POST" || request.method == "PUT" {
            must(unsafe bureau_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0))
            must(unsafe bureau_curl_set(handle, CURLOPT_POSTFIELDS, body.baseAddress))
        }
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else {
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        if transfer.wantsCompression { set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        // A semicolon sends an empty header; without a value the library would leave it out.
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        if request.header("User-Agent") == nil { lines.append("User-Agent: \(userAgent)") }
        if let trace = request.traceparent, request.header("traceparent") == nil {
            lines.append("traceparent: \(trace)")
        }
        // What the library would add of its own accord.
        if request.header("Content-Type") == nil { lines.append("Content-Type:") }
        if request.header("Accept") == nil { lines.append("Accept: */*") }
        lines.append("Expect:")
        set(CURLOPT_HTTPHEADER, lines)
    }

    /// The callbacks' context; the loop keeps the transfer alive for as long as it has the handle.
    private func connect(_ transfer: Transfer) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA] {
            must(unsafe bureau_curl_set(handle, option, context))
        }
        must(unsafe bureau_curl_set_writer(handle, CURLOPT_WRITEFUNCTION, receiveBody))
        must(unsafe bureau_curl_set_writer(handle, CURLOPT_HEADERFUNCTION, receiveHead))
        must(unsafe bureau_curl_set_opener(handle, openSocket))
    }
}

/// The transfer that the library speaks of.
func transfer(of handle: UnsafeMutableRawPointer) -> Transfer {
    unsafe Unmanaged<Transfer>.fromOpaque(bureau_curl_context(handle)).takeUnretainedValue()
}

// MARK: Called by the library, on the loop's thread

private func receiveHead(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    guard let easy = transfer.easy else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.receive(headLine: line, easy) ? size * count : 0
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    switch unsafe transfer.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) {
    case .taken: return size * count
    case .later: return Int(CURL_WRITEFUNC_PAUSE)
    case .refused: return size * count == 0 ? 1 : 0
    }
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context = unsafe context, let address = unsafe address else { return -1 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    guard let target = unsafe IPAddress(bureau_curl_address(address)), transfer.allows(target) else {
        return -1
    }
    return unsafe bureau_curl_open(address)
}
