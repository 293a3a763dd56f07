extension HandoverExamples {
    /// In other languages, and about what else people ask machines.
    static let others = #"""
        Was kostet das kleine Paket?
        Wann kommt der Bericht für Mai?
        Ich möchte einen Termin vereinbaren.
        Bitte pausieren Sie die Kampagne.
        Ich kann mich nicht anmelden.
        Die Seite zeigt einen Fehler.
        Danke, das hat geholfen.
        Bist du ein Mensch?
        Spreche ich mit einem Bot?
        Ich spreche erst mit meinem Chef.
        Ich muss das mit meinen Mitarbeitern besprechen.
        Ich möchte einen Mitarbeiter hinzufügen.
        Wie viele Menschen haben die Anzeige gesehen?
        Ich brauche keinen Menschen, nur den Link.
        Sie müssen mich nicht anrufen.
        Wir suchen neue Mitarbeiter, könnt ihr eine Anzeige schalten?
        Wo finde ich meine Rechnung?
        Ich möchte kündigen.
        Könnt ihr das Logo größer machen?
        Das Formular funktioniert nicht.
        Bieten Sie auch Chatbots an?
        Combien coûte l'offre de base ?
        Je ne trouve pas ma facture.
        Le site ne marche pas.
        Êtes-vous un robot ?
        Je dois en parler à mon équipe.
        Pas besoin d'un conseiller, merci.
        Quand est-ce que le rapport sera prêt ?
        Merci beaucoup !
        ¿Cuánto cuesta el plan básico?
        No encuentro mi factura.
        La página no funciona.
        ¿Eres un robot?
        Tengo que hablarlo con mi jefe.
        Quiero cambiar la fecha.
        Muchas gracias por todo.
        Quanto costa il pacchetto base?
        Non trovo la fattura.
        Sei un robot?
        Devo parlarne con il mio capo.
        Grazie mille!
        Quanto custa o plano básico?
        Não encontro a fatura.
        Você é um robô?
        Obrigado, resolvido.
        Wat kost het basispakket?
        Ik kan mijn factuur niet vinden.
        Ben je een robot?
        Ik overleg het met mijn collega.
        Bedankt, dat helpt.
        Vad kostar det?
        Jag hittar inte fakturan.
        Är du en robot?
        Hvad koster det?
        Jeg kan ikke finde fakturaen.
        Hva koster det?
        Ile to kosztuje?
        Nie mogę znaleźć faktury.
        Czy jesteś botem?
        how do i transfer the domain to you
        transfer the budget to the other campaign
        transfer 200 to the new account
        please transfer my number
        connect my shop with the ad account
        connect the calendar
        put the logo on the left
        pass the data to analytics
        get me the numbers from march
        give me the report
        give us a discount
        forward the mail to accounting
        contact form is broken
        contact details have changed
        where are your contact details
        reach was lower than expected
        call costs more than the click
        can you call the article something else
        the support page has a typo
        support for ipads
        team page needs an update
        I'd like to see the manager role
        an operator is missing in the formula
        which representative plan do we have
        I lost my phone and cannot confirm the code
        what is my balance
        when does my contract end
        how long does delivery take
        is breakfast included
        book the room for two nights
        what time does the gym open
        can I bring my dog
        the room is too cold
        my pin does not work
        freeze the card please
        why was I charged a fee
        set an alarm for six
        play some music
        translate this into Spanish
        how tall is the tower
        what is 12 times 12
        remind me tomorrow
        good morning
        hello there
        hi, a question
        I have a question about the invoice
        on the 14th of May
        tomorrow at ten
        from Monday to Friday
        five hundred euros
        it is the second one
        that's right, thanks
        yes please, activate it
        no, the other one
        sounds good
        I don't know
        never mind
        not now
        maybe later
        what do you mean
        can you repeat that
        say that again
        I didn't get the confirmation mail
        the refund has not arrived
        is there a fee for this
        how can I track my order
        I want to unsubscribe from the newsletter
        delete my data
        which payment methods do you take
        I'd rather pay monthly
        I'd like to postpone it
        I need to know more about the limits
        can I get a second card for my son
        the person I want to pay lives abroad
        someone used my card
        somebody else ordered this
        anyone can see the page
        does anyone use this feature
        the human in the picture looks odd
        your agency was recommended to us
        our agency handles that
        staff training videos, do you make those
        employees should not see the prices
        my assistant will send the files
        you are a great assistant
        you are helpful
        thank you for your help, assistant
        """#
}
