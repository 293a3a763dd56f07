import Foundation
import Glibc
import Testing

@testable import HTTPServer

@Suite struct StaticFilesTests {
    private let folder: String
    private let files: StaticFiles

    init() throws {
        folder = try temporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder + "/site/sub", withIntermediateDirectories: true)
        for (path, text) in [
            ("site/index.html", "<h1>Home</h1>"),
            ("site/app.js", String(repeating: "let a = 1\n", count: 500)),
            ("site/sub/index.html", "<h1>Sub</h1>"), ("site/.hidden", "secret"), ("secret.txt", "secret"),
            ("site-too.txt", "x"),
        ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + path)) }
        symlink("../secret.txt", folder + "/site/leak.txt")
        symlink("app.js", folder + "/site/alias.js")
        files = try #require(StaticFiles(root: folder + "/site"))
    }

    private func get(_ target: String, _ headers: [(String, String)] = []) throws -> Response? {
        let head = try #require(RequestHead(method: "GET", target: target, headers: headers))
        return files.response(for: head.segments, head)
    }

    @Test func `a file has its type, a tag and a lifetime`() throws {
        let response = try #require(try get("/app.js"))
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "text/javascript; charset=utf-8")
        #expect(response.header("Cache-Control") == "public, max-age=300")
        #expect(response.body.count == 5000)
        let tag = try #require(response.header("ETag"))
        #expect(try get("/app.js", [("If-None-Match", "\"x\", W/\(tag)")])?.status == 304)
        #expect(try get("/app.js", [("If-None-Match", "\"x\"")])?.status == 200)
        let packed = try #require(try get("/app.js", [("Accept-Encoding", "gzip")]))
        #expect(packed.header("Content-Encoding") == "gzip")
        #expect(packed.body.count! < 500)
    }

    @Test func `a small file is compressed where that saves more than it takes to say so`() throws {
        let text = String(repeating: "export const a = 1;\n", count: 20)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/site/small.js"))
        let packed = try #require(try get("/small.js", [("Accept-Encoding", "gzip")]))
        #expect(packed.header("Content-Encoding") == "gzip" && packed.header("Vary") == "Accept-Encoding")
        #expect(packed.body.count! < 100)
        let plain = try #require(try get("/small.js"))
        #expect(plain.header("Content-Encoding") == nil && plain.header("Vary") == "Accept-Encoding")
        #expect(plain.body.count == text.utf8.count)
        let tiny = try #require(try get("/index.html", [("Accept-Encoding", "gzip")]))
        #expect(tiny.header("Content-Encoding") == nil && tiny.header("Vary") == nil)
    }

    @Test(arguments: ["/", "/index.html", "/sub", "/sub/", "/sub/index.html", "/alias.js"])
    func `a folder is its index page, and a link inside is followed`(target: String) throws {
        #expect(try get(target)?.status == 200)
    }

    @Test(arguments: [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/sub/..%2f..%2fsecret.txt",
        "/leak.txt", "/.hidden",
        "/nothing", "/..%5csecret.txt", "//etc/passwd", "/%2fetc%2fpasswd", "/../site-too.txt",
        "/sub//index.html", "/index.html/",
    ])
    func `nothing outside or hidden is served`(target: String) throws { #expect(try get(target) == nil) }

    @Test func `a changed file is read again`() throws {
        #expect(try get("/index.html")?.body.count == 13)
        try Data("<h1>Changed</h1>".utf8).write(to: URL(fileURLWithPath: folder + "/site/index.html"))
        #expect(try get("/index.html")?.body.count == 16)
    }
}
