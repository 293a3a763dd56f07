extension TicketExamples {
    static let moreComplaint = #"""
        I'm writing for the fourth time now and still have no reply.
        Honestly, this is not the level of service we pay for.
        You missed the deadline again and did not even tell us.
        I had to explain our business from scratch to the third contact person.
        We found out from a customer that you had changed our page. Not okay.
        Your answer did not help at all, did you even read my message?
        My call was cut off twice and nobody called back.
        We are losing patience with your agency.
        The last meeting was badly prepared and a waste of our time.
        It is embarrassing how this was handled in front of our client.
        Nobody seems to care about our project since the contract was signed.
        You blame us for a mistake that you made.
        I expect an apology and a solution by tomorrow.
        The promised results are nowhere to be seen.
        I'm shocked that you sent this out without asking us.
        This is the worst cooperation we have had in years.
        Why do we have to chase you for every little thing?
        Your consultant did not show up to the appointment.
        I am really annoyed, this was promised for last week.
        We have never been treated like this by a supplier.
        Please pass this on to your boss: I am not satisfied.
        You keep sending us to somebody else, nobody solves it.
        It takes you days to answer a simple question.
        The work you delivered is sloppy and full of mistakes.
        I've had enough, I want out of this contract.
        We trusted you with our brand and you let us down.
        So many empty promises.
        I will leave a review about how you treat customers.
        How often do I have to repeat myself?
        What a disappointing experience from beginning to end.
        Your new account manager is unfriendly and unprepared.
        This should never have gone live, it made us look ridiculous.
        I'm not willing to accept this any longer.
        We are seriously unhappy with the last three months.
        If I don't hear from you today, our lawyer will write to you.
        The attitude of your team is unacceptable.
        You ignored every point of our feedback.
        A delay of six weeks without a word, really?
        Ich warte jetzt seit drei Wochen auf eine Rückmeldung!
        Das ist wirklich ärgerlich und unprofessionell.
        Wir sind mit der Betreuung überhaupt nicht zufrieden.
        Ihr Mitarbeiter war unfreundlich am Telefon.
        Schon zum dritten Mal derselbe Fehler.
        Niemand fühlt sich zuständig.
        Ich erwarte eine Entschuldigung.
        So haben wir uns das nicht vorgestellt.
        Wenn das so weitergeht, kündigen wir.
        Je ne suis pas du tout satisfait.
        Cela fait trois fois que je vous écris sans réponse.
        Votre collègue a été désagréable au téléphone.
        Estoy harto de esperar una respuesta.
        Es la tercera vez que cometen el mismo error.
        El trato ha sido pésimo.
        Non siamo affatto soddisfatti.
        È la terza volta che vi scrivo senza risposta.
        Péssimo atendimento, ninguém resolve nada.
        Já reclamei três vezes e continua igual.
        Ik wacht al weken op een antwoord.
        Dit is echt onprofessioneel.
        """#

    static let moreFeatureRequest = #"""
        Hi team, would be lovely if the portal could remind us of open approvals.
        Could you let us export the calendar to Outlook?
        It'd be useful to see who approved which draft.
        Have you thought about a version for tablets?
        A button to copy last month's settings would save us a lot of clicks.
        We would love to get reports as slides.
        Please consider adding Italian to the portal.
        I wish that I could sort the leads by score.
        Would you consider a connection to Pipedrive?
        It would make our life easier if invoices could be downloaded all at once.
        Idea: show the expected reach before we approve an ad.
        One thing I miss is a history of changes.
        Can the chat get a button for attachments?
        It would be good to have templates for our own mails.
        Any chance of push notifications?
        Please add a way to mute a conversation.
        We suggest a traffic light for the health of each campaign.
        Could drafts be compared side by side?
        A weekly summary in Slack would be wonderful.
        I'd find it helpful if comments could be resolved.
        Is an integration with Shopify on your roadmap?
        How about letting us drag and drop posts in the calendar?
        More chart types in reports would be welcome.
        Please make it possible to tag colleagues in comments.
        Would you build us a way to set goals per channel?
        We'd appreciate an option to hide columns.
        Could the system suggest the best time to post?
        A print view for the dashboard would be nice to have.
        You should offer an Android app.
        It would be great to upload leads by drag and drop.
        Please let users choose their own start page.
        An overview of all subsidiaries on one page, that would be something!
        Could you add Bing to the channels?
        My wish for the next version: saved filters.
        It would help us if the search also looked into attachments.
        Can you make the time range of the chart adjustable?
        Feature idea: automatic translation of posts.
        We need the possibility to approve by mail, can you add that?
        Wäre es möglich, Berichte automatisch per Mail zu bekommen?
        Toll wäre eine Erinnerung an offene Freigaben.
        Mir fehlt eine Übersicht über alle Änderungen.
        Könnt ihr Pipedrive anbinden?
        Idee: Filter speichern und mit dem Team teilen.
        Eine Druckansicht fürs Dashboard wäre praktisch.
        Bitte ergänzt eine Möglichkeit, Spalten auszublenden.
        Schön wäre, wenn man Kollegen in Kommentaren markieren könnte.
        Gibt es Pläne für eine Android-App?
        Il serait pratique de pouvoir enregistrer les filtres.
        Une intégration avec Slack serait utile.
        Pourriez-vous ajouter un mode sombre ?
        Estaría bien poder exportar el calendario.
        ¿Tienen pensado integrar Shopify?
        Sería útil recibir avisos por WhatsApp.
        Sarebbe bello poter salvare i filtri.
        Potreste aggiungere l'esportazione in Excel?
        Seria útil ter uma aplicação móvel.
        Podiam adicionar uma integração com o Slack?
        Kunnen jullie een koppeling met Slack maken?
        Een donkere modus zou mooi zijn.
        """#

    static let moreGeneral = #"""
        Hi, who do I contact about a possible partnership?
        Are you open between Christmas and New Year?
        Can I drop by your office on Thursday?
        Thanks a lot for the nice conversation yesterday!
        I'd like to book a first call to get to know you.
        Which day suits you for the kick-off?
        Our director will join the meeting on Wednesday.
        Do you have experience with dentists?
        Please call me at noon, it's about something else.
        How many people work at your agency?
        We're moving house, from May our address is Mill Lane 4.
        Is parking available at your place?
        I will be out next week, my colleague Sam takes over.
        We won an award, thanks to all of you!
        Do you offer internships?
        Hello?
        Just checking in, nothing urgent.
        All good on our side, thank you.
        Could you tell me more about how you work?
        Is there somebody who speaks Italian?
        Happy new year to everybody!
        Can you send me a presentation of your agency?
        Let me know when you have a minute.
        What does the onboarding look like?
        Where can I read your terms and privacy policy?
        I received a mail for somebody else, I think.
        Did you get my message?
        The workshop was excellent, everyone enjoyed it.
        Could we have the meeting online instead?
        Sorry, I have to move our appointment to Friday.
        A friend recommended you to me.
        Which languages does your team speak?
        Do you also work for non-profits?
        I'm a journalist and would like to interview your founder.
        Is your office accessible by wheelchair?
        Who replaces Martin while he is away?
        What is the phone number of your Berlin office?
        Great job, we are more than happy with the outcome.
        Wie lange dauert so eine Zusammenarbeit üblicherweise?
        Wann haben Sie Zeit für ein Gespräch?
        Ich bin ab Montag im Urlaub.
        Können wir den Termin verschieben?
        Danke für das nette Gespräch gestern!
        Haben Sie Erfahrung mit Arztpraxen?
        Bitte rufen Sie mich zurück.
        Bieten Sie auch Praktika an?
        Ein gutes neues Jahr wünschen wir!
        Pouvons-nous déplacer le rendez-vous à vendredi ?
        Qui est notre interlocuteur ?
        Où se trouve votre bureau ?
        ¿Podemos cambiar la reunión al viernes?
        ¿Trabajan también con hoteles?
        Hola, tengo una pregunta.
        Possiamo spostare l'incontro a venerdì?
        Chi è il nostro referente?
        Podemos marcar uma reunião na próxima semana?
        Onde fica o vosso escritório?
        Kunnen we de afspraak verzetten?
        Wie is onze contactpersoon?
        """#
}
