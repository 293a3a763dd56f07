import Telemetry
import Testing

@testable import Intelligence

private let today = CivilDate(year: 2026, month: 2, day: 10)

@Suite struct `Needs` {
    @Test(
        arguments: [
            ("We need help with SEO.", NeedKind.seo, true),
            ("Nobody finds us on Google.", .seo, false),
            ("Wir werden bei Google kaum gefunden.", .seo, false),
            ("Nous sommes invisibles sur Google.", .seo, false),
            ("No aparecemos en Google.", .seo, false),
            ("We are looking for someone to run our Google Ads.", .paidAds, true),
            ("Our ads are expensive and bring nothing.", .paidAds, false),
            ("Unsere Anzeigen sind teuer und bringen nichts.", .paidAds, false),
            ("Nous cherchons de l'aide pour nos réseaux sociaux.", .social, true),
            ("We have no time for posting and hardly any followers.", .social, false),
            ("Bei uns fehlt die Zeit zum Schreiben, niemand schreibt Texte.", .content, false),
            ("We'd like to start a blog.", .content, true),
            ("Our newsletter lands in spam.", .email, false),
            ("Our website is ten years old and slow.", .website, false),
            ("Wir brauchen eine neue Webseite.", .website, true),
            ("Nuestra web es antigua y lenta.", .website, false),
            ("Hardly anyone knows our brand.", .branding, false),
            ("We don't know which channel works.", .analytics, false),
            ("Wir haben zu wenig Anfragen.", .leadGeneration, false),
            ("Necesitamos más clientes.", .leadGeneration, true),
            ("We copy everything by hand.", .automation, false),
            ("We have bad reviews.", .local, false),
            ("Many visitors come but nobody buys, carts are abandoned.", .ecommerce, false),
            ("Queremos mejorar nuestra tienda online.", .ecommerce, true),
            ("We are looking for help with our marketing.", .other, true),
        ])
    func `are read, with the words that tell them`(
        _ text: String, _ kind: NeedKind, _ isExplicit: Bool
    ) throws {
        let needs = NeedsReader.read(text)
        let need = try #require(needs.first { $0.kind == kind }, "\(needs)")
        #expect(need.isExplicit == isExplicit)
        #expect(text.contains(need.quote))
        #expect(need.confidence > 0.35 && need.confidence < 1)
    }

    @Test(
        arguments: [
            "We don't need SEO.", "We already have an agency for our Google Ads.", "Wir brauchen kein SEO.",
            "Nous n'avons pas besoin de newsletter.", "No necesitamos redes sociales.", "See you on Monday!",
            "",
        ])
    func `are not read where there are none`(_ text: String) {
        #expect(NeedsReader.read(text).isEmpty, "\(NeedsReader.read(text))")
    }

    @Test func `come surest first, one of a kind`() {
        let needs = NeedsReader.read(
            "We need more leads. Our pipeline is empty. Somebody mentioned a podcast. We need a new website.")
        #expect(Set(needs.map(\.kind)).count == needs.count)
        #expect(needs.map(\.confidence) == needs.map(\.confidence).sorted(by: >))
        #expect(needs.first?.kind == .leadGeneration)
    }
}

@Suite struct `A budget` {
    private func only(_ text: String) throws -> StatedBudget {
        let budgets = NeedsReader.budgets(in: text)
        #expect(budgets.count == 1)
        return try #require(budgets.first)
    }

    @Test(
        arguments: [
            ("We have around 4k a month.", 400_000, 400_000, nil, .month),
            ("Budget: 5.000 EUR monatlich", 500_000, 500_000, "EUR", .month),
            ("We can spend $1,500.50 per month.", 150_050, 150_050, "USD", .month),
            ("Unser Budget liegt zwischen 2.000 und 3.000 € im Monat.", 200_000, 300_000, "EUR", .month),
            ("We could invest 2 to 3k a month.", 200_000, 300_000, nil, .month),
            ("un budget de 1500 euros par mois", 150_000, 150_000, "EUR", .month),
            ("Tenemos un presupuesto de 10.000 euros al año.", 1_000_000, 1_000_000, "EUR", .year),
            ("The budget is £20 thousand for the project.", 2_000_000, 2_000_000, "GBP", .once),
            ("500-800 € einmalig wäre unser Budget", 50_000, 80_000, "EUR", .once),
            ("Our budget is 1.5k€ per week", 150_000, 150_000, "EUR", .week),
        ] as [(String, Int64, Int64, String?, StatedBudget.Period)])
    func `has amount, currency and period`(
        _ text: String, _ low: Int64, _ high: Int64, _ currency: String?, _ period: StatedBudget.Period
    ) throws {
        let budget = try only(text)
        #expect(budget.amountMin == low && budget.amountMax == high, "\(budget)")
        #expect(budget.currency == currency)
        #expect(budget.period == period)
        #expect(text.contains(budget.quote))
    }

    @Test(
        arguments: [
            ("We have set aside 2,500 dollars a month for this.", 250_000, "USD"),
            ("Wir haben dafür 2.500 € im Monat vorgesehen.", 250_000, "EUR"),
            ("Unser Monatsbudget liegt bei 3 000 Euro.", 300_000, "EUR"),
            ("Nous avons prévu 1 800 € par mois.", 180_000, "EUR"),
            ("On peut aller jusqu'à 3 500 euros mensuels.", 350_000, "EUR"),
            ("L'enveloppe est de 12\u{A0}000\u{202F}€ par mois.", 1_200_000, "EUR"),
            ("Podemos destinar 900 euros mensuales.", 90_000, "EUR"),
            ("Abbiamo stanziato 1.200 euro al mese.", 120_000, "EUR"),
            ("We hebben 1.700 euro per maand gereserveerd.", 170_000, "EUR"),
            ("Ons maandbudget is 2.200 euro.", 220_000, "EUR"),
            ("Temos 800 euros por mês reservados.", 80_000, "EUR"),
            ("Of a turnover of 2 million we can spend 4,000 euros a month.", 400_000, "EUR"),
            ("We sell shoes and want more sales and have 4k a month.", 400_000, nil),
            ("Our customers pay online and our budget is 2,000 euros a month.", 200_000, "EUR"),
        ] as [(String, Int64, String?)])
    func `by the month is known in seven languages`(
        _ text: String, _ amount: Int64, _ currency: String?
    ) throws {
        let budget = try only(text)
        #expect(budget.amountMin == amount && budget.amountMax == amount, "\(budget)")
        #expect(budget.currency == currency && budget.period == .month, "\(budget)")
    }

    @Test(
        arguments: [
            "Last year our turnover came to about 800,000 euros.", "We turned over 2 million euros in 2025.",
            "We closed a seed round of 1.5 million dollars.", "Our customers pay 300 euros a month.",
            "Im letzten Jahr haben wir 800.000 Euro umgesetzt.", "Der Vorjahresumsatz lag bei 2 Mio Euro.",
            "Im Schnitt zahlen unsere Kunden 300 Euro im Monat.",
            "Nous avons réalisé 2 millions d'euros l'an dernier.",
            "Notre chiffre d'affaires est de 800 000 euros par an.", "Nos clients paient 90 euros par mois.",
            "El año pasado facturamos 800.000 euros.", "Nuestros clientes pagan 90 euros al mes.",
            "L'anno scorso abbiamo incassato 800.000 euro.", "I nostri clienti pagano 90 euro al mese.",
            "Vorig jaar hebben we 800.000 euro omgezet.", "Onze jaaromzet was 2 miljoen euro.",
            "Onze klanten betalen 90 euro per maand.", "No ano passado faturamos 800.000 euros.",
            "Os nossos clientes pagam 90 euros por mês.",
        ])
    func `is no money that was earned, nor what somebody else pays`(_ text: String) {
        #expect(NeedsReader.budgets(in: text).isEmpty, "\(NeedsReader.budgets(in: text))")
    }

    @Test func `beyond all sense is none, and breaks nothing`() {
        #expect(NeedsReader.budgets(in: "Our budget is 999999999999 million euros a month.").isEmpty)
        #expect(NeedsReader.budgets(in: "Our budget is 99999999999999999999 EUR.").isEmpty)
        #expect(NeedsReader.budgets(in: "Our budget is 9999999999m EUR, or 9999999k million.").count < 2)
    }

    @Test func `may be a limit`() throws {
        #expect(try only("We can pay up to 900 EUR.").isLimit)
        #expect(try only("Unser Budget ist maximal 900 €.").isLimit)
        #expect(try !only("Our budget is 900 EUR.").isLimit)
    }

    @Test(
        arguments: [
            "Our revenue is 5 million euros a year.", "We have 12 employees and 300 customers.",
            "Call me at 10:30 on 15.04.",
            "Your card has been charged $446.47 by an app.", "You received 2,657 USD from a customer.",
            "Ihr Konto wurde mit 120,50 € belastet.", "Votre compte a été débité de 80 euros.",
            "Hemos recibido su transferencia de 300 euros.", "The total amount due is $504.",
            "We grew by 20% in 3 months.", "Wir machen 2 Mio Umsatz im Jahr.", "Our number is 020 7946 0000.",
            "",
        ])
    func `is no other number`(_ text: String) {
        #expect(NeedsReader.budgets(in: text).isEmpty, "\(NeedsReader.budgets(in: text))")
    }
}

@Suite struct `When and who` {
    @Test(
        arguments: [
            ("We want it live before Christmas.", 317), ("in the next quarter", 140),
            ("We need this asap", 0),
            ("Wir brauchen das so schnell wie möglich.", 0), ("Das soll bis Ende März stehen.", 49),
            ("Il nous le faut avant l'été.", 111), ("Lo necesitamos cuanto antes.", 0),
            ("within two weeks", 14),
            ("It has to be finished by 1 March.", 19),
        ])
    func `days are counted to what is named`(_ text: String, _ days: Int) throws {
        let timeline = try #require(NeedsReader.timeline(in: text, on: today))
        #expect(timeline.days == days)
        #expect(text.contains(timeline.quote))
    }

    @Test func `no time is no timeline`() {
        #expect(NeedsReader.timeline(in: "We need a website.", on: today) == nil)
    }

    @Test(
        arguments: [
            ("I decide on my own.", StatedAuthority.Kind.decides), ("I need to ask my boss.", .mustAsk),
            ("Das muss ich mit meinem Chef besprechen, der muss das freigeben.", .mustAsk),
            ("Ich bin der Geschäftsführer.", .decides), ("Our board has to approve this.", .mustAsk),
            ("Je dois en parler avec mon patron.", .mustAsk), ("C'est moi qui décide.", .decides),
            ("Yo decido.", .decides), ("Tengo que consultarlo con mi jefe.", .mustAsk),
            ("I'm not the decision maker.", .notResponsible), ("My partner and I decide together.", .shares),
        ])
    func `authority is read`(_ text: String, _ kind: StatedAuthority.Kind) {
        #expect(NeedsReader.authority(in: text)?.kind == kind)
    }

    @Test func `no word about it is no authority`() {
        #expect(NeedsReader.authority(in: "We need a website.") == nil)
    }
}
