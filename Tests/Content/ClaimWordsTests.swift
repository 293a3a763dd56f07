import Templates
import Testing

@testable import Content

/// Claims as copywriters of seven languages put them, without the plain words of it; each with its kind.
private let claims = """
    en superlative Nobody in this town makes a smoother espresso than we do.
    en superlative You will not taste a better sourdough this side of the river.
    en superlative Our aftercare is in a league of its own.
    en comparison Our candles burn longer than any other maker's.
    en comparison Unlike other workshops, we ring you back the same day.
    en comparison These laces outlast the rest.
    en figure Nine in ten guests come back within a year.
    en figure Half of our clients were sent to us by a friend.
    en figure Our lamps need a third less power.
    en figure Every second household on this street buys its bread from us.
    en health This balm soothes stubborn back pain overnight.
    en health A cup before bed lets you sleep better.
    en health Daily use lowers your blood pressure.
    en money Triple your savings before the summer.
    en money You take more out than you ever put in.
    en money Earn three hundred pounds a day from your sofa.
    de superlative Niemand in der Stadt backt besser.
    de superlative So einen Service finden Sie nirgendwo sonst.
    de superlative Unsere Werkstatt sucht ihresgleichen.
    de comparison Unsere Kerzen brennen länger als die von Wachsmann.
    de comparison Anders als andere Werkstätten rufen wir noch am selben Tag zurück.
    de comparison Damit hängen Sie die Konkurrenz ab.
    de figure Neun von zehn Gästen kommen wieder.
    de figure Die Hälfte unserer Kundinnen kommt auf Empfehlung.
    de figure Unsere Lampen brauchen ein Drittel weniger Strom.
    de figure Jeder zweite Haushalt im Viertel kauft bei uns.
    de health Der Balsam lindert Rückenschmerzen über Nacht.
    de health Mit diesem Tee schlafen Sie endlich wieder durch.
    de health Täglich angewendet, senkt er den Blutdruck.
    de money Verdreifachen Sie Ihr Erspartes bis zum Sommer.
    de money Sie bekommen mehr heraus, als Sie einzahlen.
    de money Verdienen Sie 300 Euro am Tag bequem vom Sofa aus.
    es superlative Nadie en la ciudad hornea mejor.
    es superlative No encontrará un trato igual en toda la provincia.
    es superlative Nuestro taller no tiene rival.
    es comparison Nuestras velas duran más que las de Cerasur.
    es comparison A diferencia de otros talleres, le llamamos el mismo día.
    es comparison Con esto deja atrás a la competencia.
    es figure Nueve de cada diez huéspedes vuelven.
    es figure La mitad de nuestras clientas llega por recomendación.
    es figure Nuestras lámparas gastan un tercio menos.
    es figure El doble de luz que una bombilla corriente.
    es health Este bálsamo alivia el dolor de espalda en una noche.
    es health Con esta infusión dormirá mejor.
    es health Tomada a diario, baja la tensión.
    es money Triplique sus ahorros antes del verano.
    es money Recibirá más de lo que invierte.
    es money Gane 300 euros al día desde casa.
    fr superlative Personne en ville ne cuit mieux que nous.
    fr superlative Vous ne trouverez nulle part un accueil pareil.
    fr superlative Notre atelier est sans pareil.
    fr comparison Nos bougies durent plus longtemps que celles de Ciroline.
    fr comparison Contrairement aux autres garages, nous rappelons le jour même.
    fr comparison De quoi laisser la concurrence loin derrière vous.
    fr figure Neuf clients sur dix reviennent.
    fr figure La moitié de nos clientes vient sur recommandation.
    fr figure Nos lampes consomment un tiers d'énergie en moins.
    fr figure Trois fois moins de fuites qu'avant.
    fr health Ce baume apaise les douleurs du dos en une nuit.
    fr health Avec cette tisane, vous dormirez mieux.
    fr health Pris chaque jour, il fait baisser la tension.
    fr money Triplez votre épargne avant l'été.
    fr money Vous récupérez plus que ce que vous avez versé.
    fr money Gagnez 300 euros par jour depuis votre canapé.
    it superlative Nessuno in città cuoce il pane meglio di noi.
    it superlative Non troverete un'accoglienza simile altrove.
    it superlative La nostra officina non ha rivali.
    it comparison Le nostre candele durano più di quelle di Cerabella.
    it comparison A differenza di altre officine, richiamiamo in giornata.
    it comparison Così superi la concorrenza.
    it figure Nove ospiti su dieci tornano.
    it figure La metà dei nostri clienti arriva col passaparola.
    it figure Le nostre lampade consumano un terzo in meno.
    it figure Il doppio della luce di una lampadina comune.
    it health Questo balsamo allevia il mal di schiena in una notte.
    it health Con questa tisana dormirete meglio.
    it health Preso ogni giorno, abbassa la pressione.
    it money Triplicate i vostri risparmi entro l'estate.
    it money Riceverete più di quanto avete versato.
    it money Guadagna 300 euro al giorno dal divano.
    nl superlative Niemand in de stad bakt lekkerder.
    nl superlative Zo'n ontvangst vindt u nergens anders.
    nl superlative Onze werkplaats kent haar gelijke niet.
    nl comparison Onze kaarsen branden langer dan die van Wasmeester.
    nl comparison Anders dan andere garages bellen wij dezelfde dag terug.
    nl comparison Zo laat u de concurrentie achter u.
    nl figure Negen op de tien gasten komen terug.
    nl figure De helft van onze klanten komt via via.
    nl figure Onze lampen gebruiken een derde minder stroom.
    nl figure Elk tweede gezin in de wijk koopt bij ons.
    nl health Deze balsem verlicht rugpijn in één nacht.
    nl health Met deze thee slaapt u eindelijk weer door.
    nl health Dagelijks gebruikt verlaagt hij de bloeddruk.
    nl money Verdrievoudig uw spaargeld voor de zomer.
    nl money U haalt er meer uit dan u erin stopt.
    nl money Verdien 300 euro per dag vanaf de bank.
    pt superlative Ninguém na cidade coze melhor pão.
    pt superlative Não encontra um atendimento igual em toda a região.
    pt superlative A nossa oficina não tem rival.
    pt comparison As nossas velas duram mais do que as da Ceralva.
    pt comparison Ao contrário de outras oficinas, ligamos de volta no mesmo dia.
    pt comparison Assim deixa a concorrência para trás.
    pt figure Nove em cada dez hóspedes voltam.
    pt figure Metade das nossas clientes chega por recomendação.
    pt figure Os nossos candeeiros gastam um terço a menos.
    pt figure O dobro da luz de uma lâmpada comum.
    pt health Este bálsamo alivia as dores de costas numa noite.
    pt health Com este chá vai dormir melhor.
    pt health Tomado todos os dias, baixa a tensão.
    pt money Triplique as suas poupanças antes do verão.
    pt money Recebe mais do que investiu.
    pt money Ganhe 300 euros por dia a partir de casa.
    de superlative Es gibt kein vergleichbares Rad auf dem Markt.
    de comparison Unsere Akkus halten Wochen länger als die anderer Hersteller.
    de figure Drei Viertel aller Käufer bestellen wieder.
    de health Vertreibt Kopfschmerzen in Minuten.
    de money Aus 100 Euro werden 300.
    en superlative There's no other bike like it on the market.
    en comparison Our batteries run for weeks longer than those of our rivals.
    en figure Three quarters of all buyers order again.
    en health Banishes headaches in minutes.
    en money Turn your hobby into 500 dollars a day from home.
    es superlative No existe una bici comparable en el mercado.
    es comparison Nuestras baterías aguantan más que las de otros fabricantes.
    es figure Tres cuartas partes de los compradores repiten.
    es health Quita el dolor de cabeza en minutos.
    es money Convierta 100 euros en 300.
    fr superlative Il n'existe aucun vélo comparable sur le marché.
    fr comparison Nos batteries tiennent plus longtemps que celles des autres fabricants.
    fr figure Les trois quarts des acheteurs reviennent.
    fr health Chasse le mal de tête en quelques minutes.
    fr money Transformez 100 euros en 300.
    it superlative Non esiste una bici paragonabile sul mercato.
    it comparison Le nostre batterie durano più di quelle di altri produttori.
    it figure Tre quarti degli acquirenti ritornano.
    it health Scaccia il mal di testa in pochi minuti.
    it money Trasformi 100 euro in 300.
    nl superlative Er is geen vergelijkbare fiets op de markt.
    nl comparison Onze accu's gaan langer mee dan die van andere fabrikanten.
    nl figure Driekwart van de kopers komt terug.
    nl health Verdrijft hoofdpijn in enkele minuten.
    nl money Maak van 100 euro er 300.
    pt superlative Não existe bicicleta comparável no mercado.
    pt comparison As nossas baterias duram mais do que as de outros fabricantes.
    pt figure Três quartos dos compradores voltam.
    pt health Tira a dor de cabeça em minutos.
    pt money Transforme 100 euros em 300.
    """

/// Hours, dishes, ages, prices and invitations: with numbers and comparisons, and nothing that has to be shown.
private let ordinary = """
    en We open at half past eight and close at six, except on Mondays.
    en Our menu has twelve soups, five of them vegan.
    en All the best for the new year from everyone at the shop.
    en The workshop costs 45 euros, and children under ten come free.
    en Every second Thursday we play music in the yard.
    en Some evenings are busier than others, so please book a table.
    en The latest issue has more than forty pages.
    en Come and cook with us: the course lasts a quarter of an hour.
    en We are more than a shop, we are neighbours.
    en Grandmother turns ninety in May, and half the village is invited.
    de Wir öffnen um halb neun und schließen um sechs, außer montags.
    de Auf der Karte stehen zwölf Suppen, fünf davon vegan.
    de Alles Beste zum neuen Jahr wünscht das ganze Team.
    de Der Kurs kostet 45 Euro, Kinder unter zehn Jahren sind frei.
    de Jeden zweiten Donnerstag spielen wir Musik im Hof.
    de Der Hofladen ist älter als die Kirche.
    de Das neue Heft hat mehr als vierzig Seiten.
    de Die Führung dauert eine Viertelstunde.
    de Großmutter wird im Mai neunzig, und alle Gäste sind eingeladen.
    de Die Kosten teilen wir uns, und der Eintritt ist einmalig zu zahlen.
    es Abrimos a las ocho y media y cerramos a las seis, salvo los lunes.
    es La carta tiene doce sopas, cinco de ellas veganas.
    es Los mejores deseos para el año nuevo de todo el equipo.
    es El taller cuesta 45 euros y los menores de diez años no pagan.
    es Cada dos jueves tocamos música en el patio.
    es Somos más que una tienda, somos vecinos.
    es El nuevo número tiene más de cuarenta páginas.
    es La visita dura un cuarto de hora.
    es La abuela cumple noventa en mayo, y usted forma parte de la familia.
    fr Nous ouvrons à huit heures et demie et fermons à six heures, sauf le lundi.
    fr La carte compte douze soupes, dont cinq véganes.
    fr Nos meilleurs vœux pour la nouvelle année, de toute l'équipe.
    fr L'atelier coûte 45 euros, gratuit pour les moins de dix ans.
    fr Un jeudi sur deux, nous jouons de la musique dans la cour.
    fr Nous sommes plus qu'une boutique, nous sommes vos voisins.
    fr Le nouveau numéro compte plus de quarante pages.
    fr La chambre double donne sur le jardin, la visite dure un quart d'heure.
    fr Le magasin est ouvert 7 jours sur 7.
    fr Mamie fête ses quatre-vingt-dix ans en mai, et tous les clients sont invités.
    it Apriamo alle otto e mezza e chiudiamo alle sei, tranne il lunedì.
    it Il menù ha dodici zuppe, cinque delle quali vegane.
    it I migliori auguri per l'anno nuovo da tutta la squadra.
    it Il corso costa 45 euro, gratis per i bambini sotto i dieci anni.
    it Un giovedì sì e uno no suoniamo nel cortile.
    it Siamo più di un negozio, siamo vicini di casa.
    it Il nuovo numero ha più di quaranta pagine.
    it La visita dura un quarto d'ora.
    it La nonna compie novant'anni a maggio, e metà del paese è invitata.
    nl Wij openen om half negen en sluiten om zes uur, behalve op maandag.
    nl Op de kaart staan twaalf soepen, waarvan vijf veganistisch.
    nl De beste wensen voor het nieuwe jaar van het hele team.
    nl De workshop kost 45 euro, kinderen onder de tien jaar mogen gratis mee.
    nl Elke tweede donderdag spelen we muziek op de binnenplaats.
    nl Wij zijn meer dan een winkel, wij zijn buren.
    nl Het nieuwe nummer telt meer dan veertig bladzijden.
    nl De rondleiding duurt een kwartier.
    nl Oma wordt in mei negentig, en alle klanten zijn uitgenodigd.
    pt Abrimos às oito e meia e fechamos às seis, exceto à segunda-feira.
    pt A ementa tem doze sopas, cinco delas veganas.
    pt Os melhores votos de bom ano de toda a equipa.
    pt O curso custa 45 euros e os menores de dez anos não pagam.
    pt De duas em duas quintas tocamos música no pátio.
    pt Somos mais do que uma loja, somos vizinhos.
    pt O novo número tem mais de quarenta páginas.
    pt A visita dura um quarto de hora.
    pt A avó faz noventa anos em maio, e metade da aldeia está convidada.
    """

private func lines(_ text: String, parts: Int) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: parts - 1).map(String.init) }
}

@Suite struct `Words of claims` {
    /// The first words of a finding, by the kind of the claim.
    private static let told = [
        "superlative": "A superlative", "comparison": "A comparison", "figure": "A figure",
        "health": "A promise about health", "money": "A promise about money",
    ]

    private func findings(_ body: String, _ language: String) -> [String] {
        var input = QualityInput()
        (input.title, input.body, input.locale) = ("Spring news", body, language)
        return QualityReport(input).findings.filter { $0.code == .claimWithoutSource }
            .map(\.detail.english)
    }

    @Test(arguments: lines(claims, parts: 3))
    func `are known as copywriters put them`(line: [String]) throws {
        let (language, kind, body) = (line[0], line[1], line[2])
        let found = findings(body, language)
        let told = try #require(Self.told[kind])
        #expect(found.count == 1 && found[0].hasPrefix(told), "\(found)")
    }

    @Test(arguments: lines(ordinary, parts: 2))
    func `are not found in ordinary sentences`(line: [String]) {
        let found = findings(line[1], line[0])
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `count for each language and kind in these tests`() {
        for language in ["de", "en", "es", "fr", "it", "nl", "pt"] {
            let kinds = Set(lines(claims, parts: 3).filter { $0[0] == language }.map { $0[1] })
            #expect(kinds == Set(ClaimKind.allCases.map(\.rawValue)), "\(language)")
            #expect(lines(ordinary, parts: 2).count { $0[0] == language } > 5, "\(language)")
        }
    }
}

@Suite struct `Patterns of words` {
    private let patterns = WordPatterns([
        (1, ["finer ~2 than [any] others", "*iest of all"]), (2, ["soigne ~1 insomnie"]),
    ])

    private func found(_ text: String) -> [String] {
        let scanned = ScannedText(text)
        return patterns.matches(in: scanned).map { match in
            "\(match.group) \(scanned.quote(scanned.place(of: match.tokens)))"
        }
    }

    @Test func `have gaps, words that may be absent, and endings of words`() {
        #expect(found("A finer cup of tea than others") == [], "more words than the gap")
        #expect(found("A finer cup, too, than others serve") == ["1 finer cup, too, than others"])
        #expect(found("Finer than any others.") == ["1 Finer than any others"])
        #expect(found("It is finer. Than others it is older.") == [], "two sentences")
        #expect(found("The tastiest of all") == ["1 tastiest of all"])
        #expect(found("Iest of all") == [], "an ending alone")
    }

    @Test func `know a word behind an article without its vowel`() {
        #expect(found("Elle soigne l'insomnie.") == ["2 soigne l'insomnie"])
        #expect(found("Elle soigne aussi l’insomnie.") == ["2 soigne aussi l’insomnie"])
        #expect(found("Elle soigne le l'insomniement.") == [])
    }
}
