/// The phrases with which people say that harm is being done while they write, or how little time is left, in English,
/// German, French and Spanish. They describe what happens to whom, and are not merely loud.
enum HarmPhrases {
    /// A mistake is public, money or data are being lost, or buyers are turned away.
    static let harm = """
        wrong|old|incorrect|outdated|false|fake|competitor|competitors|unapproved|test|expired ~4 price|prices|link|url|address|version|image|logo|text|post|ad|ads|mail|newsletter|discount|code|banner|page|number|video ~6 live|online|sent|published|out|everyone|customers|running|visible|everywhere|list
        sent|published|posted|mailed|emailed|shared|released|went|gone|tweeted ~7 wrong|mistake|accident|accidentally|twice|everyone|entire|whole|unapproved
        sent|published|posted|mailed|emailed|shared|released ~5 without ~3 approval|permission|consent|ok|approved|asking
        accidentally|mistakenly sent|published|posted|mailed|deleted|emailed|shared
        customers|clients|visitors|people|users|buyers|shoppers|guests|donors ~6 get|gets|see|sees|land|lands ~3 blank|empty|error|errors|404|500|wrong
        customers|clients|visitors|people|users|buyers|shoppers|guests|donors|they ~3 cant|cannot|unable|arent|couldnt ~5 pay|order|buy|checkout|book|register|purchase|complete|donate|reach|sign
        nobody|noone|none ~3 can|able|could ~4 pay|order|buy|checkout|book|register|purchase|complete|reach|work|use|sign
        checkout|cart|shop|store|donations|payments ~4 broken|fails|failing|fail|dead|rejecting|impossible|stopped|crashes
        customer|client|customers|clients|private|confidential|personal|patient|card|payroll data|details|information|emails|addresses|records|list|lists|numbers ~6 visible|public|publicly|exposed|online|leaked|accessible|anyone|everyone|google|open|strangers
        anyone|everyone|public|strangers|google ~4 see|read|download|access|find ~4 customer|customers|client|clients|private|confidential|personal|our data|details|contacts|invoices|documents|files|list|passwords
        suspended|banned|disabled|hijacked|blocked|expired ~6 account|page|domain|site|profile|ads|campaign
        account|page|domain|profile|channel|accounts|website ~3 suspended|banned|hijacked|expired|seized|locked|impersonated
        taken over our|my|the
        domain|certificate|ssl|hosting|licence|license|contract ~3 expires|expire|expiring|expired|lapses|runs today|tonight|tomorrow|hour|hours|minutes|now|in|out
        losing|lose|costing|costs|burning|wasting|bleeding|draining|losses ~5 money|sales|orders|customers|revenue|followers|budget|euros|dollars|pounds|thousands|hundreds|cash|fortune|us
        budget|money ~4 draining|burning|gone|wasted|exhausted|evaporating
        spent|spending|burned|burnt|spends|burns ~4 instead|double|triple|times|twice|thousands|hundreds|entire|whole|already|nothing
        ads|ad|campaign|campaigns|mailing|newsletter|promotion|mails|emails|post|it|they ~2 still running|run|going|live|sending|spending|up|being
        paused|stopped|cancelled|ended ~4 still|yet ~3 running|spending|live|charging|sending|billing
        shitstorm|backlash|outrage|boycott|scandal|crisis|ransom*|blackmail*|extort*|ddos|bomb|attacked|attacking
        going|gone|goes|went viral
        flooded|flooding|bombarded|spammed|spamming ~5 complaints|comments|messages|mails|emails|customers|bots|fake|us|insults
        journalist|journalists|reporter|press|tv|newspaper ~6 calling|asking|wants|call|phone|writing|ask|publish|deadline
        someone|somebody|stranger|hacker|hackers|employee|they|person|unknown ~4 posting|posts|deleting|deleted|changing|impersonating|pretending|transferring|ordering|stealing|reading
        impersonat*
        fake|bogus|phishing|fraudulent ~3 account|profile|page|site|mails|emails|invoices|shop|website|orders
        redirects|redirecting|redirected|leads|points|links|linking|goes ~4 competitor|competitors|porn|casino|scam|wrong|error|nowhere|404|dead
        every|each|per|by|with ~2 minute|second|hour ~5 costs|counts|lose|losing|matters|money|cost|more
        lawsuit|injunction|fine|fined|cease|police|recall ~5 today|now|hours|tomorrow|received|desist|unless
        deleted|erased|wiped|vanished|disappeared ~4 all|everything|database|entire|whole|data|contacts|customers|campaigns|site
        all|everything|entire|whole|our ~3 data|database|contacts|orders|files|backups|site|website ~2 deleted|erased|wiped|vanished|gone|disappeared|lost
        falsche|falscher|falschen|falsches|alter|alte|alten|veraltet* ~5 preis|preise|preisen|link|adresse|bild|logo|text|post|anzeige|anzeigen|mail|newsletter|rabatt|code|seite|nummer|version ~6 online|live|raus|verschickt|versendet|veröffentlicht|gesendet|alle|kunden|gegangen|läuft|laufen|sichtbar
        verschickt|versendet|veröffentlicht|gepostet|rausgegangen|gesendet ~6 falsch*|versehentlich|doppelt|ohne|alle|irrtümlich
        versehentlich|irrtümlich|fälschlich ~4 verschickt|veröffentlicht|gelöscht|gesendet|gepostet|gegangen|raus|live|online|alle
        versehentlich|irrtümlich|ohne freigabe|verschickt|veröffentlicht|gelöscht|gesendet|gepostet
        ohne ~2 freigabe|erlaubnis|einwilligung ~3 online|live|raus|verschickt|veröffentlicht|gepostet
        kunden|besucher|kundinnen|niemand|keiner|leute|nutzer|gäste ~4 kann|können|konnte ~6 bestellen|zahlen|bezahlen|kaufen|buchen|anmelden|erreichen|nicht|mehr
        kasse|warenkorb|bezahlung|zahlung|zahlungen|bestellungen|shop|checkout ~5 nicht|kaputt|fehler|abgebrochen|tot|ausgefallen|unmöglich
        kundendaten|daten|adressen|kundenliste|rechnungen|passwörter ~6 öffentlich|sichtbar|einsehbar|geleakt|online|jeden|jeder|google|fremde
        konto|account|seite|profil|domain|zertifikat|kanal|werbekonto ~5 gesperrt|gekapert|abgelaufen|übernommen|gelöscht|missbraucht|läuft
        domain|zertifikat ~3 läuft ~6 ab|aus
        verlieren|verliere|verlier|kostet|verbrennt|verbrennen ~6 geld|umsatz|kunden|bestellungen|aufträge|euro|budget|follower
        budget|geld ~5 verbrannt|leer|weg|aufgebraucht|davon|doppelt|falsch*
        anzeige|anzeigen|kampagne|kampagnen|werbung|mailing|newsletter ~2 läuft|laufen|lief ~3 noch|weiter|immer|trotzdem|falsch*
        shitstorm|empörung|boykott|skandal|erpress*|krise
        geht|ging|gehen ~2 viral
        journalist|journalistin|presse|reporter|zeitung ~6 ruft|fragt|anruf|angerufen|veröffentlich*
        jemand|fremde|fremder|unbekannter|hacker|ehemaliger ~5 postet|löscht|ändert|schreibt|bestellt|überweist|gepostet|gelöscht
        gefälscht*|fake ~3 profil|konto|seite|rechnungen|mails|shop|account
        jede|mit|pro ~1 minute|stunde|sekunde ~4 kostet|zählt|verlieren|geld
        abmahnung|einstweilige|rückruf|polizei ~5 heute|stunden|sofort|verfügung|morgen
        alle|alles|sämtliche|unsere ~3 daten|kontakte|dateien|bestellungen ~2 gelöscht|weg|verschwunden|verloren
        mauvais|mauvaise|ancien|ancienne|faux|fausse|erron* ~4 prix|lien|adresse|image|logo|texte|publication|annonce|mail|newsletter|code|version ~6 ligne|envoye|envoyee|publie|publiee|clients|tous|diffuse|diffusee
        envoye|envoyee|publie|publiee|diffuse|diffusee ~6 erreur|accident|deux|tous|sans|mauvais*|toute
        clients|visiteurs|personne|gens|acheteurs ~4 peuvent|peut|arrivent|arrive ~5 payer|commander|acheter|reserver|plus|pas
        paiement|panier|commande|commandes|boutique|caisse ~5 bloque|bloquee|marche|fonctionne|impossible|erreur|plus|refuse
        donnees|coordonnees|fichier|liste ~5 visibles|visible|publiques|publique|public|fuite|ligne|accessible|accessibles|google
        compte|page|domaine|profil|certificat ~5 suspendu|suspendue|pirate|piratee|expire|bloque|bloquee|vole|usurpe
        perdons|perd|perdre|coute|coutent|brule ~6 argent|ventes|clients|commandes|euros|budget|abonnes
        budget|argent ~4 brule|epuise|gaspille|fume|part
        annonces|annonce|campagne|pub|pubs|publicite ~4 tourne|tournent|continue|continuent|diffusee ~4 encore|toujours|alors|malgre|fausse
        bad buzz|boycott|scandale|chantage|rancon
        journaliste|journalistes|presse ~6 appelle|demande|publier|attend|appel
        quelquun|inconnu|hacker|pirate ~5 publie|supprime|efface|change|commande|poste
        faux|fausse|fausses compte|profil|page|site|factures|mails
        chaque|par minute|heure|seconde ~4 coute|compte|perdons
        precio|precios|enlace|direccion|imagen|logo|texto|anuncio|correo|boletin|codigo|version ~3 equivocad*|erron*|incorrect*|antigu*|viej* ~6 publicado|publicada|enviado|enviada|linea|clientes|todos
        enviado|enviada|publicado|publicada|mandado|salido ~6 error|accidente|dos|todos|sin|equivocad*
        clientes|visitantes|nadie|compradores|gente ~4 puede|pueden|logra|consigue|consiguen ~5 pagar|comprar|pedir|reservar|entrar|terminar
        pago|pagos|carrito|caja|tienda|pedidos ~5 falla|fallan|funciona|funcionan|bloquead*|caid*|error|imposible
        datos|lista|facturas|contraseñas ~5 visibles|visible|publicos|publico|expuestos|filtrado|filtrados|abierto|google
        cuenta|pagina|dominio|perfil|certificado|canal ~5 suspendid*|bloquead*|hackead*|caducado|secuestrad*|robad*|vencid*|caduca|vence
        perdemos|perdiendo|pierde|pierden|cuesta|quemando|gastando ~6 dinero|ventas|clientes|pedidos|euros|presupuesto|seguidores
        presupuesto|dinero ~4 agotado|quemado|gastado|doble|vacio
        anuncios|anuncio|campaña|publicidad|newsletter ~3 sigue|siguen|continua|continuan ~4 activ*|corriendo|gastando|enviando|linea|public*
        escandalo|boicot|chantaje|rescate|crisis
        periodista|periodistas|prensa ~6 llama|pregunta|publicar|llamando|espera
        alguien|desconocido|hacker ~5 publica|publicando|borra|borrando|cambia|pide|escribiendo
        perfil|cuenta|pagina|facturas|correos ~1 fals*
        cada|por minuto|hora|segundo ~4 cuesta|cuenta|perdemos
        """

    /// The harm goes on while they write.
    static let now = """
        right now|this
        as we speak
        at this|the very|moment
        now|already|currently|meanwhile|live
        for|since ~2 hour|hours|minutes|morning
        this|since morning|midnight|noon|minute
        still ~2 live|running|online|up|sending|spending
        immediately|instantly
        gerade|jetzt|momentan|aktuell|sofort|derzeit|augenblicklich|weiterhin
        immer noch
        seit ~3 stunde|stunden|minuten|früh|morgen|mittag
        heute ~1 früh|morgen|nacht
        en ce moment
        en train
        maintenant|actuellement|immediatement|toujours
        depuis ~3 heure|heures|minutes|matin|midi
        ahora|ahorita|actualmente|inmediatamente|todavia|sigue|siguen
        en este momento
        desde ~3 hora|horas|minutos|mañana|mediodia
        """

    /// At most hours are left.
    static let imminent = """
        in|within|next|under|about|less|than|only|have ~2 #|an|one|two|three|few|half|couple|five|ten|fifteen|twenty|thirty ~2 hour|hours|minutes|min|mins
        by|before|until|at ~1 noon|midday|midnight|tonight|lunch|eod|# ~1 today|tonight|am|pm
        # am|pm ~2 today|tonight
        today|tonight ~3 at|by|before|until ~2 #|noon|midnight
        launch*|event|webinar|opening|show|fair|meeting|presentation|deadline|goes|starts|airs|start|begins|sale|interview|printing ~4 today|tonight|hour|hours|minutes|noon|midnight|shortly|imminent
        end of business|day|today
        this morning|afternoon|evening
        in|binnen|innerhalb|noch|nur|weniger ~2 #|einer|zwei|drei|wenigen|halben|fünf|zehn ~2 stunde|stunden|minuten|viertelstunde
        heute ~3 bis|um|vor|noch ~2 #|mittag|mitternacht|abend
        bis ~2 heute|mittag|mitternacht
        launch|messe|event|veranstaltung|webinar|start|eröffnung|termin|abgabe|druck|sendung ~5 heute|stunde|stunden|minuten
        dans|sous|avant|reste ~3 #|une|deux|trois|quelques|demi ~2 heure|heures|minutes
        aujourdhui|soir|midi|minuit ~3 #|avant|midi|minuit
        lancement|salon|evenement|webinaire|ouverture|reunion ~5 aujourdhui|soir|heure|heures|minutes|aujourd
        en|dentro|antes|queda|quedan|menos ~3 #|una|dos|tres|pocas|media ~2 hora|horas|minutos
        hoy ~3 antes|mediodia|medianoche|a|noche
        esta tarde|noche
        lanzamiento|feria|evento|webinar|apertura|reunion ~5 hoy|hora|horas|minutos
        """

    /// Nobody is harmed and nobody is waiting.
    static let trifle = """
        typo|typos|misspelled|misspelt|misspelling|pixel|pixels|spacing|alignment|cosmetic|nitpick|nitpicking
        no|not|isnt|without ~2 worry|worries|problem|problems|biggie|deal|drama|time|bother
        just|only|merely ~1 curious|wondering|asking|fyi|question|thought|letting|saying|sharing|info|information
        out of|simple curiosity
        for|as|by information|fyi|way|info
        by the way
        btw|fyi
        someday|eventually|sometime|one day
        some|next time|year|quarter|month
        long term|run
        in future|the future
        nice to|touch
        shade|darker|lighter|bigger|smaller|rounder|prettier|nicer|font
        do you|is there|are there|have ~4 discount|newsletter|webinar|brochure|blog|podcast|job|jobs|vacancy|vacancies|offices|swag|stickers
        happy birthday|holidays|christmas|new
        merry christmas
        loved|enjoyed|congratulations|congrats|kudos
        tippfehler|rechtschreibfehler|kosmetisch|schönheitsfehler|komma
        nur|bloß ~2 neugier|info|interesse|gefragt|hinweis|kleinigkeit|frage|information
        zur info|kenntnis|information
        übrigens|irgendwann|gelegentlich|langfristig|nebenbei
        keine|ohne eile|hektik|not|umstände
        gibt es ~4 rabatt|newsletter|webinar|broschüre|blog|praktikum|stellen
        frohe weihnachten|ostern|feiertage
        glückwunsch|gratuliere|gratulation
        coquille|faute|fautes|virgule|esthetique
        simple|juste|petite ~1 question|curiosite|remarque|info|information|suggestion
        un jour
        au passage
        quand vous ~3 temps
        rien ~2 urgent|presse|grave
        joyeux|bonnes noel|fetes|anniversaire
        felicitations
        errata|erratas|coma|estetico|tilde
        simple|pequeña|solo ~2 curiosidad|duda|detalle|sugerencia|pregunta|comentario
        cuando ~2 puedan|puedas|tengan|tengas
        sin|no ~1 prisa|urgencia|urge|corre
        algun dia
        por cierto
        feliz|felices navidad|año|fiestas|cumpleaños
        felicidades|enhorabuena
        """
}
