extension ReplyExamples {
    static let interested = #"""
        Yes, this sounds good. When can we talk?
        Sure, happy to have a chat next week.
        This is interesting. Can you call me tomorrow at 10?
        Sounds great, please send over a proposal.
        We would like to go ahead with the basic plan.
        Let's do it. What do you need from us?
        I'd love to learn more about how you do this.
        Count us in, how do we begin?
        Great timing, we were just discussing this internally. Are you free Thursday afternoon?
        Thanks for reaching out! I'd be open to a short call. Wednesday after 2pm suits me.
        Yes please, send me a calendar invite for Friday.
        Absolutely, let's set something up.
        We are currently looking for an agency, so your mail comes at the right moment. Let's talk.
        Could you show us a short demo of the reporting part?
        I'm curious. Book me in for 20 minutes.
        Happy to connect. My number is below, call any time after lunch.
        We need exactly this. Please send an offer for 3 locations.
        Ok, you have my attention. Let's talk numbers on Monday.
        That's impressive, I'd like to see what you could do for our shop.
        Please give me a ring, mornings are best.
        I think there might be a fit here, let's explore it.
        Hi Tom, thanks for the note. Yes we are open to new ideas for lead gen, let's arrange a call. Best, Anna
        interested, pls send details
        yes interested
        Yes!
        sure why not
        sounds good to me
        Let us give it a try for one month.
        We're in. Send me the agreement and I'll sign it today.
        Please sign us up for the trial.
        I am definitely interested in improving our rankings, tell me more.
        Very interesting, my partner and I would both like to join a meeting.
        Tuesday 3 pm works for me, please send a Zoom link.
        Looks promising. I am available on the 12th or 13th.
        We would be keen to see a sample report for our site.
        Can we jump on a quick call this week?
        Good pitch! Ok, fifteen minutes on Tuesday then.
        Your case study convinced me, let's start with the audit.
        My boss liked it, we want to move forward.
        I'd like to order the starter package.
        Yes, do send me more information, I'll forward it to the team and we can speak on Thursday.
        Hello, I saw your message and I'd like to hear more about the email automation you mentioned. When would be a good time to talk?
        Let me know your availability for next week, I would like to discuss this.
        Here's my Calendly, grab any slot you like.
        Fantastic, this is what we have been missing. What are the next steps?
        Yep, ping me on Monday and we'll set up a call.
        That could really help us, we get almost no leads from our website at the moment. Please call me.
        I'm all ears.
        OK convince me. Thursday 9.30?
        We should talk. Our ads are burning money right now.
        Please send pricing and availability, we'd like to get started before summer.
        I have been looking for someone to take over our social media, so yes please.
        I would appreciate a demo for my team of four.
        Great, works for me, see you then.
        Feel free to call me on my mobile, I'd be glad to discuss.
        Would love to chat, how is Thursday?
        That's a yes from us.
        We'd like to test it with a small budget first and scale if it works.
        Good to hear from you. We met at the fair last year, and yes, we are ready now.
        Perfect. Can you send the contract over?
        Our budget is about $5,000 a month, I can sign myself, and we would like to begin next month.
        We have set aside 3k per month. My co-founder and I decide together. Ideally we start in March.
        Roughly 9,000 a month, the decision is mine, start in four weeks.
        We spend £2,500 monthly at the moment and could go up to 4,000. I make the decision, and we want to be live before autumn.
        To your questions: yes, I am the one who decides, there are 12,000 euros a month for it, and we plan to start in eight weeks.
        Looks good! The budget would be $15k a month; I'd have to sign it, and we want to kick off in two months.
        Unser Budget liegt bei 4.000 Euro im Monat, ich entscheide das selbst, und wir möchten in sechs Wochen beginnen.
        Not bad at all! I was about to look for something like this. Let's speak tomorrow.
        I don't usually answer cold mails, but this one is good. Let's talk.
        No problem at all, happy to talk on Friday.
        Why not, we have nothing to lose. When do you have time?
        I was sceptical at first, but the numbers look strong. Let's book the demo.
        Please put something in my diary for the week of the 14th.
        Ja, das klingt spannend. Wann können wir telefonieren?
        Klingt interessant, schicken Sie mir bitte ein Angebot.
        Gerne! Dienstag um 14 Uhr würde mir passen.
        Sehr gern, rufen Sie mich morgen an.
        Wir haben Interesse, bitte melden Sie sich telefonisch.
        Wir suchen gerade genau so etwas. Lassen Sie uns sprechen.
        Das hört sich gut an, können Sie uns eine Demo zeigen?
        Ja, bitte senden Sie mir mehr Informationen zu, wir sind grundsätzlich interessiert.
        Wir würden gerne mit dem kleinen Paket starten.
        Vielen Dank für Ihre Nachricht. Wir hätten durchaus Interesse an einem Gespräch, am besten nächste Woche.
        Super, machen wir so. Schicken Sie mir bitte einen Terminvorschlag.
        ja gerne
        Klar, warum nicht. Donnerstag vormittag?
        Passt, Mittwoch 11 Uhr. Bitte Einladung schicken.
        Spannend! Unsere Website bringt derzeit kaum Anfragen, da müssen wir ran. Rufen Sie mich gerne an.
        Bitte um Rückruf, am besten zwischen 9 und 11 Uhr.
        Wir möchten Sie beauftragen. Wie geht es weiter?
        Ich würde gerne mehr erfahren und mir das einmal anschauen.
        Das passt gut zu unseren Plänen für den Herbst, lassen Sie uns einen Termin machen.
        Hallo Herr Maier, danke für die Mail, das Thema beschäftigt uns tatsächlich. Haben Sie am Freitag Zeit für ein kurzes Telefonat?
        Einverstanden, wir probieren es drei Monate lang aus.
        Finde ich gut. Wann passt es Ihnen?
        Oui, cela m'intéresse, quand peut-on en parler ?
        Avec plaisir, je suis disponible mardi à 15h.
        Votre proposition est intéressante, pouvez-vous m'appeler demain ?
        Nous sommes intéressés, merci de nous envoyer une proposition.
        Ça tombe bien, nous cherchons justement une agence. Parlons-en jeudi.
        Parfait, envoyez-moi une invitation pour vendredi matin.
        Oui volontiers, j'aimerais en savoir plus.
        D'accord pour un rendez-vous la semaine prochaine.
        Bonjour, merci pour votre message. Nous aimerions voir une démonstration avec notre équipe.
        On y va, envoyez-moi le contrat.
        pourquoi pas, appelez moi
        Sí, me interesa. ¿Cuándo podemos hablar?
        Suena muy bien, mándeme una propuesta por favor.
        Claro que sí, el martes por la tarde me viene bien.
        Estamos interesados, ¿puede llamarme mañana?
        Me gustaría saber más, agendemos una llamada.
        Perfecto, adelante, envíe el contrato.
        Nos encantaría ver una demo la próxima semana.
        Justo estamos buscando una agencia, hablemos el jueves.
        Buenos días, gracias por escribir. Nos interesa mejorar nuestra web, ¿tiene un hueco el viernes?
        vale, me interesa
        Sì, sono interessato, sentiamoci martedì.
        Volentieri, mi chiami domani mattina.
        Sembra interessante, fissiamo un appuntamento.
        Sim, tenho interesse. Podemos falar amanhã?
        Parece ótimo, vamos agendar uma reunião.
        Klinkt goed, laten we bellen. Dinsdag past mij.
        Ja graag, stuur maar een uitnodiging.
        Ja, det låter intressant. Kan vi ta ett möte på torsdag?
        Gärna, ring mig i morgon.
        Det lyder spændende, lad os tage en snak i næste uge.
        Tak, ja det vil vi gerne høre mere om.
        Brzmi ciekawie, proszę o telefon jutro.
        Tak, jesteśmy zainteresowani, umówmy się na spotkanie.
        I'd like to take you up on that offer.
        My team would benefit from this, what slots do you have?
        You got me. Call me.
        Let's start small and see where it goes.
        Send it over and I'll have a look with my partner, we are searching for help with ads.
        Ok, you can come by on Monday.
        Machen Sie mir einen Vorschlag, wir könnten Unterstützung gut gebrauchen.
        Genau unser Problem. Wann hätten Sie Zeit?
        Dann legen wir los.
        Je veux bien un devis.
        Nous aurions justement besoin d'aide, appelez-nous.
        Nos vendría muy bien, mándeme fechas para una reunión.
        Our site takes ages to load and half of the visitors are gone before they see anything.
        We run ads on three channels and none of us could say what they bring.
        The number of bookings through our page has been going down for a year.
        Nobody outside our town has ever heard of the brewery.
        Our rivals show up everywhere online, we do not.
        The newsletter reaches four thousand people and sells nothing.
        We rely on word of mouth alone, and it is drying up.
        Whoever lands on our page leaves again at once.
        Unsere Webseite lädt ewig, und die Hälfte der Besucher ist weg, bevor sie etwas sieht.
        Wir haben drei Kanäle und keinen Überblick, welcher davon etwas bringt.
        Die Buchungen über unsere Seite gehen seit einem Jahr zurück.
        Außerhalb der Stadt kennt unsere Brauerei niemand.
        Der Rundbrief geht an viertausend Leute und verkauft nichts.
        Online sind uns die Mitbewerber weit voraus.
        Wir leben nur von Empfehlungen, und die werden weniger.
        Notre page met une éternité à s'afficher et les visiteurs repartent aussitôt.
        Nous avons trois canaux et aucune idée de celui qui rapporte.
        Hors de la ville, personne ne connaît notre brasserie.
        Les réservations en ligne baissent depuis un an.
        Nos concurrents sont partout sur internet, pas nous.
        Nuestra web tarda una eternidad y las visitas se marchan enseguida.
        Tenemos tres canales y ni idea de cuál funciona.
        Fuera de la ciudad nadie conoce nuestra cervecera.
        Las reservas por internet llevan un año bajando.
        La competencia está por todas partes en la red y nosotros no.
        """#

    static let question = #"""
        How much is it?
        What are your prices?
        What would this cost for a company with 20 people?
        Do you also work with dentists?
        How does it work exactly?
        Which tools do you integrate with?
        Is there a minimum term?
        Can you tell me what is included in the package?
        Do you have any case studies from manufacturing?
        How long until we would see results?
        Who else in our industry do you work with?
        Where are you based?
        What makes you different from the other agencies?
        Does it support HubSpot?
        Are you able to work in German as well?
        Is the price per user or per company?
        Quick question: do you handle the design too?
        Before I go any further, what is the monthly fee?
        Could you clarify what you mean by growth audit?
        How many leads per month can we expect?
        Do you offer a free trial?
        what's the catch?
        How do you measure success?
        Hi, thanks for the mail. Two questions: do you write the copy yourselves, and how often do you report?
        What kind of companies do you normally work with?
        Is our data stored in Europe?
        Would this work with Shopify?
        And what happens after the three months?
        Can we cancel at any time?
        Do you have an office in Manchester?
        Thanks. What does the onboarding look like and how much time would my team have to invest?
        How is this different from Mailchimp?
        what do u charge
        pricing?
        Price?
        Can you explain the second point in more detail?
        I have a question about your reporting. Is it weekly or monthly?
        Are there setup costs?
        What languages can you cover?
        Do you take on such small businesses as ours?
        Do you guarantee rankings?
        How did you come up with the 30% figure?
        Is there a limit on the number of contacts?
        Do you run the ads from your account or ours?
        What exactly would you improve on our website?
        Who would be our contact person?
        How big is your team?
        Could you tell me whether you have experience with medical devices?
        When could you start at the earliest?
        Do you have references we could talk to?
        Does the price include ad spend?
        What is your process?
        How quickly do you reply to support requests?
        Is it possible to pay yearly?
        Is this GDPR compliant?
        How do you handle unsubscribes for your clients?
        I can't find the unsubscribe button in your tool, where is it?
        Do you offer unsubscribe management as well?
        What is the typical budget of your customers?
        Do we keep the rights to the content?
        Was kostet das?
        Wie hoch sind die monatlichen Kosten?
        Wie läuft so ein Projekt bei Ihnen ab?
        Haben Sie Referenzen aus dem Maschinenbau?
        Arbeiten Sie auch mit kleinen Betrieben?
        Was genau ist im Paket enthalten?
        Gibt es eine Mindestlaufzeit?
        Wie lange dauert es, bis man Ergebnisse sieht?
        Welche Systeme können Sie anbinden?
        Können Sie mir sagen, ob das mit Shopware funktioniert?
        Wo sitzen Sie?
        Eine Frage vorab: Ist das DSGVO-konform?
        Bieten Sie auch Texte auf Englisch an?
        Vielen Dank für Ihre Mail. Mich würde interessieren, wie Sie den Erfolg messen.
        Ist der Preis pro Nutzer oder pauschal?
        Wer wäre unser Ansprechpartner?
        Was unterscheidet Sie von anderen Agenturen?
        Was müssten wir dafür tun?
        und was kostet der spaß?
        Übernehmen Sie auch die Gestaltung der Anzeigen?
        Wie viele Mitarbeiter haben Sie?
        Kann man monatlich kündigen?
        Combien ça coûte ?
        Quels sont vos tarifs ?
        Comment cela fonctionne-t-il ?
        Avez-vous des références dans notre secteur ?
        Est-ce que cela marche avec PrestaShop ?
        Quelle est la durée minimale du contrat ?
        Travaillez-vous avec de petites entreprises ?
        Pouvez-vous préciser ce qui est inclus ?
        Combien de temps avant de voir des résultats ?
        Où êtes-vous situés ?
        ¿Cuánto cuesta?
        ¿Qué incluye el paquete?
        ¿Cómo funciona exactamente?
        ¿Trabajan con empresas pequeñas?
        ¿Tienen referencias en nuestro sector?
        ¿Cuánto tiempo se tarda en ver resultados?
        ¿Hay permanencia mínima?
        ¿Se integra con WooCommerce?
        ¿Ofrecen una prueba gratuita?
        cual es el precio?
        Quanto costa?
        Come funziona?
        Avete referenze nel nostro settore?
        Quanto custa por mês?
        Como funciona exatamente?
        Wat kost dit per maand?
        Hoe werkt het precies?
        Hebben jullie ervaring met webshops?
        Vad kostar det?
        Hur fungerar det?
        Hvad koster det?
        Hvordan fungerer det i praksis?
        Ile to kosztuje?
        Jak to dokładnie działa?
        """#
}
