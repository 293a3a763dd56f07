import Testing

@testable import Intelligence

struct `Requests for a person` {
    @Test(arguments: [
        "I want to talk to a real person", "agent please", "Can someone call me back?",
        "I don't want a bot, get me a human",
        "Stop. I will not discuss this with a machine, connect me to staff",
        "Ich möchte mit einem Mitarbeiter sprechen", "Kein Roboter bitte, einen Menschen!",
        "Rufen Sie mich bitte zurück", "Je veux parler à un conseiller", "Passez-moi un responsable",
        "Quiero hablar con una persona", "Vorrei parlare con un operatore", "Quero falar com um atendente",
        "Kan ik een medewerker spreken?", "Jag vill prata med en människa", "Jeg vil tale med et menneske",
        "Chcę rozmawiać z konsultantem", "let me speak with your manager",
        "0", "press 0", "I give up", "Why won't you transfer me?", "You keep not connecting me",
        "Don't pass me to another bot", "no more articles please", "Ich gebe auf", "je laisse tomber",
        "me rindo",
    ])
    func `a wish for a person is heard in many languages`(turn: String) {
        let request = HandoverReader.read(turn)
        #expect(request.asksForPerson, "\(request)")
        #expect(request.confidence >= 0.5)
        #expect(!request.evidence.isEmpty)
    }

    @Test(arguments: [
        "I don't need a human, the link is enough", "No need to talk to an agent, thanks",
        "Ich brauche keinen Mitarbeiter, nur den Link", "Pas besoin d'un conseiller, merci",
        "No necesito hablar con un agente", "Are you a bot?", "Bist du ein Mensch?",
        "Please add my manager to the thread", "I have to talk to my boss first",
        "Please change the button to \"Talk to a human\" on the landing page",
        "Ich muss erst mit meinem Chef sprechen", "When is the report ready?", "We are a real estate agent",
        "", "   ", "👍", "Do not transfer me to an agent", "Please do not connect me with anyone",
        "We have 0 leads",
        "I gave up smoking", "This is not a bot problem", "I never asked to be transferred",
    ])
    func `what only sounds like such a wish is none`(turn: String) {
        let request = HandoverReader.read(turn)
        #expect(!request.asksForPerson, "\(request)")
        #expect(request.confidence < 0.5)
    }

    @Test func `frustration, repetition and their words are told apart from a request`() {
        let angry = HandoverReader.read("This is ridiculous, your tracking is useless")
        #expect(angry.isFrustrated && !angry.isRepeatedFailure && !angry.asksForPerson)
        #expect(angry.evidence.contains { $0.sign == "frustration" && $0.quote == "ridiculous" })
        let again = HandoverReader.read("Das Formular geht schon wieder nicht")
        #expect(again.isRepeatedFailure && !again.isFrustrated)
        #expect(!HandoverReader.read("I am not annoyed at all, take your time").isFrustrated)
    }

    @Test func `the same turn a second time is a repeated failure, another one is not`() {
        let turn = "where is the report for our spring campaign"
        #expect(HandoverReader.read(turn, earlier: ["hello", turn + "?"]).isRepeatedFailure)
        #expect(!HandoverReader.read(turn, earlier: ["hello", "what does a banner cost"]).isRepeatedFailure)
    }

    @Test func `urgency rises with what presses, and says why`() {
        let calm = HandoverReader.read("When is the report ready?")
        let asking = HandoverReader.read("Could I talk to a person about the report?")
        let pressing = HandoverReader.read(
            "Get me a human immediately, the site is down and we are losing money!!")
        #expect(calm.urgency == .low && calm.urgencyFactors.isEmpty)
        #expect(asking.urgency == .normal)
        #expect(pressing.urgency == .urgent)
        #expect(pressing.urgencyFactors.contains { $0.sign == "loss" })
    }

    @Test func `the model alone knows most of the examples that it has not seen`() {
        var score = YesNoScore()
        for fold in 0..<5 {
            let rows = HandoverExamples.all.enumerated()
            let model = HandoverReader.train(rows.filter { $0.offset % 5 != fold }.map(\.element))
            for (_, row) in rows.filter({ $0.offset % 5 == fold }) {
                let logits = model.logits(HandoverReading(row.text).features)
                score.count(logits[1] > logits[0], is: row.asks)
            }
        }
        print("handover, the model alone on its own examples, five-fold: F1 \(score.f1)")
        #expect(score.f1 > 0.6)
    }
}
