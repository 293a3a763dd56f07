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
        #expect(try link("b@acme.example").contains("//clients-\(slug).example"))
        let own = try agency.owner.post(
            "/v1/invitations", ["email": "c@agency.example", "role": "member"]
        ).ok(201)
        #expect(own.text("link").contains("/#/invitation/it_"))
    }
}
