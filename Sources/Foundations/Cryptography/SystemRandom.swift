internal import Glibc

/// The kernel's random numbers: fit for keys, tokens, salts and nonces.
package enum SystemRandom {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = min(count - filled, 256)
                // It fails only where the kernel has no such call: then nothing here would be safe.
                precondition(unsafe getentropy(buffer.baseAddress! + filled, part) == 0, "no random numbers")
                filled += part
            }
        }
    }

    package static func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

/// Secrets people and programs carry: API keys, refresh tokens, invitations.
package enum RandomToken {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `prefix` and `characters` random ones of `[0-9A-Za-z]`, 5.95 bits each: 40 hold 238 bits.
    package static func make(prefix: StaticString = "", characters: Int = 40) -> String {
        var text = Array(prefix.description.utf8)
        let end = text.count + characters
        text.reserveCapacity(end)
        while text.count < end {
            // 248 is the last multiple of 62 in a byte: above it some characters would be likelier.
            for byte in SystemRandom.bytes(end - text.count + 8) where byte < 248 && text.count < end {
                text.append(alphabet[Int(byte % 62)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
