/// How needs are spoken of.
enum NeedSign: Hashable, Sendable {
    /// The thing's name.
    case name(NeedKind)
    /// What is felt without it.
    case symptom(NeedKind)
    /// To want something, to look for help.
    case wish
    /// Not to want it, or to have it already.
    case refusal
    case decides, shares, mustAsk, notResponsible
    /// The text mentions something of the writer's own that may be in trouble (`TroublePhrases`).
    case thing(NeedKind)
    case trouble, negation, own, offer, poor
    case atOnce
    case deadline

    static let phrases = PhraseSet<NeedSign>([
        .name(.seo): """
        seo
        search engine optimization|optimisation|ranking|rankings|traffic|visibility
        organic traffic|search|rankings|reach|visibility
        google ranking|rankings|position|positions|visibility
        rank|ranking|rankings ~3 google|bing|search|keywords
        backlinks|linkbuilding
        link building
        suchmaschinenoptimierung|suchmaschine|suchmaschinen
        google platzierung|platzierungen|sichtbarkeit
        referencement
        posicionamiento
        """,
        .name(.paidAds): """
        google|facebook|meta|linkedin|instagram|tiktok|bing|youtube|display|paid|search ads|ad|advertising|adverts|campaigns|anzeigen|werbung
        ppc|adwords|sea|sem|retargeting|remarketing
        paid search|social|media|traffic|acquisition
        ad campaign|campaigns|spend|account
        ads
        googleads
        werbeanzeigen|anzeigenkampagne*|suchmaschinenwerbung|onlinewerbung
        anzeigen ~2 schalten|google|facebook
        publicite|campagne ~3 google|facebook|en|payante
        publicite en ligne
        anuncios
        publicidad
        """,
        .name(.social): """
        social media|networks|channels|posts|presence
        instagram|tiktok|linkedin|facebook|pinterest ~1 page|account|presence|posts|channel|profile|followers|content|kanal|auftritt|posting|seite|seiten
        instagram|tiktok
        community management
        soziale|sozialen medien|netzwerke|netzwerken
        reseaux sociaux
        redes sociales
        influencer*
        reels
        """,
        .name(.content): """
        content
        blog|blogposts|blogartikel|articles|whitepaper|whitepapers|ebook|ebooks|copywriting|copywriter|podcast
        blog posts|articles|entries
        case studies
        video|videos|photos ~2
        texte|texter|redaktion*|fachartikel|inhalte
        contenu|contenus|articles|redaction
        contenido|contenidos|articulos|redaccion
        """,
        .name(.email): """
        email|mail|newsletter marketing|campaign|campaigns|sequences|sequence|kampagnen|automation|list|software
        newsletter|newsletters
        mailchimp|klaviyo|brevo|activecampaign
        drip campaign|campaigns
        emailing|infolettre
        correo marketing
        emailmarketing
        """,
        .name(.website): """
        website|websites|webseite|webseiten|homepage|webpage|internetseite|internetauftritt|webauftritt|landingpage|landingpages
        web site|page|design|presence|development
        landing page|pages
        relaunch
        redesign
        site internet|web
        sitio|pagina web
        wordpress
        """,
        .name(.branding): """
        branding|rebrand|rebranding|logo|brand|markenauftritt|marke
        corporate identity|design
        visual identity
        identite visuelle|graphique
        identidad visual|corporativa
        marca|marque
        positionierung
        """,
        .name(.analytics): """
        analytics|tracking|attribution|dashboard|dashboards|reporting|ga4|auswertung|auswertungen|kennzahlen
        tag manager
        conversion|conversions tracking|rate|rates
        measure|measuring ~4 roi|success|results|campaigns|ads|marketing
        tableau de bord
        analitica|metricas|seguimiento
        """,
        .name(.leadGeneration): """
        lead generation|gen
        leads|leadgen|leadgenerierung
        appointment setting
        cold outreach|calling|email|emails|calls
        new|more|qualified ~1 customers|clients|leads|prospects|enquiries|inquiries|meetings|appointments
        neue|mehr|qualifizierte ~1 kunden|anfragen|leads|aufträge|interessenten|termine
        kundengewinnung|neukundengewinnung|kundenakquise|akquise|neukunden
        nouveaux|plus|davantage ~1 clients|prospects
        prospection
        nuevos|mas clientes
        captacion|prospeccion
        generation de|generacion leads|prospects
        """,
        .name(.automation): """
        automation|automate|automating|automated|workflow|workflows|zapier|crm|hubspot|salesforce|pipedrive|automatisierung|automatisieren|automatisiert
        chatbot|chatbots
        automatisation|automatiser|automatizar|automatizacion
        """,
        .name(.local): """
        local seo|search|visibility|customers|marketing|area|ads
        google maps|business|mybusiness|reviews|bewertungen
        map listing|pack
        google my business
        unternehmensprofil|standorte
        avis|fiche google
        resenas|ficha ~2 google
        in our|der area|city|town|region|neighbourhood|umgebung|nähe
        lokale|lokal|regional|regionale ~1 kunden|sichtbarkeit|suche|werbung|gefunden
        """,
        .name(.ecommerce): """
        ecommerce|woocommerce|shopify|magento|prestashop|shopware
        online|web shop|store|sales
        onlineshop|webshop|onlinehandel
        amazon store|shop|listing|listings|sales|fba
        product feed|pages
        boutique en ligne
        tienda online
        """,
        .symptom(.seo): """
        not|dont|cant|nobody|doesnt|noone|never|hardly ~4 find|found|show|appear|rank|visible|finds ~5 google|online|search|bing|internet|web|page
        nobody|noone finds us
        page two|three|2|3 of|on ~2 google|search|results
        competitor|competitors ~6 above|outrank|outranks|outranking|before ~4
        lost|losing|dropped|drop ~5 rankings|traffic|positions|visitors
        traffic ~4 down|dropped|fell|declined|declining|collapsed|stagnant|halved
        nicht|kaum|schlecht|niemand ~5 gefunden|findet|auffindbar|sichtbar|google
        sichtbarkeit ~3 gesunken|verloren|schlecht
        besucher|zugriffe|zugriffszahlen ~5 gesunken|eingebrochen|zurückgegangen|weniger
        wettbewerber|mitbewerber|konkurrenz ~6 vor|über ~2 uns
        introuvable|invisible|invisibles ~3 google|internet|ligne|sur
        pas ~4 trouve|visibles|visible|apparait|apparaissons ~5 google|internet
        no ~5 encuentra|aparecemos|salimos|encuentran ~4 google|internet|buscador*
        """,
        .symptom(.paidAds): """
        ads|ad|campaigns|adwords|clicks ~6 expensive|burn|burning|money|wasted|wasting|nothing|no|not|dont|poor|loss|useless
        burning|wasting|burn|waste ~3 money|budget ~4 ads|google|facebook|clicks|advertising
        cost per click|lead|acquisition ~5
        cpc|cpa|cpl|roas ~6
        anzeigen|kampagnen|ads|klicks ~7 teuer|nichts|geld|kaum|verpufft|wenig|schlecht
        verbrennen|verbrannt ~3 geld|budget
        annonces|pub|publicites ~6 cheres|rien|chere|argent
        anuncios|campanas ~6 caros|nada|dinero|resultados
        """,
        .symptom(.social): """
        no|few|little|hardly|low|poor|zero ~2 followers|engagement|likes|reach
        nobody|noone|not ~3 likes|follows|posts|post|posting
        dont|havent|havent|no time|never ~4 post|posting|posted
        last post
        keine|kaum|wenig|wenige ~2 follower|reichweite|likes|interaktion|interaktionen
        posten|gepostet ~5 nicht|selten|kaum|nie
        nicht|selten|kaum|nie ~3 posten|gepostet
        peu ~2 abonnes|interactions|engagement
        pocos seguidores
        poca interaccion
        """,
        .symptom(.content): """
        dont|no|nobody|not|never ~3 time|idea|enough ~3 write|writing|ideas
        nobody|noone ~3 write|writes
        dont know what to post|write|publish
        blog ~6 outdated|empty|abandoned|old|dead|neglected
        keine|niemand|fehlt|kaum ~4 zeit|ideen ~4 schreiben|texte
        niemand ~3 schreibt
        blog ~5 veraltet|leer|eingeschlafen|verwaist
        personne ~4 ecrire|rediger
        nadie ~4 escribir|escribe
        """,
        .symptom(.email): """
        customers|clients|buyers|people ~4 once|back|return|forget ~2
        newsletter|emails|mails ~6 nobody|spam|opens|open|unread|low|bounce|ignored
        open rate|rates ~4 low|bad|poor|dropped|down|terrible
        large|big|huge|thousands ~4 list|contacts|addresses|subscribers ~6 nothing|unused|never|idle
        newsletter ~6 niemand|spam|ungelesen|öffnet|öffnungsrate
        öffnungsrate* ~4
        kunden ~5 nie|nicht wieder
        personne ~3 ouvre|lit
        nadie ~3 abre|lee
        """,
        .symptom(.website): """
        website|site|page|homepage ~6 old|outdated|slow|ugly|broken|ancient|terrible|embarrassing|bad|mobile|convert|converts|crashes|dated|years|load|loads|poor|mess|nothing
        no|dont|without ~3 website|homepage|site
        visitors|people|users ~5 leave|bounce|dont|drop|never|abandon ~4 buy|contact|convert|form|page|site|immediately|call|website|book
        website|webseite|homepage|seite|internetauftritt ~7 alt|veraltet|langsam|hässlich|kaputt|peinlich|schlecht|unübersichtlich|mobil|jahre|anfragen|handy
        keine|ohne ~2 website|webseite|homepage|internetseite
        besucher ~6 abspringen|springen|verlassen|weg|kaufen
        site ~6 vieux|lent|obsolete|depasse|vieillot|ancien|moche|date
        pas de site
        web|pagina|sitio ~6 antigua|lenta|anticuada|obsoleta|vieja|fea|lento|antiguo
        no tenemos ~2 web|pagina
        """,
        .symptom(.branding): """
        nobody|noone|few|hardly|not ~4 knows|know|heard|recognises|recognizes ~4 us|our|brand|who|company
        look|looks|looking ~4 amateurish|unprofessional|oldfashioned|outdated|dated|inconsistent|cheap|same
        stand|differentiate|distinguish ~4 out|from|competition|competitors
        niemand|kaum|kennt ~4 kennt|jemand|uns|bekannt
        unbekannt|unprofessionell|altbacken
        personne ~3 connait
        nadie ~3 conoce
        """,
        .symptom(.analytics): """
        dont|no|cant|hard|not|without ~2 know|idea|tell|see|clue|understand|measure ~5 works|working|work|leads|customers|sales|roi|campaign|campaigns|come|channel|channels|performing|money|marketing|budget
        flying|in the blind|dark
        guessing
        wissen|weiß|unklar|keine ~4 nicht|woher|welche|was|ahnung ~5 kanal|kanäle|werbung|funktioniert|kunden|kommen|bringt|wirkt|anfragen
        blindflug
        ne savons|sait pas ~5 fonctionne|viennent|marche|rapporte
        no sabemos ~5 funciona|vienen|canal|canales
        """,
        .symptom(.leadGeneration): """
        not|no|few|fewer|too|hardly|lack|lacking|almost|dont|less|low|little|without ~4 leads|enquiries|inquiries|customers|clients|requests|orders|bookings|appointments|prospects|pipeline|demos|calls
        pipeline ~4 empty|dry|thin|weak|low
        sales ~5 slow|down|declining|dropped|stagnating|dry|weak
        depend|rely|relying|dependent ~4 referrals|word|recommendations
        phone|telephone ~3 not|doesnt|never|silent|stopped|ring
        empty|free ~2 tables|rooms|seats|slots|beds
        keine|kaum|wenig|wenige|weniger|zu|fehlen|fehlt|mangel ~4 anfragen|kunden|leads|aufträge|neukunden|bestellungen|buchungen|interessenten
        auftragslage|auftragsbücher ~4 schlecht|dünn|mau|leer
        umsatz|umsätze ~5 sinkt|zurück|gesunken|stagniert|eingebrochen
        telefon ~3 still|nicht
        empfehlungen|mundpropaganda ~3 angewiesen|abhängig|leben
        manque|pas|peu|moins|plus ~3 clients|prospects|demandes|commandes|contacts
        carnet ~4 vide
        pocos|pocas|faltan|falta|menos|sin|no ~3 clientes|pedidos|solicitudes|contactos|ventas|reservas
        ventas ~4 bajado|caido|bajas|estancadas
        """,
        .symptom(.automation): """
        by hand|manually
        manual ~2 work|process|processes|entry|task|tasks|followup
        excel|spreadsheet|spreadsheets|copypaste|paste
        hours|days|forever|time ~6 copying|entering|chasing|typing|repetitive|following|admin
        forget|lose|losing|slip|fall|miss ~4 follow|track|leads|cracks|through|overview
        händisch|manuell|zettelwirtschaft
        von hand
        stunden ~5 eintippen|kopieren|übertragen|abtippen
        a la main|mano
        manuellement|manualmente
        """,
        .symptom(.local): """
        people|customers|nobody|tourists|locals ~5 nearby|area|town|neighbourhood|neighborhood|street|village|around
        bad|few|negative|no|poor|one ~2 reviews|ratings|stars
        walk in customers
        footfall
        laufkundschaft
        schlechte|wenige|negative|keine ~1 bewertungen|rezensionen|sterne
        avis ~2 negatifs|mauvais
        malas|pocas resenas
        """,
        .symptom(.ecommerce): """
        carts|cart|basket|checkout|baskets ~4 abandoned|abandon|abandonment|drop|leave
        abandoned|abandon ~3 cart|carts|checkout|basket|baskets
        visitors|people|traffic|customers|clicks ~6 dont|not|without|no|nobody ~3 buy|order|purchase|purchases|sales
        warenkorb|warenkörbe ~4 abgebrochen|abbrecher|abbrüche|verlassen
        kaufabbrüche|warenkorbabbrüche|kaufabbruch
        panier|paniers ~3 abandonnes|abandonne
        carritos ~2 abandonados
        """,
        .thing(.website): TroublePhrases.things[.website]!,
        .thing(.leadGeneration): TroublePhrases.things[.leadGeneration]!,
        .thing(.paidAds): TroublePhrases.things[.paidAds]!,
        .thing(.social): TroublePhrases.things[.social]!,
        .thing(.email): TroublePhrases.things[.email]!,
        .thing(.seo): TroublePhrases.things[.seo]!,
        .thing(.content): TroublePhrases.things[.content]!,
        .thing(.branding): TroublePhrases.things[.branding]!,
        .thing(.ecommerce): TroublePhrases.things[.ecommerce]!,
        .thing(.analytics): TroublePhrases.things[.analytics]!,
        .trouble: TroublePhrases.trouble,
        .negation: TroublePhrases.negation,
        .own: TroublePhrases.own,
        .offer: TroublePhrases.offer,
        .poor: TroublePhrases.poor,
        .wish: NeedPhrases.wish,
        .refusal: NeedPhrases.refusal,
        .decides: NeedPhrases.decides,
        .shares: NeedPhrases.shares,
        .mustAsk: NeedPhrases.mustAsk,
        .notResponsible: NeedPhrases.notResponsible,
        .atOnce: """
        asap|urgent|urgently|immediately|yesterday
        as soon|quickly|fast as possible
        right away|now
        at once
        sofort|umgehend|dringend|schnellstmöglich|baldmöglichst|eilig
        so schnell|bald wie möglich
        des que possible
        rapidement|urgence|immediatement|urgent
        au plus vite|tot
        cuanto antes
        lo antes posible
        urgente|urgentemente|inmediatamente|ya mismo
        """,
        .deadline: """
        by|before|until|till|within|in|for|during|this|next|from|starting|start|early|end
        bis|vor|innerhalb|in|im|zum|nächst*|ab|ende|anfang|noch|diesen|dieses|spätestens
        avant|d|dans|pour|des|fin|debut|au|en|le|prochain*|cette
        antes|para|dentro|en|desde|este|proximo|proxima|finales|a|el
        """,
    ])
}
