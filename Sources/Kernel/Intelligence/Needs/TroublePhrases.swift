/// The phrases with which people complain about their own marketing without naming what they lack: a thing of theirs
/// and what is wrong with it, in one sentence (`our bookings have dried up`).
enum TroublePhrases {
    /// The things that a business may complain about, by the need that an agency would meet; the names of the needs
    /// count as well.
    static let things: [NeedKind: String] = [
        .website: """
        website|websites|site|sites|homepage|webpage|landingpage|landingpages
        landing page|pages
        our shop|store|page|pages|menu
        webseite|webseiten|internetseite|internetauftritt|webauftritt
        unsere|unserer|unser seite|seiten|shop|auftritt
        notre|nos page|pages|boutique|vitrine
        nuestra|nuestro pagina|tienda|sitio|web
        sitio|pagina
        """,
        .leadGeneration: """
        enquiries|inquiries|enquiry|inquiry|leads|bookings|reservations|orders|requests|appointments|sales
        customers|clients|guests|patients|buyers|prospects|members
        phone|telephone
        people|folks|they ring|call|phone|ask|visit|contact ~1 us
        anfragen|anfrage|bestellungen|buchungen|aufträge|termine|reservierungen|umsatz|umsätze|kunden|kundinnen|gäste|patienten|interessenten|neukunden|telefon|auftragsbuch
        meldet|melden sich
        demandes|commandes|reservations|clients|clientes|appels|devis|ventes|rendez vous|prospects|contacts
        consultas|pedidos|reservas|clientes|llamadas|ventas|solicitudes|encargos|citas|contactos|presupuestos
        """,
        .paidAds: """
        ads|ad|adverts|clicks|click|advertising|campaigns|campaign|flyers|leaflets|banners|adwords|ppc|advertisements
        werbung|anzeigen|kampagnen|kampagne|klicks|flyer|inserate|werbebudget|prospekte
        publicite|publicites|pub|pubs|annonces|campagnes|campagne|clics|encarts
        publicidad|anuncios|campanas|campana|clics|folletos
        """,
        .social: """
        posts|posting|instagram|facebook|tiktok|linkedin|followers|stories|reels
        social media|channels
        posten|beiträge|beitrag|follower|kanäle
        publions|publications|abonnes|reseaux
        publicamos|publicaciones|redes|seguidores
        """,
        .email: """
        newsletter|newsletters|mailings
        addresses|subscribers|contacts|mailinglist
        rundbrief|verteiler|adressen|abonnenten
        infolettre|adresses|courriels
        boletin|direcciones|suscriptores
        """,
        .seo: """
        google|bing|search|searches|rankings|ranking|seo|traffic|visitors|visits|visibility
        competitor|competitors|competition|rivals
        suche|suchmaschine|besucher|besucherzahlen|zugriffe|sichtbarkeit|konkurrenz|wettbewerber|mitbewerber
        recherche|visiteurs|visites|trafic|visibilite|referencement|concurrence|concurrents
        buscador|buscadores|visitas|visitantes|trafico|visibilidad|posicionamiento|competencia|competidores
        """,
        .content: """
        blog|articles|texts|videos|copy
        texte|beiträge|artikel
        contenus|textes
        contenidos|textos|articulos
        """,
        .branding: """
        brand|logo|look
        marke|erscheinungsbild
        marque|image
        marca|imagen
        """,
        .ecommerce: """
        cart|carts|basket|baskets|checkout
        warenkorb|warenkörbe|einkaufswagen|kasse
        panier|paniers
        carrito|carritos|cesta
        """,
        .analytics: """
        tracking|analytics|numbers|reports|roi|budget
        auswertung|auswertungen|zahlen|kennzahlen
        chiffres|statistiques
        cifras|metricas|estadisticas
        """,
    ]

    /// Words that say by themselves that something is wrong.
    static let trouble = """
        hardly|barely|scarcely|nobody|noone|none
        next to nothing
        no one
        few|fewer|less and less
        too few|little|slow|old
        outdated|ancient|dated|ugly|broken|embarrassing|clumsy|useless|unreadable|invisible|asleep|neglected|abandoned|deserted|dormant
        dried up|out
        dropped|dropping|fell|fallen|falling|halved|collapsed|declined|declining|shrinking|shrunk|stagnating|stagnates|stagnant|plummeted|vanished|sinking|slumped
        gone|going|go|goes|went|is|are|keeps|keep ~2 down|downhill|quiet|silent|stale
        down the drain|toilet
        wasted|wasting|waste|burning|burnt|burn|fortune|throwing
        drain|bleeding
        struggle|struggles|struggling|struggled
        problem|problems|trouble|headache
        overwhelmed|swamped with|understaffed
        limit $
        stays|stay|stayed|remains|remain ~1 quiet|silent|empty|away
        leave|leaves|leaving|left|bounce|vanish|disappear|give up ~4 without|again|immediately|before|at
        without ~2 buying|paying|ordering|contacting|booking|a word
        ahead of|above|before us
        outrank|outranks|outranking|overtake|overtakes|overtaken|overtaking|outrun
        overtake|pass|passing|passed us
        page two|three|four|five|2|3|4|5|10
        nothing comes|happens|works|moves
        built|made|designed in #
        a phone|mobile ~3 cannot|cant|not
        hardly|barely anybody|anyone
        bring|brings|brought|bringing|yield|yields ~3 nothing|little|nobody|noone
        by hand
        manually
        never heard ~2 again
        ghosted
        no ~1 idea|clue|time|overview|plan|control
        nobody|noone|cant|cannot|couldnt|could|can|dont|not ~1 not|tell|say|know|see ~3 which|what|whether|if|why|where|how
        kaum|niemand|keiner|keine|kein|nirgends
        fast nichts
        wenig|wenige|weniger
        zu wenig|wenige|langsam|alt
        veraltet|altmodisch|hässlich|kaputt|peinlich|unübersichtlich|unlesbar|unsichtbar|eingeschlafen|verwaist|umständlich
        in die jahre
        eingebrochen|gesunken|sinken|sinkt|halbiert|zurückgegangen|rückläufig|stagniert|stagnieren|abgestürzt|geschrumpft|ausgeblieben|bleiben aus
        bleibt|bleiben ~3 aus|leer|still|stumm|weg
        verpufft|verpuffen|verbrannt|verbrennen|verschwendet|versickert
        springen|springt|brechen|bricht ~4 ab
        ohne ~4 kaufen|bezahlen|bestellen|buchen
        vor uns
        an uns vorbei
        überholt|überholen|abgehängt
        seite zwei|drei|vier|2|3|4
        problem|probleme|schwierig|mühsam|sorgen|ärger
        von hand
        händisch|manuell
        fehlt|fehlen|mangelt
        wissen|weiß|ahnung|unklar ~5 nicht|nie|keine|woher|welche|was|ob|warum
        nicht ~3 gefunden|mehr|erreichbar|lesbar|bedienbar
        gar nicht
        zu teuer erkauft
        personne|aucun|aucune|guere
        presque rien
        peu|moins
        trop lent|lente|vieux|peu
        depasse|vieillot|obsolete|lent|illisible|invisible|abandonne|abandonnes|vide|vides|endormi|casse
        date de #
        ne ~1 peut|pouvons rien|pas|plus ~1 changer|modifier
        chute|chuter|baisse|baissent|effondre|effondres|divise par
        stagne|stagnent|diminue|diminuent
        gaspille|gaspillons|perdu|perdons|perd|perdent
        partent|repartent|quittent|s en vont ~3 sans
        sans ~2 acheter|payer|commander|reserver
        devant|avant nous
        page deux|trois|quatre|2|3|4
        probleme|problemes|difficile|mal a
        a la main
        manque|manquent
        ne ~4 pas|plus|rien|jamais ~2 venir|viennent|arrivent|marche|marchent|fonctionne|fonctionnent|trouve|sait|savons|convertit|rapporte|rapportent|vient
        ne ~1 viennent|marche|marchent|fonctionne|fonctionnent|rapporte|rapportent|arrivent|trouve|vient|convertit|savons|sait pas|rien|plus
        ne ~2 peut|pouvons ~1 rien|pas|plus
        nadie|ninguno|ninguna|apenas
        casi nada
        pocos|pocas|poco|menos
        demasiado lento|lenta|viejo|vieja
        anticuado|anticuada|obsoleto|obsoleta|lento|lenta|roto|rota|vacio|vacia|abandonado|abandonada|invisible|invisibles|feo|fea
        ha|han ~1 caido|bajado|disminuido|descendido
        se cae|caen
        caido|bajado|estancado|estancadas|estancados|hundido|reducido
        desperdiciamos|tiramos|perdemos|pierde|perdido
        se van|marchan ~3 sin
        sin ~2 comprar|pagar|reservar
        antes que|de nosotros
        por delante ~2 nosotros
        pagina dos|tres|cuatro|2|3|4
        problema|problemas|dificil|cuesta
        a mano
        falta|faltan
        no ~2 sabemos|funciona|funcionan|llegan|llega|encuentran|encuentra|aparecemos|salimos|sirve|sirven|convierte|venden|vende|carga|ve|responde|compran
        """

    /// Words that say so only beside a thing of the writer's own.
    static let negation = """
        not|no|never|nothing|cant|cannot|dont|doesnt|isnt|arent|wont|didnt|havent|hasnt|couldnt
        nicht|nie|nichts
        pas|jamais|rien|plus
        no|nunca
        """

    static let own = """
        our|we|us|my|ours
        unser|unsere|unserem|unseren|unserer|unseres|wir|uns|mein|meine|meiner
        notre|nos|nous|on|mon|ma|mes
        nuestro|nuestra|nuestros|nuestras|nos|nosotros|tenemos|mi|mis
        """

    /// A lack of money is a reason against buying, and no need.
    static let poor = """
        no|not|without|zero|dont|lack|little|tight|limited|frozen ~4 budget|funds|funding|money|afford
        kein|keine|keinen|ohne|wenig|knappes ~2 budget|geld|mittel
        pas|sans|aucun|peu ~3 budget|moyens|argent
        sin|no|poco ~3 presupuesto|dinero|fondos
        """

    /// Words about the recipient and about buying, which describe no trouble of the writer's.
    static let offer = """
        your|yours
        offer|proposal|pitch|quote|services|service|vendor|supplier
        agency|agencies ~6 happy|satisfied|already|taking|takes|handles|does|do
        ihr|ihre|ihrem|ihren|ihrer|ihnen|euch|eure|eurem|euren
        angebot|angebote|dienstleistung|leistung
        votre|vos|vous
        offre|proposition|prestation
        usted|ustedes|su|sus|vuestra|vuestro
        oferta|propuesta|servicio|servicios
        """
}
