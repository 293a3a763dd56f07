internal import Agents
internal import Database
internal import JSON
package import Jobs
internal import Records

/// A durable process as an ordinary function. It may end and begin again at any time, on any machine: after a
/// crash or a month of sleep `run` is called again from the top, and what `flow` has recorded is not done twice but
/// returned. So the body must come to the same calls of `flow` whenever it gets the same answers: time and chance
/// come from `flow`, effects happen in steps, and nothing but `flow` is awaited.
package protocol Workflow<Input, Output>: Sendable {
    associatedtype Input: Codable & Sendable
    associatedtype Output: Codable & Sendable

    /// Stored in the rows of runs: never renamed.
    static var name: String { get }
    /// A run stays with the version it began with. A body that changes its calls of `flow` gets the next version,
    /// and the type of the old one stays registered until its runs have ended.
    static var version: Int { get }
    /// The types of events that `flow.event` may wait for.
    static var events: [String] { get }

    func run(_ input: Input, _ flow: Flow) async throws -> Output
}

extension Workflow {
    package static var version: Int { 1 }
    package static var events: [String] { [] }
}

/// The result of a run that has nothing to give.
package struct Nothing: Codable, Hashable, Sendable {
    package init() {}
}

/// The workflows that this process can run, in every version that runs may still be at.
struct WorkflowRegistry: Sendable {
    struct Key: Hashable, Sendable { let name: String, version: Int }

    struct Entry: Sendable {
        let key: Key
        /// Runs the body on the run's input; its output, as JSON text.
        let run: @Sendable (_ input: String, Flow) async throws -> String
    }

    private var entries: [Key: Entry] = [:]
    private var newest: [String: Int] = [:]
    private(set) var events: Set = [TenantQuestions.brakeReleased]

    mutating func register<W: Workflow>(_ workflow: W) {
        let key = Key(name: W.name, version: W.version)
        precondition(entries[key] == nil, "two workflows are called \(key.name), version \(key.version)")
        newest[key.name] = max(newest[key.name] ?? 0, key.version)
        events.formUnion(W.events)
        entries[key] = Entry(key: key) { input, flow in
            let input = try decodePayload(W.Input.self, input)
            return try encodePayload(try await workflow.run(input, flow))
        }
    }

    /// Workflows that are data run on one walker.
    init() {
        let key = Key(name: GraphRun.name, version: GraphRun.codeVersion)
        entries[key] = Entry(key: key, run: GraphRun.run)
        newest[key.name] = key.version
    }

    subscript(name: String, version: Int) -> Entry? { entries[Key(name: name, version: version)] }

    func newestVersion(of name: String) -> Int? { newest[name] }
}

/// The error with which a run's body is left before its end: not an error of the workflow's. A body must let it
/// through.
package struct FlowDeparture: Error, Sendable {}

/// A step has failed for good, after its attempts.
package struct StepFailed: Error, Hashable, Sendable {
    package let step: String
    package let failure: JobFailure
}

extension StepFailed: JobFailing {
    /// The step has had its attempts: the run is not tried again for it.
    package var jobFailure: JobFailure { .terminal(failure.code, failure.detail) }
}

/// The run is to end as cancelled: a person has cancelled it, or refused what it asked for.
package struct FlowCancelled: Error, Hashable, Sendable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
