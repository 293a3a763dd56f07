internal import JSON

/// A block that is open.
struct OpenBlock {
    enum Kind: String { case root, choice = "if", opposite = "unless", loop = "for" }

    let kind: Kind
    let offset: Int
    var branches: [Node.Branch] = []
    var condition: Condition?
    var body: [Node] = []
    var loop: (list: Operand, limit: Operand?)?
    var isLast = false
    /// Names that are there in the branch at hand; names that are there because earlier ones were not taken.
    var present: Set<String> = []
    var otherwise: Set<String> = []
}

extension Compiler {
    mutating func tag(_ range: Range<Int>, _ start: Int) {
        do throws(SyntaxFault) {
            var reader = TagReader(try Lexer.lexemes(bytes, range), start: start)
            guard let (name, offset) = reader.name() else {
                throw reader.unexpected("a tag's name, such as if or for")
            }
            switch name {
            case "if": openChoice(.choice, &reader)
            case "unless": openChoice(.opposite, &reader)
            case "elsif": try elsif(&reader)
            case "else": try otherwise(&reader)
            case "for": openLoop(&reader)
            case "endif": close(.choice, reader)
            case "endunless": close(.opposite, reader)
            case "endfor": close(.loop, reader)
            case "comment": break
            case "endcomment":
                fault(
                    start, .unclosedBlock,
                    "The {% endcomment %} has no {% comment %} before it: remove it, or open the comment.")
            default: throw SyntaxFault(offset: offset, detail: Self.unknownTag(name))
            }
        } catch {
            let word = Self.firstWord(bytes[range])
            // A comment's tag may hold anything.
            if word == "comment" { return }
            fault(error.offset, .syntaxError, error.detail)
            // A tag that cannot be read opens its block all the same, or its end would be a fault, too.
            if let kind = OpenBlock.Kind(rawValue: word), kind != .root {
                if kind == .loop { loops.append(LoopScope(variable: "", kind: .any)) }
                open(OpenBlock(kind: kind, offset: start))
            }
        }
    }

    private static func firstWord(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.drop { $0 <= 0x20 }.prefix { $0 > 0x20 }, as: UTF8.self)
    }

    private static func unknownTag(_ name: String) -> String {
        let known = [
            "if", "elsif", "else", "endif", "unless", "endunless", "for", "endfor", "comment", "endcomment",
        ]
        let meant = ["elseif": "elsif", "elif": "elsif", "end": "endif or endfor"]
        if let near = meant[name] ?? Spelling.nearest(to: name, among: known) {
            return "The tag '\(name)' does not exist: did you mean \(near)?"
        }
        return "The tag '\(name)' does not exist. The tags are if, unless, for and comment."
    }

    private mutating func open(_ frame: OpenBlock) {
        if frames.count == TemplateLimits.depthMax + 1 {
            fault(
                frame.offset, .tooLarge,
                "Blocks may be nested at most \(TemplateLimits.depthMax) levels deep.")
        }
        frames.append(frame)
    }

    private mutating func openChoice(_ kind: OpenBlock.Kind, _ reader: inout TagReader) {
        var frame = OpenBlock(kind: kind, offset: reader.start)
        frame.condition = .truth(.literal(false))
        if let (condition, fact) = condition(&reader) {
            let isOpposite = kind == .opposite
            frame.condition = isOpposite ? .not(condition) : condition
            frame.present = Guarding.names(fact, when: !isOpposite)
            frame.otherwise = Guarding.names(fact, when: isOpposite)
        }
        open(frame)
    }

    private mutating func elsif(_ reader: inout TagReader) throws(SyntaxFault) {
        let top = frames.count - 1
        guard frames[top].kind == .choice || frames[top].kind == .opposite, !frames[top].isLast else {
            throw SyntaxFault(
                offset: reader.start,
                detail: "An {% elsif %} must be inside an {% if %}, before its {% else %}.")
        }
        endBranch(top)
        // The names of the branch before are not there in this one.
        frames[top].present = frames[top].otherwise
        guard let (condition, fact) = condition(&reader) else { return }
        frames[top].condition = condition
        frames[top].present.formUnion(Guarding.names(fact, when: true))
        frames[top].otherwise.formUnion(Guarding.names(fact, when: false))
    }

    private mutating func otherwise(_ reader: inout TagReader) throws(SyntaxFault) {
        let top = frames.count - 1
        guard frames[top].kind != .root, !frames[top].isLast else {
            throw SyntaxFault(
                offset: reader.start,
                detail: "An {% else %} must be inside an {% if %} or a {% for %}, once.")
        }
        guard reader.isAtEnd else {
            throw reader.unexpected("the tag's end, or elsif with a condition")
        }
        endBranch(top)
        frames[top].isLast = true
        frames[top].present = frames[top].otherwise
        if frames[top].kind == .loop { loops.removeLast() }
    }

    private mutating func endBranch(_ top: Int) {
        frames[top].branches.append(Node.Branch(condition: frames[top].condition, body: frames[top].body))
        (frames[top].condition, frames[top].body) = (nil, [])
    }

    private mutating func openLoop(_ reader: inout TagReader) {
        var frame = OpenBlock(kind: .loop, offset: reader.start)
        var scope = LoopScope(variable: "", kind: .any)
        do throws(SyntaxFault) {
            guard let (variable, offset) = reader.name(), variable != "forloop" else {
                throw reader.unexpected("a name for each item, as in {% for point in lead.pain_points %}")
            }
            scope = LoopScope(variable: variable, kind: .any)
            guard reader.takeWord("in") else { throw reader.unexpected("in, then a list") }
            let list = try reader.value()
            var limit: WrittenValue?
            while !reader.isAtEnd {
                guard limit == nil, reader.takeWord("limit"), reader.take(":") else {
                    throw reader.unexpected("limit: with a number, or the tag's end")
                }
                limit = try reader.value()
            }
            scope = loop(&frame, scope, list, limit, offset)
        } catch {
            fault(error.offset, .syntaxError, error.detail)
        }
        if loops.count == TemplateLimits.loopDepthMax {
            fault(
                frame.offset, .tooLarge,
                "Loops may be nested at most \(TemplateLimits.loopDepthMax) levels deep.")
        }
        loops.append(scope)
        open(frame)
    }

    /// The loop's list and limit, looked up, and the kind of its items.
    private mutating func loop(
        _ frame: inout OpenBlock, _ scope: LoopScope, _ list: WrittenValue, _ limit: WrittenValue?,
        _ offset: Int
    ) -> LoopScope {
        var bound: KnownValue?
        if let limit {
            bound = known(limit)
            switch bound?.kind {
            case .number, .any, nil: break
            case let kind?: fault(limit.offset, .wrongArgument, "limit takes a number; this is \(kind.noun).")
            }
        }
        guard let known = known(list) else { return scope }
        guard let item = known.kind.item else {
            fault(list.offset, .wrongArgument, "A loop goes over a list; this is \(known.kind.noun).")
            return scope
        }
        frame.loop = (known.operand, bound?.operand)
        return LoopScope(variable: scope.variable, kind: item)
    }

    private mutating func close(_ kind: OpenBlock.Kind, _ reader: TagReader) {
        if let next = reader.next {
            fault(next.start, .syntaxError, reader.unexpected("the tag's end").detail)
        }
        guard let place = frames.lastIndex(where: { $0.kind == kind }), place > 0 else {
            let name = kind.rawValue
            return fault(
                reader.start, .unclosedBlock,
                "The {% end\(name) %} has no {% \(name) %} before it: remove it, or open the block.")
        }
        while frames.count - 1 > place {
            let open = endFrame()
            fault(open.offset, .unclosedBlock, missingEnd(open.kind))
        }
        let frame = endFrame()
        switch kind {
        case .loop:
            let body = frame.isLast ? frame.branches[0].body : frame.body
            append(
                .loop(
                    Node.Loop(
                        list: frame.loop?.list ?? .literal(nil), limit: frame.loop?.limit, body: body,
                        otherwise: frame.isLast ? frame.body : [], offset: frame.offset)))
        default:
            let last = Node.Branch(condition: frame.isLast ? nil : frame.condition, body: frame.body)
            append(.choice(frame.branches + [last]))
        }
    }

    private mutating func endFrame() -> OpenBlock {
        let frame = frames.removeLast()
        if frame.kind == .loop, !frame.isLast { loops.removeLast() }
        return frame
    }
}
