import Intelligence
import Telemetry
import Testing

private func meaning(_ text: String) -> ReplyClass {
    ReplyClassifier.standard.classify(ReplyText(text: text), on: CivilDate(year: 2026, month: 2, day: 10))
        .meaning
}

/// None of these is one of the module's examples.
private let wishes = #"""
    STOP
    stop.
    Stop it!
    unsubscribe
    UNSUBSCRIBE PLEASE
    Please unsubscribe us from any future mailings.
    Take me off this list!
    take us off your list asap
    Please take our address off your distribution.
    do not contact me again
    Don't ever contact me again.
    Please do not email me.
    Never write to me again!
    remove me
    Remove us from your database, thanks.
    I'd like to be removed from this mailing.
    opt out
    Please opt me out.
    I want to opt out of your marketing emails.
    Thanks, not interested. Please remove my email from your system.
    You are spamming me. I will report you to the authorities.
    This is unsolicited email and I never subscribed to it.
    I did not sign up for this.
    I never gave you permission to contact me.
    How can I unsubscribe from these messages?
    Your unsubscribe link doesn't work, get me off this list.
    There's no way to unsubscribe in your mail.
    I can't unsubscribe from your emails, please do it for me.
    No more mails!
    We do not want to receive any more of these.
    I no longer wish to hear from you.
    Kindly refrain from sending further emails to this address.
    Quit emailing me.
    Cease and desist.
    Please delete all data you hold about me in accordance with the GDPR.
    I am exercising my right to erasure under Art. 17 GDPR.
    Delete my personal information.
    I object to the processing of my data for direct marketing.
    Leave us alone, we already have an agency.
    We're happy with our agency. Don't mail us again.
    Add me to your do not contact list and delete my e-mail address from your records.
    Lose my number.
    Stop your spam.
    Do not spam me.
    Don't call or email me again.
    I'd rather you did not email me again.
    Remove my data from your platform.
    Our company wants to unsubscribe.
    I click unsubscribe and still get your mails. Please unsubscribe me.
    Would you please stop mailing my staff?
    I have asked you before to unsubscribe me!!
    Not interested. Unsubscribe.
    remove from list
    Thx but pls take me of your list
    Ich kann mich nicht abmelden.
    Bitte keine weiteren E-Mails
    Bitte nehmen Sie mich von der Liste.
    Bitte aus dem Verteiler streichen!
    Tragen Sie mich bitte aus Ihrem Verteiler aus.
    Ich möchte mich abmelden.
    abmelden bitte
    Keine Werbung mehr!
    Bitte schicken Sie mir keine E-Mails mehr.
    Schreiben Sie mir nie wieder.
    Bitte sehen Sie von weiteren Kontaktaufnahmen ab und löschen Sie meine Adresse.
    Hiermit widerspreche ich der Verwendung meiner Daten für Werbung.
    Ich habe nie in Ihren Newsletter eingewilligt.
    Ich bitte um Löschung meiner Daten nach DSGVO.
    Unerwünschte Werbung! Das nächste Mal folgt eine Abmahnung.
    Bitte kontaktieren Sie uns in Zukunft nicht mehr.
    Loeschen Sie meine Mailadresse.
    Merci de me désinscrire.
    Veuillez me retirer de votre liste de diffusion.
    Désabonnement
    Ne m'écrivez plus.
    Ne me contactez plus jamais.
    Je ne veux plus recevoir vos messages.
    Cessez de m'envoyer des mails.
    Plus de mails svp.
    Supprimez mon adresse de vos fichiers.
    J'exerce mon droit d'opposition.
    Quiero que me den de baja.
    Por favor, elimine mi correo de su lista.
    No me envíen más correos.
    No deseo recibir más información.
    Deje de escribirme.
    Dar de baja por favor
    Bórrenme de su base de datos.
    Per favore cancellate il mio indirizzo dalla mailing list.
    Non voglio più ricevere le vostre email.
    Smettetela di scrivermi.
    Por favor, retirem-me da vossa lista.
    Não me enviem mais emails.
    Quero cancelar a subscrição.
    Verwijder mij uit uw bestand.
    Geen mails meer alstublieft.
    Ik wil me graag afmelden.
    Avregistrera mig tack.
    Inga fler mejl, tack.
    Vänligen ta bort min adress.
    Afmeld mig venligst.
    Send ikke flere mails til mig.
    Slet mine oplysninger.
    Proszę mnie wypisać z listy.
    Nie chcę otrzymywać więcej wiadomości.
    Proszę usunąć moje dane.
    """#

/// Words of leaving that are meant otherwise.
private let otherwise = #"""
    I can't find the unsubscribe button of your tool
    we offer unsubscribe management
    How do you handle unsubscribes for your clients?
    Our unsubscribe rate is too high, can you help with that?
    Many of our readers unsubscribe after the first mail. Could you fix this?
    Is there an opt-out clause in the contract?
    Please don't unsubscribe me, I read every issue.
    Does your software let customers unsubscribe with one click?
    We should stop wasting money on ads, let's talk.
    Feel free to stop by our office on Tuesday.
    I couldn't stop reading, great pitch. Call me.
    Your mail ended up in my spam folder, sorry for the late reply. Yes, I'm interested.
    Do you have spam protection in your forms?
    Please delete my previous message, I sent it too early.
    Could you remove the second slide from the proposal?
    We do not email our customers often enough, how could you help?
    Can you send me more information?
    ¿No podrían enviarme más información?
    Unsere Kunden melden sich oft wieder ab, was kann man tun?
    Unsere Abmelderate ist hoch. Haben Sie da Erfahrung?
    Ihre Mail ist leider im Spam gelandet. Wir haben Interesse, rufen Sie an.
    Können Sie uns nicht mehr Informationen senden?
    Quel est votre taux de désabonnement moyen ?
    Estoy de baja hasta el lunes.
    Our list has 5,000 contacts, do you work with such small lists?
    Please don't call, just email me next week.
    This is not spam, is it? If not: tell me more.
    Not now, contact me after Easter.
    Not at the moment, but email me again in May.
    We want to take our business to the next level, let's talk.
    """#

@Suite struct `A wish not to be written to` {
    @Test(arguments: wishes.split(separator: "\n").map(String.init))
    func `is never missed`(_ text: String) { #expect(meaning(text) == .unsubscribe) }

    @Test(arguments: otherwise.split(separator: "\n").map(String.init))
    func `is not read into its words where they mean something else`(_ text: String) {
        #expect(meaning(text) != .unsubscribe)
    }

    @Test func `wins over everything else that a mail says`() {
        #expect(
            meaning("Great pitch, sounds interesting, but we have an agency. Take me off your list.")
                == .unsubscribe)
        #expect(
            meaning(
                "Hello Kim,\n\nthank you for your mail. Please contact my colleague instead.\nAnd remove me from your list."
            )
                == .unsubscribe)
    }

    @Test func `in the mail that is quoted below an answer is our own words`() {
        #expect(meaning("Sounds good, call me!\n\n> reply STOP to be removed from our list") == .interested)
    }
}

@Suite struct `An absence with a date` {
    @Test(arguments: [
        "I am out of the office until 12 May. Please do not email me during this time, as mails are not read.",
        "Bis zum 12. Mai bin ich im Urlaub. In dieser Zeit werden keine E-Mails mehr gelesen.",
        "Je serai absente jusqu'au 12 mai. Pas la peine d'écrire : plus de mails lus pendant ce temps.",
        "Estaré de vacaciones hasta el 12 de mayo. Mientras tanto no me envíen correos, no los leo.",
        "Sono in ferie fino al 12 maggio. Nel frattempo non inviatemi mail, perché non le leggo.",
        "Ik ben met vakantie tot 12 mei. Stuur mij tot dan geen mails meer, ze worden niet gelezen.",
        "Estou de férias até 12 de maio. Até lá não me enviem emails, pois não são lidos.",
    ])
    func `is no wish to be left alone because mail is not read meanwhile`(_ text: String) {
        #expect(meaning(text) == .outOfOffice)
    }

    @Test(arguments: [
        "I am out of the office until 12 May. Please remove me from your list.",
        "Ich bin bis 12. Mai im Urlaub. Nehmen Sie mich aus dem Verteiler.",
        "Je suis en vacances jusqu'au 12 mai. Ne me contactez plus jamais.",
        "Estoy de vacaciones hasta el 12 de mayo. No me escriban nunca más.",
        "Sono in ferie fino al 12 maggio. Cancellatemi dalla lista.",
        "Ik ben met vakantie tot 12 mei. Verwijder mij uit uw bestand.",
        "Estou de férias até 12 de maio. Retirem-me da vossa lista.",
        "I am out of the office until 12 May. Do not email me again, I will not read it.",
        "I am out of the office. Please do not email me.",
    ])
    func `hides no wish that outlasts it`(_ text: String) { #expect(meaning(text) == .unsubscribe) }
}
