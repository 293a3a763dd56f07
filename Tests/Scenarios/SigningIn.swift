import JSON
import TestRandomness
import Testing

@Suite(.ownThread) struct SigningIn {
    let server = BureauProcess.shared

    func login(_ email: String, _ password: String, _ more: JSONObject = [:]) throws -> Answer {
        var body: JSONObject = ["email": .string(email), "password": .string(password)]
        for (key, value) in more.members { body[key] = value }
        return try server.anonymous.post("/v1/auth/login", .object(body))
    }

    func refresh(_ token: String) throws -> Answer {
        try server.anonymous.post("/v1/auth/refresh", ["refresh_token": .string(token)])
    }

    // MARK: Signing up

    @Test func `an agency signs up and is signed in as its owner`() throws {
        let body: JSON = [
            "agency": "Northwind", "name": "Olive", "email": "olive@northwind.example",
            "password": "correct horse battery", "time_zone": "Europe/Berlin",
        ]
        let answer = try server.anonymous.post("/v1/auth/signup", body).ok(201)
        #expect(answer.text("token_type") == "Bearer")
        #expect((1...900).contains(answer["expires_in"]?.int ?? 0))
        #expect(answer["tenant"]?.text("name") == "Northwind")
        #expect(answer["tenant"]?.text("time_zone") == "Europe/Berlin")
        #expect(answer["tenant"]?.text("slug").hasPrefix("northwind") == true)
        #expect(answer["tenant"]?.text("currency").count == 3)
        #expect(
            answer["user"]?.text("role") == "owner"
                && answer["user"]?.text("email") == "olive@northwind.example")
        let me = try server.caller(answer.text("access_token")).get("/v1/me").ok()
        #expect(me["user"]?.id == answer["user"]?.id && me["tenant"]?.id == answer["tenant"]?.id)
        #expect(me.text("role") == "owner")
        let permissions = Set(me["permissions"]?.array?.compactMap(\.text) ?? [])
        #expect(permissions.isSuperset(of: ["leads:read", "leads:write", "agents:run", "audit:read"]))
    }

    @Test func `every fault of a sign-up is named at once`() throws {
        let body: JSON = [
            "agency": "", "email": "nobody", "password": "short", "time_zone": "Mars/Olympus", "colour": 1,
        ]
        let faults = try server.anonymous.post("/v1/auth/signup", body).faults()
        let pointers: Set = ["/agency", "/name", "/email", "/password", "/time_zone", "/colour"]
        #expect(Set(faults.keys) == pointers)
        #expect(faults["/name"] == "required" && faults["/password"] == "weak_password")
        #expect(faults["/time_zone"] == "invalid_time_zone" && faults["/colour"] == "unknown_field")
    }

    @Test(arguments: ["passwordpassword", "123456789012", "qwertyuiop123", "elevenchars"])
    func `a short or common password is refused`(_ password: String) throws {
        let body: JSON = [
            "agency": "A", "name": "N", "email": "n@example.com", "password": .string(password),
        ]
        #expect(try server.anonymous.post("/v1/auth/signup", body).faults()["/password"] == "weak_password")
    }

    @Test func `a second sign-up with an address makes an account of its own`() throws {
        let first = try server.signUp()
        let body: JSON = [
            "agency": "B", "name": "N", "email": .string(first.email.uppercased()),
            "password": "another horse battery",
        ]
        let answer = try server.anonymous.post("/v1/auth/signup", body)
        if answer.status == 201 { #expect(answer.json["tenant"]?.id != first.tenant.id) }
        #expect([201, 409, 422].contains(answer.status))
        let tenant: JSONObject = ["tenant": .string(first.tenant.id)]
        try login(first.email, "another horse battery", tenant).problem(401, "invalid_credentials")
        try login(first.email, first.password, tenant).ok()
    }

    @Test func `an address of two agencies has to name one, after the right password only`() throws {
        let (one, two) = (try server.signUp("Twin"), try server.signUp("Twin"))
        let email = one.email
        let password = "the same horse battery"
        for agency in [one, two] {
            let body: JSON = [
                "name": "Both", "email": .string("both-" + email), "role": "member",
                "password": .string(password),
            ]
            try agency.owner.post("/v1/users", body).ok(201)
        }
        let refusal = try login("both-" + email, password).problem(409, "tenant_required")
        let slugs = [one, two].map { $0.tenant.text("slug") }
        for slug in slugs { #expect(refusal.serialized.contains("\"\(slug)\"")) }
        try login("both-" + email, "wrong horse battery").problem(401, "invalid_credentials")
        for agency in [one, two] {
            let bySlug = try login("both-" + email, password, ["tenant": .string(agency.tenant.text("slug"))])
                .ok()
            #expect(bySlug["tenant"]?.id == agency.tenant.id)
        }
    }

    // MARK: Signing in

    @Test func `the right password opens, whatever the case of the address`() throws {
        let agency = try server.signUp()
        for email in [agency.email, agency.email.uppercased()] {
            let answer = try login(email, agency.password).ok()
            #expect(answer["user"]?.id == agency.user.id && answer["tenant"]?.id == agency.tenant.id)
            #expect(!answer.text("refresh_token").isEmpty)
        }
    }

    @Test func `a password is what was typed, with the spaces around it, everywhere`() throws {
        let agency = try server.signUp()
        func signIn(_ email: String, _ password: String) throws -> Answer {
            try server.anonymous.post(
                "/v1/auth/login",
                ["email": .string(email), "password": .string(password), "tenant": .string(agency.tenant.id)])
        }
        let (spaced, bare) = ("  correct horse battery ", "correct horse battery")
        let user: JSON = [
            "name": "Ann", "email": "ann@example.com", "role": "viewer", "password": .string(spaced),
        ]
        try agency.owner.post("/v1/users", user).ok(201)
        let token = try signIn("ann@example.com", spaced).ok().text("access_token")
        try signIn("ann@example.com", bare).problem(401, "invalid_credentials")
        let change: JSON = ["current_password": .string(spaced), "password": " another horse battery"]
        try server.caller(token).patch("/v1/me", change).ok()
        try signIn("ann@example.com", "another horse battery").problem(401)
        try signIn("ann@example.com", " another horse battery").ok()
        let invited = try agency.owner.post(
            "/v1/invitations", ["email": "bea@example.com", "role": "viewer"]
        ).ok(201)
        let acceptance: JSON = [
            "token": invited["token"] ?? .null, "name": "Bea", "password": .string(spaced),
        ]
        try server.anonymous.post("/v1/invitations/accept", acceptance).ok(201)
        try signIn("bea@example.com", bare).problem(401)
        try signIn("bea@example.com", spaced).ok()
        let signup: JSON = [
            "agency": "Spaces", "name": "Cleo", "email": "cleo-spaces@example.com",
            "password": .string(spaced),
        ]
        let tenant = try server.anonymous.post("/v1/auth/signup", signup).ok(201)["tenant"]?.id ?? ""
        for (password, status) in [(bare, 401), (spaced, 200)] {
            let login: JSON = [
                "email": "cleo-spaces@example.com", "password": .string(password), "tenant": .string(tenant),
            ]
            #expect(try server.anonymous.post("/v1/auth/login", login).status == status)
        }
    }

    @Test func `every wrong combination gets the same answer`() throws {
        let agency = try server.signUp()
        let answers = [
            try login(agency.email, "wrong horse battery"),
            try login("nobody@example.com", "wrong horse battery"),
            try login(agency.email, "wrong horse battery", ["tenant": .string(agency.tenant.id)]),
            try login(agency.email, agency.password, ["tenant": "no-such-agency"]),
        ]
        let details = try Set(answers.map { try $0.problem(401, "invalid_credentials").text("detail") })
        #expect(details.count == 1, "a guesser learns: \(details)")
    }

    @Test func `guessing one account's password ends in 429, and harms nobody else`() throws {
        let (victim, other) = (try server.signUp(), try server.signUp())
        var refusal: Answer?
        for _ in 0..<30 where refusal == nil {
            let answer = try login(victim.email, "wrong horse battery")
            if answer.status == 429 {
                refusal = answer
            } else {
                try answer.problem(401, "invalid_credentials")
            }
        }
        let throttled = try #require(refusal)
        try throttled.problem(429, "rate_limited")
        #expect(throttled.header("Retry-After").flatMap { Int($0) } ?? 0 > 0)
        try login(victim.email, victim.password).problem(429, "rate_limited")
        try victim.owner.get("/v1/me").ok()
        try login(other.email, other.password).ok()
    }

    @Test func `asking for a new password never says whether an account exists`() throws {
        let agency = try server.signUp()
        let answers = try [agency.email, "nobody-\(agency.email)"].map {
            try server.anonymous.post("/v1/auth/password/forgot", ["email": .string($0)])
        }
        #expect(answers[0].status == answers[1].status && (200..<300).contains(answers[0].status))
        #expect(answers[0].body == answers[1].body)
        let reset: JSON = ["token": "it_nothing", "password": "another horse battery"]
        let refusal = try server.anonymous.post("/v1/auth/password/reset", reset)
        #expect((400..<500).contains(refusal.status), "\(refusal)")
    }

    // MARK: Refreshing

    @Test func `a refresh token works once and gives a new pair`() throws {
        let agency = try server.signUp()
        let second = try refresh(agency.refreshToken).ok()
        #expect(second.text("refresh_token") != agency.refreshToken)
        try server.caller(second.text("access_token")).get("/v1/me").ok()
        let third = try refresh(second.text("refresh_token")).ok()
        #expect(![agency.refreshToken, second.text("refresh_token")].contains(third.text("refresh_token")))
    }

    @Test func `a used refresh token ends its whole family, and no other session`() throws {
        let agency = try server.signUp()
        let other = try agency.signIn()
        let second = try refresh(agency.refreshToken).ok()
        try refresh(agency.refreshToken).problem(401, "refresh_token_reused")
        try refresh(second.text("refresh_token")).problem(401)
        try server.caller(second.text("access_token")).get("/v1/me").problem(401, "unauthenticated")
        try agency.owner.get("/v1/me").problem(401, "unauthenticated")
        try server.caller(other.text("access_token")).get("/v1/me").ok()
        try login(agency.email, agency.password).ok()
    }

    @Test func `of many refreshes at once with one token, one succeeds at most`() throws {
        let agency = try server.signUp()
        let statuses = try together(8) { _ in
            try server.anonymous.post("/v1/auth/refresh", ["refresh_token": .string(agency.refreshToken)])
                .status
        }
        #expect(
            statuses.filter { $0 == 200 }.count <= 1 && Set(statuses).isSubset(of: [200, 401]), "\(statuses)")
    }

    @Test(arguments: ["", "rubbish", "rt_0000000000000000000000000000000000000000"])
    func `a refresh token that was never given is refused`(_ token: String) throws {
        let answer = try refresh(token)
        #expect([401, 422].contains(answer.status), "\(answer)")
    }

    // MARK: Sessions

    @Test func `logging out ends the session at once, its refresh token too`() throws {
        let agency = try server.signUp()
        try agency.owner.post("/v1/auth/logout").ok(204)
        try agency.owner.get("/v1/me").problem(401, "unauthenticated")
        try refresh(agency.refreshToken).problem(401)
    }

    @Test func `sessions are listed, and a revoked one is out at once while others stay`() throws {
        let agency = try server.signUp()
        let other = server.caller(try agency.signIn().text("access_token"))
        let sessions = try agency.owner.get("/v1/auth/sessions").ok().items
        #expect(sessions.count == 2 && sessions.filter { $0["current"] == true }.count == 1)
        for session in sessions {
            for member in ["id", "created_at", "last_used_at", "user_agent", "current"] {
                #expect(session[member] != nil, "\(member)")
            }
        }
        let theirs = try #require(sessions.first { $0["current"] == false })
        try agency.owner.delete("/v1/auth/sessions/\(theirs.id)").ok(204)
        try other.get("/v1/me").problem(401, "unauthenticated")
        try agency.owner.get("/v1/me").ok()
        #expect(
            try agency.owner.get("/v1/auth/sessions").ok().items.map(\.id) == [
                sessions.first { $0["current"] == true }?.id
            ])
    }

    @Test func `a colleague's session is none of mine to end`() throws {
        let agency = try server.signUp()
        let viewer = try agency.colleague("viewer")
        let mine = try #require(
            try agency.owner.get("/v1/auth/sessions").ok().items.first { $0["current"] == true })
        try viewer.delete("/v1/auth/sessions/\(mine.id)").problem(404, "not_found")
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `one may change one's own name, not one's role`() throws {
        let agency = try server.signUp()
        let viewer = try agency.colleague("viewer")
        try viewer.patch("/v1/me", ["name": "Victor Viewer"]).ok()
        for empty in ["", " ", nil] as [JSON] {
            #expect(try viewer.patch("/v1/me", ["name": empty]).faults() == ["/name": "required"])
        }
        #expect(try viewer.get("/v1/me").ok()["user"]?.text("name") == "Victor Viewer")
        let answer = try viewer.patch("/v1/me", ["role": "owner"])
        #expect((400..<500).contains(answer.status))
        #expect(try viewer.get("/v1/me").ok().text("role") == "viewer")
    }

    // MARK: Closed

    @Test func `sign-up that is off by configuration answers 403`() throws {
        let closed = try BureauProcess.start(["signup.mode": "closed"])
        let body: JSON = [
            "agency": "A", "name": "N", "email": "n@example.com", "password": "correct horse battery",
        ]
        try closed.anonymous.post("/v1/auth/signup", body).problem(403, "signup_closed")
    }
}

/// The bearer tokens, and what becomes of those that are not ours.
@Suite(.ownThread) struct AccessTokens {
    let server = BureauProcess.shared

    @Test func `an access token is a JWT with the named claims and fifteen minutes`() throws {
        let agency = try server.signUp()
        let parts = try JWTParts(agency.token)
        #expect(parts.head.text("alg") != "none" && !parts.head.text("kid").isEmpty)
        for claim in ["sub", "tid", "sid", "role", "iat", "exp", "iss", "aud"] {
            #expect(parts.claims[claim] != nil, "\(claim)")
        }
        #expect(parts.claims.text("sub") == agency.user.id && parts.claims.text("tid") == agency.tenant.id)
        #expect((parts.claims["exp"]?.int ?? 0) - (parts.claims["iat"]?.int ?? 0) == 900)
    }

    @Test func `forged, tampered, foreign and malformed tokens get one and the same 401`() throws {
        let (mine, theirs) = (try server.signUp(), try server.signUp())
        let parts = try JWTParts(mine.token), foreign = try JWTParts(theirs.token)
        func claims(_ key: String, _ value: JSON) -> String {
            var object = parts.claims.object ?? [:]
            object[key] = value
            return base64URL(JSON.object(object).bytes)
        }
        func head(_ algorithm: String) -> String {
            var object = parts.head.object ?? [:]
            object["alg"] = .string(algorithm)
            return base64URL(JSON.object(object).bytes)
        }
        let (first, second, third) = (parts.texts[0], parts.texts[1], parts.texts[2])
        let flipped = (third.hasPrefix("A") ? "B" : "A") + third.dropFirst()
        let tokens = [
            "\(head("none")).\(second).", "\(head("None")).\(second).\(third)",
            "\(head("RS256")).\(second).\(third)",
            "\(head("HS512")).\(second).\(third)",
            "\(first).\(claims("tid", .string(theirs.tenant.id))).\(third)",
            "\(first).\(claims("exp", 9_999_999_999)).\(third)", "\(first).\(claims("exp", 1)).\(third)",
            "\(first).\(claims("role", "platform_admin")).\(third)", "\(first).\(second).\(flipped)",
            "\(first).\(second).\(foreign.texts[2])", "\(first).\(foreign.texts[1]).\(third)",
            "\(first).\(second).", "\(first).\(second)", "x.y.z", "..", "\u{FF}",
            "bk_" + String(repeating: "0", count: 40),
            mine.refreshToken, String(repeating: "A", count: 7000),
        ]
        var details: Set<String> = []
        for token in tokens {
            let answer = try server.caller(token).get("/v1/me")
            try #require(answer.status == 401, "\(token.prefix(60)) gives \(answer)")
            details.insert(try answer.problem(401, "unauthenticated").text("detail"))
            #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
        }
        #expect(details.count == 1, "a forger learns: \(details)")
    }

    @Test(arguments: [nil, "Basic b2xpdmU6cGFzc3dvcmQ=", "Bearer", "Bearer ", "bearer x y z"])
    func `no token, or another scheme, is 401 with WWW-Authenticate`(_ value: String?) throws {
        let answer = try server.anonymous.get("/v1/leads", value.map { ["Authorization": $0] } ?? [:])
        try answer.problem(401, "unauthenticated")
        #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
    }

    @Test func `a server does not take the tokens of another installation`() throws {
        let other = try BureauProcess.start()
        let stranger = try other.signUp()
        try server.caller(stranger.token).get("/v1/me").problem(401, "unauthenticated")
    }

    @Test func `tokens made up from a fixed seed never open anything, nor break anything`() throws {
        let agency = try server.signUp()
        var random = SeededGenerator(20_261_120)
        let real = Array(agency.token.utf8)
        for _ in 0..<200 {
            var bytes = real
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            case 1:
                bytes = (0..<Int.random(in: 0..<300, using: &random)).map { _ in
                    UInt8.random(in: 33...126, using: &random)
                }
            case 2: bytes.insert(UInt8(ascii: "."), at: Int.random(in: 0..<bytes.count, using: &random))
            default:
                // Not the last character: some of its bits carry nothing.
                let place = Int.random(in: 0..<bytes.count - 1, using: &random)
                bytes[place] = bytes[place] == 65 ? 66 : 65
            }
            guard bytes != real else { continue }
            let answer = try server.caller(String(decoding: bytes, as: UTF8.self)).get("/v1/me")
            try #require(answer.status == 401, "\(String(decoding: bytes, as: UTF8.self)) gives \(answer)")
        }
        try agency.owner.get("/v1/me").ok()
    }
}

/// A JWT taken apart.
struct JWTParts {
    let texts: [String]
    let head: JSON, claims: JSON

    init(_ token: String) throws {
        texts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        try #require(texts.count == 3)
        head = try JSONParser.parse(fromBase64URL(texts[0]))
        claims = try JSONParser.parse(fromBase64URL(texts[1]))
    }
}
