extension ReplyExamples {
    static let notInterested = #"""
        Not interested, thank you.
        No thank you.
        Thanks, but no thanks.
        We'll pass.
        This is not for us.
        I'm afraid this isn't something we need.
        We have decided against it.
        Sorry, no interest here.
        Thanks for the offer but we're not looking for such services.
        Not a match, good luck though.
        I don't think it's a fit.
        I'll pass on this one.
        nope
        No.
        no interest
        Hard pass.
        Appreciate the effort, but we won't be going ahead.
        It doesn't interest me.
        Unfortunately we have to decline your offer.
        After discussing it with the team, we will not be moving forward. Best of luck.
        We're good, thanks.
        Not our cup of tea.
        I have zero interest in this.
        We do not require your services.
        Please don't take it personally but this is really not relevant for us.
        We went through your proposal and it's a no from our side.
        Nice try.
        I'm not convinced, so no.
        We won't be needing this, all the best with your business.
        You are wasting your time with us.
        No need, thanks!
        Definitely not.
        We are closing the company, so there is no use for this.
        Hi Peter, thanks for thinking of us. We are not interested at this point. Regards, Jane
        Oh great, another agency. Just what I needed. No.
        wow, what an original pitch. no thanks
        We've gone in a different direction.
        This has no relevance to our business.
        Doesn't apply to us, we're a non profit.
        We aren't interested in outsourcing this.
        I looked at it and it is not what we're searching for.
        No, I do not want a demo.
        I would rather not.
        We have chosen not to pursue this.
        Thanks anyway, bye.
        Kein Interesse.
        Nein danke.
        Danke, aber wir haben keinen Bedarf.
        Vielen Dank für das Angebot, wir möchten davon keinen Gebrauch machen.
        Das ist für uns leider nicht interessant.
        Wir müssen Ihnen leider absagen.
        Nein, das passt nicht zu uns.
        Wir haben uns dagegen entschieden.
        Für uns nicht relevant.
        Das brauchen wir nicht.
        Danke für Ihre Mühe, aber das kommt für uns nicht infrage.
        Leider nein.
        Wir sind nicht interessiert, viel Erfolg noch.
        Sehr geehrte Frau Klein, nach interner Prüfung haben wir uns entschieden, Ihr Angebot nicht anzunehmen. Mit freundlichen Grüßen
        nö
        Kein Bedarf, danke.
        Na toll, noch so eine Agentur. Nein danke.
        Das ist nichts für uns.
        Wir verzichten.
        Pas intéressé, merci.
        Non merci.
        Cela ne nous intéresse pas.
        Nous n'avons pas besoin de ce service.
        Nous ne donnerons pas suite à votre proposition.
        Ce n'est pas pour nous.
        Malheureusement non, bonne continuation.
        Nous avons décidé de ne pas poursuivre.
        Je ne suis pas intéressé par votre offre.
        Aucun intérêt.
        No me interesa, gracias.
        No, gracias.
        No estamos interesados.
        No lo necesitamos.
        Gracias, pero no es para nosotros.
        Lamentablemente vamos a declinar su oferta.
        Hemos decidido no seguir adelante.
        No encaja con lo que buscamos.
        Paso, gracias.
        No nos interesa en absoluto.
        Non siamo interessati, grazie.
        No grazie.
        Non fa per noi.
        Não temos interesse.
        Não, obrigado.
        Geen interesse.
        Nee, dank je.
        Wij hebben hier geen behoefte aan.
        Nej tack, inte intresserad.
        Vi är inte intresserade.
        Nej tak, det er ikke noget for os.
        Vi er ikke interesserede.
        Nie, dziękuję.
        Nie jesteśmy zainteresowani.
        We've looked into it and it's nothing for us.
        I'm good, thank you.
        That's a no.
        We'd rather stay with what we have.
        Please consider this a polite no.
        This doesn't fit our plans at all.
        We can't use this.
        Doesn't sound like something for us.
        Daran haben wir kein Interesse.
        Wir sehen dafür keine Verwendung.
        Das ist leider nichts, was wir suchen.
        Wir lehnen dankend ab.
        Sans intérêt pour nous.
        Merci mais nous ne sommes pas demandeurs.
        Ce n'est pas ce que nous cherchons.
        No es lo que buscamos.
        No, no me interesa en este tema.
        Merci, mais nous faisons tout nous-mêmes et cela restera ainsi.
        C'est gentil, toutefois cela ne correspond à rien de ce que nous cherchons.
        Merci pour votre courrier, mais nous n'externalisons rien.
        Nous en avons parlé entre nous, c'est non.
        Se lo agradezco, pero no externalizamos nada.
        Lo hemos comentado entre nosotros y es que no.
        Danke, aber wir geben nichts nach außen.
        Wir haben im Kreis der Partner darüber gesprochen: nein.
        Thank you, but we keep all of this in our own hands and will go on doing so.
        """#

    static let referral = #"""
        Please contact my colleague Maria, maria@company.example.
        I'm not the right person for this, please talk to our CMO.
        You should speak with Peter Hansen, he runs marketing: peter.hansen@firm.example
        I've forwarded your mail to our marketing department.
        Forwarding this to Jane who looks after our website.
        Adding my colleague Sam in cc, he can help you.
        Wrong person, try sales@company.example.
        I don't handle this, our head of growth does.
        I left the marketing team. Please reach out to Chris instead.
        Looping in Dana.
        The best contact for this would be our managing director, Mr. Olsen.
        That's not my department. Ask for Linda Green in purchasing.
        I passed it on to the person in charge.
        Kindly address this to our procurement team at procurement@firm.example.
        Tom takes care of all advertising here, his mail is tom@firm.example.
        I no longer work with this company. My successor is Eva Blum.
        Better to ask our agency manager, Julia.
        Hi, you've got the wrong guy, I'm in accounting. Marketing is run by Ana.
        I am retired, the company is now led by my daughter Clara (clara@firm.example).
        Please direct your enquiry to our head office in Leeds.
        not me, ask robert
        Let me connect you with our digital lead, Kim.
        My colleague John would be interested in that, you can write to him at john@firm.example.
        She's the one who decides on tools: sofia@firm.example
        Sent to our IT lead, he may come back to you.
        Our marketing is managed by an external consultant, talk to her: nina@consult.example
        I have handed your message over to Mr Brown.
        Contact details of the right person: Paul Weber, +49 30 1234567.
        You'll want to speak to whoever does our paid search, that's Oliver.
        I changed roles, my colleague Steve now owns this topic.
        Speak to the owner, not to me.
        Bitte wenden Sie sich an meine Kollegin Frau Berger, berger@firma.example.
        Dafür ist Herr Schulz zuständig.
        Ich habe Ihre Mail an unsere Marketingabteilung weitergeleitet.
        Ich bin dafür nicht der richtige Ansprechpartner.
        Das macht bei uns der Kollege Weber, erreichbar unter weber@firma.example.
        Ich leite das an unseren Geschäftsführer weiter.
        Ich arbeite nicht mehr in dieser Abteilung, fragen Sie bitte Frau Lang.
        In Kopie meine Kollegin, die sich um das Thema kümmert.
        Bitte richten Sie Ihre Anfrage an einkauf@firma.example.
        Da müssen Sie mit unserer Zentrale in Köln sprechen.
        Falscher Ansprechpartner, versuchen Sie es bei Thomas Krug.
        Habe ich an den Kollegen gegeben, der meldet sich bei Interesse.
        Am besten sprechen Sie direkt mit unserem Marketingleiter.
        Adressez-vous à ma collègue Claire, claire@societe.example.
        Je ne suis pas la bonne personne, contactez notre directeur marketing.
        J'ai transmis votre message au service concerné.
        C'est Monsieur Petit qui s'en occupe.
        Je mets en copie mon collègue qui gère ce sujet.
        Merci de contacter directement le siège.
        Je ne travaille plus dans cette équipe, voyez avec Sophie.
        Contacte con mi compañera Laura, laura@empresa.example.
        No soy la persona adecuada, hable con el director de marketing.
        He reenviado su correo al departamento correspondiente.
        De eso se encarga el señor Ruiz.
        Copio a mi compañero, que lleva estos temas.
        Diríjase a compras@empresa.example, por favor.
        Si rivolga al mio collega Marco, marco@azienda.example.
        Ho inoltrato la sua mail all'ufficio marketing.
        Fale com a minha colega Joana, joana@empresa.example.
        Não sou a pessoa certa para isto.
        U kunt beter contact opnemen met mijn collega Jan.
        Ik heb uw mail doorgestuurd naar de afdeling marketing.
        Kontakta min kollega Erik i stället.
        Jag är inte rätt person, prata med vår marknadschef.
        Tag fat i min kollega Mette i stedet.
        Jeg har sendt din mail videre til vores marketingchef.
        Proszę skontaktować się z moją koleżanką Anną.
        Przekazałem wiadomość do działu marketingu.
        Anna decides about these things, not me.
        This should go to our communications people.
        I'm only the intern, my supervisor is Ms. Keller.
        You have reached the wrong department, marketing sits in Vienna: office@firm.example
        My business partner looks after all that, feel free to write to her directly.
        Try our media buyer, Jonas.
        I've shared this with our growth team, they'll be in touch if it fits.
        Das entscheidet bei uns Herr Huber.
        Ich bin nur die Assistenz, zuständig ist die Marketingleitung.
        Schreiben Sie am besten direkt an Frau Neumann.
        Voyez plutôt avec notre responsable communication.
        Lo lleva mi socia, escríbale a ella.
        """#

    static let unsubscribe = #"""
        Unsubscribe
        Please unsubscribe me from this list.
        Take me off your mailing list.
        Remove me from your database immediately.
        Stop emailing me.
        Do not contact me again.
        I want to opt out of these mails.
        No more emails please.
        Don't write to me any more.
        I never signed up for this, delete my details.
        Under GDPR I request the erasure of all my personal data.
        stop
        STOP!!!
        This is spam, I will report you.
        remove
        Kindly remove my address from your records.
        I do not wish to receive any further communication from you.
        Leave me alone.
        Not interested, please take me off your list.
        I've asked you three times to stop sending these mails.
        pls unsub
        unsubscrbe me please
        Please delete me from your CRM.
        How do I unsubscribe from this?
        There is no unsubscribe link in your mail. Take me off.
        Cease all communication with me.
        I withdraw my consent to be contacted.
        If you mail me once more I will block you and report you as spam.
        We don't want to be contacted by you. Strike us from your list.
        Lose my email address.
        Please stop this nonsense and remove our company from your campaign.
        Bitte nehmen Sie mich aus Ihrem Verteiler.
        Keine weiteren Mails bitte.
        Abmelden
        Bitte tragen Sie mich aus.
        Kontaktieren Sie mich nicht mehr.
        Löschen Sie meine Daten.
        Ich widerspreche der Nutzung meiner Daten zu Werbezwecken.
        Ich möchte keine Werbung mehr von Ihnen erhalten.
        Hören Sie auf, mir zu schreiben!
        Das ist Spam, streichen Sie mich von der Liste.
        Unterlassen Sie bitte zukünftig diese E-Mails.
        Gemäß DSGVO verlange ich die Löschung aller Daten.
        Lassen Sie mich in Ruhe.
        Désabonnez-moi de cette liste.
        Merci de ne plus me contacter.
        Retirez mon adresse de votre base.
        Je ne souhaite plus recevoir vos mails.
        Arrêtez de m'écrire.
        Supprimez mes données.
        Désinscription
        Date de baja mi correo, no quiero recibir más mensajes.
        No me escriban más.
        Elimínenme de su lista.
        Dejen de enviarme correos.
        Quiero darme de baja.
        Baja
        Borren mis datos de su base.
        Cancellatemi dalla vostra lista.
        Non scrivetemi più.
        Remova o meu email da sua lista.
        Não quero receber mais emails.
        Haal mij van de lijst.
        Stuur me geen mails meer.
        Graag uitschrijven.
        Ta bort mig från listan.
        Sluta skicka mail till mig.
        Fjern mig fra jeres liste.
        Jeg ønsker ikke at modtage flere mails.
        Proszę o usunięcie mnie z listy.
        Proszę nie pisać do mnie więcej.
        """#
}
