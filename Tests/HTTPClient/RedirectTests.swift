import StandIns
import Synchronization
import Telemetry
import Testing

@testable import HTTPClient

@Suite struct RedirectTests {
    private func redirecting(_ status: Int = 302, to target: String) throws -> StandIn {
        try StandIn { request in
            request.target == "/end"
                ? StandInAnswer(200, "\(request.method) \(request.text)")
                : StandInAnswer(status, "", headers: [("Location", target)])
        }
    }

    @Test func `redirects are followed to their end`() async throws {
        let server = try redirecting(to: "/end")
        let answer = try await makeClient().get("\(server.url)/begin")
        #expect((answer.status, answer.text, answer.url.text) == (200, "GET ", "\(server.url)/end"))
        #expect(server.connections == 1)
        let other = try await makeClient().get("\(server.url)/begin") { $0.redirectsMax = 0 }
        #expect(other.status == 302)
    }

    @Test(arguments: [(301, "GET "), (302, "GET "), (303, "GET "), (307, "POST body"), (308, "POST body")])
    func `a method changes as the status says`(_ status: Int, _ expected: String) async throws {
        let server = try redirecting(status, to: "/end")
        let request = HTTPClientRequest(
            "POST", try OutboundURL(server.url), headers: [("Content-Type", "text/plain")],
            body: Array("body".utf8))
        #expect(try await makeClient().send(request).text == expected)
    }

    @Test func `a loop ends`() async throws {
        let server = try redirecting(to: "/again")
        await #expect(throws: HTTPClientError.tooManyRedirects(limit: 5)) {
            try await makeClient().get(server.url)
        }
        #expect(server.requests.count == 6)
    }

    @Test func `credentials go to no other host`() async throws {
        let end = try StandIn { _ in StandInAnswer(200, "end") }
        let server = try redirecting(to: "\(end.url)/end")
        let answer = try await makeClient().get(server.url) {
            $0.headers = [
                ("Authorization", "Bearer secret"), ("Cookie", "a=b"), ("X-Api-Key", "secret"),
                ("Accept", "text/plain"),
            ]
        }
        #expect(answer.text == "end")
        let received = try #require(end.requests.first)
        #expect(received.header("Accept") == "text/plain")
        for name in ["Authorization", "Cookie", "X-Api-Key"] { #expect(received.header(name) == nil) }
        #expect(server.requests.first?.header("Authorization") == "Bearer secret")
    }

    @Test func `nothing leads from https to http`() throws {
        // The decision alone: a certificate for a stand-in is another test's matter.
        let from = try OutboundURL("https://a.example/"), to = try from.redirected(to: "http://a.example/x")
        #expect(from.isSecure && !to.isSecure)
        let request = HTTPClientRequest("GET", from, headers: [("Authorization", "x")])
        #expect(request.redirected(to: to, status: 302).headers.isEmpty)
    }

    // MARK: Where nobody is called. The canary hears of every connection.

    @Test(arguments: [
        "http://127.0.0.2:PORT/", "http://127.2:PORT/", "http://2130706434:PORT/", "http://0x7f000002:PORT/",
        "http://[::ffff:127.0.0.2]:PORT/", "http://inside.example:PORT/", "http://localhost:PORT/",
        "//127.0.0.2:PORT/", "http://x@127.0.0.2:PORT/",
    ])
    func `a redirect to an inner address makes no connection`(_ target: String) async throws {
        let canary = try StandIn(host: "127.0.0.2") { _ in StandInAnswer(200, "inner") }
        let server = try redirecting(to: target.replacing("PORT", with: "\(canary.port)"))
        let names = Names(["inside.example": [["127.0.0.2"]], "localhost": [["127.0.0.2"]]])
        await #expect(throws: HTTPClientError.self) {
            try await makeClient { $0.lookUp = names.lookUp }.get(server.url)
        }
        #expect(server.requests.count == 1)
        #expect(canary.connections == 0)
    }

    @Test func `hosts on one server are told by their address, whatever its order`() async throws {
        let names = Names([
            "a.example": [["192.0.2.7", "192.0.2.3"]], "b.example": [["192.0.2.3", "192.0.2.7"]],
            "c.example": [["192.0.2.9"]],
        ])
        let client = makeClient {
            $0.lookUp = names.lookUp
            $0.connectTo = [ConnectionRoute("c.example:80=127.0.0.1:81")!]
        }
        func server(_ url: String) async throws -> String? { await client.server(of: try OutboundURL(url)) }
        #expect(try await server("http://a.example/") == "192.0.2.3")
        #expect(try await server("https://b.example/") == "192.0.2.3")
        #expect(try await server("http://192.0.2.3/") == "192.0.2.3")
        #expect(try await server("http://nowhere.example/") == nil)
        // An operator leads it elsewhere.
        #expect(try await server("http://c.example/") == nil)
    }

    @Test func `a name with one inner address among good ones is refused`() async throws {
        let canary = try StandIn(host: "127.0.0.2") { _ in StandInAnswer() }
        let names = Names(["both.example": [["127.0.0.1", "127.0.0.2"]]])
        await #expect(throws: HTTPClientError.refusedAddress(host: "both.example", kind: .loopback)) {
            try await makeClient { $0.lookUp = names.lookUp }.get("http://both.example:\(canary.port)/")
        }
        #expect(canary.connections == 0)
    }

    @Test func `a name that changes its address is connected to where it was checked`() async throws {
        let good = try StandIn { _ in StandInAnswer(200, "good", headers: [("Connection", "close")]) }
        let canary = try StandIn(host: "127.0.0.2") { _ in StandInAnswer(200, "inner") }
        // First good, then inner: a second lookup at the time of connecting would reach the canary.
        let names = Names(["turns.example": [["127.0.0.1"], ["127.0.0.2"]]])
        let client = makeClient { $0.lookUp = names.lookUp }
        #expect(try await client.get("http://turns.example:\(good.port)/").text == "good")
        #expect(names.asked.withLock { $0 } == 1)
        // A client that has nothing kept asks again, and refuses what it hears.
        await #expect(throws: HTTPClientError.refusedAddress(host: "turns.example", kind: .loopback)) {
            try await makeClient { $0.lookUp = names.lookUp }.get("http://turns.example:\(canary.port)/")
        }
        #expect(canary.connections == 0)
    }

    @Test func `the socket itself is refused where everything before it was fooled`() async throws {
        let canary = try StandIn(host: "127.0.0.2") { _ in StandInAnswer() }
        var request = HTTPClientRequest("GET", try OutboundURL("http://127.0.0.2:\(canary.port)/"))
        request.deadline = .seconds(5)
        var configuration = HTTPClientConfiguration(AddressGuard(allowsPrivate: false))
        configuration.lookUp = { _ in [] }
        // The loop is asked past the checks of the client.
        let loop = TransferLoop(configuration)
        defer { loop.stop() }
        await #expect(throws: HTTPClientError.refusedAddress(host: "127.0.0.2", kind: .loopback)) {
            try await loop.run(request, until: .steadyClock() + .seconds(5))
        }
        #expect(canary.connections == 0)
    }

    @Test func `an installation that allows it calls inner addresses`() async throws {
        let server = try StandIn(host: "127.0.0.2") { _ in StandInAnswer(200, "inner") }
        #expect(try await makeClient(allowsPrivate: true).get(server.url).text == "inner")
    }
}
