package import Markup

/// Reads items of microdata (WHATWG HTML §5).
package struct MicrodataReader {
    private static let depthMax = 24

    private let page: MarkupDocument
    private let base: PageAddress
    /// The elements that `itemref` names.
    private let ids: [String: Int]

    /// The items of a page that are no part of another.
    package static func items(in page: MarkupDocument, at address: PageAddress) -> [StructuredItem] {
        let scopes = page.nodes.indices.filter { page.hasAttribute(.itemscope, of: $0) }
        guard !scopes.isEmpty else { return [] }
        var ids: [String: Int] = [:]
        if scopes.contains(where: { page.hasAttribute(.itemref, of: $0) }) {
            for node in page.nodes.indices.reversed() {
                if let id = page.attribute(.id, of: node) { ids[id] = node }
            }
        }
        let reader = MicrodataReader(page: page, base: page.base(at: address), ids: ids)
        return scopes.filter { !page.hasAttribute(.itemprop, of: $0) }.map { reader.item($0, 0) }
    }

    private func item(_ scope: Int, _ depth: Int) -> StructuredItem {
        var item = StructuredItem(.microdata)
        item.types = words(page.attribute(.itemtype, of: scope)).map { StructuredItem.local($0) }
        item.id = page.attribute(.itemid, of: scope)
        guard depth < Self.depthMax else { return item }
        collect(page.within(scope), into: &item, depth)
        for id in words(page.attribute(.itemref, of: scope)).prefix(50) {
            guard let node = ids[String(id)], !page.within(node).contains(scope) else { continue }
            collect(node..<page.end(of: node), into: &item, depth)
        }
        return item
    }

    private func collect(_ nodes: Range<Int>, into item: inout StructuredItem, _ depth: Int) {
        var node = nodes.lowerBound
        while node < nodes.upperBound {
            let isScope = page.hasAttribute(.itemscope, of: node)
            if let names = page.attribute(.itemprop, of: node) {
                let value =
                    isScope ? StructuredItem.Value.item(self.item(node, depth + 1)) : .text(value(of: node))
                for name in words(names) { item.properties.append((StructuredItem.local(name), value)) }
            }
            node = isScope ? page.end(of: node) : node + 1
        }
    }

    private func value(of node: Int) -> String {
        func address(_ name: MarkupName) -> String {
            let text = page.attribute(name, of: node) ?? ""
            return PageAddress(text, from: base)?.description ?? text
        }
        switch page.nodes[node].name {
        case .meta: return page.attribute(.content, of: node) ?? ""
        case .audio, .embed, .iframe, .img, .source, .track, .video: return address(.src)
        case .a, .area, .link: return address(.href)
        case .object: return address(.data)
        case .data, .meter:
            return page.attribute(.value, of: node) ?? page.text(of: node, bytesMax: StructuredItem.textMax)
        case .time:
            return page.attribute(.datetime, of: node)
                ?? page.text(of: node, bytesMax: StructuredItem.textMax)
        default:
            // Not of the standard, and often met.
            return page.attribute(.content, of: node) ?? page.text(of: node, bytesMax: StructuredItem.textMax)
        }
    }

    private func words(_ text: String?) -> [Substring] {
        text?.utf8.split { $0 <= 0x20 }.map(Substring.init) ?? []
    }
}
