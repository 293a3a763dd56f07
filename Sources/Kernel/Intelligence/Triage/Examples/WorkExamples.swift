extension TicketExamples {
    static let technical = #"""
        The site is down.
        Everything is down, nobody can work!
        The contact form doesn't send anything.
        Form leads don't arrive since yesterday.
        The landing page loads very slowly.
        We get a 500 error on the checkout.
        Tracking shows no conversions since Monday.
        The pixel is not firing on the thank-you page.
        Sorting in the table is odd.
        The images do not show on mobile.
        The report can't be opened, the PDF is empty.
        Our CRM doesn't sync with your system any more.
        The upload stops at 90 percent.
        The webhook returns an error.
        The calendar widget is broken in Safari.
        Links in the newsletter lead to a blank page.
        The dashboard shows wrong numbers.
        The SSL certificate has expired.
        After the update the menu has disappeared.
        The app crashes when I open a project.
        Our mails land in spam.
        The search finds nothing.
        The video does not play.
        How do we connect our shop by API?
        Please set up the DNS records for the new domain.
        Does the integration with HubSpot work with custom fields?
        The redirect from the old domain doesn't work.
        The export misses half of the rows.
        The chat widget covers the cookie banner.
        Why does the page look broken in Firefox?
        The cookie banner appears on every click.
        Our tag manager container is missing.
        The button does nothing when I press it.
        I get an error message when I save.
        The server does not respond.
        Buttons overlap on small screens.
        Die Seite ist nicht erreichbar.
        Das Formular verschickt keine Anfragen.
        Die Webseite lädt extrem langsam.
        Beim Speichern kommt eine Fehlermeldung.
        Das Tracking misst seit gestern nichts mehr.
        Die Schnittstelle zu unserem CRM ist ausgefallen.
        Der Export ist leer.
        Die App stürzt beim Öffnen ab.
        Bilder werden am Handy nicht angezeigt.
        Bitte richten Sie die Domain ein.
        Unsere Mails landen im Spam.
        Le site ne fonctionne plus.
        Le formulaire n'envoie rien.
        Il y a une erreur sur la page.
        La web no funciona.
        El formulario da error.
        Il sito non funziona.
        Errore durante il salvataggio.
        O site está fora do ar.
        De website ligt eruit.
        """#

    static let content = #"""
        Please change the headline on the landing page.
        The logo in the banner is an old one.
        There is a typo in yesterday's post.
        Could you swap the picture of the team?
        When do we get the draft of the blog article?
        We'd like the tone of the newsletter to be less formal.
        The brochure needs our new address.
        Please use the blue version of our logo.
        Can you write a text about our new product?
        The video should be shorter.
        I have feedback on the design of the flyer.
        Please publish the article on Thursday.
        The caption names the wrong product.
        Can we get the pictures in a higher resolution?
        We need three new posts for Instagram.
        Please translate the page into English.
        The draft is fine, go ahead and publish it.
        The opening hours on the website have changed.
        Please take the photo of our former boss off the site.
        The font on the poster isn't ours.
        Could the call to action be more direct?
        Attached are the new texts for the about page.
        Who writes the captions for our reels?
        Please send the newsletter draft before Friday.
        The second paragraph should mention our award.
        We want a different colour for the button.
        Could you prepare a press release about the opening?
        Our style guide has changed, see attachment.
        The testimonial needs the customer's approval first.
        Please update the team page with two new colleagues.
        We'd like two variants of the subject line.
        The illustration does not fit our brand.
        Bitte ändern Sie die Überschrift auf der Startseite.
        Im Beitrag von gestern ist ein Tippfehler.
        Bitte tauschen Sie das Teamfoto aus.
        Wann kommt der Entwurf für den Blogartikel?
        Das Logo auf dem Flyer ist veraltet.
        Könnt ihr den Text etwas kürzen?
        Bitte veröffentlichen Sie den Artikel am Freitag.
        Die Öffnungszeiten auf der Webseite haben sich geändert.
        Wir brauchen neue Texte für die Produktseite.
        Die Farben passen nicht zu unserer Marke.
        Pouvez-vous changer le texte de la page d'accueil ?
        Il y a une faute dans l'article.
        Hay que cambiar la foto del banner.
        Hay una errata en la publicación.
        Potete cambiare il titolo della pagina?
        Podem trocar a imagem do post?
        Kunnen jullie de tekst aanpassen?
        """#

    static let campaign = #"""
        Please pause the campaign until Monday.
        Ads are overspending right now, stop them!
        Can we raise the daily budget to 80 euros?
        Why has the cost per click doubled?
        How is our Facebook campaign doing?
        The ads show in the wrong country.
        We want to advertise our summer sale.
        Please add these keywords to Google Ads.
        Our ad was disapproved.
        When does the Christmas campaign start?
        Could you exclude existing customers from the audience?
        The click rate is falling, what do you suggest?
        Please send the monthly report for our campaigns.
        Which channel brings the most leads?
        Let's run an A/B test with two landing pages.
        We'd like to try LinkedIn ads.
        Stop the newsletter to the old list.
        How many people did the campaign reach?
        Our competitor bids on our brand name.
        The return on ad spend is too low.
        Start the retargeting next week please.
        Please shift the budget from search to video.
        What targeting do you use for the new ads?
        Can we plan a campaign for our trade fair?
        The mailing should go out on Tuesday instead.
        Impressions dropped by half since last week.
        The ad leads to the wrong page.
        Do we have results from the test yet?
        We want more leads from Austria.
        Please end the campaign on the 30th.
        How much of the budget has been spent so far?
        Could you set up a lookalike audience?
        Bitte pausieren Sie die Kampagne bis Montag.
        Das Tagesbudget soll auf 50 Euro erhöht werden.
        Warum sind die Klickpreise so gestiegen?
        Wie läuft unsere Anzeige auf Facebook?
        Die Anzeigen erscheinen im falschen Land.
        Wir möchten eine Kampagne für die Messe planen.
        Unsere Anzeige wurde abgelehnt.
        Der Newsletter soll erst am Dienstag raus.
        Bitte schickt uns den Bericht zur Kampagne.
        Welche Zielgruppe habt ihr eingestellt?
        Merci de mettre la campagne en pause.
        Quels sont les résultats de la campagne ?
        ¿Cómo va la campaña de Instagram?
        Queremos aumentar el presupuesto de los anuncios.
        Come sta andando la campagna?
        Podem pausar os anúncios?
        Kunnen we het advertentiebudget verhogen?
        """#
}
