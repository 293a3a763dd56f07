import Telemetry
import Testing

@testable import Intelligence

private let winter = CivilDate(year: 2026, month: 2, day: 10)

private func facts(_ text: String, on today: CivilDate = winter) -> ReplyFacts {
    ReplyClassifier.standard.classify(ReplyText(text: text), on: today).facts
}

private func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    CivilDate(year: year, month: month, day: day)
}

@Suite struct `The facts of a reply` {
    @Test(
        arguments: [
            ("I am out of the office until 3 March with limited access to e-mail.", day(2026, 3, 3)),
            ("Ich bin bis 15.04. nicht im Büro.", day(2026, 4, 15)),
            ("I'm on vacation, back on Monday.", day(2026, 2, 16)),
            ("Je suis en congé du 3 au 10 août.", day(2026, 8, 10)),
            ("OOO from March 3 to March 12, 2026.", day(2026, 3, 12)),
            (
                "I am away from 1 March until 5 March and will be back in the office on 8 March.",
                day(2026, 3, 8)
            ),
            ("Ich bin vom 1. bis 20. August im Urlaub.", day(2026, 8, 20)),
            ("Estoy fuera de la oficina hasta el 1 de septiembre de 2026.", day(2026, 9, 1)),
            ("Sono in ferie fino al 20 agosto.", day(2026, 8, 20)),
            ("Ik ben op vakantie tot en met 15 augustus.", day(2026, 8, 15)),
            ("Jag är på semester till och med den 5 augusti.", day(2026, 8, 5)),
            ("Jestem na urlopie do 15 sierpnia.", day(2026, 8, 15)),
            ("Am 3. Mai bin ich zurück im Büro.", day(2026, 5, 3)),
            ("Out of office until 2026-02-20.", day(2026, 2, 20)),
            ("I am out of the office for two weeks.", day(2026, 2, 24)),
            ("Our office is closed until 3rd of April.", day(2026, 4, 3)),
        ])
    func `tell when somebody is back`(_ text: String, _ date: CivilDate) {
        #expect(facts(text).returnDate == date)
    }

    @Test func `put a day without a year where it comes next`() {
        #expect(facts("Out of office until 3 January.", on: day(2026, 12, 20)).returnDate == day(2027, 1, 3))
        #expect(
            facts("Closed from 24 December to 2 January.", on: day(2026, 12, 23)).returnDate
                == day(2027, 1, 2))
        #expect(facts("Out of office until 3 March.", on: day(2026, 5, 1)).returnDate == day(2027, 3, 3))
        // A note that somebody forgot to switch off.
        #expect(facts("Out of office until 3 March.", on: day(2026, 3, 6)).returnDate == day(2026, 3, 3))
        #expect(
            facts("Out of office until 29 February.", on: day(2026, 2, 10)).returnDate == day(2028, 2, 29))
        #expect(
            facts("Out of office 24 December - 6 January.", on: day(2027, 1, 4)).returnDate
                == day(2027, 1, 6))
        // Notes of Easter are read on Easter Monday, too.
        #expect(
            facts("Out of office, back after Easter.", on: day(2026, 4, 6)).returnDate == day(2026, 4, 5))
    }

    @Test func `hold no date where none is named`() {
        #expect(facts("I am on parental leave.").returnDate == nil)
        #expect(facts("I may be away, march on!").returnDate == nil)
        #expect(facts("Not now, sorry.").postponedUntil == nil)
    }

    @Test(
        arguments: [
            ("Ask me again in Q3.", day(2026, 7, 1)),
            ("Not now, please come back to me in Q1.", day(2026, 2, 11)),
            ("Im Moment nicht, vielleicht nächstes Jahr.", day(2027, 1, 1)),
            ("Not at the moment, try again in two months.", day(2026, 4, 10)),
            ("Pas maintenant, recontactez-moi en septembre.", day(2026, 9, 1)),
            ("Pas maintenant, recontactez-moi au T3.", day(2026, 7, 1)),
            ("Ahora no, escríbame en tres meses.", day(2026, 5, 10)),
            ("Please circle back next quarter.", day(2026, 4, 1)),
            ("Melden Sie sich bitte Ende März noch einmal.", day(2026, 3, 21)),
            ("Not now, contact me after Easter.", day(2026, 4, 5)),
            ("Too busy, remind me in 6 weeks.", day(2026, 3, 24)),
        ])
    func `tell from when somebody may be asked again`(_ text: String, _ date: CivilDate) {
        #expect(facts(text).postponedUntil == date)
    }

    @Test(
        arguments: [
            ("You should rather speak with my colleague Bob, bob@example.org.", "Bob", "bob@example.org"),
            (
                "Please contact Peter Hansen (Peter.Hansen@Firm.example) instead.", "Peter Hansen",
                "peter.hansen@firm.example"
            ),
            ("Bitte wenden Sie sich an Herrn Vogel.", "Vogel", nil),
            (
                "Dafür ist Frau Dr. Anna Berger zuständig, berger@firma.example.", "Anna Berger",
                "berger@firma.example"
            ),
            (
                "Adressez-vous à ma collègue Claire Petit, claire@societe.example.", "Claire Petit",
                "claire@societe.example"
            ),
            ("Wrong person, try sales@company.example.", nil, "sales@company.example"),
            (
                "I am on leave. For urgent matters contact Lisa Brown at lisa@firm.example.", "Lisa Brown",
                "lisa@firm.example"
            ),
        ] as [(String, String?, String?)])
    func `tell whom to ask instead`(_ text: String, _ name: String?, _ address: String?) {
        let contact = facts(text).referralContact
        #expect(contact?.name == name)
        #expect(contact?.address == address)
    }

    @Test func `tell when somebody would talk`() {
        let tuesday = facts("Yes, let's talk. Tuesday at 3 pm works, or Thursday 10:30.")
        #expect(tuesday.wantsMeeting)
        #expect(tuesday.meetingTimes.map(\.date) == [day(2026, 2, 17), day(2026, 2, 12)])
        #expect(tuesday.meetingTimes.map(\.minuteOfDay) == [900, 630])
        let german = facts("Gerne, rufen Sie mich morgen um 14 Uhr an.")
        #expect(german.wantsMeeting)
        #expect(german.meetingTimes.first?.date == day(2026, 2, 11))
        #expect(german.meetingTimes.first?.minuteOfDay == 840)
        #expect(!facts("How much does it cost?").wantsMeeting)
    }

    @Test(
        arguments: [
            ("That's too expensive for us.", ObjectionKind.price), ("Das ist uns zu teuer.", .price),
            ("We already work with an agency.", .competitor), ("Das machen wir alles intern.", .competitor),
            ("We do not need any of this.", .noNeed), ("Sounds like a scam, I don't trust you.", .trust),
            ("I would have to ask my boss first and she is against it.", .authority),
            ("We are tied to a contract until the end of the year.", .contract),
            ("Bad timing, we are swamped.", .timing), ("Nous n'avons pas le budget.", .price),
            ("Ya tenemos una agencia.", .competitor),
        ])
    func `tell what speaks against it`(_ text: String, _ kind: ObjectionKind) {
        #expect(facts(text).objection == kind)
    }

    @Test func `hold no objection where somebody agrees`() {
        #expect(facts("Great, the price is fine, let's start on Monday!").objection == nil)
    }
}
