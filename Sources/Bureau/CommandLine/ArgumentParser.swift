internal import Records

/// The request that the arguments make.
enum Invocation: Sendable {
    case run(CommandEntry, any Command, values: [ParsedValue], CommonOptions)
    /// The help of the command, or group of commands, with these words; of the whole for none.
    case help([String])
    case version
}

/// Reads arguments by the declarations of the commands. Options may stand anywhere, `--name value` or
/// `--name=value`; `--` ends them.
struct ArgumentParser: Sendable {
    let commands: [CommandEntry]

    func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        var arguments = arguments[...]
        if arguments.first == "help" {
            let words = Array(arguments.dropFirst().prefix { !$0.hasPrefix("-") })
            guard words.isEmpty || commands.contains(where: { $0.words.starts(with: words) }) else {
                throw unknown(words)
            }
            return .help(words)
        }
        var common = CommonOptions()
        try takeLeadingOptions(&arguments, &common)
        if common.wantsVersion { return .version }
        guard !arguments.isEmpty else { return .help([]) }
        let (entry, words) = takeWords(&arguments)
        guard let entry else {
            if !words.isEmpty, arguments.contains("--help") || arguments.contains("-h") {
                return .help(words)
            }
            throw unknown(words + arguments.prefix { !$0.hasPrefix("-") })
        }
        let values = try takeValues(arguments, entry, &common)
        if common.wantsHelp { return .help(entry.words) }
        if common.wantsVersion { return .version }
        return .run(entry, try entry.make(values), values: values, common)
    }

    /// `--data DIR` before the command.
    private func takeLeadingOptions(
        _ arguments: inout ArraySlice<String>, _ common: inout CommonOptions
    ) throws(UsageError) {
        while let first = arguments.first, first.hasPrefix("-") {
            arguments.removeFirst()
            if first == "-h" || first == "--help" {
                // The words that follow may name a command: `bureau --help serve`.
                common.wantsHelp = true
                continue
            }
            let (name, inline) = split(first)
            guard let parameter = CommonOptions.parameters.first(where: { $0.name == name }) else {
                throw UsageError(
                    "the option \(first) does not exist"
                        + didYouMean(suggested(name, CommonOptions.parameters.map(\.name))))
            }
            let value = try take(parameter.shown, isFlag: parameter.kind == .flag, inline, &arguments, [])
            if let reason = parameter.set(&common, value) { throw UsageError("--\(name) \(reason)") }
        }
    }

    /// The command that the next words name; without one, the group's words that were taken.
    private func takeWords(_ arguments: inout ArraySlice<String>) -> (CommandEntry?, [String]) {
        let words = Array(arguments.prefix { !$0.hasPrefix("-") })
        for count in stride(from: min(words.count, 3), to: 0, by: -1) {
            if let entry = commands.first(where: { $0.words == Array(words[..<count]) }) {
                arguments.removeFirst(count)
                return (entry, entry.words)
            }
        }
        var group: [String] = []
        while let next = arguments.first, commands.contains(where: { $0.words.starts(with: group + [next]) })
        {
            group.append(next)
            arguments.removeFirst()
        }
        return (nil, group)
    }

    private func takeValues(
        _ rest: ArraySlice<String>, _ entry: CommandEntry, _ common: inout CommonOptions
    ) throws(UsageError) -> [ParsedValue] {
        var rest = rest, values: [ParsedValue] = [], takesOptions = true
        var positionals = entry.options.filter { $0.kind == .positional }[...]
        // Words beyond the positionals are accepted where only one option can be meant.
        var extra: [String] = []
        while let argument = rest.first {
            rest.removeFirst()
            if takesOptions, argument == "--" {
                takesOptions = false
            } else if takesOptions, argument == "-h" {
                common.wantsHelp = true
            } else if takesOptions, argument.hasPrefix("--") {
                let (name, inline) = split(argument)
                // A positional may also be given by its name: `--email X` for `EMAIL`.
                if let option = entry.options.first(where: { $0.name == name }) {
                    positionals.removeAll { $0.name == name }
                    let value = try take(
                        option.shown, isFlag: option.kind == .flag, inline, &rest, entry.words)
                    values.append(ParsedValue(name: name, text: value))
                } else if let parameter = CommonOptions.parameters.first(where: { $0.name == name }) {
                    let value = try take(
                        parameter.shown, isFlag: parameter.kind == .flag, inline, &rest, entry.words)
                    if let reason = parameter.set(&common, value) {
                        throw UsageError("--\(name) \(reason)", command: entry.words)
                    }
                } else {
                    throw unknownOption(name, of: entry)
                }
            } else if takesOptions, argument.hasPrefix("-"), argument.count > 1 {
                throw unknownOption(String(argument.dropFirst()), of: entry)
            } else {
                guard let positional = positionals.popFirst() else {
                    extra.append(argument)
                    continue
                }
                values.append(ParsedValue(name: positional.name, text: argument))
            }
        }
        if common.wantsHelp { return [] }
        return try values
            + extra.map { word throws(UsageError) in
                ParsedValue(name: try meant(by: word, of: extra.count, values, entry), text: word)
            }
    }

    /// Returns the option that a value without a name belongs to: the only required option that is missing, or else
    /// the only one that takes a file, a folder or a name.
    private func meant(
        by word: String, of count: Int, _ values: [ParsedValue], _ entry: CommandEntry
    ) throws(UsageError) -> String {
        let free = entry.options.filter { option in
            option.kind == .option && !values.contains { $0.name == option.name }
        }
        let required = free.filter(\.isRequired)
        let named = free.filter { ["FILE", "DIR", "NAME"].contains($0.value) }
        let candidates = required.isEmpty ? named : required
        if count == 1, candidates.count == 1 { return candidates[0].name }
        let near = suggestion(
            for: word, among: entry.options.filter { $0.kind != .positional }.map { "--" + $0.name })
        // A second file is one too many where the command takes one: it belongs to no other option.
        let hasPlace = entry.options.contains { $0.kind == .positional }
        let shown = (candidates.isEmpty && !hasPlace ? free : candidates).map(\.shown).joined(separator: ", ")
        throw UsageError(
            "\(entry.name) takes no \(word)"
                + (near == nil && !shown.isEmpty ? "; name its option: \(shown)" : didYouMean(near)),
            command: entry.words)
    }

    private func take(
        _ shown: String, isFlag: Bool, _ inline: String?, _ rest: inout ArraySlice<String>,
        _ command: [String]
    ) throws(UsageError) -> String {
        if isFlag {
            guard inline == nil else { throw UsageError("\(shown) takes no value", command: command) }
            return ""
        }
        if let inline { return inline }
        guard let value = rest.popFirst() else {
            throw UsageError("\(shown) needs a value", command: command)
        }
        return value
    }

    /// `--name=value` in its parts.
    private func split(_ argument: String) -> (name: String, inline: String?) {
        let bare = argument.drop { $0 == "-" }
        guard let equals = bare.firstIndex(of: "=") else { return (String(bare), nil) }
        return (String(bare[..<equals]), String(bare[bare.index(after: equals)...]))
    }

    private func unknownOption(_ name: String, of entry: CommandEntry) -> UsageError {
        let names =
            entry.options.filter { $0.kind != .positional }.map(\.name) + CommonOptions.parameters.map(\.name)
        return UsageError(
            "\(entry.name) has no option --\(name)" + didYouMean(suggested(name, names)), command: entry.words
        )
    }

    private func suggested(_ name: String, _ names: [String]) -> String? {
        suggestion(for: name, among: names).map { "--" + $0 }
    }

    private func unknown(_ words: [String]) -> UsageError {
        let group =
            words.indices.reversed().map { Array(words[...$0]) }
            .first { prefix in commands.contains { $0.words.starts(with: prefix) } } ?? []
        let below = commands.filter { $0.words.starts(with: group) && $0.words.count > group.count }
        guard let wrong = words.dropFirst(group.count).first else {
            let names = below.map { $0.words[group.count] }.joined(separator: ", ")
            return UsageError("\(group.joined(separator: " ")) needs one of: \(names)", command: group)
        }
        let near = suggestion(for: wrong, among: Set(below.map { $0.words[group.count] }).sorted())
        let name = (group + [wrong]).joined(separator: " ")
        return UsageError(
            "the command \(name) does not exist"
                + didYouMean(near.map { (["bureau"] + group + [$0]).joined(separator: " ") }),
            command: group)
    }
}
