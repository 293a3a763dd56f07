package import Markup

/// Reads items of RDFa Lite (W3C): `vocab`, `typeof`, `property`, `resource`, `prefix`.
package struct RDFaReader {
    private static let depthMax = 24

    private let page: MarkupDocument
    private let base: PageAddress

    package static func items(in page: MarkupDocument, at address: PageAddress) -> [StructuredItem] {
        let reader = RDFaReader(page: page, base: page.base(at: address))
        var items: [StructuredItem] = [], node = 0
        while node < page.nodes.count {
            guard let types = page.attribute(.typeof, of: node) else {
                node += 1
                continue
            }
            items.append(reader.item(node, types, 0))
            node = page.end(of: node)
        }
        return items
    }

    private func item(_ scope: Int, _ types: String, _ depth: Int) -> StructuredItem {
        var item = StructuredItem(.rdfa)
        item.types = types.split(whereSeparator: \.isWhitespace).map { StructuredItem.local($0) }
        item.id = page.attribute(.resource, of: scope) ?? page.attribute(.about, of: scope)
        guard depth < Self.depthMax else { return item }
        var node = scope + 1
        while node < page.end(of: scope) {
            let inner = page.attribute(.typeof, of: node)
            if let names = page.attribute(.property, of: node) {
                let value =
                    inner.map { StructuredItem.Value.item(self.item(node, $0, depth + 1)) }
                    ?? .text(value(of: node))
                for name in names.split(whereSeparator: \.isWhitespace) {
                    item.properties.append((StructuredItem.local(name), value))
                }
            }
            node = inner == nil ? node + 1 : page.end(of: node)
        }
        return item
    }

    private func value(of node: Int) -> String {
        if let content = page.attribute(.content, of: node) { return content }
        for name in [MarkupName.href, .src, .resource] {
            if let text = page.attribute(name, of: node) {
                return PageAddress(text, from: base)?.description ?? text
            }
        }
        return page.attribute(.datetime, of: node) ?? page.text(of: node, bytesMax: StructuredItem.textMax)
    }
}
