internal import CXML

extension MarkupDocument {
    /// Beyond so many open elements the library's search for the one that an end tag means takes too long.
    fileprivate static let openMax = 512

    /// Reads a page, however broken. Nothing that it names is fetched, and no entity of its own is heeded.
    package init(html: String, bounds: Bounds = Bounds()) {
        var guarded = HTMLGuard(bounds)
        let bytes = guarded.bounded(html)
        let context = ParserContext(bounds)
        if guarded.hasCut { context.builder.cut() }
        unsafe bytes.withUnsafeBufferPointer { unsafe Self.parse($0, context) }
        self = context.builder.finish()
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ context: ParserContext) {
        LibXML.ready
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        var handler = unsafe htmlHandler
        let pointer = unsafe Unmanaged.passUnretained(context).toOpaque()
        let parser = unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            unsafe htmlCreateMemoryParserCtxt($0, Int32(bytes.count))
        }
        guard let parser = unsafe parser else { return }
        defer { unsafe htmlFreeParserCtxt(parser) }
        bureau_xml_be_quiet()
        unsafe context.parser = parser
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
        unsafe htmlCtxtUseOptions(parser, Int32(options))
        // Decoded before: what the page says about its letters is no longer true.
        unsafe xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8)
        unsafe withUnsafeMutablePointer(to: &handler) { handler in
            let own = unsafe parser.pointee.sax
            unsafe parser.pointee.sax = unsafe handler
            unsafe parser.pointee.userData = pointer
            unsafe htmlParseDocument(parser)
            unsafe parser.pointee.sax = unsafe own
        }
        unsafe context.parser = nil
    }

    private static var htmlHandler: xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.startElement = { pointer, name, attributes in
            guard let context = unsafe ParserContext.from(pointer), let name = unsafe name else { return }
            if unsafe context.builder.begin(context.name(name)), var next = unsafe attributes {
                while let attribute = unsafe next[0] {
                    let value =
                        unsafe next[1].map { unsafe buffer($0) } ?? UnsafeBufferPointer(start: nil, count: 0)
                    unsafe context.builder.add(context.name(attribute), value)
                    unsafe next += 2
                }
            }
            context.stopIfFull(depthMax: MarkupDocument.openMax)
        }
        unsafe handler.endElement = { pointer, _ in unsafe ParserContext.from(pointer)?.builder.end() }
        let characters: charactersSAXFunc = { pointer, text, count in
            guard let context = unsafe ParserContext.from(pointer), let text = unsafe text else { return }
            unsafe context.builder.add(text: UnsafeBufferPointer(start: text, count: Int(count)))
            context.stopIfFull(depthMax: MarkupDocument.openMax)
        }
        unsafe handler.characters = unsafe characters
        unsafe handler.cdataBlock = unsafe characters
        unsafe handler.ignorableWhitespace = unsafe characters
        return unsafe handler
    }
}
