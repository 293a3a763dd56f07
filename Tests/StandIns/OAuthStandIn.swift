import Cryptography
import Foundation
import Synchronization

/// The accounts of a large service, where the owner of a mailbox lets an application in (OAuth 2, RFC 6749):
/// the page that asks, a code for whoever knows the verifier (RFC 7636), tokens, their renewal and their
/// revocation (RFC 7009). Servers of mail ask it whether a token is good.
package final class OAuthStandIn: Sendable {
    package struct Settings: Sendable {
        package var clientID = "app", clientSecret = "s3cr3t"
        /// The owner of the mailbox.
        package var owner = "bot@bureau.test"
        /// The token for servers that know but one; otherwise each token is another.
        package var token: String?
        /// The lifetime of an access token, in seconds.
        package var lifetime = 3600
        /// A renewal brings another refresh token, and ends the one before.
        package var replacesRefreshTokens = true
        /// The challenge of a verifier is written in hexadecimal digits.
        package var hasHexChallenge = false
        /// An access token comes with another that renews it.
        package var givesRefreshTokens = true
        /// The service's word for the life of what renews a token.
        package var consentField = "refresh_token_expires_in"
        package init() {}
    }

    /// The scopes that the owner has said yes to, until its code is used.
    private struct Consent {
        let redirect: String, challenge: String, scopes: [String]
    }

    private struct Access {
        let end: Date, scopes: [String]
    }

    private struct State {
        var count = 0
        var consents: [String: Consent] = [:]
        var access: [String: Access] = [:]
        /// The scopes of each.
        var refresh: [String: [String]] = [:]
        var withheld: Set<String> = []
        var consentLifetime: Int?
        var asked: [[String: String]] = []

        mutating func number() -> Int {
            count += 1
            return count
        }
    }

    /// Tells it the faults on the way: `next` is about any request, for the page or for a token.
    package let service: ServiceStandIn
    package let settings: Settings
    private let accounts: Accounts

    package init(_ change: (inout Settings) -> Void = { _ in }) throws {
        var settings = Settings()
        change(&settings)
        let accounts = Accounts(settings: settings)
        (self.settings, self.accounts) = (settings, accounts)
        service = try ServiceStandIn { accounts.answer($0) }
    }

    package var authorizeURL: String { service.url + "/authorize" }
    package var tokenURL: String { service.url + "/token" }
    package var revokeURL: String { service.url + "/revoke" }

    /// The scopes that tokens were asked for with, in the order in which they were.
    package var grants: [String] {
        accounts.state.withLock { $0.asked.map { $0["grant_type"] ?? "" } }
    }

    /// Returns whether the owner's mailbox opens for a token that may do this.
    package func admits(_ user: String, _ token: String, to scope: String) -> Bool {
        guard user == settings.owner else { return false }
        return accounts.state.withLock { state in
            state.access[token].map { $0.end > .now && $0.scopes.contains(scope) } ?? false
        }
    }

    /// Returns the address to which a browser is sent when the owner says yes, or anything else, on the page
    /// at an address; `nil` where the page is none.
    package func wayBack(from address: String, answer: String = "yes") -> String? {
        let target = address.hasPrefix(service.url) ? String(address.dropFirst(service.url.count)) : ""
        let request = ReceivedRequest(method: "POST", target: target, body: Array("answer=\(answer)".utf8))
        return accounts.answer(request).headers.first { $0.0 == "Location" }?.1
    }

    // MARK: What owners and services do

    /// The owner takes the consent back: every token is over.
    package func revoke() { accounts.revoke() }

    /// Access tokens are over before their time; they can be renewed.
    package func endAccess() { accounts.state.withLock { $0.access = [:] } }

    /// Refresh tokens are refused from now on; access tokens stay good for as long as they live.
    package func endRenewal() { accounts.state.withLock { $0.refresh = [:] } }

    /// The owner leaves these out of whatever they say yes to from now on.
    package func withhold(_ scopes: Set<String>) { accounts.state.withLock { $0.withheld = scopes } }

    /// Tells it the lifetime, in seconds, of renewed tokens from now on.
    package func lasts(_ seconds: Int?) { accounts.state.withLock { $0.consentLifetime = seconds } }

    // MARK: The service itself

    /// Apart from its socket, which answers from the moment it is there.
    private final class Accounts: Sendable {
        let settings: Settings
        let state = Mutex(State())

        init(settings: Settings) { self.settings = settings }

        func answer(_ request: ReceivedRequest) -> StandInAnswer {
            var form = formFields(String(decoding: request.body, as: UTF8.self))
            if let client = request.basicClient {
                (form["client_id"], form["client_secret"]) = client
            }
            // Some call it so.
            if let key = form["client_key"] { form["client_id"] = key }
            return switch (request.method, request.path) {
            case ("GET", "/authorize"), ("POST", "/authorize"): page(request, form)
            case ("POST", "/token"): tokens(form)
            case ("POST", "/revoke"): revocation(form)
            default: StandInAnswer(404)
            }
        }

        func revoke() { state.withLock { ($0.consents, $0.access, $0.refresh) = ([:], [:], [:]) } }

        /// Asks the owner, or takes the answer. A request in which something is wrong leads nowhere.
        private func page(_ request: ReceivedRequest, _ form: [String: String]) -> StandInAnswer {
            let query = formFields(String(request.target.drop { $0 != "?" }.dropFirst()))
            func isGiven(_ name: String) -> Bool { query[name]?.isEmpty == false }
            guard query["client_id"] ?? query["client_key"] == settings.clientID,
                query["response_type"] == "code",
                query["code_challenge_method"] == "S256", isGiven("code_challenge"), isGiven("scope"),
                let redirect = query["redirect_uri"], var back = URLComponents(string: redirect)
            else { return StandInAnswer(400, "<!doctype html><h1>This request is not one of ours</h1>") }
            let scopes = (query["scope"] ?? "").split(separator: " ").map(String.init)
            guard request.method == "POST" else {
                return StandInAnswer(
                    200, question(scopes), headers: [("Content-Type", "text/html; charset=utf-8")])
            }
            var items = [URLQueryItem(name: "state", value: query["state"])]
            if form["answer"] == "yes" {
                let code = state.withLock { state in
                    let code = "code-\(state.number())"
                    state.consents[code] = Consent(
                        redirect: redirect, challenge: query["code_challenge"] ?? "",
                        scopes: scopes.filter { !state.withheld.contains($0) })
                    return code
                }
                items.append(URLQueryItem(name: "code", value: code))
            } else {
                items.append(URLQueryItem(name: "error", value: "access_denied"))
            }
            back.queryItems = (back.queryItems ?? []) + items
            return StandInAnswer(303, headers: [("Location", back.string ?? redirect)])
        }

        private func question(_ scopes: [String]) -> String {
            let lines = scopes.map {
                "<li>\($0.replacing("&", with: "&amp;").replacing("<", with: "&lt;"))</li>"
            }
            return """
                <!doctype html><title>May \(settings.clientID) in?</title>
                <h1>May \(settings.clientID) use the mailbox \(settings.owner)?</h1>
                <ul>\(lines.joined())</ul>
                <form method="post">
                <button name="answer" value="yes">Yes</button> <button name="answer" value="no">No</button>
                </form>

                """
        }

        private func tokens(_ form: [String: String]) -> StandInAnswer {
            state.withLock { state in
                state.asked.append(form)
                guard form["client_id"] == settings.clientID, form["client_secret"] == settings.clientSecret
                else { return refusal(401, "invalid_client", "Who is that?") }
                switch form["grant_type"] {
                case "authorization_code":
                    // Good once, whatever comes of it.
                    guard let consent = state.consents.removeValue(forKey: form["code"] ?? ""),
                        consent.redirect == form["redirect_uri"],
                        consent.challenge == challenge(of: form["code_verifier"] ?? "")
                    else { return refusal(400, "invalid_grant", "It is gone.") }
                    return grant(consent.scopes, &state, newRefresh: true)
                case "refresh_token":
                    let token = form["refresh_token"] ?? ""
                    guard let scopes = state.refresh[token] else {
                        return refusal(400, "invalid_grant", "It is gone.")
                    }
                    if settings.replacesRefreshTokens { state.refresh[token] = nil }
                    return grant(scopes, &state, newRefresh: settings.replacesRefreshTokens)
                case "client_credentials":
                    let scopes = (form["scope"] ?? "").split { $0 == " " || $0 == "," }.map(String.init)
                    return grant(scopes, &state, newRefresh: false)
                default: return refusal(400, "unsupported_grant_type", "What for?")
                }
            }
        }

        private func challenge(of verifier: String) -> String {
            let digest = SHA256.hash(Array(verifier.utf8))
            return settings.hasHexChallenge ? Hex.encode(digest) : Base64.encodeURL(digest)
        }

        private func grant(_ scopes: [String], _ state: inout State, newRefresh: Bool) -> StandInAnswer {
            let number = state.number()
            let token = settings.token ?? "access-\(number)"
            state.access[token] = Access(
                end: Date(timeIntervalSinceNow: Double(settings.lifetime)), scopes: scopes)
            var more = ""
            if newRefresh, settings.givesRefreshTokens {
                state.refresh["refresh-\(number)"] = scopes
                more = #","refresh_token":"refresh-\#(number)""#
            }
            if let life = state.consentLifetime, settings.givesRefreshTokens {
                more += #","\#(settings.consentField)":\#(life)"#
            }
            // Without a quotation mark, as scopes are (RFC 6749 §3.3).
            let scope = scopes.joined(separator: " ").replacing("\"", with: "")
            return StandInAnswer(
                200,
                #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(settings.lifetime),"#
                    + #""scope":"\#(scope)"\#(more)}"#, headers: [("Content-Type", "application/json")])
        }

        private func revocation(_ form: [String: String]) -> StandInAnswer {
            let token = form["token"] ?? ""
            if state.withLock({ $0.refresh[token] != nil || $0.access[token] != nil }) { revoke() }
            // One that it never gave is over, too.
            return StandInAnswer(200)
        }

        private func refusal(_ status: Int, _ error: String, _ why: String) -> StandInAnswer {
            StandInAnswer(
                status, #"{"error":"\#(error)","error_description":"\#(why)"}"#,
                headers: [("Content-Type", "application/json")])
        }
    }
}

extension ReceivedRequest {
    /// The name and secret of a client that tells them in a header (RFC 6749 §2.3.1).
    fileprivate var basicClient: (String, String)? {
        guard let coded = header("Authorization"), coded.hasPrefix("Basic "),
            let data = Data(base64Encoded: String(coded.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}

/// Names and values of a form, or of a query; of a name that comes twice, the first.
func formFields(_ text: String) -> [String: String] {
    let pairs = text.split(separator: "&").map { pair in
        let parts = pair.replacing("+", with: " ").split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false
        ).map { $0.removingPercentEncoding ?? "" }
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    return Dictionary(pairs) { first, _ in first }
}
