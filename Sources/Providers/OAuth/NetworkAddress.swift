internal import HTTPClient
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

    /// Returns where an address lies that the network has named in an answer; `nil` where it is not the network's:
    /// files go nowhere else. `hosts`: those that it has, with all below them.
    static func named(_ told: String, base: String, usual: String, hosts: [String]) -> String? {
        guard let url = try? OutboundURL(told) else { return nil }
        let isOwn = hosts.contains { url.host == $0 || url.host.hasSuffix("." + $0) }
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
