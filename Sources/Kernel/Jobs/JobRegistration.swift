package import Database

/// Collects what the runtime works with, while it is made: kinds of jobs, what else becomes due by itself, who is asked
/// about events, and what the modules above keep there.
package struct JobRegistration {
    package let database: Database
    var kinds = JobKinds()
    var dueSources: [any DueSource] = [JobTimers()]
    var eventConsumers: [any EventConsumer] = []
    var failureConsumers: [any FailureConsumer] = []
    private var drafts: [any PartDraft] = []

    init(_ database: Database) { self.database = database }

    package mutating func add(_ handler: some JobKind) { kinds.register(handler) }
    package mutating func add(_ source: some DueSource) { dueSources.append(source) }
    package mutating func add(_ consumer: some EventConsumer) { eventConsumers.append(consumer) }
    package mutating func add(_ consumer: some FailureConsumer) { failureConsumers.append(consumer) }

    // MARK: Parts

    /// Begins a part of the runtime, to which modules add until all have registered.
    package mutating func begin<Draft: PartDraft>(_ draft: Draft) {
        precondition(!drafts.contains { $0 is Draft }, "\(Draft.self) was begun already")
        drafts.append(draft)
    }

    /// The draft of a part that has begun, with everything registered for it so far.
    package subscript<Draft: PartDraft>(_ type: Draft.Type) -> Draft {
        get {
            for case let draft as Draft in drafts { return draft }
            preconditionFailure("\(type) must begin before anything is registered for it")
        }
        set {
            guard let place = drafts.firstIndex(where: { $0 is Draft }) else {
                preconditionFailure("\(type) must begin before anything is registered for it")
            }
            drafts[place] = newValue
        }
    }

    /// Makes the parts, once everything else has registered.
    mutating func finishParts() -> [any RuntimePart] {
        let types = drafts.map { type(of: $0) }
        var parts: [any RuntimePart] = []
        for type in types { parts.append(type.finish(&self)) }
        return parts
    }
}

/// A part of the runtime in the making.
package protocol PartDraft: Sendable {
    /// Registers what serves the others' registrations, and makes the part of them.
    static func finish(_ registration: inout JobRegistration) -> any RuntimePart
}
