internal import JSON
internal import Markup

/// Tells by what a page loads and says of itself what it is made with.
struct Fingerprints: Sendable {
    private struct Mark: Sendable {
        let name: String
        let needle: String
        let bytes: [UInt8]

        init(name: String, needle: String) {
            (self.name, self.needle, bytes) = (name, needle, Array(needle.utf8))
        }
    }

    /// A page says once what made it, or twice.
    private static let generatorsMax = 8

    /// By the host that something is loaded from, or by any part of its address.
    private var hosts: [String: [Mark]] = [:]
    private var paths: [Mark] = []
    private var generators: [Mark] = []
    /// By the names of headers and cookies.
    private var headers: [String: [Mark]] = [:]
    private var cookies: [Mark] = []

    static let shared = Fingerprints(ResourceTable.texts["data/technologies.csv"] ?? "")

    /// Lines of name, kind and needle.
    init(_ file: String) {
        for line in file.split(separator: "\n") where !line.hasPrefix("#") {
            let cells = line.split(separator: ",", maxSplits: 2).map(String.init)
            guard cells.count == 3 else { continue }
            let mark = Mark(name: cells[0], needle: cells[2].lowercased())
            switch cells[1] {
            case "url":
                let host = String(mark.needle.prefix { $0 != "/" })
                hosts[host, default: []].append(mark)
            case "path": paths.append(mark)
            case "generator": generators.append(mark)
            case "header":
                let parts = mark.needle.split(separator: ":", maxSplits: 1).map(String.init)
                headers[parts[0], default: []].append(
                    Mark(name: mark.name, needle: parts.count > 1 ? parts[1] : ""))
            case "cookie": cookies.append(mark)
            default: break
            }
        }
    }

    /// Each technology once, with the words of the page that give it away.
    func technologies(
        in page: MarkupDocument, at address: PageAddress, headers all: [(name: String, value: String)]
    ) -> [(name: String, quote: String)] {
        var found: [(name: String, quote: String)] = [], seen: Set<String> = [], generatorsRead = 0
        func add(_ name: String, _ quote: String) {
            if seen.insert(name).inserted { found.append((name, quote)) }
        }
        for node in page.nodes.indices {
            switch page.nodes[node].name {
            case .script, .iframe, .img: if let url = page.attribute(.src, of: node) { read(url, add) }
            case .link: if let url = page.attribute(.href, of: node) { read(url, add) }
            case .form:
                if let url = page.name("action").flatMap({ page.attribute($0, of: node) }) { read(url, add) }
            case .meta:
                guard generatorsRead < Self.generatorsMax,
                    page.attribute(.name, of: node)?.lowercased() == "generator",
                    let content = page.attribute(.content, of: node), content.utf8.count < 1000
                else { continue }
                generatorsRead += 1
                let text = Array(content.lowercased().utf8)
                for mark in generators where text.holds(mark.bytes) { add(mark.name, content) }
            default: break
            }
        }
        for header in all {
            let name = header.name.lowercased(), value = header.value.lowercased()
            for mark in headers[name] ?? [] where mark.needle.isEmpty || value.contains(mark.needle) {
                add(mark.name, "\(header.name): \(header.value)")
            }
            if name == "set-cookie" {
                for mark in cookies where value.hasPrefix(mark.needle) {
                    add(mark.name, String(header.value.prefix { $0 != "=" }))
                }
            }
        }
        return found
    }

    private func read(_ url: String, _ add: (String, String) -> Void) {
        guard (4...2000).contains(url.utf8.count), !url.hasPrefix("data:") else { return }
        let text = url.lowercased(), bytes = Array(text.utf8)
        let bare =
            text.drop { $0 != "/" }.hasPrefix("//") || text.hasPrefix("//")
            ? text.firstRange(of: "//").map { text[$0.upperBound...] } : nil
        if let bare {
            // The host and each domain above it.
            var host = bare.prefix { $0 != "/" && $0 != "?" && $0 != ":" }
            let tail = bare[host.endIndex...]
            while !host.isEmpty {
                for mark in hosts[String(host)] ?? [] where (host + tail).hasPrefix(mark.needle) {
                    add(mark.name, url)
                }
                guard let dot = host.firstIndex(of: ".") else { break }
                host = host[host.index(after: dot)...]
            }
        }
        for mark in paths where bytes.holds(mark.bytes) { add(mark.name, url) }
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= count else { return false }
        for start in 0...(count - part.count) where self[start] == first {
            if self[start..<start + part.count].elementsEqual(part) { return true }
        }
        return false
    }
}
