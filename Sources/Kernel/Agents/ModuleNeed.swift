internal import Synchronization

/// An answer that a module needs from another one, which it does not see. The start checks that every need is met
/// (`Composition`, `TenantQuestions.requireAnswers`), so that a caller never comes upon one that is not.
@propertyWrapper
package struct ModuleNeed<Value: Sendable>: Sendable {
    private let need: Need
    private var value: Value?

    /// `name` and `purpose` are for who puts modules together: `the lead of a contact`, for `templates`.
    package init(_ name: StaticString, for purpose: StaticString) {
        need = Need(name, purpose)
        Need.asked?.add(need)
    }

    package var wrappedValue: Value {
        get {
            guard let value else {
                preconditionFailure("nobody answers a need: \(need.name), for \(need.purpose)")
            }
            return value
        }
        set {
            value = newValue
            need.meet()
        }
    }
}

/// A need of a module, without the type of its answer.
package final class Need: Sendable {
    package let name: StaticString
    package let purpose: StaticString
    private let met = Atomic(false)

    /// Takes the needs of questions as they are made. To find them in a struct by reflection would search all
    /// conformances of the program for each, at every start.
    @TaskLocal package static var asked: NeedList?

    init(_ name: StaticString, _ purpose: StaticString) { (self.name, self.purpose) = (name, purpose) }

    var isMet: Bool { met.load(ordering: .relaxed) }

    func meet() { met.store(true, ordering: .relaxed) }
}

/// The needs of one module's questions.
package final class NeedList: Sendable {
    private let needs = Mutex<[Need]>([])

    package init() {}

    func add(_ need: Need) { needs.withLock { $0.append(need) } }

    /// The needs that nothing has met.
    package var unmet: [Need] { needs.withLock { $0 }.filter { !$0.isMet } }
}

/// The needs that no module meets; a product that has any is not started.
package struct UnmetNeeds: Error, CustomStringConvertible {
    package let needs: [String]

    package init(_ needs: [String]) { self.needs = needs }

    package var description: String {
        "no module answers what others need:\n  " + needs.joined(separator: "\n  ")
    }

    package var remedy: String {
        "Put a module that answers it into the list of modules, or take the one that needs it off the list."
    }
}
