internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// Something that a step of an onboarding asks for.
package struct OnboardingField: Part {
    package enum Kind: String, Choice { case text, choice, number, date, file }

    package var name = ""
    package var label = ""
    package var kind = Kind.text
    package var isMany = false
    package var choices: [String] = []
    package var least: Double?
    package var most: Double?

    package init() {}
    init(
        _ name: String, _ kind: Kind, many: Bool = false, choices: [String] = [],
        in range: ClosedRange<Double>? = nil
    ) {
        (self.name, self.kind, isMany, self.choices) = (name, kind, many, choices)
        (least, most) = (range?.lowerBound, range?.upperBound)
    }

    package static let schema = Schema<OnboardingField>(
        "OnboardingField",
        [
            .text("name", \.name, max: 40, .required, .about("Names the field among the answers.")),
            .text("label", \.label, max: 300, .about("The question, in the client's language.")),
            .choice("kind", \.kind, .about("The kind of answer; a file is the id of one.")),
            .boolean("many", \.isMany, .about("Whether the answer is a list.")),
            .texts("choices", \.choices, max: 50, length: 60, .about("The choices.")),
            .number("least", \.least, in: -1e15...1e15, .about("The least number.")),
            .number("most", \.most, in: -1e15...1e15, .about("The greatest number.")),
        ])

    private static let textMax = 5000, listMax = 50

    /// Names what of an answer is not as the field wants it. Nothing has to be answered.
    func check(_ answers: JSONObject, _ faults: inout Faults, isFile: (JSON) throws -> Bool) rethrows {
        guard let answer = answers[name], !answer.isNull else { return }
        let place = "/answers/\(name)"
        guard isMany else { return try check(one: answer, at: place, &faults, isFile: isFile) }
        guard let list = answer.array, list.count <= Self.listMax else {
            return faults.add(
                place, "wrong_type", "\(name) must be a list of at most \(Self.listMax) answers.")
        }
        for (index, one) in list.enumerated() {
            try check(one: one, at: "\(place)/\(index)", &faults, isFile: isFile)
        }
    }

    private func check(
        one answer: JSON, at place: String, _ faults: inout Faults, isFile: (JSON) throws -> Bool
    ) rethrows {
        switch kind {
        case .text:
            guard let text = answer.text else {
                return faults.add(place, "wrong_type", "\(name) must be a text.")
            }
            if text.count > Self.textMax {
                faults.add(place, "too_long", "\(name) may have at most \(Self.textMax) characters.")
            }
        case .choice:
            if answer.text.map({ choices.contains($0) }) != true {
                faults.add(
                    place, answer.text == nil ? "wrong_type" : "invalid_choice",
                    "\(name) must be one of \(choices.joined(separator: ", ")).", choices: choices)
            }
        case .number:
            guard let number = answer.double else {
                return faults.add(place, "wrong_type", "\(name) must be a number.")
            }
            if number < least ?? number || number > most ?? number {
                faults.add(place, "out_of_range", "\(name) is too small or too large.")
            }
        case .date:
            if answer.text.flatMap({ CivilDate(iso: $0) }) == nil {
                faults.add(place, "invalid_date", "\(name) must be a day such as 2030-06-30.")
            }
        case .file:
            if try !isFile(answer) {
                faults.add(place, "unknown_reference", "The file does not exist: upload it first.")
            }
        }
    }
}

extension OnboardingStore where Base == Transaction {
    /// Names what is wrong with the answers to the fields of a step. Other answers are kept as they are given.
    func checkFields(
        _ answers: JSONObject, of key: String, in onboarding: Onboarding, by actor: Actor
    ) throws {
        var faults = Faults()
        for field in onboarding.steps.list.first(where: { $0.key == key })?.fields.list ?? [] {
            try field.check(answers, &faults) { try isFile($0, of: onboarding.clientID, for: actor) }
        }
        try faults.throwIfAny()
    }

    /// Returns whether a file may be handed over for a client: its own, or, by people of the agency, the
    /// agency's.
    func isFile(_ id: JSON, of client: ClientID, for actor: Actor) throws -> Bool {
        guard
            let file = try id.id(of: StoredFile.self).flatMap({
                try StoredFile.resource.find($0, in: tx)
            })
        else { return false }
        if let owner = file.clientID { return owner == client }
        let user =
            try actor.kind == .user
            ? ID<Nouns.User>(actor.id).flatMap { try User.resource.find($0, in: tx) } : nil
        return user?.clientID == nil
    }
}
