internal import COpenSSL

/// SHA-256 (FIPS 180-4): 32 bytes. `SHA256.hash` for what is in memory, an instance for what comes
/// in pieces. An instance is used by one thread at a time and finished once.
package final class SHA256 {
    private var state = SHA256_CTX()

    package init() { unsafe bureau_sha256_begin(&state) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe bureau_sha256_add(&state, bytes.baseAddress, bytes.count)
    }

    package func update(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe update($0) } }

    /// The digest of all that was added.
    package func finish() -> [UInt8] { digest(&state) }

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var state = SHA256_CTX()
        unsafe bureau_sha256_begin(&state)
        unsafe bureau_sha256_add(&state, bytes.baseAddress, bytes.count)
        return digest(&state)
    }

    package static func hash(_ bytes: [UInt8]) -> [UInt8] { unsafe bytes.withUnsafeBytes { unsafe hash($0) } }

    /// The first half of the digest, without an allocation: for tables that are looked up by what must not be kept.
    package static func prefix(_ bytes: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64) {
        var state = SHA256_CTX()
        unsafe bureau_sha256_begin(&state)
        unsafe bureau_sha256_add(&state, bytes.baseAddress, bytes.count)
        return unsafe withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            unsafe bureau_sha256_end(&state, digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
            return unsafe (digest.load(as: UInt64.self), digest.load(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// The digest of the text's UTF-8.
    package static func hash(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0)) }
    }
}

private func digest(_ state: inout SHA256_CTX) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
        unsafe bureau_sha256_end(&state, buffer.baseAddress)
        count = 32
    }
}

/// HMAC (RFC 2104) with SHA-256.
package enum HMAC {
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] { HMACKey(key).code(of: message) }

    /// The code of the text's UTF-8.
    package static func sha256(key: [UInt8], _ message: String) -> [UInt8] {
        HMACKey(key).code(of: Array(message.utf8))
    }

    /// Returns the code by SHA-1, with which some services still sign: for what they send, and nothing of
    /// ours.
    package static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        func hash(_ bytes: [UInt8]) -> [UInt8] {
            unsafe [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
                unsafe SHA1(bytes, bytes.count, buffer.baseAddress)
                count = 20
            }
        }
        var block = key.count > 64 ? hash(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        return hash(block.map { $0 ^ 0x5C } + hash(block.map { $0 ^ 0x36 } + message))
    }
}

/// An HMAC-SHA-256 key made ready once: a short message then costs two blocks less.
package final class HMACKey: Sendable {
    private let inner: SHA256_CTX, outer: SHA256_CTX

    package init(_ key: [UInt8]) {
        var block = key.count > 64 ? SHA256.hash(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        func begun(with mask: UInt8) -> SHA256_CTX {
            var state = SHA256_CTX()
            unsafe bureau_sha256_begin(&state)
            unsafe bureau_sha256_add(&state, block.map { $0 ^ mask }, 64)
            return state
        }
        (inner, outer) = (begun(with: 0x36), begun(with: 0x5C))
    }

    package func code(of message: [UInt8]) -> [UInt8] { code(of: message[...]) }

    func code(of message: ArraySlice<UInt8>) -> [UInt8] {
        var state = inner
        unsafe message.withUnsafeBytes { unsafe bureau_sha256_add(&state, $0.baseAddress, $0.count) }
        let first = digest(&state)
        state = outer
        unsafe bureau_sha256_add(&state, first, 32)
        return digest(&state)
    }
}

/// Returns whether two secrets are equal, in a time that depends on their lengths only.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
}

/// Returns whether two secret texts are equal byte by byte, in a time that depends on their lengths only.
package func constantTimeEqual(_ a: String, _ b: String) -> Bool {
    constantTimeEqual(Array(a.utf8), Array(b.utf8))
}
