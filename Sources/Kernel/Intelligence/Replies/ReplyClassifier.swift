internal import Lexicons
package import Telemetry

/// Decides what a reply to a sales mail means: by rules for what must not be missed, by a linear model for
/// the rest.
///
/// No language model is asked. The same reply gives the same judgement on every machine. The model is trained
/// from the examples that are part of the module, when it is first used.
package struct ReplyClassifier: Sendable {
    /// Knows the module's examples alone.
    package static let standard = ReplyClassifier(corrections: [])

    private let model: SoftmaxModel
    /// The meanings that people have given to replies, by the replies' folded words.
    private let corrected: [[String]: ReplyClass]

    private init(corrections: [ReplyCorrection]) {
        model = Self.train(ReplyExamples.all, corrections)
        var corrected: [[String]: ReplyClass] = [:]
        for correction in corrections {
            corrected[Self.key(ReplyReading(correction.text).text)] = correction.meaning
        }
        self.corrected = corrected
    }

    /// A classifier that weighs what people corrected beside the module's examples. It belongs to the one who
    /// corrected: a tenant's words say something about its own mail, and nothing to others.
    package func learning(from corrections: [ReplyCorrection]) -> ReplyClassifier {
        corrections.isEmpty ? self : ReplyClassifier(corrections: corrections)
    }

    static func train(
        _ examples: [(text: String, label: ReplyClass)], _ corrections: [ReplyCorrection] = []
    ) -> SoftmaxModel {
        let rows =
            examples.map { row($0.text, $0.label, weight: 1) }
            + corrections.map { row($0.text, $0.meaning, weight: 8) }
        return SoftmaxModel(training: rows, classCount: ReplyClass.allCases.count)
    }

    private static func row(_ text: String, _ label: ReplyClass, weight: Float) -> SoftmaxModel.Example {
        let reading = ReplyReading(text)
        return SoftmaxModel.Example(
            features: reading.features(), bare: reading.features(withRules: false),
            label: ReplyClass.allCases.firstIndex(of: label)!, weight: weight)
    }

    private static func key(_ text: ReadText) -> [String] { text.words.prefix(200).map(\.folded) }

    // MARK: Judging

    /// `today` is where dates without a year begin.
    package func classify(_ reply: ReplyText, on today: CivilDate) -> ReplyJudgement {
        let body = reply.text.contains { $0.isLetter || $0.isNumber } ? reply.text : reply.subject
        let reading = ReplyReading(body)
        let features = reading.features()
        var scores = Self.honest(softmax(model.logits(features), sharpness: Self.sharpness))
        if reading.rules[.unsubscribe] == nil, reading.rules[.unsubscribeException] != nil {
            scores = Self.lowered(scores, at: ReplyClass.allCases.firstIndex(of: .unsubscribe)!)
        }
        var evidence: [ReplyJudgement.Evidence] = []
        if let decided = decision(reply, reading, scores, today) ?? need(reading, scores) {
            let place = ReplyClass.allCases.firstIndex(of: decided.meaning)!
            // A decision by rules spreads the model's doubts among the other classes.
            let rest = max(1e-9, 1 - scores[place])
            for index in scores.indices where index != place {
                scores[index] *= (1 - decided.probability) / rest
            }
            scores[place] = decided.probability
            evidence.append(decided.evidence)
        }
        let best = scores.indices.max { scores[$0] < scores[$1] }!
        let meaning = ReplyClass.allCases[best]
        evidence += learnedEvidence(reading, features, best)
        var named: [ReplyClass: Double] = [:]
        for (index, meaning) in ReplyClass.allCases.enumerated() { named[meaning] = rounded(scores[index]) }
        return ReplyJudgement(
            meaning: meaning, confidence: named[meaning]!, evidence: Array(evidence.prefix(6)), scores: named,
            privacy: reading.privacy,
            facts: FactReader(text: reading.text, rules: reading.rules, today: today).facts(for: meaning))
    }

    /// Returns the facts that a text states besides its meaning, which is given or else determined here.
    package func facts(of text: String, as meaning: ReplyClass?, on today: CivilDate) -> ReplyFacts {
        guard let meaning else { return classify(ReplyText(text: text), on: today).facts }
        let reading = ReplyReading(text)
        return FactReader(text: reading.text, rules: reading.rules, today: today).facts(for: meaning)
    }

    /// The factor that makes the model's log-odds honest; found by cross-validation, which a test repeats.
    static let sharpness = 1.0

    /// The certainty of a class that rests on a need alone: the prospect has not said yes, so the next step waits for
    /// a person.
    private static let needSureness = 0.7

    /// No words make a meaning certain.
    private static func honest(_ scores: [Double]) -> [Double] {
        scores.map { $0 * 0.98 + 0.02 / Double(scores.count) }
    }

    /// The words of a wish are there, and rules know that it is none.
    private static func lowered(_ scores: [Double], at place: Int) -> [Double] {
        var scores = scores
        let rest = 1 - scores[place]
        for index in scores.indices where index != place { scores[index] *= 0.98 / max(rest, 1e-9) }
        scores[place] = 0.02
        return scores
    }

    private struct Decision {
        let meaning: ReplyClass
        let probability: Double
        let evidence: ReplyJudgement.Evidence

        init(_ meaning: ReplyClass, _ probability: Double, _ quote: String, _ source: String) {
            (self.meaning, self.probability) = (meaning, probability)
            let weight = rounded(logOdds(probability))
            evidence = ReplyJudgement.Evidence(quote: quote, source: source, weight: weight)
        }
    }

    /// Returns the decision that rules alone make: by corrections, machines' mail, and wishes not to be written to.
    private func decision(
        _ reply: ReplyText, _ reading: ReplyReading, _ scores: [Double], _ today: CivilDate
    ) -> Decision? {
        if reading.text.words.isEmpty, reply.headers.isEmpty, !reply.isAutomatic {
            return Decision(.other, 0.5, "", "empty")
        }
        if let place = reading.rules[.privacy]?.first {
            return Decision(.unsubscribe, 0.97, quote(reading.text, place), ReplyRule.privacy.rawValue)
        }
        if let meaning = corrected[Self.key(reading.text)], !reading.text.words.isEmpty {
            return Decision(
                meaning, 0.98, quote(reading.text, 0..<min(12, reading.text.words.count)), "correction")
        }
        let header = AutomaticHeaders.finding(reply.headers)
        if let header, header.0 == .complaint {
            return Decision(.unsubscribe, 0.99, header.evidence, "header")
        }
        if let header, header.0 == .bounce { return Decision(.bounce, 0.99, header.evidence, "header") }
        let subject = Self.isAnswer(reply.subject) ? nil : ReplyReading(reply.subject)
        if let place = subject?.rules[.bounce]?.first {
            return Decision(.bounce, 0.97, quote(subject!.text, place), ReplyRule.bounce.rawValue)
        }
        let isAutomatic = reply.isAutomatic || header?.0 == .away
        if let places = reading.rules[.bounce], isAutomatic || reading.hasServerCode || places.count > 2 {
            return Decision(.bounce, 0.96, quote(reading.text, places[0]), ReplyRule.bounce.rawValue)
        }
        let wish = ReplyClass.allCases.firstIndex(of: .unsubscribe)
        let isWish =
            reading.rules[.unsubscribe] != nil || scores.indices.max { scores[$0] < scores[$1] } == wish
        if isWish, subject?.rules[.unsubscribe] == nil, let place = reading.absence(on: today) {
            return Decision(.outOfOffice, 0.95, quote(reading.text, place), ReplyRule.away.rawValue)
        }
        if let place = reading.rules[.unsubscribe]?.first {
            return Decision(.unsubscribe, 0.96, quote(reading.text, place), ReplyRule.unsubscribe.rawValue)
        }
        if let subject, subject.text.words.count < 5, let place = subject.rules[.unsubscribe]?.first {
            return Decision(.unsubscribe, 0.95, quote(subject.text, place), ReplyRule.unsubscribe.rawValue)
        }
        if let place = subject?.rules[.away]?.first {
            return Decision(.outOfOffice, 0.97, quote(subject!.text, place), ReplyRule.away.rawValue)
        }
        guard isAutomatic else { return nil }
        if let place = reading.rules[.away]?.first {
            return Decision(.outOfOffice, 0.97, quote(reading.text, place), ReplyRule.away.rawValue)
        }
        return Decision(.outOfOffice, 0.8, header?.evidence ?? "automatic", "header")
    }

    /// Decides about a text that complains about the writer's own marketing and says nothing else: the writer is
    /// interested, or asks a question.
    private func need(_ reading: ReplyReading, _ scores: [Double]) -> Decision? {
        guard let place = reading.rules[.need]?.first, !reading.isAgainst else { return nil }
        let asks = reading.text.words.contains { $0.kind == .mark && $0.folded == "?" }
        let meaning = asks ? ReplyClass.question : .interested
        let known = [ReplyClass.interested, .question].map { scores[ReplyClass.allCases.firstIndex(of: $0)!] }
            .max()!
        guard known < Self.needSureness else { return nil }
        return Decision(meaning, Self.needSureness, quote(reading.text, place), ReplyRule.need.rawValue)
    }

    /// `Re: …` carries the words of the mail that was answered.
    private static func isAnswer(_ subject: String) -> Bool {
        let folded = LetterFolding.fold(subject.prefix(12))
        return subjectMarks.contains { folded.hasPrefix($0) }
    }

    private static let subjectMarks = Lexicon("quotes").words("subject_mark").map { $0 + ":" }

    // MARK: Evidence

    /// The phrases and words that say most for a class.
    private func learnedEvidence(
        _ reading: ReplyReading, _ features: TextFeatures, _ label: Int
    ) -> [ReplyJudgement.Evidence] {
        var byWord = [Double](repeating: 0, count: reading.text.words.count)
        for (words, weight) in model.contributions(features, to: label) where !words.isEmpty {
            for index in words { byWord[index] += weight / Double(words.count) }
        }
        var found: [ReplyJudgement.Evidence] = []
        var start: Int?
        for index in 0...byWord.count {
            let isStrong = index < byWord.count && byWord[index] > 0.15
            let isSame =
                isStrong
                && start.map {
                    reading.text.words[$0].sentence == reading.text.words[index].sentence && index - $0 < 8
                } ?? true
            if let begun = start, !isStrong || !isSame {
                let weight = byWord[begun..<index].reduce(0, +)
                let range = begun..<index
                found.append(
                    ReplyJudgement.Evidence(
                        quote: quote(reading.text, range), source: source(range, reading),
                        weight: rounded(weight)))
                start = nil
            }
            if isStrong, start == nil { start = index }
        }
        found.sort { $0.weight > $1.weight }
        return Array(found.prefix(4))
    }

    private func source(_ range: Range<Int>, _ reading: ReplyReading) -> String {
        let rule = ReplyRule.allCases.first { reading.rules[$0]?.contains { $0.overlaps(range) } ?? false }
        return rule?.rawValue ?? "words"
    }

    private func quote(_ text: ReadText, _ range: Range<Int>) -> String {
        String(text.quote(range).prefix(120))
    }
}

/// To four places: what a person reads, and no bit more than is meant.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
