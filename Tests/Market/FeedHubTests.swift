import Markup
import Telemetry
import Testing

@testable import Market

struct `A hub that tells when a feed changes` {
    @Test func `is believed by the code of what it sends`() {
        let body = Array("Hello World!".utf8), secret = "It's a Secret to Everybody"
        let code = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        #expect(HubSignature.isValid("sha256=\(code)", of: body, by: secret))
        #expect(HubSignature.isValid("SHA256=\(code.uppercased())", of: body, by: secret))
        #expect(!HubSignature.isValid("sha256=\(code)", of: body + [0x20], by: secret))
        #expect(!HubSignature.isValid("sha256=\(code)", of: body, by: "another secret"))
        for header in [nil, "", code, "sha1=\(code)", "md5=\(code)", "sha256=", "sha256=x"] {
            #expect(!HubSignature.isValid(header, of: body, by: secret), "\(header ?? "none")")
        }
    }

    @Test func `is asked again after a day without an answer, and a day before its lease ends`() throws {
        let (hub, topic) = (
            try #require(PageAddress("https://hub.example/")),
            try #require(PageAddress("https://site.example/feed"))
        )
        let now = Instant(seconds: 1_800_000_000), day = Duration.seconds(86_400)
        var row = FeedHubRow("id", "https://site.example/feed", hub, topic, sealedSecret: "", askedAt: now)
        #expect(row.isOf(hub, topic) && !row.isOf(topic, topic))
        #expect(!row.isDue(at: now + .seconds(3600)) && row.isDue(at: now + day))
        (row.state, row.endsAt) = (.confirmed, now + day * 10)
        #expect(!row.isDue(at: now + day * 8) && row.isDue(at: now + day * 9 + .seconds(1)))
        // A short lease is renewed once an hour at most.
        row.endsAt = now + .seconds(7200)
        #expect(!row.isDue(at: now + .seconds(900)) && row.isDue(at: now + .seconds(3600)))
        row.state = .denied
        #expect(!row.isDue(at: now + day * 100))
    }
}
