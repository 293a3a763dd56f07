import Cryptography
import Telemetry
import Tenancy
import Testing

/// The vectors of Standard Webhooks 1.0.0 and of its reference libraries.
@Suite struct WebhookSignatureTests {
    @Test func `a delivery is signed as the standard has it`() throws {
        let secret = try #require(WebhookSecret("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="))
        #expect(secret.bytes == Array(1...32))
        let body = #"{"type":"deal.won","timestamp":"2026-01-01T00:00:00Z","data":{"id":"deal_1"}}"#
        #expect(
            secret.signature(id: "msg_test1", timestamp: 1_767_225_600, body: Array(body.utf8))
                == "v1,EnGIw8258S5MIqTnH+d2Bnt11nzjdjmAih0Q6eePVgI=")
    }

    @Test func `it is signed as the reference libraries sign`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        #expect(
            secret.signature(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
                body: Array(#"{"test": 2432232314}"#.utf8))
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a byte, a second or the secret's text in place of its bytes makes another signature`() throws
    {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let right = secret.signature(id: "m", timestamp: 1, body: [1, 2])
        #expect(secret.signature(id: "m", timestamp: 1, body: [1, 3]) != right)
        #expect(secret.signature(id: "m", timestamp: 2, body: [1, 2]) != right)
        #expect(secret.signature(id: "n", timestamp: 1, body: [1, 2]) != right)
        let undecoded = WebhookSecret(bytes: Array(secret.text.utf8))
        #expect(undecoded.signature(id: "m", timestamp: 1, body: [1, 2]) != right)
    }

    @Test func `several secrets sign side by side, the newest first`() {
        let (new, old) = (WebhookSecret(bytes: Array(repeating: 1, count: 32)), WebhookSecret())
        let headers = webhookHeaders(id: "evt_1", at: Instant(seconds: 7), body: [1], secrets: [new, old])
        let all = Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
        #expect(all["webhook-id"] == "evt_1" && all["webhook-timestamp"] == "7")
        let wanted = [new, old].map { $0.signature(id: "evt_1", timestamp: 7, body: [1]) }
        #expect(all["webhook-signature"] == wanted.joined(separator: " "))
    }

    @Test func `a secret is 32 bytes, shown so that it can be read again`() {
        let secret = WebhookSecret()
        #expect(secret.bytes.count == 32 && secret.text.hasPrefix("whsec_"))
        #expect(WebhookSecret(secret.text) == secret && secret != WebhookSecret())
        for text in ["", "whsec_", "whsec_short", "whsec_!!!!", "whsk_" + Base64.encode(secret.bytes)] {
            #expect(WebhookSecret(text) == nil)
        }
    }
}
