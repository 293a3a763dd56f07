internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Telemetry

/// The requests to TikTok, and the meaning of its refusals.
extension TikTok {
    /// The posts that a creator's account lets be made now.
    struct Creator {
        let name: String
        let levels: [String]
        let hasComments: Bool, hasDuets: Bool, hasStitches: Bool
        /// The longest film, in seconds.
        let secondsMax: Int64?
    }

    func creator(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Creator {
        let data = try await ask("/v2/post/publish/creator_info/query/", [:], access, reach)
        guard let levels = data["privacy_level_options"]?.array else { throw wire.unreadable() }
        return Creator(
            name: data["creator_username"]?.text ?? "", levels: levels.compactMap(\.text),
            hasComments: data["comment_disabled"] != true, hasDuets: data["duet_disabled"] != true,
            hasStitches: data["stitch_disabled"] != true,
            secondsMax: data["max_video_post_duration_sec"]?.int)
    }

    /// Returns the data of a good answer. `isDoubtful`: what was asked for may have taken effect where TikTok gives an
    /// error of its own.
    func ask(
        _ path: String, _ body: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall,
        isDoubtful: Bool = false
    ) async throws(ToolFailure) -> JSON {
        let request = ServiceWire.Request(
            "POST", access.baseURL + path,
            headers: [("Authorization", "Bearer \(access.credential(OAuthCredential.access))")], json: body,
            isDoubtful: isDoubtful)
        let response = try await wire.exchange(request, access, reach)
        let answer = (try? JSONParser.parse(response.body)) ?? .null
        let code = answer["error"]?["code"]?.words
        if code == "ok", (200..<300).contains(response.status) { return answer["data"] ?? [:] }
        guard code != nil || !(200..<300).contains(response.status) else {
            throw wire.unreadable(isDoubtful ? "POST" : "GET")
        }
        throw failure(response, code ?? "", request, access, reach)
    }

    private func failure(
        _ response: HTTPClientResponse, _ code: String, _ request: ServiceWire.Request,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) -> ToolFailure {
        let usual = wire.refusal(
            response, request,
            { answer in
                let words = [answer["error"]?["code"]?.words, answer["error"]?["message"]?.words]
                let said = words.compactMap(\.self).joined(separator: ": ")
                return said.isEmpty ? nil : (nil, said)
            }, access)
        switch code {
        case "access_token_invalid":
            return ToolFailure(ToolFailure.refusesAccount, usual.detail, isRetryable: false)
        case "scope_not_authorized", "scope_permission_missed":
            return ToolFailure(IntegrationCheck.permissionCode, usual.detail, isRetryable: false)
        case "rate_limit_exceeded": return later(usual.detail, reach)
        case "internal_error":
            return ToolFailure(
                "unavailable", usual.detail, isRetryable: true, isAmbiguous: request.isDoubtful,
                blamesProvider: true)
        case "" where response.status == 429: return later(usual.detail, reach)
        case "": return usual
        default: return ToolFailure(Self.plain(code), usual.detail, isRetryable: false)
        }
    }

    /// It says of no limit how much is left, nor when there is more: its windows are minutes.
    private func later(_ detail: String, _ reach: ConnectorCall) -> ToolFailure {
        var limit = ServiceLimit()
        limit.pause = .seconds(60)
        reach.note(limit)
        return ToolFailure("rate_limited", detail, isRetryable: true, retryAfter: limit.pause)
    }

    /// A reason of TikTok's as a code of ours.
    static func plain(_ code: String) -> String {
        let letters = code.lowercased().prefix(80).filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
        }
        return letters.isEmpty ? "refused" : letters
    }
}
