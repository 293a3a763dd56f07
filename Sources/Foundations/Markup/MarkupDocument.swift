/// A page or a feed as it was read: elements and runs of text in the order in which they begin, so that all that is
/// within an element follows it. Names no outside thing, and holds no more than its bounds allow.
package struct MarkupDocument: Sendable {
    /// The limits to which a document is read. The rest is left out, and `isCut` says so.
    package struct Bounds: Sendable {
        package var bytesMax = 5 << 20
        package var nodesMax = 200_000
        /// Elements within each other; what is deeper counts as standing in the deepest.
        package var depthMax = 256
        package var attributesMax = 128

        package init() {}
    }

    /// An element of the document, by its place among all.
    package struct Node: Sendable {
        package let name: MarkupName
        /// -1 for the outermost.
        package let parent: Int32
        /// The node after the last one within this.
        package fileprivate(set) var end: Int32
        /// Of a text: its bytes. Of an element: its attributes.
        fileprivate let start: Int32
        fileprivate var count: Int32
    }

    struct Attribute: Sendable {
        let name: MarkupName
        let start: Int32, count: Int32
    }

    package fileprivate(set) var nodes: [Node] = []
    fileprivate(set) var attributes: [Attribute] = []
    fileprivate(set) var bytes: [UInt8] = []
    fileprivate(set) var otherNames: [String] = []
    /// Something was left out for a bound.
    package fileprivate(set) var isCut = false

    // MARK: Nodes

    /// The nodes directly within one.
    package func children(of node: Int) -> Children {
        Children(nodes: nodes, place: node + 1, end: end(of: node))
    }

    /// All nodes within one, in order.
    package func within(_ node: Int) -> Range<Int> { (node + 1)..<end(of: node) }

    package func end(of node: Int) -> Int { Int(nodes[node].end) }

    package func isText(_ node: Int) -> Bool { nodes[node].name == .text }

    package func name(of node: Int) -> String { spelled(nodes[node].name) }

    package func parent(of node: Int) -> Int? {
        let parent = Int(nodes[node].parent)
        return parent < 0 ? nil : parent
    }

    package func spelled(_ name: MarkupName) -> String {
        let index = Int(name.number)
        return index < MarkupName.table.count
            ? MarkupName.table[index] : otherNames[index - MarkupName.table.count]
    }

    /// The number that this document gives a name; `nil` where it has none of that name.
    package func name(_ text: String) -> MarkupName? {
        if let known = MarkupName.known(text) { return MarkupName(number: known) }
        return otherNames.firstIndex(of: text).map {
            MarkupName(number: UInt16($0 + MarkupName.table.count))
        }
    }

    package func first(_ name: MarkupName, within node: Int? = nil) -> Int? {
        (node.map { within($0) } ?? nodes.indices).first { nodes[$0].name == name }
    }

    // MARK: Attributes

    package func attribute(_ name: MarkupName, of node: Int) -> String? {
        attributeBytes(name, of: node).map { String(decoding: $0, as: UTF8.self) }
    }

    package func attributeBytes(_ name: MarkupName, of node: Int) -> ArraySlice<UInt8>? {
        guard nodes[node].name != .text else { return nil }
        for index in attributeRange(of: node) where attributes[index].name == name {
            let start = Int(attributes[index].start)
            return bytes[start..<start + Int(attributes[index].count)]
        }
        return nil
    }

    package func hasAttribute(_ name: MarkupName, of node: Int) -> Bool {
        attributeBytes(name, of: node) != nil
    }

    package func attributes(of node: Int) -> [(name: MarkupName, value: String)] {
        guard nodes[node].name != .text else { return [] }
        return attributeRange(of: node).map { index in
            let start = Int(attributes[index].start)
            return (
                attributes[index].name,
                String(decoding: bytes[start..<start + Int(attributes[index].count)], as: UTF8.self)
            )
        }
    }

    private func attributeRange(of node: Int) -> Range<Int> {
        let start = Int(nodes[node].start)
        return start..<start + Int(nodes[node].count)
    }

    // MARK: Texts

    /// The bytes of a run of text, as they are.
    package func textBytes(of node: Int) -> ArraySlice<UInt8> {
        let start = Int(nodes[node].start)
        return bytes[start..<start + Int(nodes[node].count)]
    }

    /// All text within a node, as it is, or of the node itself where it is text.
    package func rawText(of node: Int) -> String {
        if isText(node) { return String(decoding: textBytes(of: node), as: UTF8.self) }
        var all: [UInt8] = []
        for index in within(node) where isText(index) { all += textBytes(of: index) }
        return String(decoding: all, as: UTF8.self)
    }

    /// All text within a node on one line, each run of blanks as one.
    package func text(of node: Int) -> String { MarkupText.collapsed(rawText(of: node)) }

    /// The beginning of the text within a node, on one line: what stands in a field, and not a page's whole text as
    /// often as elements stand within each other.
    package func text(of node: Int, bytesMax: Int) -> String {
        var output: [UInt8] = []
        for index in node..<end(of: node) where isText(index) {
            let room = bytesMax - output.count
            guard room > 0 else { break }
            MarkupText.append(textBytes(of: index), to: &output)
            if output.count > bytesMax {
                output.removeLast(output.count - bytesMax)
                while let last = output.last, last & 0xC0 == 0x80 { output.removeLast() }
                if let last = output.last, last >= 0xC0 { output.removeLast() }
            }
        }
        if output.last == 0x20 { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// Hands out the nodes directly within one.
    package struct Children: Sequence, IteratorProtocol {
        fileprivate let nodes: [Node]
        fileprivate var place: Int
        fileprivate let end: Int

        package mutating func next() -> Int? {
            guard place < end else { return nil }
            defer { place = Int(nodes[place].end) }
            return place
        }
    }
}

/// Puts a document together from what a parser tells, within bounds.
struct MarkupBuilder {
    private(set) var document = MarkupDocument()
    let bounds: MarkupDocument.Bounds
    private var open: [Int32] = []
    /// Elements that are open beyond the depth.
    private var skipped = 0
    private var others: [String: UInt16] = [:]
    /// Elements that are open, those beyond the depth included.
    var depth: Int { open.count + skipped }
    private(set) var isFull = false

    init(_ bounds: MarkupDocument.Bounds) { self.bounds = bounds }

    mutating func number(of name: String) -> MarkupName {
        if let known = MarkupName.known(name) ?? others[name] { return MarkupName(number: known) }
        let number = MarkupName.table.count + document.otherNames.count
        guard number < 20_000, name.utf8.count <= 256 else {
            return MarkupName(number: MarkupName.known("span")!)
        }
        document.otherNames.append(name)
        others[name] = UInt16(number)
        return MarkupName(number: UInt16(number))
    }

    /// False where the element is too deep or one too many: then it gets no attributes.
    mutating func begin(_ name: MarkupName) -> Bool {
        guard open.count < bounds.depthMax, makesRoom() else {
            skipped += 1
            document.isCut = true
            return false
        }
        let index = Int32(document.nodes.count)
        document.nodes.append(
            .init(
                name: name, parent: open.last ?? -1, end: index + 1, start: Int32(document.attributes.count),
                count: 0))
        open.append(index)
        return true
    }

    /// Adds an attribute to the element that has just begun; a second of one name is left out.
    mutating func add(_ name: MarkupName, _ value: UnsafeBufferPointer<UInt8>) {
        guard let node = open.last, hasRoom(value.count) else { return }
        let start = Int(document.nodes[Int(node)].start), count = Int(document.nodes[Int(node)].count)
        guard count < bounds.attributesMax,
            !document.attributes[start..<start + count].contains(where: { $0.name == name })
        else { return }
        document.attributes.append(
            .init(name: name, start: Int32(document.bytes.count), count: Int32(value.count)))
        unsafe document.bytes.append(contentsOf: value)
        document.nodes[Int(node)].count += 1
    }

    mutating func end() {
        if skipped > 0 {
            skipped -= 1
        } else if let node = open.popLast() {
            document.nodes[Int(node)].end = Int32(document.nodes.count)
        }
    }

    mutating func add(text: UnsafeBufferPointer<UInt8>) {
        guard !text.isEmpty, hasRoom(text.count) else { return }
        let parent = open.last ?? -1
        // The parser hands long texts out in pieces.
        if let last = document.nodes.last, last.name == .text, last.parent == parent,
            Int(last.start + last.count) == document.bytes.count
        {
            unsafe document.bytes.append(contentsOf: text)
            document.nodes[document.nodes.count - 1].count += Int32(text.count)
            return
        }
        guard makesRoom() else { return }
        let index = Int32(document.nodes.count)
        document.nodes.append(
            .init(
                name: .text, parent: parent, end: index + 1, start: Int32(document.bytes.count),
                count: Int32(text.count)))
        unsafe document.bytes.append(contentsOf: text)
    }

    mutating func cut() { document.isCut = true }

    mutating func finish() -> MarkupDocument {
        skipped = 0
        while !open.isEmpty { end() }
        return document
    }

    private mutating func makesRoom() -> Bool {
        if document.nodes.count < bounds.nodesMax { return true }
        (isFull, document.isCut) = (true, true)
        return false
    }

    private mutating func hasRoom(_ count: Int) -> Bool {
        if document.bytes.count + count <= 2 * bounds.bytesMax { return true }
        (isFull, document.isCut) = (true, true)
        return false
    }
}
