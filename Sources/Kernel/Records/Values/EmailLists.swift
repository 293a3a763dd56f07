internal import Lexicons

/// Lists about mail domains and about the names before the `@`. Short on purpose: they hold what turns up in lead
/// lists, not everything there is.
enum EmailLists {
    /// Names of functions before the `@`: folded, without `.`, `-` and `_`.
    static let roles = Lexicon("addresses", in: ResourceTable.texts).words("roles")

    static let freeMail: Set<String> = words(
        """
        gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com yahoo.com
        ymail.com rocketmail.com aol.com aim.com icloud.com me.com mac.com proton.me protonmail.com
        protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com gmx.com gmx.de gmx.net gmx.at
        gmx.ch gmx.fr gmx.co.uk web.de freenet.de t-online.de arcor.de mail.de posteo.de posteo.net
        mailbox.org email.de online.de vodafone.de kabelmail.de unitybox.de 1und1.de orange.fr
        wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr cegetel.net libero.it
        virgilio.it tiscali.it alice.it tin.it inwind.it fastwebnet.it tim.it email.it pec.it
        telefonica.net terra.es ono.com ya.com movistar.es sapo.pt mail.pt clix.pt iol.pt telenet.be
        skynet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl upcmail.nl
        hetnet.nl chello.nl casema.nl bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net telia.com
        bredband.net comhem.se spray.se online.no broadpark.no mail.dk stofanet.dk jubii.dk luukku.com
        kolumbus.fi suomi24.fi wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu op.pl tlen.pl gazeta.pl
        poczta.onet.pl seznam.cz centrum.cz atlas.cz email.cz volny.cz post.cz azet.sk zoznam.sk
        centrum.sk freemail.hu citromail.hu t-online.hu indamail.hu abv.bg mail.bg dir.bg otenet.gr
        forthnet.gr ukr.net i.ua meta.ua bigmir.net mail.ru bk.ru list.ru inbox.ru internet.ru yandex.ru
        yandex.com ya.ru rambler.ru walla.co.il walla.com netvision.net.il mynet.com superonline.com
        rediffmail.com sify.com indiatimes.com qq.com foxmail.com 163.com 126.com yeah.net sina.com
        sina.cn sohu.com aliyun.com 139.com 189.cn hanmail.net daum.net naver.com nate.com docomo.ne.jp
        ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp bigpond.com bigpond.net.au
        optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz slingshot.co.nz uol.com.br bol.com.br
        terra.com.br ig.com.br globo.com prodigy.net.mx telmexmail.com btinternet.com btopenworld.com
        talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk sky.com tiscali.co.uk o2.co.uk
        plusnet.com eircom.net comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
        charter.net earthlink.net juno.com netzero.net optonline.net roadrunner.com rr.com frontier.com
        windstream.net centurylink.net q.com embarqmail.com shaw.ca rogers.com sympatico.ca telus.net
        videotron.ca bell.net mail.com email.com usa.com post.com consultant.com engineer.com europe.com
        myself.com inbox.com fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com hey.com
        duck.com runbox.com lycos.com excite.com freemail.example postbox.test
        """)
    /// Providers with an address space in many countries.
    static let freeMailFamilies = ["yahoo.", "hotmail.", "live.", "outlook.", "ymail.", "gmx.", "aol."]

    /// Parts of a domain's name that no firm would choose.
    static let disposableMarks = [
        "10minute", "minutemail", "tempmail", "temp-mail", "trashmail", "trash-mail", "wegwerf",
        "guerrillamail",
        "mailinator", "throwaway", "yopmail", "disposable", "fakemail", "burnermail", "spamfree",
    ].map { Array($0.utf8) }

    /// Where most private addresses live: the only domains that a slip is measured against.
    static let wellKnown = [
        "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.com",
        "aol.com",
        "msn.com", "protonmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "freenet.de", "hotmail.de",
        "hotmail.fr", "hotmail.co.uk", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "outlook.de", "outlook.fr",
        "orange.fr",
        "wanadoo.fr", "laposte.net", "libero.it", "comcast.net", "verizon.net", "btinternet.com",
    ]
    static let wellKnownBytes = wellKnown.map { Array($0.utf8) }
    /// Slips that lead to a domain which exists, or that are two slips away.
    static let wrongEnds: [String: String] = [
        "gmail.co": "gmail.com", "gmail.de": "gmail.com", "gmail.cm": "gmail.com", "gmail.om": "gmail.com",
        "gmail.net": "gmail.com", "gmail.fr": "gmail.com", "gmail.co.uk": "gmail.com",
        "gamil.com": "gmail.com",
        "gnail.com": "gmail.com", "gmaill.com": "gmail.com", "hotmail.co": "hotmail.com",
        "hotmail.cm": "hotmail.com",
        "homail.com": "hotmail.com", "yahoo.co": "yahoo.com", "yahoo.cm": "yahoo.com",
        "yaho.com": "yahoo.com",
        "outlook.co": "outlook.com", "outlok.com": "outlook.com", "iclod.com": "icloud.com",
        "icloud.co": "icloud.com",
        "goglemail.com": "googlemail.com", "gogglemail.com": "googlemail.com", "tonline.de": "t-online.de",
    ]
    static let wrongTopLevels: [String: String] = [
        "con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "coom": "com",
        "cpm": "com", "com1": "com", "nett": "net", "ner": "net", "nte": "net", "ogr": "org", "orgg": "org",
        "dee": "de",
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
