package import JSON
package import Markup

/// Reads what scripts of `application/ld+json` say.
package enum JSONLDReader {
    private static let depthMax = 32, itemsMax = 2000

    /// The documents of a page, each with its text; one that is broken beyond repair is left out.
    package static func documents(in page: MarkupDocument) -> [(json: JSON, source: String)] {
        page.nodes.indices.compactMap { node in
            guard page.nodes[node].name == .script,
                let type = page.attribute(.type, of: node)?.lowercased(),
                type.hasPrefix("application/ld+json")
            else { return nil }
            let text = page.rawText(of: node)
            return parsed(text).map { ($0, text) }
        }
    }

    static func items(of document: JSON) -> [StructuredItem] {
        var items: [StructuredItem] = []
        collect(document, &items, 0)
        return items
    }

    private static func collect(_ json: JSON, _ items: inout [StructuredItem], _ depth: Int) {
        guard depth < depthMax, items.count < itemsMax else { return }
        if let list = json.array {
            for each in list { collect(each, &items, depth + 1) }
        } else if json.object != nil {
            if let graph = json["@graph"] { collect(graph, &items, depth + 1) }
            if json["@type"] != nil || json["@graph"] == nil { items.append(item(json, depth)) }
        }
    }

    private static func item(_ json: JSON, _ depth: Int) -> StructuredItem {
        var item = StructuredItem(.jsonLD)
        for (key, value) in json.object?.members ?? [] {
            switch key {
            case "@type":
                item.types = (value.array ?? [value]).compactMap(\.text).map { StructuredItem.local($0) }
            case "@id": item.id = value.text
            case "@context", "@graph", "@reverse": break
            default: add(StructuredItem.local(key), value, to: &item, depth)
            }
        }
        return item
    }

    private static func add(_ name: String, _ value: JSON, to item: inout StructuredItem, _ depth: Int) {
        guard depth < depthMax, item.properties.count < itemsMax else { return }
        switch value {
        case .array(let list): for each in list { add(name, each, to: &item, depth + 1) }
        case .object:
            if let plain = value["@value"] ?? value["@list"] ?? value["@set"] {
                add(name, plain, to: &item, depth + 1)
            } else {
                item.properties.append((name, .item(self.item(value, depth + 1))))
            }
        case .string(let text): item.properties.append((name, .text(MarkupText.collapsed(decoded(text)))))
        case .integer(let number): item.properties.append((name, .text(String(number))))
        case .number(let number): item.properties.append((name, .text(String(number))))
        case .bool(let flag): item.properties.append((name, .text(String(flag))))
        case .null: break
        }
    }

    /// Programs that write pages escape for HTML what a script takes as it is.
    private static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        return MarkupDocument(html: text.replacing("<", with: "&lt;")).readableText()
    }

    // MARK: Repair

    static func parsed(_ text: String) -> JSON? {
        if let document = try? JSONParser.parse(Array(text.utf8)) { return document }
        return try? JSONParser.parse(repaired(Array(text.utf8)))
    }

    /// Without comments of HTML around it, line ends in texts and commas after the last member.
    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        guard let start = bytes.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }),
            let end = bytes.lastIndex(where: { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") }),
            start < end
        else { return [] }
        var output: [UInt8] = [], isText = false, isEscaped = false
        for byte in bytes[start...end] {
            if isText {
                if byte < 0x20 {
                    output.append(0x20)
                } else {
                    output.append(byte)
                }
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isText = false
                }
                continue
            }
            if byte == 0x22 { isText = true }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"),
                let last = output.lastIndex(where: { $0 > 0x20 }), output[last] == UInt8(ascii: ",")
            {
                output.remove(at: last)
            }
            output.append(byte)
        }
        return output
    }
}
