/// Wishes not to be written to again. A missed one is the worst that a classifier of replies can do, so these
/// decide alone, unless what was found belongs to a phrase of `unsubscribeExceptions`.
enum UnsubscribePhrases {
    static let english = """
        drop|strike|leave|take @ ~2 from|off|out
        drop|strike|take ~2 info|office|address|inbox|mailbox ~2 from|off|out ~3 campaigns|campaign|list|lists|mailing|mailings|sequence
        cease|stop|end ~1 all|any|every contact|communication|correspondence|messages|mailings
        dont|not want ~1 them|your|these ~1 mails|emails|messages|$
        nothing ~3 from you ~1 again|ever|anymore
        ^ unsubscribe
        ^ unsub
        please|pls|plz|kindly|just|immediately unsubscribe|unsub
        unsubscribe|unsub me|us|this|my|our|please|pls|now|immediately|asap|thanks|thx|!
        unsubscribed|removed me|us|my|from ~4 list|lists|emails|mailings|mailing
        be|get|been unsubscribed|removed
        want|like|wish|need|trying|try|tried|asked|asking|request|requesting|possible to unsubscribe|optout
        want|like|wish|need|trying|try|tried|asked|asking|request to opt out
        want|like|wish|need|trying|asked|asking|request to be|get removed|unsubscribed|excluded|deleted
        want|like|wish|need|asked|asking|request to be|get taken off|out
        how ~5 unsubscribe
        cant|cannot|unable|couldnt|impossible|not ~3 unsubscribe
        unsubscribe link|button ~4 not|doesnt|broken|dead|missing|work*|nowhere
        no|missing|without unsubscribe link|button|option
        take|remove|delete|drop|strike|scratch|pull|get|cross|exclude me|us|my|our|this|these ~7 list|lists|mailinglist|mailing|database|db|crm|distribution|records|system|systems|outreach|campaign|campaigns|sequence|cadence|contacts|files
        remove|delete|exclude|erase me|us
        take me|us off|out
        take my|our|this ~3 off
        remove|delete|erase|wipe|purge|scrub|forget ~4 data|details|information|address|addresses|email|emailaddress|info|number|record|records
        leave me|us|my|our [team|company] alone
        stop|quit|cease|refrain|desist ~3 emailing|mailing|contacting|messaging|spamming|writing|sending|bothering|harassing|calling|texting|pestering|soliciting|reaching
        stop ~3 emails|email|mails|mail|messages|spam|newsletter|newsletters|correspondence|contact|communications|spams
        no|not stop ~1 pestering
        ^ stop $
        ^ please stop $
        ^ just stop $
        ^ stop please|it|this|already|now|!
        ^ enough $
        ^ remove $
        ^ remove please
        ^ please remove $
        dont|never ~2 contact|email|write|message|spam|bother|text|solicit|mail ~2 me|us|again|anymore|here|any
        do|please|pls|kindly|must|shall|should|better not ~1 contact|email|write|message|spam|bother|text|solicit|mail ~2 me|us|again|anymore|here|any
        ^ do not contact|email
        please|pls|and do not contact|email|write
        please|pls|and dont contact|email|write
        dont|never contact|email [me|us] again|anymore
        dont|never ~2 call|reach ~2 me|us|again|anymore ~3 again|anymore|ever
        dont|never|not send|forward [me|us] ~2 emails|email|mails|messages|anything|these|this|stuff|more|any|mail|such|again|another
        no more|further|additional ~2 emails|mails|messages|contact|communication|communications|newsletters|newsletter|spam|mail|email|outreach|correspondence|followups|solicitations
        opt me|us out
        ^ opt out
        opt|opting out $
        opt|opting out of ~3 emails|mails|messages|mailings|list|communications|communication|marketing|mailing|this|these|all|your
        ^ optout
        optout please|of
        please|want|like|wish|to optout
        please opt out
        dont|not|no|never want|wish|wanted|wanting|longer|care|desire ~3 your|these|such|any|more|further|this|those ~2 emails|email|mails|messages|newsletter|newsletters|spam|mail|contact
        dont|not|no|never want|wish|longer to be contacted|spammed|emailed|bothered
        dont|not|no|never want|wish|like|longer|care|desire ~4 receive|receiving|contacted|emailed|hear|hearing
        not interested in receiving|hearing
        rather|prefer ~2 not|didnt|dont|wouldnt ~1 email|mail|contact|write|message|call|hear
        rather|prefer not receive|hear|be ~2 emails|contacted|from
        never|didnt|not subscribed|signed|opted|sign|subscribe|opt|registered ~1 up|in|to|for
        not|never|dont|didnt|no ~2 consent|consented|permission|permit ~5 contact|emails|email|data|this|you|to|marketing
        withdraw|withdrawing|revoke|revoking ~3 consent|permission
        do|donot not contact|call|email|mail list
        report|mark|marking|reporting|reported|marked|flag|flagging|flagged|block|blocking|blocked ~5 spam|junk|blocked
        this|that|your|you ~3 is|are ~1 spam|spammer|spammers|spamming|unsolicited|harassment
        ^ spam $
        unsolicited ~2 email|emails|mail|mails|messages|communication|spam
        gdpr|ccpa|dsgvo|rgpd ~10 delete|erase|erasure|remove|removal|deletion|complaint|request|forgotten|violation
        right to ~2 forgotten|erasure|object
        erasure|deletion|removal of|request ~5 data|details|information|email|address
        article|art 17|21
        cease and desist
        lose|forget|delete|erase my|this|our number|email|address|contact
        object to ~6 marketing|processing|emails|data|contact
        suppress|blacklist|blocklist me|us|my|our|this
        ^ go away
        fuck|piss off
        ^ get lost
        """

    static let german = """
        nichts|nie ~2 mehr ~3 hören|lesen|bekommen|erhalten
        sehen sie ~4 von ~3 weiteren|zuschriften|mails|nachrichten|zusendungen ~2 ab
        nie|niemals wieder schreiben|kontaktieren|anrufen
        schreiben|mailen|kontaktieren ~4 nie|niemals wieder
        streichen|nehmen|tragen sie uns|mich ~5 kartei|verteiler|liste|datei
        keine|keinerlei ~3 mails|emails|nachrichten|werbung|newsletter|werbemails|spam|werbeemails|rundmails|mailings|zusendungen mehr
        keine|keinerlei weiteren|weitere|weiterer|werbliche*|solche*|zukünftig*|unaufgefordert* ~2 mails|emails|mail|email|nachrichten|werbung|newsletter|kontaktaufnahme*|werbemails|zusendung*|schreiben|kontakt*
        bitte keine|keinerlei ~2 mails|emails|mail|email|nachrichten|werbung|newsletter|spam|mailings
        keine mails|emails|nachrichten|werbung|newsletter $
        nicht|nie|niemals ~3 mehr|weiter|wieder|länger|erneut|nochmal* ~4 kontaktieren|anschreiben|schreiben|anrufen|belästigen|anmailen|kontaktiert|angeschrieben|belästigt|schicken|zusenden|senden|zuschicken|mailen
        kontaktieren|schreiben|rufen|kontaktiere|schreib|schreibe|belästigen|mailen|schicken|senden|sende|schick ~5 nicht|nie|keine ~2 mehr|wieder|weiteren|weitere|länger
        möchte|möchten|will|wollen|wünsche|wünschen ~4 keine|nicht|kein ~4 mails|emails|newsletter|werbung|nachrichten|kontaktiert|angeschrieben|kontakt|mail|zusendungen|erhalten|post
        nicht ~2 kontaktieren|anschreiben|anmailen|belästigen
        mich|uns|bitte|newsletter|hiermit|möchte|möchten|wie|will ~7 abmelden|austragen|abbestellen|abgemeldet|ausgetragen
        ^ abmelden|abbestellen|austragen|abmeldung|stopp|löschen|entfernen [bitte|!] $
        ^ bitte abmelden|austragen|abbestellen|löschen|entfernen|streichen|stoppen
        streichen|löschen|entfernen|streich|streiche|lösch|lösche|entfern|entferne [sie] [bitte|doch] [bitte] mich|uns|meine|unsere|unseren|diese|meinen|unser
        nehmen|tragen|melden|nimm|trag|trage|meld|melde|nehmt [sie] [bitte|doch] [bitte] mich|uns|meine|unsere|diese ~6 aus|ab|raus|heraus|vom|von
        verteiler|mailverteiler|mailingliste|emailliste|kontaktliste|adressliste|newsletter|datenbank|liste|system|kartei ~5 entfernen|streichen|löschen|nehmen|austragen|raus|herausnehmen|abmelden|abbestellen|rausnehmen|entfernt|gelöscht|gestrichen|genommen
        meine|unsere|diese|meiner|unserer|aller|alle|sämtliche ~1 daten|adresse|emailadresse|kontaktdaten|mailadresse|mail|email ~8 löschen|entfernen|streichen|sperren|gelöscht|löschung|entfernt|austragen
        löschung ~4 daten|adresse|emailadresse|kontaktdaten
        löschen|lösche|entfernen|entferne ~4 daten|adresse|emailadresse|kontaktdaten|mailadresse
        widerspreche|widersprechen|widerspruch|widerrufe|widerrufen ~10 werbung|daten|nutzung|verarbeitung|einwilligung|werblich*|kontaktaufnahme|verwendung|zusendung|werbezwecke*|werbemails
        dsgvo ~12 löschen|löschung|auskunft|verstoß|widerspruch|art|artikel
        unterlassen|unterlasse ~8 mails|emails|kontakt*|werbung|zusendung*|nachrichten|zukünftig|anfragen
        ^ hören|hör ~2 auf
        bitte hören|hör ~2 auf
        lassen|lass|lasst ~2 mich|uns ~2 ruhe
        das|dies|ihre|eure|sie ~4 spam|belästigung
        unerwünschte|unerwünscht|unverlangte|unaufgeforderte|unaufgefordert ~1 werbung|mail|email|mails|emails|zusendung|nachrichten|werbemail*
        als spam ~2 markier*|gemeldet|melde*|einstuf*
        einwilligung ~5 nicht|nie|keine|widerruf*
        nie ~4 angemeldet|eingewilligt|zugestimmt|abonniert
        abmahn*
        verschonen|verschont ~3 mich|uns|mit
        """

    static let french = """
        rayer|rayez|radier|retirer|oter|enlever|supprimer ~3 adresse|mail|nom|email|numero ~3 de|du ~2 fichier|fichiers|liste|listes|base
        cessez|arretez|stoppez ~2 ces|vos|les envois|mails|messages|courriels|sollicitations|relances
        ne ~2 plus ~2 jamais ~2 solliciter|contacter|ecrire|importuner|deranger
        ^ desabonn*
        ^ desinscri*
        me|moi|nous|m|veuillez|merci|demande|souhaite|pour|comment ~4 desabonner|desinscrire|desabonnement|desinscription|radier|desabonn*
        desabonnez|desinscrivez|desabonne|desinscris [s|moi|nous|mon] [moi|nous|mon]
        retirez|supprimez|enlevez|effacez|otez|rayez|retire|supprime|enleve|efface|retirer|supprimer|enlever|effacer ~2 moi|nous|mon|mes|notre|nos|cette ~6 liste|listes|donnees|base|fichier|fichiers|coordonnees|adresse|diffusion|contacts|mail|email
        retirez|supprimez|enlevez|effacez|otez|rayez moi|nous
        me|nous retirer|supprimer|enlever|radier|rayer ~4 liste|listes|base|fichier|fichiers|contacts|diffusion
        retirer|supprimer|effacer|enlever|suppression|effacement ~3 donnees|coordonnees
        ne ~3 plus ~4 recevoir|contacter|ecrire|envoyer|solliciter|contactez|ecrivez|envoyez|sollicitez|relancer|contacte|sollicite|relance
        ne ~2 contactez|ecrivez|envoyez|sollicitez|relancez|appelez|contacte|envoie|ecris ~1 plus|jamais|rien
        arretez|cessez|stoppez|arrete|arreter|cesser|stop ~5 envoyer|emails|mails|messages|contacter|ecrire|spam*|solliciter|harceler|envois|envoi|mail|pub|pubs|sollicitations|relances
        plus|aucun ~1 mails|mail|emails|messages|courriels|courriel|sollicitations|newsletter|publicite|sollicitation ~2 merci|part|svp
        plus de|d mails|emails|messages|courriels|sollicitations|newsletter|newsletters|pub|spam|mail
        droit ~4 oubli|effacement|opposition
        m|nous oppose|opposons ~6 donnees|demarchage|prospection|traitement|utilisation|sollicitation*
        laissez|foutez|fichez moi|nous tranquille|tranquilles|la|paix
        jamais ~4 inscrit|abonne|consenti|accepte|donne ~4 liste|newsletter|mails|consentement|accord
        ceci|c|vos|vous ~3 spam|spams|harcelement
        """

    static let spanish = """
        no|nunca ~1 vuelvan|vuelva|vuelvas ~2 a ~1 escribirnos|escribirme|escribir|contactarnos|contactarme|contactar|llamarnos|llamarme|enviarnos|enviarme|molestarnos|molestarme
        dejen|deje|dejad de ~1 mandarnos|mandarme|enviarnos|enviarme|escribirnos|escribirme|molestarnos|contactarnos
        dar|darme|dame|darse|den|denme|deme|darnos|dennos|denos|dad de baja
        ^ baja $
        ^ baja por|porfavor
        baja de|del|en ~3 lista|listas|boletin|newsletter|suscripcion|correos|mailing
        solicito|solicitamos|quiero|deseo|pido|tramitar|gestionar ~3 baja
        cancelar|cancelen|cancele|anular|anulen|cancela ~3 suscripcion|envios|envio
        desuscrib*
        desapunt*
        no ~3 envien|enviarme|enviar|envies|escriban|escriba|contacten|contactarme|manden|mandarme|mande|contacte|escribas|contactes|molesten|molestes|enviarnos|escribir|escribirme|contactar|mandar|llamen ~4 mas|nunca
        no me|nos envien|envie|envies|escriban|escriba|contacten|contacte|contactes|manden|mande|molesten|molestes
        no ~3 contactarme|enviarme|escribirme|molestar
        no ~2 quiero|queremos|deseo|deseamos|quisiera ~4 recibir|recibiendo|correos|emails|mails|mensajes|publicidad|contacten
        no mas correos|emails|mails|mensajes|spam
        ni un correo|mail|email mas
        dejen|deje|deja|dejar|paren|pare|parar|basta ~2 enviar*|mandar*|escribir*|molestar*|contactar*|spam*|correos|emails|mensajes
        elimin*|borr*|quit*|saqu*|retir*|suprim* ~5 lista|listas|datos|base|correo|direccion|email|registro
        eliminenme|borrenme|quitenme|saquenme|eliminame|borrame|quitame|sacame|retirenme
        derecho ~4 supresion|olvido|oposicion|cancelacion
        me opongo ~6 datos|tratamiento|publicidad
        dejenme|dejeme|dejame|dejadme ~1 paz
        esto|son|es ~2 spam
        nunca ~4 suscri*|autori* ~4
        """

    /// Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Polish.
    static let others = """
        cancell* ~4 iscrizione|lista|liste|dati|indirizzo|newsletter|mailing|miei|mio
        cancellatemi|cancellami|rimuovetemi|rimuovimi|toglietemi|toglimi|eliminatemi|eliminami|cancellateci|rimuoveteci|toglieteci
        disiscriv*
        disiscri*
        rimuov*|togli*|elimin* ~5 lista|liste|mailing|database|indirizzo|dati|contatti
        non ~3 contattatemi|contattarmi|inviatemi|scrivetemi|mandatemi|contattateci|scriverci|inviarmi|scrivermi|mandarmi|contattarci|inviateci|scriveteci|inviarci
        non|nessuna ~4 ricevere|ricevo ~3 mail|email|messaggi|comunicazioni|newsletter|altre|vostre|piu
        non ~2 voglio|desidero|vogliamo|desideriamo ~3 ricevere|essere
        smett*|smetti* ~4 scriver*|inviar*|mandar*|contattar*|mail|email
        basta ~1 mail|email|spam|messaggi
        diritto ~4 oblio|cancellazione|opposizione
        lasciatemi|lasciateci in pace
        remov*|retir*|exclu*|tir*|apag*|elimin* ~5 lista|listas|dados|base|cadastro|mailing
        remova|removam|retire|retirem|exclua|excluam|tire|tirem [o|me|nos|meu] ~2 email|contato|contacto|endereco
        removam|remova|retirem|retire|excluam|tirem|tire me|nos
        descadastr*
        descadastrar
        desinscrever|desinscrev*|dessubscrev*|desubscrev*
        cancelar|cancelem|cancele|anular ~3 inscricao|subscricao|assinatura|registo
        nao ~3 enviem|envie|enviar|mandem|mande|mandar|contactem|contatem|entrem|escrevam|contatar|contactar|enviarem ~5 mais
        nao me|nos enviem|envie|mandem|mande|contactem|contatem|contate|contacte|escrevam
        nao|deixar ~1 quero|desejo|queremos|desejamos|pretendo|de ~3 receber|ser
        parem|pare|parar|para ~1 de ~2 enviar|mandar|me|contatar|contactar|spam|incomodar
        ^ afmelden|uitschrijven|afmeld|uitschrijving
        graag|wil|mij|me|ons|willen|alstublieft|aub|hoe|bij ~5 uitschrijven|afmelden|uitgeschreven|afgemeld
        schrijf|meld|schrijft|haal|schrap|verwijder ~1 mij|me|ons|mijn|onze|dit ~7 uit|af|lijst|bestand|adres|gegevens|mailinglijst|mailadres|database|emailadres
        verwijder|verwijderen|wissen|wis ~5 lijst|mailinglijst|gegevens|bestand|mailadres|database|emailadres|verzendlijst
        geen ~3 mails|emails|berichten|nieuwsbrief|nieuwsbrieven|mail|email|spam|reclame meer
        geen verdere|toekomstige ~2 mails|emails|berichten|mail|contact
        niet ~3 meer ~3 mailen|contacteren|benaderen|schrijven|bellen|lastig|ontvangen|benaderd|gemaild|sturen|gecontacteerd
        stop|stoppen|hou|houd ~1 met|op ~5 mailen|mails|emails|sturen|spammen|berichten|contacteren|benaderen
        laat mij|me|ons met rust
        avregistrera*
        avanmäl*
        avprenumerera
        avsluta ~3 prenumeration*|utskick
        ta bort mig|oss|min|mina|var|vara|mej
        inga|inget ~1 fler|flera|mer ~2 mail|mejl|utskick|meddelanden|epost|reklam
        sluta|slut ~3 maila|mejla|skicka|kontakta|spamma|skriva|ringa|mailen
        kontakta ~3 inte|ej|aldrig ~2 igen|mer|langre
        vill|önskar ~2 inte|ej ~4 mail|mejl|kontaktad|kontaktas|utskick|reklam|kontakt
        radera|ta ~1 mina|min|mig|bort ~3 uppgifter|adress|mailadress|data|listan|epostadress
        afmeld|afmelde|frameld|framelde|afmelding ~2 [mig|os|nyhedsbrev|mailingliste]
        fjern|slet|stryk mig|os|min|mine|vores|meg|mitt|mine|oss
        slette|fjerne|fjernes|slettes|fjernet ~5 liste|listen|mailliste|oplysninger|data|database|register|opplysninger
        ikke ~4 flere|mere|mer ~2 mails|emails|beskeder|mail|henvendelser|eposter|epost|meldinger
        stop|slutt|slut med a|at|med ~3 sende|skrive|kontakte|spamme|maile|ringe|mails
        önsker|onsker|vil|ønsker ikke ~5 modtage|kontaktes|mails|motta|kontakt|kontaktet|epost
        kontakt|skriv mig|os|meg ikke|aldrig
        meld meg|oss av
        lad vaere|venligst med|lad
        wypis* ~3 mnie|nas|z|prosze
        ^ wypis*
        prosze|prosimy ~3 wypis*|usun*
        usun* ~4 mnie|moj*|nas|nasz*|dane|adres|liste|listy|bazy|danych
        prosz*|prosimy ~5 nie ~4 wysyl*|pisa*|kontaktowa*|przesyla*|dzwon*|przysyl*
        nie ~2 zycz* ~6 otrzymywa*|kontakt*|wiadomosci|mail*|sobie
        nie chc* ~5 otrzymywa*|dostawa*|mail*|wiadomosci
        rezygnuj* z ~4 newsletter*|subskrypcj*|otrzymywania|mailing*
        przestan* ~4 wysylac|pisac|spam*|mnie|nas|przysylac
        sprzeciw* ~8 dan*|przetwarza*|marketing*
        """

    /// What says the words without the wish: about a product, a page's footer, a wish not to be taken off.
    static let exceptions = """
        unsubscribe|unsubscription|optout rate|rates|management|page|pages|flow|flows|handling|feature|features|functionality|logic|process|list|lists|requests|data|numbers|tracking|compliance|header|headers|stats|form|forms
        unsubscribes
        list unsubscribe
        unsubscribe|optout button|link|option|function ~4 your|the tool|software|product|platform|app|application|dashboard|solution|demo|trial|api
        find|see|where ~5 unsubscribe|optout ~6 your|the tool|software|product|platform|app|application|dashboard|solution|demo|trial|api
        offer|provide|build|sell|handle|handles|manage|manages|automate|support|supports|track ~4 unsubscribe|unsubscribing|optout|unsubscribes
        customers|users|people|recipients|contacts|subscribers|leads|clients|they|prospects|readers|members|anyone ~4 unsubscribe|optout|unsubscribed
        many|rate|number|percentage|reduce|reducing|lower|fewer ~3 unsubscribe|unsubscribed|unsubscribes|optout
        dont|not|never ~1 unsubscribe|remove|delete|unsub ~1 me|us|my|our
        dont|no|not want|need|going|planning|like|wish to unsubscribe|optout|be|get ~1 [removed|unsubscribed|out|removed]
        click|tap here|below ~3 unsubscribe|optout|abmelden|abbestellen
        to|if ~8 unsubscribe|optout|unsubscribed ~3 click|here|visit|reply|use|follow|please|link
        unsubscribe here|at|via|using|by
        unsubscribe from|to this|our|the newsletter|newsletters|mailing ~4 click|here|link|manage|preferences
        abmelden klicken|hier|link|können
        klicken|klick ~8 abmelden|abbestellen
        hier abmelden|abbestellen|austragen
        before|until i|we|you unsubscribe|opt
        opt out clause|period|option|options|window
        opt out of ~3 contract|agreement|plan|subscription|trial|lease
        call ~2 but|just|instead|please email|mail|write|text
        email|call|write|text me instead
        stop|stopping|stops by|at|over|losing|wasting|using|paying|worrying|guessing|thinking|chasing
        dont|not|never|cant|wont stop
        will|would|want|need ~3 stop our|my|their
        abmelderate|abmeldequote|abmeldungen|abmeldelink|abmeldeseite
        abmelden ~4 kunden|nutzer|empfänger|abonnenten
        kunden|nutzer|empfänger|abonnenten|leute|leser ~5 abmelden|austragen|abbestellen|abgemeldet
        taux|gestion|lien|page de|des desabonnement|desabonnements|desinscription
        clients|abonnes|utilisateurs|contacts ~4 desabonner|desabonnent|desinscrire
        tasa|gestion|tasas de baja|bajas
        clientes|usuarios|suscriptores ~5 baja
        de baja medica|maternal|laboral|hasta|paternal
        bitte ~1 nicht abmelden|austragen|löschen|entfernen
        remove|delete ~1 my|the|this previous|last|earlier|old|wrong|attachment|comment|file|message|typo
        no|any spam folder|filter
        in|into|my|our spam|junk
        spam folder|filter|filters|ordner|score|complaints|rate|trap|protection
        ended|landed|went|found|was ~4 spam
        gelandet|lag|landete|war ~4 spam
        avoid|prevent|without|against|considered ~4 spam
        is|was not spam
        isnt|wasnt ~1 spam
        im|in spam
        we|i dont|do ~1 email|contact|write|text|message ~3 customers|clients|prospects|leads|anymore|any|them
        enviarme|enviarnos|enviar|mandarme|mandar|contactarme|enviem|enviar ~1 mas|mais informacion|detalles|datos|info|informacoes|detalhes|informacao|ejemplos
        mehr|weitere informationen|infos|details|beispiele
        """
}
