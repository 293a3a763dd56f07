internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON

/// The addresses of a social network. Where another base is set for it, `base_url` stands for all of its hosts: scheme
/// and host change, the path stays.
enum NetworkAddress {
    /// Returns an address of the network's that a setting may move.
    static func known(_ setting: String, _ settings: JSONObject, usual: String) -> String {
        if let told = settings[setting]?.text { return told }
        guard let base = settings["base_url"]?.text else { return usual }
        return base + path(of: usual)
    }

    /// Returns where an address lies that the network has named in an answer for files. Throws where it is not the
    /// network's: files, and what lets us in, go nowhere else. `host` is the network's, with all below it.
    static func own(
        _ told: String, _ access: IntegrationAccess, _ provider: some IntegrationProvider, host: String
    ) throws(ToolFailure) -> String {
        let usual = provider.baseURL ?? ""
        guard let address = named(told, base: access.baseURL, usual: usual, host: host) else {
            throw ToolFailure(
                "foreign_address", "\(provider.title) has named an address for uploads that is not its own",
                isRetryable: false)
        }
        return address
    }

    private static func named(_ told: String, base: String, usual: String, host: String) -> String? {
        guard let url = try? OutboundURL(told) else { return nil }
        let isOwn = url.host == host || url.host.hasSuffix("." + host)
        guard base != usual else { return isOwn && url.isSecure ? url.text : nil }
        guard let set = try? OutboundURL(base) else { return nil }
        if url.isSameOrigin(as: set) { return url.text }
        return isOwn ? base + path(of: url.text) : nil
    }

    private static func path(of address: String) -> String {
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 3 ? "/" + parts[3] : ""
    }
}
