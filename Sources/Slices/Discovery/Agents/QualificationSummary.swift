internal import Agents
internal import Intelligence
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry

/// A few sentences about a qualified lead, by a model. They explain; what was decided is the rules' alone.
struct QualificationSummary: Sendable {
    let text: String
    /// Which model, by which prompt.
    let source: JSON

    private static let lengthMax = 1000
    static let schema: JSON = [
        "type": "object", "properties": ["summary": ["type": "string"]], "required": ["summary"],
        "additionalProperties": false,
    ]

    /// `nil` when the model had nothing to say.
    init?(_ word: ModelReply) {
        let text = word.document["summary"]?.text ?? ""
        // One line of text, and nothing that steers a terminal.
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        let plain = words.unicodeScalars.filter { $0.properties.generalCategory != .control }
        guard !plain.isEmpty else { return nil }
        (self.text, source) = (String(String.UnicodeScalarView(plain).prefix(Self.lengthMax)), word.source)
    }

    /// Among the inputs it is what a replay takes: no model is asked again.
    func complete(_ conclusion: inout Conclusion) {
        conclusion.outcome = conclusion.outcome.merging(["summary": .string(text)])
        conclusion.inputs = conclusion.inputs.merging(["summary": .string(text)])
        conclusion.model = conclusion.model.merging(["writer": source])
    }
}

/// The summaries of one run, by what each lead was judged on: facts that change meanwhile have none.
final class QualificationSummaries: Sendable {
    /// More leads of a run do without, so that a large import neither costs nor lasts without end.
    static let perRunMax = 50
    private static let timeMax: Duration = .seconds(600)

    private struct State {
        var summaries: [String: QualificationSummary] = [:]
        var asked = 0
        /// The failures in a row: a single lead may get no answer; a second in a row means that the model gives none.
        var failures = 0
        var isOver = false
    }

    private let run: AgentRun
    private let start: Instant
    private let state = Mutex(State())

    init(_ run: AgentRun) { (self.run, start) = (run, run.now) }

    subscript(digest: String) -> QualificationSummary? { state.withLock { $0.summaries[digest] } }

    var areWanted: Bool {
        let isOpen = state.withLock { !$0.isOver && $0.asked < Self.perRunMax }
        return isOpen && run.now - start < Self.timeMax
    }

    /// Asks a model for the summary of a qualification. The record's content counts as written outside, as far as
    /// anybody knows.
    func ask(about lead: Lead, _ finding: Qualification, _ digest: String) async throws {
        state.withLock { $0.asked += 1 }
        let criteria = finding.outcome["criteria"] ?? []
        var question = ModelQuestion(
            qualificationSummaryPrompt,
            [
                "result": .ours(finding.result.rawValue),
                "lead": .outside(OutsideText(lead.scoringInput.json.serialized, from: "lead")),
                "criteria": .outside(OutsideText(criteria.serialized, from: "criteria")),
            ], answering: QualificationSummary.schema)
        question.tokensMax = 300
        switch try await run.ask(question, effect: "summary/\(lead.id)", about: lead.subject) {
        case .answered(let word):
            state.withLock { ($0.summaries[digest], $0.failures) = (QualificationSummary(word), 0) }
        case .awaitsApproval: break
        case .local(let code):
            state.withLock { state in
                state.failures += 1
                state.isOver = state.failures == 2 || ["no_model", "budget_exhausted"].contains(code)
            }
        }
    }
}
