internal import Synchronization

/// An answer that a module needs from another one, which it does not see. The start checks that every need is met
/// (`Composition`), so that a caller never comes upon one that is not.
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
final class Need: Sendable {
    let name: StaticString
    let purpose: StaticString
    private let met = Atomic(false)

    /// Takes the needs of questions as they are made. To find them in a struct by reflection would search all
    /// conformances of the program for each, at every start.
    @TaskLocal static var asked: NeedList?

    init(_ name: StaticString, _ purpose: StaticString) { (self.name, self.purpose) = (name, purpose) }

    var isMet: Bool { met.load(ordering: .relaxed) }

    func meet() { met.store(true, ordering: .relaxed) }
}

/// The needs of one module's questions.
final class NeedList: Sendable {
    private let needs = Mutex<[Need]>([])

    func add(_ need: Need) { needs.withLock { $0.append(need) } }

    /// The needs that nothing has met.
    var unmet: [Need] { needs.withLock { $0 }.filter { !$0.isMet } }
}

/// A module's questions to others: a struct whose every member is a `ModuleNeed`.
package protocol Asking: Sendable {
    init()
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
