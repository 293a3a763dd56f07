import Foundation
import JSON
import Testing

/// What those do who run an installation: they create agencies.
@Suite(.ownThread) struct Operators {
    /// An installation with an operator who is signed in.
    private func installation(
        _ settings: [String: String] = [:]
    ) throws -> (server: BureauProcess, root: Caller) {
        let server = BureauProcess(settings)
        let password = "correct horse battery"
        let made = try server.command(
            "admin", "create", "--email", "root@example.com", "--password", password)
        try #require(made.status == 0, "\(made.output)")
        try server.start()
        let login: JSON = ["email": "root@example.com", "password": .string(password)]
        return (
            server,
            server.caller(try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        )
    }

    private static let harbour: JSON = [
        "name": "Harbour Media", "owner_email": "hanna@harbour.example", "time_zone": "Europe/Berlin",
        "currency": "EUR", "country": "DE", "locale": "de",
    ]

    // MARK: Agencies

    @Test func `an agency is created, and its owner chooses a password by a link that works once`() throws {
        let (server, root) = try installation(["signup.mode": "closed"])
        let answer = try root.post("/v1/admin/tenants", Self.harbour)
        let made = try answer.ok(201)
        #expect(answer.header("Location") == "/v1/admin/tenants/\(made.id)")
        for (field, value) in ["name": "Harbour Media", "currency": "EUR", "country": "DE", "locale": "de"] {
            #expect(made.text(field) == value)
        }
        let link = made.text("owner_link")
        let token = try #require(link.split(separator: "/").last.map(String.init))
        #expect(link.contains("/invitation/"))
        let acceptance: JSON = [
            "token": .string(token), "name": "Hanna Harbour", "password": "correct horse staple",
        ]
        let joined = try server.anonymous.post("/v1/invitations/accept", acceptance).ok(201)
        #expect(joined["user"]?.text("role") == "owner" && joined["tenant"]?.id == made.id)
        let owner = server.caller(joined.text("access_token"))
        #expect(try owner.every("/v1/agents").isEmpty == false, "it is seeded like one that signs up")
        try server.anonymous.post("/v1/invitations/accept", acceptance).problem(410)
        let login: JSON = ["email": "hanna@harbour.example", "password": "correct horse staple"]
        try server.anonymous.post("/v1/auth/login", login).ok()
        // Who made it is in its own audit; the link is nowhere shown again.
        let created = try owner.every("/v1/audit?action=tenant.created")
        #expect(created.count == 1 && created[0]["actor"]?.id != joined["user"]?.id)
        #expect(try !root.get("/v1/admin/tenants/\(made.id)").ok().serialized.contains(token))
        #expect(try root.get("/v1/admin/tenants").ok().items.contains { $0.id == made.id })
    }

    @Test func `a repeated request makes one agency, and every fault is named at once`() throws {
        let (_, root) = try installation()
        let key = ["Idempotency-Key": "harbour-1"]
        let first = try root.post("/v1/admin/tenants", Self.harbour, key).ok(201)
        let again = try root.post("/v1/admin/tenants", Self.harbour, key).ok(201)
        #expect(first == again)
        try root.post("/v1/admin/tenants", ["name": "Other", "owner_email": "o@example.com"], key)
            .problem(422, "idempotency_key_reused")
        #expect(try root.get("/v1/admin/tenants").ok().items.count == 1)
        let faults = try root.post(
            "/v1/admin/tenants", ["owner_email": "nobody", "currency": "money", "time_zone": "Mars"]
        ).faults()
        #expect(Set(faults.keys) == ["/name", "/owner_email", "/currency", "/time_zone"])
        #expect(try root.get("/v1/admin/tenants").ok().items.count == 1)
    }
}
