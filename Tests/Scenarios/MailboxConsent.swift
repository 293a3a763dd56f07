import Dispatch
import Foundation
import JSON
import StandIns
import Testing

@Suite(.ownThread) struct MailboxConsent {
    let server = BureauProcess.shared

    /// Less than the head start that is kept.
    private static var soon: String { Date(timeIntervalSinceNow: 200).formatted(.iso8601) }

    private func connect(
        _ agency: Agency, _ consent: OAuthStandIn, _ post: SMTPStandIn, _ box: String, _ provider: String,
        receives: Bool = true
    ) throws -> JSON {
        try agency.connect(
            provider, "email_sending",
            [
                "mailbox": .string(DovecotServer.tokenUser), "smtp_url": .string(post.url),
                "security": "none", "imap_url": .string(box), "receive": .bool(receives), "poll_minutes": 1,
                "authorize_url": .string(consent.authorizeURL), "token_url": .string(consent.tokenURL),
            ], ["client_id": "app", "client_secret": "s3cr3t"])
    }

    /// Begins to connect, as the owner does: the page that they are sent to.
    private func begin(_ agency: Agency, _ integration: JSON, _ consent: OAuthStandIn) throws -> String {
        let begun = try agency.owner.post("/v1/integrations/\(integration.id)/connect").ok()
        let page = begun.text("authorize_url")
        let query = try query(of: page)
        #expect(page.hasPrefix(consent.authorizeURL + "?") && query["client_id"] == "app")
        #expect(query["response_type"] == "code" && query["code_challenge_method"] == "S256")
        #expect(query["redirect_uri"]?.hasSuffix("/v1/oauth/callback") == true)
        return page
    }

    private func query(of address: String) throws -> [String: String] {
        let items = try #require(URLComponents(string: address)).queryItems ?? []
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
    }

    /// The way back to us that an answer on the page leads to.
    private func back(from page: String, _ answer: String, _ consent: OAuthStandIn) throws -> String {
        let way = try #require(consent.wayBack(from: page, answer: answer))
        return try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
    }

    @Test(arguments: ["google_mail", "microsoft_mail"])
    func `an owner's consent lets us send and read, until it is taken back`(provider: String) throws {
        let token = DovecotServer.token
        let (agency, box) = (try server.mailAgency(), try DovecotServer())
        let consent = try OAuthStandIn { settings in
            (settings.owner, settings.token) = (DovecotServer.tokenUser, token)
        }
        let post = try SMTPStandIn { settings in
            settings.mechanisms = ["XOAUTH2"]
            settings.admits = { consent.admits($0, $1, to: Self.scopes(provider).sending) }
        }
        let made = try connect(agency, consent, post, "imap://127.0.0.1:\(box.port)", provider)
        let path = "/v1/integrations/\(made.id)"
        #expect(made.text("status") == "disabled" && made["error"]?.text != nil)
        try agency.owner.patch(path, ["status": "active"]).problem(409)

        let first = try begin(agency, made, consent)
        // Denied, it was used all the same.
        #expect(try server.anonymous.get(back(from: first, "no", consent)).status == 400)
        #expect(try server.anonymous.get(back(from: first, "yes", consent)).status == 400)
        #expect(consent.grants.isEmpty)
        let yes = try back(from: begin(agency, made, consent), "yes", consent)
        let state = try #require(try query(of: yes)["state"])
        let place = state.index(state.endIndex, offsetBy: -20)
        let altered =
            state[..<place] + (state[place] == "A" ? "B" : "A") + state[state.index(after: place)...]
        #expect(try server.anonymous.get(yes.replacing(state, with: altered)).status == 400)
        let page = try server.anonymous.get(yes)
        #expect(page.status == 200 && page.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(try server.anonymous.get(yes).status == 400)
        let connected = try agency.owner.get(path).ok()
        #expect(connected.text("status") == "active" && connected["error"] == .null)
        #expect(!connected.serialized.contains(token) && !connected.serialized.contains("_attempt"))

        // It is good for long: whoever uses it asks for no other.
        let contacts = try (0..<3).map { number in
            try agency.owner.post(
                "/v1/contacts", ["name": "Jane", "email": .string("jane\(number)@customer.example")]
            ).ok(201).id
        }
        try eventuallyTrue("a look") { try agency.polls(of: made) > 0 }
        #expect(consent.grants == ["authorization_code"])
        // Nearly over, it is replaced before it is used; three who need it at once ask once.
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(Self.soon)]]).ok()
        for contact in contacts { _ = try agency.write(to: contact) }
        try eventuallyTrue("the mails") { post.mails.count == 3 }
        #expect(consent.grants == ["authorization_code", "refresh_token"])
        func renewals() throws -> [JSON] {
            try agency.owner.every("/v1/tool-calls?tool=renew_access&integration_id=\(made.id)")
        }
        #expect(try renewals().map { $0.text("state") } == ["succeeded", "succeeded"])
        #expect(try renewals().allSatisfy { ($0["duration_ms"]?.double ?? 0) > 0 })
        let name = try #require(post.mails.first?.header("Message-ID"))
        try box.deliver(
            """
            From: Jane <jane0@customer.example>
            To: \(DovecotServer.tokenUser)
            Subject: Re: A word
            Message-ID: <consent@customer.example>
            In-Reply-To: \(name)

            Yes, please call me.

            """, to: DovecotServer.tokenUser)
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        try eventuallyTrue("the answer") {
            try agency.owner.get("/v1/messages?direction=inbound").ok().items.count == 1
        }

        // The owner takes it back; the token is over, and no other comes.
        consent.revoke()
        try agency.owner.patch(path, ["credentials": ["expires_at": "2020-01-01T00:00:00.000Z"]]).ok()
        _ = try agency.write(to: contacts[0])
        try eventuallyTrue("its failure") { try agency.owner.get(path).ok().text("status") == "failing" }
        #expect(try agency.owner.get("/v1/alerts?kind=integration_failing").ok().items.count == 1)
        let refused = try renewals().filter { $0.text("state") == "failed" }
        #expect(!refused.isEmpty && refused.allSatisfy { $0["error"]?["code"] == "access_refused" })
        try eventuallyTrue("the mail that waits") {
            try agency.owner.get("/v1/messages?status=held").ok().items.first?["reasons"]?[0]["code"]
                == "no_provider"
        }
        #expect(post.mails.count == 3)
    }

    @Test(arguments: ["google_mail", "microsoft_mail"])
    func `what a service breaks or withholds is told, and good once it gives it`(provider: String) throws {
        let scopes = Self.scopes(provider)
        let (agency, consent) = (
            try server.mailAgency(), try OAuthStandIn { $0.owner = DovecotServer.tokenUser }
        )
        let post = try SMTPStandIn { settings in
            settings.mechanisms = ["XOAUTH2"]
            settings.admits = { consent.admits($0, $1, to: scopes.sending) }
        }
        let box = try IMAPStandIn { settings in
            settings.abilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
            settings.admits = { consent.admits($0, $1, to: scopes.reading) }
        }
        let made = try connect(agency, consent, post, box.url, provider)
        let path = "/v1/integrations/\(made.id)"
        func allow() throws -> Int {
            let way = try back(from: begin(agency, made, consent), "yes", consent)
            return try server.anonymous.get(way).status
        }

        // A token that does not come is not asked for again: the code may be used up.
        consent.service.next(.answer(503))
        #expect(try allow() == 400)
        #expect(try agency.owner.get(path).ok().text("status") == "disabled" && consent.grants.isEmpty)
        consent.withhold([scopes.reading])
        #expect(try allow() == 200)
        let trial = try agency.owner.post("\(path)/test").ok()
        // Where one scope is for both, nothing is left to send with.
        let code = scopes.sending == scopes.reading ? "smtp_535" : "sign_in_refused"
        #expect(trial["ok"] == false && trial.text("code") == code, "\(trial.serialized)")
        consent.withhold([])
        #expect(try allow() == 200)
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)

        // A mail waits for a token that is slow to come, and asks for it once.
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@customer.example"]
        ).ok(201)
        let (asked, slow) = (consent.grants.count, DispatchSemaphore(value: 0))
        consent.service.next(.wait { _ = slow.wait(timeout: .now() + 30) })
        let before = consent.service.requests.count
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(Self.soon)]]).ok()
        _ = try agency.write(to: contact.id)
        try eventuallyTrue("the question") { consent.service.requests.count > before }
        #expect(post.mails.isEmpty)
        slow.signal()
        try eventuallyTrue("the mail") { post.mails.count == 1 }
        #expect(consent.grants.count == asked + 1)

        // Over before its time, a token is refused by the servers.
        consent.endAccess()
        #expect(try agency.owner.post("\(path)/test").ok().text("code") == "smtp_535")
        // Renewed, it is good; with a refresh token that is refused it is the end.
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(Self.soon)]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        consent.endRenewal()
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(Self.soon)]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == false)
        #expect(try agency.owner.get(path).ok().text("status") == "failing")
        #expect(try allow() == 200)
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(post.mails.count == 1)
    }

    /// A mailbox that is sent from alone, with its owner's consent.
    private func sender() throws -> (Agency, OAuthStandIn, SMTPStandIn, JSON) {
        let (agency, consent) = (
            try server.mailAgency(), try OAuthStandIn { $0.owner = DovecotServer.tokenUser }
        )
        let post = try SMTPStandIn { settings in
            settings.mechanisms = ["XOAUTH2"]
            settings.admits = { consent.admits($0, $1, to: Self.scopes("google_mail").sending) }
        }
        let made = try connect(
            agency, consent, post, "imap://127.0.0.1:9", "google_mail", receives: false)
        let way = try back(from: begin(agency, made, consent), "yes", consent)
        #expect(try server.anonymous.get(way).status == 200)
        return (agency, consent, post, made)
    }

    @Test func `within an overlap a token is renewed with the secret before, and the refusal is told`() throws
    {
        let (agency, consent, post, made) = try sender()
        let path = "/v1/integrations/\(made.id)"
        func rotate(to secret: String, _ overlap: String) throws -> JSON {
            let credentials: JSON = ["client_secret": .string(secret), "expires_at": .string(Self.soon)]
            return try agency.owner.post(
                "\(path)/rotate", ["credentials": credentials, "overlap": .string(overlap)]
            ).ok()
        }
        let until = try rotate(to: "mistyped", "PT2H")["former_credentials_until"]
        #expect(until != .null)
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@customer.example"]
        ).ok(201)
        _ = try agency.write(to: contact.id)
        try eventuallyTrue("the mail") { post.mails.count == 1 }
        #expect(consent.grants == ["authorization_code", "refresh_token", "refresh_token"])
        // The token is good; of the secret a test says nothing.
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        let served = try agency.owner.get(path).ok()
        #expect(served.text("status") == "active" && served.text("error").contains("invalid_client"))
        let alerts = try agency.openAlerts(of: made)
        #expect(alerts.map { $0.text("kind") } == ["integration_failing"])
        #expect(alerts.first?.text("title").contains("work until") == true)
        #expect(alerts.first?.text("severity") == "warning")

        let corrected = try rotate(to: "s3cr3t", "PT0S")
        #expect(corrected["former_credentials_until"] == .null && corrected["error"] == .null)
        #expect(try agency.openAlerts(of: made).isEmpty)
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(consent.grants.count == 4)
        // Without an overlap there is none to fall back to.
        _ = try rotate(to: "mistyped", "PT0S")
        #expect(try agency.owner.post("\(path)/test").ok().text("code") == "consent_missing")
        #expect(consent.grants.count == 5)
        #expect(try agency.owner.get(path).ok().text("status") == "failing")
    }

    @Test func `an answer without a token is none, and one without its renewal ends nothing`() throws {
        let (agency, consent, _, made) = try sender()
        let path = "/v1/integrations/\(made.id)"
        func ask() throws -> JSON {
            try agency.owner.patch(path, ["credentials": ["expires_at": .string(Self.soon)]]).ok()
            return try agency.owner.post("\(path)/test").ok()
        }
        for body in ["", "{", "[]", "{}", #"{"access_token":7}"#, #"{"access_token":""}"#] {
            consent.service.next(.answer(200, body))
            let trial = try ask()
            #expect(trial["ok"] == false && trial.text("code") == "unreachable", "\(body)")
            #expect(try agency.owner.get(path).ok().text("status") == "active", "\(body)")
        }
        for rest in ["", #","refresh_token":"","expires_in":"soon""#, #","refresh_token":7,"expires_in":{}"#]
        {
            consent.service.next(.answer(200, #"{"access_token":"nobody's"\#(rest)}"#))
            #expect(try ask().text("code") == "smtp_535", "\(rest)")
            // With the refresh token that it had.
            #expect(try ask()["ok"] == true, "\(rest)")
        }
    }

    /// Returns the scopes that the mail servers of a service want in a token.
    private static func scopes(_ provider: String) -> (sending: String, reading: String) {
        provider == "google_mail"
            ? ("https://mail.google.com/", "https://mail.google.com/")
            : (
                "https://outlook.office.com/SMTP.Send",
                "https://outlook.office.com/IMAP.AccessAsUser.All"
            )
    }
}
