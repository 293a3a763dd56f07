package import Agents
internal import Wording

extension TenantQuestions {
    /// Answers of a platform on which nothing has left, nobody is bound by a role, and no brake is on.
    package static var alone: TenantQuestions {
        var questions = TenantQuestions()
        questions.timeZone = { _ in "UTC" }
        questions.currency = { _ in "USD" }
        questions.name = { _, _ in nil }
        questions.permissions = { _, _ in nil }
        questions.brake = { _, _ in nil }
        questions.sent = { _, _ in 0 }
        questions.connector = { _, _ in nil }
        questions.lanes = { _ in nil }
        questions.won = { _, _, _ in 0 }
        questions.leadsReached = { _, _, _ in ReachedLeads() }
        questions.words = { _, _, _ in .english }
        return questions
    }
}
