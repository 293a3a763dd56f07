internal import Records
internal import Telemetry

/// The way out to the web, which the composition root provides: with pooled connections, and a guard that refuses
/// private addresses. Each call is one request: no retries, no redirects.
package protocol OutboundHTTP: Sendable {
    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse
}

package struct OutboundRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// The time limit for the whole exchange.
    package var timeout: Duration
    /// More than this of an answer's body is an error.
    package var answerBytesMax: Int

    package init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(30), answerBytesMax: Int = 1 << 20
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        (self.timeout, self.answerBytesMax) = (timeout, answerBytesMax)
    }
}

package struct OutboundResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// Names of headers are told apart without regard to case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The time that `Retry-After` asks for in seconds, at most a day; a date is read as nothing.
    package var retryAfter: Duration? {
        header("Retry-After").flatMap { Int64($0.trimmed) }.map { .seconds(min(max($0, 0), 86_400)) }
    }
}

/// The reason why there is no answer; the cases differ by what can be done about it.
package enum OutboundFailure: Error, Hashable, Sendable {
    /// The address is no web address, or one that requests may not go to.
    case refused(String)
    /// No connection: nothing was sent.
    case unreachable(String)
    /// The connection broke, or the time was over, after the request may have arrived.
    case broken(String)
    case timeout
    case tooLarge
}
