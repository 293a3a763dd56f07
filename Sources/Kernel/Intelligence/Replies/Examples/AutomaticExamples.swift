extension ReplyExamples {
    static let outOfOffice = #"""
        I am out of the office until Monday.
        I'm currently on annual leave and will be back on 12 August.
        Thank you for your email. I am away until 4 April with no access to my mail.
        Automatic reply: out of office
        I am on parental leave until October. In urgent cases please contact Lisa Brown, lisa@firm.example.
        OOO till Thursday, back on Friday.
        I'm travelling this week and will respond to your message when I return.
        Our offices are closed from 24 December to 2 January.
        I will be attending a conference and have limited access to email.
        Hi, thanks for your message. I'm on holiday and will get back to you after 20 July.
        I am on sick leave at the moment. Please contact the team mailbox.
        I have left the company. Please contact info@firm.example.
        Your message has been received. I will be back at my desk on Tuesday.
        I only work Tuesdays to Thursdays and will answer you on my next working day.
        Today is a public holiday in Germany. I'll reply tomorrow.
        This is an automated response. I'm on sabbatical until next spring.
        Away from my desk for the rest of the week. For anything urgent call +44 20 7946 0000.
        Enjoying some time off with my family! Back on the 9th.
        I am attending training all day and will respond tomorrow.
        Ich bin bis zum 14. August nicht im Büro.
        Vielen Dank für Ihre Nachricht. Ich befinde mich im Urlaub und bin ab Montag wieder erreichbar.
        Automatische Antwort: Abwesenheit
        Ich bin derzeit in Elternzeit. In dringenden Fällen wenden Sie sich bitte an Frau Kern, kern@firma.example.
        Ich bin bis einschließlich 15.04. abwesend. Ihre E-Mail wird nicht weitergeleitet.
        Wegen Betriebsferien ist unser Büro vom 1. bis 20. August geschlossen.
        Ich bin auf Dienstreise und habe nur eingeschränkten Zugriff auf meine E-Mails.
        Zurzeit bin ich krank und kann Ihre Mail nicht lesen.
        Am 3. Mai bin ich zurück und melde mich dann.
        Meine Arbeitstage sind Montag bis Mittwoch.
        Je suis absent du bureau jusqu'au 15 août.
        Réponse automatique : je suis en congé du 3 au 10 août.
        Merci pour votre message, je serai de retour lundi.
        Actuellement en congé maternité, merci de contacter ma collègue Julie.
        Nos bureaux sont fermés jusqu'au 2 janvier.
        En déplacement cette semaine, je vous répondrai à mon retour.
        Estoy fuera de la oficina hasta el 10 de septiembre.
        Respuesta automática: estoy de vacaciones hasta el lunes.
        Gracias por su mensaje, volveré el 3 de mayo y le responderé entonces.
        Nuestras oficinas permanecerán cerradas hasta el 7 de enero.
        Me encuentro de baja, contacte con mi compañera.
        Sono in ferie fino al 20 agosto.
        Sarò fuori ufficio fino a lunedì, risponderò al mio rientro.
        Estou de férias até 15 de agosto.
        Estarei fora do escritório até segunda-feira.
        Ik ben op vakantie tot en met 15 augustus.
        Ik ben momenteel afwezig en lees mijn mail niet.
        Jag är på semester till och med den 5 augusti.
        Jag är inte på kontoret idag, åter på måndag.
        Jeg er på ferie indtil den 10. august.
        Jeg er på barsel.
        Jestem na urlopie do 15 sierpnia.
        Przebywam poza biurem do poniedziałku.
        I'm off today.
        Thanks for getting in touch. I'm on leave and not reading mails. Please write to team@firm.example instead.
        I am in meetings all day and will get to your mail tomorrow morning.
        We are closed for the Christmas break and reopen on 7 January.
        Maternity leave until next March - my cover is Rosa Diaz, rosa@firm.example.
        Thank you for contacting us. Our business hours are Monday to Friday, 9 to 5.
        Heute nicht im Haus, ab morgen wieder da.
        Ich bin in Mutterschutz, meine Vertretung ist Frau Otto.
        Unsere Praxis bleibt bis 6. Januar geschlossen.
        Je suis en formation jusqu'à vendredi.
        Estaré de viaje hasta el jueves y contestaré a la vuelta.
        """#

    static let bounce = #"""
        Delivery has failed to these recipients: jane@firm.example. The email address you entered couldn't be found.
        Undelivered Mail Returned to Sender
        This is the mail system at host mx.firm.example. I'm sorry to have to inform you that your message could not be delivered to one or more recipients.
        550 5.1.1 The email account that you tried to reach does not exist.
        Your message to bob@firm.example couldn't be delivered.
        Mail delivery failed: returning message to sender. A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.
        The recipient's mailbox is full and can't accept messages now.
        Address not found
        552 mailbox quota exceeded
        Delivery Status Notification (Failure)
        550 user unknown
        Host or domain name not found. Name service error for name=firm.example type=MX: Host not found
        554 5.7.1 message rejected due to policy
        The following addresses had permanent fatal errors
        Message undeliverable: recipient address rejected
        Remote server returned 550 mailbox unavailable
        Ihre Nachricht konnte nicht zugestellt werden.
        Unzustellbar: Ihr Angebot
        Die E-Mail-Adresse wurde beim Empfänger nicht gefunden.
        Zustellung fehlgeschlagen: das Postfach ist voll
        Votre message n'a pas pu être remis au destinataire.
        Échec de la remise du message
        Le destinataire est inconnu, message non distribué.
        No se ha podido entregar su mensaje.
        Error de entrega: la dirección no existe
        El buzón del destinatario está lleno.
        Impossibile recapitare il messaggio
        A mensagem não pôde ser entregue.
        Uw bericht kon niet worden bezorgd.
        Ditt meddelande kunde inte levereras.
        Nie można dostarczyć wiadomości.
        421 Deferred: connection timed out, message still undelivered after 4 hours
        The user you are trying to contact is no longer at this address, your mail was not delivered.
        Message blocked by the recipient's server
        Recipient inbox over quota, try again later (4.2.2)
        The domain firm.example does not exist.
        This mailbox is no longer in use and is not monitored.
        Nachricht nicht zustellbar: unbekannter Empfänger
        Postfach voll, die Nachricht wurde nicht angenommen
        """#

    static let other = #"""
        Thanks.
        Thank you!
        Ok
        Noted.
        Received, thanks.
        Who is this?
        Happy new year to you too!
        I'll have a look.
        Will read it later tonight.
        Please see attached.
        Hello?
        Did you mean to send this to me? There's no attachment.
        Congratulations on the new office!
        Your invoice 2231 has been paid.
        Thanks, I'll think about it.
        We received your application and will review it.
        Can you resend the file? It wouldn't open.
        See you at the fair.
        Thanks for the update.
        Your order has shipped and will arrive on Tuesday.
        Sorry for the late answer, I was ill.
        I forgot the attachment, here it is.
        The meeting minutes are below.
        Ha ha, good one.
        👍
        My name is spelled with a K by the way.
        We are hiring! Look at our job page.
        Let me introduce our services: we build mobile apps for companies like yours.
        We offer guest posts and backlinks on 500 sites, are you interested in buying?
        Please confirm your email address by clicking the link below.
        Your ticket 48213 has been created, our team will get back to you.
        Your password was changed.
        Danke.
        Vielen Dank für die Info.
        Habe ich erhalten, danke.
        Wer sind Sie?
        Frohe Weihnachten!
        Ich schaue es mir an.
        Der Anhang fehlt.
        Ihre Rechnung ist eingegangen.
        Ihre Bestellung wurde versandt.
        Bis morgen!
        Alles klar.
        Wir haben Ihre Bewerbung erhalten.
        Merci.
        Bien reçu, merci.
        Je regarde et je reviens vers vous.
        Il manque la pièce jointe.
        Bonne année !
        Gracias.
        Recibido, gracias.
        Lo miro.
        Falta el archivo adjunto.
        Feliz año nuevo.
        Grazie mille.
        Obrigado pela informação.
        Bedankt.
        Tack så mycket.
        Mange tak.
        Dziękuję za informację.
        Got it.
        I just saw your message.
        Sorry, I pressed send too early.
        Which Anna do you mean? There are three of us.
        We met at the conference, didn't we?
        Nice to hear from you again, hope the family is well.
        I am applying for the open position, my CV is attached.
        The parcel arrived today.
        Your subscription renews on 4 May.
        Please find the signed minutes attached.
        Our address has changed, please update your records.
        We'd like to offer you our translation services.
        Here is the photo you asked for.
        Ich habe Ihre Nachricht gelesen.
        Danke für die schnelle Antwort.
        Schönes Wochenende!
        Anbei das Protokoll von gestern.
        Sie haben eine neue Nachricht erhalten.
        Wir bieten günstige Büromöbel an, schauen Sie in unseren Katalog.
        Bon week-end !
        Voici le document demandé.
        Merci pour le retour.
        Buen fin de semana.
        Adjunto el documento.
        """#
}
