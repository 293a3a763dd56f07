internal import Agents
package import Database
internal import JSON
package import Nouns
package import People
package import Records
internal import Telemetry

/// Touches one after the other, to everybody who is enrolled: one row of `sequences`. Whoever is under way stays with
/// the version that they began with (`SequencePlan`).
package struct MessageSequence: ManagedRecord {
    package enum Kind: String, Choice {
        case outreach, nurture, onboarding, other
        case followUp = "follow_up"
    }
    package enum Status: String, Choice { case active, paused, archived }
    /// The consequence for a contact to whom a step cannot be sent.
    package enum Failure: String, Choice {
        case exit
        case goOn = "continue"
    }

    package var head = Head<MessageSequence>()
    package var name = ""
    package var kind = Kind.outreach
    package var purpose = Purpose.marketing
    package var steps = Parts<SequenceStep>()
    package var exitOn: [String] = ExitReason.standard.map(\.rawValue)
    package var pauseOn: [String] = []
    package var onFailure = Failure.exit
    package var status = Status.active
    package var revision = 0
    package var clientID: ClientID?
    /// The name by which an agent knows a seeded sequence; `nil` for all others.
    package var key: String?

    package init() {}

    package static let idPrefix = "seq", noun = "sequence"
    package static let resource = Resource<MessageSequence>(
        "sequences", named: "Sequence", rule: .client(orAgency: true),
        console: ConsoleForm(
            columns: ["kind", "status", "updated_at"],
            form: ["name", "kind", "steps"],
            filters: ["status", "kind"]),
        [
            .text(
                "name", \.name, max: 200, .required, .filterable, .sortable, .searchable,
                .about("The name of the sequence.")),
            .choice("kind", \.kind, .standard("outreach"), .filterable, .about("The kind of sequence.")),
            .choice(
                "purpose", \.purpose, .standard("marketing"),
                .about("The purpose of the messages; people who are not clients can get marketing only.")),
            .parts("steps", \.steps, max: 50, .required),
            .texts(
                "exit_on", \.exitOn, max: 10, length: 40,
                .standard(JSON(ExitReason.standard.map(\.rawValue))),
                .about(
                    "The events that end an enrolment: reply, unsubscribe, bounce, meeting, deal_stage; unsubscribing and bounces always do."
                )),
            .texts(
                "pause_on", \.pauseOn, max: 10, length: 40,
                .about("The events that pause the enrolment for a person instead of ending it.")),
            .choice(
                "on_failure", \.onFailure, .standard("exit"),
                .about("The action when a message of the sequence fails or is cancelled.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the sequence is active, paused or archived.")),
            .integer(
                "revision", \.revision, in: 0...1_000_000, .readOnly,
                .about("The version of the steps and rules; those who are enrolled stay with theirs.")),
            .id("client_id", \.clientID, .filterable),
            .text(
                "key", \.key, max: 40, .readOnly, .filterable, .added(in: 955), .example("new_lead"),
                .about("The name by which an agent knows a sequence that came with the agency.")),
        ])

    package mutating func prepare(
        replacing old: MessageSequence?, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        if steps.list.isEmpty { faults.add("/steps", "required", "steps must have at least one entry.") }
        check("exit_on", exitOn, &faults)
        check("pause_on", pauseOn, &faults)
        if purpose == .transactional, kind == .outreach || kind == .nurture {
            faults.add("/purpose", "invalid_choice", "purpose must be marketing for outreach and nurture.")
        }
        nameSteps(&faults)
        for (index, step) in steps.list.enumerated() {
            try step.checkText(at: "/steps/\(index)", &faults)
        }
        try checkConditions(replacing: old, &faults, in: tx)
        try faults.throwIfAny()
        if old?.definition != definition { revision = (old?.revision ?? 0) + 1 }
    }

    private func check(_ name: String, _ reasons: [String], _ faults: inout Faults) {
        for (index, reason) in reasons.enumerated()
        where !ExitReason.standard.contains(where: { $0.rawValue == reason }) {
            faults.add(
                "/\(name)/\(index)", "invalid_choice", "\(name) must name events that end a sequence.",
                choices: ExitReason.standard.map(\.rawValue))
        }
    }

    /// Each step has a name of its own, by which it is found again in later versions.
    private mutating func nameSteps(_ faults: inout Faults) {
        var taken: Set<String> = []
        for (index, step) in steps.list.enumerated() {
            guard let id = step.id else { continue }
            if !id.isCustomKey {
                faults.add(
                    "/steps/\(index)/id", "invalid_key",
                    "The step's id must be a short name of letters and digits.")
            }
            if !taken.insert(id).inserted {
                faults.add(
                    "/steps/\(index)/id", "already_exists",
                    "The step's id is taken: give each step an id of its own.")
            }
        }
        var next = 1
        for index in steps.list.indices where steps.list[index].id == nil {
            while !taken.insert("s\(next)").inserted { next += 1 }
            steps.list[index].id = "s\(next)"
        }
    }

    package func saved(replacing old: MessageSequence?, by actor: Actor, in tx: Transaction) throws {
        guard old?.revision != revision else { return }
        try tx.run(
            """
            INSERT INTO sequence_versions (tenant_id, sequence_id, number, definition, created_at)
            VALUES (\(tx.tenant), \(id), \(revision), \(definition.serialized), \(tx.now))
            """)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        let isUsed = try tx.exists(
            """
            SELECT 1 FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND sequence_id = \(id) AND status IN ('active', 'paused')
            """)
        if isUsed { throw Problem(.conflict, "The sequence has contacts in it: archive it instead.") }
    }

    /// All that an enrolment stays with.
    private var definition: JSON {
        [
            "steps": steps.json, "exit_on": JSON(exitOn), "pause_on": JSON(pauseOn),
            "on_failure": .string(onFailure.rawValue), "purpose": .string(purpose.rawValue),
        ]
    }
}

/// A sequence as it was when somebody began with it.
package struct SequencePlan: Sendable {
    package var steps: [SequenceStep]
    package let exitOn: Set<ExitReason>, pauseOn: Set<ExitReason>
    package let onFailure: MessageSequence.Failure
    package let purpose: Purpose
    /// The hour of the day at which whoever is enrolled likes to be written to, the day of the week that they have
    /// asked for (1 is Monday), and whether all messages keep to these.
    var hour: Int?, weekday: Int?, keepsHour = false

    /// When a step is due.
    func timing(of step: SequenceStep) -> StepTiming {
        var timing = step.timing
        guard step.channel == .preferred || keepsHour && step.channel != .task else { return timing }
        timing.hour = hour
        if let weekday, timing.weekdays.isEmpty || timing.weekdays.contains(weekday) {
            timing.weekdays = [weekday]
        }
        return timing
    }

    init(_ definition: JSON) {
        func reasons(_ name: String) -> Set<ExitReason> {
            Set((definition[name]?.array ?? []).compactMap { $0.text.flatMap(ExitReason.init(rawValue:)) })
        }
        steps = (definition["steps"]?.array ?? []).compactMap(SequenceStep.init(json:))
        (exitOn, pauseOn) = (reasons("exit_on"), reasons("pause_on"))
        onFailure = definition["on_failure"]?.text.flatMap(MessageSequence.Failure.init(rawValue:)) ?? .exit
        purpose = definition["purpose"]?.text.flatMap(Purpose.init(rawValue:)) ?? .marketing
    }
}

extension SequenceStore {
    /// Returns the plan that was in force under a revision.
    package func plan(of sequence: ID<MessageSequence>, revision: Int) throws -> SequencePlan {
        let text = try tx.first(
            """
            SELECT definition FROM sequence_versions
            WHERE tenant_id = \(tx.tenant) AND sequence_id = \(sequence) AND number = \(revision)
            """
        ) { $0.text(0) }
        return text.map { readPlans.value(of: $0) { SequencePlan(JSON(stored: $0)) } } ?? SequencePlan(.null)
    }
}

private let readPlans = ReadTexts<SequencePlan>()
