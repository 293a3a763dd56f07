package import Markup

/// The statements of a page's `<meta>` elements: Open Graph, and the names that search engines and networks know.
package enum MetaProperties {
    /// Returns all statements in the order of the page.
    package static func all(in page: MarkupDocument) -> [(name: String, content: String)] {
        page.nodes.indices.compactMap { node in
            guard page.nodes[node].name == .meta, let content = page.attribute(.content, of: node),
                let name = page.attribute(.property, of: node) ?? page.attribute(.name, of: node)
            else { return nil }
            return (name.lowercased(), MarkupText.collapsed(content))
        }
    }
}
