internal import Database
internal import JSON
package import Messages
package import Nouns
internal import People
package import Records
internal import Telemetry

/// One touch of a sequence: a message that is sent, or a task that a person does.
package struct SequenceStep: Part {
    package enum Kind: String, Choice {
        case email, whatsapp, messenger, instagram, telegram, sms, task
        /// Where the contact answers best; by mail while that is not known.
        case preferred

        /// The channel of its messages; `nil` where there are none, or each contact has their own.
        var channel: Channel? { Channel(rawValue: rawValue) }
    }
    package enum Weekday: String, Choice {
        case mon, tue, wed, thu, fri, sat, sun

        var number: Int { Self.allCases.firstIndex(of: self)! + 1 }
    }

    package var id: String?
    package var channel = Kind.email
    package var delay = "PT0S"
    package var weekdays: [String] = []
    package var window: DayWindow?
    package var templateID: ID<MessageTemplate>?
    package var variants = Parts<StepVariant>()
    package var condition: StepCondition?
    package var title: String?
    package var text: String?

    package init() {}

    package static let schema = Schema<SequenceStep>(
        "SequenceStep",
        [
            .text(
                "id", \.id, max: 40,
                .about(
                    "The id of the step in later versions; made up where it is left out.")),
            .choice(
                "channel", \.channel, .standard("email"),
                .about(
                    "The channel of the message; preferred: where the contact answers best; task: for a person."
                )),
            .text(
                "delay", \.delay, max: 40, .standard("PT0S"),
                .about("How long after the step before; whole days are days of the contact's calendar."),
                .example("P3D")),
            .texts(
                "weekdays", \.weekdays, max: 7, length: 3,
                .about("The days on which the step is sent, mon to sun, where the contact is.")),
            .part("window", \.window, .about("The hours in which the step is sent, where the contact is.")),
            .id("template_id", \.templateID),
            .parts("variants", \.variants, max: 10, .about("Several templates, spread by weight.")),
            .part(
                "condition", \.condition,
                .about("The condition under which the step is taken; otherwise it is skipped.")),
            .text("title", \.title, max: 300, .about("For a task: what is to be done.")),
            .text(
                "text", \.text, max: 20_000,
                .about("The text of a task, with placeholders {{ … }} as in templates.")),
        ])

    package var faults: [Fault] {
        var faults = timingFaults
        switch channel {
        case .task:
            if title == nil {
                faults.append(
                    Fault("/title", "required", "title is required for a task: say what is to be done."))
            }
        default:
            if templateID == nil, variants.list.isEmpty {
                faults.append(Fault("/template_id", "required", "template_id is required for a message."))
            }
            if templateID != nil, !variants.list.isEmpty {
                faults.append(
                    Fault("/variants", "conflict", "The step may have template_id or variants, not both."))
            }
        }
        return faults
    }

    var timingFaults: [Fault] {
        var faults: [Fault] = []
        if Duration(iso8601: delay) == nil {
            faults.append(Fault("/delay", "wrong_type", "delay must be a duration such as P3D."))
        }
        for (index, day) in weekdays.enumerated() where Weekday(rawValue: day) == nil {
            faults.append(
                Fault(
                    "/weekdays/\(index)", "invalid_choice", "Each day must be one of mon to sun.",
                    choices: Weekday.choices))
        }
        return faults
    }

    package var timing: StepTiming {
        StepTiming(
            delay: Duration(iso8601: delay) ?? .zero,
            weekdays: Set(weekdays.compactMap { Weekday(rawValue: $0)?.number }), window: window)
    }

    /// The name of the step in answers.
    var name: String { id ?? "" }

    /// Has the step taken for leads in a stage of the lifecycle alone.
    package mutating func limit(to stage: String) {
        var condition = StepCondition()
        (condition.field, condition.value) = (StepCondition.stageField, .string(stage))
        self.condition = condition
    }

    /// Returns whether the step may be taken for leads in a stage of the lifecycle.
    package func isMeant(for stage: String) -> Bool {
        guard let condition, condition.isOfStage else { return true }
        return condition.holds(lead: [StepCondition.stageField: .string(stage)], previousMail: nil)
    }

    /// The template that a person gets: the same one however often it is asked.
    package func template(
        for contact: ContactID, of sequence: ID<MessageSequence>
    ) -> ID<MessageTemplate>? {
        guard !variants.list.isEmpty else { return templateID }
        let place = StableChoice.place(
            of: contact, seed: "\(sequence) \(name)", weights: variants.list.map(\.weight))
        return variants.list[place].templateID
    }
}

/// One of several templates of a step.
package struct StepVariant: Part {
    package var templateID = ID<MessageTemplate>.unset
    package var weight = 1

    package init() {}

    package static let schema = Schema<StepVariant>(
        "StepVariant",
        [
            .id("template_id", \.templateID, .required),
            .integer("weight", \.weight, in: 1...1000, .standard(1)),
        ])
}
