internal import Markup
internal import Records
internal import Templates

/// Finds addresses that lead nowhere: malformed ones, those of private networks, and those that were asked and lead
/// nowhere. Nothing is asked here.
struct LinkCheck {
    private enum Fault: String { case malformed, inner }

    private(set) var findings: [QualityFinding] = []

    init(_ text: ScannedText, dead: [QualityInput.DeadLink] = []) {
        let dead = Dictionary(dead.map { ($0.address, $0) }) { first, _ in first }
        for link in text.links {
            let address = text.quote(link.range)
            guard let fault = Self.fault(of: link.text) else {
                if let known = Self.question(link.text).flatMap({ dead[$0.description] }) {
                    findings.append(Self.finding(known, address, at: link.range))
                }
                continue
            }
            findings.append(
                QualityFinding(
                    .brokenLink, .error,
                    Saying(
                        "content_check.link", ["fault": .text(fault.rawValue), "address": .text(address)]),
                    evidence: address, at: link.range, suggestion: Saying("content_advice.link")))
        }
    }

    private static func finding(
        _ dead: QualityInput.DeadLink, _ address: String, at place: Range<Int>
    ) -> QualityFinding {
        QualityFinding(
            .brokenLink, dead.isGone ? .error : .warning,
            Saying(
                "content_check.link_dead",
                ["status": .text(dead.status.map(String.init) ?? "none"), "address": .text(address)]),
            evidence: address, at: place, suggestion: Saying("content_advice.link_dead"))
    }

    /// The page that a link can be asked for; `nil` for one that is none, or is wrong as it stands.
    static func question(_ text: String) -> PageAddress? {
        guard fault(of: text) == nil else { return nil }
        let small = text.lowercased()
        guard small.hasPrefix("http") || small.hasPrefix("www.") else { return nil }
        return PageAddress(small.hasPrefix("www.") ? "https://" + text : text)
    }

    private static func fault(of text: String) -> Fault? {
        // Places for values are filled in later, and places of the page itself need no host.
        guard !text.contains("{{"), !text.hasPrefix("#"), !text.hasPrefix("/") || text.hasPrefix("//") else {
            return nil
        }
        var small = text.lowercased()
        if small.hasPrefix("mailto:") {
            return EmailAddress(String(text.dropFirst(7).prefix { $0 != "?" })) == nil ? .malformed : nil
        }
        if small.hasPrefix("tel:") { return small.contains(where: \.isNumber) ? nil : .malformed }
        if small.hasPrefix("www.") { small = "https://" + small }
        guard let start = ["https://", "http://"].first(where: small.hasPrefix) else { return .malformed }
        let authority = small.dropFirst(start.count).prefix { !"/?#\\".contains($0) }
        let host = authority.hasPrefix("[") ? authority : authority.prefix { $0 != ":" }
        if WebAddress.isInner(host: host) { return .inner }
        let isPlain = small.unicodeScalars.allSatisfy { !$0.isUnseen && $0.value > 0x20 }
        return isPlain && WebAddress(small) != nil ? nil : .malformed
    }
}
