internal import COpenSSL

/// A public key of the curve P-256, for signatures of ECDSA with SHA-256 (FIPS 186-5).
@safe package final class P256PublicKey: @unchecked Sendable {
    // Never changed after init; OpenSSL's keys may be used by several threads at once.
    private let key: OpaquePointer

    /// Reads SubjectPublicKeyInfo in DER (RFC 5480); `nil` for anything else, a key of another curve included.
    package init?(der: [UInt8]) {
        guard der.count <= 1024 else { return nil }
        let read = unsafe der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var place = bytes.baseAddress
            guard let read = unsafe d2i_PUBKEY(nil, &place, bytes.count) else { return nil }
            // Nothing may follow the key.
            guard unsafe place == bytes.baseAddress.map({ unsafe $0 + bytes.count }) else {
                unsafe EVP_PKEY_free(read)
                return nil
            }
            return unsafe read
        }
        guard let read = unsafe read else {
            ERR_clear_error()
            return nil
        }
        guard unsafe Self.isP256(read) else {
            unsafe EVP_PKEY_free(read)
            return nil
        }
        unsafe key = read
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Returns whether it is this key's signature, in DER, over the bytes.
    package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        let context = unsafe EVP_MD_CTX_new()
        defer {
            unsafe EVP_MD_CTX_free(context)
            // A malformed signature leaves its reasons on the thread.
            ERR_clear_error()
        }
        guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func isP256(_ key: OpaquePointer) -> Bool {
        guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_EC else { return false }
        var name = [CChar](repeating: 0, count: 64), count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return false }
        return name.prefix(count).elementsEqual("prime256v1".utf8.map { CChar($0) })
    }
}
