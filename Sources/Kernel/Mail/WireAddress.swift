internal import CGMime
package import Records

extension Mailbox {
    /// The address as SMTP and headers have it: a host name of other letters in its ASCII form, which every
    /// server takes.
    package var wireAddress: String { address.wire }
    /// Whether only a server that speaks SMTPUTF8 (RFC 6531) can take the address: there is no ASCII form of
    /// what stands before the `@`.
    package var needsSMTPUTF8: Bool { address.needsSMTPUTF8 }
}

extension EmailAddress {
    /// The address as SMTP and headers have it: `jane@xn--bcher-kva.example`.
    package var wire: String { "\(local)@\(Punycode.host(domain))" }
    /// Whether only a server that speaks SMTPUTF8 (RFC 6531) can take it.
    package var needsSMTPUTF8: Bool { !local.utf8.allSatisfy { $0 < 0x80 } }
}

/// Host names of other letters in ASCII (RFC 3492, as RFC 5891 uses it).
enum Punycode {
    /// `bücher.example` → `xn--bcher-kva.example`. The name is in lower case already.
    static func host(_ name: String) -> String {
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return name }
        let labels = composed(name).split(separator: ".", omittingEmptySubsequences: false)
        return labels.map { label in
            label.utf8.allSatisfy { $0 < 0x80 } ? String(label) : "xn--" + encode(label)
        }.joined(separator: ".")
    }

    /// An umlaut typed as a letter and an accent is the same name (NFC).
    private static func composed(_ text: String) -> String {
        guard let normal = unsafe g_utf8_normalize(text, -1, G_NORMALIZE_NFC) else { return text }
        defer { unsafe g_free(normal) }
        return unsafe String(cString: normal)
    }

    private static let base = 36, tMin = 1, tMax = 26, skew = 38, damp = 700

    static func encode(_ label: Substring) -> String {
        let scalars = label.unicodeScalars.map { Int($0.value) }
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basicCount = output.count
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var n = 0x80, delta = 0, bias = 72, handled = basicCount
        while handled < scalars.count {
            let next = scalars.filter { $0 >= n }.min()!
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if scalar < n { delta += 1 }
                guard scalar == n else { continue }
                var rest = delta
                for k in stride(from: base, through: .max, by: base) {
                    let threshold = min(max(k - bias, tMin), tMax)
                    if rest < threshold { break }
                    output.append(digit(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                }
                output.append(digit(rest))
                bias = adapted(delta, handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digit(_ value: Int) -> UInt8 {
        value < 26 ? UInt8(ascii: "a") + UInt8(value) : UInt8(ascii: "0") + UInt8(value - 26)
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2, k = 0
        delta += delta / count
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }
}
