import StandIns
import Testing

@testable import HTTPClient

struct `Hosts that an operator names` {
    private func client(_ routes: [String]) -> HTTPClient {
        makeClient {
            $0.addresses = AddressGuard(allowsPrivate: false)
            $0.connectTo = routes.compactMap { ConnectionRoute($0) }
        }
    }

    @Test func `are found where they are said to be, under their own names`() async throws {
        let server = try StandIn { _ in StandInAnswer(200, "here") }
        let client = client(["other.test:80=127.0.0.1:1", "*.site.test:80=127.0.0.1:\(server.port)"])
        #expect(try await client.get("http://www.site.test/x").text == "here")
        #expect(server.requests.first?.header("Host") == "www.site.test")
    }

    @Test func `may break off an answer, of which the beginning is kept for those who ask for it`()
        async throws
    {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        let client = client(["site.test:80=127.0.0.1:\(server.port)"])
        var request = HTTPClientRequest("GET", try OutboundURL("http://site.test/"))
        await #expect(throws: HTTPClientError.disconnected) { try await client.send(request) }
        request.takesCutAnswers = true
        let answer = try await client.send(request)
        #expect(answer.isCut && answer.text == "half" && answer.status == 200)
    }

    @Test func `open nothing else`() async throws {
        let server = try StandIn { _ in StandInAnswer(302, "", headers: [("Location", "http://127.0.0.1:9/")])
        }
        let client = client(["site.test:80=127.0.0.1:\(server.port)"])
        for url in [
            "http://site.test/", "http://127.0.0.1:\(server.port)/", "http://localhost:\(server.port)/",
        ] {
            await #expect(throws: HTTPClientError.self) { try await client.get(url) }
        }
        #expect(server.requests.count == 1)
        for url in ["http://www.site.test/", "http://site.test:81/"] {
            await #expect(throws: HTTPClientError.dns(host: try OutboundURL(url).host)) {
                try await client.get(url)
            }
        }
    }

    @Test func `are called without TLS, and no others are, unless private addresses may be`() {
        let strict = client(["*.site.test:80=127.0.0.1:1"])
        func fault(_ url: String, _ client: HTTPClient) -> String? {
            do {
                try client.check(try OutboundURL(url))
                return nil
            } catch { return "\(error)" }
        }
        for url in ["http://www.site.test/", "https://other.test/"] { #expect(fault(url, strict) == nil) }
        for url in ["http://other.test/", "http://www.site.test:81/"] {
            #expect(fault(url, strict)?.contains("must begin with https://") == true, "\(url)")
        }
        #expect(fault("https://127.0.0.1/", strict) != nil)
        let open = makeClient { $0.addresses = AddressGuard(allowsPrivate: true) }
        for url in ["http://127.0.0.1:9/", "http://other.test/"] { #expect(fault(url, open) == nil) }
    }

    @Test(arguments: [
        "", "a:80", "a=127.0.0.1:80", "a:80=b.example:80", "a:80=127.0.0.1", "a:0=127.0.0.1:80",
        "a:80=127.0.0.1:0",
        "127.0.0.1:80=127.0.0.1:81", "a*:80=127.0.0.1:80", ":80=127.0.0.1:80", "a:80=127.0.0.1:80=",
    ])
    func `are named in one form`(wrong: String) { #expect(ConnectionRoute(wrong) == nil) }

    @Test func `may be found at an address of the sixth version`() {
        #expect(ConnectionRoute("*:443=[2001:db8::1]:8443")?.setting == "::[2001:db8::1]:8443")
    }
}
