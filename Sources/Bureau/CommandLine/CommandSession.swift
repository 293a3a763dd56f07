internal import Glibc
internal import JSON

/// Why a command did not do its work, and what its user can do: exit status 1.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    let what: String
    let remedy: String?

    init(_ what: String, _ remedy: String? = nil) { (self.what, self.remedy) = (what, remedy) }

    var description: String { remedy.map { "\(what)\n  \($0)" } ?? what }
}

/// A command that has said all, and ends with a status of its own.
struct CommandExit: Error { let status: Int32 }

/// One invocation: what every command was given, and where it prints.
struct CommandSession: Sendable {
    let entry: CommandEntry
    let values: [ParsedValue]
    let common: CommonOptions
    let surroundings: ProcessSurroundings
    let terminal = Terminal()

    /// The configuration: what its faults are, and what it warns of, is the caller's affair.
    func load(_ flags: [(key: String, value: String)] = []) -> LoadedConfiguration {
        var all: [(key: String, value: String)] = []
        if let data = common.data { all.append(("data", data)) }
        all += flags
        for change in common.changes {
            let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            all.append((parts[0], parts.count > 1 ? parts[1] : ""))
        }
        return ConfigurationReader.load(flags: all, file: common.config, surroundings)
    }

    /// The configuration, without any fault; throws with all of them.
    func configuration(_ flags: [(key: String, value: String)] = []) throws -> Configuration {
        let loaded = load(flags)
        try loaded.throwFaults()
        return loaded.configuration
    }

    /// Prints the result: as JSON when that was asked for, else as the text.
    func show(_ json: @autoclosure () -> JSON, _ text: @autoclosure () -> String) {
        if common.isJSON { terminal.print(json().serialized) } else { terminal.print(text()) }
    }
}

extension LoadedConfiguration {
    func throwFaults() throws {
        guard !faults.isEmpty else { return }
        let lines = faults.map { "  \($0)" }.joined(separator: "\n")
        let count = faults.count == 1 ? "a fault" : "\(faults.count) faults"
        throw CommandFailure("the configuration has \(count):\n\(lines)", "Config/bureau.yaml lists every key.")
    }
}

/// Standard output and error, and whether people read them.
struct Terminal: Sendable {
    let isInteractive = isatty(1) == 1
    let isErrorInteractive = isatty(2) == 1
    private let hasColour = isatty(1) == 1 && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"

    func print(_ text: String) { Self.write(text.hasSuffix("\n") ? text : text + "\n", to: 1) }
    func printError(_ text: String) { Self.write(text.hasSuffix("\n") ? text : text + "\n", to: 2) }

    func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func faint(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    func mark(_ state: HealthCheck.State) -> String {
        let (sign, colour) =
            switch state {
            case .ok: ("✓", 32)
            case .warning: ("!", 33)
            case .failing: ("✗", 31)
            }
        return hasColour ? "\u{1B}[\(colour)m\(sign)\u{1B}[0m" : sign
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
