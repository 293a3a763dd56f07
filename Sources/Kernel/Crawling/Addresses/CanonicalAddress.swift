package import Markup

extension PageAddress {
    /// The address without what only says who asks or where they came from: ids of sessions, marks of campaigns.
    package var withoutVisitor: PageAddress {
        let kept = query.map { query in
            query.split(separator: "&").filter { item in
                let name = item.prefix { $0 != "=" }.lowercased()
                return !Self.visitors.contains(name) && !Self.visitorPrefixes.contains(where: name.hasPrefix)
            }.joined(separator: "&")
        }
        let query = kept.flatMap { $0.isEmpty ? nil : $0 }
        guard let semicolon = path.utf8.firstIndex(of: UInt8(ascii: ";")) else { return with(query: query) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { step in
            step.split(separator: ";", omittingEmptySubsequences: false).enumerated().filter { index, part in
                index == 0 || !Self.visitors.contains(part.prefix { $0 != "=" }.lowercased())
            }.map(\.element).joined(separator: ";")
        }
        _ = semicolon
        return with(path: parts.joined(separator: "/"), query: query) ?? with(query: query)
    }

    /// The part that two addresses of one page share: the order of a query's parts and a slash at the end say
    /// nothing, and neither does the scheme.
    package var key: String {
        let address = withoutVisitor
        let query = address.query.map { "?" + $0.split(separator: "&").sorted().joined(separator: "&") } ?? ""
        var path = address.path
        if path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return address.host + (address.port.map { ":\($0)" } ?? "") + path + query
    }

    private static let visitors: Set<String> = [
        "phpsessid", "jsessionid", "sid", "sessid", "sessionid", "session_id", "session", "aspsessionid",
        "cfid",
        "cftoken", "zenid", "oscsid", "xtcsid", "mosessionid", "phpsession", "s_id", "gclid", "fbclid",
        "msclkid", "dclid",
        "yclid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "igshid", "gad_source", "trk", "_ga", "_gl",
        "vero_id", "wickedid",
        "twclid", "ttclid", "li_fat_id", "hsctatracking", "fb_action_ids", "replytocom",
    ]
    private static let visitorPrefixes = ["utm_", "aspsessionid", "pk_", "mtm_", "piwik_", "hsa_"]
}
