internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Telemetry

/// The requests to X, and the meaning of its refusals.
extension XNetwork {
    struct User {
        let id: String, name: String
    }

    func me(_ access: IntegrationAccess, _ reach: ConnectorCall) async throws(ToolFailure) -> User {
        let answer = try await ask(get("/2/users/me", access), access, reach)
        guard let id = answer["data"]?["id"]?.text, let name = answer["data"]?["username"]?.text else {
            throw wire.unreadable()
        }
        return User(id: id, name: name)
    }

    func get(_ path: String, _ access: IntegrationAccess) -> ServiceWire.Request {
        ServiceWire.Request("GET", access.baseURL + path, headers: headers(access))
    }

    /// `isDoubtful`: it may have taken effect where X gives an error of its own.
    func post(
        _ path: String, _ body: JSON?, _ access: IntegrationAccess, isDoubtful: Bool = false
    ) -> ServiceWire.Request {
        ServiceWire.Request(
            "POST", access.baseURL + path, headers: headers(access), json: body, isDoubtful: isDoubtful)
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential(OAuthCredential.access))")]
    }

    /// Returns a good answer. One without data, but with errors, is none, whatever its status, unless what was asked
    /// for may be there in part (`isPartly`).
    func ask(
        _ request: ServiceWire.Request, _ access: IntegrationAccess, _ reach: ConnectorCall,
        isPartly: Bool = false
    ) async throws(ToolFailure) -> JSON {
        let response = try await wire.exchange(request, access, reach)
        let body = (try? JSONParser.parse(response.body)) ?? .null
        guard (200..<300).contains(response.status) else {
            throw failure(response, body, request, access, reach)
        }
        if !isPartly, body["data"] == nil, let words = Self.words(body["errors"]?.array?.first ?? .null) {
            throw ToolFailure("refused", "X refuses. \(access.redacted(words))", isRetryable: false)
        }
        guard response.body.isEmpty || body.object != nil else {
            throw wire.unreadable(request.isDoubtful ? request.method : "GET")
        }
        return body
    }

    private func failure(
        _ response: HTTPClientResponse, _ body: JSON, _ request: ServiceWire.Request,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) -> ToolFailure {
        let usual = wire.refusal(
            response, request,
            { answer in Self.words(answer).map { (nil, $0) } }, access)
        func refused(_ code: String) -> ToolFailure {
            ToolFailure(code, usual.detail, isRetryable: false)
        }
        let type = body["type"]?.text?.split(separator: "/").last.map(String.init) ?? ""
        // Nothing more is to be had this month, or before somebody has paid.
        if type == "usage-capped" || response.status == 402 { return refused("usage_capped") }
        switch response.status {
        case 429:
            let pause = pause(response)
            var limit = ServiceLimit()
            limit.pause = pause
            reach.note(limit)
            return ToolFailure("rate_limited", usual.detail, isRetryable: true, retryAfter: pause)
        case 403 where body["detail"]?.text?.lowercased().contains("duplicate content") == true:
            return refused("duplicate")
        case 403 where !["client-forbidden", "not-authorized-for-resource"].contains(type):
            return refused("refused")
        default: return usual
        }
    }

    static func words(_ body: JSON) -> String? {
        let error = body["errors"]?.array?.first
        let said = [
            body["detail"], error?["message"], error?["detail"], body["error_description"], body["title"],
        ]
        return said.lazy.compactMap { $0?.words }.first
    }

    /// Until the window that is full is over. Where the shorter one has room, it is the one of a day, of which X tells
    /// little.
    private func pause(_ response: HTTPClientResponse) -> Duration {
        for window in ["user-limit-24hour-", "app-limit-24hour-", "rate-limit-"] {
            guard let left = response.header("x-\(window)remaining").flatMap({ Int64($0) }), left <= 0,
                let reset = response.header("x-\(window)reset").flatMap({ Int64($0) })
            else { continue }
            return max(ServiceLimit.time(until: reset, at: wire.now()), .seconds(1))
        }
        return response.retryAfter ?? .seconds(900)
    }
}
