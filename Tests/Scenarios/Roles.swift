import JSON
import Testing

@Suite(.ownThread) struct Roles {
    let server = BureauProcess.shared

    @Test func `roles bound what a colleague may do`() throws {
        let agency = try server.quietAgency()
        let (viewer, member) = (try agency.colleague("viewer"), try agency.colleague("member"))
        let lead = try agency.makeLead()
        let path = "/v1/leads/\(lead.id)"
        try viewer.get(path).ok()
        let refusal = try viewer.patch(path, ["notes": "x"]).problem(403, "forbidden")
        #expect(refusal.text("detail").contains("leads:write"))
        try viewer.delete(path).problem(403, "forbidden")
        try viewer.post("/v1/leads", ["company": "X"]).problem(403, "forbidden")
        try member.patch(path, ["notes": "x"]).ok()
        #expect(try agency.owner.get(path).ok().text("notes") == "x")
    }

    @Test(arguments: ["viewer", "member", "manager"])
    func `nobody makes a colleague who may do more than themselves`(_ role: String) throws {
        let agency = try server.signUp()
        let colleague = try agency.colleague(role)
        let body: JSON = [
            "name": "X", "email": "x@example.com", "role": "owner", "password": "correct horse battery",
        ]
        try colleague.post("/v1/users", body).problem(403, "forbidden")
        try colleague.post("/v1/invitations", ["email": "x@example.com", "role": "owner"]).problem(
            403, "forbidden")
        let own = try colleague.get("/v1/me").ok()["user"]?.id ?? ""
        try colleague.patch("/v1/users/\(own)", ["role": "owner"]).problem(403, "forbidden")
        try colleague.patch("/v1/users/\(agency.user.id)", ["role": "viewer"]).problem(403, "forbidden")
        #expect(try agency.owner.total(of: "users") == 2)
    }

    /// Creates the users, keys and roles that the verbs are tried on, each with the permissions of a role.
    private struct Targets {
        let agency: Agency
        let held: [String: Set<String>]

        func user(_ role: String) -> JSON {
            [
                "name": "Ann", "email": .string("u\(UInt64.random(in: 0...UInt64.max))@example.com"),
                "role": .string(role), "password": "correct horse battery",
            ]
        }
        func person(_ role: String) throws -> String {
            try agency.owner.post("/v1/users", user(role)).ok(201).id
        }
        func scopes(_ role: String) -> JSON { JSON((held[role] ?? []).sorted()) }
        func key(_ role: String) throws -> String {
            try agency.owner.post("/v1/api-keys", ["name": "k", "scopes": scopes(role)]).ok(201).id
        }
        func kept(_ role: String) throws -> String {
            let name = "copy-\(UInt64.random(in: 0...UInt64.max))"
            return try agency.owner.post("/v1/roles", ["name": .string(name), "permissions": scopes(role)])
                .ok(201).id
        }
    }

    private typealias Verb = (needs: String, name: String, call: (Caller, String) throws -> Answer)

    /// Tries every role that may touch users and keys, with every verb, on every role that could be touched. One rule
    /// guards all verbs.
    @Test func `a user with fewer permissions cannot create, change or delete one with more`() throws {
        let agency = try server.signUp()
        let keeping: JSON = [
            "users:read", "users:write", "invitations:read", "invitations:write", "api_keys:read",
            "api_keys:write",
            "roles:read", "roles:write", "leads:read",
        ]
        try agency.owner.post("/v1/roles", ["name": "keeper", "permissions": keeping]).ok(201)
        try agency.owner.post("/v1/roles", ["name": "scout", "permissions": ["leads:read"]]).ok(201)
        let roles = ["owner", "manager", "member", "viewer", "keeper", "scout"]
        var callers: [String: Caller] = [:], held: [String: Set<String>] = [:]
        for role in roles {
            let caller = try agency.colleague(role)
            callers[role] = caller
            held[role] = Set(try caller.get("/v1/me").ok()["permissions"]?.array?.compactMap(\.text) ?? [])
        }
        let made = Targets(agency: agency, held: held)
        let verbs: [Verb] = [
            ("users:write", "POST users", { try $0.post("/v1/users", made.user($1)) }),
            (
                "users:write", "PATCH a user's name",
                { try $0.patch("/v1/users/\(made.person($1))", ["name": "X"]) }
            ),
            (
                "users:write", "PATCH a user's address",
                {
                    try $0.patch("/v1/users/\(made.person($1))", ["email": made.user($1)["email"] ?? .null])
                }
            ),
            (
                "users:write", "PATCH a user's status",
                { try $0.patch("/v1/users/\(made.person($1))", ["status": "disabled"]) }
            ),
            (
                "users:write", "PATCH up to a role",
                { try $0.patch("/v1/users/\(made.person("scout"))", ["role": .string($1)]) }
            ),
            (
                "users:write", "PATCH down from a role",
                { try $0.patch("/v1/users/\(made.person($1))", ["role": "scout"]) }
            ),
            ("users:write", "DELETE a user", { try $0.delete("/v1/users/\(made.person($1))") }),
            (
                "invitations:write", "POST an invitation",
                {
                    try $0.post(
                        "/v1/invitations", ["email": made.user($1)["email"] ?? .null, "role": .string($1)])
                }
            ),
            (
                "invitations:write", "DELETE an invitation",
                { caller, role in
                    let invitation = try agency.owner.post(
                        "/v1/invitations",
                        ["email": made.user(role)["email"] ?? .null, "role": .string(role)]
                    ).ok(201)
                    return try caller.delete("/v1/invitations/\(invitation.id)")
                }
            ),
            (
                "api_keys:write", "POST a key",
                { try $0.post("/v1/api-keys", ["name": "k", "scopes": made.scopes($1)]) }
            ),
            (
                "api_keys:write", "PATCH a key",
                { try $0.patch("/v1/api-keys/\(made.key($1))", ["name": "x"]) }
            ),
            (
                "api_keys:write", "PATCH a key down",
                { try $0.patch("/v1/api-keys/\(made.key($1))", ["scopes": ["leads:read"]]) }
            ),
            ("api_keys:write", "rotate a key", { try $0.post("/v1/api-keys/\(made.key($1))/rotate") }),
            ("api_keys:write", "DELETE a key", { try $0.delete("/v1/api-keys/\(made.key($1))") }),
            (
                "roles:write", "POST a role",
                {
                    try $0.post(
                        "/v1/roles",
                        [
                            "name": .string(made.user($1).text("email").prefix { $0 != "@" }.description),
                            "permissions": made.scopes($1),
                        ])
                }
            ),
            (
                "roles:write", "PATCH a role",
                { try $0.patch("/v1/roles/\(made.kept($1))", ["permissions": ["leads:read"]]) }
            ),
            ("roles:write", "DELETE a role", { try $0.delete("/v1/roles/\(made.kept($1))") }),
        ]
        for actor in roles {
            guard let caller = callers[actor], let own = held[actor] else { continue }
            for target in roles {
                let isBelow = (held[target] ?? []).isSubset(of: own)
                for verb in verbs {
                    let answer = try verb.call(caller, target)
                    let what = Comment("\(actor): \(verb.name), of \(target): \(answer)")
                    if own.contains(verb.needs), isBelow {
                        #expect((200...299).contains(answer.status), what)
                    } else {
                        #expect(answer.status == 403, what)
                    }
                }
            }
        }
        #expect(try agency.owner.get("/v1/users?role=owner").ok().items.count >= 2)
    }

    @Test func `the last owner can neither be demoted, disabled nor deleted`() throws {
        let agency = try server.signUp()
        let path = "/v1/users/\(agency.user.id)"
        for change: JSON in [["role": "viewer"], ["status": "disabled"]] {
            try agency.owner.patch(path, change).problem(409, "conflict")
        }
        try agency.owner.delete(path).problem(409, "conflict")
        #expect(try agency.owner.get("/v1/me").ok().text("role") == "owner")
    }

    @Test func `a changed role counts at once, a disabled or deleted colleague is out at once`() throws {
        let agency = try server.signUp()
        let colleague = try agency.colleague("member")
        let id = try colleague.get("/v1/me").ok()["user"]?.id ?? ""
        try colleague.post("/v1/leads", lead()).ok(201)
        try agency.owner.patch("/v1/users/\(id)", ["role": "viewer"]).ok()
        try colleague.post("/v1/leads", lead(1)).problem(403, "forbidden")
        try agency.owner.patch("/v1/users/\(id)", ["status": "disabled"]).ok()
        try colleague.get("/v1/me").problem(401, "unauthenticated")
        let second = try agency.colleague("member")
        let other = try second.get("/v1/me").ok()["user"]?.id ?? ""
        try agency.owner.delete("/v1/users/\(other)").ok(204)
        try second.get("/v1/me").problem(401, "unauthenticated")
    }

    @Test func `an agency's own role gives exactly its permissions`() throws {
        let agency = try server.signUp()
        try agency.owner.post("/v1/roles", ["name": "scout", "permissions": ["leads:read", "leads:write"]])
            .ok(201)
        let scout = try agency.colleague("scout")
        let permissions = try scout.get("/v1/me").ok()["permissions"]?.array?.compactMap(\.text) ?? []
        #expect(Set(permissions) == ["leads:read", "leads:write"])
        try scout.post("/v1/leads", lead()).ok(201)
        try scout.get("/v1/audit").problem(403, "forbidden")
        let unknown: JSON = ["name": "dreamer", "permissions": ["moon:walk"]]
        #expect(try agency.owner.post("/v1/roles", unknown).faults().values.contains("invalid_choice"))
        let taken = try agency.owner.post("/v1/roles", ["name": "owner", "permissions": ["leads:read"]])
        #expect([409, 422].contains(taken.status), "a built-in role stays what it is: \(taken)")
    }

    @Test func `whoever keeps the roles can neither make nor widen one beyond their own permissions`() throws
    {
        let agency = try server.signUp()
        let own: JSON = ["roles:read", "roles:write", "leads:read"]
        let role = try agency.owner.post("/v1/roles", ["name": "keeper", "permissions": own]).ok(201)
        let keeper = try agency.colleague("keeper")
        try keeper.post("/v1/roles", ["name": "strong", "permissions": ["users:write"]]).problem(
            403, "forbidden")
        let wider: JSON = ["roles:read", "roles:write", "leads:read", "users:write"]
        try keeper.patch("/v1/roles/\(role.id)", ["permissions": wider]).problem(403, "forbidden")
        try keeper.get("/v1/users").problem(403, "forbidden")
        try keeper.post("/v1/roles", ["name": "reader", "permissions": ["leads:read"]]).ok(201)
    }

    @Test func `an address is one user of an agency`() throws {
        let agency = try server.signUp()
        let body: JSON = [
            "name": "Joe", "email": .string(agency.email.uppercased()), "role": "viewer",
            "password": "correct horse battery",
        ]
        try agency.owner.post("/v1/users", body).problem(409, "already_exists")
    }

    @Test func `every fault of a user is named at once`() throws {
        let agency = try server.signUp()
        let faults = try agency.owner.post(
            "/v1/users", ["email": "nobody", "password": "short", "colour": 1]
        ).faults()
        #expect(
            faults == [
                "/name": "required", "/email": "invalid_email", "/role": "required",
                "/password": "weak_password",
                "/colour": "unknown_field",
            ])
        let body: JSON = [
            "name": "J", "email": "j@example.com", "role": "emperor", "password": "correct horse battery",
        ]
        let refusal = try agency.owner.post("/v1/users", body).problem(422, "invalid_choice")
        #expect(refusal["errors"]?[0]["choices"]?.array?.contains("viewer") == true)
    }
}

@Suite(.ownThread) struct Invitations {
    let server = BureauProcess.shared

    func accept(_ token: String, password: String = "correct horse battery") throws -> Answer {
        let body: JSON = ["token": .string(token), "name": "Nora New", "password": .string(password)]
        return try server.anonymous.post("/v1/invitations/accept", body)
    }

    @Test func `an invitation is accepted once, and makes the account and the session`() throws {
        let agency = try server.signUp()
        let email = "nora-" + agency.email
        let made = try agency.owner.post("/v1/invitations", ["email": .string(email), "role": "member"]).ok(
            201)
        #expect(
            made.text("status") == "pending" && !made.text("token").isEmpty
                && !made.text("expires_at").isEmpty)
        #expect(try !agency.owner.get("/v1/invitations/\(made.id)").text.contains(made.text("token")))
        #expect(try !agency.owner.get("/v1/invitations").text.contains(made.text("token")))
        let answer = try accept(made.text("token")).ok(201)
        #expect(answer["user"]?.text("role") == "member" && answer["tenant"]?.id == agency.tenant.id)
        try server.caller(answer.text("access_token")).get("/v1/leads").ok()
        try accept(made.text("token")).problem(410, "invitation_invalid")
        #expect(try agency.owner.get("/v1/invitations/\(made.id)").ok().text("status") == "accepted")
    }

    @Test func `a revoked or made-up invitation is gone`() throws {
        let agency = try server.signUp()
        let made = try agency.owner.post("/v1/invitations", ["email": "r@example.com", "role": "viewer"]).ok(
            201)
        try agency.owner.delete("/v1/invitations/\(made.id)").ok(204)
        try accept(made.text("token")).problem(410, "invitation_invalid")
        try accept("it_0000000000000000000000000000000000000000").problem(410, "invitation_invalid")
        #expect(try agency.owner.total(of: "users") == 1)
    }

    @Test func `a refused password does not use the invitation up`() throws {
        let agency = try server.signUp()
        let made = try agency.owner.post("/v1/invitations", ["email": "w@example.com", "role": "viewer"]).ok(
            201)
        #expect(try accept(made.text("token"), password: "short").faults()["/password"] == "weak_password")
        try accept(made.text("token")).ok(201)
    }

    @Test func `of many acceptances at once one makes an account`() throws {
        let agency = try server.signUp()
        let made = try agency.owner.post("/v1/invitations", ["email": "m@example.com", "role": "viewer"]).ok(
            201)
        let token = made.text("token")
        let statuses = try together(6) { _ in try accept(token).status }
        #expect(statuses.filter { $0 == 201 }.count == 1 && Set(statuses) == [201, 410], "\(statuses)")
        #expect(try agency.owner.total(of: "users") == 2)
    }

    @Test func `a client's invitation names the client`() throws {
        let agency = try server.signUp()
        let faults = try agency.owner.post("/v1/invitations", ["email": "c@example.com", "role": "client"])
            .faults()
        #expect(faults == ["/client_id": "required"])
        try agency.owner.post("/v1/invitations", ["email": "c@example.com", "role": "platform_admin"])
            .problem(422)
    }
}
