internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Synchronization
internal import Telemetry

/// The web console and the documentation, from the folder `static`; two plain pages where it is missing. A host that is
/// an agency's own has its portal, and nothing of the console.
struct Pages: Sendable {
    static let policyHeaders = policyHeaders()

    private let files: PageFiles?
    private let portal: PortalPage?
    private let made: MadePages
    private let isPortal: @Sendable (RequestHead) throws -> Bool
    private let log: Log

    init(
        _ configuration: Configuration, _ log: Log, _ made: MadePages,
        isPortal: @escaping @Sendable (RequestHead) throws -> Bool
    ) {
        (self.made, self.isPortal, self.log) = (made, isPortal, log)
        let folder = configuration.staticFolder.isEmpty ? installed("static") : configuration.staticFolder
        files = folder.flatMap { StaticFiles(root: $0, cacheControl: "no-cache") }
            .map { PageFiles(files: $0) }
        portal = folder.map { PortalPage(folder: $0) }
        if files == nil {
            log.warning("the folder of the web pages is missing", ["folder": .init(folder ?? "static")])
        }
    }

    @Sendable func response(_ head: RequestHead) -> Response? {
        guard var response = page(head) else { return nil }
        // Every answer gets this one.
        response.headers.removeAll { $0.0 == "X-Content-Type-Options" }
        if response.header("Content-Type")?.hasPrefix("text/html") == true,
            response.header("Content-Security-Policy") == nil
        {
            response.headers += Self.policyHeaders
        }
        return response
    }

    /// Returns the headers that say what a page may load; `digest` is that of the one script which stands in it.
    static func policyHeaders(allowing digest: String? = nil) -> [(String, String)] {
        let own = digest.map { " 'sha256-\($0)'" } ?? ""
        let policy = """
            default-src 'self'; script-src 'self'\(own); style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
            connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
            """
        return [("Content-Security-Policy", policy), ("Referrer-Policy", "same-origin")]
    }

    private func page(_ head: RequestHead) -> Response? {
        let (segments, version) = PageFiles.named(by: head.segments)
        // Browsers ask for no other than there is.
        if segments == ["portal", "words", "index.json"] {
            return .json(JSON(portal?.languages ?? []), headers: [("Cache-Control", "no-cache")])
        }
        do {
            if try isPortal(head) { return portalPage(segments, version, head) }
        } catch {
            // Which pages a host has cannot be told now: rather none than those of somebody else.
            log.error("whose a host is could not be read", ["error": .init(error)])
            return Response(status: 503, headers: [("Retry-After", "5")])
        }
        if version != nil { return files?.response(for: segments, version, head) }
        if [["portal"], ["portal", ""], ["portal", "index.html"]].contains(segments) {
            return portalIndex(head)
        }
        let asked = segments == ["docs"] ? ["docs.html"] : segments
        return files?.response(for: asked, nil, head) ?? made.response(for: asked) ?? plain(asked)
    }

    /// Returns one of the portal's files, among them those that it shares with the console; its first page is the
    /// host's.
    private func portalPage(_ segments: [String], _ version: String?, _ head: RequestHead) -> Response? {
        switch segments {
        case [], [""]: return portalIndex(head)
        // A place of its own, never one that the request names. What follows the # goes with it.
        case ["portal"], ["portal", ""], ["portal", "index.html"], ["index.html"]:
            return Response(status: 308, headers: [("Location", "/")])
        default: break
        }
        let isShared =
            switch segments[0] {
            case "portal", "public": true
            case "ui": segments.count == 2
            case "app": segments.count == 2 && segments[1] != "main.js"
            case "style.css", "favicon.svg": segments.count == 1
            default: false
            }
        return isShared ? files?.response(for: segments, version, head) : nil
    }

    private func portalIndex(_ head: RequestHead) -> Response? {
        guard let page = portal?.page(head) else { return files?.response(for: ["portal"], nil, head) }
        return files?.page(page.bytes, head, page.headers)
    }

    private func plain(_ segments: [String]) -> Response? {
        switch segments {
        case []:
            .page(
                "Bureau",
                """
                <p>The server is running. The web console is not installed with it: its folder <code>static</code> \
                was not found.</p><p><a href="/docs">The API</a></p>
                """)
        case ["docs.html"]:
            .page(
                "Bureau's API",
                "<p>The OpenAPI document is at <a href=\"/openapi.json\">/openapi.json</a>.</p>")
        default: nil
        }
    }
}

/// Pages that are no files: made once, by the path's only segment.
final class MadePages: Sendable {
    private let pages = Mutex<[String: String]>([:])

    func put(_ html: String, at name: String) { pages.withLock { $0[name] = html } }

    func response(for segments: [String]) -> Response? {
        guard segments.count == 1, let html = pages.withLock({ $0[segments[0]] }) else { return nil }
        return Response(
            status: 200, headers: [("Content-Type", "text/html; charset=utf-8")],
            body: .bytes(Array(html.utf8)))
    }
}

extension Response {
    /// A page that needs nothing else. `body` is HTML.
    static func page(_ title: String, _ body: String, status: Int = 200) -> Response {
        let text = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title>\
            <meta name="viewport" content="width=device-width"></head><body><main><h1>\(escaped(title))</h1>\(body)\
            </main></body></html>
            """
        return Response(
            status: status,
            headers: [("Content-Type", "text/html; charset=utf-8")] + Pages.policyHeaders,
            body: .bytes(Array(text.utf8)))
    }
}

/// Text for HTML.
func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}
