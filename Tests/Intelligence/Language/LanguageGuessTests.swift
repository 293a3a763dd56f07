import Testing

@testable import Intelligence

struct `The language of short texts` {
    @Test(arguments: [
        ("en", "Could you please send me the invoice?"), ("en", "How do I change my logo?"),
        ("en", "Hello Jane, open Settings, then Branding."),
        ("de", "Bitte schicken Sie mir die Rechnung."),
        ("fr", "Pouvez-vous m'envoyer la facture, s'il vous plaît ?"),
        ("es", "¿Me puede enviar la factura, por favor?"), ("it", "Potete mandarmi la fattura, per favore?"),
        ("pt", "Você pode me enviar a fatura, por favor? Não recebi."),
        ("nl", "Kunt u mij de factuur sturen? Ik heb hem niet."),
        ("pl", "Proszę o przesłanie faktury, dziękuję."),
        ("ru", "Пришлите, пожалуйста, счёт, мы его не получили. Это важно, вы знаете."),
        ("uk", "Надішліть, будь ласка, рахунок, дякую."), ("el", "Στείλτε μου το τιμολόγιο."),
        ("ja", "請求書を送ってください。"), ("zh", "请把发票发给我"), ("ko", "청구서를 보내 주세요"),
        ("ar", "أرسل لي الفاتورة من فضلك"), ("he", "שלחו לי את החשבונית"),
    ])
    func `is guessed from its commonest words and its script`(language: String, text: String) {
        #expect(LanguageGuess.of(text).language == language)
    }

    @Test(arguments: [
        ("de", "günstige Angebote"), ("es", "próxima reunión"), ("fr", "prochaine réunion"),
        ("it", "prossima riunione"), ("pl", "następne spotkanie"), ("cs", "příští schůzka"),
        ("sv", "nästa möte"), ("fi", "seuraava kokous"), ("hu", "következő megbeszélés"),
        ("bg", "следващата среща"), ("hr", "sljedeći sastanak"),
    ])
    func `is guessed from two words`(language: String, text: String) {
        #expect(LanguageGuess.of(text).language == language)
    }

    @Test func `is not thought sure of a name`() {
        #expect(LanguageGuess.of("Tom").confidence < 0.8)
    }

    @Test func `is not guessed where there is none`() {
        #expect(LanguageGuess.of("").language == nil)
        #expect(LanguageGuess.of("12345 👍").language == nil)
    }
}
