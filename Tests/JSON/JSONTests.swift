import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
        ("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"),
        ("{\"a\":\"b\"}", "{\"a\":null}", "{}"),
        ("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"),
        ("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
        ("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"),
        ("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"),
        ("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"),
        ("[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"),
        ("{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"),
        ("{\"a\":\"foo\"}", "null", "null"),
        ("{\"a\":\"foo\"}", "\"bar\"", "\"bar\""),
        ("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"),
        ("[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"),
        ("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"),
    ])
    func `a merge patch does what RFC 7396, appendix A, says`(
        document: String, patch: String, result: String
    )
        throws
    {
        let merged = try JSONParser.parse(document).merging(JSONParser.parse(patch))
        #expect(merged.serialized == result)
    }

    @Test func `text is escaped where it must be and nowhere else`() {
        let all = String(String.UnicodeScalarView((0..<0x80).map { Unicode.Scalar($0)! }))
        let expected = """
            "\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u0008\\t\\n\\u000b\\u000c\\r\\u000e\\u000f\
            \\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\
            \\u001e\\u001f !\\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`\
            abcdefghijklmnopqrstuvwxyz{|}~\\u007f"
            """
        #expect(JSON.string(all).serialized == expected)
        #expect(JSON.string("é😀\u{2028}/").serialized == "\"é😀\u{2028}/\"")
        #expect(JSON.object(["a\"b": 1]).serialized == "{\"a\\\"b\":1}")
    }

    @Test(
        arguments: [
            (1.0, "1"), (-0.0, "0"), (0.1, "0.1"), (1e16, "1e+16"), (999_999_999_999_999, "999999999999999"),
            (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "null"), (.infinity, "null"),
            (-.infinity, "null"),
        ] as [(Double, String)])
    func `a number is written as JSON knows it`(number: Double, text: String) {
        #expect(JSON.number(number).serialized == text)
    }

    @Test func `a writer puts the commas`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", [1, [], [:]])
        writer.key("b")
        writer.beginArray()
        writer.null()
        writer.bool(true)
        writer.integer(.min)
        writer.number(0.5)
        writer.raw(Array("{\"c\":2}".utf8))
        writer.string("")
        writer.endArray()
        writer.member("d", .null)
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "{\"a\":[1,[],{}],\"b\":[null,true,-9223372036854775808,0.5,{\"c\":2},\"\"],\"d\":null}")
    }

    @Test func `objects are equal whatever the order, and canonical texts show it`() throws {
        let (a, b) = try (
            JSONParser.parse("{\"x\":1,\"y\":{\"b\":2,\"a\":[3]}}"),
            JSONParser.parse("{\"y\":{\"a\":[3],\"b\":2},\"x\":1}")
        )
        #expect(a == b && a.hashValue == b.hashValue && a.serialized != b.serialized)
        #expect(a.canonical.serialized == b.canonical.serialized)
        #expect(try a != JSONParser.parse("{\"x\":1}"))
    }

    @Test func `members keep their order when they change`() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = 4
        object["a"] = nil
        object["d"] = .null
        #expect(JSON.object(object).serialized == "{\"b\":4,\"c\":3,\"d\":null}")
        #expect(object["a"] == nil && object["d"] == .null && object.keys == ["b", "c", "d"])
    }
}
