import Cryptography
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `SHA-256 gives FIPS 180's answers`(text: String, digest: String) {
        #expect(
            Hex.encode(SHA256.hash(text)) == digest && Hex.encode(SHA256.hash(Array(text.utf8))) == digest)
        let pieces = SHA256()
        for piece in stride(from: 0, to: text.utf8.count, by: 7777) {
            pieces.update(Array(text.utf8.dropFirst(piece).prefix(7777)))
        }
        #expect(Hex.encode(pieces.finish()) == digest)
    }

    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), Hex.encode("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Hex.encode("Jefe".utf8), Hex.encode("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819", String(repeating: "cd", count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            String(repeating: "aa", count: 131),
            Hex.encode("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            String(repeating: "aa", count: 131),
            Hex.encode(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
                    .utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `HMAC gives RFC 4231's answers`(key: String, message: String, code: String) throws {
        let (key, message) = try (#require(Hex.decode(key)), #require(Hex.decode(message)))
        #expect(Hex.encode(HMAC.sha256(key: key, message)) == code)
        let prepared = HMACKey(key)
        for _ in 0..<2 { #expect(Hex.encode(prepared.code(of: message)) == code) }
    }

    @Test func `secrets are compared byte by byte`() {
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]) && constantTimeEqual([UInt8](), []))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]) && !constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(constantTimeEqual("abc", "abc") && !constantTimeEqual("abc", "abd"))
        // Equal for people and for ==, but other bytes.
        #expect(!constantTimeEqual("\u{E9}", "e\u{301}"))
    }
}
