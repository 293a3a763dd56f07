internal import Foundation
internal import HTTPServer
internal import People
internal import Records
internal import Tenancy

/// The tracking of an email's reader: whether they opened it, and which links they followed. Off unless the agency says
/// so, and only in marketing.
struct MailTracking {
    let tenant: Tenant
    let links: PublicLinks

    private static let linksMax = 100

    func watched(_ html: String, of message: Message) throws -> String {
        guard message.purpose == .marketing, let tracking = tenant.tracking else { return html }
        var html = html
        if tracking.clicks { html = try countingClicks(html, message) }
        if tracking.opens {
            let picture = try links.url(.open, tenant.tenantID, message.id)
            html = html.replacing(
                "</body>", with: "<img src=\"\(picture)\" width=\"1\" height=\"1\" alt=\"\">\n</body>")
        }
        return html
    }

    /// Every link to a web page leads over this server; the one that unsubscribes does so by itself.
    private func countingClicks(_ html: String, _ message: Message) throws -> String {
        var result = "", rest = Substring(html), count = 0
        while let start = rest.range(of: "href=\""), count < Self.linksMax {
            result += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "\"") else { break }
            let url = rest[..<end].replacing("&amp;", with: "&")
            let isWeb = url.hasPrefix("https://") || url.hasPrefix("http://")
            if isWeb, !url.contains("/u/") {
                result += try links.url(.click, tenant.tenantID, "\(message.id)\n\(url)")
                count += 1
            } else {
                result += rest[..<end]
            }
            rest = rest[end...]
        }
        return result + rest
    }
}

/// Programs that look at the links of mails before people do, and that load pictures for whole services: what they
/// open, nobody has opened.
package enum LinkScanner {
    private static let signs = [
        "bot", "spider", "crawl", "preview", "scan", "safelinks", "proofpoint", "mimecast", "barracuda",
        "urldefense", "headless", "curl/", "wget/", "slurp", "facebookexternalhit", "whatsapp", "slack",
        "google-safety", "imageproxy", "ggpht.com", "yahoomailproxy", "trendmicro", "symantec", "forcepoint",
        "virustotal",
    ]

    /// Tells by what a request says of itself; one that hides is seen only by what it does.
    package static func isLikely(userAgent: String?, purpose: String?) -> Bool {
        if let purpose, purpose.lowercased().contains("prefetch") || purpose.lowercased() == "preview" {
            return true
        }
        guard let agent = userAgent?.lowercased(), !agent.isEmpty else { return true }
        // Apple's privacy proxy loads every picture of every mail, and says no more than this of itself.
        if agent == "mozilla/5.0" { return true }
        return signs.contains { agent.contains($0) }
    }

    /// Tells by where a request comes from: the networks of gateways, as the installation names them.
    static func isGateway(_ address: RemoteAddress, in services: PlatformServices) -> Bool {
        services.settings.gateways.contains(address)
    }
}
