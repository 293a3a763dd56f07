package import JSON

/// The values that a pair of records last agreed on, by the agency's names of the fields. Most are the same on both
/// sides, and are kept once.
package struct AgreedFields: Hashable, Sendable {
    private var local: JSONObject
    private var others: JSONObject

    package init() { (local, others) = ([:], [:]) }

    /// Reads what was stored: the agency's values, and the service's that are others.
    package init(local: JSONObject, others: JSONObject) { (self.local, self.others) = (local, others) }

    /// `nil` where nothing was agreed.
    package subscript(field: String) -> AgreedValue? {
        get {
            guard let here = local[field] else { return nil }
            return AgreedValue(local: here, remote: others[field] ?? here)
        }
        set {
            local[field] = newValue?.local
            if let newValue, newValue.remote != newValue.local {
                others[field] = newValue.remote
            } else {
                others.remove(field)
            }
        }
    }

    package var names: [String] { local.keys }
    package var stored: (local: String, others: String?) {
        (JSON.object(local).serialized, others.isEmpty ? nil : JSON.object(others).serialized)
    }
}

extension JSON {
    /// The value in the form in which it comes back from where it is stored: whole numbers are integers.
    package var plain: JSON {
        switch self {
        case .number(let number) where number == number.rounded() && abs(number) < 9e15:
            .integer(Int64(number))
        case .array(let items): .array(items.map(\.plain))
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, $0.value.plain) }))
        case .string(let text) where text.isEmpty: .null
        default: self
        }
    }
}
