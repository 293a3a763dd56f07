import Telemetry
import Testing

@testable import Intelligence

private let today = CivilDate(year: 2026, month: 2, day: 10)

private func judged(_ text: String, subject: String = "") -> ReplyJudgement {
    ReplyClassifier.standard.classify(ReplyText(text: text, subject: subject), on: today)
}

@Suite struct `What a reply means` {
    @Test(
        arguments: [
            ("Yes, this sounds great. Can we talk on Tuesday?", ReplyClass.interested),
            ("How much does it cost per month?", .question),
            ("I am out of the office until 3 March with limited access to e-mail.", .outOfOffice),
            ("Not interested, thanks.", .notInterested),
            ("Please remove me from your list.", .unsubscribe),
            ("You should rather speak with my colleague Bob, bob@example.org.", .referral),
            ("Our agency does all of that already, and your price is too high.", .objection),
            ("Bad moment, ask me again in Q3 please.", .notNow),
            ("550 5.1.1 User unknown", .bounce),
            ("Ok, noted.", .other),
            ("Wir haben leider keinerlei Interesse.", .notInterested),
            ("Gerne, Mittwoch um 11 Uhr passt mir gut.", .interested),
            ("Welche Kosten kommen monatlich auf uns zu?", .question),
            ("Je serai absente jusqu'au 4 mai.", .outOfOffice),
            ("Nous avons déjà un prestataire pour cela.", .objection),
            ("Ahora mismo no, escríbame después del verano.", .notNow),
            ("Hable mejor con mi compañera Ana, ana@empresa.example.", .referral),
            ("Não temos interesse, obrigado.", .notInterested),
        ])
    func `is found`(_ text: String, _ meaning: ReplyClass) {
        let judgement = judged(text)
        #expect(judgement.meaning == meaning, "\(judgement.scores)")
        #expect(!judgement.evidence.isEmpty)
    }

    @Test func `is taken from the new words, not from the mail that is quoted below them`() {
        let quoted = """
            Yes please, send me an invitation for Thursday.

            On Mon, 9 Feb 2026 at 10:12, Kim <kim@agency.example> wrote:
            > If you want to unsubscribe, take me off your list, reply STOP.
            > We are out of the office until Friday.
            """
        #expect(judged(quoted).meaning == .interested)
        let german = """
            Kein Interesse, danke.

            Am 09.02.2026 um 10:12 schrieb Kim:
            Klingt das gut? Dann rufen Sie mich gerne an!
            """
        #expect(judged(german).meaning == .notInterested)
    }

    @Test func `says in its evidence which words decided`() throws {
        let judgement = judged("Thanks, but this is far too expensive for us.")
        #expect(judgement.meaning == .objection)
        let first = try #require(judgement.evidence.first { $0.source == "price" })
        #expect(first.quote.contains("too expensive"))
        #expect(first.weight > 0)
    }

    @Test func `has scores that sum to one and a confidence below certainty`() {
        for text in ["Great, let's talk!", "STOP", "asdf qwer", "Thanks."] {
            let judgement = judged(text)
            let sum = judgement.scores.values.reduce(0, +)
            #expect(abs(sum - 1) < 0.001)
            #expect(judgement.confidence == judgement.scores[judgement.meaning])
            #expect(judgement.confidence < 0.999)
        }
    }

    @Test func `of words that say nothing is uncertain`() {
        #expect(judged("lorem ipsum dolor sit").confidence < 0.6)
        #expect(judged("").confidence < 0.6)
    }

    @Test func `is the same to the last digit when everything is trained anew`() {
        let texts = ReplyExamples.all.prefix(30).map(\.text)
        let again = ReplyClassifier.standard.learning(from: [
            ReplyCorrection(text: "zzz", meaning: .other)
        ])
        let twice = ReplyClassifier.standard.learning(from: [
            ReplyCorrection(text: "zzz", meaning: .other)
        ])
        for text in texts {
            let (a, b) = (
                again.classify(ReplyText(text: text), on: today),
                twice.classify(ReplyText(text: text), on: today)
            )
            #expect(a.scores == b.scores)
            #expect(a.evidence == b.evidence)
        }
    }

    @Test func `of a known text is a known number, on every machine`() {
        #expect(exactExp(1).bitPattern == 0x4005_BF0A_8B14_576A)
        #expect(abs(exactExp(-20) - 2.061153622438558e-09) < 1e-22)
        #expect(exactExp(0) == 1)
    }
}

@Suite struct `A machine's answer` {
    private func judged(_ headers: [(name: String, value: String)], _ text: String) -> ReplyClass {
        ReplyClassifier.standard.classify(ReplyText(text: text, headers: headers), on: today).meaning
    }

    @Test func `is known by its headers`() {
        #expect(judged([("Auto-Submitted", "auto-replied")], "Thank you for your message.") == .outOfOffice)
        #expect(judged([("X-Failed-Recipients", "a@b.example")], "Hello") == .bounce)
        #expect(
            judged([("Content-Type", "multipart/report; report-type=delivery-status")], "Yes, great!")
                == .bounce)
        #expect(
            judged([("Content-Type", "multipart/report; report-type=feedback-report")], "") == .unsubscribe)
        #expect(judged([("From", "MAILER-DAEMON@mx.example")], "sorry") == .bounce)
        #expect(judged([("Auto-Submitted", "no")], "Yes, let's talk on Monday!") == .interested)
    }

    @Test func `is known by its subject, unless that is ours with Re before it`() {
        let classifier = ReplyClassifier.standard
        let away = classifier.classify(
            ReplyText(text: "Thanks. I will answer soon.", subject: "Automatic reply: Your offer"), on: today)
        #expect(away.meaning == .outOfOffice)
        let answer = classifier.classify(
            ReplyText(text: "Yes, let's talk on Monday!", subject: "Re: Undelivered mail is costing you"),
            on: today)
        #expect(answer.meaning == .interested)
        for mark in ["AW", "Antw", "RES", "Rif", "TR", "Resp"] {
            let subject = "\(mark): Undelivered mail is costing you"
            let answer = classifier.classify(
                ReplyText(text: "Yes, let's talk on Monday!", subject: subject), on: today)
            #expect(answer.meaning == .interested, "\(subject)")
        }
        let bare = classifier.classify(ReplyText(text: "", subject: "unsubscribe"), on: today)
        #expect(bare.meaning == .unsubscribe)
    }

    @Test func `that somebody's machine sent is an absence even in words that no rule knows`() {
        let reply = ReplyText(text: "zukünftig", isAutomatic: true)
        #expect(ReplyClassifier.standard.classify(reply, on: today).meaning == .outOfOffice)
    }
}

@Suite struct `Corrections` {
    private let text = "We file this under maybe-ish, dear friends of the swan."

    @Test func `change what the one who corrected gets, for that text and its like`() {
        let classifier = ReplyClassifier.standard.learning(from: [
            ReplyCorrection(text: text, meaning: .notNow),
            ReplyCorrection(text: "The swan says maybe-ish again.", meaning: .notNow),
            ReplyCorrection(text: "Swan file: maybe-ish.", meaning: .notNow),
        ])
        #expect(classifier.classify(ReplyText(text: text), on: today).meaning == .notNow)
        let like = ReplyText(text: "maybe-ish, says the swan")
        let before = ReplyClassifier.standard.classify(like, on: today).scores[.notNow]!
        #expect(classifier.classify(like, on: today).scores[.notNow]! > before + 0.2)
    }

    @Test func `change nothing for anybody else`() {
        let before = ReplyClassifier.standard.classify(ReplyText(text: text), on: today)
        let theirs = ReplyClassifier.standard.learning(from: [ReplyCorrection(text: text, meaning: .referral)]
        )
        #expect(theirs.classify(ReplyText(text: text), on: today).meaning == .referral)
        let after = ReplyClassifier.standard.classify(ReplyText(text: text), on: today)
        #expect(before.scores == after.scores)
        #expect(before.meaning == after.meaning)
    }

    @Test func `leave a wish to be left alone what it is`() {
        let classifier = ReplyClassifier.standard.learning(from: [
            ReplyCorrection(text: "Nice mail, tell me more.", meaning: .interested)
        ])
        #expect(classifier.classify(ReplyText(text: "Unsubscribe me."), on: today).meaning == .unsubscribe)
    }
}

@Suite struct `Cross-validation on the module's own examples` {
    /// A fifth each is judged by a model that has not seen it, by the model alone: the rules' last word is
    /// left out.
    @Test func `finds most meanings, and is about as sure as it is right`() {
        let all = ReplyExamples.all
        var hits = 0, confidence = 0.0
        var found: [ReplyClass: Int] = [:]
        for fold in 0..<5 {
            let model = ReplyClassifier.train(
                all.enumerated().filter { $0.offset % 5 != fold }.map(\.element))
            for (index, example) in all.enumerated() where index % 5 == fold {
                let logits = model.logits(ReplyReading(example.text).features())
                let scores = softmax(logits, sharpness: ReplyClassifier.sharpness)
                let best = scores.indices.max { scores[$0] < scores[$1] }!
                confidence += scores[best]
                if ReplyClass.allCases[best] == example.label {
                    hits += 1
                    found[example.label, default: 0] += 1
                }
            }
        }
        let accuracy = Double(hits) / Double(all.count)
        let sureness = confidence / Double(all.count)
        print("cross-validated on \(all.count) examples: accuracy \(accuracy), mean confidence \(sureness)")
        #expect(accuracy > 0.78)
        #expect(abs(accuracy - sureness) < 0.06)
        for meaning in ReplyClass.allCases {
            let count = all.count { $0.label == meaning }
            #expect(Double(found[meaning] ?? 0) / Double(count) > 0.5, "\(meaning)")
        }
        let wishes = all.count { $0.label == .unsubscribe }
        #expect(Double(found[.unsubscribe] ?? 0) / Double(wishes) > 0.93)
    }
}
