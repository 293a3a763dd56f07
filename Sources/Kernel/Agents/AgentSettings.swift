package import JSON
package import Jobs
package import Records
package import Wording

/// The settings of an agent that an agency may change, declared like any body: validation, defaults, the form and the
/// documentation follow from their fields. The initial values are those of version 1.
package protocol AgentSettings: Declared {
    /// Adds the faults that the fields alone cannot find; fields with faults of their own are not asked about.
    func check(_ faults: inout Faults)
}

extension AgentSettings {
    package func check(_ faults: inout Faults) {}
}

/// The settings of an agent about which nothing can be set.
package struct NoSettings: AgentSettings {
    package init() {}
    package static let schema = Schema<NoSettings>("NoSettings", [])
}

extension AgentDefinition {
    /// The values of version 1 of the configuration.
    package var defaults: JSON { Settings.schema.json(Settings()) }

    /// The form of the configuration: JSON Schema with each field's meaning, limits and default.
    package var settingsSchema: JSON {
        var schema = Settings.schema.jsonSchema(.whole).object ?? [:]
        let standard = defaults
        let properties = (schema["properties"]?.object ?? [:]).members.map { name, property in
            (name, property.merging(["default": standard[name] ?? .null]))
        }
        schema["properties"] = .object(JSONObject(properties))
        return .object(schema)
    }

    /// Returns the form with its explanations in the reader's words.
    package func settingsSchema(in words: Wording) -> JSON {
        explained(settingsSchema, "", in: words)
    }

    private func explained(_ schema: JSON, _ path: String, in words: Wording) -> JSON {
        guard var object = schema.object else { return schema }
        if object["description"] != nil, let text = words.explanation(of: path, of: name) {
            object["description"] = .string(text)
        }
        for part in ["items", "anyOf", "oneOf"] {
            if let own = object[part]?.array {
                object[part] = .array(own.map { explained($0, path, in: words) })
            } else if let own = object[part] {
                object[part] = explained(own, path, in: words)
            }
        }
        if let properties = object["properties"]?.object {
            object["properties"] = .object(
                JSONObject(
                    properties.members.map { name, own in
                        (name, explained(own, path.isEmpty ? name : "\(path)_\(name)", in: words))
                    }))
        }
        return .object(object)
    }

    /// Reads a whole configuration: every setting with its value, and every fault.
    package func settings(from values: JSON) -> (settings: Settings, faults: [ValueFault]) {
        var settings = Settings(), faults = Faults()
        if let object = values.object {
            Settings.schema.create(&settings, from: object, faults: &faults)
        } else {
            faults.add("", "wrong_type", "The configuration must be an object.")
        }
        if faults.isEmpty { settings.check(&faults) }
        return (settings, faults.list.map(ValueFault.init))
    }

    /// Every fault of a configuration, which is the whole document.
    package func faults(configuration: JSON) -> [ValueFault] { settings(from: configuration).faults }

    /// A configuration that has no faults, with every setting, also those that a later release has added.
    package func completed(_ configuration: JSON) -> JSON {
        Settings.schema.json(settings(from: configuration).settings)
    }

    /// Returns the settings of a run's agency.
    package func settings(of run: AgentRun) -> Settings { settings(from: run.configuration.values).settings }
}

extension ValueFault {
    init(_ fault: Fault) {
        self.init(pointer: fault.pointer, code: fault.code, detail: fault.detail, choices: fault.choices)
    }
}
