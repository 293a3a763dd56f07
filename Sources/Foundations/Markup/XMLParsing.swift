internal import CXML

extension MarkupDocument {
    /// Reads XML, however broken: feeds, sitemaps. It has no document type and so no entities but those of HTML, which
    /// feeds use without asking. Names in a namespace that `prefixes` has get its prefix (`dc:date`); others get none.
    package init(xml: String, prefixes: [String: String] = [:], bounds: Bounds = Bounds()) {
        let text = XMLRepair.repaired(xml, bytesMax: bounds.bytesMax)
        let context = XMLContext(bounds, prefixes)
        if xml.utf8.count > bounds.bytesMax { context.builder.cut() }
        unsafe text.withUnsafeBufferPointer { unsafe Self.parse($0, context) }
        self = context.builder.finish()
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ context: XMLContext) {
        LibXML.ready
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        var handler = unsafe xmlHandler
        unsafe bureau_xml_expect_namespaces(&handler)
        let pointer = unsafe Unmanaged.passUnretained(context as ParserContext).toOpaque()
        let parser = unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            unsafe xmlCreateMemoryParserCtxt($0, Int32(bytes.count))
        }
        guard let parser = unsafe parser else { return }
        defer { unsafe xmlFreeParserCtxt(parser) }
        bureau_xml_be_quiet()
        unsafe context.parser = parser
        // Unless it substitutes, the library hands out each & of an attribute as "&#38;", of which an address makes a
        // fragment. There is nothing else to substitute: repaired texts declare no entity, and nobody looks one up.
        let options =
            XML_PARSE_RECOVER.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_NOENT.rawValue
        unsafe xmlCtxtUseOptions(parser, Int32(options))
        unsafe withUnsafeMutablePointer(to: &handler) { handler in
            let own = unsafe parser.pointee.sax
            unsafe parser.pointee.sax = unsafe handler
            unsafe parser.pointee.userData = pointer
            unsafe xmlParseDocument(parser)
            unsafe parser.pointee.sax = unsafe own
        }
        unsafe context.parser = nil
    }

    private static var xmlHandler: xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.startElementNs = { pointer, local, prefix, space, _, _, count, _, attributes in
            guard let context = unsafe ParserContext.from(pointer) as? XMLContext, let local = unsafe local
            else { return }
            let name = unsafe context.name(local, prefix: prefix, space: space)
            if context.builder.begin(name), let attributes = unsafe attributes {
                for index in 0..<Int(count) {
                    let five = unsafe attributes + 5 * index
                    guard let local = unsafe five[0], let start = unsafe five[3], let end = unsafe five[4]
                    else {
                        continue
                    }
                    let value = unsafe UnsafeBufferPointer(start: start, count: end - start)
                    unsafe context.builder.add(
                        context.name(local, prefix: five[1], space: five[2]), value)
                }
            }
            context.stopIfFull(depthMax: 250)
        }
        unsafe handler.endElementNs = { pointer, _, _, _ in
            unsafe ParserContext.from(pointer)?.builder.end()
        }
        let characters: charactersSAXFunc = { pointer, text, count in
            guard let context = unsafe ParserContext.from(pointer), let text = unsafe text else { return }
            unsafe context.builder.add(text: UnsafeBufferPointer(start: text, count: Int(count)))
        }
        unsafe handler.characters = unsafe characters
        unsafe handler.cdataBlock = unsafe characters
        unsafe handler.ignorableWhitespace = unsafe characters
        return unsafe handler
    }
}

/// A parser's state for XML, with what namespaces are called.
@safe private final class XMLContext: ParserContext {
    let prefixes: [String: String]

    init(_ bounds: MarkupDocument.Bounds, _ prefixes: [String: String]) {
        self.prefixes = prefixes
        super.init(bounds)
    }

    func name(
        _ local: UnsafePointer<UInt8>, prefix: UnsafePointer<UInt8>?, space: UnsafePointer<UInt8>?
    ) -> MarkupName {
        let name = unsafe String(cString: local)
        let written = unsafe prefix.map { unsafe String(cString: $0) }
        guard let space = unsafe space else {
            // A prefix that nobody declared means what it is called.
            return builder.number(of: written.map { "\($0):\(name)" } ?? name)
        }
        let uri = unsafe String(cString: space)
        if uri == "http://www.w3.org/XML/1998/namespace" { return builder.number(of: "xml:\(name)") }
        let known = prefixes[uri] ?? prefixes[uri.hasSuffix("/") ? String(uri.dropLast()) : uri + "/"] ?? ""
        return builder.number(of: known.isEmpty ? name : "\(known):\(name)")
    }
}

/// Makes of bytes that mean to be XML what a parser takes without a document type.
enum XMLRepair {
    /// Without declarations of types, with signs of HTML written out, and with each `&` and `<` that stands for itself
    /// escaped.
    static func repaired(_ xml: String, bytesMax: Int) -> [UInt8] {
        var output: [UInt8] = []
        var xml = xml
        xml.withUTF8 { unsafe repair(UnsafeBufferPointer(rebasing: $0.prefix(bytesMax)), &output) }
        return output
    }

    private static func repair(_ bytes: UnsafeBufferPointer<UInt8>, _ output: inout [UInt8]) {
        output.reserveCapacity(bytes.count)
        var index = unsafe bytes.firstIndex(of: 0x3C) ?? bytes.count
        func has(_ text: StaticString, at place: Int) -> Bool {
            guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
            return text.withUTF8Buffer { text in
                text.indices.allSatisfy { unsafe text[$0] == bytes[place + $0] }
            }
        }
        func end(of text: StaticString, from place: Int) -> Int {
            var place = place
            while place < bytes.count {
                if has(text, at: place) { return place + text.utf8CodeUnitCount }
                place += 1
            }
            return bytes.count
        }
        while index < bytes.count {
            let byte = unsafe bytes[index]
            switch byte {
            case 0x3C where has("<![CDATA[", at: index):
                let stop = end(of: "]]>", from: index + 9)
                for place in index..<stop where unsafe isCharacter(bytes[place]) {
                    unsafe output.append(bytes[place])
                }
                index = stop
            case 0x3C where has("<!--", at: index): index = end(of: "-->", from: index + 4)
            // The encoding that it names is not that of the decoded text.
            case 0x3C where has("<?", at: index): index = end(of: "?>", from: index + 2)
            case 0x3C where has("<!", at: index): index = unsafe endOfType(bytes, from: index + 2)
            // Else a declaration could begin with it once what is left out after it is gone: "<<!x>!DOCTYPE".
            case 0x3C where unsafe !mayStartTag(bytes, at: index + 1):
                output += "&lt;".utf8
                index += 1
            case 0x26:
                index = unsafe repairReference(bytes, index, &output)
            default:
                if isCharacter(byte) { output.append(byte) }
                index += 1
            }
        }
    }

    private static func isCharacter(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == 9 || byte == 10 || byte == 13
    }

    /// Whether a tag may have this after its `<`: a letter, `/`, `:`, `_`, or the end of what was cut off.
    private static func mayStartTag(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        guard place < bytes.count else { return true }
        let byte = unsafe bytes[place]
        return byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2F || byte == 0x3A
            || byte == 0x5F
    }

    /// Returns where a declaration ends, with all that stands in its brackets.
    private static func endOfType(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start, isInside = false, quote: UInt8 = 0
        while index < bytes.count {
            let byte = unsafe bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x5B {
                isInside = true
            } else if byte == 0x5D {
                isInside = false
            } else if byte == 0x3E, !isInside {
                return index + 1
            }
            index += 1
        }
        return bytes.count
    }

    private static let own: Set<String> = ["amp", "lt", "gt", "quot", "apos"]

    /// Writes what a reference stands for; returns where it ends.
    private static func repairReference(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ output: inout [UInt8]
    ) -> Int {
        let end = min(index + 12, bytes.count)
        let name = unsafe bytes[(index + 1)..<end].prefix {
            $0 == 0x23 || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
        }
        let stop = unsafe index + 1 + name.count
        guard stop < bytes.count, unsafe bytes[stop] == 0x3B, unsafe !name.isEmpty else {
            output += "&amp;".utf8
            return index + 1
        }
        let text = unsafe String(decoding: name, as: UTF8.self)
        if own.contains(text) || isNumber(text) {
            // HTML knows "&#X41;", too.
            output += "&\(text.lowercased());".utf8
        } else if let found = unsafe htmlEntityLookup(text),
            let scalar = unsafe Unicode.Scalar(found.pointee.value)
        {
            output += String(Character(scalar)).utf8
        } else {
            output += "&amp;\(text);".utf8
        }
        return stop + 1
    }

    private static func isNumber(_ text: String) -> Bool {
        let isHexadecimal = text.lowercased().hasPrefix("#x")
        let digits = text.dropFirst(isHexadecimal ? 2 : 1)
        return text.first == "#" && digits.first != "+"
            && UInt64(digits, radix: isHexadecimal ? 16 : 10) != nil
    }
}
