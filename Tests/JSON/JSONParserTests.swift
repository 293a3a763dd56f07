import JSON
import Testing

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", JSON.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("0.5", 0.5), ("-0.5e-3", -0.0005),
            ("1E+2", .number(100)), ("1e0", .number(1)),
            ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
            ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-400", .number(0)), ("0e999", .number(0)),
            ("\"\"", ""), ("\"a\\u0000b\"", "a\u{0}b"),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u00e9\\u00E9é\"", "ééé"), ("\"\\uD83D\\uDE00😀\"", "😀😀"),
            ("\"\\uFFFF\\uD7FF\\uE000\"", "\u{FFFF}\u{D7FF}\u{E000}"),
            ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"), ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]),
            (" \t\r\n{ \"\" : 1 , \"a\" : {} } \n", ["": 1, "a": [:]]),
            ("{\"a\":1,\"A\":2}", ["a": 1, "A": 2]),
        ] as [(String, JSON)])
    func `what RFC 8259 allows is read`(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(
        arguments: [
            ("", 1, 1), (" ", 1, 2), ("nul", 1, 1), ("nulll", 1, 5), ("True", 1, 1), ("NaN", 1, 1),
            ("Infinity", 1, 1),
            ("-", 1, 2), ("+1", 1, 1), ("01", 1, 2), ("-01", 1, 3), ("1.", 1, 3), (".5", 1, 1), ("1e", 1, 3),
            ("1e+", 1, 4), ("0x10", 1, 2), ("1_000", 1, 2), ("1e309", 1, 1), ("-1e309", 1, 1), ("1 2", 1, 3),
            ("\"", 1, 2), ("\"\\\"", 1, 4), ("\"\\", 1, 3), ("\"\\x41\"", 1, 3), ("\"\\u12\"", 1, 4),
            ("\"\\u12G4\"", 1, 4),
            ("\"a\nb\"", 1, 3), ("\"\\t\tb\"", 1, 4), ("\"\u{0}\"", 1, 2), ("'a'", 1, 1), ("[", 1, 2),
            ("[1", 1, 3),
            ("[1,", 1, 4), ("[1,]", 1, 4), ("[,1]", 1, 2), ("[1 2]", 1, 4), ("[1}", 1, 3), ("]", 1, 1),
            ("{", 1, 2),
            ("{\"a\"", 1, 5), ("{\"a\":", 1, 6), ("{\"a\":1", 1, 7), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2),
            ("{\"a\" 1}", 1, 6), ("{1:1}", 1, 2), ("{\"a\":1 \"b\":2}", 1, 8), ("// c\n1", 1, 1),
            ("/**/1", 1, 1),
            ("\u{FEFF}1", 1, 1), ("\u{A0}1", 1, 1), ("1\u{0}", 1, 2), ("{\n  \"a\": 1,\n  \"b\": x\n}", 3, 8),
            ("[\r\n1,\r\n2,\r\n]", 4, 1), ("{\"é\": }", 1, 8),
        ] as [(String, Int, Int)])
    func `what it does not allow is refused with the place`(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error.map { [$0.line, $0.column] } == [line, column], "\(error?.reason ?? "")")
    }

    @Test(arguments: ["\\uD800", "\\uDC00", "\\uD800\\uD800", "\\uD800x", "\\uDBFF\\u0041", "\\uDE00\\uD83D"])
    func `half a surrogate pair is refused`(escape: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse("\"\(escape)\"") }
    }

    @Test func `a name that occurs twice is refused where it does so`() {
        let short = #expect(throws: JSONError.self) { try JSONParser.parse("{\"a\":1,\n\"\\u0061\":2}") }
        #expect(short.map { [$0.line, $0.column] } == [2, 1])
        let many = (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(throws: Never.self) { try JSONParser.parse("{\(many)}") }
        for late in ["k0", "k15", "k16", "k39"] {
            #expect(throws: JSONError.self, "\(late)") { try JSONParser.parse("{\(many),\"\(late)\":1}") }
        }
        #expect(throws: Never.self) { try JSONParser.parse("{\"a\":{\"a\":1},\"b\":{\"a\":1}}") }
    }

    @Test func `nesting ends at the limit`() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        let deepest = JSONParser.depthMax
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let document = try JSONParser.parse(nested(deepest, open, close))
            #expect(document.serialized == nested(deepest, open, close))
            #expect(throws: JSONError.self) { try JSONParser.parse(nested(deepest + 1, open, close)) }
            #expect(throws: JSONError.self) {
                try JSONParser.parse(String(repeating: open, count: 1_000_000))
            }
        }
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1, 2), ([0x22, 0x61, 0xC3, 0x22], 1, 3), ([0x22, 0xC0, 0xAF, 0x22], 1, 2),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1, 2), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1, 2),
            ([0x5B, 0x0A, 0x22, 0xC3, 0xA9, 0x80, 0x22, 0x5D], 2, 4), ([0x80], 1, 1),
            ([0x31, 0xE2, 0x82], 1, 2),
        ] as [([UInt8], Int, Int)])
    func `invalid UTF-8 is refused with the place`(bytes: [UInt8], line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        #expect(error.map { [$0.line, $0.column] } == [line, column] && error?.reason == "invalid UTF-8")
    }
}
