import Cryptography
import Testing

@Suite struct `Signing keys` {
    /// RFC 8032 §7.1, test 2: the seed in PKCS #8 is its 16 bytes of framing and then the seed.
    @Test func `sign as RFC 8032 has it`() throws {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
        let framed = try #require(Hex.decode("302e020100300506032b657004220420" + seed))
        let pem = "-----BEGIN PRIVATE KEY-----\n\(Base64.encode(framed))\n-----END PRIVATE KEY-----\n"
        let key = try SigningKey(pem: pem)
        #expect(key.kind == .ed25519)
        #expect(
            key.rawPublicKey.map { Hex.encode($0) }
                == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(
            Hex.encode(key.sign([0x72]))
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.pem == pem)
    }

    @Test(arguments: [SigningKey.Kind.rsa, .ed25519])
    func `are the same after writing and reading`(kind: SigningKey.Kind) throws {
        let key = SigningKey(generating: kind), again = try SigningKey(pem: key.pem)
        let message = Array("a message".utf8)
        #expect(again.kind == kind)
        #expect(again.publicKeyDER == key.publicKeyDER)
        #expect(again.sign(message) == key.sign(message))
        #expect(key.sign(message).count == (kind == .rsa ? 256 : 64))
        #expect(key.sign(message) != key.sign(Array("another".utf8)))
        #expect(SigningKey(generating: kind).publicKeyDER != key.publicKeyDER)
    }

    @Test func `that are none, or cannot be used, are refused`() {
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "secret"] {
            #expect(throws: SigningKeyError.malformed) { try SigningKey(pem: text) }
        }
        // An elliptic curve's key, P-256.
        let curve = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
            OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
            1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
            -----END PRIVATE KEY-----
            """
        #expect(throws: SigningKeyError.unsupported) { try SigningKey(pem: curve) }
    }
}
