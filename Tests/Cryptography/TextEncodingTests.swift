import Cryptography
import Testing

@Suite struct TextEncodingTests {
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
        ("foob", "Zm9vYg==", "Zm9vYg"),
        ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
        ("~~~???", "fn5+Pz8/", "fn5-Pz8_"),
    ])
    func `base 64 goes both ways`(plain: String, standard: String, url: String) {
        let bytes = Array(plain.utf8)
        #expect(Base64.encode(bytes) == standard && Base64.decode(standard) == bytes)
        #expect(Base64.encodeURL(bytes) == url && Base64.decodeURL(url) == bytes)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zh==", "Zm9=", "Zm8", "Z===", "====", "=", "Zm9v=", "Zm9vYg==Zg==", "Zm 9v", "Zm9v\n",
        "Zm9-", "Zm9_",
        "Zm9é", "Z=g=",
    ])
    func `base 64 has no second spelling`(text: String) { #expect(Base64.decode(text) == nil) }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9v+", "Zm9/", "Zm9v ", "Zm9v.", "ZmZmZ"])
    func `base 64 for addresses has none either`(text: String) { #expect(Base64.decodeURL(text) == nil) }

    @Test func `hexadecimal goes both ways`() {
        #expect(
            Hex.encode([0, 0x1F, 0xAB]) == "001fab" && Hex.decode("001FaB") == [0, 0x1F, 0xAB]
                && Hex.decode("") == [])
        for text in ["0", "0g", "0x", " 0", "00 ", "é0", "+1"] { #expect(Hex.decode(text) == nil) }
    }

    @Test func `every byte survives every encoding`() {
        let bytes = (0...255).map(UInt8.init) + SystemRandom.bytes(1001)
        #expect(
            Base64.decode(Base64.encode(bytes)) == bytes && Base64.decodeURL(Base64.encodeURL(bytes)) == bytes
        )
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test func `random bytes and tokens are as long as asked and never the same`() {
        #expect([0, 1, 255, 256, 257, 5000].allSatisfy { SystemRandom.bytes($0).count == $0 })
        #expect(Set((0..<100).map { _ in SystemRandom.bytes(16) }).count == 100)
        let tokens = (0..<500).map { _ in RandomToken.make(prefix: "bk_") }
        for token in tokens {
            #expect(token.hasPrefix("bk_") && token.utf8.count == 43)
            #expect(token.dropFirst(3).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
        #expect(Set(tokens).count == 500)
        // 20,000 characters: each of the 62 is expected 323 times, with a deviation of 18.
        var counts: [Character: Int] = [:]
        for character in tokens.joined() where !"bk_".contains(character) {
            counts[character, default: 0] += 1
        }
        #expect(counts.count == 60 && counts.values.allSatisfy { (200...450).contains($0) })
    }
}
