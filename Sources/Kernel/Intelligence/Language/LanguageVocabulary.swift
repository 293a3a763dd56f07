/// Common words of a language as they are written, small and with their accents: what a model of letters learns the
/// looks of a language from.
enum LanguageVocabulary {
    static let words: [String: String] = [
        "en":
            """
        company market business customer customers service services price prices invoice payment money \
        account order delivery question answer problem meeting website campaign budget report office \
        team project year years month week today tomorrow yesterday morning night world country \
        government minister president police court school university student teacher children family \
        friend woman women house home street city town road water health hospital doctor news story \
        television music film game player season match cup club coach victory research science \
        technology computer software network security energy economy growth bank interest rate million \
        percent increase development production industry building history culture language church death \
        life love power strong young small great little different important possible available public \
        social political national international local early late high lower several both never often \
        always again without within through between during against around because although while since \
        until however working looking thinking going making taking giving getting coming saying knowing \
        seeing played called asked showed turned started helped opened closed reached happened received \
        followed believed provided described
        """,
        "de":
            """
        unternehmen kunde kunden rechnung zahlung angebot auftrag lieferung frage antwort besprechung \
        webseite kampagne bericht büro mannschaft projekt jahr jahre jahren monat woche heute morgen \
        gestern nacht welt land länder regierung minister präsident polizei gericht schule universität \
        schüler lehrer kinder familie freund frau frauen haus straße stadt wasser gesundheit \
        krankenhaus arzt nachrichten geschichte fernsehen musik spiel spieler verein trainer sieg \
        forschung wissenschaft entwicklung wirtschaft wachstum sicherheit energie zinsen millionen \
        prozent herstellung gebäude sprache kirche leben liebe kraft stark jung klein groß große großen \
        gute guten verschieden wichtig möglich verfügbar öffentlich politisch politischen europäische \
        deutschen bürger eigene weitere neuen letzten ersten zwischen während gegen ohne innerhalb \
        jedoch obwohl deshalb arbeiten arbeitet gehen geht machen macht kommen kommt sagen sagte wissen \
        sehen spielen gespielt gefragt gezeigt begonnen geholfen geöffnet geschlossen erreicht bekommen \
        geworden können müssen sollen würde hätte könnte bundesregierung mitarbeiter verfügung beispiel \
        möglichkeit zusammenarbeit veranstaltung teilnehmer gemeinde feuerwehr bahnhof wohnung fahrzeug \
        arbeitsplatz schließlich ungefähr beziehungsweise natürlich
        """,
        "fr":
            """
        entreprise client clients facture paiement commande livraison question réponse réunion site \
        campagne budget rapport bureau équipe projet année années mois semaine aujourd'hui demain hier \
        matin soir nuit monde pays gouvernement ministre président police tribunal école université \
        élève professeur enfants famille ami femme femmes maison rue ville eau santé hôpital médecin \
        nouvelles histoire télévision musique jeu joueur joueurs saison victoire recherche sciences \
        développement économie croissance sécurité énergie taux millions pourcent bâtiment langue \
        église mort vie amour pouvoir fort jeune petit grand grande grands nouvelle nouveau différent \
        important possible disponible public politique politiques nationale européenne français \
        française dernière premiers entre pendant contre autour parce toujours jamais souvent encore \
        chez depuis jusqu'à cependant travailler travaille aller va vient venir prendre donner sait \
        voir joué demandé montré commencé aidé ouvert fermé reçu devenu pouvait devrait serait avait \
        étaient ainsi plusieurs quelques chaque beaucoup peu trop heures jours semaines lieu place fois \
        cours partie cas façon besoin mesure niveau accord directeur responsable habitants commune \
        région quartier travaux voiture route exemple
        """,
        "es":
            """
        empresa cliente clientes factura pago pedido entrega pregunta respuesta reunión página campaña \
        presupuesto informe oficina equipo proyecto año años mes meses semana mañana ayer hoy noche \
        mundo país países gobierno ministro presidente policía tribunal escuela universidad alumno \
        profesor niños familia amigo mujer mujeres casa calle ciudad agua salud hospital médico \
        noticias historia televisión música juego jugador jugadores temporada victoria investigación \
        ciencia desarrollo economía crecimiento seguridad energía tasa millones ciento edificio lengua \
        iglesia muerte vida amor poder fuerte joven pequeño grande grandes nuevo nueva nuevos diferente \
        importante posible disponible público política políticos nacional europeo española último \
        primera entre durante contra alrededor siempre nunca menudo todavía aún ahora así también \
        después antes sin embargo aunque trabajar trabajo ir va viene venir tomar dar decir dijo sabe \
        ver jugó preguntó mostró empezó ayudó abierto cerrado recibió llegó hecho podría debería sería \
        había estaba estaban varios algunos cada mucho muchos poco demasiado horas días lugar vez veces \
        parte caso manera necesidad medida nivel acuerdo director responsable habitantes municipio \
        región barrio obras coche carretera ejemplo ayuntamiento producción información situación \
        población
        """,
        "it":
            """
        azienda cliente clienti fattura pagamento ordine consegna domanda risposta riunione sito \
        campagna bilancio rapporto ufficio squadra progetto anno anni mese mesi settimana domani ieri \
        oggi notte mondo paese paesi governo ministro presidente polizia tribunale scuola università \
        studente insegnante bambini famiglia amico donna donne casa strada città acqua salute ospedale \
        medico notizie storia televisione musica gioco giocatore giocatori stagione vittoria ricerca \
        scienza sviluppo economia crescita sicurezza energia tasso milioni cento edificio lingua chiesa \
        morte vita amore potere forte giovane piccolo grande grandi nuovo nuova nuovi diverso \
        importante possibile disponibile pubblico politica politici nazionale europea italiana italiano \
        ultimo prima primo durante contro intorno sempre mai spesso ancora adesso così anche dopo senza \
        tuttavia sebbene lavorare lavoro andare viene venire prendere dare dire detto vedere giocato \
        chiesto mostrato iniziato aiutato aperto chiuso ricevuto arrivato potrebbe dovrebbe sarebbe \
        aveva stava erano alcuni ogni molti poco troppo ore giorni luogo volta volte parte caso modo \
        bisogno misura livello accordo direttore responsabile abitanti comune regione quartiere lavori \
        macchina esempio produzione informazione situazione popolazione soprattutto attraverso \
        questione maggiore migliore quindi oltre circa
        """,
        "pt":
            """
        empresa cliente clientes fatura pagamento encomenda entrega pergunta resposta reunião página \
        campanha orçamento relatório escritório equipa equipe projeto ano anos mês meses semana amanhã \
        ontem hoje noite mundo país países governo ministro presidente polícia tribunal escola \
        universidade aluno professor crianças família amigo mulher mulheres casa rua cidade água saúde \
        hospital médico notícias história televisão música jogo jogador jogadores temporada vitória \
        pesquisa investigação ciência desenvolvimento economia crescimento segurança energia taxa \
        milhões cento edifício língua igreja morte vida amor poder forte jovem pequeno grande grandes \
        novo nova novos diferente importante possível disponível público política políticos nacional \
        europeia portuguesa brasileira último primeira durante contra sempre nunca ainda agora assim \
        depois antes embora trabalhar trabalho ir vai vem vir tomar dar dizer disse sabe ver jogou \
        perguntou mostrou começou ajudou aberto fechado recebeu chegou feito poderia deveria seria \
        havia estava estavam vários alguns cada muitos pouco demais horas dias lugar vez vezes parte \
        caso maneira necessidade medida nível acordo diretor responsável habitantes município região \
        bairro obras carro estrada exemplo câmara produção informação situação população você além \
        através
        """,
        "nl":
            """
        bedrijf klant klanten rekening factuur betaling bestelling levering vraag antwoord vergadering \
        website campagne begroting verslag kantoor ploeg project jaar jaren maand maanden week vandaag \
        morgen gisteren nacht wereld land landen regering minister voorzitter politie rechtbank school \
        universiteit leerling leraar kinderen gezin vriend vrouw vrouwen huis straat stad water \
        gezondheid ziekenhuis dokter nieuws geschiedenis televisie muziek spel speler spelers seizoen \
        overwinning onderzoek wetenschap ontwikkeling economie groei veiligheid energie rente miljoen \
        procent gebouw taal kerk dood leven liefde macht sterk jong klein groot grote nieuwe \
        verschillende belangrijk belangrijke mogelijk beschikbaar openbaar politiek nationale europese \
        laatste eerste tussen tijdens tegen zonder binnen altijd nooit vaak opnieuw echter hoewel omdat \
        werken werkt gaan gaat maken maakt komen komt zeggen zei weten zien gespeeld gevraagd getoond \
        begonnen geholpen geopend gesloten ontvangen bereikt gekregen kunnen moeten zullen zouden \
        hadden waren enkele iedere veel weinig uur dagen plaats keer deel geval manier maatregel niveau \
        overeenkomst directeur verantwoordelijk inwoners gemeente wijk auto voorbeeld mogelijkheid \
        samenwerking bijeenkomst deelnemers brandweer woning voertuig uiteindelijk ongeveer natuurlijk \
        eigenlijk gewoon bijvoorbeeld
        """,
        "sv":
            """
        företag företaget kund kunder faktura betalning beställning leverans fråga svar möte webbplats \
        kampanj budget rapport kontor lag projekt året månad månader vecka idag imorgon igår natt \
        världen land länder regeringen minister ordförande polisen domstol skolan universitet elever \
        lärare barn familj vän kvinna kvinnor hus gata staden vatten hälsa sjukhus läkare nyheter \
        historia musik spel spelare säsong seger forskning vetenskap utveckling ekonomi tillväxt \
        säkerhet energi ränta miljoner procent byggnad språk kyrka död livet kärlek makt stark ung \
        liten stor stora nya olika viktig viktigt möjligt tillgänglig offentlig politiska nationella \
        europeiska svenska svensk sista första mellan under mot utan inom alltid aldrig ofta igen dock \
        eftersom arbeta arbetar går göra gör kommer säga säger sade veta ser spelade frågade visade \
        började hjälpte öppna stängd fick nådde skulle borde flera några varje många lite timmar dagar \
        plats gång gånger delen fallet sätt behov åtgärder nivå avtal chef ansvarig invånare kommun \
        kommunen område bil vägen exempel möjlighet samarbete evenemang deltagare brandkåren bostad \
        fordon slutligen ungefär naturligtvis egentligen människor enligt dessutom själv tidigare \
        framför genom
        """,
        "da":
            """
        virksomhed virksomheden kunde kunder faktura betaling bestilling levering spørgsmål svar møde \
        hjemmeside kampagne budget rapport kontor hold projekt året måned måneder uge uger dag morgen \
        går nat verden land lande regeringen minister formand politiet retten skolen universitet elever \
        lærer børn familie ven kvinde kvinder hus gade byen vand sundhed sygehus læge nyheder historie \
        fjernsyn musik spil spiller spillere sæson sejr forskning videnskab udvikling økonomi vækst \
        sikkerhed energi rente millioner procent bygning sprog kirke død livet kærlighed magt stærk ung \
        lille stor store nye forskellige vigtig vigtigt muligt tilgængelig offentlig politiske \
        nationale europæiske danske dansk sidste første mellem imod uden inden altid aldrig ofte igen \
        dog fordi selvom arbejde arbejder gå gør gøre kommer sige siger sagde vide ved ser spillede \
        spurgte viste begyndte hjalp åben lukket fik nåede burde flere nogle hver mange lidt timer dage \
        sted gang gange delen tilfælde måde behov niveau aftale direktør ansvarlig indbyggere kommune \
        kommunen område bil vejen eksempel mulighed samarbejde arrangement deltagere brandvæsenet bolig \
        køretøj endelig cirka naturligvis egentlig mennesker ifølge desuden selv tidligere gennem \
        blandt rigtig lige nødvendigt udgave beslutning
        """,
        "nb":
            """
        bedrift bedriften selskapet kunde kunder faktura betaling bestilling levering spørsmål svar \
        møte nettside kampanje budsjett rapport kontor laget prosjekt året måned måneder uke uker dag \
        morgen går natt verden land regjeringen statsråd leder politiet retten skolen universitet \
        elever lærer barn familie venn kvinne kvinner hus gate byen vann helse sykehus lege nyheter \
        historie fjernsyn musikk spill spiller spillere sesong seier forskning vitenskap utvikling \
        økonomi vekst sikkerhet energi rente millioner prosent bygning språk kirke død livet kjærlighet \
        makt sterk ung liten stor store nye forskjellige viktig mulig tilgjengelig offentlig politiske \
        nasjonale europeiske norske norsk siste første mellom mot uten innen alltid aldri ofte igjen \
        likevel fordi selv arbeide jobber gå gjør gjøre kommer si sier sa vite vet ser spilte spurte \
        viste begynte hjalp åpen stengt fikk nådde burde flere noen hver mange litt timer dager sted \
        gang ganger delen tilfelle måte behov nivå avtale direktør ansvarlig innbyggere kommune \
        kommunen område bil veien eksempel mulighet samarbeid arrangement deltakere brannvesenet bolig \
        kjøretøy endelig omtrent naturligvis egentlig mennesker ifølge dessuten tidligere gjennom blant \
        riktig nødvendig utgave beslutning opplyser kjøpe høyere
        """,
        "fi":
            """
        yritys yrityksen asiakas asiakkaat lasku maksu tilaus toimitus kysymys vastaus kokous \
        verkkosivu kampanja talousarvio raportti toimisto joukkue hanke vuosi vuonna vuoden kuukausi \
        viikko tänään huomenna eilen yöllä maailma maailman maa maat hallitus ministeri presidentti \
        poliisi oikeus koulu koulun yliopisto oppilas opettaja lapset lapsi perhe ystävä nainen naiset \
        talo katu kaupunki kaupungin vesi terveys sairaala lääkäri uutiset historia televisio musiikki \
        peli pelaaja kausi voitto tutkimus tiede kehitys talous kasvu turvallisuus energia korko \
        miljoonaa prosenttia rakennus kieli kirkko kuolema elämä rakkaus valta vahva nuori pieni suuri \
        suuren uusi uuden eri tärkeä mahdollinen julkinen poliittinen kansallinen suomalainen suomen \
        suomessa viimeinen ensimmäinen välillä aikana vastaan ilman aina koskaan usein uudelleen \
        kuitenkin koska vaikka työ työtä tehdä tekee mennä tulee tulla sanoo sanoi tietää nähdä pelasi \
        kysyi näytti alkoi auttoi avoinna suljettu sai saapui pitäisi voisi useita joitakin jokainen \
        monet vähän tuntia päivää paikka kerta osa tapaus tapa tarve taso sopimus johtaja vastuussa \
        asukkaat kunta alue auto tie esimerkki mahdollisuus yhteistyö tapahtuma osallistujat asunto \
        ajoneuvo lopulta noin luonnollisesti ihmiset mukaan lisäksi itse aiemmin kautta joukossa \
        tarvitaan päätös
        """,
        "pl":
            """
        firma firmy klient klienci faktura płatność zamówienie dostawa pytanie odpowiedź spotkanie \
        strona kampania budżet raport biuro drużyna projekt rok roku lata miesiąc tydzień dzisiaj jutro \
        wczoraj noc świat świata kraj kraje rząd minister prezydent policja sąd szkoła szkoły \
        uniwersytet uczeń nauczyciel dzieci rodzina przyjaciel kobieta kobiety dom ulica miasto miasta \
        woda zdrowie szpital lekarz wiadomości historia telewizja muzyka gra gracz zawodnik sezon \
        zwycięstwo badania nauka rozwój gospodarka wzrost bezpieczeństwo energia milionów procent \
        budynek język kościół śmierć życie życia miłość władza silny młody mały duży wielki nowy nowa \
        nowe różne ważne możliwe dostępny publiczny polityczny narodowy europejskiej polski polska \
        polskie ostatni pierwszy pierwsza między podczas przeciwko wokół zawsze nigdy często znowu \
        jednak ponieważ chociaż pracować praca pracy iść robić przyjść powiedział wiedzieć widzieć grał \
        zapytał pokazał zaczął pomógł otwarty zamknięty otrzymał dotarł powinien mógłby kilka niektóre \
        każdy wiele mało godzin dni miejsce razy część przypadek sposób potrzeba poziom umowa dyrektor \
        odpowiedzialny mieszkańców gmina gminy powiat samochód droga przykład możliwość współpraca \
        wydarzenie uczestnicy straż mieszkanie wreszcie około oczywiście właśnie ludzie według również \
        wcześniej przez wśród decyzja
        """,
        "cs":
            """
        firma firmy zákazník zákazníci faktura platba objednávka dodávka otázka odpověď schůzka stránka \
        kampaň rozpočet zpráva kancelář tým projekt rok roku let měsíc týden dnes zítra včera noc svět \
        světa země vláda ministr prezident policie soud škola školy univerzita žák učitel děti rodina \
        přítel žena ženy dům ulice město města voda zdraví nemocnice lékař zprávy historie televize \
        hudba hra hráč hráči sezona vítězství výzkum věda vývoj hospodářství růst bezpečnost energie \
        úrok milionů procent budova jazyk kostel smrt život života láska moc silný mladý malý velký \
        velké nový nová nové různé důležité možné dostupný veřejný politický národní evropské české \
        český česká poslední první mezi během proti kolem vždy nikdy často znovu však protože ačkoli \
        pracovat práce jít dělat přijít řekl říká vědět vidět hrál zeptal ukázal začal pomohl otevřený \
        zavřený dostal dorazil měl by mohl několik některé každý mnoho málo hodin dní dnů místo krát \
        část případ způsob potřeba úroveň smlouva ředitel odpovědný obyvatel obec obce kraj oblast auto \
        silnice příklad možnost spolupráce akce účastníci hasiči byt vozidlo konečně asi samozřejmě \
        právě lidé lidí podle kromě také dříve přes uvedl rozhodnutí společnost společnosti který bude \
        budou
        """,
        "ro":
            """
        companie firma client clienți factură plată comandă livrare întrebare răspuns ședință pagină \
        campanie buget raport birou echipă echipa proiect anul ani lună săptămână astăzi mâine ieri \
        noapte lume lumea țară țări guvern guvernul ministru ministrul președinte președintele poliția \
        tribunal școală universitate elev profesor copii familie prieten femeie femei casă stradă oraș \
        orașul apă sănătate spital medic știri istorie televiziune muzică joc jucător sezon victorie \
        cercetare știință dezvoltare economie creștere siguranță energie dobândă milioane procente \
        clădire limbă biserică moarte viață dragoste putere puternic tânăr mic mare noua nou diferite \
        important posibil disponibil public politic național europeană românia românesc ultimul prima \
        primul între timpul împotriva jurul întotdeauna niciodată adesea iarăși totuși deși lucra muncă \
        merge face vine spune spus știe vedea jucat întrebat arătat început ajutat deschis închis \
        primit ajuns trebuie ar putea câteva fiecare mulți puțin ore zile loc dată parte caz mod nevoie \
        nivel acord director responsabil locuitori comună județ județul zonă mașină drum exemplu \
        posibilitate colaborare eveniment participanți pompierii locuință vehicul final aproximativ \
        desigur oameni potrivit asemenea înainte prin printre decizie privind acestor
        """,
        "hu":
            """
        cég vállalat ügyfél ügyfelek számla fizetés rendelés szállítás kérdés válasz megbeszélés honlap \
        kampány költségvetés jelentés iroda csapat projekt év évben éves hónap hét ma holnap tegnap \
        éjszaka világ ország országok kormány miniszter elnök rendőrség bíróság iskola egyetem diák \
        tanár gyerekek család barát nő nők ház utca város víz egészség kórház orvos hírek történelem \
        televízió zene játék játékos szezon győzelem kutatás tudomány fejlesztés gazdaság növekedés \
        biztonság energia kamat millió százalék épület nyelv templom halál élet szerelem hatalom erős \
        fiatal kicsi nagy új különböző fontos lehetséges elérhető nyilvános politikai nemzeti európai \
        magyar magyarország utolsó első között során ellen körül mindig soha gyakran újra azonban mert \
        bár dolgozni munka menni csinál jön mondta mondja tudni látni játszott kérdezte mutatta kezdte \
        segített nyitva zárva kapott érkezett kellene lehetne néhány minden sok kevés óra nap hely \
        alkalommal rész eset mód szükség szint megállapodás igazgató felelős lakosok önkormányzat \
        terület autó út példa lehetőség együttműködés rendezvény résztvevők tűzoltók lakás jármű végül \
        körülbelül természetesen emberek szerint továbbá maga korábban keresztül döntés közölte számára \
        miatt
        """,
        "tr":
            """
        şirket şirketi müşteri müşteriler fatura ödeme sipariş teslimat soru cevap toplantı sayfa \
        kampanya bütçe rapor ofis takım takımı proje yıl yılında ay hafta bugün yarın dün gece dünya \
        ülke ülkeler hükümet bakan bakanı başkan başkanı polis mahkeme okul üniversite öğrenci öğretmen \
        çocuk çocuklar aile arkadaş kadın kadınlar ev sokak şehir su sağlık hastane doktor haberler \
        tarih televizyon müzik oyun oyuncu sezon galibiyet araştırma bilim gelişme ekonomi büyüme \
        güvenlik enerji faiz milyon yüzde bina dil kilise ölüm hayat aşk güç güçlü genç küçük büyük \
        yeni farklı önemli mümkün kamu siyasi milli ulusal avrupa türk türkiye son ilk arasında \
        sırasında karşı etrafında her zaman asla sık tekrar ancak çünkü rağmen çalışmak çalışma gitmek \
        yapmak yapılan gelmek geldi söyledi dedi bilmek görmek oynadı sordu gösterdi başladı yardım \
        açık kapalı aldı ulaştı gerekir olabilir birkaç bazı birçok az saat gün yer kez kısmı durum \
        şekilde ihtiyaç düzeyi anlaşma müdür sorumlu nüfus belediye belediyesi bölge araba yol örnek \
        fırsat işbirliği etkinlik katılımcılar itfaiye konut araç nihayet yaklaşık elbette insanlar \
        kendisi önce üzerinden karar edildi etti ediyor olduğunu
        """,
        "vi":
            """
        công ty khách hàng hóa đơn thanh toán đặt giao câu hỏi trả lời cuộc họp trang chiến dịch ngân \
        sách báo cáo văn phòng đội dự án năm tháng tuần hôm nay ngày mai đêm thế giới quốc gia chính \
        phủ bộ trưởng chủ tịch cảnh sát tòa trường đại học sinh viên giáo trẻ em đình bạn phụ nữ nhà \
        đường phố thành nước sức khỏe bệnh viện bác sĩ tin tức lịch sử truyền hình âm nhạc trò chơi cầu \
        thủ mùa giải thắng nghiên cứu khoa phát triển kinh tế tăng an ninh năng lượng lãi suất triệu \
        phần trăm ngôn ngữ chết sống tình yêu quyền mạnh nhỏ lớn mới khác quan trọng thể cộng trị việt \
        cuối đầu giữa trong chống xung quanh luôn không bao giờ thường lại tuy nhiên bởi vì mặc dù làm \
        việc đi đến nói biết thấy bắt giúp mở đóng nhận nên vài mỗi nhiều ít chỗ lần hợp cách nhu mức \
        thỏa thuận giám đốc trách nhiệm dân xã vùng xe ví dụ khả tác sự kiện người tham căn hộ khoảng \
        tất theo ngoài trước qua quyết định những được
        """,
        "id":
            """
        perusahaan pelanggan tagihan pembayaran pesanan pengiriman pertanyaan jawaban rapat situs \
        kampanye anggaran laporan kantor tim proyek tahun bulan minggu besok kemarin malam dunia negara \
        pemerintah menteri presiden polisi pengadilan sekolah universitas siswa mahasiswa guru anak \
        keluarga teman perempuan wanita rumah jalan kota air kesehatan sakit dokter berita sejarah \
        televisi musik permainan pemain musim kemenangan penelitian ilmu pembangunan pengembangan \
        ekonomi pertumbuhan keamanan energi bunga juta persen bangunan bahasa gereja kematian kehidupan \
        cinta kekuasaan kuat muda kecil besar baru berbeda penting mungkin tersedia umum politik \
        nasional eropa indonesia terakhir pertama antara selama melawan sekitar selalu pernah sering \
        lagi namun meskipun bekerja kerja pergi membuat datang berkata mengatakan tahu melihat bermain \
        bertanya menunjukkan mulai membantu membuka tutup menerima mencapai seharusnya beberapa setiap \
        sedikit jam tempat kali bagian kasus cara kebutuhan tingkat perjanjian direktur bertanggung \
        jawab penduduk masyarakat daerah wilayah mobil contoh kesempatan kerjasama acara peserta \
        pemadam kebakaran kendaraan akhirnya kira tentu warga menurut selain sendiri sebelumnya melalui \
        keputusan dilakukan memiliki sehingga terhadap merupakan menjadi
        """,
        "hr":
            """
        tvrtka poduzeće kupac kupci račun plaćanje narudžba dostava pitanje odgovor sastanak stranica \
        kampanja proračun izvješće ured momčad projekt godina godine mjesec tjedan danas sutra jučer \
        noć svijet svijeta zemlja zemlje vlada ministar predsjednik policija sud škola škole \
        sveučilište učenik učitelj djeca obitelj prijatelj žena žene kuća ulica grad grada voda \
        zdravlje bolnica liječnik vijesti povijest televizija glazba igra igrač igrači sezona pobjeda \
        istraživanje znanost razvoj gospodarstvo rast sigurnost energija kamata milijuna posto zgrada \
        jezik crkva smrt život života ljubav vlast snažan mlad malen velik veliki velika nova novi novo \
        različite važno moguće dostupan javni politički nacionalni europske hrvatska hrvatske hrvatski \
        posljednji prvi prva između tijekom protiv oko uvijek nikad često ponovno međutim iako raditi \
        rad rada ići doći rekao kazao znati vidjeti igrao pitao pokazao počeo pomogao otvoren zatvoren \
        dobio stigao trebao mogao nekoliko neke svaki mnogo malo sati dana mjesto puta dio slučaj način \
        potreba razina ugovor ravnatelj odgovoran stanovnika općina općine županija područje automobil \
        cesta primjer mogućnost suradnja događaj sudionici vatrogasci stan vozilo konačno otprilike \
        naravno upravo ljudi prema također osim ranije kroz među odluka kazala riječ biti
        """,
    ]
}
