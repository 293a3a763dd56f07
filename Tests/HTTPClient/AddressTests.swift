import Testing

@testable import HTTPClient

@Suite struct AddressTests {
    @Test(arguments: [
        ("0.0.0.0", IPAddress.Kind.unspecified), ("10.1.2.3", .private), ("100.64.0.1", .shared),
        ("100.127.255.255", .shared), ("127.0.0.1", .loopback), ("127.255.1.1", .loopback),
        ("169.254.169.254", .linkLocal), ("172.16.0.1", .private), ("172.31.255.255", .private),
        ("192.168.1.1", .private), ("192.0.2.1", .reserved), ("198.18.0.1", .reserved),
        ("224.0.0.1", .multicast), ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback),
        ("::ffff:127.0.0.1", .loopback), ("::ffff:10.0.0.1", .private), ("::127.0.0.1", .loopback),
        ("64:ff9b::7f00:1", .loopback), ("64:ff9b::a9fe:a9fe", .linkLocal), ("2002:7f00:1::", .loopback),
        ("64:ff9b:1::1", .reserved), ("2001::1", .reserved), ("2001:db8::1", .reserved),
        ("fd00::1", .private),
        ("fc00::1", .private), ("fe80::1", .linkLocal), ("fec0::1", .private), ("ff02::1", .multicast),
        ("4000::1", .reserved), ("100::1", .reserved),
        ("8.8.8.8", .global), ("172.32.0.1", .global), ("100.128.0.1", .global), ("169.253.0.1", .global),
        ("2606:4700::1111", .global), ("::ffff:8.8.8.8", .global), ("64:ff9b::808:808", .global),
    ])
    func `an address says what it is for`(_ text: String, _ kind: IPAddress.Kind) throws {
        let address = try #require(IPAddress(text))
        #expect(address.kind == kind)
        #expect(AddressGuard(allowsPrivate: false).allows(address) == (kind == .global))
        #expect(AddressGuard(allowsPrivate: true).allows(address))
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://017700000001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://localhost/", "http://LOCALHOST./", "http://api.localhost/",
        "http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]/", "http://100.100.100.200/",
        "http://0/", "http://[::]/", "http://10.0.0.1:8080/x", "http://[64:ff9b::a00:1]/",
    ])
    func `a URL that can be seen to lead inside is refused`(_ text: String) throws {
        let url = try OutboundURL(text)
        #expect(throws: HTTPClientError.self) { try AddressGuard(allowsPrivate: false).check(url) }
        try AddressGuard(allowsPrivate: true).check(url)
    }

    @Test(arguments: [
        "", "nonsense", "ftp://example.com/", "file:///etc/passwd", "http://", "//example.com/",
        "http://user@example.com/", "http://user:word@example.com/", "http://@example.com/",
        "http://exa mple.com/", "http://example.com\\@127.0.0.1/", "http://example.com:0/",
        "http://example.com:99999/", "http://1.2.3.4.5/", "http://0x7f.0.0.0x1.5/", "http://256.256.256.256/",
        "http://[fe80::1%25eth0]/", "http://example.com/\r\nX: y", "gopher://example.com/",
        "http://exa%00mple/",
        "javascript:alert(1)", "http://bücher.example/", "http://①②⑦.⓪.⓪.①/",
    ])
    func `a URL that is none is refused`(_ text: String) {
        #expect(throws: HTTPClientError.self) { try OutboundURL(text) }
    }

    @Test func `a URL is read into its parts`() throws {
        let url = try OutboundURL("HTTPS://Hooks.Example.COM./a/../b?x=%2F#part")
        #expect(url.host == "hooks.example.com")
        #expect(url.port == 443)
        #expect(url.isSecure)
        #expect(url.address == nil)
        #expect(!url.text.contains("#"))
        #expect(try OutboundURL("http://a.example/ü?ö").text == "http://a.example/%C3%BC?%C3%B6")
        #expect(try OutboundURL("http://[2606:4700::1111]/").host == "2606:4700::1111")
        #expect(try OutboundURL("http://0x08080808/").text == "http://8.8.8.8/")
    }

    @Test(arguments: [
        ("https://a.example/v1", true), ("https://A.example:443/v1/x?y=/../", true),
        ("https://a.example/v1?x", true), ("https://a.example/v1/group%2Fname", true),
        ("https://a.example/v1/x/../y", true), ("https://a.example/v10", false),
        ("https://a.example/", false), ("https://a.example/v1/../x", false),
        ("https://a.example/v1/%2E%2e/x", false), ("https://a.example/v1/..%2fx", false),
        ("https://a.example/v1/x%5c..%5c..", false), ("https://a.example/v1/..;/x", false),
        ("http://a.example/v1", false), ("https://a.example:8443/v1", false),
        ("https://b.example/v1", false), ("https://a.example.b.example/v1", false),
    ])
    func `a URL lies under another one, or does not`(_ text: String, _ expected: Bool) throws {
        for base in ["https://a.example/v1", "https://a.example/v1/"] {
            #expect(try OutboundURL(text).isWithin(OutboundURL(base)) == expected, "\(base)")
        }
        #expect(try OutboundURL("https://a.example/x?y").isWithin(OutboundURL("https://a.example")))
    }

    @Test func `a redirect is read as it stands to its page`() throws {
        let url = try OutboundURL("https://a.example/x/y?z=1")
        #expect(try url.redirected(to: "../w").text == "https://a.example/w")
        #expect(try url.redirected(to: "?q").text == "https://a.example/x/y?q")
        #expect(try url.redirected(to: "//b.example/").host == "b.example")
        #expect(throws: HTTPClientError.self) { try url.redirected(to: "http://user@c.example/") }
        #expect(throws: HTTPClientError.self) { try url.redirected(to: "file:///etc/passwd") }
    }
}
