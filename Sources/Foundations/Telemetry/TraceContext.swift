internal import Synchronization

/// The place of a request in a distributed trace (W3C Trace Context, level 1).
package struct TraceContext: Hashable, Sendable {
    package let traceHigh: UInt64, traceLow: UInt64
    /// This server's part of the trace.
    package let span: UInt64
    /// The caller's part; `nil` when the trace begins here.
    package let parent: UInt64?
    package let isSampled: Bool

    /// Continues the trace of a valid `traceparent` header, or begins one.
    package init(continuing header: String?, ids: TraceIDSource) {
        span = ids.next()
        guard let header, let incoming = Incoming(header) else {
            (traceHigh, traceLow, parent, isSampled) = (ids.next(), ids.next(), nil, false)
            return
        }
        (traceHigh, traceLow) = (incoming.traceHigh, incoming.traceLow)
        (parent, isSampled) = (incoming.parent, incoming.isSampled)
    }

    /// The header for calls that go out from here.
    package var traceparent: String {
        var text = Array("00-".utf8)
        text.appendHex(traceHigh)
        text.appendHex(traceLow)
        text.append(UInt8(ascii: "-"))
        text.appendHex(span)
        text.append(contentsOf: (isSampled ? "-01" : "-00").utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// The trace's 32 hexadecimal digits.
    package var traceID: String {
        String(unsafeUninitializedCapacity: 32) { text in
            for place in 0..<16 {
                let shift = UInt64(60 - 4 * place)
                text[place] = hexDigit(traceHigh >> shift)
                text[place + 16] = hexDigit(traceLow >> shift)
            }
            return 32
        }
    }

    /// The caller's `X-Request-Id` when it is sane, else the trace's number.
    package func requestID(incoming: String?) -> String {
        if let incoming, Self.isSaneRequestID(incoming) { incoming } else { traceID }
    }

    /// `[A-Za-z0-9._-]`, 1 to 128 of them: fit to be logged and sent back.
    package static func isSaneRequestID(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...128).contains(bytes.count)
            && bytes.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// Numbers for traces and their parts: never zero and hardly ever twice, but guessable, so no secrets.
package final class TraceIDSource: Sendable {
    private let state: Atomic<UInt64>

    /// A fixed `seed` gives the same numbers again; without one they start at random.
    package init(seed: UInt64? = nil) { state = Atomic(seed ?? .random(in: .min ... .max)) }

    /// SplitMix64 (G. Steele and others, 2014): a counter, well stirred.
    package func next() -> UInt64 {
        while true {
            var value = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            value ^= value >> 31
            if value != 0 { return value }
        }
    }
}

/// A valid `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>` in lower case, no part all zero. A later
/// version may have more behind another hyphen; version ff is none.
private struct Incoming {
    var traceHigh: UInt64 = 0, traceLow: UInt64 = 0, parent: UInt64 = 0, isSampled = false

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes.count <= 512, let version = Self.number(bytes[0..<2]), version != 0xFF,
            version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == UInt8(ascii: "-"),
            [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high | low != 0,
            let parent = Self.number(bytes[36..<52]), parent != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        (traceHigh, traceLow, self.parent, isSampled) = (high, low, parent, flags & 1 == 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}

/// The digit of the lowest four bits.
private func hexDigit(_ value: UInt64) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: value & 15)
    return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
}

extension [UInt8] {
    fileprivate mutating func appendHex(_ value: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) { append(hexDigit(value >> UInt64(shift))) }
    }
}
