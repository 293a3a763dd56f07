internal import Cryptography
internal import JSON
internal import Mail
internal import Messages
internal import Synchronization
internal import Telemetry

/// Keys seen lately, and what each came with; a bounded number of them.
final class RecentKeys: Sendable {
    private static let generationMax = 10_000

    private struct State {
        var young: [String: String] = [:]
        var old: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// Returns the value that the key came with first; for a new key that is `value`, which it stores.
    func note(_ key: String, with value: String) -> String {
        state.withLock { state in
            if let known = state.young[key] ?? state.old[key] { return known }
            if state.young.count >= Self.generationMax {
                state.old = state.young
                state.young = [:]
            }
            state.young[key] = value
            return value
        }
    }

    func contains(_ key: String) -> Bool {
        state.withLock { $0.young[key] != nil || $0.old[key] != nil }
    }
}

/// A key of a receipt: as the service has it, unless that is too long to be looked up by.
func hookKey(_ parts: String?...) -> String {
    let key = parts.map { $0 ?? "" }.joined(separator: ":")
    return key.utf8.count <= 256 ? key : Hex.encode(SHA256.hash(key))
}

/// Returns the type that a receipt gives itself, cut to 100 characters; `unknown` where it gives none.
func hookType(_ type: String?) -> String {
    type.flatMap { $0.isEmpty ? nil : String($0.prefix(100)) } ?? "unknown"
}

extension JSON {
    /// An RFC 3339 text, or seconds since 1970 as number or text.
    var moment: Instant? {
        if let text, let instant = Instant(text) { return instant }
        guard let seconds = double ?? text.flatMap({ Double($0) }), seconds.isFinite,
            abs(seconds) < 1e11
        else { return nil }
        return Instant(microseconds: Int64((seconds * 1_000_000).rounded()))
    }

    /// A text that says something.
    var words: String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    /// A text, or a number as one.
    var label: String? { words ?? int.map { String($0) } }
}

extension DeliveryEvent.Kind {
    /// Returns the meaning of a failure that a service calls final: a bounce, hard or soft.
    static func bounce(status: String? = nil, _ words: String?...) -> DeliveryEvent.Kind {
        let all = words.compactMap { $0 }.joined(separator: " ")
        return MailReport.Kind.finalFailure(status: status, all) == .hardBounce ? .bounced : .softBounced
    }
}

/// Returns the distance of a moment in seconds from another, either way; `nil` for what is no moment of any
/// calendar.
func age(of seconds: Int64, _ now: Instant) -> Duration? {
    guard seconds.magnitude < 1_000_000_000_000 else { return nil }
    let age = now - Instant(seconds: seconds)
    return age < .zero ? .zero - age : age
}
