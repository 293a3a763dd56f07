extension ReplyExamples {
    static let objection = #"""
        That's too expensive for us.
        We simply can't afford this.
        It is way over our budget, sorry.
        Our agency already takes care of that.
        We already work with someone for our ads.
        We do all our marketing in-house.
        We are tied to a contract with another provider until June.
        I don't see how this would help a company like ours.
        We had a bad experience with an agency and won't do this again soon.
        How did you get my email address? This feels like a scam to me.
        I would have to ask my boss first, and she is not a fan of agencies.
        Decisions like this are made at headquarters, not here.
        The price is much higher than what we pay now.
        Our current supplier does this for half the price.
        We have a full-time marketer, so I'm not sure what you would add.
        Honestly, I doubt these numbers. Everybody promises this.
        Sounds too good to be true.
        We have no budget for this.
        We already use HubSpot for everything you describe.
        Your competitor offered us the same for 500 less.
        We've been burned before by SEO companies, so I'm sceptical.
        Our customers aren't on social media, so there is no point.
        I'd need to get approval from finance and they have frozen all spending.
        There is no way I can sell this price to my management.
        We don't need it, word of mouth works fine for us.
        My nephew does our website.
        With the hiring freeze there's no room for new projects.
        We are in the middle of a relaunch and have no capacity at all.
        I like the idea but the minimum term of twelve months is a no go.
        We would need a guarantee, and nobody gives that.
        Why should I trust a company I have never heard of?
        We looked at something similar last year and it was not worth the money.
        It's a nice idea but too costly for a small shop.
        Our board has to approve any spend above 1,000 and they would say no.
        We already have a team of five doing this.
        Another vendor is already doing this for us and we're happy with them.
        The setup fee alone is more than our yearly budget.
        I'm not the one who decides, and the owner hates advertising.
        Legal would never allow us to share this data.
        Your reviews online are not exactly convincing.
        I can do that myself with ChatGPT for 20 dollars.
        We switched agencies two months ago, so the timing is bad.
        Our existing agreement runs for another two years.
        we have an agency
        too pricey
        Hi Mark, thanks for the offer. We're actually covered by our own team, and frankly the rates you quote are steep.
        You're the tenth agency to promise this. What makes you any better?
        Das ist uns zu teuer.
        Dafür haben wir kein Budget.
        Wir haben bereits eine Agentur, mit der wir zufrieden sind.
        Das machen wir alles intern.
        Wir sind vertraglich noch bis Ende des Jahres gebunden.
        Damit haben wir schlechte Erfahrungen gemacht.
        Das müsste ich erst mit der Geschäftsführung abstimmen, und die ist dagegen.
        Woher haben Sie meine Adresse? Das wirkt auf mich unseriös.
        Für unsere Branche bringt das nichts, unsere Kunden kommen über Empfehlungen.
        Der Preis ist deutlich zu hoch.
        Solche Entscheidungen trifft bei uns die Zentrale.
        Wir haben gerade keine Kapazitäten für so ein Projekt.
        Ihr Wettbewerber ist günstiger.
        Wir haben eine eigene Marketingabteilung.
        Ich bezweifle, dass das funktioniert.
        Zwölf Monate Laufzeit kommen für uns nicht in Frage.
        Wir arbeiten seit Jahren mit einem festen Dienstleister zusammen.
        zu teuer
        Das sprengt unseren Rahmen.
        Mein Chef würde dem nie zustimmen.
        C'est trop cher pour nous.
        Nous travaillons déjà avec une agence.
        Nous n'avons pas le budget.
        Nous faisons tout en interne.
        Nous sommes engagés par contrat jusqu'en décembre.
        Nous avons eu une mauvaise expérience avec une agence.
        Il faudrait convaincre la direction, et elle est contre.
        Je suis sceptique, tout le monde promet cela.
        Vos tarifs sont trop élevés.
        Nous avons déjà un prestataire et nous en sommes contents.
        Comment avez-vous obtenu mon adresse ?
        Es demasiado caro para nosotros.
        Ya trabajamos con una agencia.
        No tenemos presupuesto para esto.
        Lo hacemos todo internamente.
        Tenemos contrato con otro proveedor hasta junio.
        Tuvimos una mala experiencia con una agencia.
        Tendría que consultarlo con mi jefe y no creo que lo apruebe.
        Tengo mis dudas, todos prometen lo mismo.
        El precio es muy alto.
        Ya tenemos equipo propio de marketing.
        È troppo caro per noi.
        Abbiamo già un'agenzia.
        Non abbiamo budget.
        É muito caro para nós.
        Já temos uma agência.
        Te duur voor ons.
        Wij hebben al een bureau.
        Vi har redan en byrå.
        Det är för dyrt för oss.
        Vi har allerede et bureau.
        Mamy już agencję.
        To dla nas za drogie.
        I don't see the value in this for a business of our size.
        What you describe our intern does in an afternoon.
        Not convinced. Show me proof that it works.
        We pay a freelancer 300 a month for the same thing.
        I'm not authorised to buy anything, every purchase goes through group procurement.
        There's simply no money left this year.
        Our margins are too small for this kind of spend.
        We're loyal to our existing partner.
        That's a lot of money for something we can't measure.
        We've tried ads twice and got nothing out of it.
        The owner is old school, he won't pay for online marketing.
        We have an exclusive contract with our agency which ends next spring.
        Cold mails like this don't exactly build trust.
        No references, no deal.
        We already have this covered internally by two people.
        I doubt you know our market well enough.
        Wir haben das gerade erst intern aufgebaut und brauchen niemanden von außen.
        Unser Budget für dieses Jahr ist komplett verplant.
        Ohne Referenzen aus unserer Branche macht das keinen Sinn.
        Das kann unser Praktikant auch.
        Da bekomme ich nie eine Freigabe vom Vorstand.
        Für einen kleinen Betrieb wie uns rechnet sich das nicht.
        Wir haben bei der letzten Agentur viel Geld verbrannt.
        Unser Vertrag mit dem jetzigen Anbieter läuft noch zwei Jahre.
        Wir sind gut versorgt, unsere Agentur macht das seit zehn Jahren.
        Je ne vois pas l'intérêt pour une entreprise comme la nôtre.
        Notre équipe interne s'en charge.
        Ce n'est pas moi qui décide, et le budget est gelé.
        No veo qué valor aporta a una empresa como la nuestra.
        No decido yo, y la dirección no quiere gastar.
        Nuestra agencia actual ya se ocupa de ello.
        I like the concept, yet that kind of money is beyond a shop like ours.
        Nice work, but we have just signed with another firm.
        Very good presentation, only the fee does not fit our means.
        Schöne Idee, nur können wir uns das nicht leisten.
        Gefällt mir gut, aber wir haben gerade erst woanders unterschrieben.
        Belle présentation, mais c'est au-delà de nos possibilités.
        L'idée me plaît, seulement nous sommes déjà engagés ailleurs.
        Buena idea, pero se sale de lo que podemos pagar.
        Me gusta, aunque acabamos de comprometernos con otros.
        """#

    static let notNow = #"""
        Not right now, maybe later in the year.
        Please get back to me in Q3.
        Ask me again in two months.
        Now is not a good time, try me after the summer.
        We're too busy at the moment, contact me in January.
        Let's revisit this next year.
        Could you follow up in September?
        Not at the moment, but keep in touch.
        We may look at this in the new fiscal year.
        Circle back after Easter please.
        I like it but we can't start anything before the relaunch in May. Reach out then.
        Our budget is planned again in November, write to me then.
        Timing isn't right for us, perhaps next quarter.
        We are moving offices, please check back in six weeks.
        Interesting, but it has to wait until we've closed our funding round.
        We've put all projects on hold until autumn.
        Come back to me when the season is over.
        Maybe in the spring.
        I'll keep your mail on file and get in touch when we need it.
        Not for now. Feel free to try again in half a year.
        We just started with the planning, it's too early for us.
        Too soon, our product launches in October.
        At present we have other priorities, ping me in a few months.
        Swamped this month. Remind me at the end of March?
        I'm on this topic next year, not before.
        Let's talk again once our new head of marketing has started in July.
        not now
        maybe later
        later
        Right now we are not looking, but this may change by the end of the year.
        Hi Laura, we're in the middle of our busiest season, please contact me again after Christmas.
        We'd rather wait until next quarter.
        Sorry, wrong moment. Try again in 3 months.
        Possibly in the second half of the year.
        This isn't a priority this quarter, but I'd be happy to look at it in Q4.
        Can we postpone this until after the trade fair?
        Please call back next month.
        We have just signed the budget for this year, so the next chance is 2027.
        Currently we don't have time for this, drop me a line in the fall.
        Nice idea, let me park it until June.
        Im Moment nicht, vielleicht nächstes Jahr.
        Melden Sie sich bitte im Herbst noch einmal.
        Aktuell passt es nicht, fragen Sie gerne im dritten Quartal wieder an.
        Derzeit haben wir andere Prioritäten, kommen Sie in drei Monaten wieder auf mich zu.
        Zurzeit leider nicht, später gerne.
        Jetzt ist kein guter Zeitpunkt, rufen Sie nach den Sommerferien an.
        Wir planen das Budget erst im November, schreiben Sie mir dann.
        Vor März wird das nichts, danach gerne.
        Gerade ist bei uns Hochsaison, bitte im Januar erneut melden.
        Das Thema steht erst nächstes Jahr an.
        momentan nicht
        Noch zu früh für uns, wir launchen erst im Herbst.
        Lassen Sie uns in zwei Monaten noch mal sprechen.
        Wir haben alle Projekte bis auf weiteres verschoben.
        Pas pour le moment, recontactez-moi en septembre.
        Ce n'est pas le bon moment, revenez vers moi dans trois mois.
        Plus tard peut-être, l'année prochaine.
        Nous verrons cela au prochain trimestre.
        Pas maintenant, nous sommes en pleine saison.
        Rappelez-moi à la rentrée.
        Le budget sera décidé en janvier, relancez-moi à ce moment-là.
        Actuellement nous avons d'autres priorités.
        Ahora no, quizá el próximo año.
        Escríbame en septiembre, por favor.
        En este momento no, vuelva a contactarme en tres meses.
        De momento no es prioritario, hablamos el próximo trimestre.
        Más adelante puede ser.
        No es buen momento, llámeme después del verano.
        Ora no, magari l'anno prossimo.
        Mi ricontatti tra due mesi.
        Agora não, talvez no próximo ano.
        Contacte-me em setembro.
        Nu even niet, misschien volgend jaar.
        Neem over drie maanden nog eens contact op.
        Inte just nu, hör av dig i höst.
        Kanske nästa år.
        Ikke lige nu, prøv igen efter sommer.
        Måske næste år.
        Nie teraz, może w przyszłym roku.
        Proszę odezwać się za dwa miesiące.
        Could be of interest at a later stage, we're simply not there yet.
        Let us get through the merger first, then we can speak.
        Give me until summer.
        We'll know more in autumn, please ask again then.
        My calendar is full until the end of April, write me afterwards.
        Let me come back to you when the budget is approved.
        Hold that thought until we have hired a marketing manager.
        It's on our list for 2027.
        Great stuff, but our fiscal year starts in July. Talk then?
        I'll be in touch when the time is right.
        Bitte in einem halben Jahr noch einmal nachfragen.
        Wir kommen auf Sie zu, sobald das Budget steht.
        Erst müssen wir die neue Website fertigstellen, danach gerne.
        Ich habe Ihre Mail abgelegt und melde mich, wenn es so weit ist.
        Für dieses Jahr sind wir durch, nächstes Jahr gern wieder.
        Je garde votre contact, revenez vers moi au printemps.
        Nous sommes en plein déménagement, recontactez-nous dans six mois.
        Guardo su contacto, hablamos después de Navidad.
        Estamos en plena temporada alta, escríbame en octubre.
        """#
}
