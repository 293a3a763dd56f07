extension TicketExamples {
    static let moreTechnical = #"""
        Hi, since the relaunch our contact page returns 404.
        The newsletter sign-up form shows a spinner and never finishes.
        Google says our site is not secure.
        Conversions are counted twice in Analytics.
        Our booking tool no longer loads on the website.
        On my iPhone the menu can't be opened.
        The import of contacts stops with "unknown column".
        The API answers 401 although the key is right.
        Emails from our domain bounce since you changed the DNS.
        The pop-up can't be closed on small screens.
        Could you check why the sitemap isn't found by Google?
        The chat on our site is offline although it is ten in the morning.
        The download of the report fails every time.
        When I click on approve, nothing happens.
        Uploading a logo gives "file type not allowed".
        Our Zapier connection broke after yesterday's release.
        Numbers in the dashboard and in Google Ads differ by a lot.
        The preview of the mail looks broken in Outlook.
        Safari shows only a white screen.
        The form accepts leads without an address.
        Please install the new tracking code on the shop.
        Which IP addresses do we need to allow in our firewall?
        The feed of products has not been updated for three days.
        The cookie consent does not block the tags.
        Our leads arrive in the CRM without a source.
        The site is extremely slow in the evening.
        Page crashes when I filter by date.
        The scheduled export did not run last night.
        Umlauts are shown as question marks in the mails.
        The link to the calendar gives a blank page.
        Please move the staging site behind a password.
        How do I embed the form in WordPress?
        We need a redirect from the old shop to the new one.
        The QR code leads to nowhere.
        After login I only see a loading bar.
        The integration with Salesforce creates duplicates.
        Videos on the landing page stutter and stop.
        Our site was hacked, it shows strange adverts.
        Wir bekommen seit heute früh keine Leads mehr aus dem Formular.
        Auf dem iPad lässt sich das Menü nicht öffnen.
        Die Synchronisierung mit HubSpot bricht ab.
        Die Seite zeigt Fehler 502.
        Der Download funktioniert nicht.
        Die Zahlen im Dashboard stimmen nicht mit Google überein.
        Das Zertifikat ist abgelaufen, der Browser warnt.
        Der Link in der Mail führt ins Leere.
        Könnt ihr den Pixel auf der Danke-Seite einbauen?
        La page ne se charge pas.
        Le bouton d'envoi ne marche pas.
        Nos e-mails arrivent dans les indésirables.
        La página tarda mucho en cargar.
        Los correos llegan a la carpeta de spam.
        El botón no hace nada.
        La pagina non si carica.
        Il modulo di contatto non invia le richieste.
        A página não abre no telemóvel.
        O formulário não envia.
        Het formulier werkt niet meer.
        De pagina laadt heel traag.
        """#

    static let moreContent = #"""
        Hi, please replace the picture of our old office on the contact page.
        Could you send me the latest version of the brochure as PDF?
        I would phrase the second sentence of the post differently, see below.
        The name of our CEO is misspelled in the press release.
        We need a short video for the trade fair by the 20th.
        Please add the new certificate logos to the footer.
        Here are the pictures of the event for the blog.
        The product description still mentions the old model.
        We prefer the second variant of the design.
        Please write a post about our anniversary.
        The translation into Spanish sounds odd.
        Could you proofread the text that I attached?
        Our boss wants the headline to be shorter.
        Who holds the rights to the photos that you used?
        We want to change the wording of the welcome mail.
        Please take yesterday's post down, the price in it is wrong.
        When will the article about recycling be ready for review?
        I approve the text, but please use the other picture.
        Could the infographic be made in our corporate colours?
        We need alt texts for all pictures on the site.
        The flyer should be printed on thicker paper, please adjust the file.
        Please update our job adverts on the careers page.
        Can we have the banner in 1200 by 628 pixels?
        The tone of the reel is too youthful for our brand.
        Attached you find my corrections to the draft.
        Please prepare five topics for the blog of next month.
        The imprint must name our new managing director.
        Our slogan was written without the comma.
        We'd like a customer story about the Miller project.
        Could you make a version of the ad text without emojis?
        The pictures on the team page have different sizes.
        What is the deadline for our feedback on the layout?
        Please use "you" rather than "one" in all texts.
        The menu of the restaurant has changed, can you put it online?
        We need new business cards with the new logo.
        Could you cut the interview down to two minutes?
        The map in the brochure shows the wrong address.
        Please schedule the three posts for Monday morning.
        Bitte ersetzen Sie das Bild auf der Kontaktseite.
        Der Name unserer Geschäftsführerin ist falsch geschrieben.
        Könnt ihr einen Beitrag über unser Jubiläum schreiben?
        Die zweite Variante des Entwurfs gefällt uns besser.
        Anbei meine Korrekturen zum Text.
        Bitte löschen Sie den Beitrag von gestern, der Preis ist falsch.
        Wir brauchen das Banner in einer anderen Größe.
        Die Broschüre soll auf Englisch übersetzt werden.
        Wann bekommen wir das fertige Video?
        Il faudrait remplacer la photo de l'équipe.
        Pouvez-vous raccourcir l'article ?
        Quand recevrons-nous la maquette ?
        ¿Pueden escribir un artículo sobre nuestro nuevo producto?
        El logotipo del folleto es antiguo.
        Queremos cambiar el texto de la portada.
        Il testo del post va corretto.
        Potete mandarci la bozza della brochure?
        Há um erro no texto do artigo.
        Precisamos de novas fotos para o site.
        De foto op de website is verouderd.
        Kunnen jullie een bericht over ons jubileum schrijven?
        """#

    static let moreCampaign = #"""
        Hi, how did the spring promotion perform compared with last year?
        Please lower the bids on mobile, we get junk leads from there.
        We want to target engineers in Bavaria only.
        Half of the monthly budget is gone and it's the 8th.
        Can we test a second audience for the webinar ads?
        Our cost per lead went up to 90 euros, what is going on?
        Please turn the ads off during the company holidays.
        Is it possible to start the campaign a week earlier?
        The open rate of the last mailing was very low.
        Which of the two adverts brought more bookings?
        Please exclude the word "free" from our search ads.
        We'd like to promote the open day on Instagram.
        How many leads did we get in October and what did they cost?
        Put another 500 euros on the LinkedIn campaign please.
        Facebook has rejected our carousel, could you appeal?
        Should we be on TikTok with this product?
        Please resume the ads that were paused in July.
        We want to reach people who visited the pricing page.
        What happened to our reach since last Tuesday?
        The conversion rate of the landing page campaign is disappointing, any ideas?
        Please send the invitation mailing to the list of partners, too.
        The targeting seems too broad, we get requests from students.
        When will we see the first results of the new ads?
        Could we advertise on the radio in addition?
        Please plan the Black Friday promotion with us.
        Our ads still show the product that is sold out.
        We need a report about all channels for the board meeting.
        Let's stop the display ads and put the money into search.
        Ads are running at night, we only want office hours.
        Is our ranking for "roof repair" better than in spring?
        The campaign is limited by budget, says Google. Should we react?
        We would like to know the return on our advertising.
        Please set a cap of 40 euros a day on the remarketing.
        How large is the audience that we can reach in Vienna?
        The follow-up mails should go out after three days, not seven.
        Our competitor is above us in every search result.
        Which keywords cost us most without bringing any sale?
        Please launch the giveaway on Friday at noon.
        Wie viele Leads kamen im Oktober und was haben sie gekostet?
        Bitte stoppt die Anzeigen über die Feiertage.
        Das Budget ist schon am 10. aufgebraucht.
        Können wir zusätzlich auf LinkedIn werben?
        Die Öffnungsrate des letzten Mailings war schwach.
        Bitte schließt Bestandskunden von der Zielgruppe aus.
        Welche Suchbegriffe bringen uns am meisten?
        Wir wollen die Aktion eine Woche früher starten.
        Die Kosten pro Lead sind zu hoch, was schlagt ihr vor?
        Combien de prospects avons-nous obtenus ce mois-ci ?
        Pouvez-vous augmenter le budget de la publicité ?
        Les annonces s'affichent dans la mauvaise région.
        Por favor, pausen los anuncios durante agosto.
        ¿Cuántos clientes potenciales trajo la campaña?
        El coste por clic ha subido mucho.
        Vorremmo aumentare il budget degli annunci.
        Quanti contatti ha portato la campagna?
        Quantos leads tivemos este mês?
        O orçamento dos anúncios já acabou.
        Hoeveel leads heeft de campagne opgeleverd?
        Zet de advertenties tijdens de vakantie uit.
        """#
}
