internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// The requests to YouTube, and the meaning of its refusals.
extension YouTube {
    func get(_ path: String, _ access: IntegrationAccess) -> ServiceWire.Request {
        ServiceWire.Request("GET", access.baseURL + path, headers: headers(access))
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential(OAuthCredential.access))")]
    }

    func ask(
        _ request: ServiceWire.Request, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let response = try await wire.exchange(request, access, reach)
        guard (200..<300).contains(response.status) else {
            throw failure(response, request, access, reach)
        }
        return try body(of: response, to: request)
    }

    func body(
        of response: HTTPClientResponse, to request: ServiceWire.Request
    ) throws(ToolFailure) -> JSON {
        guard let body = try? JSONParser.parse(response.body), body.object != nil else {
            throw wire.unreadable(request.method)
        }
        return body
    }

    /// The status says little; the reason does.
    func failure(
        _ response: HTTPClientResponse, _ request: ServiceWire.Request, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) -> ToolFailure {
        let error = (try? JSONParser.parse(response.body))?["error"]
        let reason = error?["errors"]?.array?.first?["reason"]?.words ?? ""
        let usual = wire.refusal(
            response, request,
            { answer in
                let words = answer["error"]?["message"]?.words
                return reason.isEmpty && words == nil
                    ? nil : (nil, [reason, words ?? ""].filter { !$0.isEmpty }.joined(separator: ": "))
            }, access)
        switch reason {
        case "quotaExceeded", "dailyLimitExceeded":
            let now = wire.now(), zone = TimeZoneRules(named: "America/Los_Angeles") ?? .utc
            return later(TimeSpan.day.bounds(around: now, zone).end - now, usual, reach)
        case "rateLimitExceeded", "userRateLimitExceeded": return later(.seconds(60), usual, reach)
        // A limit of the channel's: others may go on.
        case "uploadLimitExceeded":
            return ToolFailure(
                "rate_limited", usual.detail, isRetryable: true, retryAfter: .seconds(86_400))
        case "authError":
            return ToolFailure(ToolFailure.refusesAccount, usual.detail, isRetryable: false)
        case "forbidden", "insufficientPermissions", "youtubeSignupRequired":
            return ToolFailure(IntegrationCheck.permissionCode, usual.detail, isRetryable: false)
        default: break
        }
        if reason.isEmpty || reason == "backendError" || response.status >= 500 {
            var failure = usual
            // YouTube may have the bytes that came before the fault: the session is asked.
            if request.method == "PUT", response.status >= 500 { failure.isAmbiguous = true }
            return failure
        }
        return usual.isRetryable ? usual : ToolFailure(Self.code(reason), usual.detail, isRetryable: false)
    }

    private func later(_ pause: Duration, _ usual: ToolFailure, _ reach: ConnectorCall) -> ToolFailure {
        var limit = ServiceLimit()
        limit.pause = pause
        reach.note(limit)
        return ToolFailure("rate_limited", usual.detail, isRetryable: true, retryAfter: pause)
    }

    /// A reason of YouTube's (`invalidTitle`) as a code of ours.
    static func code(_ reason: String) -> String {
        let letters = reason.prefix(80).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let code = letters.reduce(into: "") { result, letter in
            result += letter.isUppercase && !result.isEmpty ? "_\(letter.lowercased())" : letter.lowercased()
        }
        return code.isEmpty ? "refused" : code
    }
}
