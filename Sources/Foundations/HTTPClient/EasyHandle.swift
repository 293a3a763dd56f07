internal import CCurl
internal import Glibc
internal import Telemetry

/// The library's side of one transfer. Unchecked: the loop's thread alone has it.
@safe final class EasyHandle: @unchecked Sendable {
    let curl: CurlHandle
    // The library keeps its address for as long as it works.
    private let body: UnsafeMutableBufferPointer<UInt8>

    /// `pinned`: the addresses that the host's name was found to have, which it then has for the library, too.
    init?(_ transfer: Transfer, _ configuration: HTTPClientConfiguration, pinned: [IPAddress]?) {
        guard let curl = CurlHandle() else { return nil }
        self.curl = curl
        let bytes = transfer.request.body ?? []
        unsafe body = .allocate(capacity: max(1, bytes.count))
        _ = unsafe body.initialize(from: bytes)
        direct(transfer.request, configuration, pinned, transfer.route)
        limit(transfer)
        describe(transfer, configuration.userAgent)
        connect(transfer)
    }

    deinit {
        unsafe body.deallocate()
    }

    var status: Int { Int(unsafe bureau_curl_status(curl.handle)) }
    /// Whether a byte of the request has left; before that it cannot have reached anybody.
    var hasSent: Bool { unsafe bureau_curl_request_size(curl.handle) > 0 }
    var isPooled: Bool { unsafe bureau_curl_connects(curl.handle) == 0 }

    /// Goes on after the reader has taken something.
    func resume() { unsafe curl_easy_pause(curl.handle, CURLPAUSE_CONT) }

    // MARK: Settings

    /// Where to, and how to trust it.
    private func direct(
        _ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration, _ pinned: [IPAddress]?,
        _ route: ConnectionRoute?
    ) {
        curl.set(CURLOPT_URL, request.url.text)
        curl.set(CURLOPT_PROTOCOLS_STR, "http,https")
        curl.set(CURLOPT_PATH_AS_IS, 1)
        curl.set(CURLOPT_FOLLOWLOCATION, 0)
        curl.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        curl.secure(certificates: configuration.certificates)
        if request.isSentOnce {
            curl.set(CURLOPT_FRESH_CONNECT, 1)
            curl.set(CURLOPT_FORBID_REUSE, 1)
        }
        if let route { curl.set(CURLOPT_CONNECT_TO, [route.setting]) }
        if let pinned { curl.pin(request.url.host, port: request.url.port, to: pinned) }
    }

    private func limit(_ transfer: Transfer) {
        let left = max(1, (transfer.deadline - .steadyClock()).milliseconds)
        curl.set(CURLOPT_TIMEOUT_MS, Int(left))
        curl.set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(left, transfer.request.connectDeadline.milliseconds)))
        if let silence = transfer.request.silenceMax {
            curl.set(CURLOPT_LOW_SPEED_LIMIT, 1)
            curl.set(CURLOPT_LOW_SPEED_TIME, Int(max(1, silence.components.seconds)))
        }
    }

    private func describe(_ transfer: Transfer, _ userAgent: String) {
        let request = transfer.request
        if let bytes = request.body {
            curl.must(
                unsafe bureau_curl_set_size(curl.handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            )
            curl.must(unsafe bureau_curl_set(curl.handle, CURLOPT_POSTFIELDS, body.baseAddress))
        } else if request.method == "POST" || request.method == "PUT" {
            curl.must(unsafe bureau_curl_set_size(curl.handle, CURLOPT_POSTFIELDSIZE_LARGE, 0))
            curl.must(unsafe bureau_curl_set(curl.handle, CURLOPT_POSTFIELDS, body.baseAddress))
        }
        if request.method == "HEAD" {
            curl.set(CURLOPT_NOBODY, 1)
        } else {
            curl.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        if transfer.wantsCompression { curl.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        // A semicolon sends an empty header; without a value the library would leave it out.
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        if request.header("User-Agent") == nil { lines.append("User-Agent: \(userAgent)") }
        if let trace = request.traceparent, request.header("traceparent") == nil {
            lines.append("traceparent: \(trace)")
        }
        // The library would add these of its own accord.
        if request.header("Content-Type") == nil { lines.append("Content-Type:") }
        if request.header("Accept") == nil { lines.append("Accept: */*") }
        lines.append("Expect:")
        curl.set(CURLOPT_HTTPHEADER, lines)
    }

    /// The callbacks' context; the loop keeps the transfer alive for as long as it has the handle.
    private func connect(_ transfer: Transfer) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA] {
            curl.must(unsafe bureau_curl_set(curl.handle, option, context))
        }
        curl.must(unsafe bureau_curl_set_writer(curl.handle, CURLOPT_WRITEFUNCTION, receiveBody))
        curl.must(unsafe bureau_curl_set_writer(curl.handle, CURLOPT_HEADERFUNCTION, receiveHead))
        curl.must(unsafe bureau_curl_set_opener(curl.handle, openSocket))
    }
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
