import Foundation
import Testing
import Wire

@testable import HTTPServer

@Suite struct RequestHeadTests {
    @Test(arguments: [
        ("/", []), ("/v1/leads", ["v1", "leads"]), ("/v1/leads/", ["v1", "leads", ""]),
        ("/a//b", ["a", "", "b"]),
        ("/a%2fb/c", ["a/b", "c"]), ("/a%2e%2e/%2E", ["a..", "."]), ("/caf%C3%A9", ["café"]),
        ("/a+b", ["a+b"]),
        ("/a?b/c", ["a"]), ("http://host/x/y?z", ["x", "y"]), ("/%25", ["%"]),
    ])
    func `a path is split before it is decoded`(target: String, segments: [String]) throws {
        #expect(try #require(RequestHead(method: "GET", target: target)).segments == segments)
    }

    @Test(arguments: [
        "", "x", "/%", "/%4", "/%4g", "/%00", "/\u{1}", "/a b", "/%ff", "/?%80", "*", "http://host",
    ])
    func `a target that cannot be read makes no head`(target: String) {
        #expect(RequestHead(method: "GET", target: target) == nil)
    }

    @Test func `a query keeps its order, its doubles and its empty values`() throws {
        let head = try #require(
            RequestHead(
                method: "GET", target: "/?status=new%2Cold&score%5Bgte%5D=60&q=a+b%2Bc&&flag&status=x="))
        #expect(
            head.query == [
                QueryItem(name: "status", value: "new,old"), QueryItem(name: "score[gte]", value: "60"),
                QueryItem(name: "q", value: "a b+c"), QueryItem(name: "flag", value: ""),
                QueryItem(name: "status", value: "x="),
            ])
        #expect(head.queryValue("status") == "new,old")
        #expect(head.queryValue("none") == nil)
        #expect(head.path == "/")
        #expect(head.rawQuery.hasPrefix("status=new%2C"))
    }

    @Test func `headers are found in any case, and all of them can be listed`() throws {
        let head = try #require(
            RequestHead(
                method: "HEAD", target: "/", headers: [("X-One", "1"), ("x-one", "2"), ("Accept", "*/*")]))
        #expect(head.method == "GET" && head.isHead)
        #expect(head.header("x-ONE") == "1")
        #expect(head.header("x-two") == nil)
        #expect(head.withHeader("accept") { $0.count } == 3)
        #expect(head.headers.map(\.name) == ["X-One", "x-one", "Accept"])
        #expect(head.headers.map(\.value) == ["1", "2", "*/*"])
    }

    @Test func `an escaped slash arrives inside its segment`() async throws {
        let server = try serve { head in
            .proceed(.none) { _ in .now(text(head.target + " " + head.segments.joined(separator: "|"))) }
        }
        try await onThread {
            let client = try Client(server.port)
            #expect(try client.get("/a%2Fb/c?d=%2f").text == "/a%2Fb/c?d=%2f a/b|c")
        }
    }

    @Test func `a proxy that is trusted says who asks, and any other does not`() async throws {
        let trusting = try serve({
            $0.trustedProxies = [AddressRange("127.0.0.0/8")!, AddressRange("10.0.0.0/8")!]
        }) { head in
            .proceed(.none) { _ in .now(text("\(head.remoteAddress) \(head.isSecure)")) }
        }
        let plain = try serve { head in
            .proceed(.none) { _ in .now(text("\(head.remoteAddress) \(head.isSecure)")) }
        }
        try await onThread {
            let client = try Client(trusting.port)
            let forwarded =
                "X-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n"
            #expect(try client.get("/", forwarded).text == "198.51.100.7 true")
            #expect(try client.get("/", "X-Forwarded-For: 2001:db8::1\r\n").text == "2001:db8::1 false")
            #expect(
                try client.get("/", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: rubbish\r\n").text
                    == "127.0.0.1 false")
            #expect(try client.get("/", "X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n").text == "10.0.0.1 false")
            #expect(try client.get("/").text == "127.0.0.1 false")
            #expect(try Client(plain.port).get("/", forwarded).text == "127.0.0.1 false")
        }
    }
}

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("2001:db8::/32", "2001:db8:1::5", true),
        ("2001:db8::/32", "2001:db9::", false), ("::/0", "8.8.8.8", false), ("::/0", "::1", true),
        ("10.1.2.3/8", "10.9.9.9", true), ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("::1", "::1", true),
    ])
    func `a range holds the addresses that share its prefix`(
        range: String, address: String, holds: Bool
    )
        throws
    {
        #expect(try #require(AddressRange(range)).contains(#require(RemoteAddress(address))) == holds)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "host",
        "1.2.3.4/8/8",
    ])
    func `what is no range is refused`(text: String) { #expect(AddressRange(text) == nil) }

    @Test func `an address is written as it is read`() {
        for text in ["192.0.2.1", "2001:db8::1", "::1", "0.0.0.0", "255.255.255.255"] {
            #expect(RemoteAddress(text)?.description == text)
        }
        #expect(RemoteAddress("::ffff:192.0.2.1")?.description == "192.0.2.1")
        #expect(AddressRange("10.1.2.3/8")?.description == "10.0.0.0/8")
        #expect(RemoteAddress("2001:db8:1:2:3:4:5:6")?.subscriber.description == "2001:db8:1:2::/64")
    }
}
