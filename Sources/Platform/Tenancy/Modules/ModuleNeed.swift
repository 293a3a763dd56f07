/// An answer that a module needs from another one, which it does not see. The start checks that every need is met
/// (`Composition`), so that a caller never comes upon one that is not.
@propertyWrapper
package struct ModuleNeed<Value: Sendable>: Sendable {
    private var need: Need
    private var value: Value?

    /// `name` and `purpose` are for who puts modules together: `the lead of a contact`, for `templates`.
    package init(_ name: StaticString, for purpose: StaticString) {
        need = Need(name: name, purpose: purpose)
    }

    package var wrappedValue: Value {
        get {
            guard let value else {
                preconditionFailure("nobody answers a need: \(need.name), for \(need.purpose)")
            }
            return value
        }
        set { (value, need.isMet) = (newValue, true) }
    }
}

/// A need of a module, without the type of its answer.
struct Need: Sendable {
    let name: StaticString
    let purpose: StaticString
    var isMet = false
}

/// A module's questions to others: a struct whose every member is a `ModuleNeed`.
package protocol Asking: Sendable {
    init()
}

extension Asking {
    /// The needs that nothing has met.
    var unmet: [Need] {
        // A cast of each need to a protocol would search all conformances of the program, at every start.
        Mirror(reflecting: self).children
            .compactMap { Mirror(reflecting: $0.value).children.first?.value as? Need }
            .filter { !$0.isMet }
    }
}

/// A module's answer to another one that asks.
package struct ModuleAnswer: Sendable {
    /// The module that answers, where another one has to speak for it; `nil`: the one that registers it.
    package let speaker: String?
    let give: @Sendable (inout any Asking) -> Void

    /// `speaker`: answers between modules that do not see each other count only where that module is there.
    package init<Questions: Asking>(
        for speaker: String? = nil, to questions: Questions.Type,
        _ answer: @escaping @Sendable (inout Questions) -> Void
    ) {
        self.speaker = speaker
        give = { asking in
            guard var asked = asking as? Questions else { return }
            answer(&asked)
            asking = asked
        }
    }
}
