import Testing

@testable import Markup

struct `An address of a page` {
    @Test(arguments: [
        ("HTTP://Example.COM:80/a/../b/./c?x=1#top", "http://example.com/b/c?x=1"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443?q", "https://example.com:8443/?q"),
        ("http://example.com./%7euser/%c3%a4 b", "http://example.com/~user/%C3%A4%20b"),
        (" https://example.com/\n a ", "https://example.com/%20a"),
        ("https:\\\\example.com\\a?b\\c", "https://example.com/a?b%5Cc"),
        ("http://[::1]:80/", "http://[::1]/"),
    ])
    func `is written in one way`(written: String, normal: String) {
        #expect(PageAddress(written)?.description == normal)
    }

    @Test(arguments: [
        "ftp://example.com/", "javascript:alert(1)", "mailto:a@example.com", "http://", "http://a b/",
        "http://u:p@x.example/",
        "http://x.example:0/", "http://x.example:99999/", "http:example.com", "", "/a",
        "http://exa<mple.com/",
    ])
    func `is none in other forms`(written: String) { #expect(PageAddress(written) == nil) }

    /// RFC 3986 §5.4.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("g;x=1/../y", "http://a/b/c/y"), ("http:g", "http://a/b/c/g"),
    ])
    func `stands to the page that has it`(reference: String, target: String) {
        #expect(PageAddress(reference, from: PageAddress("http://a/b/c/d;p?q")!)?.description == target)
    }

    @Test func `of another scheme is none of ours`() {
        let base = PageAddress("https://a.example/")!
        for other in ["tel:+49", "mailto:x@y.example", "data:text/html,x", "https:x"] where other != "https:x"
        {
            #expect(PageAddress(other, from: base) == nil)
        }
        #expect(PageAddress("http:x", from: base) == nil)
    }
}
