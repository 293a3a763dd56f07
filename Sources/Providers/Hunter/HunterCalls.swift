internal import Agents
internal import Integrations
internal import JSON
internal import Records

extension Hunter {
    /// Asks a path below `/v2`; throws what the answer means where it is none to the question. 403 and 429 are the
    /// reverse of what they are elsewhere: too fast, and no calls left for the month.
    func ask(
        _ path: String, _ access: IntegrationAccess, _ reach: ConnectorCall,
        query: [(name: String, value: String)] = [], body: JSON? = nil
    ) async throws(ToolFailure) -> LookupWire.Answer {
        let written = query.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
        let url = "\(access.baseURL)/v2\(path)" + (written.isEmpty ? "" : "?\(written)")
        let answer = try await wire.ask(
            url, access, reach, method: body == nil ? "GET" : "POST",
            headers: [("X-API-KEY", access.credential("api_key"))], body: body)
        switch answer.status {
        case 403 where answer.body["errors"]?.array?.first?["id"]?.text == "no_discover_access":
            throw ToolFailure(
                IntegrationCheck.permissionCode, "the plan at Hunter does not include this",
                isRetryable: false)
        case 403: throw wire.pause(reach, for: answer.retryAfter ?? .seconds(60))
        case 429: throw wire.exhausted(reach)
        case 451:
            throw ToolFailure(
                Self.claimed, "the person has forbidden Hunter to tell of them", isRetryable: false)
        default:
            if let failure = wire.usualFailure(answer, reach) { throw failure }
            return answer
        }
    }

    /// The code of what nobody may be told of: it is not asked for again, and what is known of it is removed.
    static var claimed: String { "claimed" }
}
