import Cryptography
import JSON
import Testing

@testable import Integrations

@Suite struct SecretRedactionTests {
    private static let secret = "tok/8c1+f0\"é", words = "s3cret word of ours"
    private static let redaction = SecretRedaction([secret, words, "s3cret!", "abc", "4711"])

    private static let forms = [
        secret, words, Base64.encode(secret.utf8), Base64.encode(words.utf8), Base64.encodeURL(words.utf8),
        // In JSON.
        #"tok\/8c1+f0\"é"#, #"tok/8c1+f0\u0022\u00e9"#, #"\u0074\u006F\u006b\u002f8c1+f0\"\u00E9"#,
        // In addresses and forms.
        "tok%2F8c1%2Bf0%22%C3%A9", "tok%2f8c1+f0%22%c3%a9", "s3cret+word+of+ours", "s3cret%20word+of+ours",
        "%74ok%2F8c1%2Bf0%22%C3%A9",
        // One in the other.
        #"tok\\\/8c1+f0\\\"é"#, #"tok\u00252F8c1\u00252Bf0\u002522é"#, "tok%252F8c1%252Bf0%2522%25C3%25A9",
    ]

    @Test(arguments: forms) func `a secret is taken out in each of its forms, and nothing else`(
        _ form: String
    ) {
        let redacted = Self.redaction.redacted("before [\(form)] after, and [\(form)]")
        #expect(redacted.replacing("=", with: "") == "before […] after, and […]")
    }

    @Test(arguments: [
        "", "nothing", "abc", "4711", #"{"a":"caf\u00e9 100% \\ \/ + \q \u12"}"#, "%", "\\", "%4", "tok/8c1",
        "tok/8c1+f0 and more", "as3cret! s3cret!s 1s3cret! s3cret!1", "\\ud83d\\ude00 and \\ud83d alone",
    ])
    func `what has no secret stays as it is`(_ text: String) {
        #expect(Self.redaction.redacted(text) == text)
    }

    @Test(arguments: ["s3cret!", "(s3cret!)", #"x\ns3cret!\r"#, "s3cret%21", "“s3cret!”", "czNjcmV0IQ=="])
    func `a short secret is taken out where it is a word, or in Base64`(_ text: String) {
        let redacted = Self.redaction.redacted(text)
        #expect(redacted.contains("…") && !redacted.contains("3cret"), "\(redacted)")
    }

    @Test(arguments: ["", "x", "api", "name", "anne@example.com"])
    func `a secret behind a name is taken out of their Base64`(_ name: String) throws {
        for secret in [Self.words, "s3cret!"] {
            let pair = Array("\(name):\(secret)".utf8)
            for text in [Base64.encode(pair), Base64.encodeURL(pair)] {
                let redacted = Self.redaction.redacted("Basic \(text).")
                let left = redacted.split(separator: "…", omittingEmptySubsequences: false)
                try #require(left.count == 2, "\(redacted)")
                // At most what its first and last letters share with others, and the padding.
                #expect(left[1].count <= 4, "\(redacted)")
                #expect(left[0].count <= "Basic ".count + Base64.encode(Array("\(name):".utf8)).count)
            }
        }
    }

    @Test func `a secret that is cut off by the end of a text is taken out`() {
        #expect(Self.redaction.redacted("before tok/8c1+f0") == "before …")
        #expect(Self.redaction.redacted("before s3cret%20word%20of") == "before …")
    }

    @Test func `a document is still one`() throws {
        let text = #"{"a":"x \u0074ok\/8c1+f0\"é y","b":"tok\/8c1+f0\"é"}"#
        #expect(
            try JSONParser.parse(Array(Self.redaction.redacted(text).utf8)) == ["a": "x … y", "b": "…"])
    }

    @Test func `what is beyond the first plane is found, and so is what overlaps`() {
        let redaction = SecretRedaction(["key-😀-key-😀-", "😀-key-😀-end"])
        #expect(redaction.redacted(#"a key-\ud83d\ude00-key-\uD83D\uDE00-end b"#) == "a … b")
    }
}
