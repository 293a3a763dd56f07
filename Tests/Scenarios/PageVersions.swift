import Cryptography
import Foundation
import JSON
import Testing

/// Pages name what they load under its version, so that browsers keep it, and ask for the page alone.
@Suite(.ownThread) struct PageVersions {
    let server = BureauProcess.shared

    /// The paths of scripts, styles, words and pictures that a page names, with the version in them.
    private func named(by page: Answer) -> [String] {
        page.text.matches(of: /(?:src|href)="(\/assets\/[^"]+)"/).map { String($0.1) }
    }

    private func version(of page: Answer) throws -> String {
        String(try #require(named(by: page).first).split(separator: "/")[1])
    }

    @Test(arguments: ["/", "/portal/", "/docs"])
    func `a page is asked about each time, and what it names is kept for good`(_ path: String) throws {
        let page = try server.anonymous.get(path)
        #expect(page.status == 200 && page.header("Cache-Control") == "no-cache", "\(path)")
        let tag = try #require(page.header("ETag"))
        let again = try server.anonymous.get(path, ["If-None-Match": tag])
        #expect(again.status == 304 && again.header("Cache-Control") == "no-cache", "\(path)")
        let files = named(by: page)
        #expect(files.contains { $0.hasSuffix(".js") } && files.contains { $0.hasSuffix("/style.css") })
        let plain = page.text.matches(of: /(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/).map { String($0.1) }
        #expect(Set(plain).subtracting(files).isEmpty, "each file has its version: \(path)")
        let version = try version(of: page)
        for file in files {
            #expect(file.hasPrefix("/assets/\(version)/"), "all have one version: \(file)")
            let (kept, own) = (
                try server.anonymous.get(file),
                try server.anonymous.get(String(file.dropFirst("/assets/\(version)".count)))
            )
            #expect(kept.status == 200 && kept.text == own.text, "\(file)")
            #expect(kept.header("Content-Type") == own.header("Content-Type"), "\(file)")
            #expect(kept.header("Cache-Control") == "max-age=31536000, immutable", "\(file)")
            #expect(own.header("Cache-Control") == "no-cache" && own.header("ETag") != nil, "\(file)")
        }
    }

    @Test(arguments: ["/", "/portal/", "/docs"])
    func `what is imported by a plain path is the same module, and no other script stands in the page`(
        _ path: String
    ) throws {
        let page = try server.anonymous.get(path), version = try version(of: page)
        let found = page.text.firstMatch(of: /<script type="importmap">(.*?)<\/script>/)
        let map = String(try #require(found).1)
        let imports = try JSONParser.parse(Array(map.utf8))["imports"]
        for folder in ["app", "portal", "slices", "ui"] {
            #expect(imports?["/\(folder)/"] == .string("/assets/\(version)/\(folder)/"))
        }
        let before = page.text.prefix { $0 != "{" }
        #expect(!before.contains("<script src") && !before.contains("modulepreload"), "the map comes first")
        let digest = Data(SHA256.hash(map)).base64EncodedString()
        let policy = try #require(page.header("Content-Security-Policy"))
        #expect(policy.contains("script-src 'self' 'sha256-\(digest)';"), "\(path)")
        #expect(page.text.matches(of: /<script(?![^>]* src=)/).count == 1, "\(path)")
    }

    @Test func `a former version has what is there now, which nobody keeps`() throws {
        let former = try server.anonymous.get("/assets/0123456789abcdef/app/main.js")
        let plain = try server.anonymous.get("/app/main.js")
        #expect(try server.anonymous.get("/assets/pictures/app/main.js").status == 404, "no version")
        #expect(former.status == 200 && former.text == plain.text)
        #expect(former.header("Cache-Control") == "no-cache" && former.header("ETag") != nil)
        let version = try version(of: try server.anonymous.get("/"))
        for path in ["", "/", "/index.html", "/portal/", "/portal/index.html", "/docs", "/none.js", "/app"] {
            #expect(try server.anonymous.get("/assets/\(version)\(path)").status == 404, "no page: \(path)")
        }
        for path in ["/../../Package.swift", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"] {
            #expect(try server.anonymous.get("/assets/\(version)\(path)").status != 200, "\(path)")
        }
    }

    @Test func `an agency's own host has the portal's files by version, and nothing of the console`() throws {
        let agency = try server.quietAgency(), host = "kept-\(agency.tenant.text("slug")).example"
        try agency.owner.patch("/v1/settings", ["portal_host": .string(host)]).ok()
        let page = try server.anonymous.get("/", ["Host": host]), version = try version(of: page)
        for file in named(by: page) + ["/assets/\(version)/portal/words/de.json"] {
            let kept = try server.anonymous.get(file, ["Host": host])
            #expect(kept.status == 200, "\(file)")
            #expect(kept.header("Cache-Control")?.hasSuffix("immutable") == true, "\(file)")
        }
        for path in ["app/main.js", "app/views/leads.js", "docs", "slices/index.js"] {
            let answer = try server.anonymous.get("/assets/\(version)/\(path)", ["Host": host])
            #expect(answer.status == 404, "\(path)")
        }
    }
}
