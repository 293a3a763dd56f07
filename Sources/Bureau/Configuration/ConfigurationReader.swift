internal import Records
internal import Glibc
internal import Records

/// The configuration as it was read, with what was found wrong on the way.
struct LoadedConfiguration: Sendable {
    var configuration = Configuration()
    var faults: [ConfigurationFault] = []
    var warnings: [String] = []
    /// Where each value that is no default came from, by key.
    var sources: [String: String] = [:]
    /// The variables of the process, and those of `.env`.
    var environment: [String: String] = [:]
}

/// The surroundings that a process is started in, apart from its flags.
struct ProcessSurroundings: Sendable {
    var environment: [String: String]
    var workingFolder: String
    /// The text of a file; `nil` when there is none. Throws what the system says otherwise.
    var readFile: @Sendable (String) throws(FileError) -> String?

    static var real: ProcessSurroundings {
        ProcessSurroundings(
            environment: processEnvironment(), workingFolder: currentFolder(), readFile: readText)
    }
}

/// Reads the layers: flags over `BUREAU_` variables over the file over the defaults.
enum ConfigurationReader {
    /// Variables that are no settings, but ours.
    private static let otherVariables: Set<String> = ["BUREAU_BIN", "BUREAU_PROJECT"]

    /// `flags` are keys and values in order.
    static func load(
        flags: [(key: String, value: String)], file: String?, _ surroundings: ProcessSurroundings
    ) -> LoadedConfiguration {
        var loaded = LoadedConfiguration(environment: surroundings.environment)
        readDotEnv(&loaded, surroundings)
        let file = file ?? loaded.environment["BUREAU_CONFIG"]
        if let file { readFile(file, &loaded, surroundings) }
        for setting in Configuration.settings {
            guard let text = loaded.environment[setting.variable] else { continue }
            loaded.apply(setting, .text(text), from: setting.variable)
        }
        warnOfVariables(&loaded)
        for (key, value) in flags {
            guard let setting = Configuration.setting(key) else {
                let near = suggestion(for: key, among: Configuration.settings.map(\.key))
                loaded.faults.append(
                    ConfigurationFault(key: key, reason: "the key does not exist" + didYouMean(near)))
                continue
            }
            guard !setting.isSecret else {
                loaded.refuse(setting, "others can see flags", from: nil)
                continue
            }
            loaded.apply(setting, .text(value), from: "the command line")
        }
        let known = Set(loaded.faults.map(\.key))
        loaded.faults += loaded.configuration.faults.filter { !known.contains($0.key) }.map { fault in
            var fault = fault
            fault.source = loaded.sources[fault.key]
            return fault
        }
        loaded.configuration.environment = loaded.environment
        loaded.readAPIs(surroundings)
        return loaded
    }

    private static func readDotEnv(_ loaded: inout LoadedConfiguration, _ surroundings: ProcessSurroundings) {
        let path = surroundings.workingFolder + "/.env"
        do {
            guard let text = try surroundings.readFile(path) else { return }
            let (values, faults) = DotEnv.parse(text)
            for (name, value) in values where loaded.environment[name] == nil {
                loaded.environment[name] = value
            }
            for line in faults { loaded.warnings.append(".env, line \(line): write NAME=value") }
        } catch {
            loaded.warnings.append(".env cannot be read: \(error)")
        }
    }

    private static func readFile(
        _ path: String, _ loaded: inout LoadedConfiguration, _ surroundings: ProcessSurroundings
    ) {
        let values: [FileValue]
        do {
            guard let text = try surroundings.readFile(absolute(path, in: surroundings.workingFolder)) else {
                loaded.faults.append(
                    ConfigurationFault(
                        key: "config",
                        reason: "the file \(path) does not exist: bureau config example > \(path) writes one")
                )
                return
            }
            values = try YAMLFile.parse(text)
        } catch {
            loaded.faults.append(ConfigurationFault(key: "config", reason: "\(path), \(error)"))
            return
        }
        for value in values {
            let place = "\(path), line \(value.line)"
            if let setting = Configuration.setting(value.name) {
                guard !setting.isCredential(value.content) else {
                    loaded.refuse(setting, "files are copied and shared", from: place)
                    continue
                }
                loaded.apply(setting, value.content, from: place)
            } else {
                let near = suggestion(for: value.name, among: Configuration.settings.map(\.key))
                loaded.warnings.append(
                    "\(place): \(value.name) is not a known key and is ignored" + didYouMean(near))
            }
        }
    }

    private static func warnOfVariables(_ loaded: inout LoadedConfiguration) {
        let known = Set(Configuration.settings.map(\.variable)).union(otherVariables).union(["BUREAU_CONFIG"])
        for name in loaded.environment.keys.sorted() where name.hasPrefix("BUREAU_") && !known.contains(name)
        {
            let near = suggestion(for: name, among: Configuration.settings.map(\.variable))
            loaded.warnings.append("\(name) is not a known setting and is ignored" + didYouMean(near))
        }
    }
}

extension LoadedConfiguration {
    /// A secret stands where it does not stay one.
    fileprivate mutating func refuse(_ setting: Setting, _ why: String, from source: String?) {
        faults.append(
            ConfigurationFault(
                key: setting.key, reason: "is a secret: give it as \(setting.variable), for \(why)",
                source: source))
    }

    /// A later layer's value takes the place of an earlier one's, and of its fault.
    fileprivate mutating func apply(_ setting: Setting, _ content: FileValue.Content, from source: String) {
        faults.removeAll { $0.key == setting.key }
        sources[setting.key] = source
        if let reason = setting.apply(content, to: &configuration) {
            faults.append(ConfigurationFault(key: setting.key, reason: reason, source: source))
        }
    }
}

extension Configuration {
    private static let byKey = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })

    static func setting(_ key: String) -> Setting? { byKey[key] }
}
