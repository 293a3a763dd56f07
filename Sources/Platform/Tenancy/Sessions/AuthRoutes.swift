internal import Agents
internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing

private let signedInSchema: JSON = .schema(
    [
        "tenant": .reference("SignedInTenant"), "user": .reference("SignedInUser"),
        "access_token": ["type": "string"],
        "refresh_token": ["type": "string"], "token_type": ["type": "string"],
        "expires_in": ["type": "integer"],
    ], required: ["user", "access_token", "refresh_token", "token_type", "expires_in"])

struct RefreshBody: Declared {
    var refreshToken = ""
    static let schema = Schema<RefreshBody>(
        "RefreshToken",
        [
            .text(
                "refresh_token", \.refreshToken, max: 200, .required,
                .about("The refresh token of the last answer; it works once."))
        ])
}

struct SignInLinkBody: Declared {
    var email = "", tenant: String?
    static let schema = Schema<SignInLinkBody>(
        "SignInLinkRequest",
        [
            .text("email", \.email, max: 320, .required),
            .text(
                "tenant", \.tenant, max: 80,
                .about(
                    "The agency's slug or id, when the address has several.")),
        ])
}

struct SignInTokenBody: Declared {
    var token = ""
    static let schema = Schema<SignInTokenBody>("SignInLink", [.text("token", \.token, max: 200, .required)])
}

struct ForgotBody: Declared {
    var email = ""
    static let schema = Schema<ForgotBody>(
        "ForgottenPassword", [.text("email", \.email, max: 320, .required)])
}

struct ResetBody: Declared {
    var token = "", password = ""
    static let schema = Schema<ResetBody>(
        "PasswordReset",
        [
            .text("token", \.token, max: 200, .required),
            .text("password", \.password, max: 1024, .required, .verbatim),
        ])
}

struct ProfilePatch: Declared {
    var name: String?, password: String?, currentPassword: String?, locale: String?
    static let schema = Schema<ProfilePatch>(
        "ProfilePatch",
        [
            .text("name", \.name, max: 200, .about("Your full name.")),
            .text(
                "password", \.password, max: 1024, .verbatim,
                .about("Your new password, of at least 12 characters.")),
            .text(
                "current_password", \.currentPassword, max: 1024, .verbatim,
                .about("Your present password; required to change it.")),
            .text(
                "locale", \.locale, max: 35, .example("de"),
                .about("The language that you read; BCP 47. Null: the agency's.")),
        ])
}

func authRoutes(_ routes: inout Routes, _ accounts: Accounts, _ runtime: Runtime) {
    let services = accounts.services
    let signups = AddressLimiter(perMinute: services.settings.signupsPerMinute)
    routes.schema("SignedIn", signedInSchema)
    routes.schema("SignedInTenant", ["type": "object", "additionalProperties": ["type": "string"]])
    routes.schema("SignedInUser", ["type": "object", "additionalProperties": ["type": "string"]])
    routes.declare(Accounts.Signup.self)
    routes.declare(Accounts.Welcome.self)
    routes.declare(Accounts.Login.self)
    routes.declare(RefreshBody.self)
    routes.declare(ForgotBody.self)
    routes.declare(SignInLinkBody.self)
    routes.declare(SignInTokenBody.self)
    routes.declare(ResetBody.self)
    routes.declare(ProfilePatch.self)
    routes.declare(UserSession.resource)
    signUpRoutes(&routes, accounts, signups)
    sessionRoutes(&routes, accounts)
    linkRoutes(&routes, accounts, signups)
    meRoutes(&routes, services, runtime)
    profileRoute(&routes, accounts, runtime)
}

private let signedIn = JSON.reference("SignedIn")

/// Adds the routes by which an agency signs up, or the first one begins.
private func signUpRoutes(_ routes: inout Routes, _ accounts: Accounts, _ signups: AddressLimiter) {
    let services = accounts.services
    let isSignupOpen = services.settings.isSignupOpen
    routes.post(
        "/v1/auth/signup", .anyone, "Sign up an agency and its first owner, and get tokens", named: "sign_up",
        body: .json(.reference("Signup")), .json(signedIn, status: 201, "The agency, its owner and tokens.")
    ) { call in
        guard isSignupOpen else { throw Problem(.signupClosed) }
        let body = try call.object()
        try signups.take(call.request.head.remoteAddress, now: services.now())
        return .task { try await accounts.signUp(body, call: call) }
    }
    routes.get(
        "/v1/auth/signup", .anyone, "Get the conditions of signing up an agency", named: "get_sign_up",
        .json(
            .schema(["mode": ["type": "string", "enum": ["open", "closed"]]], required: ["mode"]), "The mode."
        )
    ) { _ in .response(.json(["mode": isSignupOpen ? "open" : "closed"])) }
    routes.get(
        "/v1/auth/welcome", .anyone, "Get the state of the link that the first start prints",
        named: "get_first_agency_link",
        // Not in the address, which servers on the way write down.
        query: [.header("Welcome-Token", "The token of the link.")],
        .json(.schema(["valid": ["type": "boolean"]], required: ["valid"]), "Whether it works.")
    ) { call in
        try signups.take(call.request.head.remoteAddress, now: services.now())
        let token = call.request.head.header("Welcome-Token") ?? ""
        return .response(.json(["valid": .bool(services.welcome.isValid(token, now: services.now()))]))
    }
    routes.post(
        "/v1/auth/welcome", .anyone,
        "Create the first agency and its owner, with the link that the first start prints",
        named: "sign_up_first_agency", body: .json(.reference("Welcome")), holdsSecret: true,
        .json(signedIn, status: 201, "The agency, its owner and tokens.")
    ) { call in
        var body = try call.object()
        try signups.take(call.request.head.remoteAddress, now: services.now())
        let token = body["token"]?.text ?? ""
        body.remove("token")
        return .task { [body] in try await accounts.signUp(body, welcome: token, call: call) }
    }
}

/// Adds the routes by which people sign in and out, and see where they are signed in.
private func sessionRoutes(_ routes: inout Routes, _ accounts: Accounts) {
    let services = accounts.services
    routes.post(
        "/v1/auth/login", .anyone, "Sign in with email and password, and get tokens", named: "log_in",
        body: .json(.reference("Login")),
        .json(signedIn, "Tokens.")
    ) { call in
        let login = try call.body(Accounts.Login.self)
        return .task { try await accounts.logIn(login, call: call) }
    }
    routes.post(
        "/v1/auth/refresh", .anyone, "Exchange a refresh token, which works once, for new tokens",
        named: "refresh_session",
        body: .json(.reference("RefreshToken")), .json(signedIn, "New tokens.")
    ) { call in
        let body = try call.body(RefreshBody.self)
        return .task { try await accounts.refresh(body.refreshToken) }
    }
    routes.post(
        "/v1/auth/logout", .signedIn, "End the session of the token", named: "log_out", .empty("Signed out.")
    ) {
        call in
        guard let principal = call.principal, let id = principal.sessionID else {
            throw Problem(.conflict, "An API key has no session to end: delete the key instead.")
        }
        return .task {
            try await services.database.write(principal.scope) { tx in
                try tx.sessions.end(id)
                try tx.auditLog.add(
                    principal.actor, "session.ended", Subject(type: "session", id: id), [:])
                return .noContent
            }
        }
    }
    routes.get(
        "/v1/auth/sessions", .tenant, "List your sessions", query: ParameterDoc.page,
        .list(UserSession.resource)
    ) { call in
        let window = try call.window()
        return .read { reader in
            let sessions = try call.actor.userID.map { try reader.sessions.open(of: $0) } ?? []
            return window.page(of: sessions.map { $0.json(current: call.principal?.sessionID) })
        }
    }
    routes.delete("/v1/auth/sessions/{id}", .tenant, "End one of your sessions", .empty("Ended.")) { call in
        let id = try call.id("id", of: UserSession.self)
        return .write { tx in
            let session = try UserSession.resource.get(id, in: tx)
            guard session.userID.keyText == call.actor.id else { throw Problem(.notFound) }
            try tx.sessions.end(id)
            try tx.auditLog.add(call.actor, "session.revoked", Subject(type: "session", id: id), [:])
            return .noContent
        }
    }
}

/// Adds the routes of links that are sent by mail: to a new password, and into the agency.
private func linkRoutes(_ routes: inout Routes, _ accounts: Accounts, _ signups: AddressLimiter) {
    let services = accounts.services
    routes.post(
        "/v1/auth/password/forgot", .anyone, "Request a link that sets a new password",
        named: "request_password_reset",
        body: .json(.reference("ForgottenPassword")),
        .json(.schema(["status": ["type": "string"]]), status: 202, "The request was accepted.")
    ) { call in
        let body = try call.body(ForgotBody.self)
        try signups.take(call.request.head.remoteAddress, now: services.now())
        return .task {
            try await accounts.forgot(body.email)
            return .json(["status": "accepted"], status: 202)
        }
    }
    routes.post(
        "/v1/auth/magic-link", .anyone, "Request a link that signs in, by email",
        named: "request_magic_link",
        body: .json(.reference("SignInLinkRequest")),
        .json(.schema(["status": ["type": "string"]]), status: 202, "The request was accepted.")
    ) { call in
        let body = try call.body(SignInLinkBody.self)
        try signups.take(call.request.head.remoteAddress, now: services.now())
        return .task {
            try await accounts.sendSignInLink(body.email, tenant: body.tenant)
            return .json(["status": "accepted"], status: 202)
        }
    }
    routes.post(
        "/v1/auth/magic-link/redeem", .anyone,
        "Sign in with a link's token, which works once, and get tokens",
        named: "redeem_magic_link",
        body: .json(.reference("SignInLink")), holdsSecret: true, .json(.reference("SignedIn"), "Tokens.")
    ) { call in
        let body = try call.body(SignInTokenBody.self)
        try signups.take(call.request.head.remoteAddress, now: services.now())
        return .task { try await accounts.redeem(body.token, call) }
    }
    routes.post(
        "/v1/auth/password/reset", .anyone, "Set a new password with a link's token",
        named: "reset_password",
        body: .json(.reference("PasswordReset")), .empty("Set; every session of the user has ended.")
    ) { call in
        let body = try call.body(ResetBody.self)
        return .task { try await accounts.reset(token: body.token, password: body.password) }
    }
}

private func profileRoute(_ routes: inout Routes, _ accounts: Accounts, _ runtime: Runtime) {
    let services = accounts.services
    routes.patch(
        "/v1/me", .tenant, "Update your name, password or language", body: .json(.reference("ProfilePatch")),
        .json(.reference("Me"), "Your user and permissions.")
    ) { call in
        let (patch, body) = (try call.body(ProfilePatch.self), try call.object())
        let isLocaleGiven = body["locale"] != nil
        if body["name"] != nil, patch.name == nil {
            var faults = Faults()
            faults.add("/name", "required", "name is required: send your name, or leave the field out.")
            try faults.throwIfAny()
        }
        guard let principal = call.principal, let id = principal.actor.userID else {
            throw Problem(.forbidden)
        }
        return .task {
            let user = try services.database.read(call.tenant) { try User.resource.get(id, in: $0) }
            var hash: String?
            if let password = patch.password {
                let isRight = try await services.verify(
                    patch.currentPassword ?? "", against: user.passwordHash ?? "")
                var faults = Faults()
                if !isRight {
                    faults.add(
                        "/current_password", "required",
                        "current_password is required: send the present password.")
                }
                accounts.checkPassword(password, personal: [user.email, user.name], &faults)
                try faults.throwIfAny()
                hash = try await services.hash(password)
            }
            let sandbox = try services.sandbox(of: principal, runtime)
            return try await services.database.write(call.tenant) { [hash] tx in
                let old = try User.resource.get(id, in: tx)
                var new = old
                new.name = patch.name ?? old.name
                new.passwordHash = hash ?? old.passwordHash
                if isLocaleGiven { new.locale = patch.locale }
                try tx.update(old, to: &new, by: call.actor)
                return try services.me(principal, in: tx, sandbox)
            }
        }
    }
}
