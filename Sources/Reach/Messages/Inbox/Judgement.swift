package import Intelligence
package import JSON
package import Mail
internal import Records
package import Telemetry

/// The reading of a received message before it is stored: its new words, their meaning, and the kind of message it is.
package struct Judgement: Sendable {
    package let text: String
    package let replyClass: Message.Class
    package let confidence: Double
    package let evidence: JSON
    package let isAutomatic: Bool
    /// The request under data protection law, if the message makes one.
    package let privacy: PrivacyRequest?
    /// They are away, or want to be left alone, until that day is over.
    package let awayUntil: CivilDate?

    /// The least certainty that a machine wrote the message. It is higher where only words suggest it, since people
    /// write them too.
    private static let machineMin = 0.5, machineMinByWords = 0.75
    /// The sources of evidence that a machine wrote the message: the phrases of mail systems, and headers.
    private static let machineSources: Set<String> = ["bounce", "away", "header"]

    package init(
        of mail: ReceivedMail, on today: CivilDate, by classifier: ReplyClassifier = .standard
    ) {
        let written = mail.strippedText?.trimmed ?? ""
        text = written.isEmpty ? mail.newText.trimmed : written
        isAutomatic = mail.isAutomatic
        let judged = classifier.classify(
            ReplyText(
                text: text, subject: mail.subject, isAutomatic: mail.isAutomaticReply, headers: mail.headers),
            on: today)
        let isReport = mail.report != nil
        // A machine's words stop nothing, so that a person's must not pass for them by a guess.
        let isShown = judged.evidence.contains { Self.machineSources.contains($0.source) }
        let least = isShown ? Self.machineMin : Self.machineMinByWords
        let isGuess = [.bounce, .outOfOffice].contains(judged.meaning) && judged.confidence < least
        let meaning = isGuess ? .other : judged.meaning
        replyClass = isReport ? .bounce : Message.Class(rawValue: meaning.rawValue) ?? .other
        confidence = isReport ? 1 : judged.scores[meaning] ?? judged.confidence
        privacy = isReport || isAutomatic ? nil : judged.privacy
        let suspicion = InjectionCheck.judge(text)
        var evidence: JSONObject = [
            "words": .array(
                judged.evidence.map {
                    ["quote": .string($0.quote), "source": .string($0.source), "weight": .number($0.weight)]
                }),
            "suspicious": .bool(suspicion.isSuspicious),
            "instructions": .array(
                suspicion.isSuspicious ? suspicion.evidence.prefix(5).map { .string($0.quote) } : []),
        ]
        if let privacy { evidence.append("privacy_request", .string(privacy.rawValue)) }
        self.evidence = .object(evidence)
        // The day on which somebody is back is a busy one; on a day that they name themselves they may be asked.
        awayUntil =
            replyClass == .outOfOffice
            ? judged.facts.returnDate
            : replyClass == .notNow ? judged.facts.postponedUntil?.adding(days: -1) : nil
    }

    /// Whether a person has answered: what machines send stops nothing.
    package var isAnswer: Bool {
        !isAutomatic && replyClass != .outOfOffice && replyClass != .bounce
    }
}
