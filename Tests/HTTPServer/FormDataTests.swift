import Testing

@testable import HTTPServer

@Suite struct FormDataTests {
    private func form(_ body: String, _ type: String = "application/x-www-form-urlencoded") -> FormData? {
        FormData(Array(body.utf8), contentType: type)
    }

    private func multipart(_ body: String, boundary: String = "xyz") -> FormData? {
        form(body, "multipart/form-data; boundary=\(boundary)")
    }

    @Test func `fields of an encoded form are read as they were meant`() throws {
        let form = try #require(
            self.form("a=1&b=x+y&c=%C3%A9%26&d&=e&a=2", "Application/X-WWW-Form-URLEncoded; charset=utf-8"))
        #expect(form.parts.map(\.name) == ["a", "b", "c", "d", "", "a"])
        #expect(
            form["a"] == "1" && form["b"] == "x y" && form["c"] == "é&" && form["d"] == "" && form["z"] == nil
        )
    }

    @Test(arguments: [
        ("a=%", "%"), ("a=%4", "%4"), ("a=%zz", "%zz"), ("a=%+1", "% 1"), ("a=%-1", "%-1"),
        ("a=%41%4", "A%4"),
        ("a=b=c", "b=c"), ("a=%00", "\0"), ("a=%ff", "\u{FFFD}"),
    ])
    func `what is escaped wrongly stands for itself`(body: String, value: String) {
        #expect(form(body)?["a"] == value)
    }

    @Test func `parts of a form carry names, file names, types and bytes`() throws {
        let body =
            "preamble\r\n--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n"
            + "--xyz\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION: form-data; filename=\"x; y.txt\"; name=file\r\n\r\n"
            + "\r\n--xy\r\n\r\n--xyz\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xyz--\r\nepilogue"
        let form = try #require(self.multipart(body))
        #expect(form.parts.map(\.name) == ["a", "file", "empty"])
        #expect(form["a"] == "one\r\ntwo" && form["empty"] == "")
        let file = form.parts[1]
        #expect(file.fileName == "x; y.txt" && file.mediaType == "text/plain" && file.text == "\r\n--xy\r\n")
        #expect(form.parts[0].fileName == nil)
    }

    @Test func `a quoted name may hold quotation marks`() throws {
        let body =
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\"; c.txt\"\r\n\r\nx\r\n--xyz--"
        #expect(try #require(multipart(body)).parts.first?.fileName == "a \"b\"; c.txt")
    }

    @Test func `a quoted boundary is one, too`() {
        let body = "--a b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--a b--\r\n"
        #expect(form(body, "multipart/form-data; charset=utf-8; Boundary=\"a b\"")?["a"] == "1")
    }

    @Test(arguments: [
        "", "--xyz", "--xyz\r\n", "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz",
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n1\r\n--xyz--", "no boundary at all",
    ])
    func `what is cut off is no form`(body: String) {
        #expect(multipart(body) == nil)
    }

    @Test func `other types, and boundaries that are none, are no forms`() {
        #expect(form("a=1", "text/plain") == nil && form("a=1", "") == nil)
        #expect(form("--\r\n", "multipart/form-data") == nil)
        #expect(form("--\r\n", "multipart/form-data; boundary=") == nil)
        #expect(form("--\r\n", "multipart/form-data; boundary=\"\"") == nil)
    }

    @Test func `a form of too many parts, or with an endless head, is refused`() {
        let part = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        #expect(multipart(String(repeating: part, count: 999) + "--xyz--")?.parts.count == 999)
        #expect(multipart(String(repeating: part, count: 1001) + "--xyz--") == nil)
        let head = "--xyz\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n1\r\n--xyz--"
        #expect(multipart(head) == nil)
        #expect(form(String(repeating: "a=1&", count: 5000))?.parts.count == 1000)
    }

    @Test func `whatever bytes come, it ends, and tells nothing twice`() {
        var state: UInt64 = 11
        func random(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Int(state >> 33) % sides
        }
        let whole = Array(
            "--xyz\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Type: c\r\n\r\nd\r\n--xyz--\r\n"
                .utf8)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0...random(6) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(random(256))
                case 1: bytes.remove(at: random(bytes.count))
                default: bytes.insert(contentsOf: whole[..<random(whole.count)], at: random(bytes.count))
                }
            }
            let read = FormData(bytes, contentType: "multipart/form-data; boundary=xyz")
            #expect((read?.parts ?? []).reduce(0) { $0 + $1.bytes.count } <= bytes.count)
        }
    }
}
