/// The address to which an operator directs requests to a host, whatever its name leads to (curl's `--connect-to`). The
/// `Host` header and the name of the certificate stay the host's. An address that an operator names is called even if
/// it is private.
package struct ConnectionRoute: Hashable, Sendable, LosslessStringConvertible {
    /// A name; after `*.` all below a name, and `*` every one.
    private let pattern: String
    private let port: Int
    let address: IPAddress
    let addressPort: Int

    /// Reads `HOST:PORT=ADDRESS:PORT`; `nil` where it is none.
    package init?(_ text: String) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let (host, port) = Self.split(sides[0]),
            let (target, targetPort) = Self.split(sides[1]),
            let address = IPAddress(target), Self.isPattern(host), IPAddress(host) == nil
        else { return nil }
        (pattern, self.port) = (host.lowercased(), port)
        (self.address, addressPort) = (address, targetPort)
    }

    package var description: String {
        "\(pattern):\(port)=" + (address.isIPv4 ? "\(address)" : "[\(address)]") + ":\(addressPort)"
    }

    func fits(_ url: OutboundURL) -> Bool {
        guard url.port == port, url.address == nil else { return false }
        if pattern == "*" || pattern == url.host { return true }
        return pattern.hasPrefix("*.") && url.host.hasSuffix(pattern.dropFirst())
    }

    /// As the library has it: for every host of the one transfer that it is set for.
    var setting: String { "::" + (address.isIPv4 ? address.description : "[\(address)]") + ":\(addressPort)" }

    private static func split(_ text: some StringProtocol) -> (String, Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            port > 0
        else {
            return nil
        }
        return (String(text[..<colon]), Int(port))
    }

    private static func isPattern(_ host: String) -> Bool {
        let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        return host == "*"
            || !name.isEmpty
                && name.utf8.allSatisfy {
                    (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "-._".utf8.contains($0)
                }
    }
}
