import Cryptography
import Foundation
import JSON
import StandIns
import Synchronization
import Testing

@Suite(.ownThread) struct MailboxConsent {
    let server = BureauProcess.shared

    /// A service's tokens: it gives them for a code and its verifier, and for the last refresh token alone.
    private final class Consent: Sendable {
        struct State {
            var challenge = "", refresh = 0, lifetime = 3600
            var isRevoked = false
            var asked: [[String: String]] = []
        }
        let state = Mutex(State())
        let token: String
        let service = Mutex<ServiceStandIn?>(nil)

        init(token: String) throws {
            self.token = token
            let made = try ServiceStandIn { [weak self] request in
                self?.answer(request) ?? StandInAnswer(500)
            }
            service.withLock { $0 = made }
        }

        var url: String { service.withLock { $0?.url ?? "" } + "/token" }

        private func answer(_ request: ReceivedRequest) -> StandInAnswer {
            var components = URLComponents()
            components.percentEncodedQuery = String(decoding: request.body, as: UTF8.self)
            let items = (components.queryItems ?? []).map { ($0.name, $0.value ?? "") }
            let form = Dictionary(items) { first, _ in first }
            return state.withLock { state in
                state.asked.append(form)
                let isOurs = form["client_id"] == "app" && form["client_secret"] == "s3cr3t"
                let isGood =
                    switch form["grant_type"] {
                    case "authorization_code":
                        form["code"] == "the-code"
                            && Base64.encodeURL(SHA256.hash(Array((form["code_verifier"] ?? "").utf8)))
                                == state.challenge
                    case "refresh_token": form["refresh_token"] == "refresh-\(state.refresh)"
                    default: false
                    }
                guard isOurs, isGood, !state.isRevoked else {
                    return StandInAnswer(400, #"{"error":"invalid_grant","error_description":"It is gone."}"#)
                }
                state.refresh += 1
                return StandInAnswer(
                    200,
                    #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(state.lifetime),"refresh_token":"refresh-\#(state.refresh)"}"#
                )
            }
        }

        var grants: [String] { state.withLock { $0.asked.map { $0["grant_type"] ?? "" } } }
    }

    /// Less than the head start that is kept.
    private static var soon: String { Date(timeIntervalSinceNow: 200).formatted(.iso8601) }

    private func connect(
        _ agency: Agency, _ consent: Consent, _ post: SMTPStandIn, _ box: DovecotServer, _ provider: String
    ) throws -> JSON {
        try agency.connect(
            provider, "email_sending",
            [
                "mailbox": .string(DovecotServer.tokenUser), "smtp_url": .string(post.url),
                "security": "none",
                "imap_url": .string("imap://127.0.0.1:\(box.port)"), "receive": true, "poll_minutes": 1,
                "authorize_url": "https://consent.example/authorize", "token_url": .string(consent.url),
            ], ["client_id": "app", "client_secret": "s3cr3t"])
    }

    /// Begins to connect, as the owner does; the way back that the service would send them.
    private func begin(_ agency: Agency, _ integration: JSON, _ consent: Consent) throws -> String {
        let begun = try agency.owner.post("/v1/integrations/\(integration.id)/connect").ok()
        let address = try #require(URLComponents(string: begun.text("authorize_url")))
        let query = Dictionary(
            uniqueKeysWithValues: (address.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        #expect(address.host == "consent.example" && query["client_id"] == "app")
        #expect(query["response_type"] == "code" && query["code_challenge_method"] == "S256")
        #expect(query["redirect_uri"]?.hasSuffix("/v1/oauth/callback") == true)
        consent.state.withLock { $0.challenge = query["code_challenge"] ?? "" }
        return "/v1/oauth/callback?state=\(query["state"] ?? "")"
    }

    @Test(arguments: ["google_mail", "microsoft_mail"])
    func `an owner's consent lets us send and read, until it is taken back`(provider: String) throws {
        let token = DovecotServer.token
        let (agency, consent, box) = (try server.mailAgency(), try Consent(token: token), try DovecotServer())
        let post = try SMTPStandIn { settings in
            settings.mechanisms = ["XOAUTH2"]
            (settings.user, settings.token) = (DovecotServer.tokenUser, token)
        }
        let made = try connect(agency, consent, post, box, provider)
        let path = "/v1/integrations/\(made.id)"
        #expect(made.text("status") == "disabled" && made["error"]?.text != nil)
        try agency.owner.patch(path, ["status": "active"]).problem(409)

        let back = try begin(agency, made, consent)
        // Denied, it was used all the same.
        #expect(try server.anonymous.get(back + "&error=access_denied").status == 400)
        #expect(try server.anonymous.get(back + "&code=the-code").status == 400)
        #expect(consent.grants.isEmpty)
        let again = try begin(agency, made, consent)
        let place = again.index(again.endIndex, offsetBy: -20)
        let altered =
            again[..<place] + (again[place] == "A" ? "B" : "A") + again[again.index(after: place)...]
        #expect(try server.anonymous.get(altered + "&code=the-code").status == 400)
        let page = try server.anonymous.get(again + "&code=the-code")
        #expect(page.status == 200 && page.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(try server.anonymous.get(again + "&code=the-code").status == 400)
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
        try eventuallyTrue("the mails", within: .seconds(30)) { post.mails.count == 3 }
        #expect(consent.grants == ["authorization_code", "refresh_token"])
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
        consent.state.withLock { $0.isRevoked = true }
        try agency.owner.patch(path, ["credentials": ["expires_at": "2020-01-01T00:00:00.000Z"]]).ok()
        _ = try agency.write(to: contacts[0])
        try eventuallyTrue("its failure") { try agency.owner.get(path).ok().text("status") == "failing" }
        #expect(try agency.owner.get("/v1/alerts?kind=integration_failing").ok().items.count == 1)
        try eventuallyTrue("the mail that waits") {
            try agency.owner.get("/v1/messages?status=held").ok().items.first?["reasons"]?[0]["code"]
                == "no_provider"
        }
        #expect(post.mails.count == 3)
    }
}
