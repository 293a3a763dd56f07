/// A command of the program: its words, its parameters, and what it does. A value of it holds one
/// invocation's parameters.
protocol Command: Sendable {
    static var usage: Usage<Self> { get }
    init()
    func run(_ session: CommandSession) async throws
}

/// The form of a command: declared once, read by the parser and by the help.
struct Usage<C: Sendable>: Sendable {
    let words: [String]
    let summary: String
    let parameters: [Parameter<C>]
    /// Paragraphs and examples below the options.
    let details: String

    init(_ words: String, _ summary: String, _ parameters: [Parameter<C>] = [], details: String = "") {
        self.words = words.split(separator: " ").map(String.init)
        (self.summary, self.parameters, self.details) = (summary, parameters, details)
    }
}

/// One flag, option or positional of a command.
struct Parameter<C: Sendable>: Sendable {
    enum Kind: Sendable { case flag, option, positional }

    let name: String
    let kind: Kind
    /// The placeholder of the value: `FILE`. Empty for flags.
    let value: String
    let about: String
    let isRequired: Bool
    /// Takes one value; answers what is wrong with it, as in `must be a number`.
    let set: @Sendable (inout C, String) -> String?

    typealias Path<Value> = any WritableKeyPath<C, Value> & Sendable

    static func flag(_ name: String, _ path: Path<Bool>, _ about: String) -> Parameter {
        Parameter(name: name, kind: .flag, value: "", about: about, isRequired: false) { command, _ in
            command[keyPath: path] = true
            return nil
        }
    }

    static func option(
        _ name: String, _ path: Path<String?>, _ value: String, _ about: String, required: Bool = false
    ) -> Parameter {
        Parameter(name: name, kind: .option, value: value, about: about, isRequired: required) {
            command, text in
            guard !text.isEmpty else { return "must not be empty" }
            command[keyPath: path] = text
            return nil
        }
    }

    static func number(
        _ name: String, _ path: Path<Int>, _ value: String, in range: ClosedRange<Int>, _ about: String
    ) -> Parameter {
        Parameter(name: name, kind: .option, value: value, about: about, isRequired: false) { command, text in
            guard let number = Int(text), range.contains(number) else {
                return "must be a number from \(range.lowerBound) to \(range.upperBound)"
            }
            command[keyPath: path] = number
            return nil
        }
    }

    /// Separated by commas, or given several times.
    static func list(
        _ name: String, _ path: Path<[String]>, _ value: String, _ about: String, required: Bool = false
    ) -> Parameter {
        Parameter(name: name, kind: .option, value: value, about: about, isRequired: required) {
            command, text in
            command[keyPath: path] += text.split(separator: ",").map { String($0.trimmingSpaces) }.filter {
                !$0.isEmpty
            }
            return nil
        }
    }

    static func positional(
        _ value: String, _ path: Path<String?>, _ about: String, required: Bool = true
    ) -> Parameter {
        Parameter(
            name: value.lowercased(), kind: .positional, value: value, about: about, isRequired: required
        ) { command, text in
            command[keyPath: path] = text
            return nil
        }
    }

    /// `--to FILE`, or `FILE`.
    var shown: String {
        switch kind {
        case .flag: "--\(name)"
        case .option: "--\(name) \(value)"
        case .positional: value
        }
    }
}

/// The options that every command takes.
struct CommonOptions: Sendable {
    var data: String?
    var config: String?
    var changes: [String] = []
    var isJSON = false
    var wantsHelp = false
    var wantsVersion = false

    static let parameters: [Parameter<CommonOptions>] = [
        .option("data", \.data, "DIR", "The data folder (\(Configuration().data))."),
        .option("config", \.config, "FILE", "The configuration file; see Config/bureau.yaml."),
        Parameter(
            name: "set", kind: .option, value: "KEY=VALUE",
            about: "Sets a key of the configuration; may be repeated.",
            isRequired: false
        ) { options, text in
            guard text.contains("=") else { return "must be KEY=VALUE" }
            options.changes.append(text)
            return nil
        },
        .flag("json", \.isJSON, "Prints one JSON document."),
        .flag("help", \.wantsHelp, "Shows this."),
        .flag("version", \.wantsVersion, "Shows the version."),
    ]
}

/// A command without its type.
struct CommandEntry: Sendable {
    struct Option: Sendable {
        let name: String, shown: String, value: String, about: String
        let kind: ParameterKind
        let isRequired: Bool
    }

    let words: [String]
    let summary: String
    let details: String
    let options: [Option]
    /// Makes the command from its values in their order; throws for faults.
    let make: @Sendable ([ParsedValue]) throws(UsageError) -> any Command

    init<C: Command>(_ type: C.Type) {
        let usage = C.usage
        (words, summary, details) = (usage.words, usage.summary, usage.details)
        options = usage.parameters.map {
            Option(
                name: $0.name, shown: $0.shown, value: $0.value, about: $0.about,
                kind: ParameterKind($0.kind),
                isRequired: $0.isRequired)
        }
        make = { values throws(UsageError) in
            var command = C()
            for value in values {
                guard let parameter = usage.parameters.first(where: { $0.name == value.name }) else {
                    continue
                }
                if let reason = parameter.set(&command, value.text) {
                    throw UsageError("\(parameter.shown) \(reason)", command: usage.words)
                }
            }
            for parameter in usage.parameters
            where parameter.isRequired && !values.contains(where: { $0.name == parameter.name }) {
                throw UsageError("\(parameter.shown) is missing", command: usage.words)
            }
            return command
        }
    }

    var name: String { words.joined(separator: " ") }
}

enum ParameterKind: Sendable {
    case flag, option, positional

    init<C>(_ kind: Parameter<C>.Kind) {
        self =
            switch kind {
            case .flag: .flag
            case .option: .option
            case .positional: .positional
            }
    }
}

/// One value from the command line: of an option, a flag (empty) or a positional.
struct ParsedValue: Equatable, Sendable {
    var name: String
    var text: String
}

/// The command line is not one of ours: exit status 2.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String
    /// The command whose help tells more.
    let command: [String]

    init(_ description: String, command: [String] = []) {
        (self.description, self.command) = (description, command)
    }
}
