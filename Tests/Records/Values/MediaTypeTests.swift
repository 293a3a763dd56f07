import Records
import Testing

@Suite struct MediaTypeTests {
    @Test(
        arguments: [
            (Array("%PDF-1.7\n%âãÏÓ\n".utf8), "application/pdf"),
            (
                [
                    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0,
                    0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0,
                ], "image/png"
            ),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1], "image/jpeg"),
            (Array("just words\n".utf8), "text/plain"),
            (Array("<!DOCTYPE html><html><script>".utf8), "text/html"), ([], "application/x-empty"),
            ([0, 1, 2, 3, 254, 255], "application/octet-stream"),
        ] as [([UInt8], String)])
    func `the bytes tell what they are`(bytes: [UInt8], type: String) {
        #expect(MediaType.sniffed(bytes) == type)
    }

    @Test func `many may ask at once`() async {
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { MediaType.sniffed(Array("%PDF-1.4\n".utf8)) } }
            for await type in group { #expect(type == "application/pdf") }
        }
    }

    @Test func `texts are escaped for pages and for addresses`() {
        #expect("<a href=\"x\">'&é".htmlEscaped == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;é")
        #expect("a b/ç?~".percentEncoded == "a%20b%2F%C3%A7%3F~")
        #expect("\r\n".percentEncoded == "%0D%0A")
    }
}
