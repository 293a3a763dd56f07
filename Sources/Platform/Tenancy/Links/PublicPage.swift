package import HTTPServer
internal import JSON
internal import Lexicons
package import Records
internal import Routing

/// A page for whoever has its link: no scripts of others, no cookies, nothing that a scanner could set off by looking.
package struct PublicPage: Sendable {
    package var title: String
    /// HTML, with every value escaped by its writer.
    package var body: String
    package var agency: String
    package var color: String
    package var language: String
    package var script: String?
    /// Whether its forms may lead to another service, say to pay: browsers follow a form's redirect nowhere else.
    package var leadsOutside = false

    package init(
        title: String, body: String, agency: String, color: String = "#1f4e79", language: String = "en",
        script: String? = nil, leadsOutside: Bool = false
    ) {
        (self.title, self.body, self.agency) = (title, body, agency)
        (self.color, self.language, self.script) = (color, language, script)
        self.leadsOutside = leadsOutside
    }

    package func response(status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"), ("Referrer-Policy", "no-referrer"),
                ("X-Robots-Tag", "noindex"), ("X-Frame-Options", "DENY"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'\(leadsOutside ? " https:" : ""); connect-src 'self'; script-src \(script == nil ? "'none'" : "'self'"); base-uri 'none'; frame-ancestors 'none'"
                ),
            ], body: .bytes(Array(html.utf8)))
    }

    private var html: String {
        let direction = WritingDirection.isRightToLeft(language) ? " dir=\"rtl\"" : ""
        let own = ReadableColor(color)
        let (light, dark) = (
            own.readable(on: ReadableColor("#f5f6f8")), own.readable(on: ReadableColor("#1d2126"))
        )
        return """
            <!DOCTYPE html>
            <html lang="\(language.htmlEscaped)"\(direction)><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>\(title.htmlEscaped)</title>
            <link rel="icon" href="data:,">
            <style>
            :root{--ink:#1c1f23;--soft:#5b6470;--line:#dfe3e8;--paper:#fff;--back:#f5f6f8;--accent:\(light.text);--on-accent:\(light.opposite)}
            @media (prefers-color-scheme:dark){:root{--ink:#e9ecef;--soft:#a3adb8;--line:#363c44;--paper:#1d2126;--back:#14171a;--accent:\(dark.text);--on-accent:\(dark.opposite)}}
            *{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
            main{max-width:760px;margin:0 auto;padding:40px 24px 64px}header{color:var(--soft);margin-bottom:24px}
            article{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:32px}
            h1{font-size:28px;line-height:1.2;margin:0 0 8px}h2{font-size:19px;margin:28px 0 8px}
            table{width:100%;border-collapse:collapse}th,td{padding:10px 8px;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
            td.amount,th.amount{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}tfoot td{font-weight:600;border-bottom:0}
            .soft{color:var(--soft)}form{margin-top:28px;padding-top:20px;border-top:1px solid var(--line)}
            label{display:block;margin:10px 0}input[type=text],textarea{width:100%;padding:10px;font:inherit;color:inherit;background:transparent;border:1px solid var(--soft);border-radius:6px}
            button,.button{display:inline-block;margin:10px 8px 0 0;padding:11px 20px;font:inherit;font-weight:600;border:1px solid var(--accent);border-radius:6px;background:var(--accent);color:var(--on-accent);cursor:pointer;text-decoration:none}
            button.quiet{background:transparent;color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
            .done{padding:12px 16px;border-inline-start:4px solid var(--accent);background:var(--back)}
            </style></head><body><main><header>\(agency.htmlEscaped)</header><article>
            \(body)
            </article></main>\(script.map { "<script src=\"\($0.htmlEscaped)\" defer></script>" } ?? "")</body></html>
            """
    }
}

extension Call {
    /// A field of what a page's form, or a program as JSON, has sent; `nil` where it is not there.
    package func field(_ name: String) throws(Problem) -> String? {
        if let form = FormData(request.bytes, contentType: request.head.header("Content-Type") ?? "") {
            return form.parts.first { $0.name == name && $0.fileName == nil }?.text
        }
        return request.bytes.isEmpty ? nil : try object()[name].flatMap { $0.text ?? $0.int.map(String.init) }
    }

    /// Whether the answer is for a browser.
    package var isFromPage: Bool {
        request.head.header("Accept")?.lowercased().contains("text/html") == true
    }
}
