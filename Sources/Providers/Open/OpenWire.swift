internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// One request to a service that answers everybody. It is told who asks, as all of them demand or expect.
struct OpenWire: Sendable {
    let wire: LookupWire
    /// The name of this installation's crawler, with a way to reach whoever runs it.
    let agent: String
    /// The name of the error by which it says that it has been asked too often, whatever the status.
    private let throttle: String?

    init(
        _ title: String, _ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant,
        throttle: String? = nil
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now)
        (self.agent, self.throttle) = (agent, throttle)
    }

    /// Returns the answer to a question; throws what a status means where it is none.
    func get(
        _ path: String, _ query: [(name: String, value: String)], _ access: IntegrationAccess,
        _ reach: ConnectorCall,
        accept: String? = nil
    ) async throws(ToolFailure) -> JSON {
        let written = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(
            separator: "&")
        let url = "\(access.baseURL)\(path)" + (written.isEmpty ? "" : "?\(written)")
        return try await get(url, access, reach, accept: accept)
    }

    func get(
        _ url: String, _ access: IntegrationAccess, _ reach: ConnectorCall, accept: String? = nil
    ) async throws(ToolFailure) -> JSON {
        var headers = [(name: "User-Agent", value: agent)]
        if let accept { headers.append((name: "Accept", value: accept)) }
        return try read(try await wire.ask(url, access, reach, headers: headers), reach)
    }

    func post(
        _ path: String, form: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        try read(
            try await wire.ask(
                "\(access.baseURL)\(path)", access, reach, method: "POST",
                headers: [(name: "User-Agent", value: agent)], form: form), reach)
    }

    private func read(_ answer: LookupWire.Answer, _ reach: ConnectorCall) throws(ToolFailure) -> JSON {
        if let throttle, answer.body["error_name"]?.text == throttle {
            throw wire.pause(reach, for: answer.retryAfter ?? .seconds(60))
        }
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        // A fault of the question may come as good, with words in place of an answer.
        guard answer.body.object != nil || answer.body.array != nil else { throw wire.unreadable }
        return answer.body
    }

    /// A test asks something that is always known.
    func check(
        _ access: IntegrationAccess, _ ask: () async throws(ToolFailure) -> Bool
    ) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            guard try await ask() else { throw wire.unreadable }
            return "The service answers."
        }
    }
}

/// The common traits of names of companies and places, as far as services tell.
enum CompanyIdentity {
    /// Returns whether two names are one company's, but for case, legal form and the like.
    static func isSame(_ one: String, _ other: String) -> Bool {
        let key = CompanyName.key(one)
        return !key.isEmpty && key == CompanyName.key(other)
    }

    /// Returns whether a place, as people write it, names a town or a postal code.
    static func names(_ place: String, _ part: String?) -> Bool {
        guard let part, !part.isEmpty else { return false }
        let words = words(of: place), wanted = self.words(of: part)
        return !wanted.isEmpty && wanted.allSatisfy { words.contains($0) }
    }

    private static func words(of text: String) -> Set<String> {
        Set(TextFolding.fold(text).split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }

    /// The domain under which a site's company registered it.
    static func domain(of site: String?) -> String? { site.flatMap { WebAddress($0)?.registrableDomain } }
}

extension ToolFailure {
    /// Nothing but such a question would have no answer.
    static func nothingToAsk(_ title: String) -> ToolFailure {
        ToolFailure("no_criteria", "\(title) cannot be asked for this", isRetryable: false)
    }
}
