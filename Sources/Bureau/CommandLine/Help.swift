/// The texts of `--help`, made from the declarations.
struct Help: Sendable {
    let commands: [CommandEntry]
    private static let width = 100

    /// For the command or group of these words; for the whole without any.
    func text(_ words: [String]) -> String {
        if let entry = commands.first(where: { $0.words == words }) { return command(entry) }
        return overview(words)
    }

    private func overview(_ group: [String]) -> String {
        var text = ""
        if group.isEmpty {
            text += "Bureau \(bureauVersion): the system an AI marketing agency runs on.\n\n"
            text += "Usage: bureau COMMAND [OPTIONS]\n"
        } else {
            text += "Usage: bureau \(group.joined(separator: " ")) COMMAND [OPTIONS]\n"
        }
        let shown = commands.filter { $0.words.starts(with: group) }
        text += "\nCommands:\n" + columns(shown.map { ($0.name, $0.summary) })
        text += "\nOptions of every command:\n" + columns(CommonOptions.parameters.map { ($0.shown, $0.about) })
        text += "\nbureau COMMAND --help tells more of each. To look around: bureau demo\n"
        return text
    }

    private func command(_ entry: CommandEntry) -> String {
        let positionals = entry.options.filter { $0.kind == .positional }
        let options = entry.options.filter { $0.kind != .positional }
        var line = "Usage: bureau \(entry.name)"
        for positional in positionals { line += positional.isRequired ? " \(positional.shown)" : " [\(positional.shown)]" }
        for option in options where option.isRequired { line += " \(option.shown)" }
        var text = "\(entry.summary)\n\n\(line) [OPTIONS]\n"
        if !positionals.isEmpty { text += "\n" + columns(positionals.map { ($0.shown, $0.about) }) }
        let common = CommonOptions.parameters.filter { $0.name != "version" }.map { ($0.shown, $0.about) }
        text += "\nOptions:\n" + columns(options.map { ($0.shown, $0.about) } + common)
        if !entry.details.isEmpty { text += "\n" + entry.details + "\n" }
        return text
    }

    private func columns(_ rows: [(String, String)]) -> String {
        let left = min(30, rows.map(\.0.count).max() ?? 0)
        var text = ""
        for (name, about) in rows {
            let lines = wrapped(about, to: Self.width - left - 4)
            text += "  " + name.padded(to: left)
            if name.count > left { text += "\n" + String(repeating: " ", count: left + 2) }
            for (index, line) in lines.enumerated() {
                if index > 0 { text += String(repeating: " ", count: left + 2) }
                text += "  " + line + "\n"
            }
        }
        return text
    }
}

extension String {
    func padded(to width: Int) -> String { count < width ? self + String(repeating: " ", count: width - count) : self }
}
