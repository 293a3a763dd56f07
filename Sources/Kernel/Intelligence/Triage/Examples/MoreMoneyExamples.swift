extension TicketExamples {
    static let moreBilling = #"""
        Hi, our bookkeeper says that last month's invoice is missing a tax id. Could you reissue it?
        Hello, I was looking at the bill and the hours don't add up, we only booked ten.
        Can you tell me what the 240 euros on our latest statement are for?
        The card on file was charged before the due date. Why?
        We switched banks. Which account should the next payment come from?
        Our finance team needs all invoices of last year as one file for the audit.
        There are two identical charges from you on my credit card.
        I'd like to pay by PayPal from now on, is that possible?
        What happens to our prepaid credit if we downgrade?
        The price on your website is lower than what we pay. Can you explain the difference?
        Could we get a proforma invoice so that I can have the amount approved?
        Please confirm that you received our transfer of 1,190 euros.
        We never got the refund that you promised for the cancelled workshop.
        Your accounting sent a dunning letter although we settled the bill on the 3rd.
        How much would it cost to add a second brand to our plan?
        Is VAT charged for customers outside of the EU?
        Our company's name changed, so the invoice has to be made out to the new one.
        The invoice says net 14 but our contract says net 30.
        Do you give a discount to start-ups?
        We'd like to move from monthly to annual billing.
        Please stop the automatic renewal of our subscription.
        When does our subscription renew and at what price?
        The payment link in your mail says it has expired.
        My bank rejected the direct debit, can you try again on Friday?
        Could you break down the media spend and your fee on the invoice?
        We were billed for three landing pages but ordered two.
        Please send the receipt for the payment of yesterday.
        Where do I see what we have spent with you this year?
        We need an invoice with the PO 4500129 on it, otherwise our system refuses it.
        What is the setup fee for, exactly?
        Is the photo shoot included in our flat rate or is it charged separately?
        The currency conversion on our bill looks off.
        Can we put the contract on hold for two months without paying the fee?
        I would like my deposit back.
        Please credit the unused hours against next month's bill.
        Who do I talk to about an unpaid invoice of yours from us?
        The tax rate on invoice 2024-118 should be 7 percent.
        Our subscription was upgraded without us asking, please reverse the charge.
        Guten Tag, uns fehlt noch die Schlussrechnung für das Projekt.
        Die Kreditkarte wurde zweimal belastet.
        Können Sie die Rechnung auf die GmbH ausstellen?
        Wie hoch sind die Kosten für eine weitere Landingpage?
        Wir möchten gern in Raten zahlen.
        Warum ist der Betrag höher als im Angebot?
        Bitte buchen Sie künftig von unserem neuen Konto ab.
        Gibt es Rabatt bei jährlicher Zahlung?
        Die Überweisung ist gestern raus, bitte bestätigen Sie den Eingang.
        Welches Zahlungsziel gilt für uns?
        Je voudrais un remboursement, s'il vous plaît.
        Le montant de la facture ne correspond pas au devis.
        Quel est le prix de la formule supérieure ?
        ¿Pueden enviarme el recibo del pago?
        El importe de la factura no coincide con el presupuesto.
        ¿Cuánto cuesta el plan anual?
        Quanto costa il pacchetto più grande?
        Ci avete addebitato due volte lo stesso importo.
        Quanto custa o plano anual?
        Kunt u de rekening naar onze boekhouding sturen?
        Hoeveel kost het grote pakket per maand?
        """#

    static let moreAccount = #"""
        Hi, I left the company, please move my access to my successor Jana.
        Our new intern needs a login with read rights only.
        I clicked on forgot password three times and no mail came.
        It says my user name is unknown.
        Please add two people of our sales team to the workspace.
        Can I log in with my Microsoft account instead of a password?
        I changed my surname, please update it in my profile.
        The system signs me out every ten minutes.
        Who in our firm has administrator rights at the moment?
        Please merge my two user accounts into one.
        The code from the authenticator app is not accepted.
        Our ex-agency still seems to have access, please revoke it.
        I want to unsubscribe from all notifications of the portal.
        How can I change which mails I get from you about my account?
        My invitation mail went to the wrong address.
        Can you unlock my user? I typed the password wrong too often.
        Please deactivate the login of Peter, he is on parental leave.
        I would like to delete my user and everything you know about me.
        Where can I find my customer number?
        How do I upload a new picture to my profile?
        I registered with a typo in my e-mail address.
        May I use one account for our three subsidiaries?
        Someone tried to sign in as me, what should I do?
        How do I set up two-factor authentication for the whole team?
        I can't find the settings for my password.
        Please register our partner company as a user of the portal.
        The activation link does nothing any more.
        I can see the data of a client who is not ours!
        Please give our lawyer access to the documents folder.
        I need to replace the phone number that gets the security codes.
        The owner of the account has died, how do we take it over?
        Which of our employees logged in last week?
        I'd like to change the time zone and language of my login.
        How do I revoke an API key that an employee made?
        The portal tells me that I have no permission to open this page.
        Could you reset my second factor, my phone was stolen.
        Please rename our workspace, we have a new brand.
        Do I have to create an account to approve a draft?
        Meine Zugangsdaten funktionieren nicht mehr.
        Bitte setzen Sie mein Passwort zurück.
        Der Bestätigungscode kommt nicht an.
        Frau Lehmann hat uns verlassen, bitte sperren Sie ihren Benutzer.
        Können Sie mir Administratorrechte geben?
        Ich möchte meine hinterlegte Telefonnummer ändern.
        Wie aktiviere ich die Anmeldung in zwei Schritten?
        Welche Rechte hat mein Benutzer?
        Bitte legen Sie einen Zugang für unsere Praktikantin an.
        Mon compte est bloqué.
        Comment changer mon adresse e-mail ?
        Pouvez-vous donner un accès à ma collègue ?
        ¿Cómo cambio mi contraseña?
        Necesito dar acceso a un compañero.
        No me llega el código de verificación.
        Come faccio ad aggiungere un utente?
        Il mio account è bloccato.
        Preciso de acesso para um colega.
        Esqueci a minha senha.
        Mijn account is geblokkeerd.
        Kunt u een gebruiker voor mijn collega aanmaken?
        """#
}
