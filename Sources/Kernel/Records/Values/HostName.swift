/// The syntax of host names (RFC 1123), with letters beyond ASCII as they are typed.
enum HostName {
    /// In lower case, 253 bytes at most; a last label of digits only is an address, not a name.
    static func isValid(_ host: String) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        let hyphen = UInt8(ascii: "-")
        var length = 0
        var previous: UInt8 = 0
        var isNumeric = true
        for byte in host.utf8 {
            switch byte {
            case UInt8(ascii: "."):
                guard length > 0, previous != hyphen else { return false }
                (length, isNumeric, previous) = (0, true, byte)
                continue
            case 0x61...0x7A, 0x80...: isNumeric = false
            case 0x30...0x39: break
            case hyphen:
                guard length > 0 else { return false }
                isNumeric = false
            default: return false
            }
            length += 1
            guard length <= 63 else { return false }
            previous = byte
        }
        guard length >= 2, previous != hyphen, !isNumeric else { return false }
        return host.utf8.allSatisfy { $0 < 0x80 } || hasOnlyLetters(host)
    }

    /// Letters and digits of any script, and accents after them.
    private static func hasOnlyLetters(_ host: String) -> Bool {
        var isStart = true
        for scalar in host.unicodeScalars {
            defer { isStart = scalar == "." }
            if scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal {
                continue
            }
            guard !isStart, scalar.properties.generalCategory == .nonspacingMark else { return false }
        }
        return true
    }

    static func isIPv4(_ host: String) -> Bool {
        guard let last = host.utf8.last, (0x30...0x39).contains(last) else { return false }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8($0) != nil }
    }
}
