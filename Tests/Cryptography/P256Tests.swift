import Cryptography
import Testing

/// A signature that another program made.
@Suite struct P256Tests {
    private static let key =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEDjZeWJxsNgI2m8QQ8jB33DXcUzPhPaS3ryyTqR6bQ+fTaO1G5QYS5aqP3MkvTyxnDp/8J49fsyVb2qXpbI4vbg=="
    private static let signature =
        "MEUCIQDlwVCQ4cEzVNQiFKghk7iZ5hWZaiij8KNxirGBVT/6LgIgGZJKqHbAWnEDqfv9UYb0CxYfpevQ+Lu8thQK8h7/uxU="
    private static let message = """
        1767225600[{"email":"ann@example.com","timestamp":1767225600,"smtp-id":"<1@bureau.test>",\
        "event":"bounce","type":"bounce","status":"5.1.1","reason":"550 no such user","sg_event_id":"ev1",\
        "sg_message_id":"m1.filter","tenant":"t1"}]\r\n
        """

    @Test func `a signature is that of its key over its bytes, and of nothing else`() throws {
        let key = try #require(Base64.decode(Self.key).flatMap { P256PublicKey(der: $0) })
        let signature = try #require(Base64.decode(Self.signature))
        let message = Array(Self.message.utf8)
        #expect(key.isSignature(signature, of: message))
        #expect(!key.isSignature(signature, of: message.dropLast(2)))
        #expect(!key.isSignature(signature, of: []))
        for place in [0, 10, signature.count - 1] {
            var altered = signature
            altered[place] ^= 1
            #expect(!key.isSignature(altered, of: message), "altered at \(place)")
        }
        for wrong in [[], [0], Array(signature.dropLast()), signature + [0]] {
            #expect(!key.isSignature(wrong, of: message))
        }
        #expect(key.isSignature(signature, of: message), "failures leave nothing behind")
    }

    @Test func `a key of another curve or kind, or with something after it, is none`() throws {
        let der = try #require(Base64.decode(Self.key))
        #expect(P256PublicKey(der: Array(der.dropLast())) == nil && P256PublicKey(der: der + [0]) == nil)
        #expect(P256PublicKey(der: []) == nil)
        #expect(P256PublicKey(der: SigningKey(generating: .ed25519).publicKeyDER) == nil)
        #expect(P256PublicKey(der: SigningKey(generating: .rsa).publicKeyDER) == nil)
        var offCurve = der
        offCurve[40] ^= 1
        #expect(P256PublicKey(der: offCurve) == nil)
        // secp256k1
        let other =
            "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEeb5mfvncu6xVoGKVzocLBwKb/NstzijZWfKBWxb4F5hIOtp3JqPEZV2k+/wOEQio/Re0SKaFVBmcR9CP+xDUuA=="
        #expect(P256PublicKey(der: try #require(Base64.decode(other))) == nil)
    }
}
