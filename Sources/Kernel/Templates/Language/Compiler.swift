internal import JSON

/// Makes nodes of a source. Goes on behind every fault, so that all of them are told at once.
struct Compiler {
    struct Compiled {
        var nodes: [Node] = []
        /// Optional names that are put out with nothing to stand in, and no condition that asks for them.
        var bare: [Use] = []
        /// Every name that occurs.
        var named: Set<String> = []
    }

    let bytes: [UInt8]
    private let lookup: NameLookup
    private var map: SourceMap
    private var found: [(offset: Int, code: TemplateFault.Code, detail: String)] = []
    private var compiled = Compiled()
    var frames: [OpenBlock] = [OpenBlock(kind: .root, offset: 0)]
    var loops: [LoopScope] = []
    private var tail = LinkTail()

    static func compile(_ source: String, _ names: TemplateNames) throws(TemplateFaults) -> Compiled {
        let bytes = Array(source.utf8)
        guard bytes.count <= TemplateLimits.sourceMax else {
            let detail =
                "A template has \(TemplateLimits.sourceMax) bytes at most; this one has \(bytes.count)."
            throw TemplateFaults([TemplateFault(.tooLarge, line: 1, column: 1, detail)])
        }
        var compiler = Compiler(
            bytes: bytes, lookup: NameLookup(names: names), map: SourceMap(bytes))
        compiler.run()
        guard compiler.found.isEmpty else { throw TemplateFaults(compiler.faults()) }
        return compiler.compiled
    }

    private init(bytes: [UInt8], lookup: NameLookup, map: SourceMap) {
        (self.bytes, self.lookup, self.map) = (bytes, lookup, map)
    }

    mutating func fault(_ offset: Int, _ code: TemplateFault.Code, _ detail: String) {
        if found.count < TemplateLimits.faultsMax { found.append((offset, code, detail)) }
    }

    private mutating func faults() -> [TemplateFault] {
        found.sort { $0.offset < $1.offset }
        return found.map { offset, code, detail in
            let place = map.place(of: offset)
            return TemplateFault(code, line: place.line, column: place.column, detail)
        }
    }

    private mutating func run() {
        let scanned = Scanner.scan(bytes)
        for fault in scanned.faults { self.fault(fault.offset, fault.code, fault.detail) }
        var tags = 0
        for piece in scanned.pieces {
            guard found.count < TemplateLimits.faultsMax else { return }
            switch piece {
            case .text(let range):
                guard !range.isEmpty else { continue }
                tail.add(bytes[range])
                append(.text(Array(bytes[range])))
                continue
            case .output(let range, let start):
                output(range, start)
                tail.addValue()
            case .tag(let range, let start): tag(range, start)
            }
            tags += 1
            if tags > TemplateLimits.tagsMax, case .output(_, let start) = piece {
                return fault(start, .tooLarge, "A template may have at most \(TemplateLimits.tagsMax) tags.")
            }
        }
        for frame in frames.dropFirst() { fault(frame.offset, .unclosedBlock, missingEnd(frame.kind)) }
        compiled.nodes = frames[0].body
    }

    mutating func append(_ node: Node) { frames[frames.count - 1].body.append(node) }

    func missingEnd(_ kind: OpenBlock.Kind) -> String {
        "The {% \(kind.rawValue) %} is never closed: write {% end\(kind.rawValue) %} where it ends."
    }

    // MARK: Values

    private mutating func output(_ range: Range<Int>, _ start: Int) {
        do throws(SyntaxFault) {
            var reader = TagReader(try Lexer.lexemes(bytes, range), start: start)
            let value = try reader.value()
            let filters = try reader.filters()
            guard var known = known(value) else {
                // Faults of the filters are told all the same.
                _ = applied(filters, to: .any)
                return
            }
            let isURL: Bool = if case .url = known.kind { true } else { false }
            guard var chain = applied(filters, to: known.kind) else { return }
            known.kind = chain.kind
            switch chain.kind {
            case .instant, .date: chain.filters.append(.date(.long))
            case .money: chain.filters.append(.money)
            case .object, .open:
                return fault(value.offset, .wrongArgument, Self.isObject(known))
            default: break
            }
            append(.output(node(known, chain, value.offset, isURL)))
        } catch {
            fault(error.offset, .syntaxError, error.detail)
        }
    }

    private static func isObject(_ known: KnownValue) -> String {
        var example = ""
        if case .object(let members) = known.kind, let member = members.first, let path = known.path {
            example = ", such as \(path).\(member.name)"
        }
        return "\(known.path ?? "This") is an object: name one of its members\(example)."
    }

    private typealias Chain = (filters: [AppliedFilter], kind: TemplateNames.Kind, hasFallback: Bool)

    private mutating func node(
        _ known: KnownValue, _ chain: Chain, _ offset: Int, _ isURL: Bool
    ) -> Node.Output {
        var missing: Use?
        if let path = known.path, !chain.hasFallback {
            let place = map.place(of: offset)
            let use = Use(path: path, line: place.line, column: place.column)
            missing = use
            if known.isOptional, !frames.contains(where: { $0.present.contains(path) }) {
                compiled.bare.append(use)
            }
        }
        var form = isURL ? Node.Form.address : .plain
        for filter in chain.filters {
            switch filter {
            case .fallback: continue
            case .urlEncode: form = .encoded
            default: form = .plain
            }
        }
        return Node.Output(
            value: known.operand, filters: chain.filters, missing: missing, context: tail.context, form: form)
    }

    private mutating func applied(_ written: [WrittenFilter], to kind: TemplateNames.Kind) -> Chain? {
        var chain: Chain = ([], kind, false)
        var isWhole = true
        for filter in written {
            do throws(FilterFault) {
                let isFallback = filter.name == Filter.fallback.rawValue
                let fallback = isFallback ? filter.arguments.first.flatMap { known($0) } : nil
                let reader = FilterReader(written: filter, input: chain.kind)
                guard let read = try reader.read(fallback: fallback) else {
                    isWhole = false
                    continue
                }
                if case .fallback = read.filter { chain.hasFallback = true }
                chain.filters.append(read.filter)
                chain.kind = read.kind
            } catch {
                fault(error.offset, error.code, error.detail)
                (isWhole, chain.kind) = (false, .any)
            }
        }
        return isWhole ? chain : nil
    }

    mutating func known(_ written: WrittenValue) -> KnownValue? {
        do throws(NameLookup.Unknown) {
            let known = try lookup.find(written, loops: loops)
            if let path = known.path { compiled.named.insert(path) }
            return known
        } catch {
            fault(error.offset, .unknownName, error.detail)
            return nil
        }
    }
}
