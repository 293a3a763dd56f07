import Foundation
import Glibc
import TestRandomness
import Testing

@testable import HTTPServer

/// Requests that a proxy and a server might read in two ways are refused once and clearly, in whatever pieces their
/// bytes arrive.
@Suite struct FramingTests {
    static let faults: [(code: String, status: Int, request: String)] = [
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\n: x\r\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\n:\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\n:\r\nHost: t\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\n:\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\nX: y\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\n\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\rX: y\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n folded\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\n Host: t\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nno colon\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nX\0: y\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nX: a\0\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nX: a\u{1}b\r\n\r\n"),
        ("bad_header", 400, "GET / HTTP/1.1\r\nHost: t\r\nX[]: a\r\n\r\n"),
        ("bad_request_line", 400, "GET / HTTP/1.1\nHost: t\r\n\r\n"),
        ("bad_request_line", 400, "GET  / HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_request_line", 400, "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_request_line", 400, "GET / HTTP/1.1 \r\nHost: t\r\n\r\n"),
        ("bad_request_line", 400, "GET /\r\nHost: t\r\n\r\n"),
        ("bad_request_line", 400, "GET / http/1.1\r\nHost: t\r\n\r\n"),
        ("bad_method", 400, "GET\r\n\r\n"),
        ("bad_method", 400, "\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_method", 400, "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0"),
        ("bad_target", 400, "GET /a\u{1}b HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", 400, "GET /a\0b HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("unsupported_http_version", 505, "GET / HTTP/2.0\r\nHost: t\r\n\r\n"),
        ("unsupported_http_version", 505, "GET / HTTP/1.9\r\nHost: t\r\n\r\n"),
        ("unsupported_http_version", 505, "GET / HTTP/0.9\r\nHost: t\r\n\r\n"),
        ("unsupported_http_version", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: abc\r\n\r\n"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: +5\r\n\r\nhello"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0x5\r\n\r\nhello"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5, 5\r\n\r\nhello"),
        ("bad_content_length", 400, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length:\r\n\r\n"),
        ("body_too_large", 413, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        (
            "unsupported_transfer_encoding", 400,
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: xchunked\r\n\r\n"
        ),
        ("unsupported_transfer_encoding", 400, "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding:\r\n\r\n"),
        (
            "ambiguous_length", 400,
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "headers_too_large", 431,
            "GET / HTTP/1.1\r\nHost: t\r\n" + String(repeating: "X: y\r\n", count: 120) + "\r\n"
        ),
    ]

    static let chunks = [
        "zz\r\nhello\r\n0\r\n\r\n", "\r\n", ";x=y\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n",
        "5;a=\u{1}\r\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n",
        "0\r\n:\r\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n", "0\r\n: x\r\n\r\n", "0\r\nA: b\n\r\n",
        "0\r\n folded\r\n\r\n", "0\r\nno colon\r\n\r\n", "0\r\n\nGET /second HTTP/1.1\r\nHost: t\r\n\r\n",
        "5\rhello", "0\r\n\rX",
    ]

    /// Returns every answer that arrives until the end of the connection.
    private func answers(_ server: HTTPServer, _ pieces: [[UInt8]]) async throws -> String {
        try await onThread {
            let client = try Client(server.port)
            // A client that is refused may be cut off while it is still sending.
            for piece in pieces { guard (try? client.send(piece)) != nil else { break } }
            return client.textUntilClosed()
        }
    }

    private func count(_ text: String, in answer: String) -> Int {
        answer.components(separatedBy: text).count - 1
    }

    /// Splits at status lines; a body may name the version of HTTP as well.
    private func parts(_ answer: String) -> [String] {
        answer.components(separatedBy: "HTTP/1.1 ").dropFirst().filter { $0.first?.isNumber ?? false }
    }

    @Test(arguments: faults)
    func `a head that can be read in two ways gets one refusal, and nothing after it is run`(
        code: String, status: Int, request: String
    ) async throws {
        let asked = Shared(0)
        let server = try serve { head in
            asked.withLock { $0 += 1 }
            return .proceed(.buffered(limit: 1000), countBody)
        }
        let bytes = Array(request.utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            let answer = try await answers(server, pieces)
            #expect(parts(answer).count == 1, "\(answer)")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains("application/problem+json"))
            #expect(answer.contains("\"code\":\"\(code)\""), "\(answer)")
            #expect(answer.lowercased().contains("connection: close"))
        }
        #expect(asked.value == 0)
        // After a sound request, it is refused in its turn.
        let both = try await answers(server, [Array("GET /first HTTP/1.1\r\nHost: t\r\n\r\n".utf8) + bytes])
        #expect(parts(both).count == 2 && both.hasPrefix("HTTP/1.1 200 "), "\(both)")
        #expect(both.contains("\"code\":\"\(code)\""))
        #expect(asked.value == 1)
    }

    @Test(arguments: chunks)
    func `chunks that can be read in two ways get one refusal, and nothing after them is run`(
        body: String
    ) async throws {
        let server = try serve { _ in
            .proceed(.buffered(limit: 1000)) { _ in
                Issue.record("the handler was asked")
                return .now(text("asked"))
            }
        }
        let bytes = Array("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(body)".utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            let answer = try await answers(server, pieces)
            #expect(parts(answer).count == 1, "\(answer)")
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(answer.contains("\"code\":\"bad_"), "\(answer)")
        }
    }

    @Test func `sound requests arrive whole, in whatever pieces their bytes come`() async throws {
        let seen = Shared<[String]>([])
        let server = try serve { head in
            seen.withLock { $0.append("\(head.method) \(head.target) \(head.header("cookie") ?? "-")") }
            return .proceed(.buffered(limit: 100_000)) { request in
                if case .bytes(let bytes) = request.body {
                    seen.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
                }
                return .now(text("ok"))
            }
        }
        let cookies = (0..<400).map { "c\($0)=v;" }.joined()
        let stream = Array(
            """
            GET /?a=b?c&d=\("%20") HTTP/1.1\r
            Host: t\r
            Cookie: \(cookies)\r
            cookie2: x\r
            \r
            POST /two HTTP/1.1\r
            host:t\r
            Content-Length: 5\r
            \r
            hello\r
            POST /three HTTP/1.1\r
            Host: t \t\r
            Transfer-Encoding: chunked\r
            \r
            5;ext="a;b"\r
            hello\r
            0A\r
            0123456789\r
            0\r
            Trailer: x\r
            \r
            GET /four HTTP/1.1\r
            Host: t\r
            Connection: close\r
            \r\n
            """.utf8)
        let expected = [
            "GET /?a=b?c&d=%20 \(cookies)", "POST /two -", "hello", "POST /three -", "hello0123456789",
            "GET /four -",
        ]
        var random = SeededGenerator(7)
        for round in 0..<60 {
            seen.withLock { $0 = [] }
            var pieces: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let length =
                    round == 0 ? rest.count : round == 1 ? 1 : Int.random(in: 1...400, using: &random)
                pieces.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            let answer = try await answers(server, pieces)
            #expect(count("HTTP/1.1 200 ", in: answer) == 4, "round \(round): \(answer)")
            #expect(seen.value == expected, "round \(round)")
        }
    }

    @Test func `a query of very many parameters is refused, and one of many is read`() async throws {
        let server = try serve { head in .proceed(.none) { _ in .now(text("\(head.query.count)")) } }
        try await onThread {
            let query = (0..<450).map { "a\($0)=1" }
            let refused = try Client(server.port).get("/?" + query.joined(separator: "&"))
            #expect(refused.status == 400)
            #expect(refused.text.contains("too_many_parameters"))
            let read = try Client(server.port).get("/?" + query.prefix(256).joined(separator: "&"))
            #expect(read.text == "256")
        }
    }

    /// Any bytes are answered or ended, each answer has one head, and the server goes on.
    @Test func `mangled requests are answered or refused, and the connection goes on or ends`() async throws {
        let server = try serve { _ in .proceed(.buffered(limit: 1000), countBody) }
        let sound =
            Self.faults.map(\.request) + [
                "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello",
            ]
        var random = SeededGenerator(11)
        for round in 0..<400 {
            var bytes = Array(sound.randomElement(using: &random)!.utf8)
            for _ in 0...random.below(4) { random.mangle(&bytes) }
            let sent = bytes
            let answer = try await onThread {
                let client = try Client(server.port)
                guard (try? client.send(sent)) != nil else { return "" }
                shutdown(client.socket, Int32(SHUT_WR))
                return client.textUntilClosed()
            }
            // A head within a body would be a second head to one request.
            for part in parts(answer) {
                let head = part.components(separatedBy: "\r\n\r\n").first ?? ""
                #expect(
                    head.lowercased().components(separatedBy: "content-length:").count == 2,
                    "round \(round): \(answer)")
            }
        }
        #expect(try await onThread { try Client(server.port).get("/").status } == 200)
    }
}
