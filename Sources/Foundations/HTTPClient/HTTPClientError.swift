/// The reason why a request has no answer. Its text is fit for the people who gave the address: it names no address
/// that a name leads to.
package enum HTTPClientError: Error, Hashable, Sendable {
    /// The URL cannot be read, is not of http or https, or has a name and password in it.
    case invalidURL(String)
    /// The request cannot be sent as it is.
    case invalidRequest(String)
    /// The host is, or leads to, an address that this installation does not call.
    case refusedAddress(host: String, kind: IPAddress.Kind)
    case dns(host: String)
    case connect(host: String)
    case tls(String)
    case timeout(Duration)
    /// The answer's body, as it is after decompression, is larger than asked for, in bytes.
    case tooLarge(limit: Int)
    /// The connection ended before the answer did.
    case disconnected
    case `protocol`(String)
    case tooManyRedirects(limit: Int)
    /// A redirect leads from https to http.
    case downgrade
    /// The client was closed.
    case closed

    /// A short name for metrics and records.
    package var code: StaticString {
        switch self {
        case .invalidURL: "invalid_url"
        case .invalidRequest: "invalid_request"
        case .refusedAddress: "refused_address"
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .timeout: "timeout"
        case .tooLarge: "too_large"
        case .disconnected: "disconnected"
        case .protocol: "protocol"
        case .tooManyRedirects: "too_many_redirects"
        case .downgrade: "downgrade"
        case .closed: "closed"
        }
    }

    /// Whether nothing of the request can have reached a server.
    package var isBeforeSending: Bool {
        switch self {
        case .invalidURL, .invalidRequest, .refusedAddress, .dns, .connect, .tls: true
        default: false
        }
    }
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidURL(let why): "the URL cannot be used: \(why)"
        case .invalidRequest(let why): "the request cannot be sent: \(why)"
        case .refusedAddress(let host, let kind):
            "\(host) is, or leads to, \(kind.about): such addresses are not called"
        case .dns(let host): "the name \(host) could not be resolved"
        case .connect(let host): "the connection to \(host) could not be made"
        case .tls(let why): "the secure connection could not be made: \(why)"
        case .timeout(let limit): "the whole answer did not arrive within \(limit.milliseconds) ms"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .disconnected: "the connection ended before the answer did"
        case .protocol(let why): "the answer cannot be understood: \(why)"
        case .tooManyRedirects(let limit): "the answer redirects more than \(limit) times"
        case .downgrade: "a redirect leads from https to http"
        case .closed: "the client was closed"
        }
    }
}

extension Duration {
    /// Rounded up, so that a little time is not none.
    var milliseconds: Int64 {
        components.seconds * 1000 + (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
