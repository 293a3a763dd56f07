internal import JSON
package import Records

/// A step of the plan by which the clients of a package are taken in: one that Bureau knows, by its key, or a task of
/// the agency's own.
package struct PlannedStep: Part {
    package enum Owner: String, Choice { case agency, client }

    package var key = ""
    package var title: String?
    package var owner: Owner?
    package var after: [String] = []
    package var days: Int?

    package init() {}
    package init(key: String) { self.key = key }

    package static let schema = Schema<PlannedStep>(
        "PlannedStep",
        [
            .text(
                "key", \.key, max: 40, .required, .example("kick_off"),
                .about("One of the usual steps, or a name for a task of your own.")),
            .text(
                "title", \.title, max: 300,
                .about("The step as people read it; a task of your own needs one.")),
            .choice("owner", \.owner, .about("The party that does the step.")),
            .texts("after", \.after, max: 40, length: 40, .about("The steps that come first.")),
            .integer("days", \.days, in: 0...365, .about("How many days the step may take.")),
        ])

    package static let welcome = "welcome"

    /// The steps that Bureau knows, each with those that usually come before it.
    package static let known: [String: [String]] = [
        welcome: [], "account_setup": [welcome], "preferences": [welcome], "success_metrics": [welcome],
        "requirements": [welcome],
        "kick_off": ["account_setup", "preferences", "success_metrics", "requirements"],
        "delivery_plan": ["kick_off"], "first_report": ["delivery_plan"],
    ]

    package var faults: [Fault] {
        var faults: [Fault] = []
        if !key.isCustomKey {
            faults.append(
                Fault("/key", "invalid_key", "key must have letters, digits, '_', '-' and '.' only."))
        }
        if Self.known[key] == nil, title == nil {
            faults.append(Fault("/title", "required", "title is required of a task of your own."))
        }
        return faults
    }
}

extension Parts<PlannedStep> {
    /// Returns the steps of the plan that come before one: those that it names, else those that usually do. Where one
    /// of these is not in the plan, those before that take its place.
    package func before(_ step: PlannedStep) -> [String] {
        step.after.isEmpty ? usual(before: step.key) : step.after
    }

    private func usual(before key: String) -> [String] {
        let all = (PlannedStep.known[key] ?? []).flatMap { other in
            list.contains { $0.key == other } ? [other] : usual(before: other)
        }
        return all.reduce(into: []) { keys, key in
            if !keys.contains(key) { keys.append(key) }
        }
    }

    /// Names what keeps anybody from following the plan, at its place.
    package func check(at pointer: String, _ faults: inout Faults) {
        let keys = list.map(\.key)
        if !keys.isEmpty, keys.allSatisfy({ $0 == PlannedStep.welcome }) {
            faults.add(pointer, "required", "The plan needs a step beside the welcome.")
        }
        for (index, step) in list.enumerated() {
            let place = "\(pointer)/\(index)"
            if keys[..<index].contains(step.key) {
                faults.add(
                    "\(place)/key", "duplicate_value", "The step is named twice: give each a key of its own.")
            }
            for (number, other) in step.after.enumerated() where !keys.contains(other) {
                faults.add(
                    "\(place)/after/\(number)", "unknown_reference", "after must name steps of the plan.")
            }
            if isCircular(step) {
                faults.add("\(place)/after", "conflict", "The step waits for one that waits for it.")
            }
        }
    }

    private func isCircular(_ step: PlannedStep) -> Bool {
        var seen: Set<String> = [], open = before(step)
        while let key = open.popLast() {
            if key == step.key { return true }
            guard seen.insert(key).inserted else { continue }
            open += list.first { $0.key == key }.map(before) ?? []
        }
        return false
    }
}
