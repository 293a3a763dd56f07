internal import CCurl
internal import Synchronization
internal import Telemetry

/// One request to one address, and its answer. Unchecked: what changes is touched by the loop's thread only,
/// but for what has a lock of its own.
@safe final class Transfer: @unchecked Sendable {
    private static let headBytesMax = 64 * 1024
    /// No more room is made for a body than this before it comes, whatever its head tells.
    private static let roomMax = 128 * 1024
    /// The library's codes for a connection that ended within an answer.
    private static let cuts = [CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING].map(\.rawValue)

    let request: HTTPClientRequest
    let deadline: Instant
    let pipe = BodyPipe()
    let isCancelled = Atomic(false)
    /// Until when the host's name has to be resolved.
    var lookupDeadline = Instant(microseconds: .max)
    /// Where its host is found, if not by its name.
    let route: ConnectionRoute?
    /// While the library works on it.
    var easy: EasyHandle?

    private let isStreamed: Bool
    private let addresses: AddressGuard
    private let answer = Mutex<CheckedContinuation<HTTPClientResponse, any Error>?>(nil)
    private var response: HTTPClientResponse
    private var headBytes = 0
    private var hasHead = false
    /// Why we broke it off; the library knows only that we did.
    private var refusal: HTTPClientError?

    /// A streamed one is answered with its head; the body comes through the pipe.
    init(
        _ request: HTTPClientRequest, deadline: Instant, isStreamed: Bool,
        _ configuration: HTTPClientConfiguration
    ) {
        (self.request, self.deadline, self.isStreamed) = (request, deadline, isStreamed)
        addresses = configuration.addresses
        route = configuration.connectTo.first { $0.fits(request.url) }
        response = HTTPClientResponse(status: 0, headers: [], body: [], url: request.url)
    }

    var wantsCompression: Bool { !isStreamed && request.header("Accept-Encoding") == nil }

    func await(_ continuation: CheckedContinuation<HTTPClientResponse, any Error>) {
        answer.withLock { $0 = continuation }
    }

    // MARK: On the loop's thread

    /// A line of the head, or of what follows the body. False breaks off.
    func receive(headLine bytes: UnsafeRawBufferPointer, _ easy: EasyHandle) -> Bool {
        if hasHead { return true }
        headBytes += bytes.count
        guard headBytes <= Self.headBytesMax else {
            return refuse(.protocol("its head is larger than \(Self.headBytesMax) bytes"))
        }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        let text = line.prefix { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
        if text.hasPrefix("HTTP/") {
            // An interim answer (100, 103) has a head of its own.
            response.headers = []
        } else if text.isEmpty {
            response.status = easy.status
            if response.status >= 200 { endHead(easy) }
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            response.headers.append((String(text[..<colon]), String(value)))
        }
        return true
    }

    private func endHead(_ easy: EasyHandle) {
        hasHead = true
        response.isPooled = easy.isPooled
        guard isStreamed else { return makeRoom() }
        take()?.resume(returning: response)
    }

    /// Makes room for a body whose length is told: one that grows as it comes takes up to twice as much.
    private func makeRoom() {
        guard request.method != "HEAD", response.header("Content-Encoding") == nil,
            let length = response.header("Content-Length").flatMap({ Int($0) }), length > 0
        else { return }
        response.body.reserveCapacity(min(length, request.bodyLimit.bytes, Self.roomMax))
    }

    enum Receipt { case taken, later, refused }

    func receive(body bytes: UnsafeRawBufferPointer) -> Receipt {
        let count = response.body.count + bytes.count
        guard count > request.bodyLimit.bytes else {
            guard isStreamed else {
                unsafe response.body.append(contentsOf: bytes)
                return .taken
            }
            return unsafe pipe.push(bytes) ? .taken : .later
        }
        switch request.bodyLimit {
        case .fail(let limit): _ = refuse(.tooLarge(limit: limit))
        case .truncate(let limit):
            unsafe response.body.append(contentsOf: bytes.prefix(limit - response.body.count))
            response.isTruncated = true
        }
        return .refused
    }

    /// Returns whether a connection may be made there; asked with the very address that is connected to.
    func allows(_ address: IPAddress) -> Bool {
        if addresses.allows(address) || address == route?.address { return true }
        refuse(.refusedAddress(host: request.url.host, kind: address.kind))
        return false
    }

    func check(_ found: [IPAddress]) throws(HTTPClientError) {
        try addresses.check(found, of: request.url.host)
    }

    @discardableResult private func refuse(_ error: HTTPClientError) -> Bool {
        if refusal == nil { refusal = error }
        return false
    }

    /// The library is done with it.
    func end(_ result: CURLcode, hasSent: Bool) {
        if result == CURLE_OK && !hasHead {
            finish(.failure(HTTPClientError.disconnected))
        } else if result == CURLE_OK || response.isTruncated {
            finish(.success(response))
        } else if hasHead, refusal == nil, request.takesCutAnswers, Self.cuts.contains(result.rawValue) {
            response.isCut = true
            finish(.success(response))
        } else {
            finish(.failure(refusal ?? error(result, hasSent: hasSent)))
        }
    }

    func finish(_ outcome: Result<HTTPClientResponse, any Error>) {
        take()?.resume(with: outcome)
        pipe.finish(outcome.map { _ in })
    }

    private func take() -> CheckedContinuation<HTTPClientResponse, any Error>? {
        answer.withLock { $0.take() }
    }

    private func error(_ result: CURLcode, hasSent: Bool) -> HTTPClientError {
        switch result {
        case CURLE_OPERATION_TIMEDOUT where !hasSent, CURLE_SEND_ERROR where !hasSent,
            CURLE_RECV_ERROR where !hasSent:
            .connect(host: request.url.host)
        case CURLE_COULDNT_RESOLVE_HOST: .dns(host: request.url.host)
        case CURLE_COULDNT_CONNECT: .connect(host: request.url.host)
        case CURLE_OPERATION_TIMEDOUT: .timeout(request.deadline)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .disconnected
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
            .tls(unsafe String(cString: curl_easy_strerror(result)))
        default: .protocol(unsafe String(cString: curl_easy_strerror(result)))
        }
    }
}
