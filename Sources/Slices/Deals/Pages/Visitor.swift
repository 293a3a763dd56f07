package import HTTPServer
package import JSON
package import Nouns
internal import Records
package import Telemetry

/// A visitor who looks at a page, or answers on it, as far as it can be told: kept as evidence.
package struct Visitor: Sendable {
    package let address: String
    package let userAgent: String?
    /// The user who is signed in; `nil` on a public page.
    package var userID: UserID?

    package init(_ head: RequestHead) {
        address = head.remoteAddress.description
        userAgent = head.header("User-Agent").map { String($0.prefix(500)) }
    }

    /// Makes a visitor whose address is known from elsewhere than a request.
    package init(address: String, userAgent: String?) {
        (self.address, self.userAgent) = (address, userAgent)
    }

    /// The user who is signed in, else the system, which acts for whoever has the link.
    var actor: Actor { userID.map { Actor($0) } ?? .system }

    package func evidence(at instant: Instant, _ more: JSONObject = [:]) -> JSON {
        var object: JSONObject = [
            "at": .string(instant.description), "address": .string(address), "user_agent": JSON(userAgent),
        ]
        if let userID { object["user_id"] = JSON(userID) }
        for (name, value) in more.members { object[name] = value }
        return .object(object)
    }
}

extension RequestHead {
    /// Whether a person's browser shows the page: programs that look at links before people do say who they are, or
    /// do not ask for HTML. Who hides is told by the page's own note that it was read.
    package var looksLikeBrowser: Bool {
        guard method == "GET", !isHead, wantsHTML else { return false }
        for name in ["Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"] {
            if let value = header(name)?.lowercased(), value.contains("prefetch") || value.contains("preview")
            {
                return false
            }
        }
        let agent = (header("User-Agent") ?? "").lowercased()
        return !Self.scanners.contains { agent.contains($0) }
    }

    package var wantsHTML: Bool { header("Accept")?.lowercased().contains("text/html") == true }

    private static let scanners = [
        "bot", "crawl", "spider", "preview", "scan", "monitor", "facebookexternalhit", "whatsapp", "slack",
        "telegram", "discord", "embedly", "proofpoint", "mimecast", "barracuda", "safelinks", "urldefense",
        "symantec", "messagelabs", "trendmicro", "headless", "validator",
    ]
}
