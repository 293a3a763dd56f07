internal import HTTPServer

/// The declaration of one key of the configuration.
struct Setting: Sendable {
    /// As the file has it: `limits.burst` is `burst` in the map `limits`.
    let key: String
    let about: String
    /// The values that it may have, for people: `open or closed`.
    let type: String
    /// The values there are, where they are few.
    var choices: [String] = []
    /// Kept out of outputs, and never read from a flag: other users of the machine see those.
    let isSecret: Bool
    /// The flag that sets it, without its hyphens.
    let flag: String?
    /// The value as the file would have it.
    let text: @Sendable (Configuration) -> String
    /// Sets the value; answers what is wrong with it, as in `must be a whole number`.
    fileprivate let read: @Sendable (inout Configuration, FileValue.Content) -> String?

    /// `limits.burst` is `BUREAU_LIMITS_BURST`.
    var variable: String { "BUREAU_" + key.uppercased().replacing(".", with: "_") }
    var defaultText: String { text(Configuration()) }

    func apply(_ content: FileValue.Content, to configuration: inout Configuration) -> String? {
        read(&configuration, content)
    }

    /// Returns whether a value is a credential. The address of a database is one where it has a password.
    func isCredential(_ content: FileValue.Content) -> Bool {
        guard isSecret, let text = content.single, !text.isEmpty else { return false }
        guard key == "database.url" else { return true }
        return text.contains(/:\/\/[^\/?@]*:[^\/?]*@/) || text.contains(/[?&]password=/)
    }
}

extension FileValue.Content {
    /// One text; `nil` for a list.
    fileprivate var single: String? { if case .text(let text) = self { text } else { nil } }

    /// The parts of a list, or of a text with commas.
    fileprivate var parts: [String] {
        switch self {
        case .list(let texts): texts
        case .text(let text):
            text.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        }
    }
}

extension Setting {
    typealias Path<Value> = any WritableKeyPath<Configuration, Value> & Sendable

    /// A value of any type that is made from a text; `type` completes "must be …".
    private static func make<Value>(
        _ key: String, _ path: Path<Value>, _ type: String, _ about: String, flag: String?,
        isSecret: Bool = false,
        write: @escaping @Sendable (Value) -> String, read: @escaping @Sendable (String) -> Value?
    ) -> Setting {
        Setting(
            key: key, about: about, type: type, isSecret: isSecret, flag: flag,
            text: { write($0[keyPath: path]) }
        ) {
            configuration, content in
            guard let text = content.single, let value = read(text) else { return "must be \(type)" }
            configuration[keyPath: path] = value
            return nil
        }
    }

    static func text(_ key: String, _ path: Path<String>, _ about: String, flag: String? = nil) -> Setting {
        make(key, path, "a text", about, flag: flag, write: { $0 }, read: { $0 })
    }

    static func secret(_ key: String, _ path: Path<String>, _ about: String) -> Setting {
        make(key, path, "a text", about, flag: nil, isSecret: true, write: { $0 }, read: { $0 })
    }

    static func parsed<Value: LosslessStringConvertible & SendableMetatype>(
        _ key: String, _ path: Path<Value>, as type: String, _ about: String, flag: String? = nil
    ) -> Setting {
        make(key, path, type, about, flag: flag, write: { $0.description }, read: { Value($0) })
    }

    static func flag(_ key: String, _ path: Path<Bool>, _ about: String) -> Setting {
        make(key, path, "true or false", about, flag: nil, write: { $0 ? "true" : "false" }) { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ key: String, _ path: Path<Value>, _ about: String, flag: String? = nil
    ) -> Setting {
        let names = Value.allCases.map(\.rawValue)
        let type = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        var setting = make(
            key, path, type, about, flag: flag, write: { $0.rawValue },
            read: { Value(rawValue: $0.lowercased()) })
        setting.choices = names
        return setting
    }

    static func integer(
        _ key: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ about: String
    ) -> Setting {
        Setting(
            key: key, about: about, type: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            isSecret: false,
            flag: nil, text: { String($0[keyPath: path]) }
        ) { configuration, content in
            guard let text = content.single, let value = Int(text.replacing("_", with: "")) else {
                return "must be a whole number"
            }
            guard range.contains(value) else {
                return "must be from \(range.lowerBound) to \(range.upperBound)"
            }
            configuration[keyPath: path] = value
            return nil
        }
    }

    static func seconds(
        _ key: String, _ path: Path<Duration>, in range: ClosedRange<Int64>, _ about: String
    ) -> Setting {
        Setting(
            key: key, about: about, type: "seconds from \(range.lowerBound) to \(range.upperBound)",
            isSecret: false, flag: nil,
            text: { String($0[keyPath: path].components.seconds) }
        ) { configuration, content in
            guard let text = content.single, let value = Int64(text) else {
                return "must be a whole number of seconds"
            }
            guard range.contains(value) else {
                return "must be from \(range.lowerBound) to \(range.upperBound) seconds"
            }
            configuration[keyPath: path] = .seconds(value)
            return nil
        }
    }

    static func list<Value: LosslessStringConvertible & Sendable>(
        _ key: String, _ path: Path<[Value]>, as type: String, _ about: String
    ) -> Setting {
        Setting(
            key: key, about: about, type: "a list; each \(type)", isSecret: false, flag: nil,
            text: { "[\($0[keyPath: path].map(\.description).joined(separator: ", "))]" }
        ) { configuration, content in
            var values: [Value] = []
            for part in content.parts {
                guard let value = Value(part) else { return "each must be \(type), unlike \(part)" }
                values.append(value)
            }
            configuration[keyPath: path] = values
            return nil
        }
    }
}

extension AddressRange: LosslessStringConvertible {}
