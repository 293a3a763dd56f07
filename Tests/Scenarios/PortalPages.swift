import Foundation
import JSON
import Testing

/// The portal's pages, as far as they can be tried without a browser.
@Suite(.ownThread) struct PortalPages {
    let server = BureauProcess.shared

    @Test func `every module of the portal is served, and none lies about`() throws {
        let paths = Set(try server.modules(of: "/portal/main.js").keys)
        let kept =
            FileManager.default.enumerator(atPath: BureauProcess.root + "/static/portal")?
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".js") }.map { "/portal/\($0)" } ?? []
        #expect(kept.count > 15)
        #expect(Set(kept).subtracting(paths).isEmpty)
        for path in ["/portal/", "/portal/index.html"] {
            let page = try server.anonymous.get(path)
            #expect(page.status == 200 && page.text.contains("/portal/main.js"), "\(path)")
            #expect(page.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
        }
    }

    @Test func `what the portal calls is there for clients`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let known = Set((document["paths"]?.object?.keys ?? []).map { $0.replacing(/\{\w+\}/, with: "{}") })
        var called: Set<String> = []
        for (path, text) in try server.modules(of: "/portal/main.js") where path.hasPrefix("/portal/") {
            for found in text.matches(of: /["`](\/v1\/[^"`?]*)/) {
                let call = String(found.1.replacing(/\$\{[^}]*\}/, with: "{}"))
                called.insert(call)
                #expect(known.contains(call), "\(path) calls \(call)")
                let isOpen = ["/v1/portal/", "/v1/auth/", "/v1/invitations/accept"].contains {
                    call.hasPrefix($0)
                }
                #expect(isOpen, "\(path) calls \(call), which is not for clients")
            }
        }
        #expect(called.count > 20, "the pattern finds the calls")
    }

    @Test func `nothing that comes from outside becomes markup there`() throws {
        let banned = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
            "srcdoc",
        ]
        for (path, text) in try server.modules(of: "/portal/main.js") where path.hasPrefix("/portal/") {
            for word in banned { #expect(!text.contains(word), "\(path) uses \(word)") }
        }
    }

    @Test func `invitations and links to sign in lead to the portal, under its own host where it has one`()
        throws
    {
        let agency = try server.quietAgency()
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        func link(_ email: String) throws -> String {
            try agency.owner.post(
                "/v1/invitations",
                ["email": .string(email), "role": "client", "client_id": .string(client.id)]
            ).ok(201).text("link")
        }
        let slug = agency.tenant.text("slug")
        #expect(try link("a@acme.example").contains("/portal/?agency=\(slug)#/invitation/it_"))
        try agency.owner.patch("/v1/settings", ["portal_host": .string("clients-\(slug).example")]).ok()
        #expect(try link("b@acme.example").contains(/\/\/clients-[\w-]+\.example(:\d+)?\/#\/invitation\/it_/))
        let own = try agency.owner.post(
            "/v1/invitations", ["email": "c@agency.example", "role": "member"]
        ).ok(201)
        #expect(own.text("link").contains("/#/invitation/it_"))
    }

    @Test func `an agency's own host has its portal at its root, and nothing of the console`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let host = "portal-\(agency.tenant.text("slug")).example"
        func page(_ path: String, _ host: String) throws -> Answer {
            try server.anonymous.get(path, ["Host": host])
        }
        #expect(try page("/", host).text.contains("/app/main.js"), "a host of nobody's has the console")
        try agency.owner.patch("/v1/settings", ["portal_host": .string(host)]).ok()
        for name in [host, host.uppercased(), "\(host):8443"] {
            let root = try page("/", name)
            #expect(root.status == 200 && root.text.contains("/portal/main.js"), "\(name)")
            #expect(!root.text.contains("/app/main.js"))
            #expect(root.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
        }
        // The modules of the pages are there, whatever they share with the console; the console itself is
        // not.
        for path in try server.modules(of: "/portal/main.js").keys {
            #expect(try page(path, host).status == 200, "\(path)")
        }
        for path in ["/style.css", "/favicon.svg", "/portal/portal.css", "/public/chat.js"] {
            #expect(try page(path, host).status == 200, "\(path)")
        }
        for path in ["/app/main.js", "/app/views/leads.js", "/docs", "/docs.html", "/app/", "/nobody"] {
            #expect(try page(path, host).status == 404, "\(path)")
        }
        // Nothing that the request says is where it leads.
        for path in [
            "/portal", "/portal/", "/portal/?agency=x", "/index.html", "/portal/index.html?to=//evil.example",
        ] {
            let answer = try page(path, host)
            #expect(answer.status == 308 && answer.header("Location") == "/", "\(path)")
        }
        for path in ["//evil.example", "/portal//evil.example", "/%2f%2fevil.example"] {
            #expect(try page(path, host).header("Location").map { $0 == "/" } ?? true, "\(path)")
        }
        // There it is that agency's, whatever the address asks for.
        for query in ["", "?slug=\(other.tenant.text("slug"))"] {
            let brand = try page("/v1/portal/brand\(query)", host).ok()
            #expect(brand["slug"] == agency.tenant["slug"])
        }
        for path in ["/", "/docs", "/app/main.js", "/portal/"] {
            #expect(try page(path, "127.0.0.1").status == 200, "other hosts are as they were: \(path)")
        }
        try other.owner.patch("/v1/settings", ["portal_host": .string(host)]).problem(409)
        // The installation's own host is nobody's, and an address is no name.
        #expect(
            try other.owner.patch("/v1/settings", ["portal_host": "127.0.0.1"]).faults() == [
                "/portal_host": "invalid_host"
            ])
        try agency.owner.patch("/v1/settings", ["portal_host": nil]).ok()
        #expect(try page("/", host).text.contains("/app/main.js"))
    }
}
