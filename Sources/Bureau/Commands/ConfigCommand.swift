internal import JSON

struct ConfigCheckCommand: Command {
    static let usage = Usage<ConfigCheckCommand>(
        "config check", "Checks the configuration, and names every fault by its key.",
        details: "It reads what bureau serve would read: --set, BUREAU_* variables, .env, and the file.")

    func run(_ session: CommandSession) async throws {
        let loaded = session.load()
        let changed = Configuration.settings.filter { loaded.sources[$0.key] != nil }
        let values = changed.map { setting -> JSON in
            [
                "key": .string(setting.key), "value": .string(shown(setting, loaded)),
                "from": .string(loaded.sources[setting.key] ?? ""),
            ]
        }
        let faults = loaded.faults.map { fault -> JSON in
            ["key": .string(fault.key), "reason": .string(fault.reason), "from": JSON(fault.source)]
        }
        session.show(
            [
                "status": loaded.faults.isEmpty ? "valid" : "invalid", "faults": .array(faults),
                "warnings": JSON(loaded.warnings), "values": .array(values),
            ],
            text(loaded, changed, session.terminal))
        if !loaded.faults.isEmpty { throw CommandExit(status: 1) }
    }

    private func text(_ loaded: LoadedConfiguration, _ changed: [Setting], _ terminal: Terminal) -> String {
        var lines = loaded.faults.map { "\(terminal.mark(.failing)) \($0)" }
        lines += loaded.warnings.map { "\(terminal.mark(.warning)) \($0)" }
        if loaded.faults.isEmpty { lines.append("\(terminal.mark(.ok)) The configuration is valid.") }
        let rows = changed.map { [$0.key, shown($0, loaded), loaded.sources[$0.key] ?? ""] }
        if !rows.isEmpty { lines.append("\n" + table(["key", "value", "from"], rows, terminal)) }
        return lines.joined(separator: "\n")
    }

    private func shown(_ setting: Setting, _ loaded: LoadedConfiguration) -> String {
        setting.isSecret ? "(secret)" : setting.text(loaded.configuration)
    }
}

struct ConfigExampleCommand: Command {
    static let usage = Usage<ConfigExampleCommand>(
        "config example", "Prints a configuration file with every key, commented, at its default.")

    func run(_ session: CommandSession) async throws {
        let keys = Configuration.settings.map { setting -> JSON in
            [
                "key": .string(setting.key), "variable": .string(setting.variable), "type": .string(setting.type),
                "default": .string(setting.defaultText), "about": .string(setting.about), "secret": .bool(setting.isSecret),
            ]
        }
        session.show(.array(keys), Configuration.example)
    }
}
