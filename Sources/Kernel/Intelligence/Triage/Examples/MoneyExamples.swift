extension TicketExamples {
    static let billing = #"""
        Please resend the invoice for March.
        We were charged twice this month.
        The amount on invoice 2031 does not match our offer.
        Can we pay by bank transfer instead of card?
        Could you split the invoice into two cost centres?
        I need a receipt for my accountant.
        When is the next payment due?
        Our VAT number is missing on the invoice.
        Please refund the second payment.
        The refund has not reached our account yet.
        How much do we pay for the premium package?
        Is there a discount if we pay for the whole year?
        My credit card has expired, how do I enter the new one?
        The payment was declined, please check.
        Please change our billing address.
        Why is the fee higher than last month?
        I do not recognise this charge.
        We have already paid, yet I got a reminder.
        Could you send us a quote for six more months?
        Where can I download my invoices?
        We would like to switch to quarterly payment.
        The direct debit failed.
        Do your prices include tax?
        Please send invoices to accounting@firm.example from now on.
        Which payment methods do you accept?
        The ad budget was invoiced although the campaign was paused.
        What does an additional landing page cost?
        I'd like a credit note for May.
        Is there a cancellation fee?
        The currency on the bill should be Swiss francs.
        Please put our purchase order number on the bill.
        You billed us for a seat that we removed.
        How do I get my money back?
        Overcharged again, please correct the invoice.
        Payment terms: can we have 30 days?
        Bitte senden Sie uns die Rechnung für April noch einmal.
        Der Betrag auf der Rechnung stimmt nicht.
        Uns wurde doppelt abgebucht.
        Können wir per Lastschrift zahlen?
        Wann wird die Gutschrift überwiesen?
        Bitte ändern Sie unsere Rechnungsadresse.
        Was kostet das große Paket im Monat?
        Auf der Rechnung fehlt die Umsatzsteuer-Nummer.
        Wir haben eine Mahnung erhalten, aber schon bezahlt.
        Ich möchte eine Erstattung.
        La facture de mars est incorrecte.
        Nous avons été débités deux fois.
        Pouvez-vous nous envoyer la facture ?
        Me han cobrado dos veces.
        Necesito la factura de abril.
        La fattura è sbagliata.
        Vorrei un rimborso.
        A fatura está errada, podem corrigir?
        De factuur klopt niet.
        """#

    static let account = #"""
        How do I add a user?
        I cannot log in to the portal.
        I forgot my password.
        Please remove our former colleague's access.
        The confirmation code never reaches my phone.
        How do I change my e-mail address?
        Our account was hacked.
        Please give Maria the right to approve drafts.
        I lost my phone and can't pass the second factor.
        We need a login for our new marketing manager.
        Can I change the name of our company in the profile?
        My account is locked after too many attempts.
        Please delete my account and my data.
        How can I see who has access to our workspace?
        The invitation link has expired.
        Can two people share one login?
        I want to change my phone number in the settings.
        How do I switch between our two accounts?
        The password reset mail does not arrive.
        Please transfer ownership of the account to Tom.
        Somebody logged in from a country where we have nobody.
        Where do I turn on two-step verification?
        I can't sign in with Google any more.
        Please update our address in your records.
        Set my role to admin please.
        How do I close the account?
        I'd like to register a second company.
        Sign-up fails because my address is already in use.
        Which permissions does a viewer have?
        My profile picture should be replaced, how does that work?
        Please export all data that you store about me.
        Change the language of my user to French.
        Ich kann mich nicht anmelden.
        Ich habe mein Passwort vergessen.
        Wie lege ich einen neuen Benutzer an?
        Bitte entfernen Sie den Zugang von Herrn Berg.
        Unser Konto wurde gehackt.
        Der Einladungslink ist abgelaufen.
        Wie ändere ich meine E-Mail-Adresse im Profil?
        Bitte löschen Sie mein Konto.
        Meine Kollegin braucht einen Zugang.
        Ich komme nicht in mein Konto.
        Je n'arrive pas à me connecter.
        J'ai oublié mon mot de passe.
        Comment ajouter un utilisateur ?
        No puedo entrar en mi cuenta.
        He olvidado la contraseña.
        Non riesco ad accedere.
        Ho dimenticato la password.
        Não consigo entrar na minha conta.
        Ik kan niet inloggen.
        """#
}
