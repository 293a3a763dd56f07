extension TicketExamples {
    static let complaint = #"""
        Third reminder, please answer.
        I am very disappointed with your service.
        Nobody has answered me for two weeks.
        This is not what we agreed on.
        Your colleague was rude on the phone.
        We expected much more from an agency like yours.
        I want to make a formal complaint.
        You promised a call and nobody called.
        This is the third time that a deadline was missed.
        We are considering leaving you.
        What are we paying you for?
        The quality of your work has gone down badly.
        I am fed up with excuses.
        Unacceptable. I want to speak to your management.
        The whole project has been a mess from the start.
        I have been waiting for an answer since Monday!
        We feel ignored as a customer.
        You published without our approval, that must not happen.
        The cooperation is frustrating.
        Your support is useless.
        Nothing that was promised has been delivered.
        I regret signing with you.
        We will tell others about this experience.
        That is the worst service I ever had.
        Every month the same mistakes.
        I want to complain about my consultant.
        How can it be that nobody feels responsible?
        This is unprofessional.
        If this happens again we will cancel the contract.
        Not happy at all with how this was handled.
        Ich bin sehr enttäuscht von Ihrer Arbeit.
        Seit zwei Wochen antwortet mir niemand.
        Das ist die dritte Erinnerung.
        Ich möchte mich beschweren.
        Das ist inakzeptabel.
        So geht man nicht mit Kunden um.
        Die Zusammenarbeit ist frustrierend.
        Wofür bezahlen wir Sie eigentlich?
        Schon wieder wurde ein Termin nicht eingehalten.
        Wir fühlen uns nicht ernst genommen.
        Je suis très déçu de votre service.
        Personne ne me répond depuis une semaine.
        C'est inadmissible.
        Estoy muy decepcionado con el servicio.
        Nadie me contesta.
        Sono molto deluso dal servizio.
        Nessuno risponde.
        Estou muito desapontado com o serviço.
        Ik ben erg ontevreden over de service.
        """#

    static let featureRequest = #"""
        A dark theme would be nice.
        Could you add an export to Excel?
        It would be great if we could comment on drafts.
        Please offer a mobile app.
        Are there any plans for a Slack integration?
        I'd love to see the leads on a map.
        A calendar view of all posts would help us.
        Feature request: filter by tag.
        Can you build an option to schedule reports?
        We miss a way to duplicate campaigns.
        Suggestion: send a digest once a day instead of single mails.
        It would help if the table remembered its columns.
        Would it be possible to add a second currency?
        Please support single sign-on with Okta.
        An undo button would be handy.
        Could the dashboard show last year's numbers next to this year's?
        Wish: approve several drafts at once.
        I have an idea for the portal.
        It would be cool to get alerts by WhatsApp.
        A search in the messages would save us time.
        Do you plan to support TikTok?
        Keyboard shortcuts please!
        We'd like custom fields on contacts.
        Let us upload whole folders.
        Could you introduce a read-only role for our board?
        Ein dunkles Design wäre schön.
        Könntet ihr einen Excel-Export einbauen?
        Vorschlag: eine Kalenderansicht für alle Beiträge.
        Es wäre hilfreich, wenn man Entwürfe kommentieren könnte.
        Plant ihr eine Anbindung an Teams?
        Ich wünsche mir eine Suche im Portal.
        Eine App fürs Handy fände ich gut.
        Ce serait bien d'avoir un export Excel.
        Prévoyez-vous une application mobile ?
        Sería genial poder filtrar por etiqueta.
        Sarebbe utile un'app per il telefono.
        Seria bom ter um modo escuro.
        Het zou fijn zijn om te kunnen filteren.
        """#

    static let general = #"""
        Great product, thank you!
        Is there a discount for NGOs?
        What are your opening hours?
        Hello, I have a question.
        Where is your office?
        Who is our contact person?
        Can we meet next week?
        Merry Christmas to the whole team!
        Thanks for the quick help.
        Do you work with hotels, too?
        I'd like to know more about your agency.
        We have moved, here is our new phone number.
        Please call me back.
        Just wanted to say how happy we are.
        Are you hiring?
        Could you introduce us to your designer?
        I will be on holiday until the 12th.
        Let's schedule our quarterly review.
        How long have you been in business?
        Do you have references in our industry?
        Looking forward to the workshop.
        Got it, thanks.
        Please look.
        A question about our cooperation.
        Can you recommend a photographer?
        What services do you offer?
        Thank you all for the great year.
        How can I reach you by phone?
        Please forward this to Anna.
        Our office is closed tomorrow.
        Test message, please ignore.
        Do you also offer training?
        Vielen Dank für die tolle Arbeit!
        Wie sind Ihre Öffnungszeiten?
        Wer ist unser Ansprechpartner?
        Können wir nächste Woche telefonieren?
        Frohe Weihnachten!
        Ich habe eine Frage.
        Arbeiten Sie auch mit Vereinen?
        Wo ist Ihr Büro?
        Merci pour votre aide !
        Quels sont vos horaires ?
        ¡Muchas gracias por todo!
        ¿Cuál es su horario?
        Grazie per l'aiuto.
        Quali sono i vostri orari?
        Obrigado pela ajuda!
        Bedankt voor de hulp.
        """#
}
