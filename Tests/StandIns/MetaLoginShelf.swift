import Foundation
import JSON
import Synchronization

/// Meta's sign-ins for applications: Facebook Login, whose tokens are exchanged for those that last and those
/// of pages, and Instagram Login. A stand-in of one of its services answers by it.
package final class MetaLoginShelf: Sendable {
    package let client = "app", secret: String
    /// The page whose token is the service's own; `nil`: the user's is.
    private let page: String?
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var codes: [String: (redirect: String, scopes: [String])] = [:]
        /// The permissions of each token.
        var tokens: [String: [String]] = [:]
        var withheld: Set<String> = []
        var tasks = ["CREATE_CONTENT", "MESSAGING"]
        var renewals = 0, exchanges = 0
        /// The life of a user's token, in seconds.
        var life: Int64 = 5_183_944
    }

    package init(page: String? = nil, secret: String = "s3cr3t") { (self.page, self.secret) = (page, secret) }

    /// The number of times that Instagram's token was renewed, and a short one exchanged.
    package var renewals: Int { state.withLock { $0.renewals } }
    package var exchanges: Int { state.withLock { $0.exchanges } }

    /// The owner permits these no more, in what was given as well.
    package func withhold(_ scopes: Set<String>) { state.withLock { $0.withheld = scopes } }

    /// Sets the owner's permissions on the page.
    package func allow(_ tasks: [String]) { state.withLock { $0.tasks = tasks } }

    /// Sets how long tokens of users live, in seconds.
    package func lasts(_ seconds: Int64) { state.withLock { $0.life = seconds } }

    /// Returns the address to which a browser is sent when the owner says yes on the page at an address.
    package func wayBack(from address: String) -> String? {
        guard let parts = URLComponents(string: address) else { return nil }
        let pairs = (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }
        let query = Dictionary(pairs) { first, _ in first }
        guard ["/v26.0/dialog/oauth", "/oauth/authorize"].contains(parts.path),
            query["client_id"] == client, query["response_type"] == "code",
            let redirect = query["redirect_uri"], var back = URLComponents(string: redirect)
        else { return nil }
        let code = state.withLock { state in
            state.count += 1
            let scopes = (query["scope"] ?? "").split(separator: ",").map(String.init)
            state.codes["code-\(state.count)"] = (redirect, scopes)
            return "code-\(state.count)"
        }
        back.queryItems = [
            URLQueryItem(name: "state", value: query["state"]), URLQueryItem(name: "code", value: code),
        ]
        return back.string
    }

    /// `token`: the one that the service takes. `nil`: the request is none of these.
    func answer(_ request: ReceivedRequest, _ token: String) -> StandInAnswer? {
        let path = request.path.hasPrefix("/v26.0/") ? String(request.path.dropFirst(6)) : request.path
        return state.withLock { state in
            switch (request.method, path) {
            case ("GET", "/oauth/access_token")
            where request.decodedQuery("grant_type") == "fb_exchange_token":
                exchange(request, "fb_exchange_token", for: page == nil ? token : "EAAB-long", &state)
            case ("GET", "/oauth/access_token"): first({ request.decodedQuery($0) }, &state)
            case ("POST", "/oauth/access_token"):
                first({ request.form?[$0] }, &state, isListed: true)
            case ("GET", "/access_token"): exchange(request, "access_token", for: token, &state)
            case ("GET", "/refresh_access_token"): renewed(request, token, &state)
            case ("GET", "/debug_token"): inspected(request, state)
            case ("GET", "/me/accounts"): pages(request, token, &state)
            default: nil
            }
        }
    }

    private func first(
        _ field: (String) -> String?, _ state: inout State, isListed: Bool = false
    ) -> StandInAnswer {
        guard field("client_id") == client, field("client_secret") == secret,
            let code = state.codes.removeValue(forKey: field("code") ?? ""),
            code.redirect == field("redirect_uri")
        else { return Self.refusal }
        let scopes = code.scopes.filter { !state.withheld.contains($0) }
        state.count += 1
        let short = "EAAB-short-\(state.count)"
        state.tokens[short] = code.scopes
        var body: JSONObject = ["access_token": .string(short), "token_type": "bearer", "expires_in": 3600]
        guard isListed else { return Self.answer(.object(body)) }
        body["permissions"] = .string(scopes.joined(separator: ","))
        return Self.answer(["data": [.object(body)]])
    }

    private func exchange(
        _ request: ReceivedRequest, _ field: String, for long: String, _ state: inout State
    ) -> StandInAnswer {
        guard request.decodedQuery("client_secret") == secret, let short = request.decodedQuery(field),
            let scopes = state.tokens.removeValue(forKey: short)
        else { return Self.refusal }
        state.exchanges += 1
        state.tokens[long] = scopes
        return Self.answer(["access_token": .string(long), "token_type": "bearer", "expires_in": 5_183_944])
    }

    private func renewed(_ request: ReceivedRequest, _ token: String, _ state: inout State) -> StandInAnswer {
        guard request.decodedQuery("grant_type") == "ig_refresh_token",
            request.decodedQuery("access_token") == token
        else { return Self.refusal }
        state.renewals += 1
        return Self.answer(["access_token": .string(token), "token_type": "bearer", "expires_in": 5_183_944])
    }

    /// A page's token does not end; the right to its owner's data does, after 90 days.
    private func inspected(_ request: ReceivedRequest, _ state: State) -> StandInAnswer {
        guard request.decodedQuery("access_token") == "\(client)|\(secret)",
            let scopes = state.tokens[request.decodedQuery("input_token") ?? ""]
        else { return Self.refusal }
        let now = Int64(Date().timeIntervalSince1970)
        return Self.answer([
            "data": [
                "is_valid": true, "expires_at": .integer(page == nil ? now + state.life : 0),
                "data_access_expires_at": .integer(now + 90 * 86_400),
                "scopes": JSON(scopes.filter { !state.withheld.contains($0) }),
            ]
        ])
    }

    /// The page of the service is the second of two, each on a leaf of its own.
    private func pages(_ request: ReceivedRequest, _ token: String, _ state: inout State) -> StandInAnswer {
        guard request.header("Authorization") == "Bearer EAAB-long", let page else { return Self.refusal }
        guard request.decodedQuery("after") == "A" else {
            return Self.answer([
                "data": [["id": "901", "name": "Another", "access_token": "not-this", "tasks": []]],
                "paging": ["cursors": ["after": "A"], "next": "https://graph.facebook.com/next"],
            ])
        }
        state.tokens[token] = state.tokens["EAAB-long"]
        return Self.answer([
            "data": [
                [
                    "id": .string(page), "name": "Acme", "access_token": .string(token),
                    "tasks": JSON(state.tasks),
                ]
            ]
        ])
    }

    private static func answer(_ body: JSON) -> StandInAnswer { StandInAnswer(200, body.serialized) }

    private static var refusal: StandInAnswer {
        GraphPublishingStandIn.refusal(400, 100, 36_009, "This authorization code has been used.")
    }
}
