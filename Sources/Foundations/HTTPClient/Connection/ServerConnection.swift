internal import CCurl
internal import Glibc
internal import Synchronization
internal import Telemetry

/// A connection to a server for mail that the library has made and secured, and whose lines are ours.
///
/// libcurl (7.88) speaks SMTP and IMAP here up to STARTTLS, and no further. What follows it would do in ways that we
/// cannot use: after a mail's end it waits for the reply inside `curl_multi_perform`, so that one slow server would
/// stop all others; it does not tell to which command a reply belongs, nor whether the end had left when a
/// connection broke; to XOAUTH2 it takes the reason of a refusal for the refusal; of IMAP's custom commands it
/// hands literals out among lines.
///
/// Unchecked: its calls block, and are made on one thread, but for `interrupt`.
@safe final class ServerConnection: @unchecked Sendable {
    private static let bufferSize = 64 * 1024

    /// Until when what is asked of it has to be done.
    var deadline = Instant(microseconds: .max)
    /// Asked while waiting: whether nobody wants it any more.
    var isCancelled: () -> Bool = { false }
    /// The server's lines before the connection was ours, without their ends.
    private(set) var greeting: [String] = []
    /// It is encrypted.
    private(set) var isSecure = false
    private(set) var server: MailServer?
    /// As whom, once the server has agreed.
    var signedIn: MailCredentials?

    private let configuration: HTTPClientConfiguration
    private let resolver: NameResolver
    private let multi = Multi()
    private var curl: CurlHandle?
    private var socket: Int32 = -1
    private var host = ""
    private var refusal: MailFault?
    private var pending: [UInt8] = []
    private var start = 0
    private var buffer = [UInt8](repeating: 0, count: ServerConnection.bufferSize)

    init(_ configuration: HTTPClientConfiguration, _ resolver: NameResolver) {
        (self.configuration, self.resolver) = (configuration, resolver)
    }

    deinit { close() }

    var isOpen: Bool { socket >= 0 }

    /// Makes it look at `isCancelled`, and ends `waitForNews`; from any thread.
    func interrupt() { multi.wake() }

    /// `name` is ours, as SMTP's greeting says it. Where a server did not want us, the last line of `greeting` is
    /// what it said.
    func open(_ server: MailServer, name: String) throws(MailFault) {
        close()
        (greeting, refusal, isSecure, host) = ([], nil, false, server.host)
        (self.server, signedIn) = (server, nil)
        let addresses = try resolve(server)
        guard let curl = CurlHandle() else { throw .protocol("the system is out of memory") }
        direct(curl, server, name, addresses)
        multi.add(curl)
        self.curl = curl
        do throws(MailFault) {
            try connect(curl)
        } catch {
            close()
            throw error
        }
    }

    func close() {
        if let curl = curl.take() { multi.remove(curl) }
        (socket, pending, start) = (-1, [], 0)
    }

    // MARK: Making it

    private func resolve(_ server: MailServer) throws(MailFault) -> [IPAddress]? {
        do {
            try configuration.addresses.check(server.url)
            guard server.url.address == nil else { return nil }
            let answer = Answer()
            resolver.resolve(server.host) { [multi] result in
                answer.found.withLock { $0 = result }
                multi.wake()
            }
            while true {
                if let result = answer.found.withLock({ $0 }) {
                    let addresses = try result.get()
                    try configuration.addresses.check(addresses, of: server.host)
                    return addresses
                }
                try checkTime()
                multi.wait(until: deadline)
            }
        } catch let error as HTTPClientError {
            throw MailFault(error)
        } catch let error as MailFault {
            throw error
        } catch {
            throw .protocol("\(error)")
        }
    }

    private final class Answer: Sendable {
        let found = Mutex<Result<[IPAddress], HTTPClientError>?>(nil)
    }

    private func direct(
        _ curl: CurlHandle, _ server: MailServer, _ name: String, _ addresses: [IPAddress]?
    ) {
        let scheme = (server.isSMTP ? "smtp" : "imap") + (server.security == .tls ? "s" : "")
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        curl.set(CURLOPT_URL, "\(scheme)://\(host):\(server.port)/\(server.isSMTP ? name : "")")
        curl.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps")
        curl.set(CURLOPT_CONNECT_ONLY, 1)
        curl.secure(certificates: server.certificates ?? configuration.certificates)
        let upgrade =
            switch server.security {
            case .tls, .startTLS: CURLUSESSL_ALL
            case .startTLSIfOffered: CURLUSESSL_TRY
            case .none: CURLUSESSL_NONE
            }
        curl.set(CURLOPT_USE_SSL, Int(upgrade.rawValue))
        curl.set(CURLOPT_TCP_KEEPALIVE, 1)
        if let addresses { curl.pin(server.host, port: server.port, to: addresses) }
        let left = Int(min(max(1, (deadline - .steadyClock()).milliseconds), 3_600_000))
        curl.set(CURLOPT_TIMEOUT_MS, left)
        curl.set(CURLOPT_CONNECTTIMEOUT_MS, left)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA] {
            curl.must(unsafe bureau_curl_set(curl.handle, option, context))
        }
        // IMAP's untagged lines come as what is read, its others and SMTP's as heads.
        curl.must(unsafe bureau_curl_set_writer(curl.handle, CURLOPT_WRITEFUNCTION, receiveLine))
        curl.must(unsafe bureau_curl_set_writer(curl.handle, CURLOPT_HEADERFUNCTION, receiveLine))
        curl.must(unsafe bureau_curl_set_opener(curl.handle, openSocket))
    }

    private func connect(_ curl: CurlHandle) throws(MailFault) {
        while true {
            multi.perform()
            if let (_, result) = unsafe multi.nextEnded() {
                guard result == CURLE_OK else { throw refusal ?? fault(result) }
                socket = unsafe bureau_curl_socket(curl.handle)
                isSecure = unsafe bureau_curl_is_secure(curl.handle) != 0
                guard socket >= 0 else { throw .disconnected }
                return
            }
            try checkTime()
            multi.wait(until: deadline)
        }
    }

    private func fault(_ result: CURLcode) -> MailFault {
        let why = unsafe String(cString: curl_easy_strerror(result))
        return switch result {
        case CURLE_COULDNT_RESOLVE_HOST: .dns(host: host)
        case CURLE_COULDNT_CONNECT: .connect(host: host)
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .disconnected
        case CURLE_USE_SSL_FAILED: .tls("STARTTLS is not offered")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
            .tls(why)
        default: .protocol(why)
        }
    }

    fileprivate func receive(_ bytes: UnsafeRawBufferPointer) {
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        guard greeting.count < 200 else { return }
        greeting += text.split(whereSeparator: \.isNewline).map { String($0.prefix(1000)) }
    }

    fileprivate func allows(_ address: IPAddress) -> Bool {
        if configuration.addresses.allows(address) { return true }
        if refusal == nil { refusal = .refusedAddress(host: host, kind: address.kind) }
        return false
    }

    private func checkTime() throws(MailFault) {
        if isCancelled() { throw .cancelled }
        if Instant.steadyClock() >= deadline { throw .timeout }
    }

    // MARK: Using it

    /// Throws only where not all of the bytes have been handed over: then the server cannot have their end.
    func write(_ bytes: [UInt8]) throws(MailFault) {
        guard let curl else { throw .disconnected }
        var sent = 0
        while sent < bytes.count {
            var count = 0
            // At most a record of TLS, which wants to be given again what could not go.
            let part = min(16_384, bytes.count - sent)
            let result = unsafe bytes.withUnsafeBytes {
                unsafe curl_easy_send(curl.handle, $0.baseAddress! + sent, part, &count)
            }
            guard result == CURLE_OK || result == CURLE_AGAIN else { throw .disconnected }
            sent += count
            if count == 0 {
                try checkTime()
                _ = multi.wait(for: socket, toWrite: true, until: deadline)
            }
        }
    }

    func write(_ text: String) throws(MailFault) { try write(Array(text.utf8)) }

    /// A line without its end, which is CRLF or LF.
    func readLine(max: Int = 16 * 1024) throws(MailFault) -> [UInt8] {
        var looked = start
        while true {
            if let end = pending[looked...].firstIndex(of: 10) {
                let isCRLF = end > start && pending[end - 1] == 13
                defer { start = end + 1 }
                return Array(pending[start..<(isCRLF ? end - 1 : end)])
            }
            guard pending.count - start <= max else { throw .protocol("a line is too long") }
            looked = pending.count - start
            try fill()
        }
    }

    func read(_ count: Int) throws(MailFault) -> [UInt8] {
        while pending.count - start < count { try fill() }
        defer { start += count }
        return Array(pending[start..<start + count])
    }

    private func fill() throws(MailFault) {
        if start > 0 {
            pending.removeSubrange(..<start)
            start = 0
        }
        guard let curl else { throw .disconnected }
        while true {
            var count = 0
            let result = unsafe curl_easy_recv(curl.handle, &buffer, buffer.count, &count)
            if result == CURLE_OK {
                guard count > 0 else { throw .disconnected }
                pending += buffer[..<count]
                return
            }
            guard result == CURLE_AGAIN else { throw .disconnected }
            try checkTime()
            _ = multi.wait(for: socket, toWrite: false, until: deadline)
        }
    }

    /// While nothing is asked of the server: until it says something or leaves, which is true, or `interrupt` is
    /// called, or the time is up. `isDeaf`: what it says is for the next time that it is asked.
    func waitForNews(until: Instant, isDeaf: Bool) -> Bool {
        guard isOpen else { return true }
        guard isDeaf else { return multi.wait(for: socket, toWrite: false, until: until) }
        multi.wait(until: until)
        return false
    }
}

// MARK: Called by the library, on the connection's thread

private func receiveLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let connection = unsafe Unmanaged<ServerConnection>.fromOpaque(context).takeUnretainedValue()
    unsafe connection.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context = unsafe context, let address = unsafe address else { return -1 }
    let connection = unsafe Unmanaged<ServerConnection>.fromOpaque(context).takeUnretainedValue()
    guard let target = unsafe IPAddress(bureau_curl_address(address)), connection.allows(target) else {
        return -1
    }
    return unsafe bureau_curl_open(address)
}
