internal import CXML

/// The library, made ready once.
enum LibXML {
    static let ready: Void = {
        xmlInitParser()
    }()
}

/// A parser's state between the callbacks of the library, which all come on the thread that parses.
@safe class ParserContext {
    var builder: MarkupBuilder
    /// The library's names are kept by it under one address each.
    var names: [UnsafePointer<UInt8>: MarkupName] = unsafe [:]
    var parser: UnsafeMutablePointer<xmlParserCtxt>?

    init(_ bounds: MarkupDocument.Bounds) {
        builder = MarkupBuilder(bounds)
        unsafe parser = nil
    }

    func name(_ text: UnsafePointer<UInt8>) -> MarkupName {
        if let known = unsafe names[text] { return known }
        let name = unsafe builder.number(of: String(cString: text))
        unsafe names[text] = name
        return name
    }

    func stopIfFull(depthMax: Int) {
        guard builder.isFull || builder.depth > depthMax, let parser = unsafe parser else { return }
        builder.cut()
        unsafe xmlStopParser(parser)
    }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> ParserContext? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<ParserContext>.fromOpaque(pointer).takeUnretainedValue()
    }
}

/// The bytes of a text of C.
func buffer(_ text: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var count = 0
    while unsafe text[count] != 0 { count += 1 }
    return unsafe UnsafeBufferPointer(start: text, count: count)
}
