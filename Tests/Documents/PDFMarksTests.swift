import Documents
import Telemetry
import Testing

@Suite struct PDFMarksTests {
    private static let marks = [
        "document": "ctr_01hx", "sha256": "ab12", "quote": "a \"b\" (c) \\ d) /BureauMarks (",
        "unicode": "Zürich 日本 🚀",
        "lines": "a\nb\t\u{1}", "": "",
    ]

    private static func file(_ marks: [String: String]) throws -> [UInt8] {
        var document = Document(
            title: "Contract (final) \\ >> /BureauMarks (x)", language: "en", brand: Brand(name: "N"),
            created: Instant(seconds: 0), blocks: [.text("/BureauMarks ({})")])
        document.metadata = marks
        return try document.pdf()
    }

    @Test func `are found again as they were given`() throws {
        let file = try Self.file(Self.marks)
        #expect(PDFMarks.read(file) == Self.marks)
        let facts = try Poppler(bytes: file).information()
        #expect(facts["Title"] == "Contract (final) \\ >> /BureauMarks (x)")
        #expect(facts["BureauMarks"]?.contains("\"document\":\"ctr_01hx\"") == true)
    }

    @Test func `are not found where there are none`() throws {
        #expect(try PDFMarks.read(Self.file([:])) == nil)
        #expect(PDFMarks.read([]) == nil)
        #expect(PDFMarks.read(Array("%PDF-1.5\n/BureauMarks (".utf8)) == nil)
        #expect(PDFMarks.read(Array("%PDF-1.5\n/BureauMarks <zz>".utf8)) == nil)
        #expect(PDFMarks.read(Array("no PDF /BureauMarks ({\"a\":\"b\"})".utf8)) == nil)
    }

    @Test func `are read from hexadecimal digits, as other programs write them`() {
        let digits = "{\"a\":\"b\"}".utf8.map { String($0, radix: 16) }.joined()
        #expect(PDFMarks.read(Array("%PDF-1.5\n<< /BureauMarks <\(digits)> >>".utf8)) == ["a": "b"])
    }

    @Test func `are refused where they are more than a reader looks for`() throws {
        #expect(throws: DocumentError.tooLong("32778 bytes of metadata")) {
            try Self.file(["a": String(repeating: "x", count: 32_768)])
        }
        let most = ["a": String(repeating: "x", count: 32_758)]
        #expect(try PDFMarks.read(Self.file(most)) == most)
    }

    @Test func `are not looked for in a file that only says their name, again and again`() {
        let file = Array(("%PDF-1.5\n" + String(repeating: "/BureauMarks (", count: 200_000)).utf8)
        let clock = ContinuousClock()
        let taken = clock.measure { #expect(PDFMarks.read(file) == nil) }
        #expect(taken < .seconds(30))
    }

    @Test func `are read from whatever comes, without a fault`() throws {
        let file = try Self.file(Self.marks)
        for cut in stride(from: 0, to: file.count, by: 97) { _ = PDFMarks.read(Array(file.prefix(cut))) }
    }
}
