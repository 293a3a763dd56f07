internal import Agents
internal import HTTPClient
internal import Integrations

/// Which of the addresses that a service names in its hooks are asked: those where it is configured to be, and
/// its own domains over https. Any other one might be one that somebody wants us to call.
struct FetchAllowance {
    private let home: OutboundURL?
    private let domains: [String]

    init(_ home: String, _ domains: [String] = []) {
        self.home = try? OutboundURL(home)
        self.domains = domains.map { $0.lowercased() }
    }

    func allows(_ address: String) -> Bool {
        guard let url = try? OutboundURL(address) else { return false }
        if let home, (url.host, url.port, url.isSecure) == (home.host, home.port, home.isSecure) {
            return true
        }
        return url.isSecure && url.port == 443
            && domains.contains { url.host == $0 || url.host.hasSuffix(".\($0)") }
    }
}

extension IntegrationAccess {
    /// Notes the answer to a request that was made for a hook, and its size.
    func note(_ response: HTTPClientResponse) {
        reach.noteAnswer()
        reach.note(bytes: response.body.count)
    }
}
