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

    private func get(
        _ target: String, of version: String, _ headers: [(String, String)] = []
    ) throws -> Response? {
        let head = try #require(RequestHead(method: "GET", target: target, headers: headers))
        return files.response(for: head.segments, head, version: version)
    }

    @Test func `a file of the version that is there is kept for good, and no other one`() throws {
        let version = files.tree().version
        let kept = try #require(try get("/app.js", of: version, [("If-None-Match", "*")]))
        #expect(kept.status == 200 && kept.body.count == 5000 && kept.header("ETag") == nil)
        #expect(kept.header("Cache-Control") == "max-age=31536000, immutable")
        #expect(try get("/app.js", of: version, [("Accept-Encoding", "gzip")])?.body.count ?? 5000 < 500)
        // The pages have no versions of their own, and a link may lead elsewhere tomorrow.
        for (path, version) in [("/app.js", "former"), ("/index.html", version), ("/alias.js", version)] {
            let asked = try #require(try get(path, of: version))
            #expect(asked.status == 200 && asked.header("Cache-Control") == "no-cache", "\(path)")
            #expect(asked.header("ETag") != nil, "\(path)")
        }
        #expect(try get("/leak.txt", of: version) == nil && get("/.hidden", of: version) == nil)
    }

    @Test func `the version is one for the same files, and another when one has changed`() throws {
        let script = URL(fileURLWithPath: folder + "/site/app.js"), before = files.tree()
        #expect(before.contains("app.js") && !before.contains("index.html") && !before.contains(".hidden"))
        #expect(!before.contains("alias.js") && !before.contains("leak.txt"))
        #expect(before.scriptFolders.isEmpty)
        try Data("<h1>Changed</h1>".utf8).write(to: URL(fileURLWithPath: folder + "/site/index.html"))
        #expect(files.tree().version == before.version, "pages are asked about each time")
        let text = try Data(contentsOf: script)
        try Data("let a = 2\n".utf8).write(to: script)
        // Until a page has named the new version nobody keeps the new content under the old one.
        #expect(try get("/app.js", of: before.version)?.header("Cache-Control") == "no-cache")
        let after = files.tree()
        #expect(after.version != before.version)
        let kept = try get("/app.js", of: after.version)?.header("Cache-Control")
        #expect(kept?.hasSuffix("immutable") == true)
        try text.write(to: script)
        #expect(files.tree().version == before.version, "it is the content's and not the clock's")
        try Data(text).write(to: URL(fileURLWithPath: folder + "/site/sub/app.js"))
        let more = files.tree()
        #expect(more.version != before.version && more.scriptFolders == ["sub"])
    }

    @Test func `a page that was made is sent to whoever does not have it yet`() throws {
        func ask(_ headers: [(String, String)]) throws -> Response {
            let head = try #require(RequestHead(method: "GET", target: "/", headers: headers))
            return .revalidated(Array("<h1>Made</h1>".utf8), head, [("Content-Language", "en")])
        }
        let first = try ask([])
        #expect(first.status == 200 && first.body.count == 13 && first.header("Cache-Control") == "no-cache")
        let again = try ask([("If-None-Match", try #require(first.header("ETag")))])
        #expect(again.status == 304 && again.header("Content-Language") == "en")
    }

    @Test func `a changed file is read again`() throws {
        #expect(try get("/index.html")?.body.count == 13)
        try Data("<h1>Changed</h1>".utf8).write(to: URL(fileURLWithPath: folder + "/site/index.html"))
        #expect(try get("/index.html")?.body.count == 16)
    }
}
