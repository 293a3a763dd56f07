internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry

/// A field that an agency added to leads, contacts or companies. One that is used without having been
/// declared is declared by its first value.
package struct CustomField: ManagedRecord {
    package enum Target: String, Choice { case lead, contact, company }
    package enum Kind: String, Choice { case text, number, boolean, choice }

    package var head = Head<CustomField>()
    package var resourceName = Target.lead
    package var key = ""
    package var type = Kind.text
    package var label: String?
    package var choices: [String] = []

    package init() {}

    package static let idPrefix = "cf", noun = "custom_field"
    package static let resource = Resource<CustomField>(
        "custom_fields", named: "CustomField", rule: .everyone,
        console: ConsoleForm(
            title: "label",
            columns: ["resource", "type", "choices"],
            form: ["resource", "key", "label", "type", "choices"]),
        [
            .choice(
                "resource", \.resourceName, .standard("lead"), .writeOnce, .filterable,
                .about("The resource that has the field: leads, contacts or companies.")),
            .text(
                "key", \.key, max: 64, .required, .writeOnce, .filterable, .example("tier"),
                .about("The key under which records hold the value in custom.")),
            .choice(
                "type", \.type, .standard("text"), .filterable, .about("The type of the field's values.")),
            .text("label", \.label, max: 200),
            .texts(
                "choices", \.choices, max: 500, length: 200,
                .about("The allowed values of a field of the type `choice`.")),
        ])

    package func prepare(replacing old: CustomField?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if !key.isCustomKey {
            faults.add(
                "/key", "invalid_key", "key must have letters, digits, '_', '-' and '.' only, at most 64.")
        }
        if type == .choice, choices.isEmpty {
            faults.add("/choices", "required", "choices is required for a field of choices: name them.")
        }
        try faults.throwIfAny()
        if old == nil, try tx.customFields.find(key, of: resourceName) != nil {
            throw Problem(.alreadyExists, "The field \(key) is already declared: change the one that exists.")
        }
    }

    /// Returns the fault of a value of the field, or `nil` if it is valid.
    package func fault(of value: JSON) -> Fault? {
        let pointer = "/custom/\(key.pointerToken)"
        switch (type, value) {
        case (.text, .string), (.number, .integer), (.number, .number), (.boolean, .bool): return nil
        case (.choice, .string(let text)):
            return choices.contains(text)
                ? nil
                : Fault(
                    pointer, "invalid_choice", "\(key) must be one of \(choices.joined(separator: ", ")).",
                    choices: choices)
        default:
            return Fault(
                pointer, "wrong_type", "\(key) must be of the type \(type.rawValue), as it is declared.")
        }
    }
}

extension CustomField.Kind {
    package init(of value: JSON) {
        self = value.double != nil ? .number : value.flag != nil ? .boolean : .text
    }
}

extension CustomFieldStore {
    package func find(_ key: String, of target: CustomField.Target) throws -> CustomField? {
        try CustomField.resource.first(where: "resource = \(target.rawValue) AND key = \(key)", in: tx)
    }

    package func all(of target: CustomField.Target) throws -> [String: CustomField] {
        let fields = try CustomField.resource.all(where: "resource = \(target.rawValue)", in: tx)
        return Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0) })
    }
}

extension CustomFieldStore where Base == Transaction {
    /// Checks custom values against their declarations and declares those that have none.
    package func declare(
        _ values: JSONObject, for target: CustomField.Target, by actor: Actor
    ) throws {
        var faults = Faults()
        for (key, value) in values.members {
            if let declared = try find(key, of: target) {
                if let fault = declared.fault(of: value) { faults.add(contentsOf: [fault]) }
            } else {
                var field = CustomField.new(id: tx.nextID(), now: tx.now)
                field.resourceName = target
                field.key = key
                field.type = CustomField.Kind(of: value)
                try tx.create(&field, by: actor)
            }
        }
        try faults.throwIfAny()
    }
}
