internal import Records

/// Reads what an HTML part says to a person, and where in it quotes and signatures stand. One pass over the bytes; no
/// markup is so broken that nothing comes of it.
struct HTMLReader {
    enum Mark { case quote, signature }

    /// The readable text.
    var text: String { String(decoding: PlainText.trimmed(output[...]), as: UTF8.self) }

    /// Without what a mail program has marked as quoted, or as a signature; `nil` where it has marked nothing.
    func text(without mark: Mark) -> String? {
        let cut = marks.filter { $0.mark == mark && !$0.range.isEmpty }
        guard !cut.isEmpty else { return nil }
        var kept: [UInt8] = [], end = 0
        for (_, range) in cut where range.upperBound > end {
            kept += output[end..<max(end, range.lowerBound)]
            end = range.upperBound
        }
        return PlainText.trimmed(String(decoding: kept + output[end...], as: UTF8.self))
    }

    /// Returns all text that is marked so.
    func marked(_ mark: Mark) -> String {
        marks.filter { $0.mark == mark }.map {
            PlainText.trimmed(String(decoding: output[$0.range], as: UTF8.self))
        }.joined(separator: "\n")
    }

    private var output: [UInt8] = []
    private var marks: [(mark: Mark, range: Range<Int>)] = []
    /// Marks whose element is still open: its name, and how many of that name are open within.
    private var open: [(mark: Mark, name: [UInt8], depth: Int, start: Int, lasts: Bool)] = []
    /// An element that is not shown.
    private var hidden: (name: [UInt8], depth: Int)?
    /// Line ends, and whether a blank, that stand before the next text.
    private var breaks = 0, isAfterBlank = false
    private var preformatted = 0

    init(_ html: String) {
        let bytes = Array(html.utf8)
        output.reserveCapacity(bytes.count / 4)
        var position = 0
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            if end > position { add(bytes[position..<end]) }
            guard end < bytes.count else { break }
            position = readMarkup(bytes, end)
        }
        for mark in open { close(mark) }
        marks.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func close(_ mark: (mark: Mark, name: [UInt8], depth: Int, start: Int, lasts: Bool)) {
        marks.append((mark.mark, min(mark.start, output.count)..<output.count))
    }

    // MARK: Text

    private mutating func add(_ raw: ArraySlice<UInt8>) {
        guard hidden == nil else { return }
        guard raw.contains(UInt8(ascii: "&")) else { return addDecoded(raw) }
        let text = HTMLCharacters.decoded(String(decoding: raw, as: UTF8.self))
        addDecoded(Array(text.utf8)[...])
    }

    private mutating func addDecoded(_ text: ArraySlice<UInt8>) {
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case 0x0A where preformatted > 0: breaks = min(breaks + 1, 2)
            case 0x20 where preformatted > 0:
                addBreaks()
                output.append(byte)
            case 0...0x20, 0x7F: isAfterBlank = true
            case 0xC2 where text.at(index + 1) == 0xA0:
                isAfterBlank = true
                index += 1
            // Soft hyphens, joiners and the like, with which newsletters fill their previews.
            case 0xC2 where text.at(index + 1) == 0xAD: index += 1
            case 0xCD where text.at(index + 1) == 0x8F: index += 1
            case 0xE2 where text.at(index + 1) == 0x80 && (0x8B...0x8F).contains(text.at(index + 2)):
                index += 2
            case 0xEF where text.at(index + 1) == 0xBB && text.at(index + 2) == 0xBF: index += 2
            default:
                addBreaks()
                output.append(byte)
            }
            index += 1
        }
    }

    private mutating func addBreaks() {
        if breaks > 0 {
            if !output.isEmpty { for _ in 0..<breaks { output.append(0x0A) } }
        } else if isAfterBlank, !output.isEmpty, output[output.count - 1] != 0x0A {
            output.append(0x20)
        }
        (breaks, isAfterBlank) = (0, false)
    }

    // MARK: Markup

    /// Returns where it ends.
    private mutating func readMarkup(_ bytes: [UInt8], _ start: Int) -> Int {
        if bytes[start...].starts(with: "<!--".utf8) {
            return HTMLScan.end(of: "-->", in: bytes, from: start + 4)
        }
        let next = bytes[...].at(start + 1)
        let isClosing = next == UInt8(ascii: "/")
        let nameStart = start + (isClosing ? 2 : 1)
        let name = HTMLScan.name(bytes, nameStart)
        guard !name.isEmpty else {
            // "a < b" is text; declarations and processing instructions are not.
            if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") || isClosing {
                return HTMLScan.end(of: ">", in: bytes, from: start + 1)
            }
            add(bytes[start...start])
            return start + 1
        }
        let end = HTMLScan.tagEnd(bytes, nameStart + name.count)
        if isClosing {
            closeTag(name)
        } else {
            if HTMLScan.isRaw(name) { return HTMLScan.end(ofRaw: name, in: bytes, from: end) }
            openTag(name, bytes[(nameStart + name.count)..<max(nameStart + name.count, end)])
        }
        return end
    }

    private mutating func openTag(_ name: [UInt8], _ attributes: ArraySlice<UInt8>) {
        if let hiding = hidden {
            if hiding.name == name { hidden?.depth += 1 }
            return
        }
        for index in open.indices where open[index].name == name { open[index].depth += 1 }
        if HTMLScan.mayBeMarked(name) {
            let tag = HTMLAttributes(name, attributes)
            if tag.isHidden, !HTMLScan.isVoid(name) {
                hidden = (name, 1)
                return
            }
            layOut(name)
            if let mark = tag.mark {
                // Nothing that is shown stands between the mark and what follows it, so breaks count to it.
                open.append((mark, name, HTMLScan.isVoid(name) ? 0 : 1, output.count, tag.marksTheRest))
            }
        } else {
            layOut(name)
        }
        if name.elementsEqual("li".utf8) {
            addBreaks()
            output += "- ".utf8
        }
        if name.elementsEqual("pre".utf8) { preformatted += 1 }
    }

    private mutating func closeTag(_ name: [UInt8]) {
        if let hiding = hidden {
            guard hiding.name == name else { return }
            hidden = hiding.depth > 1 ? (name, hiding.depth - 1) : nil
            return
        }
        if !HTMLScan.isVoid(name) { layOut(name) }
        if name.elementsEqual("pre".utf8) { preformatted = max(0, preformatted - 1) }
        for index in open.indices.reversed() where open[index].name == name && open[index].depth > 0 {
            open[index].depth -= 1
            if open[index].depth == 0, !open[index].lasts { close(open.remove(at: index)) }
        }
    }

    private mutating func layOut(_ name: [UInt8]) {
        switch HTMLScan.layout(name) {
        case .lineBreak: breaks = min(breaks + 1, 2)
        case .block: breaks = max(breaks, output.isEmpty ? 0 : 1)
        case .paragraph: breaks = output.isEmpty ? 0 : 2
        case .cell: isAfterBlank = true
        case .inline: break
        }
    }
}

extension ArraySlice<UInt8> {
    /// 0 beyond the end.
    fileprivate func at(_ index: Int) -> UInt8 { indices.contains(index) ? self[index] : 0 }
}

/// Character references, of which those that a mail's preview is padded with mean nothing.
enum HTMLCharacters {
    private static let own = [
        "&lt;": "<", "&gt;": ">", "&#60;": "<", "&#62;": ">", "&#x3c;": "<", "&#x3e;": ">", "&zwnj;": "",
        "&zwj;": "",
        "&shy;": "", "&lrm;": "", "&rlm;": "", "&LT;": "<", "&GT;": ">", "&#x3C;": "<", "&#x3E;": ">",
    ]

    /// Decoded once: `&amp;lt;` is `&lt;`.
    static func decoded(_ text: String) -> String {
        var result = "", plain = text[...], rest = text[...]
        while let ampersand = rest.utf8.firstIndex(of: UInt8(ascii: "&")) {
            let window = rest[ampersand...].utf8.prefix(8)
            guard let semicolon = window.firstIndex(of: UInt8(ascii: ";")),
                let sign = own[String(rest[ampersand...semicolon])]
            else {
                rest = rest[rest.utf8.index(after: ampersand)...]
                continue
            }
            result += HTMLText.decodingReferences(String(plain[..<ampersand])) + sign
            rest = rest[rest.utf8.index(after: semicolon)...]
            plain = rest
        }
        return result + HTMLText.decodingReferences(String(plain))
    }
}
