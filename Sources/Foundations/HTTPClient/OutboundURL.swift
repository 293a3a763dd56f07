internal import CCurl
internal import Glibc

/// An absolute URL of http or https, read by the library that will also connect: two readers of one text may
/// differ about its host. Without name and password, without fragment; a number of any form in the place of the
/// host is an IPv4 address in its usual one. A host of other letters is written in ASCII (`xn--…`).
package struct OutboundURL: Hashable, Sendable, CustomStringConvertible {
    private static let lengthMax = 8192

    package let text: String
    /// Lower case; an IPv6 address without brackets.
    package let host: String
    package let port: Int
    package let isSecure: Bool
    /// The address, where the host is one.
    package let address: IPAddress?

    package var description: String { text }

    package init(_ text: String) throws(HTTPClientError) { self = try Self.read([text]) }

    /// Reads the address of a server of another protocol: `ports` are its schemes with their usual ports.
    init(_ text: String, ports: [String: Int]) throws(HTTPClientError) {
        self = try Self.read([text], ports: ports)
    }

    /// Where a redirect leads, which may be relative.
    func redirected(to location: String) throws(HTTPClientError) -> OutboundURL {
        try Self.read([text, location])
    }

    /// Scheme, host and port: to whom a connection, and a credential, belongs.
    package func isSameOrigin(as other: OutboundURL) -> Bool {
        (host, port, isSecure) == (other.host, other.port, other.isSecure)
    }

    /// Returns whether it lies where another one leads, or below. A path that goes up in a way that only servers
    /// understand (`%2e%2e`, `..;`) does not.
    package func isWithin(_ base: OutboundURL) -> Bool {
        var folder = base.path
        while folder.hasSuffix("/") { folder.removeLast() }
        let steps = path.lowercased().replacing("%2e", with: ".").replacing("%2f", with: "/")
            .replacing("%5c", with: "/").split(separator: "/")
        return isSameOrigin(as: base) && (path == folder || path.hasPrefix(folder + "/"))
            && !steps.contains { $0.prefix { $0 != ";" } == ".." }
    }

    /// From the host to the query.
    private var path: String {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 3 ? "/" + String(parts[3].prefix { $0 != "?" }) : "/"
    }

    /// Each text is read as it stands to those before it.
    private static func read(
        _ texts: [String], ports: [String: Int] = ["http": 80, "https": 443]
    ) throws(HTTPClientError) -> OutboundURL {
        guard let handle = unsafe curl_url() else { throw .invalidURL("the system is out of memory") }
        defer { unsafe curl_url_cleanup(handle) }
        for text in texts {
            let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
            guard isClean, !text.isEmpty, text.utf8.count <= lengthMax else {
                throw .invalidURL("it is empty, too long, or has characters that a URL cannot have")
            }
            let code = unsafe curl_url_set(handle, CURLUPART_URL, ascii(text), 0)
            guard code == CURLUE_OK else {
                throw .invalidURL(unsafe String(cString: curl_url_strerror(code)))
            }
        }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK,
                let found = unsafe value
            else { return nil }
            defer { unsafe curl_free(found) }
            return unsafe String(cString: found)
        }
        guard let scheme = part(CURLUPART_SCHEME), let usual = ports[scheme] else {
            throw .invalidURL("its scheme must be \(ports.keys.sorted().joined(separator: " or "))")
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw .invalidURL("it must not contain a name or password")
        }
        guard part(CURLUPART_ZONEID) == nil else { throw .invalidURL("its IP address must not have a zone") }
        guard var host = part(CURLUPART_HOST)?.lowercased(), !host.isEmpty else {
            throw .invalidURL("it has no host")
        }
        // A name's last dot says that it is whole; certificates are made out without it.
        if host.hasSuffix(".") { host.removeLast() }
        let address = IPAddress(host)
        guard address != nil || isName(host) else {
            throw .invalidURL("its host is not a valid name or IP address")
        }
        guard let port = part(CURLUPART_PORT).map({ Int($0) }) ?? usual, port > 0 else {
            throw .invalidURL("its port is not valid")
        }
        unsafe curl_url_set(handle, CURLUPART_HOST, host, 0)
        unsafe curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        guard let text = part(CURLUPART_URL) else { throw .invalidURL("it could not be normalised") }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return OutboundURL(
            text: text, host: bare, port: port, isSecure: scheme.hasSuffix("s"), address: address)
    }

    /// Other letters are as good in a path or query; in a host they are found there after this, too.
    private static func ascii(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            result +=
                byte < 0x80 ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
        }
    }

    private init(text: String, host: String, port: Int, isSecure: Bool, address: IPAddress?) {
        (self.text, self.host, self.port) = (text, host, port)
        (self.isSecure, self.address) = (isSecure, address)
    }

    /// Labels of letters, digits, hyphens and underscores. The last is no number: such a host is an address in
    /// some form, and one that was not understood.
    private static func isName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last else { return false }
        let areSound = labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
                }
        }
        let isNumber =
            last.allSatisfy { (0x30...0x39).contains($0) } || last.starts(with: "0x".utf8)
        return areSound && !isNumber
    }
}
