/// A server for mail: where it is, and how the way to it is secured.
package struct MailServer: Hashable, Sendable {
    package enum Security: String, Hashable, Sendable {
        /// From the first byte (465, 993).
        case tls
        /// STARTTLS, or nothing.
        case startTLS
        /// STARTTLS where the server offers it; a password is sent only then.
        case startTLSIfOffered
        /// In the clear, passwords included: for a server on the same machine.
        case none
    }

    /// Lower case; an IPv6 address without brackets.
    package let host: String
    package let port: Int
    package let security: Security
    /// A file of certificates to trust instead of the system's.
    package var certificates: String?
    let url: OutboundURL

    /// `smtp://host`, `smtps://host`, `imap://host`, `imaps://host`, each with a port or without (587, 465, 143,
    /// 993). With an `s` at the end it is TLS from the first byte, else what `upgrade` says.
    package init(
        _ text: String, upgrade: Security = .startTLS, certificates: String? = nil
    ) throws(MailFault) {
        do {
            url = try OutboundURL(text, ports: ["smtp": 587, "smtps": 465, "imap": 143, "imaps": 993])
        } catch {
            throw MailFault(error)
        }
        (host, port, security) = (url.host, url.port, url.isSecure ? .tls : upgrade)
        self.certificates = certificates
    }

    var isSMTP: Bool { url.text.hasPrefix("smtp") }
}

/// The credentials by which a server knows a mailbox's owner.
package enum MailCredentials: Hashable, Sendable {
    case password(user: String, String)
    /// An access token of OAuth 2, by XOAUTH2.
    case bearer(user: String, token: String)
}

/// The reason why a server for mail was not reached, or not understood. Its text is fit for the people who gave the
/// server's name: it names no address that the name leads to.
package enum MailFault: Error, Hashable, Sendable {
    /// An address, name or folder that cannot be said to a server.
    case invalid(String)
    /// The host is, or leads to, an address that this installation does not call.
    case refusedAddress(host: String, kind: IPAddress.Kind)
    case dns(host: String)
    case connect(host: String)
    /// There is no secure connection, and none without was allowed.
    case tls(String)
    /// The server lacks what this needs.
    case unsupported(String)
    /// The server's limit, or the caller's, in bytes.
    case tooLarge(limit: Int)
    case timeout
    case disconnected
    case `protocol`(String)
    /// More at once than this client does.
    case busy
    case cancelled
    case closed

    /// Whether a further attempt will fail in the same way.
    package var isPermanent: Bool {
        switch self {
        case .invalid, .refusedAddress, .unsupported, .tooLarge: true
        default: false
        }
    }

    /// A short name for metrics and records.
    package var code: StaticString {
        switch self {
        case .invalid: "invalid"
        case .refusedAddress: "refused_address"
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .unsupported: "unsupported"
        case .tooLarge: "too_large"
        case .timeout: "timeout"
        case .disconnected: "disconnected"
        case .protocol: "protocol"
        case .busy: "busy"
        case .cancelled: "cancelled"
        case .closed: "closed"
        }
    }

    init(_ error: HTTPClientError) {
        self =
            switch error {
            case .invalidURL(let why), .invalidRequest(let why): .invalid(why)
            case .refusedAddress(let host, let kind): .refusedAddress(host: host, kind: kind)
            case .dns(let host): .dns(host: host)
            default: .protocol(error.description)
            }
    }
}

extension MailFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalid(let why): "the server cannot be asked: \(why)"
        case .refusedAddress(let host, let kind):
            "\(host) is, or leads to, \(kind.about): such addresses are not called"
        case .dns(let host): "the name \(host) could not be resolved"
        case .connect(let host): "the connection to \(host) could not be made"
        case .tls(let why): "the secure connection could not be made: \(why)"
        case .unsupported(let what): "the server does not offer \(what)"
        case .tooLarge(let limit): "the mail is larger than \(limit) bytes"
        case .timeout: "the server did not answer in time"
        case .disconnected: "the connection ended before the answer came"
        case .protocol(let why): "the server's answer cannot be understood: \(why)"
        case .busy: "too many connections are in use"
        case .cancelled: "the request was cancelled"
        case .closed: "the client was closed"
        }
    }
}
