internal import COpenSSL

/// MD5 (RFC 1321), by which some services name what they keep. It proves nothing.
package enum MD5 {
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 16), count: UInt32 = 0
        // It fails only without memory.
        precondition(
            unsafe EVP_Digest(bytes, bytes.count, &digest, &count, EVP_md5(), nil) == 1 && count == 16)
        return digest
    }
}
