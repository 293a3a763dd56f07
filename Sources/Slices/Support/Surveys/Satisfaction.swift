internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension Survey.Kind {
    /// Any answer on one scale, from 0 to 10.
    func satisfaction(_ score: Int) -> Double {
        Double(score - scores.lowerBound) * 10 / Double(scores.upperBound - scores.lowerBound)
    }
}

extension SurveyStore where Base == Transaction {
    /// Answers that say how a client feels now: the last twenty, of a year.
    private static var answersMax: Int { 20 }
    private static var answerDays: Int64 { 365 }

    /// Tells how content a client is, by what its people have answered to surveys.
    func tellSatisfaction(of client: ClientID?) throws {
        guard let client else { return }
        let answers = try SurveyResponse.resource.all(
            where: "client_id = \(client) AND created_at > \(tx.now - .seconds(Self.answerDays * 86_400))",
            suffix: "ORDER BY id DESC LIMIT \(Self.answersMax)", in: tx)
        var kinds: [ID<Survey>: Survey.Kind] = [:]
        let marks = try answers.compactMap { answer -> Double? in
            guard let id = answer.surveyID else { return nil }
            if kinds[id] == nil { kinds[id] = try Survey.resource.find(id, in: tx)?.kind }
            return kinds[id]?.satisfaction(answer.score)
        }
        let mean = marks.isEmpty ? nil : marks.reduce(0, +) / Double(marks.count)
        try tx.publish(
            "client.satisfaction_measured", Subject(client),
            [
                "satisfaction": mean.map { .number(($0 * 100).rounded() / 100) } ?? .null,
                "answers": JSON(marks.count),
            ])
    }
}
