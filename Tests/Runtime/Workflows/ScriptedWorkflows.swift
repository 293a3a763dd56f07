import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import RuntimeTesting
@testable import Workflows

/// A workflow whose body is a closure of the test.
struct Scripted: Workflow {
    static let name = "scripted"
    static let events = ["lead.replied"]
    let body: @Sendable (String, Flow) async throws -> String

    init(_ body: @escaping @Sendable (String, Flow) async throws -> String) { self.body = body }

    func run(_ input: String, _ flow: Flow) async throws -> String { try await body(input, flow) }
}

/// The workflow with other code.
struct ScriptedNext: Workflow {
    static let name = "scripted", version = 2
    let body: @Sendable (String, Flow) async throws -> String
    func run(_ input: String, _ flow: Flow) async throws -> String { try await body(input, flow) }
}

struct Doubling: Workflow {
    static let name = "doubling"
    func run(_ input: Int, _ flow: Flow) async throws -> Int {
        try await flow.sleep(for: .seconds(60))
        return try await flow.step("double") { _ in input * 2 }
    }
}

extension TestRuntime {
    func startRun(_ input: String = "a") async throws -> WorkflowRun {
        try await write { try $0.workflows.start(Scripted.self, input, by: .system) }
    }

    func run(_ id: WorkflowRunID) throws -> WorkflowRun {
        try #require(try read { try $0.workflows.run(id) })
    }

    func history(_ id: WorkflowRunID) throws -> [String] {
        try read { try $0.workflowJournal.steps(of: id) }.map { "\($0.name) \($0.status.rawValue)" }
    }

    /// Works until `count` stretches of work have ended since the start.
    func settle(_ count: Int) async { await settled.values(count) }
}

let day = Duration.seconds(86_400)
