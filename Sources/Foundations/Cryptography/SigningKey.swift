internal import COpenSSL

/// The reason why a private key cannot be used.
package enum SigningKeyError: Error, Equatable {
    /// No PEM of a private key, or one that is sealed with a passphrase.
    case malformed
    /// A key of another kind, or RSA of other than 1024 to 4096 bits.
    case unsupported
}

/// A private key that signs, and the public one that goes with it.
@safe package final class SigningKey: @unchecked Sendable {
    package enum Kind: Sendable { case rsa, ed25519 }

    package let kind: Kind
    // Never changed after init; OpenSSL's keys may be used by several threads at once.
    private let key: OpaquePointer

    /// A new one; RSA with 2048 bits.
    package init(generating kind: Kind) {
        let made = unsafe kind == .rsa ? bureau_rsa_generate(2048) : bureau_ed25519_generate()
        // It fails only without memory or random numbers.
        precondition(unsafe made != nil, "OpenSSL makes no key")
        self.kind = kind
        unsafe key = made!
    }

    /// Reads PKCS #8 or PKCS #1 (`BEGIN PRIVATE KEY`, `BEGIN RSA PRIVATE KEY`).
    package init(pem: String) throws(SigningKeyError) {
        let text = Array(pem.utf8)
        guard text.count <= 64 * 1024, let read = unsafe Self.read(text) else { throw .malformed }
        switch unsafe EVP_PKEY_get_base_id(read) {
        case EVP_PKEY_ED25519: kind = .ed25519
        case EVP_PKEY_RSA where unsafe (1024...4096).contains(EVP_PKEY_get_bits(read)): kind = .rsa
        default:
            unsafe EVP_PKEY_free(read)
            throw .unsupported
        }
        unsafe key = read
    }

    private static func read(_ pem: [UInt8]) -> OpaquePointer? {
        // It reads where the bytes lie: they must not move, nor go, before it has ended.
        let key = unsafe pem.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe bureau_read_private_key(bio)
        }
        if unsafe key == nil { ERR_clear_error() }
        return unsafe key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// PKCS #8, unsealed: it is for an envelope, not for a disk.
    package var pem: String {
        let bytes = unsafe written { bio in
            unsafe PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// SubjectPublicKeyInfo in DER (RFC 5280), for either kind.
    package var publicKeyDER: [UInt8] { unsafe written { bio in unsafe i2d_PUBKEY_bio(bio, key) } }

    /// The 32 bytes of an Ed25519 key (RFC 8032); `nil` for RSA, which has no such form.
    package var rawPublicKey: [UInt8]? {
        guard kind == .ed25519 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32), count = 32
        precondition(unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 && count == 32)
        return bytes
    }

    /// RSA: PKCS #1 v1.5 over SHA-256 of the bytes. Ed25519: over the bytes themselves. Both are deterministic.
    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var count = 0
        let digest = unsafe kind == .rsa ? EVP_sha256() : nil
        // With a key that was read or made whole these calls fail only without memory.
        precondition(unsafe EVP_DigestSignInit(context, nil, digest, nil, key) == 1, "OpenSSL does not sign")
        precondition(unsafe EVP_DigestSign(context, nil, &count, bytes, bytes.count) == 1)
        var signature = [UInt8](repeating: 0, count: count)
        precondition(unsafe EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1)
        return Array(signature.prefix(count))
    }

    private func written(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
        let bio = unsafe BIO_new(BIO_s_mem())
        defer { unsafe BIO_free(bio) }
        precondition(unsafe write(bio) == 1, "OpenSSL does not write a key")
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe bureau_bio_bytes(bio, &start)
        return unsafe start.map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
    }
}
