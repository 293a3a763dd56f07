// The system's addresses have no module of their own: they are in that of whoever has included them first.
internal import CCurl
internal import CResolv
internal import Glibc

/// An address of the internet protocol, and what it is for.
package struct IPAddress: Hashable, Sendable {
    /// The 128 bits in network order; IPv4 sits in `::ffff:0:0/96`.
    let bits: UInt128
    let isIPv4: Bool

    init(v4 value: UInt32) { (bits, isIPv4) = (0xffff_0000_0000 | UInt128(value), true) }
    init(v6 value: UInt128) { (bits, isIPv4) = (value, false) }

    /// Accepts `192.0.2.1`, `2001:db8::1` and `[2001:db8::1]`; no short, octal or hexadecimal form.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        var v4 = in_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6)
    }

    /// As the kernel has it; `nil` for another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        let raw = unsafe UnsafeRawPointer(address)
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            self.init(v4: UInt32(bigEndian: v4.sin_addr.s_addr))
        case AF_INET6:
            self.init(unsafe raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    private init(_ address: in6_addr) {
        self.init(
            v6: unsafe withUnsafeBytes(of: address) {
                unsafe UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self))
            })
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        let (family, size) = isIPv4 ? (AF_INET, 4) : (AF_INET6, 16)
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * (size - 1 - $0))) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = unsafe inet_ntop(family, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension IPAddress {
    /// The purpose of an address, as far as it matters to who may be called.
    package enum Kind: String, Sendable {
        case global, unspecified, loopback, `private`, linkLocal, shared, multicast, reserved

        var about: String {
            switch self {
            case .global: "a public address"
            case .unspecified: "the unspecified address"
            case .loopback: "this machine"
            case .private: "a private address"
            case .linkLocal: "a link-local address"
            case .shared: "a carrier's internal address"
            case .multicast: "a multicast address"
            case .reserved: "a reserved address"
            }
        }
    }

    /// The kind of the address, by the registries of IANA for special purposes. Where an IPv4 address is inside an IPv6
    /// one, that address decides: a translator would take the connection there.
    package var kind: Kind {
        if isIPv4 { return Self.kind(v4: UInt32(truncatingIfNeeded: bits)) }
        if let entry = Self.v6.first(where: { $0.holds(bits) }) {
            return entry.embedded.map { Self.kind(v4: UInt32(truncatingIfNeeded: bits >> UInt128($0))) }
                ?? entry.kind
        }
        // 2000::/3 is all that has ever been given out.
        return bits >> 125 == 1 ? .global : .reserved
    }

    private static func kind(v4 value: UInt32) -> Kind {
        v4.first { value >> UInt32(32 - $0.prefix) == $0.base >> UInt32(32 - $0.prefix) }?.kind ?? .global
    }

    private static let v4: [(base: UInt32, prefix: Int, kind: Kind)] = [
        (0x0000_0000, 8, .unspecified), (0x0A00_0000, 8, .private), (0x6440_0000, 10, .shared),
        (0x7F00_0000, 8, .loopback), (0xA9FE_0000, 16, .linkLocal), (0xAC10_0000, 12, .private),
        (0xC000_0000, 24, .reserved), (0xC000_0200, 24, .reserved), (0xC058_6300, 24, .reserved),
        (0xC0A8_0000, 16, .private), (0xC612_0000, 15, .reserved), (0xC633_6400, 24, .reserved),
        (0xCB00_7100, 24, .reserved), (0xE000_0000, 4, .multicast), (0xF000_0000, 4, .reserved),
    ]

    private struct Block {
        let base: UInt128
        let prefix: Int
        var kind = Kind.reserved
        /// The distance of an IPv4 address inside from the right end, in bits.
        var embedded: Int?

        func holds(_ bits: UInt128) -> Bool { (bits ^ base) >> UInt128(128 - prefix) == 0 }
    }

    /// The narrower before the wider.
    private static let v6: [Block] = [
        Block(base: 1, prefix: 128, kind: .loopback),
        Block(base: 0, prefix: 128, kind: .unspecified),
        // IPv4-mapped, IPv4-compatible, NAT64, 6to4.
        Block(base: 0xffff_0000_0000, prefix: 96, embedded: 0),
        Block(base: 0, prefix: 96, embedded: 0),
        Block(base: 0x0064_ff9b << 96, prefix: 96, embedded: 0),
        Block(base: 0x2002 << 112, prefix: 16, embedded: 80),
        // Protocol assignments with Teredo, and documentation.
        Block(base: 0x2001 << 112, prefix: 23),
        Block(base: 0x2001_0db8 << 96, prefix: 32),
        Block(base: 0x3fff << 112, prefix: 20),
        Block(base: 0xfc << 120, prefix: 7, kind: .private),
        Block(base: 0xfe80 << 112, prefix: 10, kind: .linkLocal),
        Block(base: 0xfec0 << 112, prefix: 10, kind: .private),
        Block(base: 0xff << 120, prefix: 8, kind: .multicast),
    ]
}

/// The rule about who is called: public addresses only, unless the installation allows the others, too.
package struct AddressGuard: Sendable {
    package let allowsPrivate: Bool
    /// Addresses that are called nevertheless; for tests, which have no public ones.
    var exceptions: Set<IPAddress> = []

    package init(allowsPrivate: Bool) { self.allowsPrivate = allowsPrivate }

    func allows(_ address: IPAddress) -> Bool {
        allowsPrivate || address.kind == .global || exceptions.contains(address)
    }

    /// Every address of a host must be good: which of them is taken is not ours to say.
    func check(_ addresses: [IPAddress], of host: String) throws(HTTPClientError) {
        if let bad = addresses.first(where: { !allows($0) }) {
            throw .refusedAddress(host: host, kind: bad.kind)
        }
    }

    /// Refuses a URL that can be seen to lead where nobody is called; a name is known when it is resolved.
    package func check(_ url: OutboundURL) throws(HTTPClientError) {
        if let address = url.address { try check([address], of: url.host) }
        let isLocalName = url.host == "localhost" || url.host.hasSuffix(".localhost")
        if isLocalName, !allowsPrivate { throw .refusedAddress(host: url.host, kind: .loopback) }
    }
}
