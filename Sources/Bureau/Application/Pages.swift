internal import HTTPServer
internal import Telemetry

/// The web console and the documentation, from the folder `static`; two plain pages where it is missing.
struct Pages: Sendable {
    private static let policy = """
        default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
        connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
        """

    private let files: StaticFiles?

    init(_ configuration: Configuration, _ log: Log) {
        let folder = configuration.staticFolder.isEmpty ? installed("static") : configuration.staticFolder
        files = folder.flatMap { StaticFiles(root: $0, cacheControl: "no-cache") }
        if files == nil {
            log.warning("the folder of the web pages is missing", ["folder": .init(folder ?? "static")])
        }
    }

    @Sendable func response(_ head: RequestHead) -> Response? {
        let segments = head.segments == ["docs"] ? ["docs.html"] : head.segments
        guard var response = files?.response(for: segments, head) ?? plain(segments) else { return nil }
        // Every answer gets this one.
        response.headers.removeAll { $0.0 == "X-Content-Type-Options" }
        if response.header("Content-Type")?.hasPrefix("text/html") == true {
            response.headers += [("Content-Security-Policy", Self.policy), ("Referrer-Policy", "same-origin")]
        }
        return response
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
            .page("Bureau's API", "<p>The OpenAPI document is at <a href=\"/openapi.json\">/openapi.json</a>.</p>")
        default: nil
        }
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
        return Response(status: status, headers: [("Content-Type", "text/html; charset=utf-8")], body: .bytes(Array(text.utf8)))
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
