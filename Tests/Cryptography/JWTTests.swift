import Cryptography
import JSON
import Telemetry
import Testing

@Suite struct JWTTests {
    private let now = Instant("2026-11-20T06:15:29.123Z")!
    private let secret = [UInt8](repeating: 7, count: 32)
    private var ring: JWTKeyRing {
        JWTKeyRing(issuer: "bureau", audience: "api", current: JWTKey(secret: secret, id: "k1")!)
    }
    private let claims: JSONObject = ["sub": "usr_1", "tid": "tnt_1", "role": "owner"]

    /// A token made by hand and signed with the right key.
    private func forged(
        header: String = #"{"alg":"HS256","typ":"JWT","kid":"k1"}"#, payload: String? = nil,
        key: [UInt8]? = nil
    ) -> String {
        let payload = payload ?? full([:])
        let input = Base64.encodeURL(header.utf8) + "." + Base64.encodeURL(payload.utf8)
        return input + "." + Base64.encodeURL(HMAC.sha256(key: key ?? secret, input))
    }

    private func full(_ changes: JSON) -> String {
        let whole: JSON = [
            "sub": "usr_1", "iss": "bureau", "aud": "api", "iat": .integer(now.seconds),
            "exp": .integer(now.seconds + 900),
        ]
        return whole.merging(changes).serialized
    }

    private func isRefused(_ token: String, at time: Instant? = nil) -> Bool {
        do {
            _ = try ring.verify(token, now: time ?? now)
            return false
        } catch { return error == .invalid }
    }

    @Test func `RFC 7515's example has its signature`() throws {
        let key = try #require(
            Base64.decodeURL(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
        let header = Base64.encodeURL("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}".utf8)
        let payload = Base64.encodeURL(
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}".utf8)
        #expect(
            header + "." + payload == "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        )
        #expect(
            Base64.encodeURL(HMAC.sha256(key: key, header + "." + payload))
                == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test func `a token says what was signed, by whom, for whom and how long`() throws {
        let token = ring.sign(claims, now: now)
        let parts = token.split(separator: ".").map(String.init)
        let header = try JSONParser.parse(#require(Base64.decodeURL(parts[0])))
        #expect(header == ["alg": "HS256", "typ": "JWT", "kid": "k1"])
        let read = try ring.verify(token, now: now)
        #expect(
            JSON.object(read) == [
                "sub": "usr_1", "tid": "tnt_1", "role": "owner", "iss": "bureau", "aud": "api",
                "iat": .integer(now.seconds), "exp": .integer(now.seconds + 900),
            ])
        #expect(try JSON.object(ring.verify(forged(), now: now))["sub"] == "usr_1")
    }

    @Test func `what the caller says about issuer and expiry does not count`() throws {
        let token = ring.sign(["iss": "mallory", "aud": "x", "exp": 99_999_999_999, "iat": 0], now: now)
        #expect(try ring.verify(token, now: now)["exp"] == .integer(now.seconds + 900))
    }

    @Test(arguments: [
        #"{"alg":"none","typ":"JWT","kid":"k1"}"#, #"{"alg":"None","typ":"JWT","kid":"k1"}"#,
        #"{"alg":"NONE","typ":"JWT","kid":"k1"}"#, #"{"alg":"hs256","typ":"JWT","kid":"k1"}"#,
        #"{"alg":"HS384","typ":"JWT","kid":"k1"}"#, #"{"alg":"HS512","typ":"JWT","kid":"k1"}"#,
        #"{"alg":"RS256","typ":"JWT","kid":"k1"}"#, #"{"alg":"ES256","typ":"JWT","kid":"k1"}"#,
        #"{"alg":["HS256"],"typ":"JWT","kid":"k1"}"#, #"{"typ":"JWT","kid":"k1"}"#,
        #"{"alg":"HS256","typ":"JWT"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":""}"#, #"{"alg":"HS256","typ":"JWT","kid":"k2"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"k1' OR '1'='1"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"k1\u0000"}"#, #"{"alg":"HS256","typ":"JWT","kid":["k1"]}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"k1","crit":["exp"]}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"k1","jku":"https://x"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"k1","jwk":{"kty":"oct","k":"AA"}}"#,
        #"{"alg":"HS256","alg":"none","typ":"JWT","kid":"k1"}"#, "{}", "", "null", "[]",
    ])
    func `another header is refused, even under a right signature and under none`(header: String) {
        let token = forged(header: header)
        #expect(isRefused(token))
        #expect(isRefused(String(token[...token.lastIndex(of: ".")!])))
    }

    @Test func `a header swapped, a payload changed or a signature stripped is refused`() throws {
        let token = ring.sign(claims, now: now)
        let parts = token.split(separator: ".").map(String.init)
        let none = Base64.encodeURL(#"{"alg":"none","typ":"JWT"}"#.utf8)
        let other = Base64.encodeURL(full(["sub": "usr_2"]).utf8)
        let raised = Base64.encodeURL(full(["exp": 9_999_999_999]).utf8)
        for forgery in [
            "\(none).\(parts[1]).", "\(none).\(parts[1])", "\(none).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(other).\(parts[2])",
            "\(parts[0]).\(raised).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
            "\(parts[0])..\(parts[2])",
            "..", "...", ".", "", "x.y.z", "\(token).", ".\(token)", "\(token).\(parts[2])", " \(token)",
            "\(token) ", "\(token)\n",
            "\(token)=", "\(parts[1]).\(parts[0]).\(parts[2])", "\(parts[0]).\(parts[2]).\(parts[1])",
            "\(parts[0]).\(parts[1]).\(parts[2].prefix(22))", "\(parts[0]).\(parts[1]).\(parts[2])AAAA",
            "bk_" + String(repeating: "0", count: 40),
            String(repeating: "A", count: 7000), String(repeating: ".", count: 9000),
            String(repeating: "A", count: 1_000_000), "é.é.é",
        ] { #expect(isRefused(forgery), "\(forgery.prefix(200))") }
        #expect(!isRefused(token))
    }

    @Test func `no single character can be changed`() {
        let token = Array(ring.sign(claims, now: now).utf8)
        for place in token.indices {
            for character in "AB-_.=a0".utf8 where character != token[place] {
                var changed = token
                changed[place] = character
                #expect(isRefused(String(decoding: changed, as: UTF8.self)), "\(place)")
            }
        }
    }

    @Test func `a stranger's key does not verify, under no name`() {
        #expect(isRefused(forged(key: [UInt8](repeating: 8, count: 32))))
        #expect(isRefused(forged(key: [])) && isRefused(forged(key: Array("k1".utf8))))
    }

    @Test func `a token is too long at 8 KiB, even a right one`() {
        func padded(_ count: Int) -> String {
            forged(payload: full(["pad": .string(String(repeating: "x", count: count))]))
        }
        #expect(!isRefused(padded(5900)) && padded(5900).utf8.count < JWTKeyRing.tokenSizeMax)
        #expect(isRefused(padded(6200)) && padded(6200).utf8.count > JWTKeyRing.tokenSizeMax)
    }

    @Test(
        arguments: [
            ["exp": nil], ["exp": "1795156229"], ["exp": 1_795_156_229.5], ["exp": true], ["exp": -1],
            ["exp": .integer(.max)],
            ["exp": 1_795_155_329], ["exp": 0], ["iat": nil], ["iat": "0"], ["iat": .integer(.min)],
            ["iat": 1_795_155_340],
            ["nbf": 1_795_155_340], ["nbf": "x"], ["nbf": .integer(.max)], ["iss": "other"], ["iss": nil],
            ["iss": ["bureau"]],
            ["aud": "other"], ["aud": nil], ["aud": ["api", "x"]], ["aud": "API"],
        ] as [JSON])
    func `claims that are missing, odd or for others are refused`(change: JSON) {
        #expect(isRefused(forged(payload: full(change))), "\(change.serialized)")
    }

    @Test(arguments: [
        "", "null", "[]", "\"x\"", "{", #"{"exp":1795156229,"exp":1795156229}"#, "{\"a\":\u{0}}",
    ])
    func `a payload that is no object is refused`(payload: String) {
        #expect(isRefused(forged(payload: payload)))
    }

    @Test func `a claim that stands twice is refused`() {
        let payload = full([:])
        #expect(!isRefused(forged(payload: payload)))
        #expect(isRefused(forged(payload: payload.dropLast() + #","sub":"usr_2"}"#)))
    }

    @Test func `a token lives from its birth to its end and a few seconds around`() {
        let token = ring.sign(claims, now: now)
        for (offset, isAlive) in [
            (-6, false), (-5, true), (0, true), (899, true), (904, true), (905, false), (1_000_000, false),
        ] {
            #expect(isRefused(token, at: now + .seconds(offset)) != isAlive, "\(offset)")
        }
        #expect(!isRefused(forged(payload: full(["nbf": .integer(now.seconds)]))))
    }

    @Test func `an older key verifies and no longer signs; a removed one does neither`() throws {
        let (old, new) = (JWTKey(secret: secret, id: "k1")!, JWTKey(secret: SystemRandom.bytes(32))!)
        let before = ring.sign(claims, now: now)
        let rotated = JWTKeyRing(issuer: "bureau", audience: "api", current: new, older: [old])
        let after = rotated.sign(claims, now: now)
        #expect(throws: Never.self) { try rotated.verify(before, now: now) }
        #expect(throws: Never.self) { try rotated.verify(after, now: now) }
        #expect(isRefused(after))
        let removed = JWTKeyRing(issuer: "bureau", audience: "api", current: new)
        #expect(throws: JWTError.invalid) { try removed.verify(before, now: now) }
        // The old key under the new one's name.
        let header = #"{"alg":"HS256","typ":"JWT","kid":"\#(new.id)"}"#
        #expect(throws: JWTError.invalid) { try rotated.verify(forged(header: header), now: now) }
    }

    @Test func `a key is long enough and plainly named`() {
        #expect(JWTKey(secret: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(
            JWTKey(secret: secret)?.id == JWTKey(secret: secret)?.id
                && JWTKey(secret: secret)?.id.utf8.count == 12)
        for id in ["", "a b", "a\"", "ä", String(repeating: "a", count: 65)] {
            #expect(JWTKey(secret: secret, id: id) == nil)
        }
    }
}
