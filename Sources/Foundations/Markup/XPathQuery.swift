internal import CXML

/// An XPath 1.0 expression that was found to be one.
package struct XPathQuery: Sendable, Hashable {
    package let text: String

    /// The functions, the tests of nodes and the operators that a bracket may follow.
    private static let called: Set<String> = [
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat",
        "starts-with", "contains", "substring-before", "substring-after", "substring", "string-length",
        "normalize-space", "translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor",
        "ceiling", "round", "comment", "text", "processing-instruction", "node", "and", "or", "mod", "div",
    ]

    /// `nil` for no expression of XPath 1.0, and for one that is longer than any should be.
    package init?(_ text: String) {
        LibXML.ready
        guard !text.isEmpty, text.utf8.count <= 2000, !text.utf8.contains(0) else { return nil }
        bureau_xml_be_quiet()
        let compiled = unsafe xmlXPathCompile(text)
        guard let compiled = unsafe compiled else { return nil }
        unsafe xmlXPathFreeCompExpr(compiled)
        guard Self.isKnown(text) else { return nil }
        self.text = text
    }

    /// Whether all that it names is there: functions of other versions, prefixes and variables the library finds to be
    /// wrong only once it comes to them, which may be on no page.
    private static func isKnown(_ text: String) -> Bool {
        var rest = text[...]
        while let sign = rest.popFirst() {
            if sign == "$" { return false }
            if sign == "'" || sign == "\"" { rest = rest.drop { $0 != sign }.dropFirst() }
            guard sign.isLetter || sign == "_" else { continue }
            let others = rest.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            rest = rest.dropFirst(others.count).drop(while: \.isWhitespace)
            if rest.first == "(", !called.contains("\(sign)\(others)") { return false }
            if rest.first == ":", !rest.hasPrefix("::") { return false }
        }
        return true
    }
}

/// A document that expressions are asked of. It is for one thread at a time, as its compiler sees to.
@safe package final class XPathDocument {
    private static let stepsMax: UInt = 20_000_000

    private let tree: UnsafeMutablePointer<xmlDoc>
    private let context: UnsafeMutablePointer<xmlXPathContext>
    private let document: MarkupDocument
    /// The library's node of each node.
    private var places: [UnsafeMutablePointer<xmlNode>?] = unsafe []

    package init(_ document: MarkupDocument) {
        LibXML.ready
        self.document = document
        unsafe tree = unsafe htmlNewDocNoDtD(nil, nil)
        unsafe context = xmlXPathNewContext(tree)
        build()
    }

    deinit {
        unsafe xmlXPathFreeContext(context)
        unsafe xmlFreeDoc(tree)
    }

    private func build() {
        unsafe places = Array(repeating: nil, count: document.nodes.count)
        for index in document.nodes.indices {
            let node: UnsafeMutablePointer<xmlNode>?
            if document.isText(index) {
                let text = document.rawText(of: index)
                unsafe node = xmlNewDocText(tree, text)
            } else {
                unsafe node = xmlNewDocNode(tree, nil, document.name(of: index), nil)
                for attribute in document.attributes(of: index) {
                    _ = unsafe xmlNewProp(
                        node, document.spelled(attribute.name), attribute.value)
                }
            }
            guard let node = unsafe node else { continue }
            // Where it stands in the document, for the way back.
            unsafe node.pointee._private = UnsafeMutableRawPointer(bitPattern: index + 1)
            if let parent = document.parent(of: index), let above = unsafe places[parent] {
                // Two texts in a row become one, and the second is freed.
                if unsafe xmlAddChild(above, node) == node { unsafe places[index] = node }
            } else if !document.isText(index) {
                let root = unsafe xmlDocGetRootElement(tree)
                if unsafe root == nil {
                    _ = unsafe xmlDocSetRootElement(tree, node)
                } else {
                    _ = unsafe xmlAddChild(root, node)
                }
                unsafe places[index] = node
            } else {
                unsafe xmlFreeNode(node)
            }
        }
    }

    /// The elements that an expression finds, from the document or from one of its elements. `nil` where it cannot be
    /// worked out: it asks for something else, or for too much.
    package func elements(_ query: XPathQuery, from node: Int? = nil) -> [Int]? {
        guard let object = unsafe evaluate(query, node) else { return nil }
        defer { unsafe xmlXPathFreeObject(object) }
        guard let set = unsafe bureau_xml_nodes(object) else {
            return unsafe object.pointee.type == XPATH_NODESET ? [] : nil
        }
        var found: [Int] = []
        for index in unsafe 0..<Int(set.pointee.nodeNr) {
            guard let each = unsafe set.pointee.nodeTab[index], unsafe each.pointee.type == XML_ELEMENT_NODE,
                let mark = unsafe each.pointee._private
            else { continue }
            found.append(Int(bitPattern: mark) - 1)
        }
        return found
    }

    /// The text of the first thing that an expression finds, or of the number, text or truth that it is.
    package func text(_ query: XPathQuery, from node: Int? = nil) -> String? {
        guard let object = unsafe evaluate(query, node) else { return nil }
        defer { unsafe xmlXPathFreeObject(object) }
        let isSet = unsafe object.pointee.type == XPATH_NODESET
        if isSet, unsafe (bureau_xml_nodes(object)?.pointee.nodeNr ?? 0) == 0 { return nil }
        guard let text = unsafe xmlXPathCastToString(object) else { return nil }
        defer { unsafe bureau_xml_free(text) }
        return MarkupText.collapsed(unsafe String(cString: text))
    }

    private func evaluate(_ query: XPathQuery, _ node: Int?) -> UnsafeMutablePointer<xmlXPathObject>? {
        bureau_xml_be_quiet()
        unsafe context.pointee.opLimit = Self.stepsMax
        unsafe context.pointee.opCount = 0
        let root = unsafe UnsafeMutableRawPointer(tree).assumingMemoryBound(to: xmlNode.self)
        unsafe context.pointee.node = unsafe node.flatMap { unsafe places[$0] } ?? root
        return unsafe xmlXPathEval(query.text, context)
    }
}
