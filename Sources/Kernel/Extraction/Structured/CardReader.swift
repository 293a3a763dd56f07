internal import Markup

/// Reads the cards of microformats, of both generations: `h-card` and `vcard`. Properties have schema.org's names.
enum CardReader {
    private static let names: [String: String] = [
        "p-name": "name", "fn": "name", "org": "name", "p-org": "name", "p-tel": "telephone",
        "tel": "telephone",
        "u-email": "email", "email": "email", "u-url": "url", "url": "url", "p-locality": "addressLocality",
        "locality": "addressLocality", "p-country-name": "addressCountry", "country-name": "addressCountry",
        "p-postal-code": "postalCode", "postal-code": "postalCode", "p-street-address": "streetAddress",
        "street-address": "streetAddress", "p-job-title": "jobTitle", "p-role": "jobTitle",
        "title": "jobTitle",
        "role": "jobTitle", "p-note": "description", "note": "description", "p-region": "addressRegion",
        "region": "addressRegion",
    ]

    static func items(in page: MarkupDocument, at address: PageAddress) -> [(item: StructuredItem, node: Int)]
    {
        let base = page.base(at: address)
        var items: [(StructuredItem, Int)] = [], node = 0
        while node < page.nodes.count {
            guard let bytes = page.attributeBytes(.class, of: node), bytes.count >= 5,
                bytes.contains(UInt8(ascii: "d"))
            else {
                node += 1
                continue
            }
            let classes = self.classes(of: node, page)
            guard classes.contains("h-card") || classes.contains("vcard") else {
                node += 1
                continue
            }
            items.append((item(node, page, base), node))
            node = page.end(of: node)
        }
        return items
    }

    private static func item(_ card: Int, _ page: MarkupDocument, _ base: PageAddress) -> StructuredItem {
        var item = StructuredItem(.card), isOrganization = false
        for node in page.within(card) {
            let classes = self.classes(of: node, page)
            for name in classes {
                guard let property = names[String(name)] else { continue }
                let isAddress = property == "email" || property == "url"
                let href = isAddress ? page.attribute(.href, of: node) : nil
                let value =
                    href.map { PageAddress($0, from: base)?.description ?? $0 }
                    ?? page.text(of: node, bytesMax: StructuredItem.textMax)
                item.properties.append((property, .text(value)))
            }
            if classes.contains("org") || classes.contains("p-org") { isOrganization = true }
        }
        let isPerson = item.text("jobTitle") != nil
        item.types = isPerson ? ["Person"] : isOrganization ? ["Organization"] : ["Card"]
        return item
    }

    private static func classes(of node: Int, _ page: MarkupDocument) -> [Substring] {
        page.attribute(.class, of: node)?.split { $0 == " " || $0 == "\n" || $0 == "\t" } ?? []
    }
}
