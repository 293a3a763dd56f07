internal import HTTPServer

extension Call {
    /// The language tags that the request accepts (RFC 9110 §12.5.4), the best first; of two the first.
    package var acceptedLanguages: [String] {
        guard let header = request.head.header("Accept-Language"), !header.isEmpty else { return [] }
        let wanted = header.replacing(" ", with: "").split(separator: ",").prefix(50).compactMap { item in
            let parts = item.split(separator: ";")
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            return parts.first.map { (tag: String($0), quality: quality ?? 1) }
        }
        // The sort keeps the order of equals only if asked to.
        return wanted.enumerated()
            .filter { $0.element.quality > 0 }
            .sorted { ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset) }
            .map(\.element.tag)
    }
}
