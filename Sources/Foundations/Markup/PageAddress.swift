/// The address of a page, taken apart by RFC 3986 as browsers do it: `http` or `https`, with its host in lower case, no
/// default port, no `.` and `..` in its path, no fragment, and with percent signs where they have to be.
package struct PageAddress: Hashable, Sendable, CustomStringConvertible {
    package let scheme: String
    /// The host, with the brackets of an IPv6 address. Letters beyond ASCII are as they were.
    package let host: String
    /// `nil` for the scheme's own.
    package let port: Int?
    /// Begins with a slash.
    package let path: String
    package let query: String?

    package static let lengthMax = 4096

    package var isSecure: Bool { scheme == "https" }
    /// Scheme, host and port: to whom `robots.txt` applies.
    package var origin: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }
    /// Path and query, as a request has them.
    package var target: String { path + (query.map { "?\($0)" } ?? "") }
    package var description: String { origin + target }
    package var portNumber: Int { port ?? (isSecure ? 443 : 80) }

    /// An absolute address. `nil` for other schemes, names and passwords, ports that are none, and hosts with
    /// signs that no host has.
    package init?(_ text: String) {
        let text = Self.cleaned(text)
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = text[..<colon].lowercased()
        let rest = text[text.utf8.index(after: colon)...]
        guard scheme == "http" || scheme == "https", rest.hasPrefix("//") else { return nil }
        self.init(scheme: scheme, afterSlashes: rest.dropFirst(2))
    }

    /// An address as a page has it, which stands to `base`. `nil` for one of another scheme.
    package init?(_ reference: String, from base: PageAddress) {
        let text = Self.cleaned(reference)
        if let scheme = Self.scheme(of: text) {
            // "https:page" is what old pages write for "page".
            let rest = text.dropFirst(scheme.utf8.count + 1)
            guard scheme == "http" || scheme == "https", rest.hasPrefix("/") || scheme == base.scheme else {
                return nil
            }
            if rest.hasPrefix("//") {
                self.init(scheme: scheme, afterSlashes: rest.dropFirst(2))
                return
            }
            self.init(relative: rest, from: base)
        } else if text.hasPrefix("//") {
            self.init(scheme: base.scheme, afterSlashes: text.dropFirst(2))
        } else {
            self.init(relative: text[...], from: base)
        }
    }

    private init?(relative text: Substring, from base: PageAddress) {
        let bare = text.prefix { $0 != "#" }
        let (path, query) = Self.split(bare)
        if path.isEmpty {
            self.init(
                scheme: base.scheme, host: base.host, port: base.port, path: base.path,
                query: query.map { Self.encoded($0, in: Self.ofQueries) } ?? (bare.isEmpty ? base.query : nil)
            )
        } else {
            let folder =
                path.hasPrefix("/") ? "" : base.path.prefix(upTo: base.path.lastIndex(of: "/")!) + "/"
            self.init(
                scheme: base.scheme, host: base.host, port: base.port, path: Self.normalized(folder + path),
                query: query.map { Self.encoded($0, in: Self.ofQueries) })
        }
    }

    private init?(scheme: String, afterSlashes text: Substring) {
        let text = text.drop { $0 == "/" }
        let authority = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let (host, port) = Self.split(authority: authority) else {
            return nil
        }
        let (path, query) = Self.split(text[authority.endIndex...].prefix { $0 != "#" })
        self.init(
            scheme: scheme, host: host, port: port == (scheme == "https" ? 443 : 80) ? nil : port,
            path: Self.normalized(String(path)), query: query.map { Self.encoded($0, in: Self.ofQueries) })
    }

    private init?(scheme: String, host: String, port: Int?, path: String, query: String?) {
        (self.scheme, self.host, self.port) = (scheme, host, port)
        (self.path, self.query) = (path, query)
        guard description.utf8.count <= Self.lengthMax else { return nil }
    }

    /// The address with another query; it is taken as it is.
    package func with(query: String?) -> PageAddress {
        PageAddress(scheme: scheme, host: host, port: port, path: path, query: query) ?? self
    }

    package func with(path: String, query: String? = nil) -> PageAddress? {
        PageAddress(scheme: scheme, host: host, port: port, path: Self.normalized(path), query: query)
    }

    // MARK: Parts

    /// Blanks around it and line ends within say nothing; backslashes are slashes, as browsers have it.
    private static func cleaned(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x5C && $0 != 0x7F }
        if plain { return text }
        let bytes = text.utf8.filter { ![9, 10, 13].contains($0) }
        guard let start = bytes.firstIndex(where: { $0 > 0x20 }),
            let end = bytes.lastIndex(where: { $0 > 0x20 })
        else { return "" }
        let tail =
            bytes[start...end].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? end + 1
        let parts = bytes[start..<tail].map { $0 == 0x5C ? 0x2F : $0 } + bytes[tail..<end + 1]
        return String(decoding: parts, as: UTF8.self)
    }

    private static func scheme(of text: String) -> String? {
        let name = text.utf8.prefix {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
        }
        guard let first = name.first, (0x61...0x7A).contains(first | 0x20),
            name.endIndex < text.utf8.endIndex,
            text.utf8[name.endIndex] == UInt8(ascii: ":")
        else { return nil }
        return String(Substring(name)).lowercased()
    }

    private static func split(_ text: Substring) -> (Substring, Substring?) {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (text, nil) }
        return (text[..<mark], text[text.utf8.index(after: mark)...])
    }

    private static func split(authority: Substring) -> (String, Int?)? {
        var host = authority, port: Int?
        if let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")), !authority.hasSuffix("]") {
            let digits = authority[authority.utf8.index(after: colon)...]
            host = authority[..<colon]
            if !digits.isEmpty {
                guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits),
                    number > 0
                else { return nil }
                port = Int(number)
            }
        }
        var name = host.lowercased()
        if name.hasSuffix("."), name.utf8.count > 1 { name.removeLast() }
        let isAddress = name.hasPrefix("[") && name.hasSuffix("]")
        let isSound = name.utf8.allSatisfy {
            $0 >= 0x80 || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-._".utf8.contains($0)
                || isAddress && "[]:".utf8.contains($0)
        }
        guard isSound, !name.isEmpty, name.utf8.count <= 255 else { return nil }
        return (name, port)
    }

    /// Without dots as steps (RFC 3986 §5.2.4), and with what cannot stand in a path written as percent signs.
    private static func normalized(_ path: String) -> String {
        guard !path.isEmpty else { return "/" }
        let encoded = encoded(path[...], in: ofPaths)
        guard hasDotStep(encoded) else {
            return encoded.hasPrefix("/") ? encoded : "/" + encoded
        }
        var steps: [Substring] = []
        let parts = encoded.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { steps.append("") }
            case "..":
                if steps.count > 1 { steps.removeLast() }
                if isLast { steps.append("") }
            default: steps.append(part)
            }
        }
        let joined = steps.joined(separator: "/")
        return joined.hasPrefix("/") ? joined : "/" + joined
    }

    /// Returns whether a step of a path begins with a point.
    private static func hasDotStep(_ path: String) -> Bool {
        var previous = UInt8(ascii: "/")
        for byte in path.utf8 {
            if byte == UInt8(ascii: "."), previous == UInt8(ascii: "/") { return true }
            previous = byte
        }
        return false
    }

    private static let ofPaths = ByteSet("!$&'()*+,;=:@/-._~"), ofQueries = ByteSet("!$&'()*+,;=:@/?-._~[]|")

    /// Percent signs by one rule (RFC 3986 §6.2.2): none for letters that need none, digits of the others in capitals.
    package static func encoded(_ text: Substring, in allowed: ByteSet) -> String {
        if text.utf8.allSatisfy({ isUnreserved($0) || allowed.contains($0) }) { return String(text) }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                let value = high << 4 | low
                if isUnreserved(value) { output.append(value) } else { append(value, to: &output) }
                index += 3
                continue
            }
            if isUnreserved(byte) || allowed.contains(byte) {
                output.append(byte)
            } else {
                append(byte, to: &output)
            }
            index += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func append(_ byte: UInt8, to output: inout [UInt8]) {
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 && byte > 0x40 || (0x30...0x39).contains(byte)
            || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
    }
}

/// A set of ASCII's signs.
package struct ByteSet: Sendable {
    private let bits: (UInt64, UInt64)

    package init(_ signs: String) {
        var bits: (UInt64, UInt64) = (0, 0)
        for byte in signs.utf8 where byte < 0x80 {
            if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
        }
        self.bits = bits
    }

    package func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 64 ? bits.0 >> UInt64(byte) : bits.1 >> UInt64(byte - 64)) & 1 == 1
    }
}

extension MarkupDocument {
    /// The address to which the references of a page stand, where `address` is its own.
    package func base(at address: PageAddress) -> PageAddress {
        guard let node = first(.base), let href = attribute(.href, of: node),
            let base = PageAddress(href, from: address)
        else { return address }
        return base
    }
}
