internal import Agents
internal import Integrations
internal import JSON
internal import Records

extension Apollo {
    /// Asks a path below `/api/v1`; filters travel in the query.
    func ask(
        _ path: String, _ access: IntegrationAccess, _ reach: ConnectorCall, method: String = "POST",
        query: [(name: String, value: String)] = []
    ) async throws(ToolFailure) -> LookupWire.Answer {
        let written = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(
            separator: "&")
        let url = "\(access.baseURL)/api/v1\(path)" + (written.isEmpty ? "" : "?\(written)")
        let answer = try await wire.ask(
            url, access, reach, method: method,
            headers: [("x-api-key", access.credential("api_key")), ("Cache-Control", "no-cache")],
            body: method == "POST" ? [:] : nil)
        // Credits that are used up come as a refusal of the parameters.
        if answer.status == 422, answer.body["error"]?.text?.lowercased().contains("credit") == true {
            throw wire.exhausted(reach)
        }
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        return answer
    }
}
