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
