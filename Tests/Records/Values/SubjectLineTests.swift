import Testing

@testable import Records

@Suite struct SubjectLineTests {
    @Test(arguments: [
        "Re: Your offer", "RE: Your offer", "AW: Ihr Angebot", "Antw: Uw offerte", "RÉP : Votre offre",
        "Resp: Su oferta", "R: La vostra offerta", "RES: A sua proposta", "Sv: Ert erbjudande",
        "Re：Your offer",
    ])
    func `says in the mail program's language that it answers`(subject: String) {
        #expect(SubjectLine.isReply(subject) && !SubjectLine.isForward(subject))
        #expect(SubjectLine.answering(subject) == subject)
    }

    @Test(arguments: [
        "Fwd: Your offer", "WG: Ihr Angebot", "TR : Votre offre", "RV: Su oferta", "I: La vostra offerta",
        "ENC: A sua proposta", "Doorst: Uw offerte",
    ])
    func `says that a mail is passed on, which an answer keeps`(subject: String) {
        #expect(SubjectLine.isForward(subject) && !SubjectLine.isReply(subject))
        #expect(SubjectLine.answering(subject) == "Re: \(subject)")
    }

    @Test(arguments: [
        "", "Your offer", "Regarding: your offer", "Real estate: your offer", ":", "re your offer",
    ])
    func `says nothing of the kind in other words`(subject: String) {
        #expect(!SubjectLine.isReply(subject) && !SubjectLine.isForward(subject))
        #expect(SubjectLine.answering(subject) == "Re: \(subject)")
    }
}
