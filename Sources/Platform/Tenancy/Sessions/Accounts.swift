internal import Agents
internal import Cryptography
package import Database
internal import HTTPServer
package import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Routing
internal import Telemetry

/// Signing up, signing in, refreshing: what turns passwords and refresh tokens into sessions.
package struct Accounts: Sendable {
    package let services: PlatformServices
    let failures: LoginFailures

    package init(_ services: PlatformServices) {
        self.services = services
        failures = LoginFailures(services.settings)
    }

    static let accessTokenLifetime: Int64 = 900

    // MARK: Signing up

    package struct Signup: Declared {
        var agency = "", name = "", email = "", password = "", timeZone = "UTC"
        package init() {}
        package static let schema = Schema<Signup>(
            "Signup",
            [
                .text(
                    "agency", \.agency, max: 200, .required, .line, .example("Northwind"),
                    .about("The name of the new agency.")),
                .text(
                    "name", \.name, max: 200, .required, .line, .example("Olive Owner"),
                    .about("The full name of its first owner.")),
                .email(
                    "email", \.email, .required, .example("olive@example.com"),
                    .about("The address that the owner signs in with.")),
                .text(
                    "password", \.password, max: 1024, .required, .verbatim, .example("correct horse battery")
                ),
                .timeZone("time_zone", \.timeZone, .standard("UTC"), .example("Europe/Berlin")),
            ])
    }

    package struct Welcome: Declared {
        var token = "", agency = "", name = "", email = "", password = "", timeZone = "UTC"
        package init() {}
        package static let schema = Schema<Welcome>(
            "Welcome",
            [
                .text(
                    "token", \.token, max: 200, .required,
                    .about("The token of the link that the first start prints.")),
                .text("agency", \.agency, max: 200, .required, .line, .example("Northwind")),
                .text("name", \.name, max: 200, .required, .line, .example("Olive Owner")),
                .email("email", \.email, .required, .example("olive@example.com")),
                .text(
                    "password", \.password, max: 1024, .required, .verbatim, .example("correct horse battery")
                ),
                .timeZone("time_zone", \.timeZone, .standard("UTC"), .example("Europe/Berlin")),
            ])
    }

    /// Creates an agency and its owner; `welcome` is the token of the welcome link, which the first agency may sign up
    /// with.
    func signUp(_ body: JSONObject, welcome: String? = nil, call: Call) async throws -> Response {
        if let welcome { try services.welcome.check(welcome, now: services.now()) }
        var signup = Signup(), faults = Faults()
        Signup.schema.create(&signup, from: body, faults: &faults)
        checkPassword(signup.password, personal: [signup.email, signup.name, signup.agency], &faults)
        try faults.throwIfAny()
        let hash = try await services.hash(signup.password)
        let (agent, address) = (
            call.request.head.header("User-Agent"), call.request.head.remoteAddress.description
        )
        let answer: Response = try await services.database.acrossTenantsWrite { [signup, services] system in
            if welcome != nil, try system.exists(WelcomeLink.acrossTenantsAnyAgency) {
                throw WelcomeLink.invalid
            }
            var tenant = Tenant.new(id: system.runtime.nextID(), now: system.now)
            tenant.name = signup.agency
            tenant.timeZone = signup.timeZone
            var owner = User.new(id: system.runtime.nextID(), now: system.now)
            let actor = Actor(owner.id)
            let tx = try system.acrossTenantsCreate(&tenant, by: actor)
            owner.name = signup.name
            owner.email = signup.email
            owner.role = BuiltInRole.owner.rawValue
            owner.passwordHash = hash
            try tx.create(&owner, by: actor)
            try services.seed(tx)
            let tokens = try tx.sessions.open(of: owner, by: .signUp, userAgent: agent, address: address)
            return try signedIn(owner, tenant, tokens, status: 201)
        }
        if welcome != nil { services.welcome.forget() }
        return answer
    }

    func checkPassword(_ password: String, personal: [String], _ faults: inout Faults) {
        guard !faults.list.contains(where: { $0.pointer == "/password" }) else { return }
        if let weakness = PasswordPolicy.fault(in: password, personal: personal) {
            faults.add("/password", "weak_password", weakness.reason)
        }
    }

    // MARK: Signing in

    package struct Login: Declared {
        var email = "", password = "", tenant: String?, code: String?
        package init() {}
        package static let schema = Schema<Login>(
            "Login",
            [
                .text("email", \.email, max: 320, .required),
                .text("password", \.password, max: 1024, .required, .verbatim),
                .text(
                    "tenant", \.tenant, max: 100,
                    .about("The agency's id or slug, when the address has several.")),
                .text("code", \.code, max: 20),
            ])
    }

    func logIn(_ login: Login, call: Call) async throws -> Response {
        let email = EmailAddress(login.email)?.key ?? login.email.lowercased()
        let address = call.request.head.remoteAddress.description
        let attempt = try failures.begin(account: email, address: address, now: services.now())
        let accounts = try services.database.acrossTenantsRead {
            try $0.acrossTenantsAccounts(email: email, tenant: login.tenant)
        }
        var opened: [Account] = []
        for account in accounts {
            guard let hash = account.user.passwordHash else { continue }
            if try await services.verify(login.password, against: hash) { opened.append(account) }
        }
        if accounts.isEmpty { try await services.passwords.verifyDummy(login.password) }
        guard let account = opened.first else {
            services.log.warning("sign-in refused", ["address": .init(address)])
            for account in accounts { try await noteRefusal(account, address) }
            throw Problem(.invalidCredentials, "The email address, the password or the agency is wrong.")
        }
        failures.succeeded(attempt)
        guard opened.count == 1 else {
            throw Problem(
                .tenantRequired, "The address belongs to several agencies: name one of them as tenant.",
                extra: ["tenants": JSON(opened.compactMap(\.tenant?.slug))])
        }
        if account.tenant?.status == .suspended { throw Problem(.tenantSuspended) }
        let agent = call.request.head.header("User-Agent")
        return try await services.database.write(account.scope) { tx in
            // The account may have changed while the password was checked.
            let user = try User.resource.get(account.user.id, in: tx)
            guard user.status == .active, user.passwordHash == account.user.passwordHash else {
                throw Problem(.invalidCredentials, "The email address, the password or the agency is wrong.")
            }
            let tokens = try tx.sessions.open(of: user, by: .password, userAgent: agent, address: address)
            return try signedIn(user, account.tenant, tokens, status: 200)
        }
    }

    /// An agency sees who tried to get in.
    private func noteRefusal(_ account: Account, _ address: String) async throws {
        try await services.database.write(account.scope, .batch) { tx in
            try tx.auditLog.add(
                .system, "session.refused", account.user.subject, ["address": .string(address)])
        }
    }

    func signedIn(_ user: User, _ tenant: Tenant?, _ tokens: IssuedTokens, status: Int) throws -> Response {
        let claims: JSONObject = [
            "sub": JSON(user.id), "tid": .string((tenant?.tenantID ?? .platform).rawValue),
            "sid": JSON(tokens.session.id), "role": .string(user.role),
        ]
        let access = services.tokens.sign(
            claims, now: services.now(), lifetime: .seconds(Self.accessTokenLifetime))
        var body: JSONObject = [:]
        if let tenant { body.append("tenant", tenant.brief) }
        body.append("user", user.brief)
        body.append("access_token", .string(access))
        body.append("refresh_token", .string(tokens.refreshToken))
        body.append("token_type", "Bearer")
        body.append("expires_in", .integer(Self.accessTokenLifetime))
        return .json(.object(body), status: status)
    }

    // MARK: Refreshing

    func refresh(_ token: String) async throws -> Response {
        let digest = SHA256.hash(token)
        let found = try services.database.acrossTenantsRead {
            try $0.acrossTenantsTenant(ofRefreshToken: digest)
        }
        guard let scope = found else { throw Problem(.unauthenticated) }
        let answer: Response? = try await services.database.write(scope) { tx in
            let used = try tx.first(
                """
                SELECT session_id, used_at FROM refresh_tokens WHERE tenant_id = \(tx.tenant) AND digest = \(digest)
                """
            ) { (session: SessionID($0, 0), isUsed: !$0.isNull(1)) }
            guard let used else { throw Problem(.unauthenticated) }
            var session = try UserSession.resource.get(used.session, in: tx)
            guard session.endedAt == nil, session.expiresAt > tx.now else { throw Problem(.unauthenticated) }
            if used.isUsed {
                // Committed, though the answer is a refusal: the family ends.
                try tx.sessions.end(session.id)
                try tx.auditLog.add(
                    .system, "session.revoked", Subject(session.id),
                    ["reason": "refresh_token_reused"])
                return nil
            }
            let user = try User.resource.get(session.userID, in: tx)
            guard user.status == .active else { throw Problem(.unauthenticated) }
            try tx.run(
                "UPDATE refresh_tokens SET used_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND digest = \(digest)"
            )
            let old = session
            (session.lastUsedAt, session.lastSeenAt) = (tx.now, tx.now)
            session.expiresAt = tx.now + UserSession.lifetime
            session.version += 1
            session.updatedAt = tx.now
            try UserSession.resource.update(old, to: session, in: tx)
            let tenant = scope == .platform ? nil : try tx.agency.tenant()
            if tenant?.status == .suspended { throw Problem(.tenantSuspended) }
            let tokens = IssuedTokens(
                session: session, refreshToken: try tx.sessions.issueRefreshToken(of: session))
            return try Accounts(services).signedIn(user, tenant, tokens, status: 200)
        }
        guard let answer else { throw Problem(.refreshTokenReused) }
        return answer
    }

    // MARK: Forgotten passwords

    /// Writes a single-use link for whoever has the address; says the same to everyone.
    func forgot(_ email: String) async throws {
        let address = EmailAddress(email)?.key ?? email.lowercased()
        let accounts = try services.database.acrossTenantsRead {
            try $0.acrossTenantsAccounts(email: address, tenant: nil)
        }
        for account in accounts {
            let link = try await makeLink(.passwordReset, for: account.user, in: account.scope, mailing: true)
            guard link == nil else { continue }
            // The log must not give its readers anybody's access: it says who can make the link instead.
            services.log.warning(
                "a new password was asked for, and there is no mail to send the link: bureau user reset-password makes one",
                ["user": .init("\(account.user.id)")])
        }
    }

    package func makeResetLink(for user: User, in scope: TenantID) async throws -> String {
        guard let link = try await makeLink(.passwordReset, for: user, in: scope, mailing: false) else {
            throw Problem(.internalError)
        }
        return link
    }

    /// Makes a single-use link, and mails it where that is requested; where the mail cannot be sent, no link is made.
    private func makeLink(
        _ kind: AccountMail.Kind, for user: User, in scope: TenantID, mailing: Bool
    ) async throws -> String? {
        let isReset = kind == .passwordReset
        let token = RandomToken.make(prefix: isReset ? "pr_" : "sl_", characters: 40)
        let place = "/\(isReset ? "reset" : "sign-in")/\(token)"
        let (purpose, lifetime) = (isReset ? "reset" : "sign_in", Duration.seconds(isReset ? 3600 : 900))
        let services = services
        return try await services.database.write(scope) { tx in
            try tx.auditLog.add(
                .system, isReset ? "password_reset.requested" : "sign_in_link.requested", user.subject, [:])
            let link = try services.page(place, for: user.role, in: tx)
            let mail = AccountMail(kind: kind, name: user.name, email: user.email, link: link)
            if mailing, try !services.accountMails.send(mail, in: tx) { return nil }
            try tx.run(
                """
                INSERT INTO password_resets (tenant_id, digest, user_id, created_at, expires_at, purpose)
                VALUES (\(tx.tenant), \(SHA256.hash(token)), \(user.id), \(tx.now), \(tx.now + lifetime), \(purpose))
                """)
            return link
        }
    }

    // MARK: Links that sign in

    /// Mails a single-use link to whoever has the address; says the same to everyone.
    func sendSignInLink(_ email: String, tenant: String?) async throws {
        let address = EmailAddress(email)?.key ?? email.lowercased()
        let accounts = try services.database.acrossTenantsRead {
            try $0.acrossTenantsAccounts(email: address, tenant: tenant)
        }
        for account in accounts where account.scope != .platform {
            _ = try await makeLink(.signIn, for: account.user, in: account.scope, mailing: true)
        }
    }

    func redeem(_ token: String, _ call: Call) async throws -> Response {
        let digest = SHA256.hash(token)
        let scope = try services.database.acrossTenantsRead {
            try $0.acrossTenantsTenant(ofPasswordReset: digest)
        }
        guard let scope else { throw Problem(.resetInvalid) }
        let (agent, address) = (
            call.request.head.header("User-Agent"), call.request.head.remoteAddress.description
        )
        let services = services
        return try await services.database.write(scope) { tx in
            let id = try tx.sessions.use(link: digest, for: "sign_in")
            let user = try User.resource.get(id, in: tx)
            let tenant = try tx.agency.tenant()
            guard user.status == .active else { throw Problem(.resetInvalid) }
            if tenant.status == .suspended { throw Problem(.tenantSuspended) }
            let tokens = try tx.sessions.open(of: user, by: .link, userAgent: agent, address: address)
            return try Accounts(services).signedIn(user, tenant, tokens, status: 200)
        }
    }

    func reset(token: String, password: String) async throws -> Response {
        var faults = Faults()
        checkPassword(password, personal: [], &faults)
        try faults.throwIfAny()
        let digest = SHA256.hash(token)
        let scope = try services.database.acrossTenantsRead {
            try $0.acrossTenantsTenant(ofPasswordReset: digest)
        }
        guard let scope else { throw Problem(.resetInvalid) }
        let hash = try await services.hash(password)
        return try await services.database.write(scope) { tx in
            let user = try tx.sessions.use(link: digest, for: "reset")
            let old = try User.resource.get(user, in: tx)
            var new = old
            new.passwordHash = hash
            try tx.update(old, to: &new, by: Actor(.user, id: user))
            return .noContent
        }
    }
}

extension SessionStore where Base == Transaction {
    /// Uses a link up; throws when it is used, too old, or for something else.
    fileprivate func use(link digest: [UInt8], for purpose: String) throws -> UserID {
        let user = try tx.first(
            """
            UPDATE password_resets SET used_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND digest = \(digest)
            AND purpose = \(purpose) AND used_at IS NULL AND expires_at > \(tx.now) RETURNING user_id
            """
        ) { UserID($0, 0) }
        guard let user else { throw Problem(.resetInvalid) }
        return user
    }
}

extension Tenant {
    /// The tenant as answers to signing in show it.
    package var brief: JSON {
        [
            "id": JSON(id), "slug": .string(slug), "name": .string(name),
            "time_zone": .string(timeZone), "currency": .string(currency), "locale": .string(locale),
        ]
    }
}

/// A user and where it belongs.
struct Account: Sendable {
    let user: User
    let scope: TenantID
    let tenant: Tenant?
}

extension SystemReader {
    /// The active accounts of an address, at most ten. Nobody signs in to a sandbox: it has a token.
    func acrossTenantsAccounts(email: String, tenant wanted: String?) throws -> [Account] {
        let scopes = try all(
            """
            SELECT tenant_id FROM users u WHERE email = \(email) AND status = 'active'
                AND NOT EXISTS (SELECT 1 FROM sandboxes s WHERE s.sandbox_tenant = u.tenant_id) LIMIT 10
            """
        ) {
            TenantID(rawValue: $0.text(0))
        }
        return try scopes.compactMap { scope in
            let reader = scoped(to: scope)
            let tenant = scope == .platform ? nil : try reader.agency.tenant()
            if let wanted, tenant?.slug != wanted, tenant?.tenantID.rawValue != wanted { return nil }
            guard let user = try reader.users.find(email: email) else { return nil }
            return Account(user: user, scope: scope, tenant: tenant)
        }
    }

    func acrossTenantsTenant(ofRefreshToken digest: [UInt8]) throws -> TenantID? {
        try first("SELECT tenant_id FROM refresh_tokens WHERE digest = \(digest)") {
            TenantID(rawValue: $0.text(0))
        }
    }

    func acrossTenantsTenant(ofPasswordReset digest: [UInt8]) throws -> TenantID? {
        try first("SELECT tenant_id FROM password_resets WHERE digest = \(digest)") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
