import Testing
import Wire

@testable import HTTPServer

@Suite struct RouterTests {
    private func route(_ router: Router<String>, _ method: String, _ path: String) -> String {
        let segments = RequestHead(method: method, target: path)!.segments
        return switch router.match(method, segments) {
        case .found(let value, let parameters):
            value + (parameters["id"].map { " id=\($0)" } ?? "")
                + (parameters["note"].map { " note=\($0)" } ?? "")
        case .methodNotAllowed(let allowed): "405 " + allowed.joined(separator: ",")
        case .notFound: "404"
        }
    }

    private var router: Router<String> {
        var router = Router<String>()
        router.add("GET", "/", "root")
        router.add("GET", "/v1/leads", "list")
        router.add("POST", "/v1/leads", "create")
        router.add("GET", "/v1/leads/{id}", "lead")
        router.add("GET", "/v1/leads/export", "export")
        router.add("GET", "/v1/leads/{id}/score", "score")
        router.add("DELETE", "/v1/leads/{lead}/notes/{note}", "note")
        router.add("POST", "/v1/leads/export/now", "now")
        router.add("GET", "/v1/leads/{id}.pdf", "paper")
        return router
    }

    @Test(arguments: [
        ("GET", "/", "root"), ("GET", "/v1/leads", "list"), ("POST", "/v1/leads", "create"),
        ("GET", "/v1/leads/7", "lead id=7"), ("GET", "/v1/leads/a%2Fb", "lead id=a/b"),
        ("GET", "/v1/leads/7/score", "score id=7"),
        ("DELETE", "/v1/leads/7/notes/9", "note note=9"), ("GET", "/v1/leads/export", "export"),
        ("GET", "/v1/leads/export/score", "score id=export"), ("POST", "/v1/leads/export/now", "now"),
        ("PUT", "/v1/leads", "405 GET,POST"), ("DELETE", "/v1/leads/export", "405 GET"),
        ("GET", "/v1", "404"), ("GET", "/v1/leads/", "404"), ("GET", "/v1/leads//score", "404"),
        ("GET", "/V1/leads", "404"),
        ("GET", "/v1/leads/7/8", "404"), ("GET", "/v1/leads/7.pdf", "paper id=7"),
        ("GET", "/v1/leads/.pdf", "lead id=.pdf"), ("GET", "/v1/leads/7.pdf/score", "score id=7.pdf"),
    ])
    func `a literal wins over a parameter, and the parameter is tried where it leads nowhere`(
        method: String, path: String, expected: String
    ) {
        #expect(route(router, method, path) == expected)
    }

    @Test func `two routes for one method and path fail at registration`() async {
        await #expect(processExitsWith: .failure) {
            var router = Router<Int>()
            router.add("GET", "/v1/leads/{id}", 1)
            router.add("GET", "/v1/leads/{lead}", 2)
        }
    }
}

@Suite struct OutputBufferTests {
    @Test func `integers are written in full`() {
        for value in [
            0, 1, 9, 10, 99, 100, -1, -10, 1_234_567_890, .max, .min, 999_999_999_999_999_999,
            1_000_000_000_000_000_000,
        ] as [Int64] {
            let buffer = OutputBuffer()
            buffer.appendInteger(value)
            #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\(value)")
        }
    }

    @Test func `every byte is escaped as JSON asks, at every place of a word`() {
        for byte in UInt8.min ... .max {
            for place in 0..<17 {
                var source = [UInt8](repeating: UInt8(ascii: "a"), count: 17)
                source[place] = byte
                let buffer = OutputBuffer(capacity: 1)
                source.withUnsafeBufferPointer { buffer.appendJSONEscaped($0) }
                let escape: [UInt8]
                switch byte {
                case 0x22: escape = Array("\\\"".utf8)
                case 0x5c: escape = Array("\\\\".utf8)
                case 8: escape = Array("\\b".utf8)
                case 9: escape = Array("\\t".utf8)
                case 10: escape = Array("\\n".utf8)
                case 12: escape = Array("\\f".utf8)
                case 13: escape = Array("\\r".utf8)
                case ..<0x20:
                    escape = Array("\\u00\(byte < 16 ? "0" : "1")\(String(byte & 15, radix: 16))".utf8)
                default: escape = [byte]
                }
                #expect(buffer.bytes == Array(source[..<place]) + escape + Array(source[(place + 1)...]))
            }
        }
    }

    @Test func `a text of nothing but escapes grows the buffer`() {
        let buffer = OutputBuffer(capacity: 1)
        buffer.appendJSONEscaped(String(repeating: "\u{1}\"", count: 10_000))
        #expect(buffer.count == 80_000)
        buffer.truncate(to: 8)
        buffer.append(UInt8(ascii: "x"))
        buffer.append([121])
        buffer.appendString("z")
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\\u0001\\\"xyz")
    }
}
