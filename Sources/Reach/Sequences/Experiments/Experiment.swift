internal import Agents
package import Database
package import JSON
package import Messages
package import Nouns
internal import People
package import Records
package import Telemetry

/// Variants of a step's words or timing, or of a price or a package, tried on people side by side, or of a film's title
/// or thumbnail, tried day by day: one row of `experiments`.
/// Chance gives each person, or each day, a variant for good. Its results may be looked at at any time, as its test is
/// sequential (`SequentialTest`).
package struct Experiment: ManagedRecord {
    package enum Kind: String, Choice {
        case sequenceStep = "sequence_step"
        case price, package
        case filmTitle = "film_title"
        case filmThumbnail = "film_thumbnail"

        /// Whether its variants have days, and not people.
        package var isOfFilm: Bool { self == .filmTitle || self == .filmThumbnail }
    }
    package enum Goal: String, Choice {
        case replied, positive, converted
        case views
        case watchTime = "watch_time"

        /// Whether it is told of a film.
        var isOfFilm: Bool { self == .views || self == .watchTime }
    }
    package enum Status: String, Choice { case running, concluded, applied, stopped }
    package enum Course: String, Choice { case automatic, propose }

    package var head = Head<Experiment>()
    package var name = ""
    package var kind = Kind.sequenceStep
    package var sequenceID: ID<MessageSequence>?
    package var stepID: String?
    package var target: String?
    package var goal = Goal.replied
    package var variants = Parts<ExperimentVariant>()
    package var subjectsMin = 50
    package var course = Course.propose
    package var status = Status.running
    package var result = JSON.null
    package var concludedAt: Instant?
    package var segmentID: SegmentID?

    package init() {}

    package static let idPrefix = "xpt", noun = "experiment"
    package static let resource = Resource<Experiment>(
        "experiments", named: "Experiment",
        [
            .text("name", \.name, max: 200, .required, .searchable),
            .choice(
                "kind", \.kind, .standard("sequence_step"), .writeOnce, .filterable,
                .about(
                    "The subject of the comparison: steps of a sequence, prices, packages, or titles or thumbnails of a film."
                )),
            .id("sequence_id", \.sequenceID, .writeOnce, .filterable),
            .text("step_id", \.stepID, max: 40, .writeOnce, .about("The id of a step of the sequence.")),
            .text(
                "target", \.target, max: 100, .writeOnce, .filterable,
                .about(
                    "The package whose price is tried, or for which others are tried; or the post of the film whose "
                        + "title or thumbnail is tried.")),
            .choice(
                "goal", \.goal, .standard("replied"), .writeOnce,
                .about(
                    "The measure of success: an answer, one that shows interest, or a proposal accepted; of films, "
                        + "views or the time for which they are watched.")),
            .parts(
                "variants", \.variants, max: 6, .required, .writeOnce,
                .about("The variants; the others are compared with the first.")),
            .integer(
                "subjects_min", \.subjectsMin, in: 20...1_000_000, .standard(50), .writeOnce,
                .about(
                    "How many people each variant must reach, or how often a film must be viewed with it, before a "
                        + "winner is chosen.")),
            .choice(
                "apply", \.course, .standard("propose"),
                .about("Whether the winner is applied automatically, or waits for a person.")),
            .choice("status", \.status, .readOnly, .filterable),
            .document(
                "result", \.result, .readOnly, .about("The result of the experiment, once it is concluded.")),
            .instant("concluded_at", \.concludedAt, .readOnly),
            .id(
                "segment_id", \.segmentID, .writeOnce, .filterable, .added(in: 1071),
                .about(
                    "The segment whose people take part; others get the first variant and are not counted. Null: everybody."
                )),
        ])

    package mutating func prepare(replacing old: Experiment?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        var faults = Faults()
        let names = Set(variants.list.map(\.name))
        if variants.list.count < 2 {
            faults.add("/variants", "out_of_range", "variants must have at least two entries.")
        }
        if names.count < variants.list.count {
            faults.add(
                "/variants", "already_exists", "variants must have names of their own: two have the same.")
        }
        if goal.isOfFilm != kind.isOfFilm {
            let goals = Goal.allCases.filter { $0.isOfFilm == kind.isOfFilm }.map(\.rawValue)
            faults.add(
                "/goal", "invalid_choice", "goal must be one of \(goals.joined(separator: ", ")).",
                choices: goals)
        }
        switch kind {
        case .sequenceStep: try checkStep(&faults, tx)
        case .filmTitle, .filmThumbnail:
            if segmentID != nil {
                faults.add(
                    "/segment_id", "conflict", "Whoever sees a film sees it: leave segment_id out.")
            }
            if try tx.experiments.running(onFilm: target ?? "") != nil {
                throw Problem(
                    .conflict, "Another experiment is already running with this film: stop it first.")
            }
        case .price, .package:
            if try tx.experiments.running(kind, target: target) != nil {
                throw Problem(
                    .conflict, "Another experiment is already running with this target: stop it first.")
            }
        }
        try faults.throwIfAny()
    }

    private func checkStep(_ faults: inout Faults, _ tx: Transaction) throws {
        guard let sequenceID else {
            return faults.add("/sequence_id", "required", "sequence_id is required: name the sequence.")
        }
        guard let sequence = try MessageSequence.resource.find(sequenceID, in: tx) else { return }
        guard sequence.steps.list.contains(where: { $0.id == stepID && $0.channel != .task }) else {
            return faults.add(
                "/step_id", "unknown_reference", "step_id must name a message of the sequence.",
                choices: sequence.steps.list.compactMap(\.id))
        }
        for (index, variant) in variants.list.enumerated() {
            if variant.templateID == nil, index > 0, variant.timing == nil {
                faults.add(
                    "/variants/\(index)/template_id", "required",
                    "The variant must change something: give it a template_id or a timing.")
            }
        }
        if try tx.experiments.running(sequenceID, step: stepID ?? "") != nil {
            throw Problem(.conflict, "Another experiment is already running with this step: stop it first.")
        }
    }

    /// The variant that has won.
    package var winner: ExperimentVariant? {
        variants.list.first { $0.name == result["winner"]?.text }
    }

    /// Whether who takes part is due at another time than others.
    var variesTiming: Bool { kind == .sequenceStep && variants.list.contains { $0.timing != nil } }

    /// Returns the variant of a contact who takes part: always the same one for the same contact.
    package func variant(for contact: ContactID) -> ExperimentVariant {
        variants.list[
            StableChoice.place(of: contact, seed: id, weights: variants.list.map(\.weight))]
    }
}

package struct ExperimentVariant: Part {
    package var name = ""
    package var weight = 1
    package var templateID: ID<MessageTemplate>?
    package var delay: String?
    package var weekdays: [String] = []
    package var window: DayWindow?
    package var value = JSON.null

    package init() {}

    package var faults: [Fault] { timing?.timingFaults ?? [] }

    package static let schema = Schema<ExperimentVariant>(
        "ExperimentVariant",
        [
            .text("name", \.name, max: 64, .required),
            .integer("weight", \.weight, in: 1...1000, .standard(1)),
            .id(
                "template_id", \.templateID,
                .about(
                    "For a step: the template with subject and body; the step's own by default.")),
            .text(
                "delay", \.delay, max: 40, .about("For a step: how long after the one before it."),
                .example("P2D")),
            .texts(
                "weekdays", \.weekdays, max: 7, length: 3,
                .about("For a step: the days on which it is sent, mon to sun.")),
            .part(
                "window", \.window,
                .about(
                    "For a step: the hours in which it is sent, where the contact is.")),
            .document(
                "value", \.value, schema: [:],
                .about(
                    "For a price: an amount with its currency. For a package: the id of the package that is offered. "
                        + "For a film: the title, or the id of the file of the thumbnail."
                )),
        ])
}

extension ExperimentVariant {
    /// When its step is due, where it says anything of that; what it leaves out is the step's own.
    fileprivate var timing: SequenceStep? {
        guard delay != nil || !weekdays.isEmpty || window != nil else { return nil }
        return timed(SequenceStep())
    }

    fileprivate func timed(_ step: SequenceStep) -> SequenceStep {
        var timed = step
        if let delay { timed.delay = delay }
        if !weekdays.isEmpty { timed.weekdays = weekdays }
        if let window { timed.window = window }
        return timed
    }

    /// A step as it is for those of this variant.
    func applied(to step: SequenceStep) -> SequenceStep {
        var varied = timed(step)
        if let templateID { (varied.templateID, varied.variants) = (templateID, Parts()) }
        return varied
    }
}

extension ExperimentStore {
    package func running(_ sequence: ID<MessageSequence>, step: String) throws -> Experiment? {
        try Experiment.resource.first(
            where: "sequence_id = \(sequence) AND step_id = \(step) AND status = 'running'", in: tx)
    }

    func running(of sequence: ID<MessageSequence>) throws -> [Experiment] {
        try Experiment.resource.all(
            where: "sequence_id = \(sequence) AND status = 'running'", suffix: "ORDER BY row", in: tx)
    }

    /// Returns the experiment that tries something of a film.
    package func running(onFilm post: some Key) throws -> Experiment? {
        try Experiment.resource.first(
            where: """
                kind IN ('film_title', 'film_thumbnail') AND target = \(post.keyText) AND status = 'running'
                """, suffix: "ORDER BY row LIMIT 1", in: tx)
    }

    /// Returns the latest experiment on a target whose winner is in force.
    package func won(_ kind: Experiment.Kind, target: String) throws -> Experiment? {
        try Experiment.resource.first(
            where: "kind = \(kind.rawValue) AND target = \(target) AND status = 'applied'",
            suffix: "ORDER BY concluded_at DESC, row DESC LIMIT 1", in: tx)
    }

    package func running(_ kind: Experiment.Kind, target: String?) throws -> Experiment? {
        try Experiment.resource.first(
            where: "kind = \(kind.rawValue) AND target = \(target ?? "") AND status = 'running'",
            suffix: "ORDER BY row LIMIT 1", in: tx)
    }
}
