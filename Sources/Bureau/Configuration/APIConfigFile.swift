internal import Integrations
internal import JSON
internal import Records

extension Configuration {
    /// The outside services as whoever runs the installation has set them.
    var apiFile: String { data + "/api_config.json" }

    /// Returns what the file says. It is made with its defaults unless it is there: what a person has written stays.
    func readOrMakeAPIs() throws -> APIDirectory {
        guard !isFile(apiFile) else { return apis }
        let document = APIDirectory.standard
        try writeFile(document.indented + "\n", to: apiFile)
        return APIDirectory.read(document, providers: []).directory
    }
}

extension LoadedConfiguration {
    /// Reads the file, where it is there; its faults are named `apis.<name>.<key>`.
    mutating func readAPIs(_ surroundings: ProcessSurroundings) {
        let path = absolute(configuration.data, in: surroundings.workingFolder) + "/api_config.json"
        do {
            guard let text = try surroundings.readFile(path) else { return }
            let document = try JSONParser.parse(Array(text.utf8))
            let (directory, found) = APIDirectory.read(document, providers: builtInProviders)
            configuration.apis = directory
            faults += found.map { fault in
                ConfigurationFault(
                    key: String(fault.pointer.dropFirst().replacing("/", with: ".")),
                    reason: fault.detail, source: "api_config.json")
            }
        } catch let error as JSONError {
            faults.append(
                ConfigurationFault(
                    key: "apis", reason: "line \(error.line), column \(error.column): \(error.reason)",
                    source: "api_config.json"))
        } catch {
            faults.append(ConfigurationFault(key: "apis", reason: "\(path) cannot be read: \(error)"))
        }
    }
}

extension JSON {
    /// The document on lines of their own, as a person edits it.
    fileprivate var indented: String { lines(0) }

    private func lines(_ depth: Int) -> String {
        guard let object, !object.isEmpty, depth < 3 else { return serialized }
        let inner = String(repeating: "  ", count: depth + 1)
        let members = object.members.map {
            "\(inner)\(JSON.string($0.key).serialized): \($0.value.lines(depth + 1))"
        }
        return "{\n" + members.joined(separator: ",\n") + "\n" + String(repeating: "  ", count: depth) + "}"
    }
}
