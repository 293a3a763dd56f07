internal import Glibc

/// An IP address. An IPv4 address mapped into IPv6 is that IPv4 address.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 128 bits in network order; IPv4 sits in `::ffff:0:0/96`.
    let bits: UInt128

    static let mappedPrefix: UInt128 = 0xffff_0000_0000

    /// 0.0.0.0, which stands for a peer whose address is not known.
    package static let unspecified = RemoteAddress(bits: mappedPrefix)

    init(bits: UInt128) { self.bits = bits }

    /// Accepts `192.0.2.1`, `2001:db8::1` and `[2001:db8::1]`, without a port.
    package init?(_ text: String) {
        var text = Substring(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        var v4 = in_addr()
        if unsafe inet_pton(AF_INET, String(text), &v4) == 1 {
            bits = Self.mappedPrefix | UInt128(UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard unsafe inet_pton(AF_INET6, String(text), &v6) == 1 else { return nil }
        bits = unsafe withUnsafeBytes(of: v6) {
            unsafe UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self))
        }
    }

    /// The peer's address as the kernel gave it; unknown families are `unspecified`.
    init(_ address: UnsafePointer<sockaddr>?) {
        guard let address = unsafe address else {
            self = .unspecified
            return
        }
        let raw = unsafe UnsafeRawPointer(address)
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            bits = Self.mappedPrefix | UInt128(UInt32(bigEndian: v4.sin_addr.s_addr))
        case AF_INET6:
            let v6 = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
            bits = unsafe withUnsafeBytes(of: v6.sin6_addr) {
                unsafe UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self))
            }
        default: self = .unspecified
        }
    }

    package var isIPv4: Bool { bits >> 32 == Self.mappedPrefix >> 32 }

    /// The number to limit by: one IPv4 address, or the /64 that one IPv6 subscriber has.
    package var subscriber: AddressRange { AddressRange(self, prefix: isIPv4 ? 32 : 64) }

    package var description: String {
        if isIPv4 {
            let value = UInt32(truncatingIfNeeded: bits)
            return "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        }
        var big = bits.bigEndian
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = unsafe inet_ntop(AF_INET6, &big, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A block of addresses in CIDR notation.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let base: RemoteAddress
    private let bitsKept: Int  // of 128

    /// `prefix` counts from the address' own start: 0...32 for IPv4, 0...128 for IPv6.
    package init(_ address: RemoteAddress, prefix: Int) {
        precondition((0...(address.isIPv4 ? 32 : 128)).contains(prefix), "prefix out of range")
        bitsKept = address.isIPv4 ? prefix + 96 : prefix
        base = RemoteAddress(bits: address.bits & Self.mask(bitsKept))
    }

    /// Accepts `10.0.0.0/8`, `2001:db8::/32` and a bare address, which is a block of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = RemoteAddress(String(parts[0])) else { return nil }
        let longest = address.isIPv4 ? 32 : 128
        guard parts.count == 2 else {
            self.init(address, prefix: longest)
            return
        }
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let prefix = Int(parts[1]), prefix <= longest
        else { return nil }
        self.init(address, prefix: prefix)
    }

    package func contains(_ address: RemoteAddress) -> Bool {
        // Without this, ::/0 would hold IPv4, which sits inside IPv6's number space.
        address.isIPv4 == base.isIPv4 && address.bits & Self.mask(bitsKept) == base.bits
    }

    package var description: String { "\(base)/\(base.isIPv4 ? bitsKept - 96 : bitsKept)" }

    private static func mask(_ bits: Int) -> UInt128 { bits == 0 ? 0 : .max << UInt128(128 - bits) }
}

extension [AddressRange] {
    package func contains(_ address: RemoteAddress) -> Bool { contains { $0.contains(address) } }
}
