internal import Telemetry

/// A request to the world outside.
package struct HTTPClientRequest: Sendable {
    /// The way to deal with an answer whose body is longer.
    package enum BodyLimit: Sendable {
        case fail(Int)
        case truncate(Int)

        var bytes: Int {
            switch self {
            case .fail(let limit), .truncate(let limit): limit
            }
        }
    }

    package var method: String
    package var url: OutboundURL
    /// The header fields, in the order in which they are sent. `Host`, `Content-Length` and the like are the client's
    /// own.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]?
    /// The time limit for everything, redirects and further attempts included.
    package var deadline: Duration = .seconds(30)
    /// The time limit for each name lookup, connection and TLS handshake.
    package var connectDeadline: Duration = .seconds(5)
    /// No byte for so long ends a transfer; whole seconds.
    package var silenceMax: Duration?
    package var bodyLimit = BodyLimit.fail(10 * 1024 * 1024)
    /// 0: an answer that redirects is the answer.
    package var redirectsMax = 5
    package var retry = OutboundRetry.none
    /// Whether the request has a connection of its own, and so is sent at most once. On a kept connection that ends
    /// without an answer the library sends a request again, whatever it does, and cannot know that it was not read.
    package var isSentOnce = false
    /// An answer that ends too early is an answer, which says so, and no error.
    package var takesCutAnswers = false
    /// Continues a trace (W3C Trace Context).
    package var traceparent: String?

    package init(
        _ method: String, _ url: OutboundURL, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }

    package func header(_ name: String) -> String? { headers.first { $0.name.isSameHeader(as: name) }?.value }

    /// A second one does what the first would have done (RFC 9110 §9.2.2), or its receiver knows it by its key.
    var isRepeatable: Bool {
        ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method) || header("Idempotency-Key") != nil
    }

    /// Throws unless the request is fit to be sent as a head: no header can smuggle another one in.
    func check() throws(HTTPClientError) {
        guard isToken(method) else { throw .invalidRequest("the method is not valid") }
        for (name, value) in headers {
            guard isToken(name) else { throw .invalidRequest("a header's name is not valid") }
            let isClean = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            guard isClean else { throw .invalidRequest("the header \(name) has control characters") }
            guard !Self.own.contains(name.lowercased()) else {
                throw .invalidRequest("the header \(name) is set by the client itself")
            }
        }
    }

    private static let own: Set = [
        "host", "content-length", "transfer-encoding", "connection", "expect", "te", "trailer", "upgrade",
        "keep-alive", "proxy-connection", "http2-settings",
    ]

    /// The request that a redirect asks for (RFC 9110 §15.4). Another origin gets no credential, and nothing
    /// that might be one: only the headers that say how to read the request.
    func redirected(to target: OutboundURL, status: Int) -> HTTPClientRequest {
        var next = self
        next.url = target
        let becomesGet = status == 303 ? method != "HEAD" : status < 303 && method == "POST"
        if becomesGet {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if !target.isSameOrigin(as: url) {
            next.headers.removeAll { !Self.kept.contains($0.name.lowercased()) }
        }
        return next
    }

    private static let kept: Set = [
        "accept", "accept-language", "content-type", "content-language", "user-agent", "idempotency-key",
    ]
}

/// The characters of methods and names of headers (RFC 9110 §5.6.2).
private func isToken(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
}

extension String {
    func isSameHeader(as other: String) -> Bool { lowercased() == other.lowercased() }
}

/// A whole answer.
package struct HTTPClientResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// The body goes on; only what was asked for is here.
    package var isTruncated = false
    /// The connection ended before the body did.
    package var isCut = false
    /// The URL that the answer came from, after redirects.
    package var url: OutboundURL
    /// It came over a connection that was already there.
    package var isPooled = false

    package func header(_ name: String) -> String? { headers.first { $0.name.isSameHeader(as: name) }?.value }

    /// The time that `Retry-After` asks for in seconds, at most a day; dates are read as nothing.
    package var retryAfter: Duration? {
        header("Retry-After").flatMap { Int64($0.filter { $0 != " " }) }.flatMap {
            $0 >= 0 ? .seconds(min($0, 86_400)) : nil
        }
    }
}

/// The rule for attempts after the first: a request is made again only where that does nothing twice. Requests that may
/// be repeated are, after a connection that failed and after 502, 503, 504 and 429; others, where nothing can have
/// reached the server.
package struct OutboundRetry: Sendable {
    package var attemptsMax: Int
    package var first: Duration
    package var longest: Duration

    package static let none = OutboundRetry(attemptsMax: 1)

    package init(attemptsMax: Int, first: Duration = .milliseconds(250), longest: Duration = .seconds(10)) {
        (self.attemptsMax, self.first, self.longest) = (attemptsMax, first, longest)
    }

    /// The pause after an attempt; `nil` where its outcome stands. What the server asks for wins, where it is
    /// not too long to be waited for here.
    func pause(
        after attempt: Int, of request: HTTPClientRequest, _ outcome: Result<HTTPClientResponse, any Error>,
        using random: inout some RandomNumberGenerator
    ) -> Duration? {
        guard attempt < attemptsMax else { return nil }
        var asked: Duration?
        switch outcome {
        case .success(let response):
            guard request.isRepeatable, [429, 502, 503, 504].contains(response.status) else { return nil }
            asked = response.retryAfter
        case .failure(let error as HTTPClientError):
            guard error.isWorthRepeating, request.isRepeatable || error.isBeforeSending else { return nil }
        case .failure: return nil
        }
        if let asked { return asked <= longest ? asked : nil }
        let ceiling = min(longest, first * (1 << min(attempt - 1, 20)))
        // Full jitter: callers that failed together do not come back together.
        return .milliseconds(Int64.random(in: 0...max(1, ceiling.milliseconds), using: &random))
    }
}

extension HTTPClientError {
    fileprivate var isWorthRepeating: Bool {
        switch self {
        case .dns, .connect, .disconnected, .timeout: true
        default: false
        }
    }
}
