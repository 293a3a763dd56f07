internal import COpenSSL

/// The reason why a sealed value does not open, or why a value cannot be sealed.
package enum EnvelopeError: Error, Equatable {
    /// It was sealed with a key that is not here.
    case unknownKey
    /// It was altered, cut, or sealed for another context.
    case notAuthentic
    /// More than 1 GiB.
    case tooLong
    /// The key is not the base 64 of 32 bytes.
    case malformedKey
}

/// A 256-bit key for AES-GCM (NIST SP 800-38D). What it seals reads: a version byte, four bytes that
/// name the key, twelve of a random nonce, the ciphertext, a tag of sixteen. With random nonces one
/// key is good for 2³² messages: hence a key per tenant.
package final class SealingKey: Sendable {
    /// A name made from the key's digest.
    package let id: UInt32
    private let bytes: [UInt8]

    fileprivate static let version: UInt8 = 1
    fileprivate static let headerCount = 5, nonceCount = 12, tagCount = 16
    private static let sizeMax = 1 << 30

    /// The kind of a sealed thing: a data key cannot be passed off as a value, nor a value as a key.
    fileprivate enum Kind: UInt8 { case value, dataKey }

    /// A new random key.
    package convenience init() { self.init(bytes: SystemRandom.bytes(32))! }

    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes.map { $0 }  // a copy, since deinit erases it
        id = SHA256.hash(Array("sealing key id".utf8) + bytes).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    deinit {
        unsafe bytes.withUnsafeBytes {
            unsafe OPENSSL_cleanse(UnsafeMutableRawPointer(mutating: $0.baseAddress), 32)
        }
    }

    /// Derives from this key another one for message authentication codes, which serves one purpose only.
    package func derivedKey(for purpose: String) -> HMACKey {
        HMACKey(HMAC.sha256(key: bytes, "derived key: \(purpose)"))
    }

    /// The number of bytes by which a sealed value is longer than the plain one.
    package static let overhead = headerCount + nonceCount + tagCount

    /// `context` (the tenant, table and column, say) is not in the result, but opening needs the same.
    package func seal(_ plaintext: [UInt8], context: String) throws(EnvelopeError) -> [UInt8] {
        try seal(plaintext, .value, context)
    }

    package func open(_ sealed: [UInt8], context: String) throws(EnvelopeError) -> [UInt8] {
        try open(sealed, .value, context)
    }

    /// The number of the key that sealed it; `nil` when it is nothing sealed.
    package static func keyID(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count >= overhead, sealed[0] == version else { return nil }
        return sealed[1..<headerCount].reduce(0) { $0 << 8 | UInt32($1) }
    }

    fileprivate func seal(
        _ plaintext: [UInt8], _ kind: Kind, _ context: String
    ) throws(EnvelopeError)
        -> [UInt8]
    {
        // Its end erases the bytes that the cipher reads.
        defer { withExtendedLifetime(self) {} }
        guard plaintext.count <= Self.sizeMax else { throw .tooLong }
        let header = header
        let nonce = SystemRandom.bytes(Self.nonceCount)
        return header + nonce + aes.seal(plaintext, nonce: nonce, data: associated(header, kind, context))
    }

    fileprivate func open(_ sealed: [UInt8], _ kind: Kind, _ context: String) throws(EnvelopeError) -> [UInt8]
    {
        defer { withExtendedLifetime(self) {} }
        guard let sealer = Self.keyID(of: sealed), sealed.count <= Self.sizeMax + Self.overhead else {
            throw .notAuthentic
        }
        guard sealer == id else { throw .unknownKey }
        let body = Self.headerCount + Self.nonceCount
        let plaintext = aes.open(
            Array(sealed[body...]), nonce: Array(sealed[Self.headerCount..<body]),
            data: associated(header, kind, context))
        guard let plaintext else { throw .notAuthentic }
        return plaintext
    }

    fileprivate var raw: [UInt8] { bytes }
    private var aes: AES256GCM { AES256GCM(key: bytes) }
    private var header: [UInt8] {
        [Self.version]
            + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> UInt32($0)) }
    }

    private func associated(_ header: [UInt8], _ kind: Kind, _ context: String) -> [UInt8] {
        header + [kind.rawValue] + Array(context.utf8)
    }
}

/// The installation's key: it seals nothing but the tenants' data keys. Older ones still unwrap,
/// until every data key is wrapped anew.
package struct MasterKey: Sendable {
    private let current: SealingKey
    private let all: [UInt32: SealingKey]

    package init(_ current: SealingKey, older: [SealingKey] = []) {
        self.current = current
        all = Dictionary([current] + older, uniquingKeysWith: { first, _ in first })
    }

    /// Makes the key from the base 64 of 32 bytes, as an environment variable holds it.
    package init(base64: String, older: [String] = []) throws(EnvelopeError) {
        func key(_ text: String) throws(EnvelopeError) -> SealingKey {
            guard let key = Base64.decode(text).flatMap(SealingKey.init(bytes:)) else { throw .malformedKey }
            return key
        }
        var keys: [SealingKey] = []
        for text in older { keys.append(try key(text)) }
        self.init(try key(base64), older: keys)
    }

    /// The key in its outer form. `context` names its owner, the tenant.
    package func wrap(_ key: SealingKey, context: String) throws(EnvelopeError) -> [UInt8] {
        defer { withExtendedLifetime(key) {} }
        return try current.seal(key.raw, .dataKey, context)
    }

    package func unwrap(_ wrapped: [UInt8], context: String) throws(EnvelopeError) -> SealingKey {
        guard let id = SealingKey.keyID(of: wrapped) else { throw .notAuthentic }
        guard let master = all[id] else { throw .unknownKey }
        guard let key = SealingKey(bytes: try master.open(wrapped, .dataKey, context)) else {
            throw .notAuthentic
        }
        return key
    }

    /// Returns whether an older master key wrapped it: then it is to be wrapped anew.
    package func needsRewrap(_ wrapped: [UInt8]) -> Bool { SealingKey.keyID(of: wrapped) != current.id }
}

extension [UInt32: SealingKey] {
    fileprivate init(_ keys: [SealingKey], uniquingKeysWith choose: (SealingKey, SealingKey) -> SealingKey) {
        self.init(keys.map { ($0.id, $0) }, uniquingKeysWith: choose)
    }
}

/// AES-256-GCM over whole messages with a tag of 16 bytes behind the ciphertext.
struct AES256GCM {
    let key: [UInt8]

    func seal(_ plaintext: [UInt8], nonce: [UInt8], data: [UInt8]) -> [UInt8] {
        let context = unsafe prepared(nonce: nonce, encrypting: true)
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var written: Int32 = 0
        unsafe must(EVP_EncryptUpdate(context, nil, &written, data, Int32(data.count)))
        return unsafe [UInt8](unsafeUninitializedCapacity: plaintext.count + 16) { buffer, count in
            let out = buffer.baseAddress!
            unsafe must(EVP_EncryptUpdate(context, out, &written, plaintext, Int32(plaintext.count)))
            unsafe must(EVP_EncryptFinal_ex(context, out + Int(written), &written))
            unsafe must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, out + plaintext.count))
            count = plaintext.count + 16
        }
    }

    /// `nil` when the tag does not fit; nothing of the plaintext is given out then.
    func open(_ sealed: [UInt8], nonce: [UInt8], data: [UInt8]) -> [UInt8]? {
        let length = sealed.count - 16
        guard length >= 0 else { return nil }
        let context = unsafe prepared(nonce: nonce, encrypting: false)
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var tag = Array(sealed[length...])
        unsafe must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag))
        var written: Int32 = 0
        unsafe must(EVP_DecryptUpdate(context, nil, &written, data, Int32(data.count)))
        // One byte more, so that there is an address even for the empty text.
        var plaintext = [UInt8](repeating: 0, count: length + 1)
        unsafe must(EVP_DecryptUpdate(context, &plaintext, &written, sealed, Int32(length)))
        var last: UInt8 = 0
        guard unsafe EVP_DecryptFinal_ex(context, &last, &written) == 1 else { return nil }
        plaintext.removeLast()
        return plaintext
    }

    private func prepared(nonce: [UInt8], encrypting: Bool) -> OpaquePointer {
        precondition(key.count == 32 && nonce.count == 12)
        let context = unsafe EVP_CIPHER_CTX_new()
        unsafe must(EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypting ? 1 : 0))
        return unsafe context!
    }

    // With sizes as checked above these calls fail only without memory.
    private func must(_ result: Int32) { precondition(result == 1, "OpenSSL refuses AES-GCM") }
}
